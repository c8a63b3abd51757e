"""Values of arguments: in which instances they differ, how a message shows one, and where a hit for one belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ...hcl.nodes import Attribute, Call, Expr, Interpolation, Literal, Object, Template, Tuple
from ...records import replace
from ...rule import Hit
from ...stack import Stack
from ...terraform.evaluation.conversion import number_text, quoted
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import Value, is_sensitive
from ..sites import site_of
from .bodies import BodySite

LONGEST_QUOTE = 60
_TEXT_FUNCTIONS = ("jsonencode", "yamlencode", "format", "join", "lower", "upper", "replace", "templatefile", "file")


def is_text(expr: Expr) -> bool:
    """Return True if an expression is certainly a text: to evaluate policies only for that would take long."""
    if isinstance(expr, Template):  # a lone interpolation passes on what it is
        lone = len(expr.parts) == 1 and isinstance(expr.parts[0], Interpolation) and expr.heredoc is None
        return not lone
    return isinstance(expr, Call) and expr.name in _TEXT_FUNCTIONS


def never_null(expr: Expr) -> bool:
    """Return True if an expression can't be null, by its form."""
    return is_text(expr) or isinstance(expr, (Tuple, Object)) or (isinstance(expr, Literal) and expr.value is not None)


def varying(attribute: Attribute, instances: Sequence[Instance]) -> Sequence[Instance]:
    """The instances between which an argument's value may differ: the first where it can't."""
    if len(instances) < 2 or isinstance(attribute.expr, Literal):
        return instances[:1]
    names, found = instances[0].names.keys(), instances[0].evaluator.module.references(attribute.expr)
    return instances if any(reference.root in names for reference in found) else instances[:1]


def at_cause(
    stack: Stack, value: Value, attribute: Attribute, values: Mapping[str, object], site: BodySite, address: str
) -> Hit:
    """A hit where the argument is written, with its cause where the value stands elsewhere."""
    written = attribute.expr.span
    place = site_of(stack, value, written, written)
    hit = Hit(place.span, address, {**values, "where": site.where}, place.related)
    origin = value.span
    if origin is None or written.contains(origin) or value.sensitive:
        return hit
    return replace(hit, cause=Hit(origin, None, {**values, "where": site.type or site.where}))


def shown(value: Value) -> str:
    """A scalar value as a message shows it."""
    data = value.data
    if is_sensitive(value):
        return "a sensitive value"
    if isinstance(data, str):
        return quoted(data) if len(data) <= LONGEST_QUOTE else f"{quoted(data[:LONGEST_QUOTE])}…"
    if isinstance(data, bool):
        return "true" if data else "false"
    return number_text(data) if isinstance(data, (int, Fraction)) else "null"
