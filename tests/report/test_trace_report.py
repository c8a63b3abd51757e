"""The matrix of requirements: its JSON is a promise, and no format runs what a stack or a contract says."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from tflint_tap.demands.requirements import Requirement
from tflint_tap.hcl import parse
from tflint_tap.lint import Report
from tflint_tap.report.trace import FORMATS, trace
from tflint_tap.rule import Finding, Severity
from tflint_tap.suppressions.application import Silenced
from tflint_tap.suppressions.comments import find_suppressions
from tflint_tap.text.source import Source, Span
from tflint_tap.trace.evidence import Evidence
from tflint_tap.trace.rows import Row, Status, Trace

SOURCE = Source("/repo/a.tf", "# tap:ignore[iam] until=2027-01-31 reason: known\na = 1\nb = 2\n")
(SUPPRESSION,) = find_suppressions(parse(SOURCE))
NASTY = "<script>alert(1)</script> | `x` [y](javascript:z) \x1b[2J &amp;"


def at(text: str) -> Span:
    start = SOURCE.text.index(text)
    return Span(SOURCE, start, start + len(text))


def finding(rule: str, doubt: str | None = None) -> Finding:
    return Finding(rule, Severity.ERROR, "it is so", at("b = 2"), "do it", None, "x", doubt=doubt)


def row(status: Status, id_: str = "x", text: str = "It is so.", **more: tuple[object, ...]) -> Row:
    return Row(Requirement(id_, text), status, **more)  # type: ignore[arg-type]


def matrix(*rows: Row, others: int = 0) -> Trace:
    report = Report((SOURCE,), (), (), (), ("a notice",), ())
    return Trace("jobs", report, rows, (finding("iam/other"),) * others)


ALL = matrix(
    row(
        Status.MET,
        "a",
        evidence=(Evidence(at("a = 1"), "local.a"), Evidence(Span(SOURCE, 0, 0), says="so", is_whole=True)),
    ),
    row(Status.BROKEN, "b", findings=(finding("stack/wrong-setting"),)),
    row(Status.UNDECIDED, "c", doubts=(finding("iam/x", "var.x has no default"),)),
    row(Status.UNDECIDED, "d", reasons=("the queue is absent (q)",)),
    row(Status.SUPPRESSED, "e", silenced=(Silenced(finding("iam/y"), SUPPRESSION),)),
    row(Status.PERSON, "f"),
    others=1,
)


def test_the_text_tells_where_and_why() -> None:
    assert (
        trace(ALL, "text", "/repo")
        == """\
jobs: a.tf

met         a: It is so.
            a.tf:2 local.a
            a.tf (so)
broken      b: It is so.
            a.tf:3 error stack/wrong-setting: it is so
undecided   c: It is so.
            a.tf:3 doubt iam/x: it is so: var.x has no default
undecided   d: It is so.
            the queue is absent (q)
suppressed  e: It is so.
            a.tf:3 iam/y: it is so; suppressed until 2027-01-31 at a.tf:1: known
person      f: It is so.

notice: a notice
1 finding breaks no requirement of the contract; tap-lint check tells it
6 requirements: 1 met, 1 broken, 2 undecided, 1 suppressed, 1 for people
"""
    )


def test_the_text_has_the_first_of_many_places() -> None:
    many = matrix(row(Status.MET, evidence=tuple(Evidence(at("a = 1"), f"local.a{n}") for n in range(9))))
    assert "            a.tf:2 local.a2\n            and 6 more places\n" in trace(many, "text", "/repo")
    assert trace(many, "markdown").count("local.a") == 9


def test_the_json_has_exactly_these_keys() -> None:
    document = json.loads(trace(ALL, "json", "/repo"))
    place = {"path": "a.tf", "start": {"line": 3, "column": 1}, "end": {"line": 3, "column": 6}}
    found = {"severity": "error", "message": "it is so", **place, "address": None, "requirement": "x", "related": []}
    empty = {"evidence": [], "findings": [], "doubts": [], "suppressed": [], "reasons": []}
    head = {"text": "It is so.", "level": "must"}
    assert document["requirements"] == [
        {
            **empty, "id": "a", **head, "status": "met",
            "evidence": [
                {
                    "path": "a.tf", "start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 6},
                    "whole": False, "address": "local.a", "says": "",
                },
                {
                    "path": "a.tf", "start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 1},
                    "whole": True, "address": None, "says": "so",
                },
            ],
        },
        {**empty, "id": "b", **head, "status": "broken", "findings": [{"rule": "stack/wrong-setting", **found}]},
        {
            **empty, "id": "c", **head, "status": "undecided",
            "doubts": [{"rule": "iam/x", **found, "reason": "var.x has no default"}],
        },
        {**empty, "id": "d", **head, "status": "undecided", "reasons": ["the queue is absent (q)"]},
        {
            **empty, "id": "e", **head, "status": "suppressed",
            "suppressed": [
                {
                    "rule": "iam/y", **found, "reason": None,
                    "suppression": {
                        "path": "a.tf", "start": {"line": 1, "column": 3}, "end": {"line": 1, "column": 18},
                        "reason": "known", "until": "2027-01-31",
                    },
                }
            ],
        },
        {**empty, "id": "f", **head, "status": "person"},
    ]  # fmt: skip
    del document["requirements"]
    assert document == {
        "version": 1,
        "contract": "jobs",
        "summary": {
            "requirements": 6, "met": 1, "broken": 1, "undecided": 2, "suppressed": 1, "person": 1, "others": 1,
            "files": ["a.tf"], "notices": ["a notice"], "failures": [],
        },
    }  # fmt: skip
    assert SUPPRESSION.until == date(2027, 1, 31)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.attributes: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_texts_as_they_are_and_needs_nothing_beside_itself() -> None:
    parser = _Tags()
    page = trace(matrix(row(Status.UNDECIDED, NASTY, NASTY, reasons=(NASTY,))), "html")
    parser.feed(page)
    assert set(parser.opened) == {
        "html", "head", "meta", "title", "style", "body", "h1", "p",
        "table", "thead", "tbody", "tr", "th", "td", "code", "ul", "li",
    }  # fmt: skip
    assert set(parser.attributes) <= {"lang", "charset", "id", "class"}
    assert parser.text.count("<script>alert(1)</script> | `x` [y](javascript:z) \\x1b[2J &amp;") == 3
    assert "url(" not in page
    assert "@import" not in page


def test_a_text_cannot_leave_its_cell_of_the_table() -> None:
    lines = trace(matrix(row(Status.UNDECIDED, NASTY, "_a_ b_c\n| d", reasons=(NASTY,))), "markdown").splitlines()
    (line,) = (line for line in lines if "javascript" in line)
    assert len(re.findall(r"(?<!\\)\|", line)) == 5
    assert "<script" not in line
    assert "&lt;script\\>" in line
    assert "](" not in line.replace("\\](", "")
    assert r"\_a\_ b_c" in line


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_ends_in_one_line_feed(format_: str) -> None:
    text = trace(ALL, format_, "/repo")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_a_status_has_its_colour_on_a_terminal() -> None:
    colored = trace(ALL, "text", "/repo", color=True)
    assert "\x1b[1;31mbroken" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == trace(ALL, "text", "/repo")
