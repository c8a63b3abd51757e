"""Modules judged by several processes. Their reports, put together, are that of one process.

A process is a copy of this one (fork), so that rules, inputs and texts needn't be handed over; where the system has no
such copies, one process judges all. What comes back is plain data: places are numbers within the texts that this
process has.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from .calling import joined_by_calls
from .discovery import Target
from .hcl.nodes import File
from .lint import Report, lint, local_calls, unclaimed
from .records import dataclass, field, replace
from .rule import Finding, Rule, Severity
from .suppressions.application import Silenced
from .suppressions.comments import Name, Suppression
from .terraform.evaluation.inputs import Inputs
from .text.source import Related, Source, Span

if TYPE_CHECKING:
    from .settings import RunSettings

_LEAST_TEXT = 60_000  # characters: less is judged before another process has begun
_LEAST_MODULES = 8
_CHUNKS = 4  # for each process, so that none waits long for another


_MOST = 64  # processes
_QUOTA = "/sys/fs/cgroup/cpu.max"  # microseconds of processor time in a period, or max


def processes(jobs: int) -> int:
    """The number of processes: `jobs`, or as many as there are processors for this one where that is 0."""
    if jobs:
        return jobs
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(count, _MOST, _quota()))


def _quota() -> int:
    """The processors that a container may use, _MOST where nothing limits them."""
    try:
        with open(_QUOTA, encoding="ascii") as file:
            time, period = file.read().split()
        return -(-int(time) // int(period))
    except (OSError, ValueError):
        return _MOST


def is_worth_it(targets: Sequence[Target], inputs: Mapping[Target, Inputs]) -> bool:
    """Return True if there is enough to judge, and what a module is judged by doesn't depend on the others.

    A value from the command line has to fit a variable of any of them.
    """
    if len(targets) < _LEAST_MODULES or any(given.given or given.texts for given in inputs.values()):
        return False
    if sum(len(source.text) for target in targets for source in target.sources) < _LEAST_TEXT:
        return False
    from multiprocessing import get_all_start_methods  # most runs are done before this is imported

    return "fork" in get_all_start_methods()


@dataclass(slots=True)
class _Work:
    """What the processes share, as this one has it when they begin."""

    groups: list[list[Target]]
    rules: tuple[Rule, ...]
    inputs: Mapping[Target, Inputs]
    known: Collection[str]
    today: date
    trees: dict[Source, File] = field(default_factory=dict)
    settings: RunSettings | None = None


_WORK: list[_Work] = []


def lint_apart(
    targets: Sequence[Target],
    rules: tuple[Rule, ...],
    inputs: Mapping[Target, Inputs],
    known: Collection[str],
    jobs: int,
    today: date | None = None,
    tell: Callable[[int, int], None] | None = None,
    settings: RunSettings | None = None,
) -> Report:
    """The report of `lint`, by several processes. Modules that call each other are judged by one.

    OSError or BrokenExecutor where the system has no room for more processes, or ends one.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    trees: dict[Source, File] = {}
    groups = joined_by_calls(targets, lambda target: local_calls(target, trees))
    work = _Work([[replace(one, unclaimed=()) for one in group] for group in groups], rules, {}, known,
                 today or date.today(), trees, settings)  # fmt: skip
    originals = dict(zip(chain(*work.groups), chain(*groups), strict=True))
    work.inputs = {target: inputs[original] for target, original in originals.items() if original in inputs}
    _WORK.append(work)
    parts: list[Report | None] = [None] * len(groups)
    chunks = _chunks(work.groups, jobs * _CHUNKS)
    done = 0
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(min(jobs, len(chunks)), mp_context=context) as pool:
            waiting = {pool.submit(_judged, chunk): chunk for chunk in chunks}
            for future in as_completed(waiting):
                for index, content in zip(waiting[future], future.result(), strict=True):
                    parts[index] = _report(content, work.groups[index], rules)
                    done += len(work.groups[index])
                    if tell is not None:
                        tell(done, len(targets))
    finally:
        _WORK.pop()
    return _joined([part for part in parts if part is not None], targets, rules)


