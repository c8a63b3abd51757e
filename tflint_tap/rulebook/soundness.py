"""The check of a card when it is loaded, so that no typo makes a rule silent, or lets it speak everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from ..aws import schema
from ..aws.edges import edge_kinds
from ..aws.language import TOP_LEVEL
from ..aws.schema import Type
from ..hcl import ParseError, parse_template
from ..hcl.nodes import Conditional, Expr, Parentheses, Template
from ..records import dataclass
from ..terraform.module.references import references, steps_of
from ..text.nearest import suggestion
from ..text.source import Source
from ..vocabulary.subjects import DECLARED, STATEMENTS, Match
from .card import expression, listed, matches_of, module_of
from .keys import KEYS, SEVERITIES, Key
from .shapes import Block, Listed, Parts, Shape, ShapeError, element_of, scope_shapes, shape_of

_MATCH = re.compile(r"(resource|data|block|edge|statement)\.([a-z0-9_]+|\*)")
_ALONE = (*DECLARED, "policy", "statement", "comment", "stack")
_PYTHON_NAMES = re.compile(r"[a-z]\w*")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a card, and the keys that lead to its place: `("conditions", 1, "require")`."""

    path: tuple[str | int, ...]
    message: str


class _Wrong(Exception):
    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


def mistake_of(id_: str, content: Mapping[str, Any], known: Collection[str] | None = None) -> Mistake | None:
    """The first mistake of a card, None where it is right. `known` are the ids of all rules, None where nobody asks."""
    try:
        _card(id_, content)
        for number, name in enumerate(content.get("supersedes", ())):
            if known is not None and name not in known:
                raise _Wrong(f"there is no rule {name}{suggestion(name, known)}", "supersedes", number)
    except _Wrong as wrong:
        return Mistake(wrong.path, str(wrong))
    return None


def _card(id_: str, content: Mapping[str, Any]) -> None:
    _keys(content, (), lambda key: key.in_card)
    for name, key in KEYS.items():
        if key.needed and name not in content:
            raise _Wrong(f"the card has no {name}")
    if sum(key in content for key in ("check", "require", "conditions")) != 1:
        raise _Wrong("a card has either a check, a require or conditions", "check")
    if "check" in content:
        _check(id_, content["check"])
        for name in ("message", "remedy"):
            _template(content[name], name)
    elif "conditions" in content:
        for name in _OF_CONDITIONS:
            if name in content:
                raise _Wrong(f"{name} stands beside conditions: write it into each condition that needs it", name)
        for number, part in enumerate(content["conditions"]):
            path = ("conditions", number)
            if not isinstance(part, dict):
                raise _Wrong("a condition is a mapping with match and require", *path)
            _keys(part, path, lambda key: key.in_condition)
            _condition(content, part, path)
    else:
        _condition(content, content, ())
    if "check" not in content:
        written = str([content.get(key) for key in _WITH_EXPRESSIONS])
        for name in content.get("params", {}):
            if not re.search(rf"\bparam\.{re.escape(str(name))}\b", written):
                raise _Wrong(f"params names {name}, which nothing uses", "params", name)


def _keys(content: Mapping[str, Any], path: tuple[str | int, ...], allowed: Callable[[Key], bool]) -> None:
    """The keys are known, and each holds what it may."""
    for name, value in content.items():
        key = KEYS.get(str(name))
        if key is None or not allowed(key):
            hint = suggestion(str(name), [known for known, key in KEYS.items() if allowed(key)])
            what = "a condition" if path else "a card"
            raise _Wrong(f"{what} has no key {name}{hint}", *path, name)
        problem = key.problem(value)
        if problem is not None:
            raise _Wrong(f"{name} {problem}", *path, name)


def _check(id_: str, name: object) -> None:
    if name == "engine":
        return
    if name is not True:
        raise _Wrong("check is true: the module of checks that has the rule's name judges", "check")
    module = module_of(id_)
    if find_spec(module.rpartition(".")[0]) is None or find_spec(module) is None:
        raise _Wrong(f"there is no module {module} for this check", "check")


