"""Paths of files as others find them, who don't know in which folder tap-lint was run."""

from __future__ import annotations

import os

from ..records import dataclass, field
from ..text.source import Span
from . import RenderOptions, relative_path


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Makes paths relative to the root of `options`: links and `..` are resolved, once for each path."""

    options: RenderOptions
    _known: dict[str, str] = field(default_factory=dict)

    def of(self, path: str) -> str:
        """The path from the root; an absolute one where it isn't below the root."""
        if path not in self._known:
            self._known[path] = self._resolved(path)
        return self._known[path]

    def place(self, span: Span) -> str:
        """`main.tf:24:18`."""
        line, column = span.source.position(span.start)
        return f"{self.of(span.source.path)}:{line}:{column}"

    def _resolved(self, path: str) -> str:
        root = self.options.root
        if not root.startswith("/"):
            return relative_path(path, root)
        return relative_path(os.path.realpath(os.path.join(self.options.folder or root, path)), os.path.realpath(root))
