"""The pipeline: modules in, a report out."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from .aws.syntax import parse
from .contract import Contract
from .demands.rules import names_rule, yielding
from .discovery import Target
from .hcl import ParseError, parse_expression
from .hcl.nodes import File, Template
from .judgement import Judgement, sharing
from .judging import crash_notice, finding_of, judge
from .merging import (
    across_calls,
    as_told,
    cause_of,
    doubts_by_reason,
    once,
    shortened,
    superseded,
    told_by_all,
    told_once,
)
from .records import dataclass, field
from .rule import Finding, Rule, Severity
from .stack import Stack
from .suppressions.application import Silenced, apply
from .suppressions.comments import find_suppressions
from .terraform.evaluation.inputs import ENVIRONMENT, InputError, Inputs
from .terraform.evaluation.values import REFERS_TO_ITSELF, UNFIT, ErrorValue, Value
from .terraform.functions import Environment
from .terraform.module import Module, build_module
from .terraform.module.marks import displayed, is_marked
from .text.listing import listed
from .text.nearest import suggestion
from .text.source import Source

if TYPE_CHECKING:
    from .settings import RunSettings

_NO_INPUTS = Inputs()
_LIBRARIES = "modules"  # folders that hold modules for others to call lie below one of this name
_OF_CALLS = (
    "schema/missing-argument",
    "schema/wrong-type",
)  # tell of arguments that don't fit
_CYCLE = "references/cycle"  # says of all that refers to itself that it does


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run has to say.

    `findings` and `doubts` are in the order of the text. `notices` are lines about the run as a whole
    (rules held back because a file is broken); `failures` are what the tool couldn't do (a rule crashed):
    any of them means that the run isn't to be trusted. `silenced` is what comments silence. `trees` are
    files as they were parsed, those of called modules too. `left_out` are findings and doubts that aren't reported, by
    the reason ("in the baseline"); `stale` tells of entries of a baseline that nothing matches any more. `unjudged` are
    those of the notices that tell of something that was to be judged and wasn't.
    """

    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    doubts: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    silenced: tuple[Silenced, ...] = ()
    sets: tuple[str, ...] = ()  # of inputs, where there are several
    trees: dict[Source, File] = field(default_factory=dict, repr=False, compare=False)
    left_out: Mapping[str, int] = field(default_factory=dict)
    stale: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)

    def tree(self, source: Source) -> File:
        """A file as it is parsed: by the run, or now, where another process has judged it."""
        if source not in self.trees:
            self.trees[source] = parse(source)
        return self.trees[source]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A module that is judged by itself, with its report.

    `said` is all that rules say of it, also what the report leaves out as another finding tells the cause. `unjudged`
    are the rules that couldn't speak, each with the reason.
    """

    stack: Stack
    report: Report
    said: tuple[Finding, ...]
    unjudged: Mapping[str, str]


@dataclass(slots=True)
class _Run:
    """The results of a run so far."""

    rules: tuple[Rule, ...]
    known: Collection[str]
    today: date
    files: dict[Source, File] = field(default_factory=dict)
    settings: RunSettings | None = None
    sources: list[Source] = field(default_factory=list)
    said: list[Finding] = field(default_factory=list)
    unjudged: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)  # those of the notices that tell of what wasn't judged
    failures: list[str] = field(default_factory=list)
    silenced: list[Silenced] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)  # the folders of modules that followed calls lead to
    real: dict[str, Source] = field(default_factory=dict)  # the sources, by where they really are
    shown: set[Source] = field(default_factory=set)
    givings: dict[Source, int] = field(default_factory=dict)  # to how many modules a file of values was given

    def know(self, targets: Iterable[Target]) -> None:
        """Note the sources of modules: a module that is called is read once, and shown if it is."""
        for target in targets:
            self.shown.update(target.shown)
            if target.contract is None and target.folder is not None:
                self.real.update((os.path.realpath(source.path), source) for source in target.sources)

    def rules_of(self, target: Target) -> tuple[Rule, ...]:
        """The rules that a module is judged by."""
        return self.rules if self.settings is None else self.settings.rules_of(target.folder, target.sources)

    def graded(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings as the settings of their files have them, without those that these leave out."""
        return list(findings if self.settings is None else filter(None, map(self.settings.graded, findings)))

    def has_reached(self, target: Target) -> bool:
        """Return True if a call that was followed leads to a module."""
        is_root = not self.reached or target.folder is None or target.contract is not None
        return not is_root and os.path.realpath(target.folder or "") in self.reached

    def parse(self, source: Source) -> File:
        """The tree of a source; made once."""
        if source not in self.files:
            self.files[source] = parse(source)
        return self.files[source]


