"""`tap-lint graph`: draw what is wired to what."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .inputs import InOrder, contract_option, inputs_of, target_of, targets_of
from .main import all_rules, complain, give_up

if TYPE_CHECKING:
    from ..discovery import Target
    from ..rule import Rule
    from ..terraform.evaluation.inputs import Inputs


@click.command("graph", cls=InOrder)
@click.argument("path", default=".")
@click.option("--format", "format_", type=click.Choice(("mermaid", "dot", "json")), default="mermaid",
              show_default=True, help="What to print.")  # fmt: skip
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Draw only edges of this kind (repeatable).")
@contract_option
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable, as terraform does.")
@click.option("--var-file", "variable_files", multiple=True, metavar="FILE", help="Set variables from a file.")
def command(
    path: str,
    format_: str,
    kinds: tuple[str, ...],
    contract: str | None,
    variables: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> None:
    """Draw what is wired to what: which queue redrives to which, what triggers a function.

    PATH is a file or folder. Resources are grouped by service, those with findings are marked, and edges that
    aren't certain are dashed.
    """
    from ..terraform.evaluation.inputs import InputError
    from ..terraform.module.marks import displayed

    targets = targets_of((path,), None, contract)
    target = target_of(targets, path)
    try:
        inputs = inputs_of(targets, variables, variable_files)[target]
        text, complaints = drawing(target, inputs, all_rules(), format_, kinds)
    except (InputError, ValueError) as error:
        give_up(str(error))
    click.echo(displayed(text), nl=False)
    for complaint in complaints:
        complain(complaint)


def drawing(
    target: Target, inputs: Inputs, rules: tuple[Rule, ...], format_: str, kinds: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """The drawing of a module's edges, and what the reader has to be told about it.

    Without kinds all are drawn. ValueError for a kind that there isn't, InputError for a value that doesn't fit.
    """
    from ..lint import lint, stack_of
    from ..report.graph import FORMATS, MOST_DRAWN, graph_of
    from ..text.nearest import suggestion

    stack = stack_of(target, inputs)
    known = stack.wiring.kinds
    for kind in kinds:
        if kind not in known:
            raise ValueError(f"--kind {kind}: there is no such kind{suggestion(kind, known)}")
    report = lint([target], rules, {target: inputs})
    graph = graph_of(stack.wiring, report.findings, [kind for kind in known if not kinds or kind in kinds])
    complaints = list(report.failures)
    if format_ == "mermaid" and len(graph.edges) > MOST_DRAWN:
        complaints.append(f"Mermaid draws {MOST_DRAWN} edges and no more: choose among the kinds by --kind")
    return FORMATS[format_](graph, Path.cwd().as_posix()), tuple(complaints)
