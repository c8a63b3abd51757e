"""The table of engine versions."""

from __future__ import annotations

from datetime import date

import pytest

from tflint_tap.aws.engine_versions import support, versions


@pytest.mark.parametrize(
    ("engine", "version", "standard"),
    [
        ("postgres", "13", date(2026, 2, 28)),
        ("postgres", "13.4", date(2026, 2, 28)),
        ("postgres", "9.6.24", date(2022, 4, 30)),
        ("mysql", "8.0.35", date(2026, 7, 31)),
        ("aurora-mysql", "5.7.mysql_aurora.2.11.1", date(2024, 10, 31)),
        ("neptune", "1.2.1.0.R7", date(2026, 3, 6)),
        ("neptune", "1.0.5.1", date(2023, 1, 30)),
        ("redis", "6.x", date(2027, 1, 31)),
        ("redis", "5.0.6", date(2026, 1, 31)),
        ("docdb", "5.0.0", None),
    ],
)
def test_a_version_has_the_days_of_its_major_version(engine: str, version: str, standard: date | None) -> None:
    found = support(engine, version)
    assert found is not None
    assert found.standard == standard


@pytest.mark.parametrize(
    ("engine", "version"), [("postgres", "99"), ("postgres", "1"), ("oracle-ee", "19"), ("mysql", "8")]
)
def test_a_version_that_the_table_does_not_know(engine: str, version: str) -> None:
    assert support(engine, version) is None


def test_a_version_is_withdrawn_no_earlier_than_its_standard_support_ends() -> None:
    for engine, version in versions():
        found = support(engine, version)
        assert found is not None
        assert found.withdrawn is None or (found.standard is not None and found.standard <= found.withdrawn)
