"""The pipeline: modules in, a report out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NoReturn

from .contract import Contract
from .demands.rules import names_rule, requirement_of, yielding
from .discovery import Target
from .hcl import ParseError, parse, parse_expression
from .hcl.nodes import Block, File
from .merging import by_cause, cause_of, doubts_by_reason, once, shortened, superseded, told_once
from .records import dataclass, field
from .rule import Finding, Hit, Rule, Severity
from .rulebook.wording import plain, worded
from .stack import Stack
from .suppressions.application import Silenced, apply
from .suppressions.comments import find_suppressions
from .terraform.evaluation.evaluator import REFERS_TO_ITSELF
from .terraform.evaluation.expansion import Instance
from .terraform.evaluation.inputs import InputError, Inputs
from .terraform.evaluation.values import ErrorValue, Value
from .terraform.functions import Environment
from .terraform.module import Declaration, Module, build_module
from .text.listing import listed
from .text.nearest import suggestion
from .text.source import Related, Source, Span

_NO_INPUTS = Inputs()
_CYCLE = "references/cycle"  # says of all that refers to itself that it does


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run has to say.

    `findings` and `doubts` are in the order of the text. `notices` are lines about the run as a whole
    (rules held back because a file is broken); `failures` are what the tool couldn't do (a rule crashed):
    any of them means that the run isn't to be trusted. `silenced` is what tap:ignore comments silence.
    """

    sources: tuple[Source, ...]
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    doubts: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    silenced: tuple[Silenced, ...] = ()

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)


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
    sources: list[Source] = field(default_factory=list)
    said: list[Finding] = field(default_factory=list)
    unjudged: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    silenced: list[Silenced] = field(default_factory=list)


def lint(
    targets: Iterable[Target],
    rules: tuple[Rule, ...],
    inputs: Mapping[Target, Inputs] | None = None,
    known: Collection[str] | None = None,
    today: date | None = None,
) -> Report:
    """Judge every module by the rules. `known` are the ids of all rules there are, `today` is for what has a date."""
    run = _Run(rules, known if known is not None else {rule.id for rule in rules}, today or date.today())
    declared: set[str] = set()
    unclaimed: dict[Contract, list[str]] = {}
    for target in targets:
        for path, contract in target.unclaimed:
            unclaimed.setdefault(contract, []).append(path)
        given = (inputs or {}).get(target, _NO_INPUTS)
        stack = _judge_target(target, given, run)
        declared |= _variables(stack)
    run.notices += [_unclaimed(paths, contract) for contract, paths in unclaimed.items()]
    for given in (inputs or {}).values():
        for name in given.texts.keys() - declared:
            _refuse_undeclared(name, declared)
    return _report(run)


def judged_alone(
    target: Target, rules: tuple[Rule, ...], inputs: Inputs = _NO_INPUTS, today: date | None = None
) -> Judged:
    """Judge a module by all rules. InputError where a value from the command line fits no variable of it."""
    run = _Run(rules, {rule.id for rule in rules}, today or date.today())
    stack = _judge_target(target, inputs, run)
    for name in inputs.texts.keys() - _variables(stack):
        _refuse_undeclared(name, _variables(stack))
    return Judged(stack, _report(run), tuple(run.said), run.unjudged)


def _judge_target(target: Target, given: Inputs, run: _Run) -> Stack:
    """Judge a module; the stack that it is. InputError where a value from the command line doesn't fit its variable."""
    for source in target.sources:
        if source not in run.files:
            run.files[source] = parse(source)
    run.failures += [str(unread) for unread in target.unread if unread.is_wanted]
    run.failures += given.failures
    run.sources += target.shown
    module = build_module((run.files[source] for source in target.sources), _paths(target), target.pins)
    shown = tuple(file for file in module.files if file.source in target.shown)
    stack = Stack.of(module, given, Environment(folder=target.folder), target.contract, shown, run.today)
    _check_inputs(stack, given)
    values = [item.file for item in given.files if item.file is not None]
    written = [*(run.files[source] for source in target.shown), *values]
    held = _judge_module(stack, written, run) if target.shown else []
    if held:
        run.notices.append(_held_back(held, stack))
        run.unjudged |= dict.fromkeys(held, f"{_unread(stack)} can't be read")
    else:
        run.notices += [str(unread) for unread in target.unread if not unread.is_wanted]
    return stack


def _report(run: _Run) -> Report:
    return Report(
        tuple(run.sources),
        run.rules,
        _ordered(run.findings),
        _ordered(run.doubts),
        tuple(dict.fromkeys(run.notices)),
        tuple(dict.fromkeys(run.failures)),
        tuple(run.silenced),
    )


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
        yield answer(value)


def stack_of(target: Target, inputs: Inputs = _NO_INPUTS) -> Stack:
    """A module's stack by itself. InputError where a value from the command line doesn't fit its variable."""
    module = build_module((parse(source) for source in target.sources), _paths(target), target.pins)
    stack = Stack.of(module, inputs, Environment(folder=target.folder), target.contract)
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
    return {declaration.name for declaration in stack.module.of_kind("variable")}


def _refuse_undeclared(name: str, declared: set[str]) -> NoReturn:
    raise InputError(f"--var {name}: no variable of that name is declared{suggestion(name, declared)}")


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.order))


