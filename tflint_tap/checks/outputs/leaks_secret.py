"""Outputs that give secrets away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import cast

from ...hcl.children import parts
from ...hcl.nodes import (
    Block,
    Call,
    Expr,
    For,
    GetAttr,
    Index,
    Literal,
    Object,
    ObjectItem,
    Splat,
    Template,
    Tuple,
    Variable,
)
from ...records import dataclass, field
from ...rule import Hit, Rule, Severity
from ...secrets.texts import kind_of_name
from ...stack import Stack
from ...terraform.evaluation.values import PartialString, Symbol, Value, is_sensitive
from ...terraform.module.references import reference_of, unwound
from ...text.source import ORIGIN, Related, Span
from ..expression_shapes import Shapes
from ..shapes import Shape, element, is_secret, secrets_within, value_of

# What comes out of these isn't secret, whatever goes in.
_REVEALING = ("nonsensitive", "issensitive", "can")
# These ask for the size or keys of a thing: what it holds doesn't come out.
_ASIDE = ("length", "keys", "type")
# What comes out of these has the parts of what goes in, under the same names.
_PASSING = (
    "merge",
    "values",
    "one",
    "element",
    "try",
    "coalesce",
    "concat",
    "flatten",
    "tolist",
    "toset",
    "tomap",
    "reverse",
    "slice",
    "distinct",
    "compact",
    "coalescelist",
    "sensitive",
    "ephemeralasnull",
)
Path = tuple[str, ...]  # the names of the part that is asked for; of none, everything is
Names = Mapping[str, Shape | None]
# How far secrets are followed: locals within locals, and parts that are asked of one local.
_LONGEST_CHAIN = 100
_MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class _Leak:
    """A secret in a value: where it is named, and what it is. `certain`: Terraform itself knows of it."""

    span: Span
    what: str
    certain: bool = True


@dataclass(slots=True)
class _Search:
    """The search for the first secret in an output. `asked` are the parts of locals that were looked into."""

    stack: Stack
    elsewhere: Collection[str]
    shapes: Shapes
    asked: dict[str, set[Path | None]] = field(default_factory=dict)
    depth: int = 0

    def enters(self, address: str, path: Path | None) -> bool:
        """Return True if a part of a local is still to be examined."""
        asked = self.asked.setdefault(address, set())
        if path in asked or len(asked) == _MOST_PARTS or self.depth == _LONGEST_CHAIN:
            return False
        asked.add(path)
        return True


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Outputs that aren't marked as sensitive, though their value is or holds a secret."""
    elsewhere = frozenset(cast("Collection[str]", rule.params["secrets"]))
    shapes = Shapes(stack.module)
    for declaration in stack.module.of_kind("output"):
        block = declaration.block
        value = block.body.attribute("value") if block is not None else None
        if block is None or value is None or _marked(block):
            continue
        leak = _leak(_Search(stack, elsewhere, shapes), value.expr)
        if leak is None:
            continue
        there = Related(f"{leak.what} stands here", leak.span, ORIGIN)
        related = () if value.expr.span.contains(leak.span) else (there,)
        span = leak.span if not related else value.expr.span
        severity = None if leak.certain else Severity.WARNING
        yield Hit(span, declaration.address, {"what": leak.what}, related, severity)


def _marked(block: Block) -> bool:
    for name in ("sensitive", "ephemeral"):
        attribute = block.body.attribute(name)
        if attribute is not None and not (isinstance(attribute.expr, Literal) and attribute.expr.value is False):
            return True
    return False


def _leak(search: _Search, expr: Expr) -> _Leak | None:
    """The first secret in an expression's value, as the provider, the variables or else their names tell."""
    found = next(_secrets(search, expr, {}), None)
    if found is not None:
        return found
    value = search.stack.evaluator.evaluate(expr)
    for symbol in _references(value):
        if is_secret(search.stack, symbol):
            return _Leak(expr.span, str(symbol))
    if is_sensitive(value):
        return _Leak(expr.span, "a sensitive value")
    return None


def _references(value: Value) -> Iterator[Symbol]:
    if isinstance(value.data, Symbol):
        yield value.data
    elif isinstance(value.data, PartialString):
        yield from (part for part in value.data.parts if isinstance(part, Symbol))
    for item in value.elements():
        yield from _references(item)


