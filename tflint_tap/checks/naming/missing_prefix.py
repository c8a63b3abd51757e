"""Names of resources: whether they follow the stack's prefix, and whether they are written out.

What the name argument of a type is, and what its names look like, says the provider's table of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from ...aws import names
from ...aws.names import Naming
from ...hcl import parse_expression
from ...hcl.nodes import Attribute, Expr, Interpolation, Template
from ...records import dataclass
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, quoted, to_text
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ErrorValue, PartialString, Symbol, Unknown, Value
from ...terraform.module.references import references
from ...terraform.provenance import attribute_origins
from ...text.source import Source, Span
from ..causes import by_cause

Part: TypeAlias = str | Symbol | Unknown


# What is a name


def _is_given(naming: Naming, text: str) -> bool:
    """Whether AWS itself gives this name."""
    return any(text == start or (start[-1] in "_/" and text.startswith(start)) for start in naming.given)


def _folded(naming: Naming, text: str) -> str:
    """The text with what counts as the same in such names made the same."""
    if naming.form == "begins":
        return text
    text = text.lower().replace("_", "-")
    return re.sub(r"[/.]", "-", text) if naming.form == "contains" else text


def _names(stack: Stack) -> Iterator[tuple[Instance, Naming, Attribute, Value]]:
    """Every name that the stack gives: the resource, its type's naming, the argument, and its value as text."""
    for instance in stack.resources():
        naming = names.naming(instance.declaration.type)
        if naming is None:
            continue
        for argument in naming.arguments:
            attribute = instance.attribute(argument)
            if attribute is None:
                continue
            value = instance.value(argument)
            try:
                text = to_text(value) if value.data is not None else value
            except EvaluationError:
                continue  # no text: a matter of its type
            start = text.data.prefix if isinstance(text.data, PartialString) else text.data
            if text.data is not None and not (isinstance(start, str) and _is_given(naming, start)):
                yield instance, naming, attribute, text


def is_bare(expr: Expr) -> bool:
    """Whether nothing but literals is in it: `"jobs"`, also `"${"jobs"}"` or `lower("jobs")`."""
    return not references(expr)


# naming/hard-coded


