"""What `terraform validate` says of many texts, with the real provider's schema and without network."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.stacks import SHARED

ORACLE = SHARED / "terraform"
_AWS = "registry.terraform.io/hashicorp/aws"
_TYPE = re.compile(r'^\s*(resource|data)\s+"(\w+)"', re.MULTILINE)

Range = tuple[int, int]  # first and last line, from 1


def require_oracle() -> None:
    if shutil.which("terraform") is None or not (ORACLE / "tfvalidate").is_file():
        pytest.skip("terraform and its stand-in for the AWS provider are not at hand")


def validate(
    texts: Sequence[str], keep: Sequence[str] = (), *, plan: bool = False, severity: str = "error"
) -> list[list[Range]]:
    """The lines of the errors (or "warning"s) in each text, in Terraform's order. What has no place is at line 0.

    Only the types that the texts name are served (and those to `keep`), which makes it several times as fast. With
    `plan`, the errors of `terraform plan` where validate finds none.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        schema = folder / "schema.json"
        schema.write_text(json.dumps(_served("\n".join(texts), keep)), encoding="utf-8")
        for number, text in enumerate(texts):
            (folder / str(number)).mkdir()
            (folder / str(number) / "main.tf").write_text(text, encoding="utf-8")
        names = [str(folder / str(number)) for number in range(len(texts))]
        command = [str(ORACLE / "tfvalidate"), "--json", "--schema", str(schema), *(["--plan"] if plan else []), *names]
        run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if len(texts) == 1:
        return [_places(run.stdout, severity)]
    parts = re.split(r"^==> .*\n", run.stdout, flags=re.MULTILINE)[1:]
    assert len(parts) == len(texts), run.stderr
    return [_places(part, severity) for part in parts]


def _served(text: str, keep: Sequence[str]) -> dict[str, Any]:
    with gzip.open(ORACLE / "aws_schema.json.gz", "rt", encoding="utf-8") as file:
        content: dict[str, Any] = json.load(file)
    provider = content["provider_schemas"][_AWS]
    named = set(_TYPE.findall(text)) | {("resource", type_) for type_ in keep}
    for kind, key in (("resource", "resource_schemas"), ("data", "data_source_schemas")):
        provider[key] = {name: schema for name, schema in provider[key].items() if (kind, name) in named}
    provider["ephemeral_resource_schemas"] = {}
    return content


def _places(output: str, severity: str) -> list[Range]:
    found = []
    decoder = json.JSONDecoder()
    position = 0
    while (position := output.find("{", position)) != -1:
        content, position = decoder.raw_decode(output, position)
        for diagnostic in [*content.get("diagnostics", ()), *filter(None, [content.get("diagnostic")])]:
            if diagnostic["severity"] == severity:
                place = diagnostic.get("range")
                found.append((place["start"]["line"], place["end"]["line"]) if place else (0, 0))
    return found