def _secrets(search: _Search, expr: Expr, names: Names, path: Path | None = ()) -> Iterator[_Leak]:
    """The secrets that an expression names and doesn't keep to itself; with a path of None its size or keys at most."""

    def within(inner: Expr, *, more: Names | None = None, of: Path | None = path) -> Iterator[_Leak]:
        return _secrets(search, inner, {**names, **(more or {})}, of)

    if isinstance(expr, Call):
        name = expr.name.removeprefix("core::")
        if name in _REVEALING:
            return
        if name == "lookup" and len(expr.arguments) > 1:
            collection, key, *default = expr.arguments
            literal = key.literal if isinstance(key, Template) else None
            yield from within(collection, of=None if path is None else () if literal is None else (literal, *path))
            for argument in default:
                yield from within(argument)
            return
        asked = None if name in _ASIDE or path is None else path if name in _PASSING else ()
        for argument in expr.arguments:
            yield from within(argument, of=asked)
    elif isinstance(expr, (Variable, GetAttr, Index, Splat)):
        yield from _named(search, expr, names, path)
    elif isinstance(expr, For):
        shapes = search.shapes.apart()
        shape = shapes.of(expr.collection, names)
        if shapes.secrets:
            yield _Leak(expr.collection.span, _words(expr.collection))
        inner = {expr.value: element(shape)} | ({expr.key: None} if expr.key else {})
        if expr.key_expr is not None:
            yield from within(expr.key_expr, more=inner, of=())
        if path is not None:
            yield from within(expr.value_expr, more=inner)
    elif isinstance(expr, Object):
        for item in expr.items if path is not None else ():
            if not path:
                yield from within(item.key, of=())
                yield from within(item.value)
            elif _key(item) in (None, path[0]):
                yield from within(item.value, of=path[1:])
    elif not (path is None and isinstance(expr, Tuple)):
        for part in parts(expr):
            yield from within(part)


def _named(
    search: _Search, expr: Variable | GetAttr | Index | Splat, names: Names, path: Path | None
) -> Iterator[_Leak]:
    """The secret that a reference leads to."""
    shapes = search.shapes.apart()
    shape = value_of(shapes.of(expr, names))
    if shapes.secrets:
        yield _Leak(expr.span, _words(expr))
        return
    root, steps = unwound(expr)
    asked = None if path is None else (*_asked(steps), *path)
    if not isinstance(root, Variable):
        yield from _secrets(search, root, names, asked)
        return
    if root.name in names:
        if path == () and any(secrets_within(shape)):
            yield _Leak(expr.span, f"{next(secrets_within(shape))} of {_words(expr)}")
        return
    reference = reference_of(root, steps)
    declaration = search.stack.declared(reference.address)
    if declaration is None:
        return
    if declaration.kind == "local":
        rest = None if path is None else (*_asked(steps[reference.taken :]), *path)
        if search.enters(reference.address, rest):
            search.depth += 1
            for leak in _secrets(search, declaration.expr, {}, rest):
                yield _Leak(expr.span, leak.what, leak.certain)
            search.depth -= 1
    elif declaration.kind == "variable":
        value = search.stack.evaluator.evaluate(expr)
        if path is not None and not value.sensitive and kind_of_name(declaration.name) == "password":
            yield _Leak(expr.span, f"{reference.address}, a secret by its name", certain=False)
    elif f"{declaration.type}.{_last(steps)}" in search.elsewhere:
        yield _Leak(expr.span, _words(expr))
    elif path == () and any(secrets_within(shape)):
        yield _Leak(expr.span, f"{next(secrets_within(shape))} of {_words(expr)}")


def _asked(steps: Iterable[GetAttr | Index | Splat]) -> Iterator[str]:
    """The names that steps ask for; numbers, computed keys and splats lead to any element."""
    for step in steps:
        if isinstance(step, GetAttr):
            yield step.name
        elif isinstance(step, Index):
            key = step.key.literal if isinstance(step.key, Template) else None
            if key is not None:
                yield key
        else:
            yield from _asked(unwound(step.each)[1])


def _words(expr: Expr) -> str:
    """An expression as a message names it."""
    return " ".join(expr.span.code.split())


def _last(steps: list[GetAttr | Index | Splat]) -> str:
    last = steps[-1] if steps else None
    if isinstance(last, Splat):
        last = last.each if isinstance(last.each, GetAttr) else None
    return last.name if isinstance(last, GetAttr) else ""


def _key(item: ObjectItem) -> str | None:
    return item.key.literal if isinstance(item.key, Template) else None
