"""Arguments whose value is another one at every plan: of timestamp(), uuid() and bcrypt()."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.children import parts
from ...hcl.nodes import Attribute, Block, Call, Expr, Tuple
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module.expressions import expressions
from ...text.source import ORIGIN, Related

_CHANGING = ("timestamp", "uuid", "bcrypt")
# These are made to change: they run something again.
_MEANT = ("null_resource", "terraform_data")


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each argument of a resource that holds such a call, directly or through locals."""
    if not any(f"{name}(" in file.source.text for file in stack.module.files for name in _CHANGING):
        return
    changing = _locals(stack)
    for declaration in stack.module.of_kind("resource"):
        block = declaration.block
        if block is None or declaration.type.partition("_")[0] in ("random", "time") or declaration.type in _MEANT:
            continue
        ignored = _ignored(block)
        top = {id(attribute): attribute.name for attribute in block.body.attributes}
        for attribute, _ in expressions(block):
            name = top.get(id(attribute)) or _block_of(block, attribute)
            if name in ("lifecycle", "provisioner", "connection") or name in ignored or "all" in ignored:
                continue
            call = _call(attribute.expr)
            if call is not None:
                yield Hit(call.span, declaration.address, {"argument": attribute.name, "function": call.name})
                continue
            for reference in stack.module.references(attribute.expr):
                source = changing.get(reference.address)
                if source is not None:
                    values = {"argument": attribute.name, "function": source.name}
                    related = (Related(f"{source.name}() is called here", source.span, ORIGIN),)
                    yield Hit(reference.span, declaration.address, values, related)
                    break


def _call(expr: Expr) -> Call | None:
    """The first call in an expression whose value changes."""
    pending = [expr]
    while pending:
        node = pending.pop()
        if isinstance(node, Call) and node.name in _CHANGING:
            return node
        pending.extend(parts(node))
    return None


def _locals(stack: Stack) -> dict[str, Call]:
    """The locals whose value changes, by address, each with the call that makes it so."""
    found: dict[str, Call] = {}
    users: dict[str, list[str]] = {}
    for declaration in stack.module.of_kind("local"):
        call = _call(declaration.expr)
        if call is not None:
            found[declaration.address] = call
        for reference in stack.module.references(declaration.expr):
            users.setdefault(reference.address, []).append(declaration.address)
    pending = list(found)
    for address in pending:  # which grows meanwhile
        for user in users.get(address, ()):
            if user not in found:
                found[user] = found[address]
                pending.append(user)
    return found


def _ignored(block: Block) -> set[str]:
    """The arguments that lifecycle ignores changes of; "all" for all of them."""
    found: set[str] = set()
    for nested in block.body.blocks_of("lifecycle"):
        attribute = nested.body.attribute("ignore_changes")
        if attribute is not None:
            items = attribute.expr.items if isinstance(attribute.expr, Tuple) else (attribute.expr,)
            found.update(item.span.text.partition("[")[0].partition(".")[0] for item in items)
    return found


def _block_of(block: Block, attribute: Attribute) -> str:
    """The type of the nested block in which an argument stands, the outermost of them."""
    for nested in block.body.blocks:
        if nested.span.contains(attribute.span):
            return nested.labels[0].value if nested.type == "dynamic" and nested.labels else nested.type
    return ""
