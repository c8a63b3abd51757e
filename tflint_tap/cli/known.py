"""Findings that a run leaves out: those of a baseline, and those on lines that have not changed since a revision."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from .git import GitError, base_of, commit_of, git, listed, repository_at, without_filters
from .main import give_up, version
from .writing import write

if TYPE_CHECKING:
    from ..lint import Report

# --text, whatever .gitattributes and the size of a file say: what git calls binary would have no lines
_DIFF = ("diff", "--text", "-U0", "--inter-hunk-context=0", "-M", "-O/dev/null", "--no-color", "--no-ext-diff",
         "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules")  # fmt: skip


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
        write(path, written(found.kept, version()))
    return replace(found.report, stale=())


def write_baseline(report: Report, path: str) -> Report:
    """Write all findings and doubts of a report as a baseline; what is left to report."""
    from ..baseline.entries import Baseline, entries_of, written
    from ..baseline.matching import compared

    if report.failures:
        give_up(f"{path} is not written: {report.failures[0]}")
    entries = Counter(entry for _, entry in entries_of(report, os.path.dirname(path) or "."))
    write(path, written(entries, version()))
    return compared(report, Baseline(entries, version()), path, version()).report


def since(report: Report, revision: str) -> Report:
    """A report of what lies on lines that have changed since a revision of the repository that its files lie in.

    A file that git doesn't know, as it ignores it, is new in all its lines.
    """
    from ..baseline.changes import Changes, changed, changes_of

    made = Changes()
    for repository, files in _repositories(report).items():
        try:
            base = base_of(repository, commit_of(repository, revision))
            diff = git(repository, *without_filters(repository), *_DIFF, base, "--")
            known = {os.path.join(repository, name) for name in listed(git(repository, "ls-files", "-z"))}
        except GitError as error:
            give_up(f"--diff-base {revision}: {error} (in {repository})")
        changes_of(diff, files - known, repository, made)
    return changed(report, made)


def _repositories(report: Report) -> dict[str, set[str]]:
    """The files of a run by the repository that they really lie in."""
    by_folder: dict[str, set[str]] = {}
    for source in report.sources:
        path = os.path.realpath(source.path)
        by_folder.setdefault(os.path.dirname(path), set()).add(path)
    found: dict[str, set[str]] = {}
    for folder, files in by_folder.items():
        repository = repository_at(folder)
        if repository is None:
            give_up(f"--diff-base: {folder} lies in no git repository")
        found.setdefault(repository, set()).update(files)
    return found
