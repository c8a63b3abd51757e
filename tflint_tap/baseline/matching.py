"""Which findings of a run a baseline knows, and which of its entries nothing matches any more."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path

from ..discovery import files_in
from ..hcl.nodes import Attribute, Block
from ..lint import Report
from ..records import dataclass, field, replace
from ..rule import Finding
from ..text.source import Source
from .entries import Baseline, Entry, Renaming, entries_of, plain
from .standing import addresses_of

IN_BASELINE = "in the baseline"
_MOST_TOLD = 5  # stale entries that are told one by one


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison with a baseline leaves of a report, and the entries of the baseline that still stand."""

    report: Report
    kept: Counter[Entry]
    stale: int


def compared(report: Report, baseline: Baseline, path: str, version: str) -> Compared:
    """A report without the findings and doubts that a baseline knows; `path` is the baseline's, `version` tap-lint's.

    Each entry stands for as many findings as it counts. A finding is the one of an entry if all that identifies it is
    as it was; else, among those that are left, if its block went to another folder, or has another name: then no block
    of the entry's name is left where the entry has it. Where another version of tap-lint wrote the entry, the message
    may have become another one.
    """
    root = os.path.dirname(os.path.realpath(path))
    moved = {module: Renaming(names) for module, names in _moved(report, root).items()}
    left: Counter[Entry] = Counter()
    for entry, count in baseline.entries.items():
        left[moved[entry.module].entry(entry) if entry.module in moved else entry] += count
    open_ = entries_of(report, root)
    known: set[int] = set()
    kept: Counter[Entry] = Counter()
    modules = _Modules(root, report, {os.path.realpath(source.path): source for source in report.sources})
    for key in (_all, _elsewhere, _under_another_name, *([_in_other_words] if version != baseline.version else [])):
        gone = modules.lacks if key in (_elsewhere, _under_another_name) else None
        open_ = _matched(open_, left, key, known, kept, gone)
    rules = {rule.id for rule in report.rules}
    stale = Counter({one: n for one, n in left.items() if one.rule in rules and modules.is_whole(one.module)})
    kept += left - stale
    findings = tuple(finding for finding in report.findings if id(finding) not in known)
    doubts = tuple(doubt for doubt in report.doubts if id(doubt) not in known)
    told = {**report.left_out, IN_BASELINE: len(known)} if known else report.left_out
    return Compared(
        replace(report, findings=findings, doubts=doubts, left_out=told, stale=tuple(_words(stale, path))),
        kept,
        stale.total(),
    )


# What two of a kind have in common, the strictest first


def _all(entry: Entry) -> Hashable:
    return entry._replace(block="")


def _elsewhere(entry: Entry) -> Hashable:
    return entry._replace(module="")


def _under_another_name(entry: Entry) -> Hashable:
    own = entry.address
    return entry._replace(
        address=own.rpartition(".")[0], message=entry.message.replace(own, "") if own else entry.message
    )


def _in_other_words(entry: Entry) -> Hashable:
    return entry._replace(message="", block="")


def _matched(
    open_: list[tuple[Finding, Entry]],
    left: Counter[Entry],
    key: Callable[[Entry], Hashable],
    known: set[int],
    kept: Counter[Entry],
    fits: Callable[[Entry], bool] | None,
) -> list[tuple[Finding, Entry]]:
    """The findings that no entry is left for; those that one is are `known`, and their entries `kept`.

    Only entries that `fits` holds for count.
    """
    by_key: dict[Hashable, list[Entry]] = {}
    for entry in left if open_ else ():
        if fits is None or fits(entry):
            by_key.setdefault(key(entry), []).append(entry)
    still = []
    for finding, entry in open_:
        entries = by_key.get(key(entry))
        if entries:
            left[entries[-1]] -= 1
            if not left[entries[-1]]:
                entries.pop()
            known.add(id(finding))
            kept[entry] += 1
        else:
            still.append((finding, entry))
    for entry in [entry for entry, count in left.items() if not count]:
        del left[entry]
    return still


def _moved(report: Report, root: str) -> dict[str, dict[str, str]]:
    """By module, the new address of each block that a moved block of it renames."""
    found: dict[str, dict[str, str]] = {}
    for source in report.sources:
        for block in report.tree(source).body.blocks if "moved" in source.text else ():
            if block.type == "moved":
                old, new = _address(block, "from"), _address(block, "to")
                if old and new and old != new:
                    module = os.path.relpath(os.path.dirname(os.path.realpath(source.path)), root).replace(os.sep, "/")
                    found.setdefault(module, {})[old] = new
    return {module: {old: _last(old, names) for old in names} for module, names in found.items()}


def _address(block: Block, name: str) -> str:
    attribute: Attribute | None = block.body.attribute(name)
    return plain("".join(attribute.expr.span.code.split()).strip('"')) if attribute is not None else ""


def _last(name: str, names: dict[str, str]) -> str:
    """Where a chain of moves leads; a circle leads nowhere."""
    seen = {name}
    while (following := names.get(name)) is not None and following not in seen:
        seen.add(following)
        name = following
    return name


@dataclass(frozen=True, slots=True, eq=False)
class _Modules:
    """The modules that entries name: which of them the run has judged in full, and what they declare."""

    root: str
    report: Report
    sources: Mapping[str, Source]  # by their real paths
    _whole: dict[str, bool] = field(default_factory=dict)
    _declared: dict[str, frozenset[str]] = field(default_factory=dict)

    def is_whole(self, module: str) -> bool:
        """Return True if the run has read all files that a module has, and all of them are sound."""
        if module not in self._whole:
            read = [self.sources.get(file) for file in self._files(module)]
            self._whole[module] = all(one is not None and not self.report.tree(one).diagnostics for one in read)
        return self._whole[module]

    def lacks(self, entry: Entry) -> bool:
        """Return True if the block of an entry isn't in its module any more."""
        return self.is_whole(entry.module) and entry.address not in self._declares(entry.module)

    def _declares(self, module: str) -> frozenset[str]:
        if module not in self._declared:
            trees = (self.report.tree(self.sources[file]) for file in self._files(module))
            blocks = (block for tree in trees for block in tree.body.blocks)
            self._declared[module] = frozenset(address for block in blocks for address in addresses_of(block))
        return self._declared[module]

    def _files(self, module: str) -> list[str]:
        return [os.path.realpath(file) for file in files_in(Path(self.root, module))]


def _words(stale: Counter[Entry], path: str) -> list[str]:
    """What is said of stale entries: how many there are, and the first of them."""
    if not stale:
        return []
    ordered = sorted(stale)
    entries = "1 entry matches" if stale.total() == 1 else f"{stale.total()} entries match"
    told = [f"{entry.rule} of {entry.address or entry.module} ({entry.module})" for entry in ordered[:_MOST_TOLD]]
    more = len(ordered) - len(told)
    head = f"{path}: {entries} no finding any more; --prune removes them"
    return [head, *(f"{path}: {one}" for one in told), *([f"{path}: and {more} more"] if more else [])]
