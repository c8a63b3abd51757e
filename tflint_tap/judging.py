"""A rule's judgement of a stack: its findings in the card's words, and what is said where it crashes."""

from __future__ import annotations

from collections.abc import Iterator

from .demands.rules import requirement_of
from .hcl.nodes import Block
from .merging import by_cause
from .rule import Finding, Hit, Rule
from .rulebook.wording import plain, worded
from .stack import Stack
from .terraform.evaluation.expansion import Instance
from .terraform.module import Declaration
from .terraform.module.calls import call_headers
from .text.source import Span


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
        calls = call_headers(stack.module, hit.address) if hit.address is not None else ()
        yield finding_of(rule, hit, requirement_of(stack, rule.id, hit.address), calls)
    if crash is not None:
        raise crash


def finding_of(rule: Rule, hit: Hit, requirement: str | None = None, calls: tuple[Span, ...] = ()) -> Finding:
    """A hit in the card's words; `requirement` is what the contract says it breaks, where it doesn't say so itself.

    `calls` are the headers of the calls whose module it is in.
    """
    names = {"self": plain(hit.address), **{name: plain(value) for name, value in hit.values.items()}}
    message = worded(rule.message, names) if hit.message is None else hit.message
    return Finding(
        rule.id,
        rule.severity if hit.severity is None else hit.severity,
        message if hit.doubt is None else _undecided(message, rule),
        hit.span,
        worded(rule.remedy, names) if hit.remedy is None else hit.remedy,
        hit.address,
        hit.requirement or requirement,
        tuple(hit.related),
        hit.doubt,
        calls,
        about=hit.about,
        way=hit.way,
    )


def _undecided(message: str, rule: Rule) -> str:
    """The message of a doubt: what isn't certain isn't said, nor what AWS would answer to it.

    A contract's demand says what has to be, not what is; but for what is missing.
    """
    claim = message.partition("; AWS answers")[0]
    is_demand = rule.family == "stack" and not claim.startswith("there is no ")
    return f"can't tell whether {'this is met: ' if is_demand else ''}{claim}"


def crash_notice(rule: Rule, stack: Stack, error: Exception) -> str:
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
