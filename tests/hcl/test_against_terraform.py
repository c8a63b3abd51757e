"""Files are accepted and refused as terraform does, with the first error on the same line."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tflint_tap.checks.syntax.duplicate_argument import repeated
from tflint_tap.hcl import parse
from tflint_tap.text.source import Source

from .grammar import BODIES, broken_files
from .oracle import TERRAFORM, first_errors

pytestmark = pytest.mark.slow

CASES = Path(__file__).with_name("cases")
_SIGNS = str.maketrans({"⏎": "\n", "␍": "\r", "␉": "\t", "§": "\ufeff"})
needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="terraform isn't on the PATH: it is the oracle here")


def _cases() -> list[tuple[str, str]]:
    return [
        (path.stem, line)
        for path in sorted(CASES.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line and not line.startswith("# One file")
    ]


@cache
def _expected(family: str) -> dict[str, int | None]:
    lines = [line for name, line in _cases() if name == family]
    return dict(zip(lines, first_errors([line.translate(_SIGNS) for line in lines]), strict=True))


def first_line(text: str) -> int | None:
    """The line of the first thing wrong, None where there is none; terraform's parser refuses repeated arguments."""
    file = parse(Source("case.tf", text))
    lines = [diagnostic.span.line for diagnostic in file.diagnostics]
    lines += [again.name_span.line for again, _ in repeated(file.body)]
    return min(lines, default=None)


@needs_terraform
@pytest.mark.parametrize(("family", "line"), _cases())
def test_a_file_is_accepted_or_refused_where_terraform_does(family: str, line: str) -> None:
    assert first_line(line.translate(_SIGNS)) == _expected(family)[line]


def _disagreements(texts: list[str]) -> list[tuple[str, int | None, int | None]]:
    """Texts with our line and terraform's where they differ."""
    ours = [first_line(text) for text in texts]
    return [row for row in zip(texts, ours, first_errors(texts), strict=True) if row[1] != row[2]]


SAME_LINE_AT_LEAST = 0.97  # of what both refuse: one damage can be two errors, and each reader has its order
generated = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@needs_terraform
@generated
@given(st.lists(BODIES, min_size=30, max_size=30))
def test_generated_sound_files_are_read_as_terraform_reads_them(texts: list[str]) -> None:
    assert _disagreements(texts) == []


@needs_terraform
def test_generated_broken_files_are_refused_where_terraform_refuses_them() -> None:
    texts: list[str] = []

    @generated
    @given(st.lists(broken_files(), min_size=30, max_size=30))
    def collect(some: list[str]) -> None:
        texts.extend(some)

    collect()
    disagreements = _disagreements(texts)
    assert [row for row in disagreements if None in row[1:]] == []
    assert len(disagreements) <= (1 - SAME_LINE_AT_LEAST) * len(texts), disagreements
