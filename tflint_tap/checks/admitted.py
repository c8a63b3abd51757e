"""The texts that a variable's own validation admits: those that it lists, else a longest one.

Texts are taken from what the conditions say (words, lengths) and then tried: a text is admitted only if every condition
certainly holds for it. So a condition may be written in any way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..hcl.children import parts
from ..hcl.nodes import Expr, Literal, Template, Text
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError, to_bool
from ..terraform.evaluation.values import Value
from ..terraform.module import Declaration
from ..text.source import Span

_MOST_LISTED = 12  # texts of a variable that are tried
_MOST_LENGTH = 256
_ENDLESS = 1000  # characters; what admits so many has no limit
_STRANGERS = ("zq", "ZQX", "q7", "zq-7x", "Zq7", "zq_7", "zq7.x", "7777")  # texts that no list names
_WORDS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_FILLINGS = ("a", "A", "1")  # what a longest text is made of: the first that is admitted


@dataclass(frozen=True, slots=True)
class Admitted:
    """The texts that a variable takes: all of them where its validation lists them, else one of the greatest length.

    `span` is the condition that says so.
    """

    texts: tuple[str, ...]
    is_listed: bool
    span: Span


def admitted(stack: Stack, declaration: Declaration) -> Admitted | None:
    """What a variable's validation admits; None where it has none, or one that sets no bounds to a text."""
    block = declaration.block
    assert block is not None
    written = (item.body.attribute("condition") for item in block.body.blocks_of("validation"))
    conditions = [item.expr for item in written if item is not None]
    if not conditions or not _is_text(declaration):
        return None

    def admits(text: str) -> bool:
        evaluator = stack.evaluator.supposing({declaration.address: Value(text, declaration.span)})
        return all(_holds(evaluator.evaluate(condition)) for condition in conditions)

    if not any(map(admits, _STRANGERS)):
        listed = [word for word in _words(conditions) if admits(word)]
        if 0 < len(listed) <= _MOST_LISTED:
            return Admitted(tuple(listed), True, conditions[0].span)
    if any(admits(filling * _ENDLESS) for filling in _FILLINGS):
        return None
    lengths = sorted({length for number in _numbers(conditions) for length in (number - 1, number, number + 1)})
    for length in reversed(lengths):
        for filling in _FILLINGS if 0 < length <= _MOST_LENGTH else ():
            if admits(filling * length):
                return Admitted((filling * length,), False, conditions[0].span)
    return None


def _is_text(declaration: Declaration) -> bool:
    assert declaration.block is not None
    type_ = declaration.block.body.attribute("type")
    return type_ is None or type_.expr.span.code == "string"


def _holds(value: Value) -> bool:
    try:
        return to_bool(value).data is True
    except EvaluationError:
        return False


def _texts(conditions: Iterable[Expr]) -> Iterator[str]:
    for expr in _within(conditions):
        if isinstance(expr, Template):
            yield "".join(part.value for part in expr.parts if isinstance(part, Text))


def _words(conditions: Iterable[Expr]) -> list[str]:
    """The words of the texts in conditions: the elements of lists, the branches of patterns."""
    found = (word for text in _texts(conditions) for word in (text, *_WORDS.findall(text)))
    return list(dict.fromkeys(found))


def _numbers(conditions: list[Expr]) -> Iterator[int]:
    """The numbers that conditions compare with, those in patterns included, and sums of a pattern's."""
    for expr in _within(conditions):
        if isinstance(expr, Literal) and isinstance(expr.value, int) and not isinstance(expr.value, bool):
            yield expr.value
    for text in _texts(conditions):
        numbers = [int(number) for number in re.findall(r"\{(?:\d+,)?(\d{1,3})\}", text)]
        yield from numbers
        yield sum(numbers)


def _within(exprs: Iterable[Expr]) -> Iterator[Expr]:
    pending = list(reversed(list(exprs)))
    while pending:
        expr = pending.pop()
        yield expr
        pending += reversed(parts(expr))
