"""Comments that silence findings, each form of them, and those that are wrongly written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint_tap.hcl import parse
from tflint_tap.suppressions.application import apply
from tflint_tap.suppressions.comments import find_suppressions
from tflint_tap.text.source import Source

from .reading import KNOWN, TODAY, complaints, read, read_one


def test_a_suppression_tells_its_rules_reason_and_last_day() -> None:
    text = (
        "# tap:ignore[iam/wildcard-resource, encryption] until=2027-01-31 reason: the vendor's API has no ARNs\na = 1\n"
    )
    suppression = read_one(text)
    assert [(name.text, name.span.text) for name in suppression.names] == [
        ("iam/wildcard-resource", "iam/wildcard-resource"),
        ("encryption", "encryption"),
    ]
    assert suppression.until == date(2027, 1, 31)
    assert suppression.reason == "the vendor's API has no ARNs"
    assert suppression.span.text == "tap:ignore[iam/wildcard-resource, encryption]"
    assert suppression.comment.text == text.split("\n")[0]
    assert suppression.faults == ()


@pytest.mark.parametrize(
    "comment",
    [
        "# tap:ignore[iam] reason: why",
        "#tap:ignore[iam] reason: why",
        "## tap:ignore[iam] reason: why",
        "// tap:ignore[iam] reason: why",
        "/* tap:ignore[iam] reason: why */",
        "/*\n * tap:ignore[iam]\n * reason: why\n */",
        "# tap:ignore[ iam ,] reason: why",
        "# tap:ignore[iam] reason: why until=2027-01-31",
        "# tap:ignore[iam] until=2027-01-31, reason: why",
        "# tap:ignore[iam] -- reason: why",
    ],
)
def test_every_kind_of_comment_can_be_a_suppression(comment: str) -> None:
    suppression = read_one(f'{comment}\nresource "a" "b" {{\n}}\n')
    assert [name.text for name in suppression.names] == ["iam"]
    assert suppression.faults == ()
    assert suppression.scope is not None
    assert suppression.scope.text == 'resource "a" "b" {\n}'


@pytest.mark.parametrize(
    ("tail", "place", "because"),
    [
        ("until=2026-13-01 reason: x", "until=2026-13-01", "until=2026-13-01 is not a date"),
        ("until=20270131 reason: x", "until=20270131", "until=20270131 is not a date"),
        ("until= reason: x", "until=", "until= is not a date"),
        ("reason: x until=soon", "until=soon", "until=soon is not a date"),
        ("until=2027-01-31 until=2028-01-31 reason: x", "until=2028-01-31", "it has more than one until="),
        ("until 2027-01-31 reason: x", "tap:ignore[iam]", "until 2027-01-31 is not an end date"),
        ("until: 2027-01-31 reason: x", "tap:ignore[iam]", "until: 2027-01-31 is not an end date"),
        ("untill=2027-01-31 reason: x", "tap:ignore[iam]", "untill=2027-01-31 is not an end date"),
        ("2027-01-31 reason: x", "tap:ignore[iam]", "2027-01-31 is not an end date"),
        ("expires=2027-01-31 reason: x", "tap:ignore[iam]", "expires=2027-01-31 is not an end date"),
    ],
)
def test_a_date_that_cannot_be_read_counts_as_past(tail: str, place: str, because: str) -> None:
    assert complaints(f"# tap:ignore[iam] {tail}\na = 1\n", "a = 1") == (
        ["a = 1"],
        [("suppressions/expired", place, f"tap:ignore[iam]: {because}", "write the last day as in until=2027-01-31")],
    )


@pytest.mark.parametrize(
    ("tail", "because"),
    [
        ("", "gives no reason"),
        ("until=2027-01-31", "gives no reason"),
        ("reason:", "gives no reason"),
        ("reason: -", "gives no reason"),
        ("by the vendor", 'is followed by "by the vendor", which is neither until= nor reason:'),
        ("the vendor", 'is followed by "the vendor", which is neither until= nor reason:'),
        ("the vendor reason: x", 'is followed by "the vendor", which is neither until= nor reason:'),
        ("Reason: x", 'is followed by "Reason: x", which is neither until= nor reason:'),
        ("reason=x", 'is followed by "reason=x", which is neither until= nor reason:'),
    ],
)
def test_a_suppression_without_reason_silences_but_is_reported(tail: str, because: str) -> None:
    assert complaints(f"# tap:ignore[iam] {tail}\na = 1\n", "a = 1") == (
        [],
        [
            (
                "suppressions/without-reason",
                "tap:ignore[iam]",
                f"tap:ignore[iam]: {because}",
                "add a reason after the brackets: reason: …",
            )
        ],
    )


@pytest.mark.parametrize(
    ("comment", "place", "because"),
    [
        ("tap:ignore[] reason: x", "tap:ignore[]", "its brackets are empty"),
        ("tap:ignore[ , ] reason: x", "tap:ignore[ , ]", "its brackets are empty"),
        ("tap:ignore reason: x", "tap:ignore", "it has no brackets"),
        ("tap:ignore", "tap:ignore", "it has no brackets"),
        ("tap:ignore(iam) reason: x", "tap:ignore", "it has no brackets"),
        ("tap:ignore iam reason: x", "tap:ignore", "it has no brackets"),
        ("tap-ignore: iam", "tap-ignore", "it has no brackets"),
        ("tap:ignore-file", "tap:ignore-file", "it has no brackets"),
    ],
)
def test_a_suppression_that_names_no_rule_is_reported(comment: str, place: str, because: str) -> None:
    kept, told = complaints(f"# {comment}\na = 1\n", "a = 1")
    assert kept == ["a = 1"]
    assert [complaint[:3] for complaint in told] == [("suppressions/unknown-rule", place, f"{place}: {because}")]


@pytest.mark.parametrize(
    "comment",
    [
        "tap:ignore [iam]",
        "tap: ignore[iam]",
        "tap-ignore[iam]",
        "tap_ignore[iam]",
        "tap ignore[iam]",
        "tapignore[iam]",
        "TAP:IGNORE[iam]",
        "tap:ignore_file[iam]",
        "tap:ignores[iam]",
        "tap:ignore-next-line[iam]",
        "tap-lint:ignore[iam]",
        "taplint: ignore[iam]",
        "tap:ingore[iam]",
        "tab:ignore[iam]",
        "tap:ignroe-file[iam]",
        "tap:ignore[iam",
        "tap:ignore[iam[x]",
    ],
)
def test_a_misspelt_suppression_silences_nothing_and_is_reported(comment: str) -> None:
    kept, told = complaints(f"# {comment} reason: x\na = 1\n", "a = 1")
    assert kept == ["a = 1"]
    assert [(rule, because.partition(": it is ")[2]) for rule, _, because, _ in told] == [
        ("suppressions/idle", "not written tap:ignore[…] or tap:ignore-file[…]")
    ]


def test_a_second_suppression_in_one_comment_is_reported() -> None:
    text = "# tap:ignore[iam] reason: x # tap:ignore[encryption] reason: y\na = 1\n"
    kept, told = complaints(text, "a = 1")
    assert kept == []
    assert [complaint[:3] for complaint in told] == [
        (
            "suppressions/idle",
            "tap:ignore[encryption]",
            "tap:ignore[encryption]: it is in the middle of a comment",
        )
    ]


@pytest.mark.parametrize(
    "comment",
    [
        "# the tap is ignored [here]",
        "# tflint-ignore: all (why)",
        "# tflint-ignore: aws_instance_invalid_type",
        "# tfsec:ignore:aws-s3-enable-versioning",
        "# checkov:skip=CKV_AWS_1:reason [x]",
        "# trivy:ignore[x]",
        "# write `tap:ignore[iam]` above what it is for",
        "# ignored",
        "# tags [a, b]",
    ],
)
def test_other_comments_are_left_alone(comment: str) -> None:
    assert [one for one in read(f"{comment}\na = 1\n") if not one.tool] == []


def test_text_that_is_no_comment_is_left_alone() -> None:
    assert read('a = "# tap:ignore[iam]"\nb = <<-EOT\n  # tap:ignore[iam]\nEOT\n') == ()


@pytest.mark.slow
@given(st.text(st.sampled_from("tap:ignore-file[]iam,/ =\n\t*#until reason:2027-01-31") | st.characters(), max_size=80))
def test_no_comment_can_break_the_reading(words: str) -> None:
    for text in (f"# tap:ignore{words}\na = 1\n", f"/* {words} */ a = 1\n", f"a = 1 // {words}"):
        source = Source("a.tf", text)
        file = parse(source)
        for suppression in find_suppressions(file):
            assert suppression.comment.contains(suppression.span)
            assert suppression.scope is not None or suppression.faults or file.diagnostics
            apply((suppression,), (), (), KNOWN, KNOWN, TODAY)
