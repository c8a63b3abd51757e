"""Variables and locals that a contract demands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..hcl import parse_expression
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.equality import equal
from ..terraform.evaluation.values import MapValue, Value
from ..terraform.module import Declaration
from ..terraform.typing import TypeConstraint, constraint_text, convert, parse_type
from ..text.nearest import nearest
from ..text.source import Source, Span
from ..vocabulary.subjects import Match, subjects
from .demand import Demand, broken, first_line, met
from .settings import condition_text
from .standing import Absent, Standing, plain
from .terms import LocalTerm, Setting, VariableTerm

NO_VARIABLE, WRONG_VARIABLE = "missing-variable", "wrong-variable"
NO_LOCAL, WRONG_LOCAL = "missing-local", "wrong-local"


def variable(standing: Standing, wanted: VariableTerm) -> Iterator[Demand]:
    """A variable: that there is one, and that it is as it has to be."""
    stack, term = standing.stack, wanted.term
    instead = next(standing.of_types(wanted.unless), None) if wanted.unless else None
    if instead is not None:
        yield met(term, NO_VARIABLE, instead.header, instead.address)
        return
    found, doubt = _told(standing, wanted)
    if found is None:
        if term.level != "may":
            yield _missing(stack, wanted, doubt)
        return
    yield met(term, NO_VARIABLE, found.span, found.address)
    yield from _wrong(standing, wanted, found)


def _told(standing: Standing, wanted: VariableTerm) -> tuple[Declaration | None, str | None]:
    """The variable of a name, or the first one that a condition tells; and why there may be one."""
    if wanted.where is None:
        return standing.stack.declared(f"var.{wanted.name}"), None
    doubt: str | None = None
    for subject in subjects(standing.stack, (Match("variable"),)):
        holds = standing.holds(wanted.where, subject.names)
        if holds is True:
            return standing.stack.declared(subject.address or ""), None
        doubt = holds if isinstance(holds, str) else doubt
    return None, doubt


def _missing(stack: Stack, wanted: VariableTerm, doubt: str | None) -> Demand:
    what = wanted.term.says or f"variable {wanted.name}"
    parts = [f"type = {wanted.types[0]}"] if wanted.types else []
    parts += [f"default = {_written(wanted.defaults[0])}"] if wanted.defaults else []
    place, lacks = _near(stack, "var", wanted.name)
    remedy = f'declare variable "{wanted.name}" {{ {", ".join(parts)} }}' if parts else f"declare {what}"
    return broken(wanted.term, NO_VARIABLE, place, what=what, lacks=lacks, remedy=remedy, doubt=doubt)


def _near(stack: Stack, kind: str, name: str) -> tuple[Span, str]:
    """The declaration whose name comes closest, and words about it; the first line where none does."""
    word = "variable" if kind == "var" else "local"
    known = {declaration.name: declaration for declaration in stack.module.of_kind(word)}
    near = nearest(name, known)
    return (known[near].span, f"{kind}.{near} comes closest") if near is not None else (first_line(stack), "")


def _wrong(standing: Standing, wanted: VariableTerm, found: Declaration) -> Iterator[Demand]:
    block = found.block
    assert block is not None
    term = wanted.term

    def wrong(span: Span, lacks: str, remedy: str, doubt: str | None = None) -> Demand:
        return broken(
            term, WRONG_VARIABLE, span, found.address, what=found.address, lacks=lacks, remedy=remedy, doubt=doubt
        )

    constraint = _constraint(found)
    written = block.body.attribute("type")
    allowed = [_normal_type(type_) for type_ in wanted.types]
    if constraint is not None and written is not None and allowed and constraint_text(constraint) not in allowed:
        types = " or ".join(wanted.types)
        yield wrong(written.expr.span, f"has the type {constraint_text(constraint)}, not {types}", f"make it {types}")
    if wanted.defaults is not None:
        yield from (wrong(*problem) for problem in _default_problem(standing, wanted, found, constraint))
    if wanted.is_validated and not block.body.blocks_of("validation"):
        yield wrong(block.header, "has no validation", "validate it")
    if wanted.is_sensitive:
        attribute = block.body.attribute("sensitive")
        value = standing.stack.evaluator.evaluate(attribute.expr).data if attribute is not None else None
        if value is not True:
            yield wrong(attribute.expr.span if attribute is not None else block.header, "isn't sensitive",
                        "set sensitive = true")  # fmt: skip


def variable_setting(standing: Standing, wanted: VariableTerm, item: Setting) -> Iterator[Demand]:
    """A variable: a condition on it."""
    found, _ = _told(standing, wanted)
    if found is None or found.block is None:
        raise Absent(f"var.{wanted.name}")
    subject = next(one for one in subjects(standing.stack, (Match("variable"),)) if one.address == found.address)
    default = found.block.body.attribute("default")
    place = default.expr.span if default is not None and item.at is None else found.block.header
    holds = standing.holds(item.that, subject.names)
    if holds is True:
        yield met(item.term, WRONG_VARIABLE, place, found.address)
    else:
        yield _unlike(item, WRONG_VARIABLE, found.address, place, holds)


def _unlike(item: Setting, kind: str, address: str, place: Span, holds: bool | str) -> Demand:
    says = item.term.says or f"hold {condition_text(item.that)}"
    doubt = holds if isinstance(holds, str) else None
    remedy = f"make {condition_text(item.that)} hold"
    return broken(item.term, kind, place, address, what=address, lacks=f"has to {says}", remedy=remedy, doubt=doubt)


def _constraint(found: Declaration) -> TypeConstraint | None:
    """A variable's type, None where it has none or none that is sound: other rules tell that."""
    assert found.block is not None
    written = found.block.body.attribute("type")
    try:
        return parse_type(written.expr) if written is not None else None
    except EvaluationError:
        return None


