"""docs/cards.md names all that a card may use, and no more."""

from __future__ import annotations

import re

from tests.stacks import ROOT
from tflint_tap.aws.edges import edge_kinds
from tflint_tap.contract.format import contract_schema
from tflint_tap.rulebook.keys import KEYS
from tflint_tap.vocabulary import VOCABULARY

AWS = ROOT / "tflint_tap" / "aws"
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


def test_the_figures_about_other_tools_are_those_of_the_table() -> None:
    text = (ROOT / "docs" / "compare.md").read_text(encoding="utf-8")
    shown = {name: (int(checks), int(rules)) for name, checks, rules in re.findall(r"^\| (\w+).* \| (\d+) \| (\d+) \|$",
             text.split("\n## What several tools ask for\n")[1].split("\n## ")[0], re.MULTILINE)}  # fmt: skip
    rows = [line.split("\t") for line in (AWS / "foreign_checks.tsv").read_text(encoding="utf-8").splitlines()]
    by_tool: dict[str, tuple[int, set[str]]] = {}
    for check, *rules in (row for row in rows if len(row) > 1):
        for tool in (check.partition(":")[0], "one"):
            count, known = by_tool.get(tool, (0, set()))
            by_tool[tool] = (count + 1, known | {name for cell in rules for name in cell.split()})
    assert shown == {tool: (count, len(known)) for tool, (count, known) in by_tool.items()}


def test_every_section_of_a_contract_and_every_key_of_a_part_is_described() -> None:
    text = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
    properties = contract_schema()["properties"]
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    part, _ = properties["parts"]["additionalProperties"]["anyOf"]
    assert set(properties) - named == {"contract", "descriptions"}
    assert set(part["properties"]) - named == {"data", "ending"}
