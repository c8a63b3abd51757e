"""Arguments whose value is of the wrong type."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...aws.provider import differs
from ...aws.schema import Type
from ...hcl.nodes import Attribute, Block, Call, Conditional, Expr, GetAttr, Index, Tuple, Variable
from ...records import replace
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import kind_name, to_number
from ...terraform.evaluation.values import UNFIT, ErrorValue, ListValue, MapValue, Symbol, Unknown, Value
from ...terraform.module.expressions import followed
from ...terraform.types import constraint_text
from ...terraform.typing import parse_type
from ..expression_shapes import given_shape
from ..shapes import Collection, reference_shape
from ..sites import site_of
from .bodies import BodySite, bodies
from .misfits import Misfit, converts, in_words, kind_in_words, misfit, shape_in_words, value_in_words
from .values import at_cause, is_text, shown, varying

# Arguments of Terraform's own, by the block they stand in, that take a list as it is written.
_LISTS = {"": ("depends_on",), "lifecycle": ("ignore_changes", "replace_triggered_by")}


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each argument, or part of one, at its value; what several have from one place is reported there."""
    yield from _all(stack)


def _all(stack: Stack) -> Iterator[Hit]:
    for file in stack.shown:
        for block in file.body.blocks:
            if block.type == "module" and len(block.labels) == 1:
                yield from _of_call(block, stack)
    for site in bodies(stack):
        lists = _LISTS.get(site.path, ())
        own = site.meta.attributes if site.meta is not None else {}
        for attribute in site.body.attributes if own else ():
            if attribute.name in own:
                yield from _of_language(attribute, stack, site.where)
        for attribute, known in site.arguments:
            if known is None or not known.settable:
                continue
            if known.type.kind != "any":
                for hit in _misfits(attribute, known.type, stack, site):
                    yield replace(hit, doubt=differs(stack.module, site.key, site.path, attribute.name) or hit.doubt)
            elif site.kind == "module":
                yield from _refused(attribute, stack, site)
            elif attribute.name in lists:
                yield from _no_list(attribute, site.where)


def _of_call(block: Block, stack: Stack) -> Iterator[Hit]:
    """What Terraform itself takes of a module call."""
    for name in ("count", "for_each", "depends_on"):
        attribute = block.body.attribute(name)
        if attribute is not None:
            yield from _of_language(attribute, stack, f"module.{block.labels[0].value}")


def _misfits(attribute: Attribute, wanted: Type, stack: Stack, site: BodySite) -> Iterator[Hit]:
    """The parts of an argument's value that can't be converted, in any instance."""
    if wanted.kind == "string" and is_text(attribute.expr):
        return
    for instance in varying(attribute, site.instances):
        value = instance.value(attribute.name)
        if isinstance(value.data, Unknown):
            shape = given_shape(stack.module, attribute.expr)
            if shape is not None and not converts(shape, wanted):
                given = {"argument": attribute.name, "wanted": in_words(wanted), "given": shape_in_words(shape)}
                yield Hit(attribute.expr.span, instance.address, {**given, "where": site.where})
                break
        if value.data is None or isinstance(value.data, (Unknown, ErrorValue)):
            continue
        wrong = misfit(stack, value, wanted)
        if wrong is not None and not _judged_elsewhere(stack, wrong.value, attribute):
            values = {"argument": attribute.name + wrong.path, "wanted": wrong.wanted, "given": wrong.given}
            yield at_cause(stack, wrong.value, attribute, values, site, instance.address)


def _refused(attribute: Attribute, stack: Stack, site: BodySite) -> Iterator[Hit]:
    """An argument of a call that can't be converted to the type of its variable, in any instance."""
    assert site.address is not None
    for called in stack.module.called.of(site.address):
        variable = stack.declared(f"var.{attribute.name}{called.mark}")
        written = variable.block.body.attribute("type") if variable is not None and variable.block else None
        if variable is None or written is None:
            continue
        failure = stack.evaluator.variable(variable).data
        if isinstance(failure, ErrorValue) and UNFIT in failure.reason:
            reason = failure.reason.partition(": ")[2].removesuffix(f" ({UNFIT})")
            wanted = constraint_text(parse_type(written.expr))
            values = {"argument": attribute.name, "where": site.where, "wanted": wanted, "given": f"this: {reason}"}
            yield Hit(attribute.expr.span, site.address, values, remedy="give it a value of this type")
            return


def _judged_elsewhere(stack: Stack, value: Value, attribute: Attribute) -> bool:
    """Return True if a value is the argument of another resource, which is where its type is wrong."""
    if value.span is None or attribute.span.contains(value.span):
        return False
    written = stack.module.declaration_at(value.span)
    own = stack.module.declaration_at(attribute.span)
    return written is not None and written is not own and written.kind in ("resource", "data")


