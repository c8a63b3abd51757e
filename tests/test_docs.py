"""docs/cards.md names all that a card may use, and no more."""

from __future__ import annotations

import re

from tests.stacks import ROOT
from tflint_tap.aws.edges import edge_kinds
from tflint_tap.contract.format import contract_schema
from tflint_tap.rulebook.keys import KEYS
from tflint_tap.vocabulary import VOCABULARY

TEXT = (ROOT / "docs" / "cards.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_key_of_a_card_is_described() -> None:
    rows = re.findall(r"^\| (`.*?) \|", _section("Keys"), re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(KEYS)


def test_every_function_is_described() -> None:
    assert set(re.findall(r"`(\w+)\(", _section("Functions"))) == set(VOCABULARY)


def test_every_kind_of_edge_is_described() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", _section("Edges"), re.MULTILINE))
    assert rows == dict(edge_kinds())


def test_every_section_of_a_contract_and_every_key_of_a_part_is_described() -> None:
    text = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
    properties = contract_schema()["properties"]
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    part, _ = properties["parts"]["additionalProperties"]["anyOf"]
    assert set(properties) - named == {"contract", "descriptions"}
    assert set(part["properties"]) - named == {"data", "ending"}
