"""Comments that silence findings, each form of them, and those that are wrongly written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint_tap.hcl import parse
from tflint_tap.rule import Finding, Severity
from tflint_tap.suppressions.all_ import Suppression, apply, find_suppressions
from tflint_tap.text.source import Source, Span

KNOWN = (
    "iam/wildcard-action",
    "iam/wildcard-resource",
    "encryption/unencrypted-queue",
    "suppressions/idle",
    "suppressions/expired",
)
TODAY = date(2026, 11, 23)


def read(text: str) -> tuple[Suppression, ...]:
    return find_suppressions(parse(Source("a.tf", text)))


def read_one(text: str) -> Suppression:
    (suppression,) = read(text)
    return suppression


def covered(text: str) -> str | None:
    """The text in which the findings that are silenced begin."""
    scope = read_one(text).scope
    return None if scope is None else scope.text


def complaints(
    text: str,
    *marked: str,
    rule: str = "iam/wildcard-action",
    judged: tuple[str, ...] = KNOWN,
    today: date = TODAY,
    as_doubt: bool = False,
) -> tuple[list[str], list[tuple[str, str, str, str]]]:
    """What is left of findings on the marked texts, and the complaints: rule, place, because, instead."""
    source = Source("a.tf", text)
    findings = []
    for mark in marked:
        start = text.index(mark)
        span = Span(source, start, start + len(mark))
        findings.append(Finding(rule, Severity.ERROR, mark, span, "", reason="?" if as_doubt else None))
    kept, doubts, hits = apply(
        find_suppressions(parse(source)),
        () if as_doubt else findings,
        findings if as_doubt else (),
        judged,
        KNOWN,
        today,
    )
    told = [
        (rule, hit.span.text, f"{hit.values['comment']}: {hit.values['because']}", str(hit.values["instead"]))
        for rule, hit in hits
    ]
    return [finding.message for finding in (*kept, *doubts)], told


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


BLOCK = 'resource "a" "b" {\n  c = 1\n}'


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        (f"# tap:ignore[iam] reason: x\n{BLOCK}\n\nd = 1\n", BLOCK),
        (f"# tap:ignore[iam] reason: x\r\n{BLOCK}\r\n", BLOCK),
        (f"\ufeff# tap:ignore[iam] reason: x\n{BLOCK}\n", BLOCK),
        (f"# tap:ignore[iam] reason: x\n# more\n// words\n/* and\n\n more */\n{BLOCK}\n", BLOCK),
        ("a {\n  # tap:ignore[iam] reason: x\n  b = [\n    1,\n  ]\n  c = 1\n}\n", "b = [\n    1,\n  ]"),
        ("a {\n  # tap:ignore[iam] reason: x\n  b {\n    c = 1\n  }\n}\n", "b {\n    c = 1\n  }"),
        ("a = [\n  # tap:ignore[iam] reason: x\n  { b = 1 },\n  2\n]\n", "{ b = 1 }"),
        ("a = f({\n  # tap:ignore[iam] reason: x\n  b = [1]\n  c = 2\n})\n", "b = [1]"),
        ("a = f(\n  # tap:ignore[iam] reason: x\n  g(1),\n  2\n)\n", "g(1)"),
        ('a = "${f({\n  # tap:ignore[iam] reason: x\n  b = 1\n})}"\n', "b = 1"),
        ("a = 1 # tap:ignore[iam] reason: x\nb = 2\n", "a = 1 # tap:ignore[iam] reason: x\n"),
        ("a = 1 // tap:ignore[iam] reason: x", "a = 1 // tap:ignore[iam] reason: x"),
        ("a = /* tap:ignore[iam] reason: x */ 1\n", "a = /* tap:ignore[iam] reason: x */ 1\n"),
        ("/* tap:ignore[iam] reason: x */ a = 1\nb = 2\n", "/* tap:ignore[iam] reason: x */ a = 1\n"),
        ("a { # tap:ignore[iam] reason: x\n  b = 1\n}\n", "a { # tap:ignore[iam] reason: x\n"),
        ("/* x */ a = 1 /* y */ # tap:ignore[iam] reason: x\n", "/* x */ a = 1 /* y */ # tap:ignore[iam] reason: x\n"),
        ("/* b\n*/ # tap:ignore[iam] reason: x\na = 1\n", "a = 1"),
        ("# b\n\n# tap:ignore-file[iam] reason: x\n\na = 1\n", "# b\n\n# tap:ignore-file[iam] reason: x\n\na = 1\n"),
        ("# tap:ignore-file[iam] reason: x", "# tap:ignore-file[iam] reason: x"),
    ],
)
def test_it_covers_what_follows_or_its_line_or_the_file(text: str, scope: str) -> None:
    assert covered(text) == scope


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
    assert apply(find_suppressions(parse(source)), (finding,), (), KNOWN, KNOWN, TODAY) == ((), (), ())


def test_only_the_file_that_holds_it_is_covered() -> None:
    suppressions = read("# tap:ignore-file[iam] reason: x\na = 1\n")
    other = Source("a.tf", "# tap:ignore-file[iam] reason: x\na = 1\n")
    finding = Finding("iam/wildcard-action", Severity.ERROR, "there", Span(other, 33, 34), "")
    assert apply(suppressions, (finding,), (), (), KNOWN, TODAY) == ((finding,), (), ())


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
                "tap:ignore[iam/wildcard-action]: iam/wildcard-action finds nothing in what follows it",
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
            "tap:ignore[iam, encryption]: iam and encryption find nothing on its line",
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
                "encryption/unencrypted-queue: encryption/unencrypted-queue finds nothing in this file",
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
                "tap:ignore[iam]: it was to last until 2026-11-22",
                "remove the cause, or set a later date and say why",
            )
        ],
    )


def test_a_suppression_holds_on_its_last_day() -> None:
    assert complaints("# tap:ignore[iam] until=2026-11-23 reason: x\na = 1\n", "a = 1") == ([], [])


@pytest.mark.parametrize(
    ("tail", "place", "because"),
    [
        ("until=2026-13-01 reason: x", "until=2026-13-01", "until=2026-13-01 is no date"),
        ("until=20270131 reason: x", "until=20270131", "until=20270131 is no date"),
        ("until= reason: x", "until=", "until= is no date"),
        ("reason: x until=soon", "until=soon", "until=soon is no date"),
        ("until=2027-01-31 until=2028-01-31 reason: x", "until=2028-01-31", "it has more than one until="),
        ("until 2027-01-31 reason: x", "tap:ignore[iam]", "until 2027-01-31 is no date that it ends on"),
        ("until: 2027-01-31 reason: x", "tap:ignore[iam]", "until: 2027-01-31 is no date that it ends on"),
        ("untill=2027-01-31 reason: x", "tap:ignore[iam]", "untill=2027-01-31 is no date that it ends on"),
        ("2027-01-31 reason: x", "tap:ignore[iam]", "2027-01-31 is no date that it ends on"),
        ("expires=2027-01-31 reason: x", "tap:ignore[iam]", "expires=2027-01-31 is no date that it ends on"),
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
                "say why behind the brackets: reason: …",
            )
        ],
    )


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
                f"tap:ignore[{name}]: there is no rule or family {name}; the nearest is {nearest}",
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
            "name a rule or a family that there is",
        )
    ]


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


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("# tap:ignore[iam] reason: x\n\na = 1\n", "a blank line parts it from what follows"),
        ("# tap:ignore[iam] reason: x\n# more\n \t\r\n# words\na = 1\n", "a blank line parts it from what follows"),
        ("a = 1\n# tap:ignore[iam] reason: x\n", "no block or argument follows it"),
        ("b {\n  a = 1\n  # tap:ignore[iam] reason: x\n}\n", "no block or argument follows it"),
        ("a = 1\n\n# tap:ignore-file[iam] reason: x\n", "it stands below code"),
        ("a = 1 # tap:ignore-file[iam] reason: x\n", "it stands below code"),
        ("# see above; tap:ignore[iam] reason: x\na = 1\n", "it stands in the middle of a comment"),
        ("/* see\n   tap:ignore[iam] reason: x */\na = 1\n", "it stands in the middle of a comment"),
    ],
)
def test_a_misplaced_suppression_silences_nothing_and_is_reported(text: str, because: str) -> None:
    kept, ((rule, place, told, _),) = complaints(text, "a = 1")
    assert kept == ["a = 1"]
    assert (rule, place, told) == ("suppressions/idle", place, f"{place}: {because}")
    assert place in ("tap:ignore[iam]", "tap:ignore-file[iam]")


def test_a_second_suppression_in_one_comment_is_reported() -> None:
    text = "# tap:ignore[iam] reason: x # tap:ignore[encryption] reason: y\na = 1\n"
    kept, told = complaints(text, "a = 1")
    assert kept == []
    assert [complaint[:3] for complaint in told] == [
        (
            "suppressions/idle",
            "tap:ignore[encryption]",
            "tap:ignore[encryption]: it stands in the middle of a comment",
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
                f"tap:ignore[{name}]: what is wrong with a suppression can't be silenced",
                f"delete {name} from the brackets",
            )
        ],
    )


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
    assert read(f"{comment}\na = 1\n") == ()


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
