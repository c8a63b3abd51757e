"""The prefix that names begin with, or the suffix: what it is in a stack, and which texts have it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from ...contract.names_and_tags import name_prefixes
from ...hcl import parse_expression
from ...hcl.nodes import Expr
from ...records import dataclass
from ...stack import Stack
from ...terraform.evaluation.conversion import quoted
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ErrorValue, PartialString, Symbol, Unknown, Value
from ...text.source import Source

Part: TypeAlias = str | Symbol | Unknown
_REFERENCE = re.compile(r"\$\{([\w.]+)\}")


@dataclass(frozen=True, slots=True)
class Prefix:
    """The prefix or suffix that names must have: as the contract or the settings say it, and its value in `stack`.

    Where variables without a value go into it, `stack` is the same stack with each of them a thing of its own
    instead of something unknown, so that names made from the same variables can be told to begin alike. `plain` is
    the stack as it is, and `reason` why the prefix isn't known there.
    """

    text: str
    value: Value
    stack: Stack
    plain: Stack
    reason: str | None = None

    @property
    def symbol(self) -> str:
        """The prefix as it stands in a template."""
        return f"${{{self.text}}}" if not self.text.startswith('"') else self.text.strip('"')

    def __str__(self) -> str:
        data = self.value.data
        return f"{self.text} ({quoted(data)})" if isinstance(data, str) and self.text != quoted(data) else self.text


def prefix_of(stack: Stack, asked: str = "") -> Prefix | None:
    """The prefix that the stack's contract demands, else the one that is asked for, None where there is none.

    What is asked for is a template: `acme-`, `${local.name_prefix}`.
    """
    texts = name_prefixes(stack.contract) if stack.contract is not None else ()
    return _demanded(stack, texts or ((_expression(asked),) if asked else ()))


def suffix_of(stack: Stack, asked: str) -> Prefix:
    """The suffix that is asked for, a template."""
    found = _demanded(stack, (_expression(asked),))
    assert found is not None
    return found


def _expression(template: str) -> str:
    """The expression that a template is; of one that is nothing but a reference, this."""
    only = _REFERENCE.fullmatch(template)
    return only[1] if only is not None else f'"{template}"'


def _demanded(stack: Stack, texts: Sequence[str]) -> Prefix | None:
    """The first of several expressions all of whose names the stack declares; None where there are none."""
    if not texts:
        return None
    for text in texts:
        expr = parse_expression(Source("the prefix", text))
        if _declares(stack, expr):
            return _symbolic(stack, expr, text)
    return Prefix(texts[0], Value(ErrorValue(f"{texts[0]} isn't declared")), stack, stack)


def _declares(stack: Stack, expr: Expr) -> bool:
    return all(stack.declared(reference.address) is not None for reference in stack.module.references(expr))


def _symbolic(stack: Stack, expr: Expr, text: str) -> Prefix:
    value = stack.evaluator.evaluate(expr)
    if not isinstance(value.data, (Unknown, PartialString)):
        known_text = isinstance(value.data, str)
        return Prefix(text, value, stack, stack, None if known_text else value.reason or f"{text} is no text")
    reason = value.reason
    known: dict[str, Value] = {}
    for declaration in stack.module.of_kind("variable"):
        given = stack.evaluator.evaluate(parse_expression(Source(declaration.address, declaration.address)))
        if isinstance(given.data, Unknown):
            known[declaration.address] = Value(Symbol(declaration.address), declaration.span)
    for name in ("", *(reference.address for reference in stack.module.references(expr))):
        if name:  # it is more than its variables: lower(var.project_name), say
            known[name] = Value(Symbol(name), value.span)
        evaluator = stack.evaluator.supposing(known)
        value = evaluator.evaluate(expr)
        if not any(isinstance(part, Unknown) for part in parts_of(value)):
            break
    return Prefix(text, value, Stack(stack.module, evaluator, stack.contract, stack.shown, stack.today), stack, reason)


def reason_of(prefix: Prefix, instance: Instance, argument: str, verdict: str) -> str:
    """The reason why a name isn't known, in terms of the stack as it is."""
    for plain in prefix.plain.evaluator.instances(instance.declaration):
        if plain.address == instance.address:
            return plain.value(argument).reason or prefix.reason or verdict
    return prefix.reason or verdict


def parts_of(text: Value) -> tuple[Part, ...]:
    data = text.data
    if isinstance(data, PartialString):
        return data.parts
    return (data,) if isinstance(data, (str, Symbol, Unknown)) else (Unknown("it is no text"),)


def begins(name: Iterable[Part], prefix: Iterable[Part]) -> bool | str:
    """Return True if a text of such parts begins with another, or the reason why that isn't known."""
    left, right = [part for part in name if part != ""], [part for part in prefix if part != ""]
    while right:
        wanted = right[0]
        if not left:
            return False if isinstance(wanted, str) or any(isinstance(rest, str) for rest in right) else wanted.reason
        part = left[0]
        if isinstance(part, str) and isinstance(wanted, str):
            length = min(len(part), len(wanted))
            if part[:length] != wanted[:length]:
                return False
            left[:1] = [part[length:]] if part[length:] else []
            right[:1] = [wanted[length:]] if wanted[length:] else []
        elif isinstance(part, Symbol) and part == wanted:
            del left[0], right[0]
        elif not isinstance(part, str):
            return part.reason
        else:
            assert not isinstance(wanted, str)
            return wanted.reason if _may_begin(left, right) else False
    return True


def ends(name: Iterable[Part], suffix: Iterable[Part]) -> bool | str:
    """Return True if a text of such parts ends with another, or the reason why that isn't known."""
    return begins(_backwards(name), _backwards(suffix))


def _backwards(parts: Iterable[Part]) -> list[Part]:
    return [part[::-1] if isinstance(part, str) else part for part in reversed(list(parts))]


def _may_begin(left: list[Part], right: list[Part]) -> bool:
    """Return True if a text can begin with another that has unknown parts, or if the text itself has such parts."""
    if not all(isinstance(part, str) for part in left):
        return True
    pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in right)
    return re.match(pattern, "".join(map(str, left)), re.DOTALL) is not None


def contains(name: Iterable[Part], prefix: Iterable[Part]) -> bool | str:
    """Return True if a text of such parts contains another, or the reason why that isn't known."""
    parts, wanted = list(name), list(prefix)
    doubt: str | None = None
    for index, part in enumerate(parts):
        for start in range(len(part)) if isinstance(part, str) else (0,):
            first = part[start:] if isinstance(part, str) else part
            verdict = begins([first, *parts[index + 1 :]], wanted)
            if verdict is True:
                return True
            doubt = doubt or verdict or None
        if not isinstance(part, str):
            doubt = doubt or part.reason
    return doubt or False
