"""Findings that a run leaves out: those of a baseline, and those on lines that have not changed since a revision."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from .git import GitError, commit_of, git, listed, repository_at
from .main import give_up, version
from .writing import write

if TYPE_CHECKING:
    from ..lint import Report

_DIFF = ("diff", "-U0", "-M", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/",
         "--ignore-submodules")  # fmt: skip


def without_known(report: Report, paths: Iterable[str], *, prune: bool) -> Report:
    """A report without what baselines list; with `prune` what nothing matches any more goes from them."""
    from ..records import replace

    stale: list[str] = []
    for path in paths:
        report = _without(report, path, prune=prune)
        stale += report.stale
    return replace(report, stale=tuple(stale))


def _without(report: Report, path: str, *, prune: bool) -> Report:
    from ..baseline.entries import BaselineError, read, written
    from ..baseline.matching import compared
    from ..discovery import read_source
    from ..records import replace
    from ..text.source import SourceError

    try:
        baseline = read(read_source(Path(path)).text, path)
    except (SourceError, BaselineError) as error:
        give_up(str(error))
    found = compared(report, baseline, path, version())
    if not prune:
        return found.report
    if report.failures:
        give_up(f"{path} is left as it is: not everything could be judged")
    if found.kept != baseline.entries:
        write(path, written(found.kept.elements(), version()))
    return replace(found.report, stale=())


def write_baseline(report: Report, path: str) -> Report:
    """Write all findings and doubts of a report as a baseline; what is left to report."""
    from ..baseline.entries import Baseline, entries_of, written
    from ..baseline.matching import compared

    entries = Counter(entry for _, entry in entries_of(report, os.path.dirname(path) or "."))
    write(path, written(entries.elements(), version()))
    return compared(report, Baseline(entries, version()), path, version()).report


def since(report: Report, revision: str) -> Report:
    """A report of what lies on lines that have changed since a revision of the repository that its files lie in."""
    from ..baseline.changes import Changes, changed, changes_of

    made = Changes()
    for repository in _repositories(report):
        try:
            commit = commit_of(repository, revision)
            base = _base(repository, commit)
            diff = git(repository, *_DIFF, base, "--")
            untracked = git(repository, "ls-files", "--others", "--exclude-standard", "-z")
        except GitError as error:
            give_up(f"--diff-base {revision}: {error} (in {repository})")
        found = changes_of(diff, listed(untracked), repository)
        made.files |= found.files
        made.removed += found.removed
    return changed(report, made)


def _base(repository: str, commit: str) -> str:
    try:
        return git(repository, "merge-base", commit, "HEAD").strip()
    except GitError as error:
        raise GitError(str(error) or "the branch has no history in common with it") from None


def _repositories(report: Report) -> list[str]:
    """The repositories that the files of a run lie in."""
    found: dict[str, None] = {}
    for folder in dict.fromkeys(os.path.dirname(os.path.realpath(source.path)) for source in report.sources):
        repository = repository_at(folder)
        if repository is None:
            give_up(f"--diff-base: {folder} lies in no git repository")
        found[repository] = None
    return list(found)
