"""What git tells of a repository. It is asked only for what it knows, and never runs what the repository names."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection
from pathlib import Path

# no command that a repository's own settings may name is run
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-optional-locks")
_OURS = ("GIT_DIR", "GIT_WORK_TREE")  # of the environment: git looks for the repository by itself


class GitError(Exception):
    """What git can't tell; the message is its reason, empty where it gives none."""


def git(repository: str, *arguments: str, given: str = "", accepted: Collection[int] = (0,)) -> str:
    """What git prints. `given` is its standard input, `accepted` are the exit codes of an answer. GitError else."""
    environment = {name: value for name, value in os.environ.items() if name not in _OURS} | {"LC_ALL": "C"}
    command = [*_GIT, "-C", repository, *arguments]
    sent = given.encode("utf-8", "surrogateescape")
    try:
        done = subprocess.run(command, input=sent, capture_output=True, check=False, env=environment)
    except OSError as error:
        raise GitError(f"git can't be run: {(error.strerror or str(error)).lower()}") from None
    if done.returncode not in accepted:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(told[0].removeprefix("fatal: ") if told else "")
    return done.stdout.decode("utf-8", "surrogateescape")


def commit_of(repository: str, revision: str) -> str:
    """The id of the commit that a revision names, whatever that looks like. GitError where there is none."""
    return git(repository, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").strip()


def listed(text: str) -> list[str]:
    """The names of an answer in which each ends with a zero byte."""
    return [name for name in text.split("\0") if name]


def repository_at(folder: str) -> str | None:
    """The repository that a folder really lies in, None where it lies in none."""
    from ..text.ignored import repository_of

    found = repository_of(Path(os.path.realpath(folder)))
    return None if found is None else str(found)
