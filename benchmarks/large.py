"""Measure the process time (seconds) of 300 modules, beside checkov, and of modules of 2,000 and of 50,000 lines.

    python benchmarks/large.py PATH/TO/tap-lint [PATH/TO/checkov]

Both commands are to be installed from wheels, with byte code. The stacks are made of the example of the README, each
copy with labels and names of its own.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / "docs" / "example" / "main.tf"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
ENVIRONMENT["TAP_LINT_NO_CACHE"] = "1"
MODULES = 300
LINES = (2_000, 50_000)


def module(copies: int) -> str:
    """A module with so many copies of what the example declares; variables and tags are there once."""
    text = EXAMPLE.read_text(encoding="utf-8")
    head, _, resources = text.partition('resource "aws_sqs_queue"')
    variables, _, settings = head.partition("locals {\n")
    tags, _, statements = settings.partition("\n\n")
    body = f'\nlocals {{\n{statements}resource "aws_sqs_queue"{resources}'
    named = (re.sub(r"\b(orders|worker|statements)\b", rf"\1_{number}", body) for number in range(copies))
    return f"{variables}locals {{\n{tags}\n}}\n{''.join(named)}"


def seconds(*command: str) -> float:
    """The process time of a command, that of its own processes included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=False, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit(f"{command[0]} exits with {done.returncode}: {done.stderr.decode()[-500:]}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(MODULES):
            path = Path(folder, f"stack{number}", "main.tf")
            path.parent.mkdir()
            path.write_text(module(1), encoding="utf-8")
        one, all_ = seconds(sys.argv[1], folder, "--jobs", "1"), seconds(sys.argv[1], folder)
        print(f"{MODULES} modules: tap-lint {one:.1f} s in one process, {all_:.1f} s in several")
        if len(sys.argv) > 2:
            other = seconds(sys.argv[2], "-d", folder, "--quiet", "--compact")
            print(f"{MODULES} modules: checkov {other:.1f} s, {other / one:.1f} times as much")
    each = module(2).count("\n") - module(1).count("\n")
    taken = []
    for lines in LINES:
        with tempfile.TemporaryDirectory() as folder:
            text = module(lines // each)
            Path(folder, "main.tf").write_text(text, encoding="utf-8")
            taken.append(seconds(sys.argv[1], folder))
            print(f"one module of {text.count(chr(10)):,} lines: {taken[-1]:.2f} s")
    print(f"{LINES[1] // LINES[0]} times the lines take {taken[1] / taken[0]:.1f} times as long")


if __name__ == "__main__":
    main()
