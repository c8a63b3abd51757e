"""Schedules: what EventBridge accepts and refuses, as it answered, and which schedules are the same."""

from __future__ import annotations

import pytest

from tflint_tap.schedules import DIALECTS, ScheduleError, may_become_one, read_schedule

EVENTS = DIALECTS["events"]

# What PutRule of AWS answered to these, by tests/aws/services/events/test_events_schedule.py of LocalStack, where each
# test is marked as validated against AWS: https://github.com/localstack/localstack
REFUSED = [
    "rate(10 seconds)", "rate(10 years)", "rate(1 minutes)", "rate(1 hours)", "rate(1 days)", "rate(10 minute)",
    "rate(10 hour)", "rate(10 day)", "rate()", "rate(10)", "rate(10 minutess)", "rate(foo minutes)", "rate(0 minutes)",
    "rate(-10 minutes)", "rate(10 MINUTES)", "rate( 10 minutes )", " rate(10 minutes)", "cron(0 1 * * * *)",
    "cron(7 20 * * NOT *)", "cron(INVALID)", "cron(0 dummy ? * MON-FRI *)", "cron(71 8 1 * ? *)",
]  # fmt: skip
ACCEPTED = [
    "rate(1 minute)", "cron(0 2 ? * SAT *)", "cron(0 12 * * ? *)", "cron(5,35 14 * * ? *)",
    "cron(15 10 ? * 6L 2002-2005)", "cron(0 2 ? * SAT#3 *)", "cron(* * ? * SAT#3 *)", "cron(0/5 5 ? JAN 1-5 2022)",
    "cron(0 10 * * ? *)", "cron(15 12 * * ? *)", "cron(0 18 ? * MON-FRI *)", "cron(0 8 1 * ? *)",
    "cron(0/15 * * * ? *)", "cron(0/10 * ? * MON-FRI *)", "cron(0/5 8-17 ? * MON-FRI *)",
    "cron(0/30 20-23 ? * MON-FRI *)", "cron(0/30 0-2 ? * MON-FRI *)",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_eventbridge_refuses_is_refused(text: str) -> None:
    with pytest.raises(ScheduleError):
        read_schedule(text, EVENTS)


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_eventbridge_accepts_is_accepted(text: str) -> None:
    assert read_schedule(text, EVENTS).kind == text.partition("(")[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rate(60 minutes)", "rate(1 hour)"),
        ("rate(24 hours)", "rate(1 day)"),
        ("cron(0/15 * * * ? *)", "cron(0,15,30,45 * * * ? *)"),
        ("cron(*/15 * * * ? *)", "cron(0,15,30,45 0-23 * 1-12 ? *)"),
        ("cron(0 18 ? * MON-FRI *)", "cron(0  18  ?  *  2,3,4,5,6  *)"),
        ("cron(0 18 ? * mon-fri *)", "cron(00 18 ? JAN-DEC 2-6 1970-2199)"),
        ("cron(0 22-2 * * ? *)", "cron(0 0,1,2,22,23 * * ? *)"),
        ("cron(0 8 ? * SAT-MON *)", "cron(0 8 ? * 1,2,7 *)"),
        ("cron(0 8 ? * FRI#2 *)", "cron(0 8 ? * 6#2 *)"),
        ("cron(0 8 ? * FRIL *)", "cron(0 8 ? * 6L *)"),
    ],
)
def test_the_same_times_in_another_spelling_are_the_same_schedule(one: str, other: str) -> None:
    first, second = read_schedule(one, EVENTS), read_schedule(other, EVENTS)
    assert first == second
    assert first.normal == second.normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rate(5 minutes)", "rate(6 minutes)"),
        ("rate(1 hour)", "cron(0 * * * ? *)"),
        ("cron(0 8 L * ? *)", "cron(0 8 31 * ? *)"),
        ("cron(0 8 ? * 2 *)", "cron(0 8 2 * ? *)"),
        ("cron(0 8 ? * 6#1 *)", "cron(0 8 ? * 6#2 *)"),
    ],
)
def test_other_times_are_another_schedule(one: str, other: str) -> None:
    first, second = read_schedule(one, EVENTS), read_schedule(other, EVENTS)
    assert first != second
    assert first.normal != second.normal


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("rate(5 minutes)", 300),
        ("rate(2 days)", 172_800),
        ("cron(0/15 * * * ? *)", 900),
        ("cron(0,50 * * * ? *)", 600),
        ("cron(0 8,20 * * ? *)", 43_200),
        ("cron(30 3 * * ? *)", 86_400),
        ("cron(55 23,0 * * ? *)", 3600),
        ("at(2027-01-31T08:00:00)", None),
    ],
)
def test_the_shortest_time_between_two_runs(text: str, period: int | None) -> None:
    assert read_schedule(text, DIALECTS["scheduler"]).period == period


@pytest.mark.parametrize(
    ("text", "service", "reason"),
    [
        ("at(2027-01-31T08:00:00)", "events", "it has to be rate(...) or cron(...)"),
        ("at(2027-13-31T08:00:00)", "scheduler", "at takes a date and time, such as 2027-01-31T08:00:00"),
        ("rate(1 day)", "backup", "it has to be cron(...)"),
        ("daily", "ssm", "it has to be rate(...), cron(...) or at(...)"),
        ("cron(0/4 * * * ? *)", "glue", "there have to be 5 minutes between two runs"),
        ("cron(0 8 * FEBR ? *)", "events", "FEBR is no month; did you mean FEB?"),
        ("cron(0 8 5-40 * ? *)", "events", "40 is no day of the month: they go from 1 to 31"),
        ("cron(0 8 * * ? *,2300)", "events", "2300 is no year: they go from 1970 to 2199"),
        ("cron(5- 8 * * ? *)", "events", "a minute is missing"),
    ],
)
def test_the_reason_tells_what_is_wrong(text: str, service: str, reason: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        read_schedule(text, DIALECTS[service])
    assert str(caught.value) == reason


@pytest.mark.parametrize(("text", "service"), [("rate(1 hours)", "scheduler"), ("cron(0 0 3 ? * SUN *)", "ssm")])
def test_some_services_accept_more(text: str, service: str) -> None:
    assert read_schedule(text, DIALECTS[service]).period


@pytest.mark.parametrize(
    ("prefix", "is_possible"),
    [("", True), ("ra", True), ("rate(", True), ("cron(0 ", True), ("at(", False), ("every ", False), ("Rate(", False)],
)
def test_a_beginning_that_no_schedule_has(prefix: str, is_possible: bool) -> None:
    assert may_become_one(prefix, EVENTS) is is_possible