def _normal_type(text: str) -> str:
    """A type of the contract as it is written in one way: `list( string )` is `list(string)`."""
    return constraint_text(parse_type(parse_expression(Source("type", text))))


def _default_problem(
    standing: Standing, wanted: VariableTerm, found: Declaration, constraint: TypeConstraint | None
) -> Iterator[tuple[Span, str, str]]:
    """The place of a default that isn't the contract's, what is so, and what to do."""
    assert found.block is not None
    assert wanted.defaults is not None
    allowed = [_written(value) for value in wanted.defaults]
    attribute = found.block.body.attribute("default")
    if attribute is None:
        if not wanted.may_lack:
            remedy = f"set default = {' or '.join(allowed)}"
            yield found.block.header, f"has no default, which has to be {' or '.join(allowed)}", remedy
        return
    value = standing.stack.evaluator.evaluate(attribute.expr)
    if any(_is_like(value, plain_value, constraint) for plain_value in wanted.defaults) or not value.is_known:
        return
    remedy = f"set default = {' or '.join(allowed)}" if allowed else "leave the default out"
    said = f"has to be {' or '.join(allowed)}{' or left out' * wanted.may_lack}" if allowed else "may not be there"
    shown = " ".join(attribute.expr.span.code.split())
    yield attribute.expr.span, f"has the default {shown}, which {said}", remedy


def _is_like(value: Value, wanted: Any, constraint: TypeConstraint | None) -> bool:
    pair = [value, plain(wanted)]
    if constraint is not None:
        try:
            pair = [convert(one, constraint) for one in pair]
        except EvaluationError:
            return str(value.data) == str(wanted)
    return equal(*pair) is True


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_written, value))}]"
    return "null" if value is None else str(value)


def local(standing: Standing, wanted: LocalTerm) -> Iterator[Demand]:
    """A local: that it is there."""
    stack, term = standing.stack, wanted.term
    found = stack.declared(f"local.{wanted.name}")
    if found is None:
        place, lacks = _near(stack, "local", wanted.name)
        remedy = f"declare {wanted.name} in locals"
        yield broken(term, NO_LOCAL, place, what=f"local {wanted.name}", lacks=lacks, remedy=remedy)
        return
    yield met(term, NO_LOCAL, found.span, found.address)


def local_value(standing: Standing, wanted: LocalTerm) -> Iterator[Demand]:
    """A local: that it evaluates to what it has to."""
    found = standing.stack.declared(f"local.{wanted.name}")
    if wanted.equals is None:
        return
    if found is None:
        raise Absent(f"local.{wanted.name}")
    value = standing.stack.evaluator.evaluate(found.expr)
    right = standing.value(wanted.equals, {})
    same = equal(value, right)
    if same is True:
        yield met(wanted.term, WRONG_LOCAL, found.expr.span, found.address)
        return
    text = wanted.equals.span.code
    doubt = None if same is False else value.reason or right.reason or "its value isn't known"
    yield broken(
        wanted.term,
        WRONG_LOCAL,
        found.expr.span,
        found.address,
        what=found.address,
        lacks=f'has to be "{text}"',
        remedy=f'set {wanted.name} = "{text}"',
        doubt=doubt,
    )


def local_setting(standing: Standing, wanted: LocalTerm, item: Setting) -> Iterator[Demand]:
    """A local: a condition on its value."""
    found = standing.stack.declared(f"local.{wanted.name}")
    if found is None:
        raise Absent(f"local.{wanted.name}")
    value = standing.stack.evaluator.evaluate(found.expr)
    own = Value(MapValue({"name": Value(found.name), "value": value}), found.span)
    holds = standing.holds(item.that, {"self": own})
    if holds is True:
        yield met(item.term, WRONG_LOCAL, found.expr.span, found.address)
    else:
        yield _unlike(item, WRONG_LOCAL, found.address, found.expr.span, holds)
