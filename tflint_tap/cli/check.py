"""`tap-lint check`: judge files and report what is found."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from ..rerun import keep
from . import terminal
from .inputs import InOrder, contract_option, input_sets_of, provider_option, targets_of, with_provider
from .main import FINDINGS, TROUBLE, all_rules, complain, give_up, version
from .writing import write

if TYPE_CHECKING:
    from ..discovery import Target
    from ..hcl.nodes import File
    from ..lint import Report
    from ..rule import Rule
    from ..terraform.evaluation.inputs import Inputs
    from ..text.source import Source

_FORMATS = ("text", "json", "sarif")


@click.command("check", cls=InOrder)
@click.argument("paths", nargs=-1)
@click.option(
    "--format", "format_", type=click.Choice(_FORMATS), default="text", show_default=True, help="What to print."
)
@click.option("--output", metavar="FILE", help="Write the report there instead of printing it.")
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
@click.option("--jobs", "-j", type=click.IntRange(0, 64), default=0, help="Processes; by default one a processor.")
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
    format_: str,
    output: str | None,
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
    from ..report import FORMATS, RenderOptions
    from ..rule import Severity
    from ..terraform.evaluation.inputs import InputError

    rules = all_rules()
    chosen = _chosen(rules, select, ignore)
    targets = with_provider(targets_of(paths or (".",), stdin_filename, contract), provider_version)
    known = {rule.id for rule in rules}
    inputs = input_sets_of(targets, variables, variable_files, sets)
    try:
        trees: dict[Source, File] = {}
        reports = {name: _judged(targets, chosen, given, known, trees, jobs) for name, given in inputs.items()}
    except InputError as error:
        give_up(str(error))
    report = next(iter(reports.values()))
    if len(reports) > 1:
        from ..input_sets import joined

        report = joined(reports)
    report = _compared(report, baseline, prune, write_baseline, diff_base)
    if report.failures and not report.sources and format_ == "text" and output is None:
        _give_up_on(report.failures)
    here = Path.cwd().as_posix()
    if format_ == "sarif":
        options = RenderOptions(_repository(here), version(), folder=here)
    else:  # looking the version up takes longer than judging a file
        options = RenderOptions(here, "", quiet=quiet, strict=strict, group_by=group_by or "", statistics=statistics)
    if output is None and format_ == "text":
        options = replace(
            options,
            color=terminal.colored("never" if no_color else color),
            width=terminal.width(),
            links=terminal.is_terminal() and color != "never" and not no_color,
        )
    text = FORMATS[format_](_severe(report, min_severity), options)
    _write(text, output)
    if report.failures:
        for failure in report.failures if format_ != "text" or output is not None else ():
            complain(failure)
        sys.exit(TROUBLE)
    least = Severity[fail_on.upper()]
    failing = any(finding.severity >= least for finding in report.findings)
    code = FINDINGS if failing or (strict and report.doubts) else 0
    if output is None and "-" not in paths and not (write_baseline or prune or diff_base):
        keep(code, text)
    sys.exit(code)


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


def _judged(
    targets: list[Target],
    rules: tuple[Rule, ...],
    inputs: dict[Target, Inputs],
    known: set[str],
    trees: dict[Source, File],
    jobs: int,
) -> Report:
    """The report on modules; by several processes where that is worth it."""
    from ..lint import lint

    tell = terminal.progress()
    if jobs != 1 and len(targets) > 1:
        from .. import parallel

        if parallel.processes(jobs) > 1 and parallel.is_worth_it(targets, inputs):
            return parallel.lint_apart(targets, rules, inputs, known, parallel.processes(jobs), tell=tell)
    return lint(targets, rules, inputs, known, trees=trees, tell=tell)


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


def _repository(folder: str) -> str:
    """The folder that code scanning takes relative paths from: the repository's that this one lies in, else itself."""
    from ..text.ignored import repository_of

    found = repository_of(Path(folder))
    return folder if found is None else found.as_posix()


def _write(text: str, output: str | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return
    write(output, text)
