"""Repositories with settings, and the command run in them within this process."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.commands import runner
from tflint_tap.cli.main import cli

QUEUE = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'


class Done(NamedTuple):
    """What a run prints, and its exit code."""

    code: int
    output: str
    complaint: str

    @property
    def rules(self) -> list[str]:
        """The rules of the findings, each with its severity: `error messaging/queue-without-dlq`."""
        return sorted(" ".join(line.split(": ")[1].split()[-2:]) for line in self.output.splitlines())


def repository(folder: Path, files: Mapping[str, str]) -> Path:
    """A git repository with these files."""
    (folder / ".git").mkdir(parents=True)
    written(folder, files)
    return folder


def written(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run(folder: Path, *arguments: str) -> Done:
    """The command, run in a folder."""
    with _in(folder):
        done = runner().invoke(cli, list(arguments), catch_exceptions=False)
    return Done(done.exit_code, done.stdout, done.stderr)


def checked(folder: Path, *arguments: str) -> Done:
    return run(folder, "check", "--quiet", *arguments)


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
