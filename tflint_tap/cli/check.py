"""`tap-lint check`: judge files and report what is found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from ..rerun import keep
from . import terminal
from .headings import WithHeadings
from .inputs import contract_option, provider_option, targets_of, with_provider
from .judging import judged, named_rules
from .main import FINDINGS, TROUBLE, all_rules, complain, give_up
from .outputs import NAMES, emit, outputs_of
from .terminal import color_option

if TYPE_CHECKING:
    from ..lint import Report
    from ..report import RenderOptions
    from ..rule import Finding


@click.command("check", cls=WithHeadings)
@click.argument("paths", nargs=-1)
@click.option("--format", "-f", "format_", type=click.Choice(NAMES), help="What to print (text).")
@click.option(
    "--output",
    "-o",
    "given_outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write the report there: instead of printing it, or with FORMAT= besides (repeatable).",
)
@click.option("--sarif-category", default="tap-lint", metavar="NAME",
              help="What tells this run's SARIF from others' about the same commit.")  # fmt: skip
@click.option("--select", multiple=True, metavar="RULE_OR_FAMILY", help="Judge only these rules (repeatable).")
@click.option("--ignore", multiple=True, metavar="RULE_OR_FAMILY", help="Leave these rules out (repeatable).")
@contract_option
@provider_option
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable, as terraform does.")
@click.option("--var-file", "variable_files", multiple=True, metavar="FILE", help="Set variables from a file.")
@click.option("--inputs", "sets", multiple=True, metavar="FILE",
              help="Judge with these values as one of several sets (repeatable).")  # fmt: skip
@click.option(
    "--fail-on",
    type=click.Choice(("note", "warning", "error")),
    help="The least severity that makes the exit code 1 (warning).",
)
@click.option("--strict", is_flag=True, help="Doubts make the exit code 1, too.")
@click.option("--exit-zero", is_flag=True, help="Findings leave the exit code 0.")
@click.option("--config", metavar="FILE", help="The file of settings that holds, in place of those that are found.")
@click.option("--no-config", is_flag=True, help="No file of settings holds.")
@click.option(
    "--exclude", multiple=True, metavar="PATTERN", help="Report nothing in files of this git pattern (repeatable)."
)
@click.option("--force-exclude", is_flag=True, help="What is excluded is left out also where PATHS name it.")
@click.option("--baseline", metavar="FILE", help="Leave out the findings that this baseline lists.")
@click.option("--prune", is_flag=True, help="Take out of the baseline what no finding matches any more.")
@click.option("--write-baseline", metavar="FILE", help="Write all findings as a baseline, and report none.")
@click.option("--diff-base", metavar="REV", help="Report what lies on lines that changed since a git revision.")
@click.option("--jobs", "-j", type=click.IntRange(0, 64), default=0, help="Processes; by default one a processor.")
@click.option("--quiet", "-q", is_flag=True, help="A line for each finding, nothing else.")
@click.option("--min-severity", type=click.Choice(("note", "warning", "error")), help="Show nothing less severe.")
@click.option("--group-by", type=click.Choice(("rule", "file", "block")), help="Put findings under titles.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@color_option
@click.option("--no-color", is_flag=True, help="The same as --color never.")
@click.option("--stdin-filename", metavar="FILE", help="The path that standard input (-) is to be taken for.")
def command(
    paths: tuple[str, ...],
    format_: str | None,
    given_outputs: tuple[str, ...],
    sarif_category: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    contract: str | None,
    provider_version: str | None,
    variables: tuple[str, ...],
    variable_files: tuple[str, ...],
    sets: tuple[str, ...],
    fail_on: str | None,
    strict: bool,
    exit_zero: bool,
    config: str | None,
    no_config: bool,
    exclude: tuple[str, ...],
    force_exclude: bool,
    baseline: str | None,
    prune: bool,
    write_baseline: str | None,
    diff_base: str | None,
    jobs: int,
    quiet: bool,
    min_severity: str | None,
    group_by: str | None,
    statistics: bool,
    color: str,
    no_color: bool,
    stdin_filename: str | None,
) -> None:  # fmt: skip
    """Check Terraform files, or the .tf files in folders (by default: this one).

    The files of one folder are one module: a file given alone is read together with its siblings, and only
    findings in it are shown. A file that a contract claims by its name and by what is in it (tap_stack.tf of the
    booking specification) has to stand by itself. - reads standard input.

    With several --inputs (dev.tfvars, prod.tfvars) everything is judged once with each, and a finding says with
    which of them it is found, unless it is with all.

    Exit codes: 0 nothing to report, 1 findings, 2 the tool couldn't do its work.
    """
    from ..records import replace
    from ..report import RenderOptions
    from ..settings import Options, RunSettings, SettingsError
    from ..terraform.evaluation.inputs import InputError

    outputs = outputs_of(format_, given_outputs)
    wanted, unwanted = named_rules("--select", select), named_rules("--ignore", ignore)
    if config is not None and no_config:
        give_up("--config and --no-config exclude each other")
    given = Options(wanted or None, unwanted, exclude, fail_on, strict, config, no_config)
    settings = RunSettings(all_rules(), given, paths)
    try:
        targets = targets_of(paths or (".",), stdin_filename, contract, settings, sifts_named=force_exclude)
        targets = with_provider(targets, provider_version, settings)
        report = judged(targets, settings, variables, variable_files, sets, jobs)
        known = (baseline,) if baseline is not None else settings.baselines(target.folder for target in targets)
        report = _compared(report, known, prune, write_baseline, diff_base)
        failing = {id(one) for one in (*report.findings, *report.doubts) if settings.fails(one)}
    except (InputError, SettingsError) as error:
        give_up(str(error))
    is_told = any(output == ("text", None) for output in outputs)  # on the screen
    if report.failures and not report.sources and is_told and len(outputs) == 1:
        _give_up_on(report.failures)

    def fails(finding: Finding) -> bool:
        return not exit_zero and id(finding) in failing

    in_color = terminal.colored("never" if no_color else color)

    def printing(options: RenderOptions) -> RenderOptions:
        return replace(
            options,
            color=in_color,
            width=terminal.width(),
            links=in_color and terminal.is_terminal(),
        )

    options = RenderOptions(
        Path.cwd().as_posix(), "", quiet=quiet, group_by=group_by or "", statistics=statistics,
        strict=strict or any(id(doubt) in failing for doubt in report.doubts), category=sarif_category, fails=fails,
    )  # fmt: skip
    printed = emit(_severe(report, min_severity), outputs, options, printing)
    if report.failures:
        for failure in report.failures if not is_told else ():
            complain(failure)
        sys.exit(TROUBLE)
    code = FINDINGS if failing and not exit_zero else 0
    if printed is not None and "-" not in paths and not (write_baseline or prune or diff_base):
        keep(code, printed)
    sys.exit(code)


def _severe(report: Report, least: str | None) -> Report:
    """A report without the findings that are less severe; doubts have none."""
    if least is None:
        return report
    from ..records import replace
    from ..rule import Severity

    findings = tuple(finding for finding in report.findings if finding.severity >= Severity[least.upper()])
    left = {**report.left_out, f"below {least}": len(report.findings) - len(findings)}
    return replace(report, findings=findings, left_out=left)


def _compared(
    report: Report, baselines: Sequence[str], prune: bool, write_baseline: str | None, diff_base: str | None
) -> Report:
    """A report without what is known already."""
    if not baselines and write_baseline is None and diff_base is None:
        if prune:
            give_up("--prune needs --baseline: it takes out of that file what nothing matches any more")
        return report
    from . import known

    if write_baseline is not None and (prune or diff_base is not None):
        give_up("--write-baseline writes all that is found: leave out --prune and --diff-base")
    if write_baseline is not None:
        return known.write_baseline(report, write_baseline)
    if baselines:
        report = known.without_known(report, baselines, prune=prune)
    return report if diff_base is None else known.since(report, diff_base)


def _give_up_on(failures: tuple[str, ...]) -> NoReturn:
    """Exit where nothing could be judged: there is no report, only the reasons."""
    for failure in failures[:-1]:
        complain(failure)
    give_up(failures[-1])