def _of_language(attribute: Attribute, stack: Stack, where: str) -> Iterator[Hit]:
    """The wrong type of an argument that Terraform itself takes."""
    if attribute.name in ("count", "for_each"):
        yield from _repeated(attribute, stack, where)
    elif attribute.name == "depends_on":
        yield from _no_list(attribute, where)


def _repeated(attribute: Attribute, stack: Stack, where: str) -> Iterator[Hit]:
    """The wrong type of a count or for_each."""
    value = stack.evaluator.evaluate(attribute.expr)
    if value.sensitive and attribute.name == "for_each":
        wrong: Misfit | None = Misfit("", "a sensitive value", "keys that may be shown", value)
    elif isinstance(value.data, Unknown):
        wrong = _given_wrongly(stack, value, attribute)
    else:
        wrong = _no_count(stack, value) if attribute.name == "count" else _no_repetition(stack, value, attribute.expr)
        if isinstance(value.data, ListValue) and _has_open_type(stack, attribute.expr):
            wrong = None
    if wrong is not None:
        place = site_of(stack, wrong.value, attribute.expr.span, attribute.expr.span)
        values = {"argument": attribute.name, "where": where, "wanted": wrong.wanted, "given": wrong.given}
        yield Hit(place.span, where, values, place.related)


def _given_wrongly(stack: Stack, value: Value, attribute: Attribute) -> Misfit | None:
    """The reason why no value of a variable's type can be a count or for_each."""
    shape = given_shape(stack.module, attribute.expr)
    if not isinstance(shape, (Type, Collection)):
        return None
    if attribute.name == "count":
        number = Type("number")
        return None if converts(shape, number) else Misfit("", shape_in_words(shape), in_words(number), value)
    strings = not isinstance(shape, Type) or shape.kind != "set" or shape.element in (None, Type("string"), Type("any"))
    if shape.kind in ("map", "object") or (shape.kind == "set" and strings):
        return None
    return Misfit("", shape_in_words(shape), "a map or a set of strings", value)


def _no_list(attribute: Attribute, where: str) -> Iterator[Hit]:
    """The wrong value of an argument that takes a list of references."""
    expr = attribute.expr
    if isinstance(expr, Tuple) or (attribute.name == "ignore_changes" and isinstance(expr, Variable)):
        return
    values = {"argument": attribute.name, "where": where, "wanted": "a list of references", "given": "a value"}
    yield Hit(expr.span, where, values)


def _no_count(stack: Stack, value: Value) -> Misfit | None:
    wanted = Type("number")
    if value.data is None:
        return Misfit("", "null", in_words(wanted), value)
    wrong = misfit(stack, value, wanted)
    if wrong is not None or not value.is_known:
        return wrong
    number = to_number(value).data
    if isinstance(number, Fraction) or (isinstance(number, int) and number < 0):
        return Misfit("", shown(value), "a whole number from 0 on", value)
    return None


def _no_repetition(stack: Stack, value: Value, expr: Expr) -> Misfit | None:
    data = value.data
    if isinstance(data, (Unknown, ErrorValue)) or (isinstance(expr, Call) and expr.name == "coalesce"):
        return None  # coalesce makes all of one type, and what is null isn't known to be a set
    if isinstance(data, Symbol):
        # what a function makes of an attribute is a reference to it too, be it toset()
        shape = reference_shape(stack, data) if isinstance(expr, (GetAttr, Index)) else None
        if not isinstance(shape, (Type, Collection)):
            return None
        fits, kind = shape.kind in ("map", "set", "object", "any"), str(shape.kind)
    else:
        fits = isinstance(data, MapValue) or (isinstance(data, ListValue) and data.kind == "set")
        kind = "null" if data is None else kind_name(data)
        if isinstance(data, ListValue) and fits:
            odd = next((item for item in data.items if item.is_known and not isinstance(item.data, str)), None)
            if odd is not None:
                return Misfit("", f"a set with {value_in_words(odd)}", "a map or a set of strings", value)
    return None if fits else Misfit("", kind_in_words(kind), "a map or a set of strings", value)


def _has_open_type(stack: Stack, expr: Expr) -> bool:
    """Return True if a list may be of another type: a conditional makes it of the one that its branches share."""
    expr = followed(stack.module, expr)
    if not isinstance(expr, Conditional):
        return False
    branches = (expr.then, expr.otherwise)
    return any(not stack.evaluator.evaluate(part).is_known or _has_open_type(stack, part) for part in branches)
