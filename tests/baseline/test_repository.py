"""A large repository begins with a baseline: what is there doesn't fail, what is new does, what moves doesn't."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.baseline.test_baseline import queue, write
from tests.commands import invoke

MODULES = 300
ROLE = """resource "aws_iam_role_policy" "worker" {
  role = "worker"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["dynamodb:*"], Resource = "*" }]
  })
}
"""
CALL = 'module "shared" {{\n  source = "../m{}"\n}}\n'


def stack(number: int) -> dict[str, str]:
    """The files of a module; each tenth one calls another."""
    blocks = queue(f"jobs-{number}".replace("-", "_"), encrypted=number % 3 == 0) + ROLE
    more = {f"m{number}/calls.tf": CALL.format(number - 1)} if number % 10 == 1 else {}
    return {f"m{number}/main.tf": blocks} | more


def said(folder: Path) -> tuple[int, list[str]]:
    """The exit code and the files and rules of the findings."""
    done = invoke(".", "--quiet", "--jobs", "1", cwd=folder)
    found = re.findall(r"^(\S+?):\d+:\d+: (?:error|warning|note) (\S+):", done.stdout, re.MULTILINE)
    return done.returncode, [f"{path}: {rule}" for path, rule in found]


@pytest.mark.slow
def test_a_repository_begins_green_one_fault_is_one_finding_and_moves_are_none(tmp_path: Path) -> None:
    for number in range(MODULES):
        write(tmp_path, stack(number))
    (tmp_path / ".git").mkdir()
    assert invoke("init", cwd=tmp_path).returncode == 0
    assert said(tmp_path) == (0, [])

    write(tmp_path, stack(9) | {"m9/main.tf": stack(9)["m9/main.tf"].replace("= true", "= false")})
    for number in range(MODULES):
        main = tmp_path / f"m{number}/main.tf"
        write(
            tmp_path,
            {f"m{number}/role.tf": "# moved\n\n" + ROLE, f"m{number}/other.tf": main.read_text().replace(ROLE, "")},
        )
        main.unlink()
    assert said(tmp_path) == (1, ["m9/other.tf: encryption/unencrypted-queue"])
