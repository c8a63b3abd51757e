"""`tap-lint graph`: draw what is wired to what."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..discovery import Target
    from ..rule import Rule
    from ..terraform.evaluation.inputs import Inputs


def drawing(
    target: Target, inputs: Inputs, rules: tuple[Rule, ...], format_: str, kinds: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """The drawing of a module's edges, and what the reader has to be told about it.

    Without kinds all are drawn. ValueError for a kind that there isn't, InputError for a value that doesn't fit.
    """
    from ..lint import lint, stack_of
    from ..report.graph import FORMATS, MOST_DRAWN, graph_of
    from ..text.nearest import nearest

    stack = stack_of(target, inputs)
    known = stack.wiring.kinds
    for kind in kinds:
        if kind not in known:
            near = nearest(kind, known)
            raise ValueError(f"--kind {kind}: there is no such kind" + (f"; {near} comes near" if near else ""))
    report = lint([target], rules, {target: inputs})
    graph = graph_of(stack.wiring, report.findings, [kind for kind in known if not kinds or kind in kinds])
    complaints = list(report.failures)
    if format_ == "mermaid" and len(graph.edges) > MOST_DRAWN:
        complaints.append(f"Mermaid draws {MOST_DRAWN} edges and no more: choose among the kinds by --kind")
    return FORMATS[format_](graph, Path.cwd().as_posix()), tuple(complaints)
