"""What is raised inside the syntax layer where a text isn't HCL; it never leaves the layer."""

from __future__ import annotations

from ..text.source import Span
from .nodes import Diagnostic


class ParseError(Exception):
    """What is so, what would be right, and where."""

    def __init__(self, message: str, remedy: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.span = span

    @property
    def diagnostic(self) -> Diagnostic:
        return Diagnostic(self.message, self.remedy, self.span)
