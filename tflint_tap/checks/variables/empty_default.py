"""Empty lists as defaults where an element is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from ...hcl.nodes import Attribute, Expr
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ListValue, Value
from ...terraform.module import Declaration
from ...text.source import Related, Span


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Empty lists as defaults where the use of the variable needs an element. One hit for each variable."""
    found: dict[str, tuple[Attribute, list[tuple[str, str, Span]]]] = {}
    for declaration, reference, argument, span in _empty_uses(stack, rule):
        assert declaration.block is not None
        default = declaration.block.body.attribute("default")
        assert default is not None
        found.setdefault(declaration.address, (default, []))[1].append((reference, argument, span))
    for address, (default, places) in found.items():
        reference, argument, _ = places[0]
        related = {span: Related(f"{name} needs one in {what} here", span) for name, what, span in places}
        yield Hit(default.expr.span, address, {"argument": argument, "use": reference}, tuple(related.values()))


def _empty_uses(stack: Stack, rule: Rule) -> Iterator[tuple[Declaration, str, str, Span]]:
    """Variables whose empty default leaves an argument without an element: with the resource and the argument."""
    needed = [str(path).split(".") for path in cast("Sequence[object]", rule.params["needed"])]
    pairs = [str(path).split(".") for path in cast("Sequence[object]", rule.params["needed_beside"])]
    for type_, *path in (*needed, *pairs):
        *blocks, name = path
        for instance in stack.resources(type_):
            for body in _within(instance, blocks):
                attribute = body.attribute(name)
                if attribute is None or body.doubt is not None or not _is_empty(body.value(name)):
                    continue
                beside = [other[-1] for other in pairs if [type_, *path] in pairs and other[:-1] == [type_, *blocks]]
                if all(_is_empty(body.value(other)) for other in beside) and beside:
                    continue  # none of them is given: the block counts as not there
                for declaration in _emptied_by(stack, attribute.expr):
                    yield declaration, instance.declaration.address, name, attribute.expr.span


def _within(instance: Instance, blocks: Sequence[str]) -> Iterator[Instance]:
    if not blocks:
        yield instance
        return
    for nested in instance.blocks(blocks[0]):
        yield from _within(nested, blocks[1:])


def _is_empty(value: Value) -> bool:
    data = value.data
    return isinstance(data, ListValue) and not data.items and data.doubt is None


def _emptied_by(stack: Stack, expr: Expr) -> Iterator[Declaration]:
    """The variables with an empty list as default that an expression leads to, through locals."""
    pending, seen = [expr], set[str]()
    while pending:
        for reference in stack.module.references(pending.pop()):
            declaration = stack.declared(reference.address)
            if declaration is None or reference.address in seen:
                continue
            seen.add(reference.address)
            if declaration.kind == "local":
                pending.append(declaration.expr)
            elif declaration.kind == "variable" and declaration.block is not None:
                default = declaration.block.body.attribute("default")
                given = stack.evaluator.inputs.expr(declaration.name, None) is not None
                if default is not None and not given and _is_empty(stack.evaluator.evaluate(default.expr)):
                    yield declaration
