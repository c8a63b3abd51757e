"""The environment of functions: what they need that isn't in their arguments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from ...records import dataclass
from ..evaluation.values import Value


def _no_templates(text: str, variables: Mapping[str, Value], name: str) -> Value:
    raise NotImplementedError("templates need an environment that renders them")


@dataclass(frozen=True, slots=True)
class Environment:
    """The module's folder (None: no file can be read), the time of the plan, and how templates are rendered.

    `called` are the folders of the modules that it calls, from which files can be read as well.

    `time` is RFC 3339 text in UTC, such as 2026-01-01T00:00:00Z; None leaves plantimestamp() unknown.
    `render` evaluates a template's text with the variables alone; `name` is what the text is called in messages.
    """

    folder: Path | None = None
    called: Collection[Path] = ()
    time: str | None = None
    render: Callable[[str, Mapping[str, Value], str], Value] = _no_templates
