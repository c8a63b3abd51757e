"""`tap-lint check`: judge files and report what is found."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from . import terminal
from .inputs import InOrder, contract_option, input_sets_of, provider_option, targets_of, with_provider
from .main import FINDINGS, TROUBLE, all_rules, complain, give_up
from .outputs import NAMES, emit, outputs_of

if TYPE_CHECKING:
    from ..hcl.nodes import File
    from ..lint import Report
    from ..report import RenderOptions
    from ..rule import Finding, Rule
    from ..text.source import Source


@click.command("check", cls=InOrder)
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
    default="warning",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option("--strict", is_flag=True, help="Doubts make the exit code 1, too.")
@click.option("--baseline", metavar="FILE", help="Leave out the findings that this baseline lists.")
@click.option("--prune", is_flag=True, help="Take out of the baseline what no finding matches any more.")
@click.option("--write-baseline", metavar="FILE", help="Write all findings as a baseline, and report none.")
@click.option("--diff-base", metavar="REV", help="Report what lies on lines that changed since a git revision.")
@click.option("--quiet", "-q", is_flag=True, help="A line for each finding, nothing else.")
@click.option("--min-severity", type=click.Choice(("note", "warning", "error")), help="Show nothing less severe.")
@click.option("--group-by", type=click.Choice(("rule", "file", "block")), help="Put findings under titles.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule.")
@click.option(
    "--color",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="Colours; auto heeds NO_COLOR, FORCE_COLOR and TERM.",
)
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
    fail_on: str,
    strict: bool,
    baseline: str | None,
    prune: bool,
    write_baseline: str | None,
    diff_base: str | None,
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
    from ..lint import lint
    from ..records import replace
    from ..report import RenderOptions
    from ..rule import Severity
    from ..terraform.evaluation.inputs import InputError

    outputs = outputs_of(format_, given_outputs)
    rules = all_rules()
    chosen = _chosen(rules, select, ignore)
    targets = with_provider(targets_of(paths or (".",), stdin_filename, contract), provider_version)
    known = {rule.id for rule in rules}
    inputs = input_sets_of(targets, variables, variable_files, sets)
    try:
        trees: dict[Source, File] = {}
        reports = {
            name: lint(targets, chosen, given, known, trees=trees, tell=terminal.progress())
            for name, given in inputs.items()
        }
    except InputError as error:
        give_up(str(error))
    report = next(iter(reports.values()))
    if len(reports) > 1:
        from ..input_sets import joined

        report = joined(reports)
    report = _compared(report, baseline, prune, write_baseline, diff_base)
    is_told = any(output == ("text", None) for output in outputs)  # on the screen
    if report.failures and not report.sources and is_told and len(outputs) == 1:
        _give_up_on(report.failures)
    least = Severity[fail_on.upper()]

    def fails(finding: Finding) -> bool:
        return finding.severity >= least if finding.doubt is None else strict

    def printing(options: RenderOptions) -> RenderOptions:
        return replace(
            options,
            color=terminal.colored("never" if no_color else color),
            width=terminal.width(),
            links=terminal.is_terminal() and color != "never" and not no_color,
        )

    options = RenderOptions(
        Path.cwd().as_posix(), "", quiet=quiet, strict=strict, group_by=group_by or "", statistics=statistics,
        category=sarif_category, fails=fails,
    )  # fmt: skip
    emit(_severe(report, min_severity), outputs, options, printing)
    if report.failures:
        for failure in report.failures if not is_told else ():
            complain(failure)
        sys.exit(TROUBLE)
    sys.exit(FINDINGS if any(map(fails, (*report.findings, *report.doubts))) else 0)


def _chosen(rules: tuple[Rule, ...], select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules to judge. An unknown name is an error, not an empty choice."""
    from ..suppressions.complaints import UNREADABLE  # always judged: what isn't read can't pass

    names = {name for rule in rules for name in (rule.id, rule.family)}
    wanted, unwanted = _split(select), _split(ignore)
    for option, given, texts in (("--select", wanted, select), ("--ignore", unwanted, ignore)):
        if texts and not given:
            give_up(f"{option} names no rule")
        for name in given:
            if name not in names:
                from ..text.nearest import suggestion

                give_up(f"{option} {name}: there is no such rule or family{suggestion(name, names)}")
    if UNREADABLE in unwanted:
        give_up(f"--ignore {UNREADABLE}: this rule can't be left out: unreadable files are errors")
    chosen = {
        rule.id
        for rule in rules
        if (not wanted or wanted & {rule.id, rule.family}) and not unwanted & {rule.id, rule.family}
    }
    if not chosen:
        give_up("--select and --ignore leave no rule")
    return tuple(rule for rule in rules if rule.id in chosen or rule.id == UNREADABLE)


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
    report: Report, baseline: str | None, prune: bool, write_baseline: str | None, diff_base: str | None
) -> Report:
    """A report without what is known already."""
    if baseline is None and write_baseline is None and diff_base is None:
        if prune:
            give_up("--prune needs --baseline: it takes out of that file what nothing matches any more")
        return report
    from . import known

    if write_baseline is not None:
        return known.write_baseline(report, write_baseline)
    if baseline is not None:
        report = known.without_known(report, baseline, prune=prune)
    return report if diff_base is None else known.since(report, diff_base)


def _give_up_on(failures: tuple[str, ...]) -> NoReturn:
    """Exit where nothing could be judged: there is no report, only the reasons."""
    for failure in failures[:-1]:
        complain(failure)
    give_up(failures[-1])


def _split(given: tuple[str, ...]) -> set[str]:
    """Names, also several in one option, separated by commas."""
    return {name.strip() for text in given for name in text.split(",") if name.strip()}
