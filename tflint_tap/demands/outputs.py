"""Outputs that a contract demands: an output counts by what its value refers to, whatever its name."""

from __future__ import annotations

from collections.abc import Iterator

from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Unknown, Value
from ..terraform.module import Declaration
from ..text.listing import listed
from ..text.nearest import nearest
from .demand import Demand, broken, first_line, met
from .giving import gives, items_of, outputs_of
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
    outputs = list(outputs_of(stack))
    if wanted.name is not None:
        outputs = [declaration for declaration in outputs if declaration.name == wanted.name]
    for group in groups or [[]]:
        giving = [next((one for one in outputs if gives(stack, one, *end)), None) for end in group]
        found = next(iter(giving), None) if group else next(iter(outputs), None)
        if found is not None and all(giving):
            yield from _as_it_is(standing, wanted, found)
            return
    blocks = {instance.declaration.address for instance, _ in ends}
    near = next((one for one in outputs if blocks & _read(standing, one)), None)
    doubt = _doubt(outputs_of(stack)[near]) if near is not None else None
    what = term.says or (f"output of {' or '.join(wanted.refers_to)}" if wanted.refers_to else f"output {wanted.name}")
    if near is None:
        known = {one.name: one for one in stack.module.of_kind("output")}
        name = wanted.name or wanted.refers_to[0].replace(".", "_")
        close = nearest(name, known)
        near = known[close] if close is not None and wanted.name is not None else None
    place = near.span if near is not None else first_line(stack)
    lacks = f"{near.address} comes closest" if near is not None else ""
    if near is not None and ends:
        lacks += f", but doesn't give {listed(_texts(ends), 'or')}"
    address = near.address if near is not None else None
    remedy = f"write an output with value = {listed(_texts(ends), 'or')}" if ends else f'declare output "{wanted.name}"'
    yield broken(term, MISSING, place, address, what=what, lacks=lacks, remedy=remedy, doubt=doubt)


def _doubt(value: Value) -> str | None:
    """The reason why it isn't known what is in a value."""
    for item in items_of(value):
        data = item.data
        rest = data if isinstance(data, Unknown) else getattr(data, "doubt", None)
        if rest is not None:
            return str(rest.reason)
    return None


def _ends(standing: Standing, text: str) -> list[tuple[Instance, str]]:
    """The resources that are a part, with the attribute: all that are counted, else the one."""
    name, _, attribute = text.rpartition(".")
    part, found = standing.terms.part(name), standing.recognised(name)
    chosen = standing.chosen(name)
    is_one = chosen is not None and (part is None or part.count is None)
    return [(instance, attribute) for instance in ((chosen,) if is_one else found.certain) if instance is not None]


def _texts(ends: list[tuple[Instance, str]]) -> list[str]:
    return list(dict.fromkeys(f"{instance.address}.{attribute}" for instance, attribute in ends))


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


def _read(standing: Standing, declaration: Declaration) -> set[str]:
    """The addresses that an output refers to, through locals."""
    assert declaration.block is not None
    attribute = declaration.block.body.attribute("value")
    exprs = [attribute.expr] if attribute is not None else []
    return {reference.address for reference, _ in standing.stack.reached(exprs)}
