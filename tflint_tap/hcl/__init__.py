"""Text → tree."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from ..text.source import Source, Span
from . import grammar
from .build import Lowering
from .errors import ParseError
from .nodes import Body, Diagnostic, Expr, File, Template
from .scanner import Scan

__all__ = ["Diagnostic", "ParseError", "parse", "parse_expression", "parse_template"]


def parse(source: Source) -> File:
    """The file's tree. Where the text isn't HCL, its sound blocks and a diagnostic for each broken one."""
    try:
        return _stretch(source, 0, len(source.text))
    except ParseError as error:
        from .recovery import recover

        return recover(source, error, lambda start, end: _stretch(source, start, end))


def _stretch(source: Source, start: int, end: int) -> File:
    """A run of lines as a file of its own; ParseError where it isn't HCL."""
    scan = Scan(source, start, end)
    if not source.invalid:
        return File(source, _body(scan), tuple(scan.comments))
    first, last = (bisect_left(source.invalid, (offset,)) for offset in (start, end))
    invalid = dict(source.invalid[first:last])
    try:
        body = _body(scan)
    except ParseError as error:
        if error.span.start not in invalid:
            raise
        raise _not_utf_8(source, error.span.start, invalid) from None
    _refuse_invalid(scan, invalid)
    return File(source, body, tuple(scan.comments))


def _refuse_invalid(scan: Scan, invalid: Mapping[int, int]) -> None:
    """ParseError at the first byte that isn't UTF-8 and stands outside of comments: there Terraform takes any."""
    comments = sorted((comment.span.start, comment.span.end) for comment in scan.comments)
    for offset in invalid:
        index = bisect_left(comments, (offset + 1,)) - 1
        if index < 0 or comments[index][1] <= offset:
            raise _not_utf_8(scan.source, offset, invalid)


def _not_utf_8(source: Source, offset: int, invalid: Mapping[int, int]) -> ParseError:
    byte, span = invalid[offset], Span(source, offset, offset + 1)
    return ParseError(f"not valid UTF-8: byte 0x{byte:02x}", "save the file as UTF-8", span)


def _body(scan: Scan) -> Body:
    start = scan.position
    lowering = Lowering(scan.source)
    try:
        items = grammar.run(scan.file(), lowering.callbacks)
    except grammar.UnexpectedLexeme as error:
        from .recovery import explain

        raise explain(error, scan.source, len(scan.text)) from None
    return lowering.file_body(items, start, len(scan.text))


def parse_expression(source: Source) -> Expr:
    """The expression that the whole text is; ParseError where it isn't one."""
    scan = Scan(source, 0, len(source.text))
    return _single(scan, scan.expression())


def parse_template(source: Source) -> Template:
    """The template that the whole text is, as in a file for templatefile; ParseError where it isn't one."""
    scan = Scan(source, 0, len(source.text))
    expr = _single(scan, scan.template())
    assert isinstance(expr, Template)
    return expr


def _single(scan: Scan, lexemes: object) -> Expr:
    lowering = Lowering(scan.source)
    try:
        items = grammar.run(lexemes, lowering.callbacks)  # type: ignore[arg-type]
    except grammar.UnexpectedLexeme as error:
        from .recovery import explain

        raise explain(error, scan.source, len(scan.text)) from None
    if len(items) != 1:
        raise ParseError("more than one expression", "write one expression", Span(scan.source, 0, len(scan.text)))
    return items[0].expr  # type: ignore[no-any-return]
