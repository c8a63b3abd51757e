"""The shapes of expressions by the provider's schema: a resource, one of its attributes, a list of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias, cast

from ..aws import provider
from ..aws.language import TERRAFORM_DATA
from ..aws.schema import BlockSchema, Kind, Type
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import Symbol
from ..terraform.module import Declaration, Module
from ..terraform.typing import TypeConstraint, parse_type
from ..text.nearest import nearest, question

ELEMENTWISE = ("list", "set", "tuple")
_STRING = Type("string")


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """Several things of one shape; None where that isn't known."""

    kind: Literal["list", "set", "tuple", "map"]
    element: Shape | None


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Named things. With `closed` there are no further names, as with `each`."""

    items: Mapping[str, Shape | None]
    closed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Instances:
    """A resource or data source with count or for_each, named without an instance key."""

    made_by: Literal["count", "for_each"]
    block: BlockSchema
    address: str

    @property
    def collection(self) -> Collection:
        """The shape as a value."""
        return Collection("tuple" if self.made_by == "count" else "map", self.block)


@dataclass(frozen=True, slots=True, eq=False)
class Single:
    """A resource or data source without count and for_each, named without a further step."""

    block: BlockSchema
    address: str


Shape: TypeAlias = Type | BlockSchema | Collection | Members | Instances | Single


@dataclass(frozen=True, slots=True)
class Wrong:
    """A step that Terraform refuses: what is so of what it is taken from, and what would be right.

    `name`: what it is taken from has names, and this isn't one of them. `doubt`: why it may be one all the same.
    """

    what: str
    right: str
    name: str | None = None
    doubt: str | None = None


def schema_of(module: Module, declaration: Declaration) -> BlockSchema | None:
    """The schema of what is declared; None where it is neither AWS's nor Terraform's own."""
    if (declaration.kind, declaration.type) == ("resource", "terraform_data"):
        return TERRAFORM_DATA
    return provider.schema_of(module, declaration.kind, declaration.type) if declaration.type else None


def shape_of(module: Module, declaration: Declaration) -> Single | Instances | None:
    """The shape of a declaration's address."""
    block = schema_of(module, declaration)
    if block is None or declaration.block is None:
        return None
    for name in ("count", "for_each"):
        if declaration.block.body.attribute(name) is not None:
            return Instances("count" if name == "count" else "for_each", block, declaration.address)
    return Single(block, declaration.address)


def variable_shape(declaration: Declaration) -> Shape | None:
    """The shape that a variable's type gives to any value; None if it has no type, or not a whole one."""
    written = declaration.block.body.attribute("type") if declaration.block is not None else None
    try:
        return _of_constraint(parse_type(written.expr)) if written is not None else None
    except EvaluationError:
        return None


def _of_constraint(constraint: TypeConstraint) -> Shape | None:
    if constraint.kind == "any":
        return None
    if constraint.kind == "object":
        items = {name: _of_constraint(item.constraint) for name, item in constraint.attributes.items()}
        return Members(items, closed=True)
    if constraint.kind == "tuple":
        return Collection("tuple", None)
    if constraint.element is None:
        return Type(cast("Kind", constraint.kind))
    element = _of_constraint(constraint.element)
    kind = cast('Literal["list", "set", "map"]', constraint.kind)
    return Type(kind, element) if isinstance(element, Type) else Collection(kind, element)


def attribute(shape: Shape, name: str) -> Shape | Wrong | None:
    """`shape.name`; None where that can't be told."""
    if isinstance(shape, Single):
        shape = shape.block
    if isinstance(shape, BlockSchema):
        return _member(shape, name)
    if isinstance(shape, Instances):
        key = "count.index" if shape.made_by == "count" else "each.key"
        return Wrong(
            f"has {shape.made_by}, so {name} has to be asked of one of its instances",
            f"name the instance, such as {shape.address}[{key}]",
        )
    if isinstance(shape, Members):
        if name in shape.items or not shape.closed:
            return shape.items.get(name)
        return _nothing(name, shape.items)
    if isinstance(shape, Collection):
        if shape.kind == "map":
            return shape.element
        return _elements_first(shape.kind, name)
    return _of_type(shape, name)


def _of_type(type_: Type, name: str) -> Shape | Wrong | None:
    if type_.kind == "map":
        return type_.element
    if type_.kind == "object":
        return type_.attributes[name] if name in type_.attributes else _nothing(name, type_.attributes)
    if type_.kind in ELEMENTWISE:
        return _elements_first(type_.kind, name)
    return (
        None if type_.kind == "any" else Wrong(f"is a {type_.kind} and has no attribute {name}", "use the value itself")
    )


def _elements_first(kind: str, name: str) -> Wrong:
    return Wrong(f"is a {kind}: only its elements can have {name}", f"ask an element, [0].{name}, or all, [*].{name}")


def _member(block: BlockSchema, name: str) -> Shape | Wrong | None:
    if block.opaque:
        return None
    if name in block.attributes:
        return block.attributes[name].type
    nested = block.blocks.get(name)
    if nested is None:
        return _nothing(name, (*block.attributes, *block.blocks))
    return nested.block if nested.nesting == "single" else Collection(nested.nesting, nested.block)


