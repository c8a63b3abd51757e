"""The text of a first file of settings: every key as a comment, with what it means."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from .keys import KEYS, PATHS, PATHS_DOC

_WIDTH = 100
_HEAD = "Settings of tap-lint, for this folder and below. `tap-lint config PATH` prints what is in force for a path."
_EXAMPLES = {
    "select": "[iam, encryption]",
    "ignore": "[naming/hard-coded]",
    "severity": "{tagging/untagged: warning, format: off}",
    "exclude": "[examples/, vendor/]",
    "params": "\n  format/essay-comment: {most: 20}",
    "prefix": "acme-",
    "suffix": "-${var.environment}",
    "tags": "[Owner, CostCenter]",
    "inputs": "[dev.tfvars, prod.tfvars]",
    "contract": "contract.yaml",
    "provider-version": "~> 5.0",
    "rules": "[policies]",
    "doubts": "fail",
    "fail-on": "error",
    "baseline": ".tap-lint-baseline.json",
    PATHS: "\n  - files: [test/]\n    ignore: [tagging]",
}


def first_settings(schema: str, baseline: str | None) -> str:
    """The text; `schema` is the path of the JSON Schema for editors, `baseline` the file of known findings, if any."""
    lines = [f"# yaml-language-server: $schema={schema}", *_comment(_HEAD)]
    for name, doc in (*((name, key.doc) for name, key in KEYS.items()), (PATHS, PATHS_DOC)):
        written = _EXAMPLES[name]
        gap = "" if written.startswith("\n") else " "
        lines += ["", *_comment(doc)]
        if name == "baseline" and baseline is not None:
            lines.append(f"{name}: {baseline}")
        else:
            lines += (f"# {line}" for line in f"{name}:{gap}{written}".split("\n"))
    return "\n".join(lines) + "\n"


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in textwrap.wrap(text[0].upper() + text[1:], _WIDTH))
