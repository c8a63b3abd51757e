"""Blocks as Terraform would make them: count, for_each, dynamic blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ...hcl.nodes import Attribute, Block, Body
from ...records import dataclass, field, replace
from ...text.source import Span
from ..module import Declaration
from ..module.marks import call_of, is_marked
from ..module.references import iterator_name
from .conversion import EvaluationError, quoted, to_number
from .evaluator import MOST_BLOCKS, Evaluator
from .operators import unsettled
from .stepping import pairs_of
from .values import ErrorValue, ListValue, MapValue, Symbol, Unknown, Value

_TOO_MANY_BLOCKS = f"the module has more than {MOST_BLOCKS:,} blocks"
MOST_INSTANCES = 1000  # of one block; beyond, one stands for all
Key = str | int | None
_SOME = "[?]"  # the step to a key that stands for all


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A block's body in the scope of one instance: what is written there, evaluated on demand.

    `address` is that of the resource instance it is or lies in. `doubt` is why it isn't certain that there is
    such an instance or block, or how many (one stands for all), None where it is. `optional` is whether that
    is so of a nested block, supposed that the block it lies in exists.
    """

    address: str
    key: Key
    declaration: Declaration
    body: Body
    header: Span
    names: Mapping[str, Value]
    evaluator: Evaluator
    doubt: str | None = None
    optional: bool = False
    _values: dict[str, Value] = field(default_factory=dict)
    _blocks: dict[str, tuple[Instance, ...]] = field(default_factory=dict)

    def attribute(self, name: str) -> Attribute | None:
        """The argument as written."""
        return self.body.attribute(name)

    def value(self, name: str) -> Value:
        """An argument's value; null, at the header, where it isn't written."""
        if name not in self._values:
            attribute = self.body.attribute(name)
            self._values[name] = (
                Value(None, self.header) if attribute is None else self.evaluator.evaluate(attribute.expr, self.names)
            )
        return self._values[name]

    def span_of(self, name: str) -> Span:
        """The span of an argument's value, else the header."""
        attribute = self.body.attribute(name)
        return self.header if attribute is None else attribute.expr.span

    def blocks(self, name: str) -> tuple[Instance, ...]:
        """The nested blocks of a type, dynamic ones expanded."""
        if name not in self._blocks:
            self._blocks[name] = tuple(self._made(name))
        return self._blocks[name]

    def _made(self, name: str) -> Iterator[Instance]:
        for block in self.body.blocks:
            if block.type == name:
                yield self._nested(block, block.header, self.names, self.doubt)
            elif block.type == "dynamic" and block.labels and block.labels[0].value == name:
                yield from self._dynamic(block)

    def block_types(self) -> Iterator[tuple[str, Span]]:
        """The types of the nested blocks as written, dynamic ones by what they make, with the block's header."""
        for block in self.body.blocks:
            if block.type == "dynamic" and block.labels:
                yield block.labels[0].value, block.header
            else:
                yield block.type, block.header

    def _nested(self, block: Block, header: Span, names: Mapping[str, Value], doubt: str | None) -> Instance:
        return Instance(self.address, self.key, self.declaration, block.body, header, names, self.evaluator, doubt)

    def _dynamic(self, block: Block) -> Iterator[Instance]:
        """The blocks that a dynamic block makes: its content once for each element."""
        iterator = iterator_name(block)
        collection = block.body.attribute("for_each")
        contents = block.body.blocks_of("content")
        if collection is None or not contents:
            return
        content = contents[0]
        pairs: list[tuple[Value, Value]] = []
        rest: str | None = _TOO_MANY_BLOCKS
        if self.evaluator.blocks_left >= 0:  # else not even evaluated: that would take as long as making them
            pairs, rest = _elements(self.evaluator.evaluate(collection.expr, self.names), self.evaluator)
        for key, element in pairs:
            names = {**self.names, iterator: _entry(key, element)}
            yield self._nested(content, block.header, names, self.doubt)
        if rest is not None:
            entry = _entry(Value(Unknown(rest), collection.span), Value(Unknown(rest), collection.span))
            unsure = self._nested(content, block.header, {**self.names, iterator: entry}, rest)
            yield replace(unsure, optional=True, _values={}, _blocks={})


def _entry(key: Value, value: Value) -> Value:
    """The value of an iterator or of `each`."""
    return Value(MapValue({"key": key, "value": value}))


def _elements(value: Value, evaluator: Evaluator) -> tuple[list[tuple[Value, Value]], str | None]:
    """Key and value for each element of a for_each, and why there may be more."""
    if not value.is_known:
        return [], unsettled(value).reason
    pairs = pairs_of(value)
    if pairs is None:
        return [], "for_each is not a map or a set of strings"
    rest = getattr(value.data, "doubt", None)
    too_many = _too_many(len(pairs), evaluator)
    if too_many is not None:
        return [], too_many
    return pairs, rest.reason if isinstance(rest, Unknown) else None


