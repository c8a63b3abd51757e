"""Files that terraform fmt would change: what is told, and of which files."""

from __future__ import annotations

from tests.cards import CONTRACTS, in_contract, rule_named
from tests.stacks import lint_text

RULE = rule_named("format/not-canonical")


def test_the_first_line_that_would_change_and_how_many_more() -> None:
    (finding,) = in_contract("locals {\n  a = 1\n b = 2\n\n   c = 3\n  d= 4\n}\n", RULE).findings
    assert (finding.span.line, finding.span.text) == (3, "b = 2")
    assert finding.message == "terraform fmt would change this line and 2 more"
    assert finding.requirement == "format.canonical"


def test_blanks_in_empty_lines_and_at_the_end_are_told() -> None:
    for text, line in (("locals {\n}\n  \nlocals {}\n", 3), ("locals {}\t", 1), ("\ufefflocals {}\n", 1)):
        (finding,) = in_contract(text, RULE).findings
        assert finding.span.line == line


def test_files_with_mistakes_and_files_of_no_contract_are_not_judged() -> None:
    assert in_contract("locals {\na = \n}\n", RULE).findings == ()
    assert in_contract("locals {\na = 1\na = 2\n}\n", RULE).findings == ()
    assert lint_text("locals {\na = 1\n}\n", RULE).findings == ()
    assert len(lint_text("locals {\na = 1\n}\n", RULE, contract=CONTRACTS[0]).findings) == 1
