"""Heredocs come to what Terraform says they do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.stacks import module_of
from tflint_tap.hcl import parse_expression
from tflint_tap.terraform.evaluation.answers import answer
from tflint_tap.terraform.evaluation.evaluator import Evaluator
from tflint_tap.text.source import Source

pytestmark = pytest.mark.slow

CASES = Path(__file__).with_name("heredocs.txt").read_text(encoding="utf-8").split("\n----\n")
MODULE = (
    "locals {\n" + "\n".join(f"  case_{number} = {case.rstrip(chr(10))}" for number, case in enumerate(CASES)) + "\n}\n"
)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform isn't on the PATH: it is the oracle here")
    folder = tmp_path_factory.mktemp("heredocs")
    (folder / "main.tf").write_text(MODULE, encoding="utf-8")
    names = ", ".join(f"local.case_{number}" for number in range(len(CASES)))
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    run = subprocess.run(
        ["terraform", "console", "-no-color"],
        input=f"base64encode(jsonencode([{names}]))\n".encode(),
        capture_output=True,
        cwd=folder,
        env=environment,
        check=True,
    )
    import base64

    found: list[object] = json.loads(base64.b64decode(json.loads(run.stdout)))
    return found


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_heredoc_comes_to_what_terraform_says(number: int, expected: list[object]) -> None:
    evaluator = Evaluator(module_of(MODULE))
    value = evaluator.evaluate(parse_expression(Source("expression", f"local.case_{number}")))
    assert json.loads(answer(value)) == {"value": expected[number]}
