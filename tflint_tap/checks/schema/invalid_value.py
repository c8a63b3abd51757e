"""Values that AWS doesn't accept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ...aws.constraints import Constraint, breach, constraint
from ...aws.names import naming
from ...aws.schema import Type
from ...hcl.nodes import Attribute
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import quoted
from ...terraform.evaluation.values import ErrorValue, ListValue, Unknown, Value
from ...text.nearest import nearest, question
from .bodies import BodySite, bodies
from .misfits import misfit
from .values import at_cause, shown, varying

MOST_NAMED = 12  # of an enumeration, in a message


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each value, where it is written; what several have from one place is reported there."""
    yield from _all(stack)


def _all(stack: Stack) -> Iterator[Hit]:
    for site in bodies(stack):
        if not site.type:
            continue
        path = f"{site.path}." if site.path else ""
        for attribute, known in site.arguments:
            if known is None or not known.settable or known.type.kind == "any":
                continue
            limits = constraint(site.type, path + attribute.name)
            if limits is not None and not (site.path == "" and _is_name(site.type, attribute.name)):
                yield from _outside(attribute, known.type, limits, stack, site)


def _is_name(type_: str, argument: str) -> bool:
    """Return True if an argument names the thing: naming/invalid-name judges it."""
    found = naming(type_)
    return found is not None and argument in (found.argument, found.prefix)


def _outside(attribute: Attribute, type_: Type, limits: Constraint, stack: Stack, site: BodySite) -> Iterator[Hit]:
    """The parts of an argument's value outside the limits, in any instance; values of a wrong type are skipped."""
    for instance in varying(attribute, site.instances):
        value = instance.value(attribute.name)
        if value.data is None or isinstance(value.data, (Unknown, ErrorValue)) or misfit(stack, value, type_):
            continue
        for item, what, right in _breaches(value, limits):
            values = {"argument": attribute.name, "value": shown(item), "what": what, "right": right}
            yield at_cause(stack, item, attribute, values, site, instance.address)


def _breaches(value: Value, limits: Constraint) -> Iterator[tuple[Value, str, str]]:
    """Each scalar of a value that is outside the limits, with the problem and the remedy.

    An empty text counts as not set: the provider leaves it out of its call.
    """
    if isinstance(value.data, ListValue):
        for item in value.data.items:
            yield from _breaches(item, limits)
        return
    data = value.data
    if isinstance(data, bool) or not isinstance(data, (str, int, Fraction)) or data == "":
        return
    what = breach(limits, data)
    if what is None:
        return
    if len(limits.enum) > MOST_NAMED:
        what = f"is none of the {len(limits.enum)} values that AWS accepts"
    yield value, what, _right(str(data), limits.enum)


def _right(given: str, allowed: Sequence[str]) -> str:
    """The remedy for a value; among numbers the next ones below and above, since a typing error isn't likely."""
    if allowed and given.isdecimal() and all(text.isdecimal() for text in allowed):
        below = max((int(text) for text in allowed if int(text) < int(given)), default=None)
        above = min((int(text) for text in allowed if int(text) > int(given)), default=None)
        beside = [str(number) for number in (below, above) if number is not None]
        return f"use {' or '.join(beside)}"
    near = nearest(given, allowed)
    return question(quoted(near)) if near else "use a value that AWS accepts"
