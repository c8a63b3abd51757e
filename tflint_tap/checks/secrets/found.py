"""Every secret in a stack, told once: in the code by one rule, among the values of variables by another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain

from ...records import dataclass, field
from ...rule import Hit
from ...secrets.texts import known_secrets
from ...stack import Stack
from ...terraform.evaluation.evaluator import Evaluator
from ...text.source import Source, Span
from .flowing import flowing
from .given import given
from .places import hit
from .written import written


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret; `where` names the value of a variable that it is or stands in, None where it stands in the code."""

    hit: Hit
    where: str | None


def secrets_in(stack: Stack) -> tuple[Secret, ...]:
    """The secrets of a stack, found once for both rules; of several at one place the first."""
    return stack.once(_secrets)


def _secrets(stack: Stack) -> tuple[Secret, ...]:
    told = _Told()
    found = chain(_by_form(stack), written(stack), flowing(stack), _hidden(stack), given(stack))
    return tuple(Secret(item, _where(stack, item.span)) for item in found if told.is_new(item.span))


def _where(stack: Stack, span: Span) -> str | None:
    if stack.is_given(span):
        return span.source.path.rpartition("/")[2]
    declaration = stack.module.declaration_at(span)
    if declaration is None or declaration.kind != "variable" or declaration.block is None:
        return None
    values = (declaration.block.body.attribute(name) for name in ("default", "type"))
    is_value = any(item is not None and item.expr.span.contains(span) for item in values)
    return f"the default of {declaration.address}" if is_value else None


def _by_form(stack: Stack) -> Iterator[Hit]:
    """Texts of a known form, anywhere: in comments too."""
    for source in (*(file.source for file in stack.texts), *(file.source for file in stack.evaluator.inputs.files)):
        for match in known_secrets(source.text):
            span = Span(source, match.start, match.end)
            declaration = stack.module.declaration_at(span) if stack.holds(span) else None
            address = declaration.address if declaration is not None else None
            yield hit(span, f"{match.name} in {address}" if address else match.name, span.text, address)


def _hidden(stack: Stack) -> Iterator[Hit]:
    """The secrets in defaults that other values hide: they stand there all the same."""
    inputs = stack.evaluator.inputs
    if inputs.exprs or inputs.texts:
        evaluator = Evaluator(stack.module, environment=stack.evaluator.environment)
        bare = Stack(stack.module, evaluator, stack.contract, stack.shown)
        yield from (item for item in flowing(bare) if item.doubt is None and _where(stack, item.span) is not None)


@dataclass(slots=True)
class _Told:
    """The places that are told already: disjoint, by their ends, in order."""

    ends: dict[Source, list[int]] = field(default_factory=dict)
    starts: dict[tuple[Source, int], int] = field(default_factory=dict)

    def is_new(self, span: Span) -> bool:
        """Return True, and keep the place, if no place that is told overlaps it."""
        ends = self.ends.setdefault(span.source, [])
        at = bisect_left(ends, span.start + 1)
        if at < len(ends) and self.starts[span.source, ends[at]] < span.end:
            return False
        ends.insert(at, span.end)
        self.starts[span.source, span.end] = span.start
        return True
