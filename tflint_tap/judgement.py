"""The judgements of the stacks of a run, put together where stacks have files in common."""

from __future__ import annotations

from collections.abc import Iterable

from .hcl.nodes import File
from .records import dataclass
from .rule import Finding
from .text.source import Source


@dataclass(frozen=True, slots=True)
class Judgement:
    """The findings and doubts of a stack, the rules that spoke, and the shown files as they are, without overrides."""

    findings: list[Finding]
    doubts: list[Finding]
    judged: set[str]
    written: list[File]


def sharing(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements, those of stacks that share files as one: a comment may silence something in any of them."""
    groups: list[list[Judgement]] = []
    group_of: dict[Source, list[Judgement]] = {}
    for judgement in judgements:
        group: list[Judgement] = []
        for other in {id(found): found for file in judgement.written if (found := group_of.get(file.source))}.values():
            group += other
            groups = [one for one in groups if one is not other]
        group.append(judgement)
        groups.append(group)
        group_of.update((file.source, group) for one in group for file in one.written)
    return [group[0] if len(group) == 1 else _together(group) for group in groups]


def _together(group: list[Judgement]) -> Judgement:
    findings = [finding for one in group for finding in one.findings]
    doubts = [doubt for one in group for doubt in one.doubts]
    written = dict.fromkeys(file for one in group for file in one.written)
    return Judgement(findings, doubts, set().union(*(one.judged for one in group)), list(written))
