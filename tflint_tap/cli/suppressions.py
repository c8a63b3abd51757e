"""`tap-lint suppressions`: list what is left out by comments, of tap-lint and of other tools."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .inputs import InOrder, contract_option, provider_option, targets_of, with_provider
from .judging import judged
from .main import TROUBLE, all_rules, complain, give_up

if TYPE_CHECKING:
    from ..rule import Finding
    from ..text.source import Span


@click.command("suppressions", cls=InOrder)
@click.argument("paths", nargs=-1)
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True,
              help="How to print them.")  # fmt: skip
@contract_option
@provider_option
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable, as terraform does.")
@click.option("--var-file", "variable_files", multiple=True, metavar="FILE", help="Set variables from a file.")
def command(
    paths: tuple[str, ...],
    format_: str,
    contract: str | None,
    provider_version: str | None,
    variables: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> None:
    """List every comment that silences findings, or is meant to, with its reason, last day, place and effect.

    Comments for checkov, tfsec, trivy, tflint and kics are listed too; those silence findings of rules that ask for
    what the other tool's check asks for. PATHS are files and folders (by default: this one), which are judged as
    `tap-lint check` judges them.
    """
    from ..report.suppressions import listing, suppressions
    from ..settings import Options, RunSettings, SettingsError
    from ..suppressions.comments import find_suppressions
    from ..terraform.evaluation.inputs import InputError

    settings = RunSettings(all_rules(), Options(), paths)
    try:
        targets = targets_of(paths or (".",), None, contract, settings)
        targets = with_provider(targets, provider_version, settings)
        report = judged(targets, settings, variables, variable_files)
    except (InputError, SettingsError) as error:
        give_up(str(error))
    silenced: dict[Span, list[Finding]] = {}
    for one in report.silenced:
        for suppression in (one.suppression, *one.also):
            silenced.setdefault(suppression.span, []).append(one.finding)
    trees = [report.tree(source) for source in dict.fromkeys(report.sources)]
    found = [suppression for tree in trees for suppression in find_suppressions(tree)]
    click.echo(suppressions(listing(found, silenced), format_, Path.cwd().as_posix(), date.today()), nl=False)
    for failure in report.failures:
        complain(failure)
    if report.failures:
        sys.exit(TROUBLE)
