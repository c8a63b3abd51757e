"""The judgement of a run as its settings and options have it, for the commands that report findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from . import terminal
from .inputs import input_sets_of, sets_by_module
from .main import complain, give_up

if TYPE_CHECKING:
    from ..discovery import Target
    from ..hcl.nodes import File
    from ..lint import Report
    from ..rule import Rule
    from ..settings import Options, RunSettings
    from ..terraform.evaluation.inputs import Inputs
    from ..text.source import Source


def judged(
    targets: list[Target],
    settings: RunSettings,
    variables: tuple[str, ...] = (),
    variable_files: tuple[str, ...] = (),
    sets: tuple[str, ...] = (),
    jobs: int = 0,
) -> Report:
    """The report of a run, by `jobs` processes (0: one a processor) where that is worth it.

    InputError or SettingsError for what can't be used.
    """
    settings.shown = {source for target in targets for source in target.shown}
    known = settings.known_in(target.folder for target in targets)
    refuse_unknown(settings.options, known)
    chosen = _chosen(targets, settings)
    own = sets_by_module(targets, sets, settings)
    inputs = input_sets_of(targets, variables, variable_files, sets, own)
    trees: dict[Source, File] = {}
    reports = {name: _report(targets, chosen, given, known, trees, jobs, settings) for name, given in inputs.items()}
    return _joined(reports, targets, own)


def _report(
    targets: list[Target],
    rules: tuple[Rule, ...],
    inputs: dict[Target, Inputs],
    known: Collection[str],
    trees: dict[Source, File],
    jobs: int,
    settings: RunSettings,
) -> Report:
    """The report on modules with one set of inputs."""
    from ..lint import lint

    tell = terminal.progress()
    if jobs != 1 and len(targets) > 1:
        from .. import parallel

        number = parallel.processes(jobs)
        if number > 1 and parallel.is_worth_it(targets, inputs):
            from concurrent.futures import BrokenExecutor

            try:
                return parallel.lint_apart(targets, rules, inputs, known, number, tell=tell, settings=settings)
            except (OSError, ImportError, NotImplementedError, BrokenExecutor) as error:
                why = str(error).lower() or type(error).__name__
                complain(f"one process judges all, as the system lets {number} not work together: {why}")
    return lint(targets, rules, inputs, known, trees=trees, tell=tell, settings=settings)


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


def named_rules(option: str, given: tuple[str, ...]) -> set[str]:
    """The names that an option gives, also several at once, separated by commas."""
    names = {name.strip() for text in given for name in text.split(",") if name.strip()}
    if given and not names:
        give_up(f"{option} names no rule")
    return names
