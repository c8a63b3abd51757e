"""Functions on days, as conditions call them: the same on every day on which the tests run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.stacks import lint_text

from .writing import card, findings

FUNCTION = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  runtime = %s\n}\nvariable "x" {}\n'


def _judged_on(folder: Path, day: date, require: str) -> bool:
    """Return True if a condition holds on a day."""
    rule = card(folder, f"match: resource.aws_lambda_function\nrequire: '{require}'\n")
    report = lint_text(FUNCTION % '"python3.13"', rule, today=day)
    assert (report.doubts, report.failures) == ((), ())
    return not report.findings


@pytest.mark.parametrize(
    ("day", "require", "holds"),
    [
        (date(2026, 10, 30), 'due("2026-10-31")', False),
        (date(2026, 10, 31), 'due("2026-10-31")', True),
        (date(2027, 1, 1), 'due("2026-10-31")', True),
        (date(2026, 10, 20), 'due("2026-10-31", 10)', False),
        (date(2026, 10, 21), 'due("2026-10-31", 10)', True),
    ],
)
def test_a_day_is_due_from_itself_on_or_some_days_before(tmp_path: Path, day: date, require: str, holds: bool) -> None:
    assert _judged_on(tmp_path, day, require) is holds


@pytest.mark.parametrize(
    ("require", "reason"),
    [
        ('due("tomorrow")', "due takes a day such as 2026-10-31, not tomorrow"),
        ("due(3)", "due takes a day and a number of days"),
        ("due(self.runtime)", "var.x has no default"),
        ("runtime(self.runtime) == null", "var.x has no default"),
    ],
)
def test_what_is_no_day_or_is_not_known_is_a_doubt(tmp_path: Path, require: str, reason: str) -> None:
    rule = card(tmp_path, f"match: resource.aws_lambda_function\nrequire: '{require}'\n")
    assert [found[2] for found in findings(rule, FUNCTION % "var.x")] == [reason]


@pytest.mark.parametrize(
    ("runtime", "require"),
    [
        ('"python3.8"', 'runtime(self.runtime).deprecated == "2024-10-14"'),
        ('"python3.8"', 'runtime(self.runtime).update_blocked == "2027-03-03"'),
        ('"python3.8"', 'runtime(self.runtime).successor == "python3.14"'),
        ('"python3.14"', "runtime(self.runtime).successor == null"),
        ('"python3.99"', "runtime(self.runtime) == null"),
        ("null", "runtime(self.runtime) == null"),
    ],
)
def test_a_runtime_has_its_days(tmp_path: Path, runtime: str, require: str) -> None:
    rule = card(tmp_path, f"match: resource.aws_lambda_function\nrequire: '{require}'\n")
    assert findings(rule, FUNCTION % runtime) == []
