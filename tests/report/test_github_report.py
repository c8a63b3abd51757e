"""Workflow commands: one line each, escaped as GitHub's own toolkit does."""

from __future__ import annotations

import re

import pytest

from tests.report.reports import OPTIONS, at, of_every_rule, of_odd_texts, rendered
from tflint_tap.lint import Report
from tflint_tap.records import replace
from tflint_tap.rule import Finding, Severity
from tflint_tap.text.source import Related, Source

SOURCE = Source("/repo/a,b:c.tf", 'a = "x"\nb = {\n}\n')
FOUND = Finding(
    "iam/a", Severity.WARNING, "100% wrong, is it: yes", at(SOURCE, '"x"'), "do it", None, None,
    (Related("here", at(SOURCE, "b")),),
)  # fmt: skip


def lines(*findings: Finding, **others: object) -> list[str]:
    options = replace(OPTIONS, fails=others.pop("fails", OPTIONS.fails))
    report = replace(Report((SOURCE,), (), findings), **others)
    return rendered("github", report, options).splitlines()


def unescaped(text: str) -> str:
    """The value of a property as the runner reads it: actions/runner, ActionCommand.UnescapeProperty."""
    return re.sub("%(0D|0A|3A|2C|25)", lambda match: chr(int(match[1], 16)), text)


def test_a_finding_is_a_command_with_its_place_and_story() -> None:
    command, summary = lines(FOUND)
    assert command == (
        "::warning file=a%2Cb%3Ac.tf,line=1,endLine=1,col=5,endColumn=8,title=iam/a"
        "::100%25 wrong, is it: yes%0Aa,b:c.tf:2:1: here%0Ahelp: do it"
    )
    assert summary == "0 errors, 1 warning, 0 notes, 0 doubts; 1 file checked by 0 rules"


def test_a_place_of_several_lines_has_no_columns() -> None:
    assert lines(replace(FOUND, span=at(SOURCE, "{\n}")))[0].startswith(
        "::warning file=a%2Cb%3Ac.tf,line=2,endLine=3,title=iam/a::"
    )


def test_the_worst_come_first_each_kind_in_the_order_of_the_text() -> None:
    found = [replace(FOUND, severity=severity, rule=f"iam/{number}") for number, severity in enumerate(
        (Severity.NOTE, Severity.ERROR, Severity.WARNING, Severity.ERROR))]  # fmt: skip
    told = [re.sub(r"::(\w+) .*title=(iam/\d).*", r"\1 \2", line) for line in lines(*found)]
    assert told[:4] == ["error iam/1", "error iam/3", "warning iam/2", "notice iam/0"]


def test_a_doubt_is_a_notice_and_a_warning_where_it_fails_the_run() -> None:
    doubt = replace(FOUND, doubt="var.x has no default", related=(), remedy="")
    (command, _) = lines(doubts=(doubt,))
    assert command.startswith("::notice ")
    assert command.endswith("title=doubt%3A iam/a::100%25 wrong, is it: yes: var.x has no default")
    assert lines(doubts=(doubt,), fails=lambda finding: True)[0].startswith("::warning ")


def test_what_is_said_of_the_run_comes_first() -> None:
    told = lines(FOUND, notices=("a notice",), failures=("a failure",), stale=("an entry",))
    assert told[:3] == [
        "::error title=tap-lint%3A failure::a failure",
        "::warning title=tap-lint%3A notice::a notice",
        "::notice title=tap-lint%3A stale::an entry",
    ]


def test_no_text_can_begin_a_command_of_its_own() -> None:
    report = of_odd_texts()
    told = rendered("github", report).splitlines()
    assert len(told) == len(report.findings) + len(report.doubts) + 3 + 1
    assert all(re.match(r"::(error|warning|notice) ", line) for line in told[:-1])
    assert all(line.isprintable() for line in told)


@pytest.mark.parametrize("name", ["file", "title"])
def test_the_runner_reads_properties_as_they_were(name: str) -> None:
    for line in rendered("github", of_every_rule()).splitlines()[:-1]:
        match = re.fullmatch(r"::(\w+) ((?:\w+=[^,:]*)(?:,\w+=[^,:]*)*)::(.*)", line)
        assert match is not None, line
        properties = dict(item.split("=", 1) for item in match[2].split(","))
        if name in properties:
            assert unescaped(properties[name])
