"""Files that a contract asks for: which blocks stand in which, and what is beside the stack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cards import RULES
from tests.stacks import target_of
from tflint_tap.contract import Claims, Contract
from tflint_tap.lint import judged_alone
from tflint_tap.records import replace
from tflint_tap.trace.rows import Row, Status, trace_of

FILES = """\
files:
  main.tf: [resource, data]
  variables.tf: {id: variables, holds: variable, only: true}
  roles.tf: {id: roles, holds: "aws_iam_*"}
"""
STACK = {
    "main.tf": 'resource "aws_sqs_queue" "jobs" {}\n\nlocals {\n  name = var.name\n}\n',
    "variables.tf": 'variable "name" {\n  type = string\n}\n',
    "roles.tf": 'resource "aws_iam_role" "worker" {\n  assume_role_policy = local.name\n}\n',
}


def rows(stack: Mapping[str, str], contract: str, folder: Path | None = None) -> dict[str, Row]:
    held = Contract("c", Claims(), Path("c.yaml"), contract)
    target = replace(target_of(dict(stack), contract=held), folder=folder)
    return {row.requirement.id: row for row in trace_of(judged_alone(target, RULES), held).rows}


def test_a_stack_whose_blocks_stand_where_they_have_to_meets_it_in_these_files() -> None:
    found = rows(STACK, FILES)
    places = {id_: [(one.span.source.path, one.is_whole) for one in row.evidence] for id_, row in found.items()}
    assert places == {
        "files.main.tf": [("main.tf", True)],
        "variables": [("variables.tf", True)],
        "roles": [("roles.tf", True)],
    }
    assert found["variables"].requirement.text == "variables.tf holds variable blocks alone"


@pytest.mark.parametrize(
    ("changes", "id_", "place", "message"),
    [
        (
            {"main.tf": STACK["main.tf"] + '\nvariable "other" {\n  type = string\n}\n'},
            "variables", ("main.tf", 7), "var.other has to stand in variables.tf (variables)",
        ),
        (
            {"variables.tf": STACK["variables.tf"] + "\nlocals {\n  x = 1\n}\n"},
            "variables", ("variables.tf", 5), "the locals block may not stand in variables.tf, which holds variable",
        ),
        (
            {"main.tf": STACK["main.tf"] + '\nresource "aws_iam_policy" "p" {\n  policy = local.name\n}\n'},
            "roles", ("main.tf", 7), "aws_iam_policy.p has to stand in roles.tf (roles)",
        ),
        (
            {"roles.tf": STACK["roles.tf"] + '\ndata "aws_region" "here" {}\n'},
            "files.main.tf", ("roles.tf", 5), "data.aws_region.here has to stand in main.tf (files.main.tf)",
        ),
        ({"roles.tf": None}, "roles", ("main.tf", 1), "there is no roles.tf, which holds aws_iam_* blocks (roles)"),
    ],
)  # fmt: skip
def test_a_block_elsewhere_breaks_the_demand_of_its_file_alone(
    changes: Mapping[str, str | None], id_: str, place: tuple[str, int], message: str
) -> None:
    stack = {name: text for name, text in {**STACK, **changes}.items() if text is not None}
    found = rows(stack, FILES)
    assert [name for name, row in found.items() if row.status is not Status.MET] == [id_]
    (finding,) = found[id_].findings
    assert (finding.rule, finding.span.source.path, finding.span.line) == ("stack/wrong-file", *place)
    assert finding.message.startswith(message)


def test_several_blocks_in_one_wrong_file_are_one_finding() -> None:
    more = "".join(f'\nvariable "v{number}" {{\n  type = string\n}}\n' for number in range(3))
    (finding,) = rows({**STACK, "main.tf": STACK["main.tf"] + more}, FILES)["variables"].findings
    assert [related.message for related in finding.related] == ["so has var.v1", "so has var.v2"]


def test_a_file_that_may_be_missing_is_not_missed() -> None:
    contract = FILES.replace("{id: roles,", "{id: roles, level: may,")
    found = rows({name: text for name, text in STACK.items() if name != "roles.tf"}, contract)
    assert found["roles"].status is Status.MET


def test_what_is_beside_the_stack_is_met_by_its_path(tmp_path: Path) -> None:
    contract = "also: [README.md, {id: code, path: 'lambda/*.py'}, {id: folder, path: lambda}]\n"
    (tmp_path / "README.md").write_text("# Jobs\n")
    (tmp_path / "lambda").mkdir()
    (tmp_path / "lambda" / "worker.py").write_text("pass\n")
    found = rows(STACK, contract, tmp_path)
    assert {id_: [one.span.source.path for one in row.evidence] for id_, row in found.items()} == {
        "also.0": [(tmp_path / "README.md").as_posix()],
        "code": [(tmp_path / "lambda" / "worker.py").as_posix()],
        "folder": [(tmp_path / "lambda").as_posix()],
    }


def test_what_is_missing_or_empty_breaks_the_demand(tmp_path: Path) -> None:
    contract = "also: [{id: readme, path: README.md}, {id: code, path: 'lambda/*.py'}]\n"
    (tmp_path / "README.md").write_text("")
    found = rows(STACK, contract, tmp_path)
    assert [finding.message for row in found.values() for finding in row.findings] == [
        "README.md is empty (readme)",
        "there is no lambda/*.py beside the stack (code)",
    ]


def test_of_a_stack_without_a_folder_it_is_not_known(tmp_path: Path) -> None:
    contract = "also: [{id: readme, path: README.md}]\n"
    (tmp_path / "README.md").write_text("# Jobs\n")
    for stack, folder in ((STACK, None), ({"<stdin>": STACK["main.tf"]}, tmp_path)):
        row = rows(stack, contract, folder)["readme"]
        assert [doubt.doubt for doubt in row.doubts] == ["the stack's folder isn't known"]
