"""GitLab's code quality report: the keys that it needs, and fingerprints that stay when lines move."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cards import RULES, rule_named
from tests.report.reports import at, of_every_rule, of_odd_texts, of_very_many, rendered
from tests.stacks import lint_text
from tflint_tap.lint import Report
from tflint_tap.records import replace
from tflint_tap.rule import Finding, Severity
from tflint_tap.text.source import Source

SOURCE = Source("/repo/main.tf", 'a = "x"\nb = {\n}\n')
FOUND = Finding("iam/a", Severity.WARNING, "it is wrong", at(SOURCE, "{\n}\n"), "do it")
QUEUES = 'resource "aws_sqs_queue" "a" {\n  name = "x"\n}\n\nresource "aws_sqs_queue" "b" {\n  name = "y"\n}\n'


def issues(report: Report) -> list[dict[str, Any]]:
    told = json.loads(rendered("gitlab", report))
    assert isinstance(told, list)
    return told


def test_a_finding_is_an_issue_with_exactly_these_keys() -> None:
    (issue,) = issues(Report((SOURCE,), (), (FOUND,)))
    assert issue.pop("fingerprint")
    assert issue == {
        "description": "it is wrong; help: do it",
        "check_name": "iam/a",
        "severity": "minor",
        "location": {"path": "main.tf", "lines": {"begin": 2, "end": 3}},
    }


@pytest.mark.parametrize(
    ("severity", "score", "told"),
    [
        (Severity.NOTE, 9.5, "info"),
        (Severity.WARNING, 9.5, "minor"),
        (Severity.ERROR, None, "major"),
        (Severity.ERROR, 6.9, "major"),
        (Severity.ERROR, 7.0, "critical"),
        (Severity.ERROR, 9.0, "blocker"),
    ],
)
def test_the_severity_heeds_the_rules_security_severity(severity: Severity, score: float | None, told: str) -> None:
    rule = replace(RULES[0], security_severity=score)
    (issue,) = issues(Report((SOURCE,), (rule,), (replace(FOUND, rule=rule.id, severity=severity),)))
    assert issue["severity"] == told


def test_doubts_and_what_is_said_of_the_run_are_issues_too() -> None:
    doubt = replace(FOUND, doubt="var.x has no default", remedy="")
    report = Report((SOURCE,), (), (), (doubt,), ("a notice",), ("a failure",), stale=("an entry",))
    told = [(issue["check_name"], issue["severity"], issue["description"]) for issue in issues(report)]
    assert told == [
        ("iam/a", "info", "it is wrong: var.x has no default"),
        ("tap-lint/failure", "blocker", "a failure"),
        ("tap-lint/notice", "info", "a notice"),
        ("tap-lint/stale", "info", "an entry"),
    ]
    assert issues(report)[1]["location"] == {"path": "main.tf", "lines": {"begin": 1, "end": 1}}


def test_a_failure_of_a_run_without_files_is_told() -> None:
    (issue,) = issues(Report((), (), (), failures=("a failure",)))
    assert issue["location"]["path"] == "."


@pytest.mark.parametrize(
    "report",
    [of_every_rule, of_odd_texts, pytest.param(of_very_many, marks=pytest.mark.slow)],
    ids=lambda one: one.__name__,
)
def test_no_two_issues_share_a_fingerprint(report: Any) -> None:
    told = [issue["fingerprint"] for issue in issues(report())]
    assert len(set(told)) == len(told)


def test_fingerprints_stay_when_lines_move_and_go_with_the_block() -> None:
    rule = rule_named("messaging/queue-without-dlq")
    first, second = (issue["fingerprint"] for issue in issues(lint_text(QUEUES, rule)))
    moved = issues(lint_text(f"# a comment\n\n{QUEUES}", rule))
    assert [issue["fingerprint"] for issue in moved] == [first, second]
    (left,) = issues(lint_text(QUEUES.partition("\n\n")[2], rule))
    assert left["fingerprint"] == second
