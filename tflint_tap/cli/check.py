"""`tap-lint check`: judge files and report what is found."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from .inputs import (
    InOrder,
    contract_option,
    input_sets_of,
    provider_option,
    sets_by_module,
    targets_of,
    with_provider,
)
from .main import FINDINGS, TROUBLE, all_rules, complain, give_up, version

if TYPE_CHECKING:
    from ..discovery import Target
    from ..lint import Report
    from ..rule import Rule
    from ..settings import Options, RunSettings

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
    show_default="warning",
    help="The least severity that makes the exit code 1.",
)
@click.option("--strict", is_flag=True, help="Doubts make the exit code 1, too.")
@click.option("--exit-zero", is_flag=True, help="Findings leave the exit code 0.")
@click.option("--config", metavar="FILE", help="The file of settings that holds, in place of those that are found.")
@click.option("--no-config", is_flag=True, help="No file of settings holds.")
@click.option(
    "--exclude",
    multiple=True,
    metavar="PATTERN",
    help="Report nothing in files and folders of this pattern, as git has them (repeatable).",
)
@click.option("--force-exclude", is_flag=True, help="What is excluded is left out also where PATHS name it.")
@click.option("--quiet", "-q", is_flag=True, help="A line for each finding, nothing else.")
@click.option("--no-color", is_flag=True, help="No colours (as does the environment's NO_COLOR).")
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
    fail_on: str | None,
    strict: bool,
    exit_zero: bool,
    config: str | None,
    no_config: bool,
    exclude: tuple[str, ...],
    force_exclude: bool,
    quiet: bool,
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
    from ..report import FORMATS, RenderOptions
    from ..settings import Options, RunSettings, SettingsError
    from ..terraform.evaluation.inputs import InputError

    wanted, unwanted = named_rules("--select", select), named_rules("--ignore", ignore)
    if config is not None and no_config:
        give_up("--config and --no-config exclude each other")
    options = Options(wanted or None, unwanted, exclude, fail_on, strict, config, no_config)
    settings = RunSettings(all_rules(), options, paths)
    try:
        targets = targets_of(paths or (".",), stdin_filename, contract, settings, sifts_named=force_exclude)
        targets = with_provider(targets, provider_version, settings)
        report = judged(targets, settings, variables, variable_files, sets)
        is_failing = any(map(settings.fails, report.findings))
        is_doubtful = any(map(settings.fails, report.doubts))
    except (InputError, SettingsError) as error:
        give_up(str(error))
    if report.failures and not report.sources and format_ == "text" and output is None:
        _give_up_on(report.failures)
    color = output is None and format_ == "text" and not no_color and not os.environ.get("NO_COLOR")
    color = color and sys.stdout is not None and sys.stdout.isatty()
    here = Path.cwd().as_posix()
    if format_ == "sarif":
        rendering = RenderOptions(_repository(here), version(), folder=here)
    else:  # looking the version up takes longer than judging a file
        rendering = RenderOptions(here, "", color, quiet, strict=strict or is_doubtful)
    text = FORMATS[format_](report, rendering)
    _write(text, output)
    if report.failures:
        for failure in report.failures if format_ != "text" or output is not None else ():
            complain(failure)
        sys.exit(TROUBLE)
    sys.exit(FINDINGS if (is_failing or is_doubtful) and not exit_zero else 0)


def judged(
    targets: list[Target],
    settings: RunSettings,
    variables: tuple[str, ...] = (),
    variable_files: tuple[str, ...] = (),
    sets: tuple[str, ...] = (),
) -> Report:
    """The report of a run. InputError or SettingsError for what can't be used."""
    from ..lint import lint

    settings.shown = {source for target in targets for source in target.shown}
    known = settings.known_in(target.folder for target in targets)
    refuse_unknown(settings.options, known)
    chosen = _chosen(targets, settings)
    own = sets_by_module(targets, sets, settings)
    inputs = input_sets_of(targets, variables, variable_files, sets, own)
    reports = {name: lint(targets, chosen, given, known, settings=settings) for name, given in inputs.items()}
    return _joined(reports, targets, own)


def refuse_unknown(options: Options, known: Mapping[str, Rule]) -> None:
    """Give up where options name a rule that there isn't: that is an error, not an empty choice."""
    from ..suppressions.complaints import UNREADABLE  # always judged: what isn't read can't pass

    wanted, unwanted = options.select or (), options.ignore
    names = {name for rule in known.values() for name in (rule.id, rule.family)} if wanted or unwanted else ()
    for option, given in (("--select", wanted), ("--ignore", unwanted)):
        for name in given:
            if name not in names:
                from ..text.nearest import suggestion

                give_up(f"{option} {name}: there is no such rule or family{suggestion(name, names)}")
    if UNREADABLE in unwanted:
        give_up(f"--ignore {UNREADABLE}: this rule can't be left out: unreadable files are errors")


def _chosen(targets: list[Target], settings: RunSettings) -> tuple[Rule, ...]:
    """The rules that judge any of the modules."""
    from ..suppressions.complaints import UNREADABLE

    wanted, unwanted = settings.options.select or (), settings.options.ignore
    chosen = {rule.id: rule for target in targets for rule in settings.rules_of(target.folder, target.sources)}
    if targets and chosen.keys() == {UNREADABLE} and UNREADABLE not in wanted:
        give_up(f"{'--select and --ignore' if wanted or unwanted else 'the settings'} leave no rule")
    return tuple(chosen[id_] for id_ in sorted(chosen))


def _joined(reports: Mapping[str, Report], targets: list[Target], own: Mapping[Target, tuple[str, ...]]) -> Report:
    """The report of the sets of inputs, of which modules may have their own."""
    if len(reports) == 1:
        return next(iter(reports.values()))
    from ..input_sets import joined, renamed

    report = joined(reports)
    if len(set(own.values())) == 1:
        return report
    return renamed(report, {source.path: own[target] for target in targets for source in target.sources})


def _give_up_on(failures: tuple[str, ...]) -> NoReturn:
    """Exit where nothing could be judged: there is no report, only the reasons."""
    for failure in failures[:-1]:
        complain(failure)
    give_up(failures[-1])


def named_rules(option: str, given: tuple[str, ...]) -> set[str]:
    """The names that an option gives, also several at once, separated by commas."""
    names = {name.strip() for text in given for name in text.split(",") if name.strip()}
    if given and not names:
        give_up(f"{option} names no rule")
    return names


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
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        give_up(f"{output}: {(error.strerror or str(error)).lower()}")