_IN_WORDS = ("severity", "related", "message", "remedy")
_WITH_EXPRESSIONS = ("conditions", "where", "let", "each", "require", "at", *_IN_WORDS)
# What a card that has `conditions` says in each of them.
_OF_CONDITIONS = ("match", "where", "let", "each", "at", "related")


# -- a condition -----------------------------------------------------------------------------------------------


def _condition(card: Mapping[str, Any], part: Mapping[str, Any], path: tuple[str | int, ...]) -> None:
    for key in ("match", "require"):
        if key not in part:
            raise _Wrong(f"a condition has no {key}", *path)
    match = _match(part["match"], (*path, "match"))
    scope: dict[str, Shape | None] = {**scope_shapes(match), "param": _parameters(card)}
    let = part.get("let", {})
    for name in let:
        if not _PYTHON_NAMES.fullmatch(str(name)) or name in (*scope, "each"):
            raise _Wrong(f"let can't name {name}", *path, "let", name)
    if "each" in part:
        scope["each"] = None
        each = _shape(part["each"], {name: scope[name] for name in scope if name != "each"}, (*path, "each"), let)
        if isinstance(each, (Block, Type)):
            raise _Wrong("each is a list, and this expression gives none", *path, "each")
        scope["each"] = element_of(each)
    used = _let(let, scope, path)
    for key in ("where", "require"):
        if key in part:
            used |= _shaped(part[key], scope, (*path, key))
            shape = _shape(part[key], scope, (*path, key), {})
            if isinstance(shape, (Block, Listed)) or (isinstance(shape, Type) and shape.kind != "bool"):
                raise _Wrong(f"{key} is a condition, true or false, and this expression gives neither", *path, key)
    for number, text in enumerate(listed(part.get("at", ()))):
        used |= _place(text, scope, (*path, "at", number))
    used |= _severity(part.get("severity", card["severity"]), scope, (*path, "severity"))
    for label, text in part.get("related", {}).items():
        used |= _place(text, scope, (*path, "related", label))
        used |= _words(label, scope, (*path, "related", label))
    for key in ("message", "remedy"):
        where = (*path, key) if key in part else (key,)
        used |= _words(part.get(key, card[key]), scope, where)
    for name in let:
        if name not in used:
            raise _Wrong(f"let names {name}, which nothing uses", *path, "let", name)


def _parameters(card: Mapping[str, Any]) -> Shape | None:
    return Parts("param", dict.fromkeys(card.get("params", {})))


def _let(let: Mapping[str, Any], scope: dict[str, Shape | None], path: tuple[str | int, ...]) -> set[str]:
    """Adds the names of `let`, in their order, to the scope; gives the names that their expressions use."""
    used: set[str] = set()
    for name, text in let.items():
        where = (*path, "let", name)
        for reference in references(_parsed(text, where)):
            if reference.first in let and reference.first not in scope:
                raise _Wrong(f"let names {reference.first} only below {name}, which needs it", *where)
        used |= _shaped(text, scope, where)
        scope[name] = _shape(text, scope, where, {})
    return used


def _match(value: object, path: tuple[str | int, ...]) -> tuple[Match, ...]:
    names = listed(value)
    for name in names:
        if name not in _ALONE and not _MATCH.fullmatch(str(name)):
            _, dot, rest = str(name).partition(".")
            near = [f"{known}{dot}{rest}" for known in _KINDS] if dot else _ALONE
            hint = suggestion(str(name), near)
            raise _Wrong(
                "match is resource.TYPE, data.TYPE, block.TYPE, edge.KIND, statement.KIND or one of "
                f"{', '.join(_ALONE)}, or a list of them; not {name}{hint}",
                *path,
            )
    match = matches_of(value)
    if not match or len({item.kind for item in match}) != 1:
        raise _Wrong("match names things of one kind: resources, data sources, edges or statements", *path)
    for item in match:
        known = _known(item.kind)
        if item.name not in ("", "*") and item.name not in known:
            raise _Wrong(f"there is no {_KINDS[item.kind]} {item.name}{suggestion(item.name, known)}", *path)
    return match


