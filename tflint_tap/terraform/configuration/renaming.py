"""The files of a called module under names of the call's own, so that they can stand beside its caller's.

What names nothing of the module is shared with the tree as it was read; spans point into the text as ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from ...hcl.nodes import (
    Attribute,
    Binary,
    Block,
    Body,
    Call,
    Conditional,
    Expr,
    File,
    For,
    ForDirective,
    GetAttr,
    IfDirective,
    Index,
    Interpolation,
    Item,
    Label,
    Literal,
    Object,
    ObjectItem,
    Parentheses,
    Splat,
    Template,
    TemplatePart,
    Text,
    Tuple,
    Unary,
    Variable,
)
from ...records import dataclass, replace
from ..module import ADDRESSED
from ..module.expressions import NESTED_NAMES
from ..module.marks import mark
from ..module.references import RESOURCE, iterator_name, reference_of, references, unwound

_Names: TypeAlias = "frozenset[str]"
_NOTHING: _Names = frozenset()
_NOT_OF_MODULE = ("each", "count", "self", "path", "terraform")
_MADE = ("resource", "data", "ephemeral")  # by a provider
# arguments that hold words rather than expressions
_WORDS = {**NESTED_NAMES, "variable": ("type",)}


@dataclass(frozen=True, slots=True)
class Renaming:
    """The names of one instance of a call.

    `call` is its address as a reader knows it, `folder` the module's folder as `path.module` gives it, `providers` the
    expressions of provider configurations that the call gives, by the names that the module has for them.
    """

    call: str
    folder: str
    providers: Mapping[str, Expr]
    own_providers: Collection[str] = ()

    def files(self, files: Iterable[File]) -> tuple[File, ...]:
        """The module's files under these names. RecursionError where an expression is nested too deeply."""
        made = []
        for file in files:
            blocks = tuple(self._top_level(block) for block in file.body.blocks)
            body = Body(file.body.attributes, blocks, file.body.span)
            made.append(File(file.source, body, file.comments, file.diagnostics, self.call))
        return tuple(made)

    # -- blocks --------------------------------------------------------------------------------------------

    def _top_level(self, block: Block) -> Block:
        if block.type == "terraform":
            return block
        if block.type == "locals":
            attributes = tuple(
                replace(self._attribute(item, _NOTHING), name=self._named(item.name)) for item in block.body.attributes
            )
            return replace(block, body=Body(attributes, block.body.blocks, block.body.span))
        made = self._labelled(self._block(block, _NOTHING))
        return self._provided(made) if block.type in _MADE else made

    def _labelled(self, block: Block) -> Block:
        """A block with its name renamed; the data sources of a `check` block as well."""
        if len(block.labels) != ADDRESSED.get(block.type, ("", 0))[1]:
            return block
        *types, name = block.labels
        body = block.body
        if block.type == "check":
            nested = tuple(self._labelled(item) if item.type == "data" else item for item in body.blocks)
            body = Body(body.attributes, nested, body.span)
        return replace(block, labels=(*types, Label(self._named(name.value), name.span)), body=body)

    def _provided(self, block: Block) -> Block:
        """A resource with the provider configuration that the call gives it."""
        written = block.body.attribute("provider")
        if written is None:
            name = block.labels[0].value.partition("_")[0] if block.labels else ""
        else:
            name = written.expr.span.text.strip('"')
        given = self._own_provider(name, block) if name in self.own_providers else self.providers.get(name)
        if given is None:
            return block
        attribute = Attribute("provider", given, given.span, given.span)
        attributes = [item for item in block.body.attributes if item is not written]
        return replace(block, body=Body((*attributes, attribute), block.body.blocks, block.body.span))

    def _own_provider(self, name: str, block: Block) -> Expr:
        """A reference to a provider configuration of the module itself."""
        label, _, alias = name.partition(".")
        made: Expr = Variable(self._named(label), block.header)
        return GetAttr(made, alias, block.header, block.header) if alias else made

    def _block(self, block: Block, bound: _Names) -> Block:
        if block.type == "dynamic" and block.labels:
            inner = bound | {iterator_name(block)}
            attributes = tuple(
                item if item.name == "iterator" else self._attribute(item, inner if item.name == "labels" else bound)
                for item in block.body.attributes
            )
            blocks = tuple(self._block(item, inner) for item in block.body.blocks)
            return replace(block, body=Body(attributes, blocks, block.body.span))
        words = _WORDS.get(block.type, ())
        kept = ("provider", "providers", *words)
        attributes = tuple(
            item if item.name in kept else self._attribute(item, bound) for item in block.body.attributes
        )
        blocks = tuple(self._block(item, bound) for item in block.body.blocks)
        return replace(block, body=Body(attributes, blocks, block.body.span))

    def _attribute(self, attribute: Attribute, bound: _Names) -> Attribute:
        if not references(attribute.expr):
            return attribute
        return replace(attribute, expr=self.expr(attribute.expr, bound))

    # -- expressions ---------------------------------------------------------------------------------------

    def expr(self, expr: Expr, bound: _Names) -> Expr:
        """An expression in which what the module declares has these names; `bound` are a `for`'s and the like."""
        if isinstance(expr, (Literal, Item)):
            return expr
        if isinstance(expr, (Variable, GetAttr, Index, Splat)):
            return self._traversal(expr, bound)
        if isinstance(expr, Template):
            return replace(expr, parts=self._parts(expr.parts, bound))
        if isinstance(expr, Binary):
            return self._binary(expr, bound)
        return self._made_of_parts(expr, bound)

    def _made_of_parts(self, expr: Expr, bound: _Names) -> Expr:
        if isinstance(expr, Call):
            return replace(expr, arguments=tuple(self.expr(item, bound) for item in expr.arguments))
        if isinstance(expr, Tuple):
            return replace(expr, items=tuple(self.expr(item, bound) for item in expr.items))
        if isinstance(expr, Object):
            items = (
                ObjectItem(self.expr(item.key, bound), self.expr(item.value, bound), item.span) for item in expr.items
            )
            return replace(expr, items=tuple(items))
        if isinstance(expr, For):
            return self._for(expr, bound)
        if isinstance(expr, Conditional):
            condition, then, otherwise = (
                self.expr(part, bound) for part in (expr.condition, expr.then, expr.otherwise)
            )
            return Conditional(condition, then, otherwise, expr.span)
        if isinstance(expr, Unary):
            return replace(expr, operand=self.expr(expr.operand, bound))
        assert isinstance(expr, Parentheses)
        return replace(expr, expr=self.expr(expr.expr, bound))

    def _binary(self, expr: Binary, bound: _Names) -> Expr:
        chain = [expr]  # which leans to the left and can be long
        while isinstance(chain[-1].left, Binary):
            chain.append(chain[-1].left)
        made = self.expr(chain[-1].left, bound)
        for link in reversed(chain):
            made = Binary(link.operator, made, self.expr(link.right, bound), link.span)
        return made

    def _for(self, expr: For, bound: _Names) -> For:
        inner = bound | {expr.value, *((expr.key,) if expr.key else ())}
        key, condition = (None if part is None else self.expr(part, inner) for part in (expr.key_expr, expr.condition))
        collection, value = self.expr(expr.collection, bound), self.expr(expr.value_expr, inner)
        return replace(expr, collection=collection, key_expr=key, value_expr=value, condition=condition)

    def _parts(self, parts: Iterable[TemplatePart], bound: _Names) -> tuple[TemplatePart, ...]:
        made: list[TemplatePart] = []
        for part in parts:
            if isinstance(part, Text):
                made.append(part)
            elif isinstance(part, Interpolation):
                made.append(Interpolation(self.expr(part.expr, bound), part.span))
            elif isinstance(part, IfDirective):
                then, otherwise = self._parts(part.then, bound), self._parts(part.otherwise, bound)
                made.append(IfDirective(self.expr(part.condition, bound), then, otherwise, part.span))
            else:
                assert isinstance(part, ForDirective)
                inner = bound | {part.value, *((part.key,) if part.key else ())}
                collection, body = self.expr(part.collection, bound), self._parts(part.body, inner)
                made.append(replace(part, collection=collection, body=body))
        return tuple(made)

    def _traversal(self, expr: Variable | GetAttr | Index | Splat, bound: _Names) -> Expr:
        root, steps = unwound(expr)
        naming = -1  # the step that ends the name of a declaration
        made: Expr = root
        if not isinstance(root, Variable):
            made = self.expr(root, bound)
        elif root.name not in bound:
            if root.name == "path":
                return self._path(expr, steps)
            reference = reference_of(root, steps)
            whole = 2 if root.name in ("data", "ephemeral", "action", RESOURCE) else 1
            if root.name not in _NOT_OF_MODULE and reference.taken == whole:
                naming = whole - 1
        for number, step in enumerate(steps):
            if isinstance(step, GetAttr):
                name = self._named(step.name) if number == naming else step.name
                made = GetAttr(made, name, step.span, step.name_span)
            elif isinstance(step, Index):
                made = Index(made, self.expr(step.key, bound), step.span)
            else:
                made = Splat(made, self.expr(step.each, bound), step.full, step.span)
        return made

    def _path(self, expr: Expr, steps: list[GetAttr | Index | Splat]) -> Expr:
        """`path.module` is the folder of the module; the other paths are the same for all modules."""
        first = steps[0] if len(steps) == 1 else None
        if isinstance(first, GetAttr) and first.name == "module":
            return Template((Text(self.folder, expr.span),), expr.span)
        return expr

    def _named(self, name: str) -> str:
        return name + mark(self.call)
