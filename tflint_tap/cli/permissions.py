"""`tap-lint permissions`: what roles are granted, why, and what they lack."""

from __future__ import annotations

import click

from .inputs import InOrder, contract_option, inputs_of, target_of, targets_of
from .main import give_up


@click.command("permissions", cls=InOrder)
@click.argument("path", default=".")
@click.option("--format", "format_", type=click.Choice(("text", "markdown", "json")), default="text",
              show_default=True, help="How to print it.")  # fmt: skip
@click.option("--suggest", is_flag=True, help="Print the least policies that the wiring needs, as Terraform code.")
@click.option("--role", "roles", multiple=True, metavar="ADDRESS", help="Tell this role only (repeatable).")
@contract_option
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable, as terraform does.")
@click.option("--var-file", "variable_files", multiple=True, metavar="FILE", help="Set variables from a file.")
def command(
    path: str,
    format_: str,
    suggest: bool,
    roles: tuple[str, ...],
    contract: str | None,
    variables: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> None:
    """Tell for each role what it is granted, where, and why it is needed, what is missing and what isn't needed.

    PATH is a file or folder. In the text, + is needed, ! is not needed, - is missing.
    """
    from ..lint import stack_of
    from ..needs.overview import overviews
    from ..report.permissions import permissions
    from ..terraform.evaluation.inputs import InputError
    from ..terraform.module.marks import as_written, displayed
    from ..text.nearest import suggestion

    targets = targets_of((path,), None, contract)
    target = target_of(targets, path)
    try:
        stack = stack_of(target, inputs_of(targets, variables, variable_files)[target])
    except InputError as error:
        give_up(str(error))
    found = list(overviews(stack))
    known = [displayed(overview.role.address) for overview in found]
    for role in roles:
        if role not in known:
            give_up(f"there is no role {role}{suggestion(role, known)}")
    wanted = [overview for overview in found if not roles or displayed(overview.role.address) in roles]
    if suggest:
        from ..needs.suggestion import suggested

        click.echo(as_written(suggested(stack, wanted)), nl=False)
    else:
        click.echo(displayed(permissions(wanted, format_)), nl=False)