def _too_many(count: int | Fraction, evaluator: Evaluator) -> str | None:
    """The reason why so many instances or blocks aren't made, None if they may be made."""
    if count > MOST_INSTANCES:
        return f"more than {MOST_INSTANCES:,} instances"
    evaluator.blocks_left -= int(count)
    return _TOO_MANY_BLOCKS if evaluator.blocks_left < 0 else None


def expand(declaration: Declaration, evaluator: Evaluator) -> tuple[Instance, ...]:
    """A resource's or data source's instances, as its count or for_each makes them."""
    if is_marked(declaration.address):
        made = _expanded(declaration, evaluator)
        site = evaluator.module.called.by_call.get(call_of(declaration.address))
        if site is None or site.doubt is None:
            return made
        return tuple(replace(one, doubt=one.doubt or site.doubt, _values={}, _blocks={}) for one in made)
    return _expanded(declaration, evaluator)


def _expanded(declaration: Declaration, evaluator: Evaluator) -> tuple[Instance, ...]:
    """The instances, supposed that the module that declares the block is called."""
    block = declaration.block
    assert block is not None

    def instance(key: Key, names: Mapping[str, Value], doubt: str | None = None) -> Instance:
        suffix = "[?]" if doubt else "" if key is None else f"[{key if isinstance(key, int) else quoted(key)}]"
        address = declaration.address + suffix
        return Instance(address, key, declaration, block.body, block.header, names, evaluator, doubt)

    count, for_each = block.body.attribute("count"), block.body.attribute("for_each")
    if count is not None:
        return _counted(evaluator.evaluate(count.expr), instance, evaluator)
    if for_each is not None:
        return _for_each(evaluator.evaluate(for_each.expr), instance, evaluator)
    return (instance(None, {}),)


def _counted(value: Value, instance: object, evaluator: Evaluator) -> tuple[Instance, ...]:
    assert callable(instance)
    try:
        number = to_number(value) if value.data is not None else Value(ErrorValue("count is null"))
    except EvaluationError as error:
        number = Value(ErrorValue(error.reason))
    data = number.data
    if isinstance(data, bool) or not isinstance(data, (int, Fraction)):
        why = number.reason or "count is not a number"
        return (instance(None, {"count": _index(Value(_some(data, why), value.span))}, why),)
    reason = _too_many(data, evaluator)
    if reason is not None:
        return (instance(None, {"count": _index(Value(Unknown(reason), value.span))}, reason),)
    return tuple(instance(number, {"count": _index(Value(number, value.span))}) for number in range(int(data)))


def _index(value: Value) -> Value:
    return Value(MapValue({"index": value}))


def _for_each(value: Value, instance: object, evaluator: Evaluator) -> tuple[Instance, ...]:
    assert callable(instance)
    data = value.data
    chained = _chained(data, evaluator)
    if chained is not None:
        own = chained.names["each"].data
        assert isinstance(own, MapValue)
        return (instance(None, {"each": _entry(own.items["key"], Value(data, value.span))}, chained.doubt),)
    pairs, rest = _elements(value, evaluator)
    if isinstance(data, ListValue) and data.kind != "set" and rest is None:
        pairs, rest = [], "for_each needs a map or a set of strings, not a list"
    made: list[Instance] = []
    for key, element in pairs:
        if isinstance(key.data, str):
            made.append(instance(key.data, {"each": _entry(key, element)}))
        else:
            rest = rest or key.reason or "a key is not a string"
    if rest is not None:
        unknown = Value(_some(data, rest), value.span)
        made.append(instance(None, {"each": _entry(unknown, unknown)}, rest))
    return tuple(made)


def _some(data: object, reason: str) -> Unknown:
    """A key or index that isn't known: the same wherever the keys are those of the same unknown."""
    return data.step(_SOME) if isinstance(data, Unknown) else Unknown(reason)


def _chained(data: object, evaluator: Evaluator) -> Instance | None:
    """The instance that stands for all of another block, where for_each is that block and its keys aren't known."""
    if not isinstance(data, Symbol) or data.path or not data.address.endswith("[?]"):
        return None
    declaration = evaluator.module.declarations.get(data.block_address)
    if declaration is None or evaluator.goes_round(declaration, "count", "for_each"):
        return None
    made = evaluator.instances(declaration)
    return made[0] if len(made) == 1 and made[0].doubt is not None and "each" in made[0].names else None
