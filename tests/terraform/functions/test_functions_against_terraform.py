"""Every line of expressions/*.txt comes to what Terraform says it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terraform.evaluation.oracle import (
    ERROR,
    EXPRESSIONS,
    answers,
    initialise,
    printed,
    read_differences,
    read_expressions,
)
from tflint_tap.hcl import ParseError, parse_expression
from tflint_tap.terraform.evaluation.evaluator import Evaluator
from tflint_tap.terraform.functions import Environment
from tflint_tap.terraform.module import Module
from tflint_tap.text.source import Source

pytestmark = pytest.mark.slow

DIFFERENCES = read_differences()
FAMILIES = sorted(path.stem for path in EXPRESSIONS.glob("*.txt") if path.stem != "differences")


def cases() -> list[object]:
    found: list[object] = []
    for family in FAMILIES:
        for number, expression in enumerate(read_expressions(EXPRESSIONS / f"{family}.txt"), 1):
            marks = (
                [pytest.mark.xfail(strict=True, reason=DIFFERENCES[expression])] if expression in DIFFERENCES else []
            )
            found.append(pytest.param(family, expression, marks=marks, id=f"{family}-{number}"))
    return found


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A module's folder with some files to read."""
    made = tmp_path_factory.mktemp("module")
    (made / "main.tf").write_text(
        'terraform {\n  required_providers {\n    terraform = { source = "terraform.io/builtin/terraform" }\n  }\n}\n'
    )
    initialise(made)
    (made / "text.txt").write_bytes("héllo\nworld\n".encode())
    (made / "bytes.bin").write_bytes(b"\xff\x00\xfe")
    (made / "greeting.tftpl").write_text("Hello ${name}!%{ for x in xs } ${x}%{ endfor }\n")
    (made / "recursive.tftpl").write_text('${templatefile("greeting.tftpl", {})}')
    (made / "bad.tftpl").write_text("${")
    (made / "empty").write_text("")
    for name in ("a.tf", "b.tf", "sub/c.tf", "sub/deep/d.tf", "sub/e.json", ".hidden"):
        (made / "set" / name).parent.mkdir(parents=True, exist_ok=True)
        (made / "set" / name).write_text(name)
    return made


@pytest.fixture(scope="session")
def expected(folder: Path) -> dict[str, dict[str, str]]:
    """Terraform's answers by family, filled as they are asked for."""
    return {}


@pytest.mark.parametrize(("family", "expression"), cases())
def test_an_expression_comes_to_what_terraform_says(
    family: str, expression: str, folder: Path, expected: dict[str, dict[str, str]]
) -> None:
    if family not in expected:
        expected[family] = answers(read_expressions(EXPRESSIONS / f"{family}.txt"), folder)
    assert _answer(expression, folder) == expected[family][expression]


def _answer(expression: str, folder: Path) -> str:
    try:
        parsed = parse_expression(Source("expression", expression))
    except ParseError:
        return ERROR
    return printed(Evaluator(Module((), {}), environment=Environment(folder)).evaluate(parsed))


def test_every_difference_that_is_listed_is_an_expression_that_is_tested() -> None:
    tested = {expression for family in FAMILIES for expression in read_expressions(EXPRESSIONS / f"{family}.txt")}
    assert set(DIFFERENCES) - tested == set()
