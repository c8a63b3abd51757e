"""The forms of Terraform's language, and what Terraform 1.11 says of each, as recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
VERDICTS = HERE / "verdicts.tsv"
DIFFERENCES = HERE / "differences.yaml"
SLOT = "%%"


@dataclass(frozen=True)
class Form:
    """A form in its family's template. `alone`: only a root module may have it. `files` lie beside main.tf."""

    family: str
    text: str
    template: str
    alone: bool
    files: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str]:
        return self.family, self.text

    @property
    def hcl(self) -> str:
        return self.template.replace(SLOT, self.text)


@dataclass(frozen=True)
class Verdict:
    """The first error of `terraform validate`, and of `terraform plan` with the defaults of the variables.

    Empty where there is none; `plan` is empty too where validate refuses.
    """

    validate: str
    plan: str


@cache
def forms() -> tuple[Form, ...]:
    return tuple(_forms())


def _forms() -> Iterator[Form]:
    for path in sorted((HERE / "forms").glob("*.yaml")):
        for family in yaml.safe_load(path.read_text(encoding="utf-8")):
            for text in family["forms"]:
                yield Form(
                    family["family"], text, family["template"], family.get("alone", False), family.get("files", {})
                )


@cache
def verdicts() -> Mapping[tuple[str, str], Verdict]:
    found: dict[tuple[str, str], Verdict] = {}
    for line in VERDICTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            family, text, validate, plan = line.split("\t")
            found[family, json.loads(text)] = Verdict(validate, plan)
    return found


@cache
def differences() -> Mapping[tuple[str, str], str]:
    """The forms on which tap-lint differs from `terraform validate`, and why."""
    groups = yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8")) or []
    return {
        (family, text): group["why"] for group in groups for family, texts in group["forms"].items() for text in texts
    }
