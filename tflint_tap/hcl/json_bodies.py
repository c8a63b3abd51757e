"""JSON → bodies, blocks and arguments, which are the same nodes as those of the native syntax.

JSON doesn't say if an object is a block or an argument's value: a `BodyShape` does, for Terraform decides by schemas.
Source: https://developer.hashicorp.com/terraform/language/syntax/json, and Terraform's own parser where it is silent.
A body is an object, or an array of objects that are one body together; the property `//` of a body is a comment. Blocks
with labels are objects within objects, a label each; what stands innermost is one block, or an array of several.

Spans: a block is the property of its last label (or its type) with the object; of an array each element is a block, and
its header is the opening brace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..records import dataclass
from ..text.source import Source, Span
from .errors import ParseError
from .json_expressions import Expressions, Reading
from .json_text import JsonArray, JsonMember, JsonObject, JsonScalar, JsonString, JsonValue, read
from .nodes import Attribute, Block, Body, Comment, Diagnostic, File, Label

COMMENT = "//"


@dataclass(frozen=True, slots=True)
class BodyShape:
    """What a body's properties are: blocks where `block` gives their shape, else arguments, read as `reading` says.

    `others` is the shape of objects of which nothing is known, where these are blocks too. `is_single`: it is no array.
    """

    block: Callable[[str], BlockShape | None]
    reading: Callable[[str], Reading]
    others: BlockShape | None = None
    is_single: bool = False


@dataclass(frozen=True, slots=True)
class BlockShape:
    """Blocks of one type: what their labels are, in words, and the body of one with these labels."""

    labels: tuple[str, ...]
    body: Callable[[tuple[str, ...]], BodyShape]


def parse_json(source: Source, root: BodyShape) -> File:
    """The file's tree. A text that isn't JSON has one diagnostic and an empty body."""
    try:
        value = read(source)
    except ParseError as error:
        return File(source, Body((), (), Span(source, 0, len(source.text))), (), (error.diagnostic,))
    lowering = _Lowering([], [])
    if isinstance(value, (JsonString, JsonScalar)):
        lowering.complain(_not_a_body(value, "the file"))
        body = Body((), (), value.span)
    else:
        body = lowering.body(value, root, "the file")
    return File(source, body, tuple(lowering.comments), tuple(lowering.diagnostics))


@dataclass(frozen=True, slots=True)
class _Lowering:
    """What is found beside the tree."""

    comments: list[Comment]
    diagnostics: list[Diagnostic]

    def complain(self, error: ParseError) -> None:
        self.diagnostics.append(error.diagnostic)

    def body(self, value: JsonValue, shape: BodyShape, what: str) -> Body:
        """A body; `what` it belongs to, in words."""
        attributes: list[Attribute] = []
        blocks: list[Block] = []
        expressions = Expressions(self.complain)
        if shape.is_single and isinstance(value, JsonArray):
            self.complain(_not_a_body(value, what))
            return Body((), (), _inside(value))
        for member in self._members(value, what):
            name = member.name.value
            if name == COMMENT:
                self._comment(member)
                continue
            nested = shape.block(name)
            if nested is None and not isinstance(member.value, (JsonString, JsonScalar)):
                nested = shape.others
            if nested is not None:
                blocks += self._blocks(member, nested, member.value, member.name, ())
            else:
                expr = expressions.of(member.value, shape.reading(name))
                attributes.append(Attribute(name, expr, member.span, member.name.span))
        return Body(tuple(attributes), tuple(blocks), _inside(value))

    def _members(self, value: JsonValue, what: str) -> Iterator[JsonMember]:
        """The properties of an object, or of all objects of an array; none of null."""
        if isinstance(value, JsonObject):
            yield from value.members
        elif isinstance(value, JsonArray):
            for item in value.items:
                if isinstance(item, JsonObject):
                    yield from item.members
                else:
                    self.complain(_not_a_body(item, what))
        elif not (isinstance(value, JsonScalar) and value.value is None):
            self.complain(_not_a_body(value, what))

    def _blocks(
        self, member: JsonMember, shape: BlockShape, value: JsonValue, key: JsonString, labels: tuple[Label, ...]
    ) -> Iterator[Block]:
        """The blocks of a property. `key` is the innermost name that leads to `value`, `labels` are those so far."""
        type_ = member.name.value
        what = " ".join((type_, *(label.value for label in labels)))
        if len(labels) < len(shape.labels):
            before = len(self.diagnostics)
            found = list(self._members(value, what))
            if not found and len(self.diagnostics) == before:
                message = f"{what} lacks its {shape.labels[len(labels)]}"
                self.complain(
                    ParseError(message, f'write "{key.value}": {{ "…": {{ … }} }}, or leave it out', key.span)
                )
            for inner in found:
                label = Label(inner.name.value, inner.name.span)
                yield from self._blocks(member, shape, inner.value, inner.name, (*labels, label))
            return
        inner_shape = shape.body(tuple(label.value for label in labels))
        if isinstance(value, JsonObject):
            start = key.span.start
            yield self._block(member, labels, value, Span(value.span.source, start, value.span.end), inner_shape, what)
        elif isinstance(value, JsonArray):
            for item in value.items:
                if isinstance(item, (JsonObject, JsonArray)):
                    yield self._block(member, labels, item, item.span, inner_shape, what)
                else:
                    self.complain(_not_a_body(item, what))
        elif not (isinstance(value, JsonScalar) and value.value is None):
            self.complain(_not_a_body(value, what))

    def _block(
        self, member: JsonMember, labels: tuple[Label, ...], value: JsonValue, span: Span, shape: BodyShape, what: str
    ) -> Block:
        header = Span(span.source, span.start, value.span.start + 1)
        return Block(member.name.value, labels, self.body(value, shape, what), span, member.name.span, header)

    def _comment(self, member: JsonMember) -> None:
        """A comment is the text alone; one that is no text says nothing."""
        if isinstance(member.value, JsonString):
            span = member.value.span
            self.comments.append(Comment(member.value.value, Span(span.source, span.start + 1, span.end - 1)))


def _inside(value: JsonValue) -> Span:
    span = value.span
    return Span(span.source, span.start + 1, span.end - 1) if span.end - span.start > 1 else span


def _not_a_body(value: JsonValue, what: str) -> ParseError:
    found = "an array" if isinstance(value, JsonArray) else "a string" if isinstance(value, JsonString) else "this"
    return ParseError(f"{what} takes an object, and {found} is none", "write { … }", value.span)
