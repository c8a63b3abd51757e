"""What git tells of a repository. It is asked only for what it knows, and never runs what the repository names."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection
from pathlib import Path

# No command that a repository's own settings may name is run, and nothing is fetched.
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never",
        "-c", "core.quotePath=false", "--no-optional-locks")  # fmt: skip
# Of the environment: git looks for the repository by itself, and says what it is asked for.
_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_DIFF_OPTS", "GIT_EXTERNAL_DIFF")
_ADDED = {"LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1"}


class GitError(Exception):
    """What git can't tell; the message is its reason, empty where it gives none."""


def git(repository: str, *arguments: str, given: str = "", accepted: Collection[int] = (0,)) -> str:
    """What git prints. `given` is its standard input, `accepted` are the exit codes of an answer. GitError else."""
    environment = {name: value for name, value in os.environ.items() if name not in _OURS} | _ADDED
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


def without_filters(repository: str) -> list[str]:
    """The options by which git compares files without the filters of its settings, which are commands."""
    named = git(repository, "config", "-z", "--name-only", "--get-regexp", r"^filter\..*\.", accepted=(0, 1))
    drivers = dict.fromkeys(name.rpartition(".")[0] for name in listed(named))
    values = ("clean=", "smudge=", "process=", "required=false")
    settings = (f"{driver}.{value}" for driver in drivers for value in values)
    return [part for setting in settings for part in ("-c", setting)]


def commit_of(repository: str, revision: str) -> str:
    """The id of the commit that a revision names, whatever that looks like. GitError where there is none."""
    try:
        return git(repository, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").strip()
    except GitError as error:
        if "single revision" not in str(error):
            raise
        raise GitError(f"there is no such revision{_if_shallow(repository)}") from None


def base_of(repository: str, commit: str) -> str:
    """The commit at which the branch at hand left another one. GitError where they have none in common."""
    try:
        return git(repository, "merge-base", commit, "HEAD").strip()
    except GitError as error:
        none = f"the branch has no history in common with it{_if_shallow(repository)}"
        raise GitError(str(error) or none) from None


def _if_shallow(repository: str) -> str:
    is_shallow = git(repository, "rev-parse", "--is-shallow-repository").strip() == "true"
    return ": the clone is shallow; fetch its history (actions/checkout: fetch-depth: 0)" if is_shallow else ""


def listed(text: str) -> list[str]:
    """The names of an answer in which each ends with a zero byte."""
    return [name for name in text.split("\0") if name]


def repository_at(folder: str) -> str | None:
    """The repository that a folder really lies in, None where it lies in none."""
    from ..text.ignored import repository_of

    found = repository_of(Path(os.path.realpath(folder)))
    return None if found is None else str(found)
