"""An expression that reads a file may fail today and not at the plan, since the file may be made before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import rule_named
from tests.stacks import stack_of
from tflint_tap.judging import judge


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('locals {\n  boot = templatefile("boot.sh", {})\n  data = base64encode(local.boot)\n}\n', 0),
        ('locals {\n  boot = file("boot.sh")\n  data = [for line in split(",", local.boot) : line]\n}\n', 0),
        ('locals {\n  boot = "a"\n  data = tonumber(local.boot)\n}\n', 1),
    ],
)
def test_a_file_that_is_not_there_fails_no_expression(tmp_path: Path, text: str, number: int) -> None:
    found = list(judge(rule_named("references/failing-expression"), stack_of(text, folder=tmp_path)))
    assert len(found) == number
