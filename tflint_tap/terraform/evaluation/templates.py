"""Templates → strings, with the place of every part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...hcl.nodes import Expr, ForDirective, IfDirective, Interpolation, Template, TemplatePart, Text
from ...text.source import Span
from ..functions.parts import joined
from .conversion import EvaluationError, TooLarge, normal, to_bool, to_text
from .stepping import pairs_of
from .values import ErrorValue, ListValue, MapValue, PartialString, Piece, Symbol, Unknown, Value

LONGEST_TEXT = 4_000_000  # characters

Evaluate = Callable[[Expr, Mapping[str, Value]], Value]


def render(template: Template, evaluate: Evaluate) -> Value:
    """A template's value: of a lone interpolation the value itself, else a string. EvaluationError, TooLarge."""
    parts = template.parts
    if not parts:
        return Value("", template.span)
    if len(parts) == 1:
        first = parts[0]
        if isinstance(first, Text):
            return Value(normal(first.value), template.span, pieces=(Piece(first.value, first.span),))
        if isinstance(first, Interpolation) and template.heredoc is None:
            return evaluate(first.expr, {})
    return _Rendering(evaluate, template.span).value(parts)


class _Rendering:
    """One template being put together."""

    def __init__(self, evaluate: Evaluate, span: Span) -> None:
        self.evaluate = evaluate
        self.span = span
        self.length = 0
        self.sensitive = False

    def value(self, parts: tuple[TemplatePart, ...]) -> Value:
        pieces = tuple(self._pieces(parts, {}))
        return Value(joined(piece.data for piece in pieces), self.span, self.sensitive, pieces=pieces)

    def _pieces(self, parts: tuple[TemplatePart, ...], names: Mapping[str, Value]) -> Iterator[Piece]:
        for part in parts:
            if isinstance(part, Text):
                yield self._counted(Piece(part.value, part.span))
            elif isinstance(part, Interpolation):
                yield self._counted(self._interpolated(part, names))
            elif isinstance(part, IfDirective):
                yield from self._chosen(part, names)
            else:
                yield from self._repeated(part, names)

    def _counted(self, piece: Piece) -> Piece:
        if isinstance(piece.data, str):
            self.length += len(piece.data)
            if self.length > LONGEST_TEXT:
                raise TooLarge(f"the string would have more than {LONGEST_TEXT:,} characters")
        return piece

    def _interpolated(self, part: Interpolation, names: Mapping[str, Value]) -> Piece:
        value = self.evaluate(part.expr, names)
        self.sensitive |= value.sensitive
        if isinstance(value.data, ErrorValue):
            raise EvaluationError(value.data.reason)
        if value.data is None:
            raise EvaluationError("a null can't be part of a string")
        if isinstance(value.data, (ListValue, MapValue)):
            raise EvaluationError(f"a {value.data.kind} can't be part of a string")
        data = to_text(value).data
        assert isinstance(data, (str, Symbol, PartialString, Unknown))
        return Piece(data, part.expr.span)

    def _chosen(self, part: IfDirective, names: Mapping[str, Value]) -> Iterator[Piece]:
        condition = self.evaluate(part.condition, names)
        if condition.data is None:
            raise EvaluationError("the condition is null")
        flag = to_bool(condition)
        if isinstance(flag.data, ErrorValue):
            raise EvaluationError(flag.data.reason)
        if flag.is_known:
            yield from self._pieces(part.then if flag.data else part.otherwise, names)
        else:
            yield Piece(Unknown(flag.reason or "the condition isn't known"), part.span)

    def _repeated(self, part: ForDirective, names: Mapping[str, Value]) -> Iterator[Piece]:
        collection = self.evaluate(part.collection, names)
        if isinstance(collection.data, ErrorValue):
            raise EvaluationError(collection.data.reason)
        type_ = collection.type
        if not collection.is_known and (type_ is None or type_.kind not in ("string", "number", "bool")):
            yield Piece(Unknown(collection.reason or "the collection isn't known"), part.span)
            return
        pairs = pairs_of(collection)
        if pairs is None:
            raise EvaluationError("a for directive needs a list, set, tuple, map or object")
        for key, value in pairs:
            inner = {**names, part.value: value}
            if part.key is not None:
                inner[part.key] = key
            yield from self._pieces(part.body, inner)
        doubt = getattr(collection.data, "doubt", None)
        if doubt is not None:
            yield Piece(doubt, part.span)
