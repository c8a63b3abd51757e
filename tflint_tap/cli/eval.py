"""`tap-lint eval`: print what the linter sees in expressions."""

from __future__ import annotations

import sys

import click

from .inputs import InOrder, inputs_of, target_of, targets_of
from .main import give_up


@click.command("eval", cls=InOrder)
@click.argument("path")
@click.argument("expressions", nargs=-1)
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable, as terraform does.")
@click.option("--var-file", "variable_files", multiple=True, metavar="FILE", help="Set variables from a file.")
def command(
    path: str, expressions: tuple[str, ...], variables: tuple[str, ...], variable_files: tuple[str, ...]
) -> None:
    """Print what the linter sees in expressions, as JSON lines.

    PATH is a file or folder; without EXPRESSIONS they are read from standard input, one a line.

    {"value": …}, {"unknown": "why"}, {"reference": "aws_sqs_queue.q.arn"}, or {"error": "…"} for what
    Terraform would refuse.
    """
    from ..lint import answers
    from ..terraform.evaluation.inputs import InputError

    targets = targets_of((path,), None)
    target = target_of(targets, path)
    given = expressions or (line.rstrip("\r\n") for line in sys.stdin)
    try:
        for line in answers(target, given, inputs_of(targets, variables, variable_files)[target]):
            click.echo(line)
    except InputError as error:
        give_up(str(error))
