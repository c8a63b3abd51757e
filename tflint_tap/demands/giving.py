"""What outputs give: an attribute of a resource counts alone, within a text, or in a collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..stack import Stack
from ..terraform.evaluation.equality import equal
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ErrorValue, ListValue, MapValue, PartialString, Symbol, Unknown, Value
from ..terraform.module import Declaration


def outputs_of(stack: Stack) -> Mapping[Declaration, Value]:
    """The outputs of a stack with their values, in the order of the text; made once."""
    return stack.once(_outputs)


def _outputs(stack: Stack) -> dict[Declaration, Value]:
    return {one: _value(stack, one) for one in stack.module.of_kind("output") if one.block is not None}


def _value(stack: Stack, declaration: Declaration) -> Value:
    assert declaration.block is not None
    attribute = declaration.block.body.attribute("value")
    return stack.evaluator.evaluate(attribute.expr) if attribute is not None else Value(None)


def gives(stack: Stack, declaration: Declaration, instance: Instance, attribute: str) -> bool:
    """Return True if an output gives an attribute of a resource: alone, in a text, or in a collection."""
    value = outputs_of(stack)[declaration]
    if _holds(value, instance, attribute):
        return True
    own = instance.value(attribute)
    if own.data is not None and any(equal(item, own) is True for item in items_of(value)):
        return True
    if not any(map(_is_open, items_of(value))):
        return False
    block = declaration.block
    written = block.body.attribute("value") if block is not None else None
    for reference, _ in stack.reached([written.expr] if written is not None else []):
        steps = [step for step in reference.path if step != instance.key]
        if reference.address == instance.declaration.address and steps[:1] == [attribute]:
            keys = [step for step in reference.path[:1] if not isinstance(step, str) or step != attribute]
            if not keys or keys == [instance.key]:
                return True
    return False


def _is_open(item: Value) -> bool:
    """Return True if it isn't known what a value is, or which one it is."""
    data = item.data
    if isinstance(data, PartialString):
        return any(isinstance(part, Unknown) for part in data.parts)
    return isinstance(data, (Unknown, ErrorValue)) or getattr(data, "doubt", None) is not None


def _holds(value: Value, instance: Instance, attribute: str) -> bool:
    for item in items_of(value):
        parts = item.data.parts if isinstance(item.data, PartialString) else (item.data,)
        for part in parts:
            if isinstance(part, Symbol) and part.address == instance.address and part.path[:1] == (attribute,):
                return True
    return False


def items_of(value: Value) -> Iterator[Value]:
    """A value, and all that is in it."""
    pending = [value]
    while pending:
        item = pending.pop()
        yield item
        if isinstance(item.data, (ListValue, MapValue)):
            pending += item.elements()
