"""The report for people, as whole texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint_tap.lint import Report
from tflint_tap.records import replace
from tflint_tap.report import FORMATS, RenderOptions
from tflint_tap.report.excerpts import harmless
from tflint_tap.rule import Finding, Hit, Rule, Severity, Texts
from tflint_tap.text.source import Related, Source, Span


def nothing(stack: object, rule: Rule) -> Iterator[Hit]:
    yield from ()


RULES = tuple(
    Rule(id, "title", Severity.ERROR, "message", "remedy", nothing, lambda: Texts("why", (), ()))
    for id in ("iam/a", "iam/b")
)


def at(source: Source, text: str) -> Span:
    start = source.text.index(text)
    return Span(source, start, start + len(text))


def finding(
    span: Span,
    message: str = "it is so",
    *,
    severity: Severity = Severity.ERROR,
    remedy: str = "",
    related: tuple[Related, ...] = (),
    requirement: str | None = None,
    doubt: str | None = None,
) -> Finding:
    return Finding("iam/a", severity, message, span, remedy, requirement=requirement, related=related, doubt=doubt)


def render(
    *findings: Finding,
    doubts: tuple[Finding, ...] = (),
    notices: tuple[str, ...] = (),
    failures: tuple[str, ...] = (),
    **presentation: Any,
) -> str:
    sources = tuple({found.span.source: None for found in (*findings, *doubts)})
    report = Report(sources, RULES, findings, doubts, notices, failures)
    return FORMATS["text"](report, RenderOptions(root="/repo", version="1.0", **presentation))


def excerpt(span: Span) -> list[str]:
    """The source line and its underlining, without the margin."""
    _, _, _, line, marks, *_ = render(finding(span)).split("\n")
    return [line.partition("|")[2][1:], marks.partition("|")[2][1:]]


MAIN = Source(
    "/repo/stack/main.tf",
    """\
resource "aws_iam_policy" "booking" {
  name = "booking"
  policy = jsonencode({
    Statement = [{
      Effect   = "Allow"
      Action   = var.actions
      Resource = aws_dynamodb_table.inventory.arn
    }]
  })
}
""",
)
VARIABLES = Source(
    "/repo/stack/variables.tf",
    '# what the handlers may do\n\n\n\n\n\n\n\nvariable "actions" {\n  default = ["dynamodb:*"]\n}\n',
)


def test_a_finding_shows_its_line_where_the_value_came_from_and_what_would_be_right() -> None:
    wildcard = finding(
        at(MAIN, "var.actions"),
        "aws_iam_policy.booking allows every action of DynamoDB",
        remedy="name the actions that the function uses",
        related=(Related('var.actions defaults to "dynamodb:*" here', at(VARIABLES, '"dynamodb:*"')),),
        requirement="iam.least-privilege",
    )
    assert (
        render(wildcard)
        == """\
error iam/a: aws_iam_policy.booking allows every action of DynamoDB
  --> stack/main.tf:6:18
   |
 6 |       Action   = var.actions
   |                  ^^^^^^^^^^^
  --> stack/variables.tf:10:14: var.actions defaults to "dynamodb:*" here
   |
10 |   default = ["dynamodb:*"]
   |              ------------
   = requirement: iam.least-privilege
   = help: name the actions that the function uses

tap-lint explain iam/a says why a rule is there, with examples
1 error, 0 warnings, 0 notes, 0 doubts; 1 file checked by 2 rules
"""
    )


def test_findings_come_in_order_and_doubts_behind_them_with_their_reason() -> None:
    first = finding(at(MAIN, '"booking"'), "first", severity=Severity.WARNING)
    second = finding(at(VARIABLES, "default"), "second", severity=Severity.NOTE)
    doubt = finding(
        at(MAIN, '"Allow"'),
        "can't tell whether it may be",
        remedy="give it a default",
        doubt="var.vpc_id has no default",
    )
    assert (
        render(first, second, doubts=(doubt,))
        == """\
warning iam/a: first
 --> stack/main.tf:1:27
  |