def _chunks(groups: list[list[Target]], number: int) -> list[list[int]]:
    """The groups by their index, in lists of about the same amount of text; the largest are begun first."""
    sizes = [sum(len(source.text) for target in group for source in target.sources) for group in groups]
    import heapq

    chunks: list[tuple[int, list[int]]] = [(0, []) for _ in range(min(number, len(groups)))]
    for index in sorted(range(len(groups)), key=lambda index: (-sizes[index], index)):
        size, chunk = heapq.heappop(chunks)
        heapq.heappush(chunks, (size + sizes[index] + 1, [*chunk, index]))
    return [chunk for _, chunk in chunks if chunk]


def _judged(chunk: list[int]) -> list[bytes]:
    """What a process does: the reports of some groups, as plain data."""
    work = _WORK[-1]
    return [
        _plain_report(
            lint(
                work.groups[index], work.rules, work.inputs, work.known, work.today, work.trees, settings=work.settings
            )
        )
        for index in chunk
    ]


def _joined(parts: list[Report], targets: Sequence[Target], rules: tuple[Rule, ...]) -> Report:
    sources = dict.fromkeys(source for target in targets for source in target.shown)
    more = dict.fromkeys(source for part in parts for source in part.sources)
    return Report(
        tuple(sources | more),
        rules,
        tuple(sorted((one for part in parts for one in part.findings), key=lambda finding: finding.order)),
        tuple(sorted((one for part in parts for one in part.doubts), key=lambda finding: finding.order)),
        tuple(dict.fromkeys([*(one for part in parts for one in part.notices), *unclaimed(targets)])),
        tuple(dict.fromkeys(one for part in parts for one in part.failures)),
        tuple(one for part in parts for one in part.silenced),
        unjudged=tuple(dict.fromkeys(one for part in parts for one in part.unjudged)),
    )


# Reports as plain data

_TOLD = ("findings", "doubts", "notices", "failures", "silenced", "unjudged")
_RECORDS: dict[str, Any] = {one.__name__: one for one in (Finding, Related, Silenced, Suppression, Name)}


def _plain_report(report: Report) -> bytes:
    """A report as data that marshal can write: places are the index of their text, a start and an end."""
    texts: dict[Source, int] = {}
    shown = set(report.sources)

    def plain(value: object) -> object:
        if isinstance(value, Span):
            return "span", texts.setdefault(value.source, len(texts)), value.start, value.end
        if isinstance(value, Severity):
            return "severity", int(value)
        if isinstance(value, date):
            return "date", value.isoformat()
        if isinstance(value, Suppression):
            value = replace(value, faults=())  # they are findings
        kind = type(value).__name__
        if kind in _RECORDS:
            return kind, *(plain(getattr(value, name)) for name in _RECORDS[kind].__slots__)
        if isinstance(value, tuple):
            return "tuple", *map(plain, value)
        return value

    told: Any = tuple(plain(getattr(report, name)) for name in _TOLD)
    listed = tuple((source.path, None if source in shown else source.text, source.invalid) for source in texts)
    return marshal.dumps((listed, told))


def _report(content: bytes, group: Iterable[Target], rules: tuple[Rule, ...]) -> Report:
    listed, told = marshal.loads(content)
    own = {source.path: source for target in group for source in target.shown}
    texts = [own[path] if text is None else Source(path, text, invalid) for path, text, invalid in listed]

    def real(value: Any) -> Any:
        if not isinstance(value, tuple):
            return value
        kind, *rest = value
        if kind == "span":
            return Span(texts[rest[0]], rest[1], rest[2])
        if kind == "severity":
            return Severity(rest[0])
        if kind == "date":
            return date.fromisoformat(rest[0])
        items = tuple(map(real, rest))
        return items if kind == "tuple" else _RECORDS[kind](*items)

    return Report(tuple(own.values()), rules, **dict(zip(_TOLD, map(real, told), strict=True)))
