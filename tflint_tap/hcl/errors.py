"""The errors of the syntax layer for a text that isn't HCL; they never leave the layer."""

from __future__ import annotations

from ..text.source import Span
from .nodes import Diagnostic


class ParseError(Exception):
    """The message, the remedy and the place of an error."""

    def __init__(self, message: str, remedy: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.span = span

    @property
    def diagnostic(self) -> Diagnostic:
        return Diagnostic(self.message, self.remedy, self.span)