def lint(
    targets: Iterable[Target],
    rules: tuple[Rule, ...],
    inputs: Mapping[Target, Inputs] | None = None,
    known: Collection[str] | None = None,
    today: date | None = None,
    trees: dict[Source, File] | None = None,
    tell: Callable[[int, int], None] | None = None,
    settings: RunSettings | None = None,
) -> Report:
    """Judge every module by the rules. `known` are the ids of all rules there are, `today` is for what has a date.

    `trees` are files that have been parsed already; those that are parsed now are put there. `tell` is told how many
    modules of how many are judged. With `settings` each module is judged by those of the rules that these choose for
    it.
    """
    targets = list(targets)
    ids = known if known is not None else {rule.id for rule in rules}
    run = _Run(rules, ids, today or date.today(), trees if trees is not None else {}, settings)
    run.know(targets)
    declared: set[str] = set()
    for number, target in enumerate(_roots_first(targets, run), start=1):
        if tell is not None:
            tell(number, len(targets))
        if run.has_reached(target):
            _note_unread(target, run)
            continue
        given = (inputs or {}).get(target, _NO_INPUTS)
        stack = _judge_target(target, given, run)
        declared |= _variables(stack)
    run.notices += unclaimed(targets)
    for given in (inputs or {}).values():
        _refuse_undeclared(given, declared)
    return _report(run)


def judged_alone(
    target: Target, rules: tuple[Rule, ...], inputs: Inputs = _NO_INPUTS, today: date | None = None
) -> Judged:
    """Judge a module by all rules. InputError where a value from the command line fits no variable of it."""
    run = _Run(rules, {rule.id for rule in rules}, today or date.today())
    run.know((target,))
    stack = _judge_target(target, inputs, run)
    _refuse_undeclared(inputs, _variables(stack))
    return Judged(stack, _report(run), tuple(run.said), run.unjudged)


def _roots_first(targets: list[Target], run: _Run) -> list[Target]:
    """The modules, those first that no other one calls: a module that is called is judged as its callers have it."""
    if len({target.folder for target in targets}) < 2 or not any(map(_has_call, targets)):
        return targets
    from .calling import roots_first  # most runs have no calls

    return roots_first(targets, lambda target: local_calls(target, run.files))


def _has_call(target: Target) -> bool:
    return any("module" in source.text for source in target.sources)


def local_calls(target: Target, trees: dict[Source, File]) -> Iterator[str]:
    """The sources of a module's calls, where they are written out; what is parsed for them is put into `trees`."""
    for source in target.sources if _has_call(target) else ():
        if source not in trees:
            trees[source] = parse(source)
        for block in trees[source].body.blocks:
            written = block.body.attribute("source") if block.type == "module" else None
            if written is not None and isinstance(written.expr, Template) and written.expr.literal:
                yield written.expr.literal


def _judge_target(target: Target, given: Inputs, run: _Run) -> Stack:
    """Judge a module; the stack that it is. InputError where a value from the command line doesn't fit its variable."""
    _note_unread(target, run)
    run.failures += given.failures
    run.givings.update((file.source, run.givings.get(file.source, 0) + 1) for file in given.given)
    stack = _stack(target, given, run)
    _check_inputs(stack, given)
    own = [*target.sources, *(file.source for file in stack.module.files if file.call)]
    values = [item.file for item in (*given.files, *given.given) if item.file is not None]
    shown = {file.source for file in stack.shown}
    written = [*(run.parse(source) for source in dict.fromkeys(own) if source in shown), *values]
    rules = run.rules_of(target)
    held = _judge_module(stack, written, rules, run) if stack.shown else []
    if stack.shown and target.folder is not None and _LIBRARIES in os.path.realpath(target.folder):
        from .libraries import is_library, softened  # most modules lie elsewhere

        if is_library(stack, target.folder):
            run.judgements[-1] = softened(run.judgements[-1], stack, rules)
    if held:
        run.gaps.append(_held_back(held, stack))
        run.notices.append(run.gaps[-1])
        run.unjudged |= dict.fromkeys(held, f"{_unread(stack)} can't be read")
    else:
        run.notices += [str(unread) for unread in target.unread if not unread.is_wanted]
    if stack.module.called.left_out:
        run.gaps.append(_left_out(stack))
        run.notices.append(run.gaps[-1])
    return stack


def _left_out(stack: Stack) -> str:
    """The notice of calls that aren't followed because there are too many."""
    calls = stack.module.called.left_out
    more = f" and {len(calls) - 1} more" if len(calls) > 1 else ""
    return f"{displayed(calls[0])}{more} can't be followed: the configuration has too many calls of modules"


