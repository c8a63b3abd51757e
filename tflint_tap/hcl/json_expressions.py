"""JSON values → the expressions that Terraform reads in them.

Source: https://developer.hashicorp.com/terraform/language/syntax/json (expression mapping), and Terraform's own parser
where the page is silent. A string is a template, `"${aws_sqs_queue.jobs.arn}"` is the expression itself; where
Terraform reads a reference, a keyword or a type, the string is that without `${ }`; where it reads before anything can
be evaluated, the string is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any

from ..records import dataclass
from ..text.source import Source, Span
from . import nodes, parse_expression, parse_template
from .errors import ParseError
from .json_text import JsonArray, JsonMember, JsonObject, JsonScalar, JsonString, JsonValue, decoded
from .nodes import Expr, Interpolation, Literal, Object, ObjectItem, Template, TemplatePart, Text, Tuple


class Reading(Enum):
    """What Terraform takes a string for."""

    TEMPLATE = "template"
    LITERAL = "literal"  # the text as it is
    EXPRESSION = "expression"  # a reference, a keyword or a type
    REQUIREMENT = "requirement"  # of a provider: literals, but for `configuration_aliases`, which are references


_ALIASES = "configuration_aliases"
_NAME = re.compile(r"[A-Za-z_][\w-]*")
# What has a span, by the attributes that make it.
_NODES: dict[type, tuple[str, ...]] = {
    kind: kind.__match_args__ for kind in vars(nodes).values() if "span" in getattr(kind, "__match_args__", ())
}


@dataclass(frozen=True, slots=True)
class Expressions:
    """Makes expressions of values; `complain` is told what is wrong with one, which then is null."""

    complain: Callable[[ParseError], None]

    def of(self, value: JsonValue, reading: Reading) -> Expr:
        """The expression that a value is."""
        if isinstance(value, JsonScalar):
            return Literal(value.value, value.span)
        if isinstance(value, JsonString):
            try:
                return self._of_string(value, reading)
            except ParseError as error:
                self.complain(error)
                return Literal(None, value.span)
        if isinstance(value, JsonArray):
            return Tuple(tuple(self.of(item, reading) for item in value.items), value.span)
        return self._of_object(value, reading)

    def _of_string(self, string: JsonString, reading: Reading) -> Expr:
        if reading is Reading.EXPRESSION:
            return _expression(string)
        if reading is Reading.TEMPLATE:
            made = _template(string)
            only = made.parts[0] if len(made.parts) == 1 else None
            return only.expr if isinstance(only, Interpolation) else made
        return _text(string)

    def _of_object(self, value: JsonObject, reading: Reading) -> Object:
        items: list[ObjectItem] = []
        known: dict[str, JsonMember] = {}
        for member in value.members:
            first = known.setdefault(member.name.value, member)
            if first is not member:
                self.complain(_twice(member, first))
                continue
            inner = reading
            if reading is Reading.REQUIREMENT:
                inner = Reading.EXPRESSION if member.name.value == _ALIASES else Reading.LITERAL
            items.append(ObjectItem(self._key(member.name, reading), self.of(member.value, inner), member.span))
        return Object(tuple(items), value.span)

    def _key(self, name: JsonString, reading: Reading) -> Expr:
        try:
            if reading is Reading.TEMPLATE:
                return _template(name)
            if reading is Reading.EXPRESSION and _NAME.fullmatch(name.value) is None:
                return _expression(name)
        except ParseError as error:
            self.complain(error)
        return _text(name)


def _twice(member: JsonMember, first: JsonMember) -> ParseError:
    line = first.name.span.line
    message = f"the property {member.name.span.text} is already set in line {line}"
    return ParseError(message, "leave one of the two out", member.name.span)


def _text(string: JsonString) -> Template:
    return Template((Text(string.value, string.span),) if string.value else (), string.span)


def _template(string: JsonString) -> Template:
    """The template that a string is. ParseError, with its place in the JSON text, where it isn't one."""
    value = string.value
    if "${" in value or "%{" in value:
        return Template(_read(_parts, string), string.span)
    if "\\" in string.span.text and _is_document(value):
        return Template(_read(_stretches, string), string.span)
    return _text(string)


def _parts(source: Source, places: list[int]) -> tuple[TemplatePart, ...]:
    found = parse_template(source).parts
    if not _is_document(source.text):
        return found
    made: list[TemplatePart] = []
    for part in found:
        is_plain = isinstance(part, Text) and part.value == part.span.text
        made += _stretches(source, places, part.span.start, part.span.end) if is_plain else [part]
    return tuple(made)


def _is_document(text: str) -> bool:
    """Return True for JSON within a string: what is found in it has its place there."""
    return text.lstrip()[:1] in ("{", "[")


def _stretches(source: Source, places: list[int], start: int = 0, end: int | None = None) -> tuple[Text, ...]:
    """A stretch of literal text in parts, of which each is as long as it is written, or is one escape."""
    text, made, first = source.text, list[Text](), start
    end = len(text) if end is None else end
    for position in range(start, end):
        if places[position + 1] - places[position] != 1:
            made += [Text(text[one:other], Span(source, one, other)) for one, other in
                     ((first, position), (position, position + 1)) if one < other]  # fmt: skip
            first = position + 1
    return (*made, Text(text[first:end], Span(source, first, end))) if first < end else tuple(made)


def _expression(string: JsonString) -> Expr:
    """The expression that a string is where Terraform takes no templates."""
    if "${" in string.value:
        bare = string.value.replace("${", "", 1).replace("}", "", 1).strip()
        raise ParseError("a reference is not a template here", f'write it without ${{ }}: "{bare}"', string.span)
    found: Expr = _read(lambda source, _: parse_expression(source), string)
    if isinstance(found, Template):
        raise ParseError(
            f"{string.span.text} is not a reference", "write the name alone, in one pair of quotes", string.span
        )
    return found


def _read(parse: Callable[[Source, list[int]], Any], string: JsonString) -> Any:
    """What a parser makes of a string's value, with spans into the JSON text; it is told each character's offset."""
    span = string.span
    value, places = decoded(span.text[1:-1], span.start + 1)
    try:
        return _relocated(parse(Source(span.source.path, value), places), span.source, places)
    except ParseError as error:
        place = _place(error.span, span.source, places)
        raise ParseError(error.message, error.remedy, place if place.start < place.end else span) from None


def _relocated(node: Any, source: Source, places: list[int]) -> Any:
    """A node with all that it holds, spans moved to where the characters stand in the JSON text."""
    if isinstance(node, Span):
        return _place(node, source, places)
    if isinstance(node, tuple):
        return tuple(_relocated(item, source, places) for item in node)
    names = _NODES.get(type(node))
    if names is None:
        return node
    return type(node)(*(_relocated(getattr(node, name), source, places) for name in names))


def _place(span: Span, source: Source, places: list[int]) -> Span:
    return Span(source, places[span.start], places[span.end])
