"""Findings that a run leaves out: those of a baseline, and those on lines that have not changed since a revision."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from .main import give_up, version
from .writing import write

if TYPE_CHECKING:
    from ..lint import Report

# no command that a repository's own settings may name is run
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-optional-locks")
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
        commit = _git(repository, revision, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        base = _git(repository, revision, "merge-base", commit.strip(), "HEAD").strip()
        diff = _git(repository, revision, *_DIFF, base, "--")
        untracked = _git(repository, revision, "ls-files", "--others", "--exclude-standard", "-z")
        found = changes_of(diff, filter(None, untracked.split("\0")), repository)
        made.files |= found.files
        made.removed += found.removed
    return changed(report, made)


def _repositories(report: Report) -> list[str]:
    """The repositories that the files of a run lie in."""
    from ..text.ignored import repository_of

    found: dict[str, None] = {}
    for folder in dict.fromkeys(os.path.dirname(os.path.realpath(source.path)) for source in report.sources):
        repository = repository_of(Path(folder))
        if repository is None:
            give_up(f"--diff-base: {folder} lies in no git repository")
        found[str(repository)] = None
    return list(found)


def _git(repository: str, revision: str, *arguments: str) -> str:
    """What git prints; give up where it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE")}
    command = [*_GIT, "-C", repository, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment | {"LC_ALL": "C"})
    except OSError as error:
        give_up(f"--diff-base: git can't be run: {(error.strerror or str(error)).lower()}")
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = told[0].removeprefix("fatal: ") if told else "the branch has no history in common with it"
        give_up(f"--diff-base {revision}: {reason} (in {repository})")
    return done.stdout.decode("utf-8", "surrogateescape")