def _is_alone(target: Target) -> bool:
    """Return True if a module is one file that has to hold a contract by itself."""
    return target.contract is not None and target.contract.claims.alone


def _note_unread(target: Target, run: _Run) -> None:
    run.failures += [str(unread) for unread in target.unread if unread.is_wanted]
    run.sources += target.shown


def _stack(target: Target, given: Inputs, run: _Run, *, follows: bool = True) -> Stack:
    """The stack of a module, with the modules that it calls."""
    files = tuple(run.parse(source) for source in target.sources)
    environment = Environment(folder=target.folder)
    follows = follows and not _is_alone(target)
    if (
        target.folder is not None
        and follows
        and any(block.type == "module" for file in files for block in file.body.blocks)
    ):
        from .calling import Called
        from .terraform.configuration.flattening import flattened

        called = Called(target.folder, run.parse, run.real)
        environment = Environment(folder=target.folder, called=called.folders)
        folder = os.path.realpath(target.folder)
        module = flattened(files, _paths(target), folder, given, environment, called.open, target.pins)
        run.reached.update(map(str, called.folders))
    else:
        module = build_module(files, _paths(target), target.pins)
    wanted = {*target.shown, *run.shown}
    shown = tuple(file for file in module.files if file.source in wanted)
    return Stack.of(module, given, environment, target.contract, shown, run.today)


def _report(run: _Run) -> Report:
    _conclude(run)
    return Report(
        tuple(run.sources),
        run.rules,
        _ordered(run.findings),
        _ordered(run.doubts),
        tuple(dict.fromkeys(run.notices)),
        tuple(dict.fromkeys(run.failures)),
        tuple(run.silenced),
        trees=run.files,
        unjudged=tuple(dict.fromkeys(run.gaps)),
    )


def unclaimed(targets: Iterable[Target]) -> list[str]:
    """The notices of a run's files that a contract is for by their names, and doesn't recognise."""
    found: dict[Contract, list[str]] = {}
    for target in targets:
        for path, contract in target.unclaimed:
            found.setdefault(contract, []).append(path)
    return [_unclaimed(paths, contract) for contract, paths in found.items()]


def _unclaimed(paths: list[str], contract: Contract) -> str:
    """The notice of files that are judged as ordinary modules though a contract is for files of their name."""
    those = f"{paths[0]} and {len(paths) - 1} more follow" if len(paths) > 1 else f"{paths[0]} follows"
    them = "them" if len(paths) > 1 else "it"
    return f"{those} no contract; --contract {contract.name} holds {them} to the {contract.name} specification"


def answers(target: Target, expressions: Iterable[str], inputs: Inputs = _NO_INPUTS) -> Iterator[str]:
    """The result of each expression in a module, as a line of JSON."""
    from .terraform.evaluation.answers import answer

    stack = stack_of(target, inputs)
    for text in expressions:
        try:
            value = stack.evaluator.evaluate(parse_expression(Source("expression", text)))
        except ParseError as error:
            value = Value(ErrorValue(f"{error.message}; {error.remedy}"))
        yield displayed(answer(value))


def stack_of(target: Target, inputs: Inputs = _NO_INPUTS, *, follows: bool = True) -> Stack:
    """A module's stack, with the modules that it calls if it `follows` the calls.

    InputError where a value from the command line doesn't fit its variable.
    """
    run = _Run((), (), date.today())
    run.know((target,))
    stack = _stack(target, inputs, run, follows=follows)
    _check_inputs(stack, inputs)
    return stack


def _check_inputs(stack: Stack, given: Inputs) -> None:
    """InputError where a value from the command line doesn't fit a module's variable."""
    for name in sorted(_variables(stack) & given.texts.keys()):
        source = given.texts[name]
        value = stack.evaluator.evaluate(parse_expression(Source("", f"var.{name}")))
        if isinstance(value.data, ErrorValue):
            raise InputError(f"{source.path}: {value.data.reason.removeprefix(f'var.{name}: ')}")


def _variables(stack: Stack) -> set[str]:
    return {item.name for item in stack.module.of_kind("variable") if not is_marked(item.address)}


def _refuse_undeclared(given: Inputs, declared: set[str]) -> None:
    """InputError for a value from the command line whose variable isn't declared; the environment may have such."""
    for name in sorted(given.texts.keys() - declared):
        if not given.texts[name].path.startswith(ENVIRONMENT):
            raise InputError(f"--var {name}: no variable of that name is declared{suggestion(name, declared)}")


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.order))


