"""data.aws_iam_policy_document: what it builds and merges, and how that compares with the real thing."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.stacks import SHARED, stack_of
from tflint_tap.iam.documents import DocumentReader
from tflint_tap.iam.policies import Policy
from tflint_tap.iam.statements import Document

from .reading import listed, place, plain, plain_document, plain_json, texts, the_policy, words

TERRAFORM = SHARED / "terraform" / "tfvalidate"
DOCUMENTS = Path(__file__).parent / "documents"


def document(blocks: str, before: str = "") -> Policy:
    """The policy of a role that is a document with these blocks and arguments."""
    return the_policy(
        f'{before}data "aws_iam_policy_document" "d" {{\n{blocks}\n}}\n'
        'resource "aws_iam_role_policy" "p" {\n  policy = data.aws_iam_policy_document.d.json\n}\n'
    )


def actions(policy: Policy) -> list[list[str | None] | None]:
    return [listed(statement.actions) for statement in policy.statements]


def test_a_statement_stands_at_its_block_and_its_strings_where_they_are() -> None:
    policy = document('statement {\n  actions   = ["s3:*", "sqs:*"]\n  resources = ["*"]\n}')
    (statement,) = policy.statements
    assert plain(statement) == {"Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*"}
    assert place(statement.span) == (2, 1, "statement {")
    assert texts(statement.actions) == ['"s3:*"', '"sqs:*"']
    assert (words(policy.version), policy.id, policy.doubt) == ("2012-10-17", None, None)


@pytest.mark.parametrize(
    "policy",
    [
        "data.aws_iam_policy_document.d.json",
        "data.aws_iam_policy_document.d.minified_json",
        '"${data.aws_iam_policy_document.d.json}"',
        "<<EOT\n${data.aws_iam_policy_document.d.json}\nEOT",
        "local.through",
        "try(local.through, null)",
        "true ? local.through : null",
        "[data.aws_iam_policy_document.d][0].json",
        "one(data.aws_iam_policy_document.d[*].json)",
    ],
)
def test_a_document_is_read_however_it_is_referred_to(policy: str) -> None:
    found = the_policy(
        'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["s3:*"]\n  }\n}\n'
        "locals {\n  through = data.aws_iam_policy_document.d.json\n}\n"
        f'resource "aws_iam_role_policy" "p" {{\n  policy = {policy}\n}}\n'
    )
    assert (actions(found), found.doubt) == ([["s3:*"]], None)


def test_instances_are_told_apart() -> None:
    stack = stack_of(
        'data "aws_iam_policy_document" "d" {\n  for_each = toset(["a", "b"])\n'
        '  statement {\n    actions = ["${each.key}:*"]\n  }\n}\n'
        'resource "aws_iam_role_policy" "p" {\n  for_each = toset(["a", "b"])\n'
        "  policy = data.aws_iam_policy_document.d[each.key].json\n}\n"
    )
    assert [actions(policy) for policy in stack.policies] == [[["a:*"]], [["b:*"]]]


def test_own_statements_take_the_place_of_those_of_sources() -> None:
    statements = '[{ Sid = "A", Action = "s3:*" }, { Sid = "B", Action = "s:B" }]'
    source = f"locals {{\n  s = jsonencode({{ Statement = {statements} }})\n}}\n"
    policy = document(
        'source_policy_documents = [local.s]\nstatement {\n  sid = "A"\n  actions = ["s3:Get"]\n}', source
    )
    assert actions(policy) == [["s3:Get"], ["s:B"]]


def test_a_later_version_wins() -> None:
    source = 'locals {\n  s = jsonencode({ Version = "2012-10-17", Id = "s", Statement = [] })\n}\n'
    policy = document('version = "2008-10-17"\nsource_policy_documents = [local.s]', source)
    assert (words(policy.version), words(policy.id)) == ("2012-10-17", "s")


def test_variables_of_policies_are_written_with_an_ampersand() -> None:
    policy = document('statement {\n  actions = ["a:&{b}"]\n  resources = ["arn:aws:s3:::b/&{aws:username}"]\n}')
    assert plain(policy.statements[0]) == {
        "Effect": "Allow",
        "Action": "a:&{b}",
        "Resource": "arn:aws:s3:::b/${aws:username}",
    }


UNKNOWN = 'variable "v" {}\n'


def test_a_dynamic_statement_over_what_is_not_known_is_doubtful() -> None:
    policy = document(
        'statement {\n  actions = ["a:B"]\n}\ndynamic "statement" {\n  for_each = var.v\n'
        '  content {\n    actions = ["c:*", statement.value]\n  }\n}',
        UNKNOWN,
    )
    assert actions(policy) == [["a:B"], ["c:*", "? var.v has no default"]]
    assert [statement.doubt for statement in policy.statements] == [None, "var.v has no default"]
    assert policy.doubt is None  # the one stands for all that there may be


def test_an_instance_that_is_not_certain_leaves_its_statements_certain() -> None:
    policy = the_policy(
        f'{UNKNOWN}data "aws_iam_policy_document" "d" {{\n  count = var.v\n'
        '  statement {\n    actions = ["s3:*"]\n  }\n}\n'
        'resource "aws_iam_role_policy" "p" {\n  policy = data.aws_iam_policy_document.d[0].json\n}\n'
    )
    assert ([statement.doubt for statement in policy.statements], policy.doubt) == ([None], None)


@pytest.mark.parametrize(
    ("overrides", "doubts", "rest"),
    [
        ("[]", [None, None], None),
        ("null", [None, None], None),
        ('["", null]', [None, None], None),
        ("var.v", ["var.v has no default", None], "var.v has no default"),
        ("[var.v]", ["var.v has no default", None], "var.v has no default"),
        (
            'concat([jsonencode({ Statement = [{ Sid = "B" }] })], var.v)',
            ["var.v has no default", None, "var.v has no default"],
            "var.v has no default",
        ),
        (
            "[jsonencode({ Statement = [{ Sid = var.v }] })]",
            ["it may be overridden: var.v has no default", None, None],
            None,
        ),
        ('[jsonencode({ Statement = [{ Sid = "B" }] })]', [None, None, None], None),
    ],
)
def test_what_may_be_overridden_is_doubtful(overrides: str, doubts: list[str | None], rest: str | None) -> None:
    policy = document(
        f'override_policy_documents = {overrides}\nstatement {{\n  sid = "A"\n}}\nstatement {{\n}}', UNKNOWN
    )
    assert ([statement.doubt for statement in policy.statements], policy.doubt) == (doubts, rest)


def test_sources_that_are_not_known_change_no_own_statement() -> None:
    policy = document('source_policy_documents = var.v\nstatement {\n  sid = "A"\n  actions = ["s3:*"]\n}', UNKNOWN)
    assert ([statement.doubt for statement in policy.statements], policy.doubt) == ([None], "var.v has no default")


def test_a_malformed_source_is_a_problem_at_its_place() -> None:
    policy = document('source_policy_documents = ["{"]\nstatement {\n  actions = ["s3:*"]\n}')
    assert actions(policy) == [["s3:*"]]
    assert policy.problem is not None
    assert place(policy.problem.span) == (2, 29, "{")


def test_a_document_of_itself_ends() -> None:
    policy = document("source_policy_documents = [data.aws_iam_policy_document.d.json]")
    assert policy.doubt == "data.aws_iam_policy_document.d refers to itself"


@pytest.mark.skipif(not TERRAFORM.is_file() or shutil.which("terraform") is None, reason="terraform isn't at hand")
@pytest.mark.slow
def test_documents_are_those_that_terraform_renders(tmp_path: Path) -> None:
    rendered = _rendered(tmp_path / "plan.json")
    assert len(rendered) == 12
    stack = stack_of((DOCUMENTS / "main.tf").read_text(encoding="utf-8"))
    reader = DocumentReader(stack.evaluator)
    made: dict[str, Document] = {
        instance.address.rpartition(".")[2]: reader.built(instance)
        for instance in stack.data_sources("aws_iam_policy_document")
        if instance.key is None
    }
    assert {name: plain_document(made[name]) for name in rendered} == rendered
    assert {name: document.doubt for name, document in made.items()} == dict.fromkeys(made)


def _rendered(plan: Path) -> dict[str, Any]:
    """The documents that a plan has as output, by name."""
    subprocess.run([TERRAFORM, "--plan-out", plan, DOCUMENTS], check=True, capture_output=True, timeout=300)
    outputs = json.loads(plan.read_text(encoding="utf-8"))["planned_values"]["outputs"]
    return {name: plain_json(json.loads(text)) for name, text in outputs["documents"]["value"].items()}