def _nothing(name: str, names: Iterable[str]) -> Wrong:
    names = list(names)
    near = nearest(name, names)
    right = (
        question(near)
        if near
        else f"use one of {', '.join(names)}"
        if len(names) < 4
        else "use an attribute that exists"
    )
    return Wrong(f"has no attribute {name}", right, name)


def index(shape: Shape, key: str | int | None) -> Shape | Wrong | None:
    """`shape[key]`; key is None where it is computed."""
    if isinstance(shape, Instances):
        return shape.block
    if isinstance(shape, Single):
        return Wrong(
            "has neither count nor for_each, so it has no instance keys",
            f"leave the brackets out: {shape.address}",
        )
    if isinstance(shape, Collection):
        return _no_index() if shape.kind == "set" else shape.element
    if isinstance(shape, (BlockSchema, Members)):
        return attribute(shape, key) if isinstance(key, str) else None
    if shape.kind == "set":
        return _no_index()
    if shape.kind in ("list", "map"):
        return shape.element
    if shape.kind == "object":
        return attribute(shape, key) if isinstance(key, str) else None
    return None if shape.kind == "any" else Wrong(f"is a {shape.kind} and has no elements", "use the value itself")


def _no_index() -> Wrong:
    return Wrong("is a set, and its elements have no index", "use one() or tolist(), or a for expression")


def element(shape: Shape | None) -> Shape | None:
    """The shape of each element that a `for` or a splat meets."""
    if isinstance(shape, (Single, Members, BlockSchema)) or shape is None:
        return None
    if isinstance(shape, Instances):
        return shape.block
    return shape.element


def splatted(shape: Shape, asks: bool) -> Shape | Wrong | None:
    """The operand of a splat's steps; `asks`: if there are any steps. A shape that is no list is one element."""
    if isinstance(shape, Instances):
        if shape.made_by == "count":
            return shape.block
        if not asks:
            return shape.collection
        return Wrong(
            "has for_each, and a splat takes its map for one element",
            f"use values({shape.address})[*]",
        )
    if isinstance(shape, (Collection, Type)) and shape.kind in ELEMENTWISE:
        return element(shape)
    return shape.block if isinstance(shape, Single) else shape


def value_of(shape: Shape | Wrong | None) -> Shape | None:
    """The shape as the value of a local, an argument, or an element."""
    if isinstance(shape, Instances):
        return shape.collection
    return shape.block if isinstance(shape, Single) else None if isinstance(shape, Wrong) else shape


def common(shapes: Iterable[Shape | None]) -> Shape | None:
    """The one shape that all have, None where they differ."""
    found = [value_of(shape) for shape in shapes]
    first = found[0] if found else None
    return first if all(_same(first, other) for other in found[1:]) else None


def _same(one: Shape | None, other: Shape | None) -> bool:
    return one is other or (isinstance(one, Type) and isinstance(other, Type) and one == other)


def reference_shape(stack: Stack, symbol: Symbol) -> Shape | None:
    """The shape of an attribute that only AWS knows, None if the schema doesn't say."""
    declaration = stack.declared(symbol.block_address)
    shape: Shape | Wrong | None = schema_of(stack.module, declaration) if declaration is not None else None
    if symbol.address.endswith("[?]") and not symbol.path:
        return None  # one of its instances or all of them
    for step in symbol.path:
        if shape is None or isinstance(shape, Wrong):
            return None
        shape = attribute(shape, step) if isinstance(step, str) else index(shape, step)
    return value_of(shape)


def is_secret(stack: Stack, symbol: Symbol) -> bool:
    """Return True if the provider marks an attribute, or one around it, as sensitive."""
    declaration = stack.declared(symbol.block_address)
    shape: Shape | Wrong | None = schema_of(stack.module, declaration) if declaration is not None else None
    for step in symbol.path:
        if shape is None or isinstance(shape, Wrong):
            return False
        if isinstance(step, str) and passes_secret(shape, step):
            return True
        shape = attribute(shape, step) if isinstance(step, str) else index(shape, step)
    return any(secrets_within(value_of(shape)))


def passes_secret(shape: Shape, name: str) -> bool:
    """Return True if the step to an attribute leads into something sensitive."""
    block = shape.block if isinstance(shape, Single) else shape
    found = block.attributes.get(name) if isinstance(block, BlockSchema) else None
    return found is not None and found.sensitive


def deprecation(shape: Shape, name: str) -> str | None:
    """What to use instead of an attribute; None if it isn't deprecated."""
    block = shape.block if isinstance(shape, Single) else shape
    found = block.attributes.get(name) if isinstance(block, BlockSchema) else None
    return found.deprecated if found is not None else None


def secrets_within(shape: Shape | None) -> Iterator[str]:
    """The names of the sensitive attributes anywhere in a shape."""
    pending: list[Shape | None] = [shape]
    seen: set[int] = set()
    while pending:
        inner = value_of(pending.pop())
        if isinstance(inner, Collection):
            pending.append(inner.element)
        elif isinstance(inner, Members):
            pending.extend(inner.items.values())
        elif isinstance(inner, BlockSchema) and id(inner) not in seen:
            seen.add(id(inner))
            yield from (name for name, item in inner.attributes.items() if item.sensitive)
            pending.extend(nested.block for nested in inner.blocks.values())


STRING: Shape = _STRING
