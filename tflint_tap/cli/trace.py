"""`tap-lint trace`: each requirement of a stack's contract, whether it is met, and where."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .inputs import InOrder, contract_option, inputs_of, provider_option, refuse_unread, targets_of, with_provider
from .main import FINDINGS, TROUBLE, all_rules, complain, give_up
from .terminal import color_option, colored
from .writing import write


@click.command("trace", cls=InOrder)
@click.argument("path", default=".")
@click.option("--format", "format_", type=click.Choice(("text", "markdown", "json", "html")), default="text",
              show_default=True, help="How to print it.")  # fmt: skip
@click.option("--output", "-o", metavar="FILE", help="Write it there instead of printing it.")
@color_option
@contract_option
@provider_option
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable, as terraform does.")
@click.option("--var-file", "variable_files", multiple=True, metavar="FILE", help="Set variables from a file.")
@click.option(
    "--fail-on",
    type=click.Choice(("note", "warning", "error")),
    default="warning",
    show_default=True,
    help="The least severity of what breaks a requirement that makes the exit code 1.",
)
@click.option("--strict", is_flag=True, help="Undecided requirements make the exit code 1, too.")
def command(
    path: str,
    format_: str,
    output: str | None,
    color: str,
    contract: str | None,
    provider_version: str | None,
    variables: tuple[str, ...],
    variable_files: tuple[str, ...],
    fail_on: str,
    strict: bool,
) -> None:
    """Tell of each requirement of a stack's contract if it is met, and where, or why not.

    PATH is a file or folder that a contract holds for. A requirement is met at the places that are named, broken by
    findings, undecided for a reason, suppressed by a tap:ignore comment, or needs a person.

    Exit codes: 0 nothing is broken, 1 a requirement is broken, 2 the tool couldn't do its work.
    """
    from ..lint import judged_alone
    from ..records import replace
    from ..report.trace import trace
    from ..rule import Severity
    from ..settings import Options, RunSettings
    from ..terraform.evaluation.inputs import InputError
    from ..terraform.module.marks import displayed
    from ..trace.rows import trace_of

    settings = RunSettings(all_rules(), Options(), (path,))  # which contract holds, and for which provider
    targets = with_provider(targets_of((path,), None, contract, settings), provider_version, settings)
    held = [target for target in targets if target.contract is not None]
    if not any(target.sources for target in held):
        refuse_unread(targets)
        give_up(f"{path} follows no contract; --contract NAME|FILE says which one it has to hold")
    if len(held) > 1:
        give_up(f"{path}: it holds several stacks that follow a contract; name one")
    target = replace(held[0], shown=held[0].sources)  # a requirement may be met in any file
    inputs = inputs_of([target], variables, variable_files)[target]
    assert target.contract is not None
    try:
        found = trace_of(judged_alone(target, all_rules(), inputs), target.contract)
    except InputError as error:
        give_up(str(error))
    in_color = output is None and format_ == "text" and colored(color)
    text = displayed(trace(found, format_, Path.cwd().as_posix(), color=in_color))
    if output is None:
        click.echo(text, nl=False, color=True)
    else:
        write(output, text)
    if found.report.failures:
        for failure in found.report.failures:
            complain(failure)
        sys.exit(TROUBLE)
    sys.exit(FINDINGS if found.fails(Severity[fail_on.upper()], strict=strict) else 0)