def _paths(target: Target) -> tuple[str, ...]:
    """The files of a module that can't be read: what is declared there isn't known."""
    return tuple(unread.path for unread in target.unread if unread.is_part)


def _judge_module(stack: Stack, written: list[File], rules: tuple[Rule, ...], run: _Run) -> list[str]:
    """Judge a stack by these rules; the rules that are held back.

    `written` are the shown files as they are, without overrides.
    """
    findings: list[Finding] = []
    doubts: list[Finding] = []
    judged: set[str] = set()
    held: list[str] = []
    declared = _declared_kinds(stack.module)
    for rule in rules:
        if rule.asked_only:
            continue
        if rule.contract_only and not stack.is_contract_file:
            continue
        if rule.named_only and not names_rule(stack, rule.id):
            continue
        if rule.absence and not stack.module.is_whole:
            held.append(rule.id)
            continue
        judged.add(rule.id)
        if rule.needs is not None and rule.needs.isdisjoint(declared):
            continue
        try:
            for finding in judge(rule, stack):
                (doubts if finding.doubt is not None else findings).append(finding)
        except Exception as error:  # a rule's own mistake: it is reported, and the run fails
            run.failures.append(crash_notice(rule, stack, error))
            run.unjudged[rule.id] = "the rule crashed"
    findings, doubts = run.graded(findings), run.graded(doubts)
    run.said += [*findings, *doubts]
    findings = told_once(superseded(once(findings), rules, stack.module), yielding(stack))
    run.judgements.append(Judgement(findings, once(doubts), judged, written))
    return held


def _conclude(run: _Run) -> None:
    """Put together what is said of all stacks: what is suppressed is left out, what has one cause is told once."""
    findings: list[Finding] = []
    doubts: list[Finding] = []
    owners: dict[Source, int] = {}
    for number, group in enumerate(sharing(run.judgements)):
        owners.update((file.source, number) for file in group.written)
        kept, open_ = _silenced(group, run)
        seen = {cause_of(finding) for finding in kept}
        circles_told = _CYCLE in group.judged
        findings += kept
        doubts += [
            one
            for one in open_
            if cause_of(one) not in seen and not (circles_told and _is_of_circle(one)) and not _is_of_call(one, group)
        ]
    findings, doubts = across_calls(told_by_all(findings, run.givings), doubts)
    run.findings += (as_told(finding, run.shown) for finding in shortened(findings))
    run.doubts += (as_told(doubt, run.shown) for doubt in shortened(doubts_by_reason(doubts, owners)))


def _declared_kinds(module: Module) -> set[str]:
    """The names that `needs` of a rule may hold: `resource` and `resource.aws_sqs_queue` if there is such a block."""
    kinds = {(declaration.kind, declaration.type) for declaration in module.declarations.values()}
    return {name for kind, type_ in kinds for name in (kind, f"{kind}.{type_}")}


def _is_of_call(doubt: Finding, judgement: Judgement) -> bool:
    """Return True if a call of a module gives nothing that fits, which is a finding of its own."""
    return doubt.doubt is not None and UNFIT in doubt.doubt and judgement.judged.issuperset(_OF_CALLS)


def _is_of_circle(doubt: Finding) -> bool:
    """Return True if nothing certain can be said because something refers to itself: that is a finding of its own."""
    return doubt.doubt is not None and doubt.doubt.endswith(REFERS_TO_ITSELF)


def _held_back(held: list[str], stack: Stack) -> str:
    rules = f"{len(held)} rules about missing things were" if len(held) > 1 else f"{held[0]} was"
    return f"{rules} not checked: {_unread(stack)} can't be read"


def _unread(stack: Stack) -> str:
    """The files of a module that can't be read, in words."""
    broken = {f"part of {file.source.path}" for file in stack.module.files if file.diagnostics}
    return listed([*sorted(broken), *stack.module.unread], "and")


def _silenced(judgement: Judgement, run: _Run) -> tuple[list[Finding], list[Finding]]:
    """Without what tap:ignore comments silence, with what is wrong with these comments."""
    found = [suppression for file in judgement.written for suppression in find_suppressions(file)]
    if not found:
        return judgement.findings, judgement.doubts
    judged, settings = judgement.judged, run.settings
    reported = None if settings is None else lambda source: settings.reported_in(source, judged)
    applied = apply(found, judgement.findings, judgement.doubts, judged, run.known, run.today, reported)
    run.silenced += applied.silenced
    cards = {rule.id: rule for rule in run.rules}
    complaints = (finding_of(cards[id_], hit) for id_, hit in applied.hits if id_ in cards)
    return [*applied.findings, *run.graded(complaints)], list(applied.doubts)
