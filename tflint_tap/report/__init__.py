"""The results of a run, as text for people and for programs.

`FORMATS` maps a format's name to the function that renders it. Each imports its module only when it is
called, so that a run that prints text doesn't pay for SARIF's object model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..records import dataclass
from ..text.listing import listed

if TYPE_CHECKING:
    from ..lint import Report
    from ..rule import Finding


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to present a report.

    `root` is the folder that paths are made relative to, with forward slashes; an absolute one also tells
    SARIF's readers where the files lie. `folder` is the one that relative paths start from, if not the root.
    `version` is tap-lint's own. The others matter to text only: `strict` says that doubts make the run fail, `width` is
    the terminal's in columns, 0 where lines aren't broken, `links` that the terminal knows links; `group_by` is rule,
    file or block.
    """

    root: str
    version: str
    color: bool = False
    quiet: bool = False
    folder: str = ""
    strict: bool = False
    width: int = 0
    links: bool = False
    group_by: str = ""
    statistics: bool = False


def relative_path(path: str, root: str) -> str:
    """The path from the root folder; as it is where it isn't below the root."""
    if not root:
        return path
    return path.removeprefix(root.rstrip("/") + "/").removeprefix("./")


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def under(finding: Finding) -> str:
    """The sets of inputs that a finding holds under, as its message goes on; nothing where it holds under all."""
    return f" (under {listed(finding.inputs, 'and')})" if finding.inputs else ""


def _text(report: Report, options: RenderOptions) -> str:
    from . import text

    return text.render(report, options)


def _json(report: Report, options: RenderOptions) -> str:
    from . import json_

    return json_.render(report, options)


def _sarif(report: Report, options: RenderOptions) -> str:
    from . import sarif

    return sarif.render(report, options)


# Each function returns the whole text, which ends in a line feed unless it is empty.
FORMATS: dict[str, Callable[[Report, RenderOptions], str]] = {"text": _text, "json": _json, "sarif": _sarif}
