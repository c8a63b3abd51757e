"""The comments of a stack that state what a contract promises."""

from __future__ import annotations

from collections.abc import Iterator

from ...contract.sentences import Breach, Sentence, breaches
from ...contract.targets import promises_of
from ...rule import Hit, Rule
from ...stack import Stack
from ...text.source import Related, Span


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each promise that isn't stated at any of the blocks where it belongs."""
    if stack.contract is None:
        return
    together: dict[tuple[str, Span, str | None], list[Breach]] = {}
    for breach in breaches(promises_of(stack.contract), stack.evaluator):
        span = breach.candidates[0].header if breach.candidates else _first_line(stack)
        together.setdefault((breach.sla_target.id, span, breach.doubt), []).append(breach)
    for (requirement, span, doubt), several in together.items():
        first = several[0]
        yield Hit(
            span,
            first.candidates[0].declaration.address if first.candidates else None,
            {
                "kind": "alarm_description" if first.sla_target.in_description else "comment",
                "others": max(0, len(first.candidates) - 1),
                "figures": " and ".join(_worded(breach) for breach in several),
                "about": " and ".join(breach.sla_target.about for breach in several),
                "requirement": requirement,
                "comment": "; ".join(breach.sla_target.comment for breach in several),
                "place": str(first.sla_target.places[0]),
            },
            tuple(related for breach in several for related in _related(breach)),
            requirement=requirement,
            doubt=doubt,
        )


def _worded(breach: Breach) -> str:
    return " and ".join(" or ".join(one.text for one in each) for each in breach.missing)


def _related(breach: Breach) -> Iterator[Related]:
    for statement in breach.instead:
        yield Related(f"{statement.quoted} is stated here instead", statement.span)
    for statement in breach.elsewhere:
        yield Related(f"{statement.quoted} {_why_not(breach, statement)}", statement.span)


def _why_not(breach: Breach, statement: Sentence) -> str:
    if breach.sla_target.in_description:
        return "stands here, but in no alarm's description"
    if statement.is_description:
        return "stands here, but in no comment"
    return "stands here, but at none of the blocks where it belongs"


def _first_line(stack: Stack) -> Span:
    source = stack.module.files[0].source
    end = source.text.find("\n")
    return Span(source, 0, len(source.text) if end == -1 else end)
