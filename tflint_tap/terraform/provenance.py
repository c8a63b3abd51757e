"""The place of an argument and the origins of its value: a finding's place, and how it came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from ..hcl.nodes import Attribute, Block, Body, Expr
from ..records import dataclass
from ..text.source import ORIGIN, Related, Span
from .evaluation.evaluator import Evaluator
from .evaluation.expansion import Instance
from .evaluation.inputs import ENVIRONMENT
from .evaluation.values import Value
from .module import Declaration
from .module.graph import leading
from .module.references import iterator_name

LONGEST_QUOTE = 60  # characters of a value that a label repeats
MOST_ORIGINS = 3
_MOST_REACHED = 200  # variables and locals that are looked at for one value: it may stem from thousands
_NO_FILES = ("--var ", ENVIRONMENT)  # sources of what is given otherwise than in files: there is none to point into


@dataclass(frozen=True, slots=True)
class Place:
    """The span to point at, and the related places."""

    span: Span
    related: tuple[Related, ...] = ()


def place(instance: Instance, *paths: str) -> Place:
    """The place of the first of these arguments that is written, with its value's origins.

    A path is `argument` or `block.argument`. Where none is written it is the header of a block that lacks its
    argument, the `for_each` of a dynamic block that makes none, else the configuration's own header.
    """
    instead: Place | None = None
    for path in paths:
        *types, name = path.split(".")
        within, absent = _within(instance, types)
        if within is None:
            instead = instead or absent
            continue
        attribute = within.attribute(name)
        if attribute is not None:
            return Place(attribute.expr.span, attribute_origins(within, attribute))
        if types:
            instead = instead or Place(within.header)
    return instead or Place(instance.header)


def _within(instance: Instance, types: list[str]) -> tuple[Instance | None, Place | None]:
    """The nested block, or the place of the dynamic block that doesn't make it."""
    for type_ in types:
        blocks = instance.blocks(type_)
        if not blocks:
            for block in instance.body.blocks:
                collection = block.body.attribute("for_each")
                if block.type == "dynamic" and block.labels and block.labels[0].value == type_ and collection:
                    value = instance.evaluator.evaluate(collection.expr, instance.names)
                    return None, Place(collection.expr.span, _of(instance, value, collection.expr))
            return None, None
        instance = blocks[0]
    return instance, None


def attribute_origins(instance: Instance, attribute: Attribute, *, hidden: bool = False) -> tuple[Related, ...]:
    """The origins of an argument's value, if it doesn't come from the argument itself."""
    return _of(instance, instance.value(attribute.name), attribute.expr, hidden=hidden)


def _of(instance: Instance, value: Value, expr: Expr, *, hidden: bool = False) -> tuple[Related, ...]:
    block = instance.declaration.block
    return origins(instance.evaluator, value, expr, tuple(repetitions(block)) if block else (), hidden=hidden)


def repetitions(block: Block) -> Iterator[tuple[str, Expr]]:
    """The expressions that give `each`, `count` and the iterators of dynamic blocks their values, by these names."""
    for name, root in (("for_each", "each"), ("count", "count")):
        attribute = block.body.attribute(name)
        if attribute is not None:
            yield root, attribute.expr
    yield from _dynamic(block.body)


def _dynamic(body: Body) -> Iterator[tuple[str, Expr]]:
    for block in body.blocks:
        collection = block.body.attribute("for_each")
        if block.type == "dynamic" and block.labels and collection is not None:
            yield iterator_name(block), collection.expr
        yield from _dynamic(block.body)


def origins(
    evaluator: Evaluator,
    value: Value,
    expr: Expr,
    repeated: Iterable[tuple[str, Expr]] = (),
    *,
    hidden: bool = False,
) -> tuple[Related, ...]:
    """The variables' defaults and the locals that an expression's value stems from; none if it is all written there.

    It is the one that gave the value, where one did, else all that it was made of (at most `MOST_ORIGINS`).
    `repeated` are the expressions behind `each` and the like, as `repetitions` gives them. With `hidden` the
    labels don't repeat the value, as they never repeat a sensitive one.
    """
    hidden = hidden or value.sensitive
    reached = list(islice(_reached(evaluator, expr, dict(repeated)), _MOST_REACHED))
    if value.span is not None and not expr.span.contains(value.span):
        for origin in reached:
            if origin.expr.span.contains(value.span):
                return origin.related(value.span, hidden)
    leaves = [origin for origin in reached if origin.is_leaf]
    return tuple(related for origin in leaves[:MOST_ORIGINS] for related in origin.related(origin.expr.span, hidden))


@dataclass(frozen=True, slots=True)
class _Origin:
    """An expression that a value may stem from. `words` say what it does with it: `var.mode defaults to`."""

    words: str
    expr: Expr
    is_leaf: bool  # refers to nothing further

    def related(self, span: Span, hidden: bool) -> tuple[Related, ...]:
        if span.source.path.startswith(_NO_FILES):
            return ()
        quoted = span.code
        shown = not hidden and len(quoted) <= LONGEST_QUOTE and "\n" not in quoted
        words = self.words if span == self.expr.span else f"{self.words.partition(' ')[0]} gives"  # it is a part of it
        if not shown and words.endswith(" is"):
            return (Related(f"{words} written here", span, ORIGIN),)
        return (Related(f"{words} {quoted if shown else 'it'} here", span, ORIGIN),)


def _reached(evaluator: Evaluator, expr: Expr, repeated: dict[str, Expr]) -> Iterator[_Origin]:
    """The variables and locals that an expression leads to, through locals, the nearest first."""
    pending = [expr]
    seen: set[str] = set()
    for inner in pending:  # which grows meanwhile
        for reference in evaluator.module.references(inner):
            if reference.address in seen:
                continue
            seen.add(reference.address)
            declaration = evaluator.module.declarations.get(reference.address)
            if declaration is not None and declaration.kind == "local":
                further = any(next_.root in ("var", "local") for next_ in evaluator.module.references(declaration.expr))
                yield _Origin(f"{reference.address} is", declaration.expr, not further)
                pending.append(declaration.expr)
            elif declaration is not None and declaration.kind == "variable":
                yield from _variable(evaluator, declaration)
                pending += [further for _, further in leading(evaluator.module, reference)]
            elif declaration is not None and declaration.kind == "module":
                for address, value in leading(evaluator.module, reference):
                    yield _Origin(f"{address} is", value, not evaluator.module.references(value))
                    pending.append(value)
            elif declaration is None and reference.root in repeated:
                collection = repeated[reference.root]
                yield _Origin(f"{reference.root} is", collection, False)
                pending.append(collection)


def _variable(evaluator: Evaluator, declaration: Declaration) -> Iterator[_Origin]:
    passed = evaluator.module.called.passed.get(declaration.address)
    given = evaluator.inputs.expr(declaration.name, None) if passed is None else passed.expr
    if given is not None:
        yield _Origin(f"{declaration.address} is set to", given, not evaluator.module.references(given))
    assert declaration.block is not None
    default = declaration.block.body.attribute("default")
    if given is None and default is not None:
        yield _Origin(f"{declaration.address} defaults to", default.expr, True)