def _paths(target: Target) -> tuple[str, ...]:
    """The files of a module that can't be read: what is declared there isn't known."""
    return tuple(unread.path for unread in target.unread if unread.is_part)


def _judge_module(stack: Stack, written: list[File], run: _Run) -> list[str]:
    """Judge a stack; the rules that are held back. `written` are the shown files as they are, without overrides."""
    findings: list[Finding] = []
    doubts: list[Finding] = []
    judged: set[str] = set()
    held: list[str] = []
    declared = _declared_kinds(stack.module)
    for rule in run.rules:
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
            run.failures.append(_crash(rule, stack, error))
            run.unjudged[rule.id] = "the rule crashed"
    run.said += [*findings, *doubts]
    findings, doubts = told_once(superseded(once(findings), run.rules, stack.module), yielding(stack)), once(doubts)
    findings, doubts = _silenced(written, findings, doubts, judged, run)
    seen = {cause_of(finding) for finding in findings}
    run.findings += shortened(findings)
    told = _CYCLE in judged
    open_ = [doubt for doubt in doubts if cause_of(doubt) not in seen and not (told and _is_of_circle(doubt))]
    run.doubts += shortened(doubts_by_reason(open_))
    return held


def _declared_kinds(module: Module) -> set[str]:
    """The names that `needs` of a rule may hold: `resource` and `resource.aws_sqs_queue` if there is such a block."""
    kinds = {(declaration.kind, declaration.type) for declaration in module.declarations.values()}
    return {name for kind, type_ in kinds for name in (kind, f"{kind}.{type_}")}


def _is_of_circle(doubt: Finding) -> bool:
    """Return True if nothing certain can be said because something refers to itself: that is a finding of its own."""
    return doubt.doubt is not None and doubt.doubt.endswith(REFERS_TO_ITSELF)


def _crash(rule: Rule, stack: Stack, error: Exception) -> str:
    """The notice of a crash: the rule, the block, and the place in the rule's code."""
    import traceback  # costly to import, needed only where a rule crashes

    place = traceback.extract_tb(error.__traceback__)[-1]
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{rule.id} crashed{_crash_site(stack, error)}: {what} ({place.name}, line {place.lineno})"


def _crash_site(stack: Stack, error: Exception) -> str:
    """The block that the innermost function was at that had one in hand; nothing where there is none."""
    frames, step = [], error.__traceback__
    while step is not None:
        frames.append(step.tb_frame)
        step = step.tb_next
    for frame in reversed(frames):
        held = list(frame.f_locals.values())
        for item in held:
            if isinstance(item, Instance):
                return _place(item.header, item.address)
        for item in held:
            if isinstance(item, Declaration):
                return _place(item.span, item.address)
        for item in held:
            if isinstance(item, Block):
                declaration = stack.module.declaration_at(item.header)
                return _place(item.header, declaration.address if declaration is not None else item.type)
    return ""


def _place(span: Span, name: str) -> str:
    return f" at {span.source.path}:{span.line}, {name}"


def _held_back(held: list[str], stack: Stack) -> str:
    rules = f"{len(held)} rules about missing things were" if len(held) > 1 else f"{held[0]} was"
    return f"{rules} not checked: {_unread(stack)} can't be read"


def _unread(stack: Stack) -> str:
    """The files of a module that can't be read, in words."""
    broken = {f"part of {file.source.path}" for file in stack.module.files if file.diagnostics}
    return listed([*sorted(broken), *stack.module.unread], "and")


def _silenced(
    written: list[File], findings: list[Finding], doubts: list[Finding], judged: set[str], run: _Run
) -> tuple[list[Finding], list[Finding]]:
    """Without what tap:ignore comments silence, with what is wrong with these comments."""
    found = [suppression for file in written for suppression in find_suppressions(file)]
    if not found:
        return findings, doubts
    applied = apply(found, findings, doubts, judged, run.known, run.today)
    run.silenced += applied.silenced
    cards = {rule.id: rule for rule in run.rules}
    complaints = (finding_of(cards[id_], hit) for id_, hit in applied.hits if id_ in cards)
    return [*applied.findings, *complaints], list(applied.doubts)


def judge(rule: Rule, stack: Stack) -> Iterator[Finding]:
    """The findings of a rule in the shown files of a stack; a doubt has a reason.

    Where the rule crashes, what it has found so far comes first.
    """
    hits: list[Hit] = []
    crash: Exception | None = None
    try:
        for hit in rule.check(stack, rule):
            hits.append(hit)
    except Exception as error:  # raised below
        crash = error
    for hit in by_cause(stack, hits):
        yield finding_of(rule, hit, requirement_of(stack, rule.id, hit.address))
    if crash is not None:
        raise crash


def finding_of(rule: Rule, hit: Hit, requirement: str | None = None) -> Finding:
    """A hit in the card's words; `requirement` is what the contract says it breaks, where it doesn't say so itself."""
    names = {"self": plain(hit.address), **{name: plain(value) for name, value in hit.values.items()}}
    return Finding(
        rule.id,
        rule.severity if hit.severity is None else hit.severity,
        worded(rule.message, names) if hit.message is None else hit.message,
        hit.span,
        worded(rule.remedy, names) if hit.remedy is None else hit.remedy,
        hit.address,
        hit.requirement or requirement,
        tuple(Related(related.message, related.span) for related in hit.related),
        hit.doubt,
    )
