"""What suppressions silence, and which are idle, unknown or expired."""

from __future__ import annotations

import pytest

from tflint_tap.hcl import parse
from tflint_tap.rule import Finding, Severity
from tflint_tap.suppressions.application import Applied, Silenced, apply
from tflint_tap.suppressions.comments import find_suppressions
from tflint_tap.text.source import Source, Span

from .reading import KNOWN, TODAY, complaints, read, read_one


def test_findings_and_doubts_that_begin_in_what_is_covered_are_silenced() -> None:
    text = "# tap:ignore[iam] reason: x\nfirst {\n  second = 1\n}\nthird = 1\n"
    assert complaints(text, "first {", "second", "third") == (["third"], [])
    assert complaints(text, "second", "third", as_doubt=True) == (["third"], [])


def test_a_finding_is_silenced_on_the_line_where_it_begins() -> None:
    text = "first = [\n  1, # tap:ignore[iam] reason: x\n  2,\n]\n"
    assert complaints(text, "first = [\n  1", "1", "2") == (["first = [\n  1", "2"], [])


def test_a_finding_at_the_end_of_a_covered_file_is_silenced() -> None:
    source = Source("a.tf", "# tap:ignore-file[iam] reason: x\n")
    end = Span(source, len(source.text), len(source.text))
    finding = Finding("iam/wildcard-action", Severity.ERROR, "absent", end, "")
    (suppression,) = find_suppressions(parse(source))
    expected = Applied((), (), (), (Silenced(finding, suppression),))
    assert apply((suppression,), (finding,), (), KNOWN, KNOWN, TODAY) == expected


def test_only_the_file_that_holds_it_is_covered() -> None:
    suppressions = read("# tap:ignore-file[iam] reason: x\na = 1\n")
    other = Source("a.tf", "# tap:ignore-file[iam] reason: x\na = 1\n")
    finding = Finding("iam/wildcard-action", Severity.ERROR, "there", Span(other, 33, 34), "")
    assert apply(suppressions, (finding,), (), (), KNOWN, TODAY) == Applied((finding,), (), (), ())


def test_a_rule_is_silenced_by_its_name_or_its_family_and_by_no_part_of_them() -> None:
    for name in ("iam", "iam/wildcard-action"):
        assert complaints(f"# tap:ignore[{name}] reason: x\na = 1\n", "a = 1")[0] == []
    for name in ("ia", "iam/", "iam/wildcard", "encryption", "IAM"):
        assert complaints(f"# tap:ignore[{name}] reason: x\na = 1\n", "a = 1")[0] == ["a = 1"]


def test_a_suppression_that_silences_nothing_is_idle() -> None:
    assert complaints("# tap:ignore[iam/wildcard-action] reason: x\na = 1\n") == (
        [],
        [
            (
                "suppressions/idle",
                "tap:ignore[iam/wildcard-action]",
                "tap:ignore[iam/wildcard-action]: iam/wildcard-action has no findings in the code below it",
                "delete the comment",
            )
        ],
    )


def test_one_cause_gives_one_complaint_where_all_names_are_idle() -> None:
    text = "a = 1 # tap:ignore[iam, encryption] reason: x\n"
    assert complaints(text)[1] == [
        (
            "suppressions/idle",
            "tap:ignore[iam, encryption]",
            "tap:ignore[iam, encryption]: iam and encryption have no findings on its line",
            "delete the comment",
        )
    ]


def test_an_idle_name_among_others_is_pointed_at() -> None:
    text = "# tap:ignore-file[iam, encryption/unencrypted-queue] reason: x\na = 1\n"
    assert complaints(text, "a = 1") == (
        [],
        [
            (
                "suppressions/idle",
                "encryption/unencrypted-queue",
                "encryption/unencrypted-queue: encryption/unencrypted-queue has no findings in this file",
                "delete encryption/unencrypted-queue from the brackets",
            )
        ],
    )


