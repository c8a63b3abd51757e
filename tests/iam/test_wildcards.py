"""What patterns of actions and resources cover."""

from __future__ import annotations

import pytest

from tflint_tap.iam.wildcards import (
    covers_action,
    covers_every_resource,
    covers_whole_service,
    is_every_resource,
    is_whole_service,
    matches,
)
from tflint_tap.terraform.evaluation.values import Data, ErrorValue, PartialString, Symbol, Unknown, Value

UNKNOWN = Unknown("var.v has no default")
ARN = Symbol("aws_sqs_queue.q", ("arn",))


@pytest.mark.parametrize("text", ["*", "**", "?*", "s3:*", "S3:*", "s3:**", "s3:?*", "s3:*?", "*:*", "s3*:*", ":*"])
def test_a_pattern_of_wildcards_covers_a_service(text: str) -> None:
    assert is_whole_service(text)


@pytest.mark.parametrize("text", ["s3:Get*", "s3:*Object", "s3:?", "s3:???", "*:Get*", "", "s3:", "s3:GetObject", "?"])
def test_a_pattern_that_says_more_does_not(text: str) -> None:
    assert not is_whole_service(text)


@pytest.mark.parametrize(
    "text", ["*", "**", "*?", "arn:*", "arn:aws:*", "a*", "arn*", "*:*", "arn:aws:*:*:*:*", "arn:*:*:*:*:*",
             "arn:aws:*:eu-west-1:111122223333:*", "arn:aws:**"]
)  # fmt: skip
def test_a_pattern_covers_every_resource(text: str) -> None:
    assert is_every_resource(text)


@pytest.mark.parametrize(
    "text",
    ["arn:aws:s3:::*", "arn:aws:s3:*", "arn:aws:sqs:*:*:*", "arn:aws:*:*:*:jobs", "*jobs*", "?", "", "arn:aws:iam::*"],
)
def test_a_pattern_covers_but_some_resources(text: str) -> None:
    assert not is_every_resource(text)


def test_patterns_match_as_iam_has_it() -> None:
    assert covers_action("S3:get?bject*", "s3:GetObjectAcl")
    assert not covers_action("s3:Get", "s3:GetObject")
    assert not matches("arn:aws:s3:::A*", "arn:aws:s3:::ab")
    assert matches("a" + "*" * 60 + "b", "a" + "x" * 3000 + "b")


def partial(*parts: str | Symbol | Unknown) -> PartialString:
    return PartialString(parts)


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        ("s3:*", True),
        (partial(UNKNOWN, ":*"), True),
        (partial(UNKNOWN, ":Get*"), False),
        (partial("s3:", UNKNOWN), "var.v has no default"),
        (partial("s3:Get", UNKNOWN), False),
        (UNKNOWN, "var.v has no default"),
        (ErrorValue("it is wrong"), False),
        (None, False),
        (7, False),
    ],
)
def test_actions_of_which_parts_are_unknown_may_cover_a_service(data: Data, verdict: bool | str) -> None:
    assert covers_whole_service(Value(data)) == verdict


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (ARN, False),
        (partial(ARN, "/*"), False),
        (partial("arn:aws:s3:::", UNKNOWN, "/*"), False),
        (partial(UNKNOWN, "/*"), False),
        (partial(UNKNOWN, "*"), "var.v has no default"),
        (partial("arn:", Symbol("data.aws_partition.p", ("partition",)), ":*:*:*:*"), True),
        (partial("arn:aws:*:", Symbol("data.aws_region.r", ("name",)), ":", UNKNOWN, ":*"), True),
        (UNKNOWN, "var.v has no default"),
        (Symbol("module.queue", ("arn",)), False),
        (Symbol("module.queue", ("queue_arns", 0)), False),
        (Symbol("module.queue", ("resource",)), "module.queue.resource is known after apply"),
        (Symbol("data.aws_ssm_parameter.p", ("value",)), "data.aws_ssm_parameter.p.value is known after apply"),
        (ErrorValue("it is wrong"), False),
    ],
)
def test_resources_of_which_parts_are_unknown_may_cover_everything(data: Data, verdict: bool | str) -> None:
    assert covers_every_resource(Value(data)) == verdict
