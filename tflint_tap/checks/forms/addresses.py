"""Addresses in moved, import and removed blocks."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute, Block
from ...records import dataclass
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, to_text
from ...terraform.evaluation.values import ErrorValue
from .static import Misform, Traversal, flags, traversal

_RIGHT = "write an address, without quotes"


@dataclass(frozen=True, slots=True)
class _Address:
    """What an address names: a module or a resource, in which mode, and if one instance of it."""

    is_module: bool
    is_data: bool
    has_key: bool


def problems(block: Block, stack: Stack) -> Iterator[Misform]:
    """What is wrong with the addresses of a block, and with what else it says."""
    if block.type == "moved":
        yield from _moved(block)
    elif block.type == "removed":
        yield from _removed(block)
    elif block.type == "import":
        yield from _import(block, stack)


def _moved(block: Block) -> Iterator[Misform]:
    found: list[_Address] = []
    for name in ("from", "to"):
        attribute = block.body.attribute(name)
        address = _address(attribute) if attribute is not None else None
        if isinstance(address, Misform):
            yield address
        elif address is not None:
            found.append(address)
    if len(found) == 2 and found[0].is_module != found[1].is_module:
        yield Misform(block.header, "one of from and to is a module, the other one a resource", "name two of one kind")


def _removed(block: Block) -> Iterator[Misform]:
    attribute = block.body.attribute("from")
    if attribute is not None:
        address = _address(attribute)
        if isinstance(address, Misform):
            yield address
        elif address.is_data:
            yield Misform(attribute.expr.span, "from is a data source, which is never destroyed", "remove the block")
        elif address.has_key:
            what = "from is an instance: a removed block is for all of a resource or module"
            yield Misform(attribute.expr.span, what, "leave the brackets out")
    for lifecycle in block.body.blocks_of("lifecycle"):
        yield from flags(lifecycle, "destroy")


def _import(block: Block, stack: Stack) -> Iterator[Misform]:
    to = block.body.attribute("to")
    if to is not None:
        address = _address(to, computed=block.body.attribute("for_each") is not None)
        if isinstance(address, Misform):
            yield address
        elif address.is_data or address.is_module:
            yield Misform(to.expr.span, "to is no resource, and only resources can be imported", "name a resource")
    id_ = block.body.attribute("id")
    if id_ is None and block.body.attribute("identity") is None and to is not None:
        yield Misform(block.header, "the import block lacks id", "set id to the resource's ID")
    elif id_ is not None:
        yield from _id(id_, stack)


def _id(id_: Attribute, stack: Stack) -> Iterator[Misform]:
    value = stack.evaluator.evaluate(id_.expr)
    if isinstance(value.data, ErrorValue):
        return
    try:
        text = to_text(value).data
    except EvaluationError:
        yield Misform(id_.expr.span, "id is no text", "write the resource's ID")
        return
    if text is None or text == "":
        yield Misform(id_.expr.span, f"id is {'null' if text is None else 'empty'}", "write the resource's ID")


def _address(attribute: Attribute, *, computed: bool = False) -> _Address | Misform:
    """What an address names. `computed`: keys of instances may be expressions."""
    wrong = Misform(attribute.expr.span, f"{attribute.name} is no address", _RIGHT)
    found = traversal(attribute.expr)
    if found is None:
        return _Address(False, False, True) if computed and attribute.expr.span.text[:1] not in '"[{(' else wrong
    place = _behind_modules(found)
    names = [found.root, *found.steps][place:]
    if not names:
        return _Address(True, False, place > 0 and (place - 1) - 1 in found.keyed)
    is_data = names[0] == "data"
    rest = names[(3 if is_data else 2) :]
    wanted = names[1:] if is_data else names
    if len(wanted) < 2 or len(rest) > 1 or (rest and place + (3 if is_data else 2) - 1 not in found.keyed):
        return Misform(attribute.expr.span, f"{attribute.name} is no address of a resource or module", _RIGHT)
    return _Address(False, is_data, bool(rest))


def _behind_modules(found: Traversal) -> int:
    """The place of the first name behind the modules that an address leads through, of root and steps together."""
    names = [found.root, *found.steps]
    place = 0
    while place + 1 < len(names) and names[place] == "module" and place - 1 not in found.keyed:
        place += 2
        if place - 1 in found.keyed:
            place += 1
    return place