_KINDS = {
    "resource": "resource type",
    "data": "data source",
    "block": "type of block",
    "edge": "kind of edge",
    "statement": "kind of statement",
}


def _known(kind: str) -> Sequence[str]:
    if kind == "resource":
        return schema.resource_types()
    if kind == "block":
        return tuple(TOP_LEVEL)
    return schema.data_source_types() if kind == "data" else tuple(edge_kinds()) if kind == "edge" else STATEMENTS


def _parsed(text: object, path: tuple[str | int, ...]) -> Expr:
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    if isinstance(text, (dict, list)):
        raise _Wrong(f"{key} is an expression: write it as a block, `{key}: >-`", *path)
    if isinstance(text, bool):
        text = str(text).lower()
    try:
        return expression(key, "" if text is None else text)
    except ParseError as error:
        raise _Wrong(f"{key}: {error.message}", *path) from None


def _shape(
    text: object, scope: Mapping[str, Shape | None], path: tuple[str | int, ...], let: Mapping[str, Any]
) -> Shape | None:
    try:
        return shape_of(_parsed(text, path), {**dict.fromkeys(let), **scope})
    except ShapeError as error:
        raise _Wrong(str(error), *path) from None


def _shaped(text: object, scope: Mapping[str, Shape | None], path: tuple[str | int, ...]) -> set[str]:
    """Checks an expression; gives the names that it uses."""
    _shape(text, scope, path, {})
    return {reference.first for reference in references(_parsed(text, path))}


def _place(text: object, scope: Mapping[str, Shape | None], path: tuple[str | int, ...]) -> set[str]:
    """Checks an expression of `at` or `related`: `mode` is short for `self.mode`."""
    expr = _parsed(text, path)
    found = steps_of(expr)
    if found is not None and found[0].name not in scope and "self" in scope:
        return _path(text, scope, path)
    return _shaped(text, scope, path)


def _path(text: object, scope: Mapping[str, Shape | None], path: tuple[str | int, ...]) -> set[str]:
    """A path of arguments leads through the first block of each type."""
    shape = scope["self"]
    names = str(text).split(".")
    for number, name in enumerate(names):
        expr = expression("at", f"it.{name}")
        try:
            shape = shape_of(expr, {"it": shape})
        except ShapeError as error:
            raise _Wrong(str(error).replace("it.", ".".join(names[:number])), *path) from None
        shape = element_of(shape) if isinstance(shape, Listed) else shape
    return set()


def _severity(text: object, scope: Mapping[str, Shape | None], path: tuple[str | int, ...]) -> set[str]:
    if text in SEVERITIES:
        return set()
    if re.fullmatch(r"\w+", str(text)):
        raise _Wrong(f"{_SEVERITY}; not {text}{suggestion(str(text), SEVERITIES)}", *path)
    for result in _results(_parsed(text, path)):
        word = result.literal if isinstance(result, Template) else None
        if word not in SEVERITIES:
            raise _Wrong(f"{_SEVERITY}; not {result.span.text}{suggestion(word or '', SEVERITIES)}", *path)
    return _shaped(text, scope, path)


_SEVERITY = "severity is one of note, warning, error, or a conditional that gives one of them"


def _results(expr: Expr) -> Iterator[Expr]:
    """The possible results of a conditional."""
    if isinstance(expr, Parentheses):
        yield from _results(expr.expr)
    elif isinstance(expr, Conditional):
        yield from _results(expr.then)
        yield from _results(expr.otherwise)
    else:
        yield expr


def _template(text: str, *path: str | int) -> Template:
    try:
        return parse_template(Source("card", text))
    except ParseError as error:
        raise _Wrong(f"{path[-1]}: {error.message}", *path) from None


def _words(text: str, scope: Mapping[str, Shape | None], path: tuple[str | int, ...]) -> set[str]:
    """Checks a message, remedy or label; gives the names that it uses."""
    parsed = _template(text, *path)
    try:
        shape_of(parsed, scope)
    except ShapeError as error:
        raise _Wrong(str(error), *path) from None
    return {reference.first for reference in references(parsed)}