def hard_coded(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each name that is written out."""
    for instance, _, attribute, text in _names(stack):
        if is_bare(attribute.expr) and isinstance(text.data, str):
            yield Hit(attribute.expr.span, instance.address, {"argument": attribute.name, "name": quoted(text.data)})


# naming/missing-prefix


@dataclass(frozen=True, slots=True)
class Prefix:
    """What names have to begin with: as the param says it, and its value in `stack`.

    Where variables without a value go into it, `stack` is the same stack with each of them a thing of its own
    instead of something unknown, so that names made from the same variables can be told to begin alike. `plain` is
    the stack as it is, and `reason` why the prefix isn't known there.
    """

    text: str
    value: Value
    stack: Stack
    plain: Stack
    reason: str | None = None

    def __str__(self) -> str:
        data = self.value.data
        return f"{self.text} ({quoted(data)})" if isinstance(data, str) else self.text


def applies(stack: Stack, rule: Rule) -> bool:
    """Whether the stack is one whose names have a prefix, by the rule's param: a contract's file always is."""
    return stack.is_contract_file or _declares(stack, _param(rule, "prefix"))


def _param(rule: Rule, name: str) -> Expr:
    return parse_expression(Source(f"{rule.id}, param {name}", str(rule.params[name])))


def _declares(stack: Stack, expr: Expr) -> bool:
    return all(stack.declared(reference.address) is not None for reference in references(expr))


def prefix_of(stack: Stack, rule: Rule) -> Prefix | None:
    """The prefix by the rule's params; None where the stack has no such thing, so that it can't be asked for.

    A contract's file has to have one: there, what `otherwise` says stands in for it.
    """
    for param in ("prefix", "otherwise") if stack.is_contract_file else ("prefix",):
        expr = _param(rule, param)
        if _declares(stack, expr):
            return _symbolic(stack, expr, str(rule.params[param]))
    if not stack.is_contract_file:
        return None
    text = str(rule.params["prefix"])
    return Prefix(text, Value(ErrorValue(f"{text} isn't declared")), stack, stack)


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
    for name in ("", *(reference.address for reference in references(expr))):
        if name:  # it is more than its variables: lower(var.project_name), say
            known[name] = Value(Symbol(name), value.span)
        evaluator = stack.evaluator.supposing(known)
        value = evaluator.evaluate(expr)
        if not any(isinstance(part, Unknown) for part in _parts(value)):
            break
    return Prefix(text, value, Stack(stack.module, evaluator, stack.contract, stack.shown), stack, reason)


def missing_prefix(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each name without the prefix; one for all names that are made from one text without it."""
    prefix = prefix_of(stack, rule)
    if prefix is not None:
        found = list(_without(prefix))
        causes = {name.cause: name.at_cause or name.hit for name in found}
        yield from by_cause(stack, ((name.hit, _cause(name, causes)) for name in found))


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A name without the prefix.

    `cause` is where its text is written, `at_cause` the hit to report there if that is elsewhere and others share
    it, `made_from` where the parts of it are written that stem from elsewhere.
    """

    hit: Hit
    cause: Span
    at_cause: Hit | None
    made_from: tuple[Span, ...]


def _cause(name: _Wrong, causes: Mapping[Span, Hit]) -> Hit | None:
    """The hit at the text that a name is made from, which is wrong itself: a function's name in a log group's."""
    for span in name.made_from:
        if span in causes and causes[span].doubt == name.hit.doubt:
            return causes[span]
    return name.at_cause


def _without(prefix: Prefix) -> Iterator[_Wrong]:
    for instance, naming, attribute, text in _names(prefix.stack):
        expr = attribute.expr
        verdict = _verdict(prefix, naming, expr, text)
        if verdict is True:
            continue
        values = {
            "what": f"the name of {instance.address}",
            "name": _shown(text),
            "verb": "contain" if naming.form == "contains" else "begin with",
            "prefix": str(prefix),
            "right": _right(prefix, naming, text),
        }
        doubt = _why(prefix, instance, attribute.name, verdict) if isinstance(verdict, str) else None
        hit = Hit(expr.span, instance.address, values, attribute_origins(instance, attribute), doubt=doubt)
        if text.span is None or expr.span.contains(text.span):
            yield _Wrong(hit, expr.span, None, tuple(_made_from(instance, expr)))
        else:
            values = {**values, "what": "the name that several resources share"}
            yield _Wrong(hit, text.span, Hit(text.span, None, values, doubt=doubt), ())


def _why(prefix: Prefix, instance: Instance, argument: str, verdict: str) -> str:
    """Why a name isn't known, in terms of the stack as it is."""
    for plain in prefix.plain.evaluator.instances(instance.declaration):
        if plain.address == instance.address:
            return plain.value(argument).reason or prefix.reason or verdict
    return prefix.reason or verdict


def _made_from(instance: Instance, expr: Expr) -> Iterator[Span]:
    """Where the parts of a name are written that a template takes from elsewhere."""
    for part in expr.parts if isinstance(expr, Template) else ():
        if isinstance(part, Interpolation):
            span = instance.evaluator.evaluate(part.expr, instance.names).span
            if span is not None and not expr.span.contains(span):
                yield span


def _verdict(prefix: Prefix, naming: Naming, expr: Expr, text: Value) -> bool | str:
    """Whether the name has the prefix, or why that can't be told."""
    if isinstance(text.data, ErrorValue):
        return text.data.reason
    if isinstance(prefix.value.data, ErrorValue):
        return False if is_bare(expr) else prefix.value.data.reason
    name = [_folded(naming, part) if isinstance(part, str) else part for part in _parts(text)]
    wanted = [_folded(naming, part) if isinstance(part, str) else part for part in _parts(prefix.value)]
    if naming.form == "contains":
        return contains(name, wanted)
    for lead in naming.leads:
        if name and isinstance(name[0], str) and name[0].startswith(lead):
            return begins([name[0][len(lead) :], *name[1:]], wanted)
    return begins(name, wanted)


def _parts(text: Value) -> tuple[Part, ...]:
    data = text.data
    if isinstance(data, PartialString):
        return data.parts
    return (data,) if isinstance(data, (str, Symbol, Unknown)) else (Unknown("it is no text"),)


def begins(name: Iterable[Part], prefix: Iterable[Part]) -> bool | str:
    """Whether a text of such parts begins with another, or why that can't be told."""
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


def _may_begin(left: list[Part], right: list[Part]) -> bool:
    """Whether a text can begin with another that has parts which may be anything; True where the text has them too."""
    if not all(isinstance(part, str) for part in left):
        return True
    pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in right)
    return re.match(pattern, "".join(map(str, left)), re.DOTALL) is not None


def contains(name: Iterable[Part], prefix: Iterable[Part]) -> bool | str:
    """Whether a text of such parts contains another, or why that can't be told."""
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


def _shown(text: Value) -> str:
    data = text.data
    if isinstance(data, (str, PartialString)):
        return quoted(str(data))
    return f"{data}" if isinstance(data, Symbol) else "not known"


def _right(prefix: Prefix, naming: Naming, text: Value) -> str:
    """A name as it would be right, as HCL."""
    symbol = f"${{{prefix.text}}}" if not prefix.text.startswith('"') else prefix.text.strip('"')
    if not isinstance(text.data, str) or not text.data or text.span is None or "${" in text.span.text:
        return f"a name that {'contains' if naming.form == 'contains' else 'begins with'} {symbol}"
    start, slash, last = text.data.rpartition("/") if naming.form == "contains" else ("", "", text.data)
    return f'"{start}{slash}{symbol}-{last}"'
