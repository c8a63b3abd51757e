"""Loops of what waits for what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module.graph import Loop, loops
from ...text.source import STEP, Related
from .waiting import worded

LONGEST_PATH = 8  # addresses of a loop that a message names


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each loop, at the reference that closes it; a doubt where it leads through a module's inside."""
    found = stack.dependencies
    certain = list(loops(dependency for dependency in found if dependency.doubt is None))
    caught = {step.source for loop in certain for step in (*loop.steps, *loop.others)}
    yield from (_loop_hit(stack, loop, None) for loop in certain)
    for loop in loops(found):
        doubt = next((step.doubt for step in loop.steps if step.doubt is not None), None)
        if doubt is not None and caught.isdisjoint(step.source for step in loop.steps):
            yield _loop_hit(stack, loop, doubt)


def _loop_hit(stack: Stack, loop: Loop, doubt: str | None) -> Hit:
    # within a module call there is a step from the whole to its outputs, which isn't written anywhere
    steps = [step for step in loop.steps if step.by]
    closing = steps[-1]
    if not stack.shows(closing.span):
        closing = next((step for step in reversed(steps) if stack.shows(step.span)), closing)
    path = [steps[0].addresses[0], *(step.addresses[1] for step in steps)]
    related = [Related(worded(step), step.span, STEP) for step in steps if step is not closing]
    own = len(steps) == 1
    for step in loop.others:
        words = f"{step.addresses[0]} refers to itself here too" if own else f"{worded(step)}, and is caught with them"
        related.append(Related(words, step.span))
    return Hit(closing.span, path[0], {"path": _shortened(path)}, tuple(related), doubt=doubt)


def _shortened(path: Sequence[str]) -> tuple[str, ...]:
    if len(path) <= LONGEST_PATH:
        return tuple(path)
    return (*path[: LONGEST_PATH // 2], "…", *path[-(LONGEST_PATH - LONGEST_PATH // 2 - 1) :])