1 | resource "aws_iam_policy" "booking" {
  |                           ^^^^^^^^^

note iam/a: second
  --> stack/variables.tf:10:3
   |
10 |   default = ["dynamodb:*"]
   |   ^^^^^^^

doubt iam/a: can't tell whether it may be: var.vpc_id has no default
 --> stack/main.tf:5:18
  |
5 |       Effect   = "Allow"
  |                  ^^^^^^^
  = help: give it a default

tap-lint explain iam/a says why a rule is there, with examples
0 errors, 1 warning, 1 note, 1 doubt; 2 files checked by 2 rules
"""
    )


def test_findings_at_one_place_share_its_excerpt_and_their_related_places() -> None:
    here = Related("it is read here", at(VARIABLES, '"actions"'))
    first = finding(at(MAIN, '"Allow"'), "first", remedy="do this", related=(here,))
    second = finding(at(MAIN, '"Allow"'), "second", severity=Severity.NOTE, remedy="do that", related=(here,))
    assert render(first, second).startswith(
        """\
error iam/a: first
note iam/a: second
 --> stack/main.tf:5:18
  |
5 |       Effect   = "Allow"
  |                  ^^^^^^^
 --> stack/variables.tf:9:10: it is read here
  |
9 | variable "actions" {
  |          ---------
  = help: do this
  = help: do that

"""
    )


def test_findings_can_be_put_under_titles() -> None:
    first, second = finding(at(MAIN, '"Allow"'), "first"), finding(at(VARIABLES, "default"), "second")
    doubt = finding(at(MAIN, "name"), "third", doubt="who knows")
    by_file = [
        line for line in render(first, second, doubts=(doubt,), group_by="file").split("\n") if line[:1].isalpha()
    ]
    assert by_file[:5] == [
        "stack/main.tf (2)",
        "error iam/a: first",
        "doubt iam/a: third: who knows",
        "stack/variables.tf (1)",
        "error iam/a: second",
    ]
    assert render(first, second, group_by="rule").startswith("iam/a: title (2)\n\nerror iam/a: first\n")
    assert render(replace(first, address="aws_iam_policy.a"), group_by="block").startswith("aws_iam_policy.a (1)\n")


def test_statistics_count_what_each_rule_says() -> None:
    first, second = finding(at(MAIN, '"Allow"')), finding(at(MAIN, "name"), severity=Severity.NOTE)
    assert render(first, first, second, statistics=True, quiet=True).split("\n")[3:5] == [
        "     2 error   iam/a title",
        "     1 note    iam/a title",
    ]


def test_lines_are_broken_at_the_width_of_the_terminal_and_excerpts_are_cut_to_it() -> None:
    source = Source("a.tf", "x" * 300 + "HERE" + "y" * 300)
    told = render(finding(at(source, "HERE"), "word " * 60, remedy="do " * 60), width=72).split("\n")
    assert max(map(len, told)) <= 72
    assert told[1].startswith("    word")
    assert "HERE" in "".join(told)


def test_neither_colours_nor_wide_characters_count_as_what_they_are_not() -> None:
    source = Source("a.tf", "漢" * 300)
    found = finding(at(source, "漢漢"), "漢字 " * 30 + "end", remedy="a b c d e f")
    told = render(found, width=72, color=True)
    plain = re.sub(r"\x1b\[[\d;]*m", "", told).split("\n")
    assert max(sum(2 if character == "漢" or character == "字" else 1 for character in line) for line in plain) <= 72
    assert plain[0].startswith("error iam/a: 漢字 漢字 漢字")
    assert "  = help: a b c d e f" in plain


def test_rules_link_to_their_first_page_where_the_terminal_knows_links() -> None:
    page = "https://docs.aws.amazon.com/x"
    rule = replace(RULES[0], texts=lambda: Texts("why", (), (), ("a book", page)))
    report = Report((MAIN,), (rule,), (finding(at(MAIN, "name")),))
    told = FORMATS["text"](report, RenderOptions("/repo", "", links=True))
    assert told.startswith(f"error \x1b]8;;{page}\x1b\\iam/a\x1b]8;;\x1b\\: it is so\n")


def test_the_summary_says_what_is_not_shown() -> None:
    report = Report((MAIN,), RULES, (), stale=("b.json: 1 entry",), left_out={"in the baseline": 3, "below error": 0})
    assert FORMATS["text"](report, RenderOptions("/repo", "")) == (
        "notice: b.json: 1 entry\n\n"
        "0 errors, 0 warnings, 0 notes, 0 doubts; 1 file checked by 2 rules; not shown: 3 in the baseline\n"
    )


def test_a_span_of_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    whole = finding(Span(MAIN, MAIN.text.index("jsonencode"), MAIN.text.index("})") + 2))
    assert (
        render(whole)
        == """\
error iam/a: it is so
 --> stack/main.tf:3:12
  |
3 |   policy = jsonencode({
  |            ^^^^^^^^^^^^ and 6 more lines

tap-lint explain iam/a says why a rule is there, with examples
1 error, 0 warnings, 0 notes, 0 doubts; 1 file checked by 2 rules
"""
    )


def test_with_nothing_to_report_there_is_only_the_summary() -> None:
    report = Report((MAIN,), RULES, ())
    assert FORMATS["text"](report, RenderOptions("/repo", "1.0")) == (
        "0 errors, 0 warnings, 0 notes, 0 doubts; 1 file checked by 2 rules\n"
    )


def test_notices_and_failures_stand_before_the_counts() -> None:
    assert (
        render(notices=("2 rules are held back",), failures=("iam/b crashed",))
        == """\
notice: 2 rules are held back
failure: iam/b crashed

0 errors, 0 warnings, 0 notes, 0 doubts; 0 files checked by 2 rules
"""
    )


def test_a_quiet_report_is_one_line_for_each_finding() -> None:
    found = finding(at(MAIN, '"Allow"'), remedy="do it", related=(Related("here", at(MAIN, "name")),))
    doubt = finding(at(MAIN, "name"), doubt="who knows")
    assert render(found, found, doubts=(doubt,), quiet=True) == (
        "stack/main.tf:5:18: error iam/a: it is so\nstack/main.tf:5:18: error iam/a: it is so\n"
    )
    assert render(doubts=(doubt,), quiet=True) == ""


def test_even_a_quiet_report_tells_what_was_not_looked_at() -> None:
    assert render(failures=("iam/b crashed",), quiet=True) == "failure: iam/b crashed\n"
    assert render(notices=("a.tf.json isn't read",), quiet=True) == "notice: a.tf.json isn't read\n"


def test_colors_are_there_only_where_they_are_asked_for() -> None:
    found = finding(at(MAIN, '"Allow"'), remedy="do it")
    colored = render(found, color=True)
    assert colored == (
        "\x1b[1;31merror\x1b[0m \x1b[1miam/a\x1b[0m: it is so\n"
        " --> \x1b[1mstack/main.tf:5:18\x1b[0m\n"
        "  |\n"
        '5 |       Effect   = "Allow"\n'
        "  |                  \x1b[1;31m^^^^^^^\x1b[0m\n"
        "  = \x1b[1mhelp\x1b[0m: do it\n"
        "\n"
        "tap-lint explain iam/a says why a rule is there, with examples\n"
        "\x1b[1;31m1 error\x1b[0m, 0 warnings, 0 notes, 0 doubts; 1 file checked by 2 rules\n"
    )
    assert "\x1b" not in render(found)


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("\ta\t= b", "b", ["    a    = b", "           ^"]),
        ("\ta\tb", "\tb", ["    a    b", "     ^^^^^"]),
        ('n = "漢字" # x', "# x", ['n = "漢字" # x', "           ^^^"]),
        ('n = "漢字"', "字", ['n = "漢字"', "       ^^"]),
        ("e\u0301e\u0301 = 1", "1", ["e\u0301e\u0301 = 1", "     ^"]),
        ("e\u0301 = 1", "\u0301", ["e\u0301 = 1", " ^"]),
        ("a = 1\r\nb = 2\r\n", "b", ["b = 2", "^"]),
        ("a = 1\r\nb = 2\r\n", "1\r\n", ["a = 1", "    ^"]),
        ("a = 1   \nb", "1   \n", ["a = 1", "    ^"]),
        ("a = {   \n}", "{   \n}", ["a = {", "    ^ and 1 more line"]),
        ("\ufeffa = 1", "1", ["a = 1", "    ^"]),
        ("a = 1 # 𝛑 x", "x", ["a = 1 # 𝛑 x", "          ^"]),
        ('a = "\x1b[31m"', '"\x1b[31m"', ['a = "\\x1b[31m"', "    ^^^^^^^^^^"]),
        ("a = \u202e1", "1", ["a = \\u202e1", "          ^"]),
        ("a\u00a0= 1", "\u00a0", ["a\\xa0= 1", " ^^^^"]),
        ("a = 1 # \u3000x", "x", ["a = 1 # \u3000x", "          ^"]),
        ("a = '\ud800'", "'\ud800'", ["a = '\\ud800'", "    ^^^^^^^^"]),
    ],
)
def test_the_underlining_stands_under_the_span(text: str, marked: str, expected: list[str]) -> None:
    assert excerpt(at(Source("a.tf", text), marked)) == expected


@pytest.mark.parametrize(
    ("text", "place", "line", "marks"),
    [
        ("", "1:1", "1 |", "  | ^"),
        ("a = 1\n", "2:1", "2 |", "  | ^"),
        ("a = 1", "1:6", "1 | a = 1", "  |      ^"),
        ("a = 1\r\n", "2:1", "2 |", "  | ^"),
        ("\ufeff", "1:1", "1 |", "  | ^"),
    ],
)
def test_an_empty_span_at_the_end_of_a_file_has_one_mark(text: str, place: str, line: str, marks: str) -> None:
    source = Source("a.tf", text)
    lines = render(finding(Span(source, len(text), len(text)))).split("\n")
    assert lines[:5] == ["error iam/a: it is so", f" --> a.tf:{place}", "  |", line, marks]


def test_of_a_very_long_line_the_part_around_the_span_is_shown() -> None:
    source = Source("a.tf", "x" * 5000 + "HERE" + "y" * 5000)
    assert excerpt(at(source, "HERE")) == ["…" + "x" * 30 + "HERE" + "y" * 86 + "…", " " * 31 + "^^^^"]


def test_a_very_long_line_is_shown_to_its_end_where_the_span_is_there() -> None:
    source = Source("a.tf", "x" * 5000 + "HERE")
    assert excerpt(at(source, "HERE")) == ["…" + "x" * 116 + "HERE", " " * 117 + "^^^^"]


def test_a_span_that_is_longer_than_what_is_shown_is_underlined_as_far_as_it_is() -> None:
    source = Source("a.tf", "a = " + "x" * 5000)
    assert excerpt(at(source, "x" * 5000)) == ["a = " + "x" * 116 + "…", "    " + "^" * 116]


def test_hostile_text_is_shown_harmlessly_everywhere() -> None:
    source = Source("/repo/\x1b]0;x\x07\n\u202e.tf", "a = 1\n")
    span = at(source, "a")
    hostile = "\x1b[2J\u202e\u2066\x9b31m\r\nfake.tf:1:1: error"
    report = render(
        finding(span, hostile, remedy=hostile, related=(Related(hostile, span),), requirement=hostile),
        doubts=(finding(span, hostile, doubt=hostile),),
        notices=(hostile,),
        failures=(hostile,),
    )
    assert all(line.isprintable() for line in report.split("\n"))
    assert report.split("\n")[:2] == [
        r"error iam/a: \x1b[2J\u202e\u2066\x9b31m\r\nfake.tf:1:1: error",
        r" --> \x1b]0;x\x07\n\u202e.tf:1:1",
    ]


def test_a_path_outside_the_root_is_shown_as_it_is() -> None:
    source = Source("/elsewhere/a.tf", "a = 1")
    assert render(finding(at(source, "a")), quiet=True) == "/elsewhere/a.tf:1:1: error iam/a: it is so\n"


@pytest.mark.slow
@given(st.text())
def test_no_text_can_reach_the_terminal_with_a_control_character(text: str) -> None:
    shown = harmless(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in shown)
    shown.encode("utf-8")


@pytest.mark.slow
@given(st.text(st.sampled_from("ab\t\r\n\u202e漢\u0301𝛑\ufeff ") | st.characters(), max_size=300), st.data())
def test_every_span_of_every_text_has_marks_and_one_line(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    lines = render(finding(Span(Source("a.tf", text), start, end))).split("\n")
    assert len(lines) == 9
    assert "^" in lines[4]
    assert all(line == line.rstrip() for line in lines)
