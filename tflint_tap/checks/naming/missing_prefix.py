"""Names without the stack's prefix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...aws.names import Naming, prefix_limits
from ...hcl.nodes import Expr, Interpolation, Template
from ...records import dataclass, replace
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import quoted
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ErrorValue, PartialString, Symbol, Value
from ...terraform.provenance import attribute_origins
from ...text.source import Span
from .names import is_bare, names_of
from .prefix import Prefix, begins, contains, parts_of, prefix_of, reason_of

_BETWEEN = ("-", "_", ".", "/")  # ends of prefixes that are set off from the name already


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each name without the prefix; one for all names that are made from one text without it."""
    prefix = prefix_of(stack, str(rule.params["prefix"]))
    if prefix is None:
        return
    found = list(_without(prefix))
    causes = {name.cause: name.at_cause or name.hit for name in found}
    yield from (replace(name.hit, cause=_cause(name, causes)) for name in found)


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
    for instance, naming, attribute, text in names_of(prefix.stack):
        expr = attribute.expr
        longest = _longest(instance, naming, attribute.name)
        if not _has_room(prefix, longest):
            continue
        verdict = _verdict(prefix, naming, expr, text)
        if verdict is True:
            continue
        values = {
            "name": _shown(text),
            "anywhere": naming.form == "contains",
            "prefix": str(prefix),
            "symbol": prefix.symbol,
            "right": _right(prefix, naming, text, longest),
        }
        doubt = reason_of(prefix, instance, attribute.name, verdict) if isinstance(verdict, str) else None
        hit = Hit(expr.span, instance.address, values, attribute_origins(instance, attribute), doubt=doubt)
        if text.span is None or expr.span.contains(text.span):
            yield _Wrong(hit, expr.span, None, tuple(_made_from(instance, expr)))
        else:
            yield _Wrong(hit, text.span, Hit(text.span, None, values, doubt=doubt), ())


def _made_from(instance: Instance, expr: Expr) -> Iterator[Span]:
    """The spans of the parts of a name that a template takes from elsewhere."""
    for part in expr.parts if isinstance(expr, Template) else ():
        if isinstance(part, Interpolation):
            span = instance.evaluator.evaluate(part.expr, instance.names).span
            if span is not None and not expr.span.contains(span):
                yield span


def _verdict(prefix: Prefix, naming: Naming, expr: Expr, text: Value) -> bool | str:
    """Return True if the name has the prefix, or the reason why that isn't known."""
    if isinstance(text.data, ErrorValue):
        return text.data.reason
    if isinstance(prefix.value.data, ErrorValue):
        return False if is_bare(expr) else prefix.value.data.reason
    name = [_folded(naming, part) if isinstance(part, str) else part for part in parts_of(text)]
    wanted = [_folded(naming, part) if isinstance(part, str) else part for part in parts_of(prefix.value)]
    if naming.form == "contains":
        return contains(name, wanted)
    for lead in naming.leads:
        if name and isinstance(name[0], str) and name[0].startswith(lead):
            return begins([name[0][len(lead) :], *name[1:]], wanted)
    return begins(name, wanted)


def _folded(naming: Naming, text: str) -> str:
    """The text with what counts as the same in such names made the same."""
    if naming.form == "begins":
        return text
    text = text.lower().replace("_", "-")
    return re.sub(r"[/.]", "-", text) if naming.form == "contains" else text


def _shown(text: Value) -> str:
    data = text.data
    if isinstance(data, (str, PartialString)):
        return quoted(str(data))
    return f"{data}" if isinstance(data, Symbol) else "not known"


def _longest(instance: Instance, naming: Naming, argument: str) -> int | None:
    """The most characters that AWS takes for this argument, None where that isn't known."""
    limits = naming.limits if argument == naming.argument else prefix_limits(instance.declaration.type)
    return limits.max_length if limits is not None else None


def _has_room(prefix: Prefix, longest: int | None) -> bool:
    """Return False if a name with the prefix would be longer than AWS takes: it can't be asked for."""
    data = prefix.value.data
    known = data if isinstance(data, str) else "".join(part for part in parts_of(prefix.value) if isinstance(part, str))
    return longest is None or len(known) <= longest


def _right(prefix: Prefix, naming: Naming, text: Value, longest: int | None) -> str | None:
    """A name as it would be right, as a template; None where it is made of other parts, or would be too long."""
    known, between = prefix.value.data, "-"
    if (known if isinstance(known, str) else prefix.symbol).endswith(_BETWEEN):
        between = ""
    if longest is not None and isinstance(known, str) and len(f"{known}{between}{text.data}") > longest:
        return None
    if not isinstance(text.data, str) or not text.data or text.span is None or "${" in text.span.text:
        return None
    start, slash, last = text.data.rpartition("/") if naming.form == "contains" else ("", "", text.data)
    return f"{start}{slash}{prefix.symbol}{between}{last}"
