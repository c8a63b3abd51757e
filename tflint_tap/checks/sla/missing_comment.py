"""The comments of a stack that state what a contract promises."""

from __future__ import annotations

from collections.abc import Iterator

from ...contract.promises import Promise
from ...contract.sentences import Sentence
from ...contract.targets import TargetPlace
from ...demands.demand import first_line
from ...demands.figures import figures_of
from ...demands.reading import terms_of
from ...rule import Hit, Rule
from ...stack import Stack
from ...text.source import Related, Span


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each promise that isn't stated at any of the blocks where it belongs."""
    together: dict[tuple[str, Span, str | None], list[Promise]] = {}
    for promise in figures_of(stack):
        if promise.missing and not promise.told:
            together.setdefault((promise.sla_target.id, _place(promise, stack), promise.doubt), []).append(promise)
    for (requirement, span, doubt), several in together.items():
        first = several[0]
        yield Hit(
            span,
            first.candidates[0].declaration.address if first.candidates else None,
            {
                "kind": "alarm_description" if first.sla_target.in_description else "comment",
                "others": max(0, len(first.candidates) - 1),
                "figures": " and ".join(_worded(promise) for promise in several),
                "about": " and ".join(promise.sla_target.about for promise in several),
                "requirement": requirement,
                "comment": "; ".join(promise.sla_target.comment for promise in several),
                "place": _shown(first.sla_target.places[0], stack),
            },
            tuple(related for promise in several for related in _related(promise)),
            requirement=requirement,
            doubt=doubt,
        )


def _place(promise: Promise, stack: Stack) -> Span:
    """The first block that the figures may stand at, another alarm's description that has them, or what is nearest."""
    if promise.candidates:
        return promise.candidates[0].header
    other = next((one for one in promise.elsewhere if one.is_description), None)
    if other is not None:
        return other.span
    types = [type_ for place in promise.sla_target.places for type_ in _types(place, stack)]
    near = next(stack.resources(*types), None) if types else None
    return near.header if near is not None else first_line(stack)


def _types(place: TargetPlace, stack: Stack) -> tuple[str, ...]:
    part = terms_of(stack.contract).part(place.part) if stack.contract is not None else None
    return part.types if part is not None else (place.type,) * bool(place.type)


def _shown(place: TargetPlace, stack: Stack) -> str:
    """The words for a block that figures may stand at."""
    part = terms_of(stack.contract).part(place.part) if stack.contract is not None else None
    return part.shown if part is not None else place.type or f"variable {place.variable}"


def _worded(promise: Promise) -> str:
    return " and ".join(" or ".join(one.text for one in each) for each in promise.missing)


def _related(promise: Promise) -> Iterator[Related]:
    for statement in promise.instead:
        yield Related(f"{statement.quoted} is stated here instead", statement.span)
    for statement in promise.elsewhere:
        yield Related(f"{statement.quoted} {_why_not(promise, statement)}", statement.span)


def _why_not(promise: Promise, statement: Sentence) -> str:
    if promise.sla_target.in_description:
        is_alarm = statement.is_description
        return (
            f"stands here, but {'this alarm watches something else' if is_alarm else 'in no description of an alarm'}"
        )
    if statement.is_description:
        return "stands here, but in no comment"
    return "stands here, but at none of the blocks where it belongs"
