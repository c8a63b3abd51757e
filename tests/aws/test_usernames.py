"""The table of reserved master user names."""

from __future__ import annotations

import pytest

from tflint_tap.aws.usernames import engines, is_reserved, reserved_names


@pytest.mark.parametrize(
    ("engine", "name", "reserved"),
    [
        ("postgres", "admin", True),
        ("aurora-postgresql", "Admin", True),
        ("aurora-postgresql", "user", True),
        ("aurora-postgresql", "pg_owner", True),
        ("aurora-postgresql", "postgres", False),
        ("aurora-postgresql", "administrator", False),
        ("aurora-mysql", "admin", False),
        ("mysql", "rdsadmin", True),
        ("sqlserver-ex", "rdsadmin", True),
        ("docdb", "admin", True),
        ("docdb", "rdsadmin", False),
        ("redshift", "public", True),
        ("redshift", "awsuser", False),
        ("", "rdsadmin", True),
    ],
)
def test_an_engine_reserves_names(engine: str, name: str, reserved: bool) -> None:
    assert is_reserved(engine, name) is reserved


def test_names_are_in_lower_case_and_not_said_twice() -> None:
    for engine in engines():
        names = reserved_names(engine) if engine != "*" else ("rdsadmin",)
        assert len(set(names)) == len(names)
        assert all(name == name.lower() for name in names)
