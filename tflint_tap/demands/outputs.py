"""Outputs that a contract demands: an output counts by what its value refers to, whatever its name."""

from __future__ import annotations

from collections.abc import Iterator

from ..terraform.evaluation.equality import equal
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Symbol, Unknown, Value
from ..terraform.module import Declaration
from ..text.nearest import nearest
from .demand import Demand, broken, first_line, met
from .standing import Absent, Standing
from .terms import OutputTerm

MISSING = "missing-output"


def output(standing: Standing, wanted: OutputTerm) -> Iterator[Demand]:
    """An output; nothing where what it has to refer to is absent."""
    stack, term = standing.stack, wanted.term
    groups = [group for text in wanted.refers_to if (group := _ends(standing, text))]
    ends = [end for group in groups for end in group]
    if wanted.refers_to and not ends:
        raise Absent(wanted.refers_to[0])
    outputs = [declaration for declaration in stack.module.of_kind("output") if declaration.block is not None]
    if wanted.name is not None:
        outputs = [declaration for declaration in outputs if declaration.name == wanted.name]
    values = [(declaration, _value(standing, declaration)) for declaration in outputs]
    for group in groups or [[]]:
        giving = [next((one for one, value in values if _gives(standing, one, value, *end)), None) for end in group]
        found = next(iter(giving), None) if group else next(iter(outputs), None)
        if found is not None and all(giving):
            yield from _as_it_is(standing, wanted, found)
            return
    blocks = {instance.declaration.address for instance, _ in ends}
    near = next((one for one in outputs if blocks & _read(standing, one)), None)
    doubt = next((_doubt(value) for one, value in values if one is near), None)
    what = term.says or (f"output of {' or '.join(wanted.refers_to)}" if wanted.refers_to else f"output {wanted.name}")
    if near is None:
        known = {one.name: one for one in stack.module.of_kind("output")}
        name = wanted.name or wanted.refers_to[0].replace(".", "_")
        close = nearest(name, known)
        near = known[close] if close is not None and wanted.name is not None else None
    place = near.span if near is not None else first_line(stack)
    lacks = f"{near.address} comes closest" if near is not None else ""
    address = near.address if near is not None else None
    remedy = f"write an output with value = {_expression(ends)}" if ends else f'declare output "{wanted.name}"'
    yield broken(term, MISSING, place, address, what=what, lacks=lacks, remedy=remedy, doubt=doubt)


def _doubt(value: Value) -> str | None:
    """The reason why it isn't known what is in a value."""
    for item in _items(value):
        data = item.data
        rest = data if isinstance(data, Unknown) else getattr(data, "doubt", None)
        if rest is not None:
            return str(rest.reason)
    return None


def _ends(standing: Standing, text: str) -> list[tuple[Instance, str]]:
    """The resources that are a part, with the attribute: all that are counted, else the one."""
    name, _, attribute = text.rpartition(".")
    part, found = standing.terms.part(name), standing.recognised(name)
    is_one = found.chosen is not None and (part is None or part.count is None)
    return [
        (instance, attribute) for instance in ((found.chosen,) if is_one else found.certain) if instance is not None
    ]


def _expression(ends: list[tuple[Instance, str]]) -> str:
    return " or ".join(dict.fromkeys(f"{instance.address}.{attribute}" for instance, attribute in ends))


def _as_it_is(standing: Standing, wanted: OutputTerm, found: Declaration) -> Iterator[Demand]:
    assert found.block is not None
    attribute = found.block.body.attribute("sensitive")
    is_sensitive = attribute is not None and standing.stack.evaluator.evaluate(attribute.expr).data is True
    if wanted.sensitive is None or wanted.sensitive is is_sensitive:
        yield met(wanted.term, MISSING, found.span, found.address)
        return
    so = "sensitive" if wanted.sensitive else "not sensitive"
    place = attribute.expr.span if attribute is not None else found.span
    said = f"{found.address} has to be {so}"
    yield broken(wanted.term, MISSING, place, found.address, what=found.address, said=said, remedy=f"make it {so}")


def _value(standing: Standing, declaration: Declaration) -> Value:
    assert declaration.block is not None
    attribute = declaration.block.body.attribute("value")
    return standing.stack.evaluator.evaluate(attribute.expr) if attribute is not None else Value(None)


def _read(standing: Standing, declaration: Declaration) -> set[str]:
    """The addresses that an output refers to, through locals."""
    assert declaration.block is not None
    attribute = declaration.block.body.attribute("value")
    exprs = [attribute.expr] if attribute is not None else []
    return {reference.address for reference, _ in standing.stack.reached(exprs)}


def _gives(standing: Standing, declaration: Declaration, value: Value, instance: Instance, attribute: str) -> bool:
    """Return True if an output gives an attribute of a resource: alone, in a text, or in a collection."""
    if _holds(value, instance, attribute):
        return True
    own = instance.value(attribute)
    if own.data is not None and any(equal(item, own) is True for item in _items(value)):
        return True
    block = declaration.block
    written = block.body.attribute("value") if block is not None else None
    for reference, _ in standing.stack.reached([written.expr] if written is not None else []):
        steps = [step for step in reference.path if step != instance.key]
        if reference.address == instance.declaration.address and steps[:1] == [attribute]:
            keys = [step for step in reference.path[:1] if not isinstance(step, str) or step != attribute]
            if not keys or keys == [instance.key]:
                return True
    return False


def _holds(value: Value, instance: Instance, attribute: str) -> bool:
    for item in _items(value):
        parts = item.data.parts if isinstance(item.data, PartialString) else (item.data,)
        for part in parts:
            if isinstance(part, Symbol) and part.address == instance.address and part.path[:1] == (attribute,):
                return True
    return False


def _items(value: Value) -> Iterator[Value]:
    """A value, and all that is in it."""
    pending = [value]
    while pending:
        item = pending.pop()
        yield item
        if isinstance(item.data, (ListValue, MapValue)):
            pending += item.elements()