def test_two_suppressions_of_one_finding_are_both_used() -> None:
    text = "# tap:ignore-file[iam] reason: x\n\n# tap:ignore[iam] reason: x\na = 1\n"
    assert complaints(text, "a = 1") == ([], [])


@pytest.mark.parametrize("name", ["iam/wildcard-action", "iam"])
def test_a_suppression_is_not_idle_where_its_rule_was_not_judged(name: str) -> None:
    text = f"# tap:ignore[{name}] reason: x\na = 1\n"
    assert complaints(text, judged=("iam/wildcard-resource",)) == ([], [])


def test_a_suppression_is_not_idle_in_a_broken_file() -> None:
    text = '# tap:ignore[iam] reason: x\nresource "a" "b" {\n\n# tap:ignore[encryption] reason: x\nb = = 1\n'
    assert complaints(text) == ([], [])
    text = 'resource "a" "b" {\n  c = 1 # tap:ignore[iam] reason: x\n}\n\nresource "a" "d" {\n  e = = 1\n}\n'
    assert read_one(text).scope is not None
    assert complaints(text) == ([], [])


def test_an_expired_suppression_silences_nothing() -> None:
    text = "# tap:ignore[iam] until=2026-11-22 reason: x\na = 1\n"
    assert complaints(text, "a = 1") == (
        ["a = 1"],
        [
            (
                "suppressions/expired",
                "until=2026-11-22",
                "tap:ignore[iam]: it expired on 2026-11-22",
                "remove the cause, or set a later date and say why",
            )
        ],
    )


def test_a_suppression_holds_on_its_last_day() -> None:
    assert complaints("# tap:ignore[iam] until=2026-11-23 reason: x\na = 1\n", "a = 1") == ([], [])


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("iam/wildcard-acton", "iam/wildcard-action"),
        ("wildcard-action", "iam/wildcard-action"),
        ("iam/*", "iam"),
        ("IAM/wildcard-resource", "iam/wildcard-resource"),
        ("encrypton", "encryption"),
    ],
)
def test_a_name_that_no_rule_has_is_reported_with_the_nearest(name: str, nearest: str) -> None:
    assert complaints(f"# tap:ignore[{name}] reason: x\na = 1\n", "a = 1") == (
        ["a = 1"],
        [
            (
                "suppressions/unknown-rule",
                name,
                f"tap:ignore[{name}]: there is no rule or family {name}; did you mean {nearest}?",
                f"write {nearest}",
            )
        ],
    )


def test_an_unknown_name_beside_a_known_one_leaves_that_in_force() -> None:
    kept, told = complaints("# tap:ignore[iam, zzzzzzz] reason: x\na = 1\n", "a = 1")
    assert kept == []
    assert told == [
        (
            "suppressions/unknown-rule",
            "zzzzzzz",
            "tap:ignore[iam, zzzzzzz]: there is no rule or family zzzzzzz",
            "name a rule or a family that exists",
        )
    ]


@pytest.mark.parametrize("name", ["suppressions/idle", "suppressions"])
def test_what_is_wrong_with_suppressions_cannot_be_silenced(name: str) -> None:
    assert complaints(f"# tap:ignore[{name}] reason: x\na = 1\n", "a = 1", rule="suppressions/idle") == (
        ["a = 1"],
        [
            (
                "suppressions/idle",
                name,
                f"tap:ignore[{name}]: a finding about suppressions can't be silenced",
                f"delete {name} from the brackets",
            )
        ],
    )


def test_each_place_has_the_suppressions_whose_scopes_it_lies_in() -> None:
    text = (
        "# tap:ignore[iam] reason: x\nouter {\n  first = 1 # tap:ignore[encryption] reason: x\n"
        "  second = 1\n}\nthird = 1\n"
    )
    marked = ("outer", "first", "second", "third")
    assert complaints(text, *marked, rule="iam/wildcard-action")[0] == ["third"]
    assert complaints(text, *marked, rule="encryption/unencrypted-queue")[0] == ["outer", "second", "third"]
