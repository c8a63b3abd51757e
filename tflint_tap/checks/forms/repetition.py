"""What makes several of one block, or of nested ones: count, for_each, dynamic blocks and their iterators."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Block, Body, Expr, Literal, Variable
from ...stack import Stack
from ...terraform.evaluation.conversion import kind_name
from ...terraform.evaluation.values import ErrorValue, ListValue, MapValue, Symbol, Unknown, Value
from .static import Misform

_REPEATED = ("resource", "data", "ephemeral", "module", "action")
_RESERVED = ("locals",)  # types of nested blocks that Terraform keeps for itself
_TYPED = ("resource", "data", "ephemeral")


def problems(block: Block, stack: Stack) -> Iterator[Misform]:
    """What is wrong with the repetition of a block and of those in it."""
    count, for_each = block.body.attribute("count"), block.body.attribute("for_each")
    if block.type in _REPEATED and count is not None and for_each is not None:
        later = max(count, for_each, key=lambda item: item.span.start)
        what = "the block has count and for_each"
        yield Misform(later.name_span, what, "decide for one of them")
    if block.type in _TYPED:
        for nested in block.body.blocks:
            if nested.type in _RESERVED:
                what = f"a {block.type} block takes no {nested.type} block: Terraform keeps the name for itself"
                yield Misform(nested.type_span, what, "move it out of the block")
        yield from _dynamic(block.body, stack)
    for nested in block.body.blocks_of("data") if block.type == "check" else ():
        for name in ("count", "for_each"):
            attribute = nested.body.attribute(name)
            if attribute is not None:
                yield Misform(attribute.name_span, f"a data source of a check block takes no {name}", "remove it")


def _dynamic(body: Body, stack: Stack) -> Iterator[Misform]:
    for block in body.blocks:
        if block.type == "dynamic":
            iterator, collection = block.body.attribute("iterator"), block.body.attribute("for_each")
            if iterator is not None and not _is_name(iterator.expr):
                what = "iterator is no name that is written out"
                name = iterator.expr.span.text.strip('"')
                right = f"write {name}, without quotes" if name.isidentifier() else "write a name, without quotes"
                yield Misform(iterator.expr.span, what, right)
            if collection is not None:
                found = _no_collection(stack.evaluator.evaluate(collection.expr, _NAMES))
                if found is not None:
                    what = f"the for_each of a dynamic block is {found}"
                    yield Misform(collection.expr.span, what, "use a list, set, tuple, map or object")
            yield from (problem for inner in block.body.blocks for problem in _dynamic(inner.body, stack))
        else:
            yield from _dynamic(block.body, stack)


def _is_name(expr: Expr) -> bool:
    """Return True of a bare word, which null is to Terraform, too."""
    return isinstance(expr, Variable) or (isinstance(expr, Literal) and expr.value is None)


def _no_collection(value: Value) -> str | None:
    """What a value is that has no elements, in words; None where it may have some."""
    data = value.data
    if isinstance(data, (ListValue, MapValue, Unknown, ErrorValue, Symbol)):
        return None
    return "null" if data is None else f"a {kind_name(data)}"


_NAMES = {name: Value(Unknown("it is known in an instance only")) for name in ("each", "count", "self")}
