"""Ephemeral values where Terraform would have to keep them.

Source: https://developer.hashicorp.com/terraform/language/values/variables#ephemeral, and what Terraform 1.11 refuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...hcl.children import names_nothing, parts
from ...hcl.nodes import (
    Attribute,
    Block,
    Call,
    Conditional,
    Expr,
    For,
    GetAttr,
    Index,
    Literal,
    Object,
    Parentheses,
    Splat,
    Template,
    Variable,
)
from ...records import dataclass, field
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module.graph import needed_locals
from ...terraform.module.references import Reference, reference_of, unwound
from ..schema.bodies import bodies, declaration_of

_DROPPING = ("ephemeralasnull", "can", "issensitive")  # functions whose results aren't ephemeral
_UNCERTAIN = ("try",)  # those of which validate doesn't tell
_OF_TERRAFORM = ("lifecycle", "provisioner", "connection")  # blocks that may hold such values
_DEEPEST = 50  # steps through locals on the way to a part of one
_REPEATED = ("resource", "data", "ephemeral", "module", "action")


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each argument that is ephemeral and may not be, at the reference that makes it so."""
    search = _Search(stack)
    if not search.has_sources():
        return
    for file in stack.shown:
        for block in file.body.blocks:
            yield from _of_language(block, search, stack)
    for site in bodies(stack):
        if site.kind in ("resource", "data") and site.path.partition(".")[0] not in _OF_TERRAFORM:
            for attribute, known in site.arguments:
                if known is not None and not known.write_only:
                    yield from _hit(attribute, search, f"{attribute.name} of {site.where}", site.address)


def _of_language(block: Block, search: _Search, stack: Stack) -> Iterator[Hit]:
    """What Terraform itself asks for: how many there are of a block, what an output gives out, what a call passes."""
    address = declaration_of(stack, block).address
    for name in ("count", "for_each") if block.type in _REPEATED else ():
        attribute = block.body.attribute(name)
        if attribute is not None:
            yield from _hit(attribute, search, f"{name} of {address}", address)
    value = block.body.attribute("value") if block.type == "output" else None
    if value is not None and not _is_ephemeral(block):
        yield from _hit(value, search, f"the value of {address}, which isn't declared as ephemeral", address)
    for attribute in block.body.attributes if block.type == "module" else ():
        called = (stack.declared(f"var.{attribute.name}{site.mark}") for site in stack.module.called.of(address))
        if any(item is not None and item.block is not None and not _is_ephemeral(item.block) for item in called):
            where = f"{attribute.name} of {address}, whose variable isn't declared as ephemeral"
            yield from _hit(attribute, search, where, address)


def _hit(attribute: Attribute, search: _Search, where: str, address: str | None) -> Iterator[Hit]:
    found = search.within(attribute.expr)
    if found is not None:
        yield Hit(found.name_span, address, {"name": found.name_span.text, "where": where})


def _is_ephemeral(block: Block) -> bool:
    flag = block.body.attribute("ephemeral")
    return flag is not None and isinstance(flag.expr, Literal) and flag.expr.value is True


@dataclass(slots=True)
class _Search:
    """Looks for the references that make expressions ephemeral; what is found of whole locals is kept."""

    stack: Stack
    _locals: dict[str, bool] = field(default_factory=dict)

    def has_sources(self) -> bool:
        """Return True if anything in the module is ephemeral: mostly nothing is."""
        declared = self.stack.module.declarations.values()
        return any(
            item.kind == "ephemeral"
            or (item.kind == "variable" and item.block is not None and _is_ephemeral(item.block))
            for item in declared
        )

    def within(self, expr: Expr) -> Reference | None:
        """The first reference that makes an expression, or a part of its value, ephemeral."""
        return self._within(expr, frozenset(), 0)

    def _within(self, expr: Expr, bound: frozenset[str], depth: int) -> Reference | None:
        if isinstance(expr, Parentheses):
            return self._within(expr.expr, bound, depth)
        if isinstance(expr, Call) and expr.name.removeprefix("core::") in (*_DROPPING, *_UNCERTAIN):
            return None
        if isinstance(expr, Conditional):
            branches = () if names_nothing(expr.condition) else (expr.then, expr.otherwise)
            return self._first((expr.condition, *branches), bound, depth)
        if isinstance(expr, For):
            inner = bound | {expr.value, *((expr.key,) if expr.key else ())}
            own = [part for part in (expr.key_expr, expr.value_expr, expr.condition) if part is not None]
            return self._within(expr.collection, bound, depth) or self._first(own, inner, depth)
        if isinstance(expr, (Variable, GetAttr, Index, Splat)):
            return self._traversal(expr, bound, depth)
        return self._first(parts(expr), bound, depth)

    def _first(self, exprs: Sequence[Expr], bound: frozenset[str], depth: int) -> Reference | None:
        return next((found for expr in exprs if (found := self._within(expr, bound, depth)) is not None), None)

    def _traversal(self, expr: Expr, bound: frozenset[str], depth: int) -> Reference | None:
        root, steps = unwound(expr)
        keys = [step.key for step in steps if isinstance(step, Index)]
        if isinstance(root, Variable) and root.name not in bound:
            reference = reference_of(root, steps)
            whole = len(steps) == reference.taken + len(reference.path)
            if self._makes_ephemeral(reference, whole=whole, depth=depth):
                return reference
        # which part of anything else is asked for, isn't followed
        return self._first(keys, bound, depth)

    def _makes_ephemeral(self, reference: Reference, *, whole: bool, depth: int) -> bool:
        if reference.root == "ephemeral" or reference.address == "terraform.applying":
            return True
        declaration = self.stack.declared(reference.address)
        if declaration is None:
            return False
        if declaration.kind == "variable":
            return declaration.block is not None and _is_ephemeral(declaration.block)
        if declaration.kind != "local" or not whole or depth > _DEEPEST:
            return False
        return self._part(declaration.expr, reference.path, depth) if reference.path else self._local(reference.address)

    def _local(self, address: str) -> bool:
        """Return True if a local is ephemeral, or something in it is."""
        for needed in needed_locals(self.stack.module, address, self._locals):
            self._locals[needed.address] = self.within(needed.expr) is not None
        return self._locals.get(address, False)

    def _part(self, expr: Expr, path: tuple[str | int, ...], depth: int) -> bool:
        """Return True if a part of what an expression comes to certainly is ephemeral."""
        while path and isinstance(expr, Object):
            items = {item.key.literal: item.value for item in expr.items if isinstance(item.key, Template)}
            if not isinstance(path[0], str) or path[0] not in items:
                return False
            expr, path = items[path[0]], path[1:]
        if path and not isinstance(expr, (Variable, GetAttr)):
            return False
        return self._within(expr, frozenset(), depth + 1) is not None
