"""Defaults that hold an id which only someone's account has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.values import Value
from ...text.source import Span
from .declarations import variables

# The forms of ids that AWS gives: 8 or 17 hexadecimal digits.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
_ID = re.compile(
    r"(?:vpc|subnet|sg|sgr|igw|nat|rtb|acl|eni|eipalloc|vpce|tgw|tgw-attach|pcx|vgw|i|vol|snap|lt|fs|dopt)"
    r"-(?:[0-9a-f]{8}|[0-9a-f]{17}|[0-9a-f]*\d[0-9a-f]{4,}|x{3,})",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"\d{12}")
# An ARN with an account in it. Layers are published in accounts of others.
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(?P<account>\d{12}):(?!layer:).+")


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Defaults that hold an id which only someone's account has."""
    for declaration, block in variables(stack):
        default = block.body.attribute("default")
        if default is None:
            continue
        for text, span in _texts(stack.evaluator.evaluate(default.expr)):
            what = _identity(text)
            if what is not None:
                place = span if span is not None and default.expr.span.contains(span) else default.expr.span
                yield Hit(place, declaration.address, {"what": what})


def _texts(value: Value) -> Iterator[tuple[str, Span | None]]:
    """The strings in a value, at any depth, with where each is written."""
    if isinstance(value.data, str):
        yield value.data, value.span
    for item in value.elements():
        yield from _texts(item)


def _identity(text: str) -> str | None:
    """The part of an account that a text names, None if it names none."""
    text = text.strip()
    if _ID.fullmatch(text):
        return f"the id {text}"
    if _ACCOUNT.fullmatch(text):
        return f"the account number {text}"
    arn = _ARN.fullmatch(text)
    return f"an ARN of account {arn['account']}" if arn is not None else None
