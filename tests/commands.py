"""The command run as users do."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tflint_tap.cli.main import cli

COMMAND = Path(sys.executable).with_name("tap-lint")
SOUND = 'variable "name" {\n  type = string\n}\n'
BROKEN = "locals {\n  a = 1 b = 2\n}\n"


def run(*arguments: str, cwd: Path, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(COMMAND), *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def invoke(*arguments: str, cwd: Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    """The command run within this process: a start of Python less."""
    before = os.getcwd()
    os.chdir(cwd)
    try:
        done = runner().invoke(cli, arguments, input=stdin)
    finally:
        os.chdir(before)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def runner() -> CliRunner:
    """A runner within this process that keeps the two streams apart, as click does by itself since 8.2."""
    options: dict[str, Any] = {"mix_stderr": False}
    return CliRunner(**options) if "mix_stderr" in inspect.signature(CliRunner).parameters else CliRunner()
