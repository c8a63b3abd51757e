"""The table of runtimes: every runtime that the API has had, and days in their order."""

from __future__ import annotations

from datetime import date

from tflint_tap.aws import runtimes
from tflint_tap.aws.constraints import constraint

# `custom` is no runtime of Lambda's, the others came after the table, or have not come yet.
_WITHOUT_DAYS = {"custom", "nodejs26.x", "python3.15", "java8.al2023", "java11.al2023", "java17.al2023"}


def test_every_runtime_of_the_api_is_in_the_table_but_the_newest() -> None:
    known = constraint("aws_lambda_function", "runtime")
    assert known is not None
    assert set(known.enum) - set(runtimes.names()) == _WITHOUT_DAYS


def test_days_are_days_and_the_last_updates_come_after_the_last_creations() -> None:
    for name in runtimes.names():
        found = runtimes.runtime(name)
        assert found is not None
        deprecated, create, update = map(
            date.fromisoformat, (found.deprecated, found.create_blocked, found.update_blocked)
        )
        assert deprecated <= update
        assert create <= update


def test_what_follows_a_runtime_is_the_newest_of_its_language() -> None:
    for name in runtimes.names():
        found = runtimes.runtime(name)
        assert found is not None
        if found.successor is not None:
            following = runtimes.runtime(found.successor)
            assert following is not None
            assert following.successor is None
