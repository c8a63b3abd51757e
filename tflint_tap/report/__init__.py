"""The results of a run, as text for people and for programs.

`FORMATS` maps a format's name to the function that renders it. Each imports its module only when it is
called, so that a run that prints text doesn't pay for SARIF's object model.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ..records import dataclass
from ..rule import Finding, Severity
from ..text.listing import listed

if TYPE_CHECKING:
    from ..lint import Report


def fails_by_default(finding: Finding) -> bool:
    """Return True if a finding makes a run without options fail: it is an error or warning, and no doubt."""
    return finding.doubt is None and finding.severity >= Severity.WARNING


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to present a report.

    `root` is the folder that paths are made relative to, with forward slashes; an absolute one also tells
    SARIF's readers where the files lie. `folder` is the one that relative paths start from, if not the root.
    `version` is tap-lint's own. `category` tells SARIF's runs about the same commit apart, `fails` which findings and
    doubts make the run fail. The others matter to text only: `strict` says that doubts do so, `width` is the terminal's
    in columns, 0 where lines aren't broken, `links` that the terminal knows links; `group_by` is rule, file or block.
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
    category: str = "tap-lint"
    fails: Callable[[Finding], bool] = fails_by_default


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


def _lazily(module: str) -> Callable[[Report, RenderOptions], str]:
    """The function `render` of a module, which is imported when it is called."""

    def render(report: Report, options: RenderOptions) -> str:
        return cast("str", import_module(f".{module}", __package__).render(report, options))

    return render


# Each function returns the whole text, which ends in a line feed unless it is empty.
FORMATS: dict[str, Callable[[Report, RenderOptions], str]] = {
    name: _lazily(module)
    for name, module in (
        ("text", "text"),
        ("json", "json_"),
        ("sarif", "sarif"),
        ("junit", "junit"),
        ("github", "github"),
        ("gitlab", "gitlab"),
        ("checkstyle", "checkstyle"),
        ("markdown", "markdown"),
    )
}
