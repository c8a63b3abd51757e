"""The variables, locals, outputs, names and tags of a stack as entries of a contract."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..contract.format import ANY, NONE
from ..hcl.nodes import Expr, Template
from ..stack import Stack
from ..tagging import maps_in
from ..terraform.evaluation.conversion import EvaluationError, quoted
from ..terraform.evaluation.values import ListValue, MapValue, Value
from ..terraform.module import Declaration
from ..terraform.typing import constraint_text, parse_type
from .comments import where
from .draft import Content, Entry
from .names import Prefix
from .parts import DraftedPart, Parts
from .settings import hides, symbols_in


class Unsayable(Exception):
    """A value that a contract has no words for."""


def variables_of(stack: Stack) -> Iterator[Entry]:
    """Each variable with its type and its default."""
    for declaration in stack.module.of_kind("variable"):
        yield _variable(stack, declaration)


def _variable(stack: Stack, declaration: Declaration) -> Entry:
    assert declaration.block is not None
    body = declaration.block.body
    content: dict[str, Content] = {}
    notes = [_described(stack, declaration)]
    written = body.attribute("type")
    if written is not None:
        try:
            content["type"] = constraint_text(parse_type(written.expr))
        except EvaluationError as error:
            notes.append(f"left out: its type: {error.reason}")
    default, sensitive = body.attribute("default"), body.attribute("sensitive")
    is_secret = sensitive is not None and stack.evaluator.evaluate(sensitive.expr).data is not False
    if default is None:
        content["default"] = NONE
    elif is_secret or hides(declaration.name, stack.evaluator.evaluate(default.expr)):
        notes.append("left out: its default, which may be a secret")
    else:
        try:
            content |= _default(stack.evaluator.evaluate(default.expr))
        except Unsayable as error:
            notes.append(f"left out: its default, {error}")
    if body.blocks_of("validation"):
        content["validated"] = True
    if is_secret:
        content["sensitive"] = True
    return Entry(f"variables.{declaration.name}", content, declaration.name, tuple(notes))


def _described(stack: Stack, declaration: Declaration) -> str:
    assert declaration.block is not None
    attribute = declaration.block.body.attribute("description")
    data = stack.evaluator.evaluate(attribute.expr).data if attribute is not None else None
    place = where(stack, declaration.span)
    return f"{place}: {data}" if isinstance(data, str) and data.strip() else place


def _default(value: Value) -> dict[str, Content]:
    """The demand for a default; a word that means something to contracts is a condition."""
    plain = plain_of(value)
    if plain in (ANY, NONE):
        return {"require": [f"self.default == {quoted(str(plain))}"]}
    return {"default": [plain] if isinstance(value.data, ListValue) else plain}


def plain_of(value: Value) -> Content:
    """A known value as YAML has it. Unsayable where it isn't known, or no number of YAML is like it."""
    data = value.data
    if value.reason is not None:
        raise Unsayable(value.reason)
    if isinstance(data, (ListValue, MapValue)):
        if data.doubt is not None:
            raise Unsayable(data.doubt.reason)
        if isinstance(data, ListValue):
            return [plain_of(item) for item in data.items]
        if any(hides(key, item) for key, item in data.items.items()):
            raise Unsayable("which may hold a secret")
        return {key: plain_of(item) for key, item in data.items.items()}
    if isinstance(data, Fraction):
        raise Unsayable("a number with decimals")
    assert data is None or isinstance(data, (bool, int, str)), "nothing else is a Terraform value"
    return data


def locals_of(stack: Stack, prefix: Prefix | None) -> Iterator[Entry]:
    """The locals that names are made of, as templates, and that tags are made of; others are the stack's own matter."""
    for declaration in stack.module.of_kind("local"):
        if prefix is not None and declaration.address == prefix.address:
            content: dict[str, Content] = {}
            text = declaration.expr.span.code
            if isinstance(declaration.expr, Template) and text.startswith('"'):
                content["equals"] = text[1:-1]
            yield Entry(f"locals.{declaration.name}", content, declaration.name, (where(stack, declaration.span),))
        elif _gives_tags(stack, declaration):
            yield Entry(f"locals.{declaration.name}", {}, declaration.name, (where(stack, declaration.span),))


def _gives_tags(stack: Stack, declaration: Declaration) -> bool:
    return declaration.address in stack.once(_tag_sources)


def _tag_sources(stack: Stack) -> frozenset[str]:
    """The locals whose value goes into the tags of resources as it is."""
    found: set[str] = set()
    for instance in stack.resources():
        attribute = instance.attribute("tags")
        if attribute is not None:
            found |= {reference.address for reference in maps_in(attribute.expr)}
    return frozenset(found)


def outputs_of(stack: Stack, parts: Parts) -> Iterator[Entry]:
    """Each output: by what of the parts it gives, else by its name."""
    found = [(declaration, _given(stack, parts, declaration)) for declaration in stack.module.of_kind("output")]
    often: dict[str, int] = {}
    for _, given in found:
        for one in given:
            often[one] = often.get(one, 0) + 1
    for declaration, given in found:
        assert declaration.block is not None
        attribute = declaration.block.body.attribute("sensitive")
        is_sensitive = attribute is not None and stack.evaluator.evaluate(attribute.expr).data is True
        more: dict[str, Content] = {"sensitive": True} if is_sensitive else {}
        notes = (_described(stack, declaration),)
        for number, one in enumerate(given or [""]):
            id_ = f"outputs.{declaration.name}" + (f".{number}" if len(given) > 1 else "")
            content: dict[str, Content] = {"id": id_}
            if not one or often[one] > 1 or is_sensitive:  # another output of the same would do as well
                content["name"] = declaration.name
            content |= {"refers_to": one} if one else {}
            yield Entry(id_, {**content, **more}, notes=notes if number == 0 else ())


def _given(stack: Stack, parts: Parts, declaration: Declaration) -> list[str]:
    """The attributes of parts that an output gives: `topic.arn`."""
    assert declaration.block is not None
    attribute = declaration.block.body.attribute("value")
    if attribute is None:
        return []
    made: dict[str, None] = {}
    for symbol in symbols_in(stack.evaluator.evaluate(attribute.expr)):
        part = parts.by_address.get(symbol.address)
        if part is not None and not part.is_data and symbol.path and isinstance(symbol.path[0], str):
            made[f"{part.name}.{symbol.path[0]}"] = None
    for part, step in _referred(stack, parts, attribute.expr):
        made[f"{part.name}.{step}"] = None
    return list(made)


def _referred(stack: Stack, parts: Parts, expr: Expr) -> Iterator[tuple[DraftedPart, str]]:
    """The attributes that an output's expression names: one that is known, such as a name, is no symbol."""
    for reference, _ in stack.reached([expr]):
        part = parts.by_address.get(reference.address)
        step = next((step for step in reference.path if isinstance(step, str)), None)
        if part is not None and not part.is_data and step is not None:
            yield part, step
