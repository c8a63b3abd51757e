"""The places in blocks with expressions, and with words that only look like references; an expression's target.

Source: the pages of https://developer.hashicorp.com/terraform/language on each block type, as of Terraform 1.14.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute, Block, Body, Expr, Parentheses
from . import Module
from .references import reference_of, steps_of, walk

# Arguments of a block that hold names of provider configurations, types or addresses.
_NAMES = {
    "resource": ("provider",),
    "data": ("provider",),
    "ephemeral": ("provider",),
    "action": ("provider",),
    "module": ("providers",),
    "variable": ("type",),
    "moved": ("from", "to"),
    "import": ("to", "provider"),
    "removed": ("from",),
}
# Likewise of blocks directly within these, and of what those hold: names of arguments, and keywords.
NESTED_NAMES = {"lifecycle": ("ignore_changes", "events"), "provisioner": ("when", "on_failure")}


_HOLDERS = frozenset((*_NAMES, "locals", "output", "provider", "check"))


def expressions(block: Block) -> Iterator[tuple[Attribute, frozenset[str]]]:
    """Every argument within a top-level block whose value is an expression, with the names bound by dynamic blocks.

    The `terraform` block has none: what it says is fixed before anything is evaluated. What Terraform doesn't know
    says nothing either.
    """
    if block.type not in _HOLDERS:
        return
    names = _NAMES.get(block.type, ())
    yield from ((attribute, frozenset()) for attribute in block.body.attributes if attribute.name not in names)
    for nested in block.body.blocks:
        if block.type == "check" and nested.type == "data":
            yield from expressions(nested)
            continue
        keywords = NESTED_NAMES.get(nested.type, ()) if block.type in _NAMES else ()
        for attribute, bound in walk(Body((), (nested,), nested.span)):
            if attribute.name not in keywords:
                yield attribute, bound


def followed(module: Module, expr: Expr) -> Expr:
    """An expression without parentheses, of a local what it is."""
    seen: set[str] = set()
    while True:
        if isinstance(expr, Parentheses):
            expr = expr.expr
            continue
        found = steps_of(expr)
        reference = reference_of(*found) if found is not None else None
        declaration = module.declarations.get(reference.address) if reference is not None else None
        if (
            reference is None
            or declaration is None
            or declaration.kind != "local"
            or reference.path
            or reference.address in seen
        ):
            return expr
        seen.add(reference.address)
        expr = declaration.expr
