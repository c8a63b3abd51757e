"""`tap-lint hook`: judge the modules that a commit touches; for pre-commit, and for hooks of git."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import click

from ..rerun import forget
from ..text.mentions import mentions_of
from .check import command as check
from .git import GitError, commit_of, git, listed, repository_at
from .main import give_up

TERRAFORM = re.compile(r"\.(tf|tofu|tfvars)(\.json)?$|(^|/)\.terraform\.lock\.hcl$")
_MODULE_FILES = ("*.tf", "*.tofu", "*.tf.json", "*.tofu.json")
_CHANGES = ("diff", "--name-status", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules")
_GREP = ("grep", "-l", "-z", "-F", "-I", "--no-color", "--no-textconv", "--no-recurse-submodules", "-f", "-", "--",
         *_MODULE_FILES)  # fmt: skip
_NO_MATCH = 1  # the exit code of git grep
# a part of the modules is judged, so that a baseline of all of them can't be written
_NOT_HERE = ("paths", "stdin_filename", "force_exclude", "write_baseline", "prune")


def _judge(files: tuple[str, ...], **options: Any) -> None:
    """Judge the modules that a commit touches: for pre-commit, and for hooks of git.

    FILES are changed files. git tells of more: those that the commit takes away (pre-commit names only what is there)
    and those that Terraform code reads; outside of pre-commit all that is staged. With PRE_COMMIT_FROM_REF and
    PRE_COMMIT_TO_REF it is what changed between the two.

    A module that a file belongs to, or that reads it, is judged as a whole, together with the modules that call it.
    Where a commit touches none, nothing is done. The options are those of `tap-lint check`.

    Exit codes: 0 nothing to report, 1 findings, 2 the tool couldn't do its work.
    """
    forget()
    top = repository_at(".")
    if top is None:
        give_up("hook: this folder lies in no git repository")
    given = [_within(top, file) for file in files]
    try:
        concerned = _concerned(top, given)
    except GitError as error:
        give_up(f"hook: {error}")
    if concerned:
        paths = tuple(os.path.relpath(os.path.join(top, file)) for file in concerned)
        click.get_current_context().invoke(check, paths=paths, force_exclude=True, **options)
    sys.exit(0)


def _within(top: str, file: str) -> str:
    """A path from the repository's folder, as git has it."""
    folder, name = os.path.split(file)
    return os.path.relpath(os.path.join(os.path.realpath(folder), name), top).replace(os.sep, "/")


def _concerned(top: str, given: list[str]) -> list[str]:
    """The files of the modules that the commit touches, from the repository's folder."""
    by_git = _changes(top)
    has_names = os.environ.get("PRE_COMMIT") == "1"  # what pre-commit names has passed the user's own patterns
    told = [name for status, name in by_git if status == "D" or not has_names or not TERRAFORM.search(name)]
    changed = list(dict.fromkeys([*given, *told]))
    naming = _naming(top, [name for name in changed if not TERRAFORM.search(name)])
    if not naming and not any(map(TERRAFORM.search, changed)):
        return []
    from ..touched import files_touched

    return files_touched(top, listed(git(top, "ls-files", "-z", "--", *_MODULE_FILES)), changed, naming)


def _changes(top: str) -> list[tuple[str, str]]:
    """The files that the commit changes, or those between two commits, each with what git says of it: A, M, D."""
    refs = [os.environ.get(f"PRE_COMMIT_{side}_REF", "") for side in ("FROM", "TO")]
    if not all(refs):
        told = git(top, *_CHANGES, "--cached", "--")
    else:
        first, last = (commit_of(top, ref) for ref in refs)
        try:
            told = git(top, *_CHANGES, f"{first}...{last}", "--")
        except GitError:  # the two have no history in common
            told = git(top, *_CHANGES, first, last, "--")
    fields = listed(told)
    return list(zip(fields[::2], fields[1::2], strict=True))


def _naming(top: str, others: list[str]) -> list[str]:
    """The Terraform files that may name one of the files that aren't Terraform's."""
    mentions = {mention for path in others if "\n" not in path for mention in mentions_of(path)}
    if not mentions:
        return []
    return listed(git(top, *_GREP, given="\n".join(sorted(mentions)) + "\n", accepted=(0, _NO_MATCH)))


command = type(check)(
    "hook",
    params=[
        click.Argument(["files"], nargs=-1),
        *(parameter for parameter in check.params if parameter.name not in _NOT_HERE),
    ],
    callback=_judge,
    help=_judge.__doc__,
)
