"""Sessions for nox: the tests for each Python, lint, types. `.ci/run` does the same with the Python at hand."""

from __future__ import annotations

import re
from pathlib import Path

import nox

PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]

nox.needs_version = ">=2024.4.15"
nox.options.sessions = ["lint", "types", "tests"]
nox.options.error_on_missing_interpreters = False  # who has one Python needn't have all


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """All tests, or those that the arguments behind -- name: nox -s tests-3.12 -- -m "not slow"."""
    session.install("-e", ".[dev]")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def exhaustive(session: nox.Session) -> None:
    """The tests that take a part of their cases elsewhere, with all: mutants of drafts, 30,000 findings validated."""
    session.install("-e", ".[dev]")
    named = session.posargs or ("tests/drafting", "tests/report/test_sarif_validator.py")
    session.run("pytest", "-n", "auto", "--dist", "worksteal", *named, env={"TAP_LINT_EXHAUSTIVE": "1"})


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """The tests with the lowest versions of all dependencies that pyproject.toml allows; by default the fast ones."""
    needed = nox.project.load_toml("pyproject.toml")["project"]["dependencies"]
    lines: list[str] = []
    for one in needed:
        bound = re.fullmatch(r"([\w-]+)>=([\w.]+)(?:,<\w+)?", one)
        if bound is None:
            session.error(f"{one} has no lowest version")
        lines.append(f"{bound[1]}=={bound[2]}\n")
    constraints = Path(session.create_tmp(), "lowest.txt")
    constraints.write_text("".join(lines))
    session.install("-c", str(constraints), "-e", ".[dev]")
    session.run("pytest", "-n", "auto", *(session.posargs or ("-m", "not slow")))


@nox.session
def lint(session: nox.Session) -> None:
    """Style, format and the import contract."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """The package's types, and nothing else's."""
    session.install("-e", ".[dev]")
    session.run("mypy")
