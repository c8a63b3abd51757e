"""Prefixes of texts that are known in part."""

from __future__ import annotations

import pytest

from tflint_tap.checks.naming.prefix import Part, begins, contains
from tflint_tap.terraform.evaluation.values import Symbol, Unknown

VAR = Symbol("var.a")
QUEUE = Symbol("aws_sqs_queue.q", ("arn",))
LOST = Unknown("nobody knows")


@pytest.mark.parametrize(
    ("name", "prefix", "verdict"),
    [
        (["a-b"], ["a"], True),
        (["a"], ["a-b"], False),
        (["a-b"], ["b"], False),
        ([VAR, "-prod-x"], [VAR, "-prod"], True),
        ([VAR, "-test-x"], [VAR, "-prod"], False),
        ([VAR], [VAR], True),
        ([VAR], [VAR, "-prod"], False),
        ([QUEUE, "-x"], [VAR], QUEUE.reason),
        (["a-", VAR], ["a-b"], VAR.reason),
        (["a-", LOST], ["a-"], True),
        (["b-", LOST], ["a-"], False),
        ([LOST], ["a"], "nobody knows"),
        ([LOST], [LOST], "nobody knows"),
        (["jobs"], [VAR, "-prod"], False),
        (["jobs-prod-x"], [VAR, "-prod"], VAR.reason),
        ([], [VAR], VAR.reason),
    ],
)
def test_a_text_begins_with_another_or_not_or_nobody_knows(
    name: list[Part], prefix: list[Part], verdict: bool | str
) -> None:
    assert begins(name, prefix) == verdict


@pytest.mark.parametrize(
    ("name", "prefix", "verdict"),
    [
        (["/aws/lambda/a-b"], ["a-b"], True),
        (["/aws/lambda/b"], ["a-b"], False),
        (["/aws/", VAR, "-prod-x"], [VAR, "-prod"], True),
        (["/aws/", QUEUE], ["a-b"], QUEUE.reason),
        (["/aws/", QUEUE, "/a-b"], ["a-b"], True),
        (["x"], [VAR, "-prod"], False),
    ],
)
def test_a_text_contains_another_or_not_or_nobody_knows(
    name: list[Part], prefix: list[Part], verdict: bool | str
) -> None:
    assert contains(name, prefix) == verdict
