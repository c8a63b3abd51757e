"""A draft tried on the stack that it is from, by the rules that judge stacks: what doesn't hold becomes a comment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ..contract import Claims, Contract
from ..judging import judge
from ..rule import Rule
from ..rulebook.contracts import mistakes_of
from ..stack import Stack
from .draft import Draft
from .writing import Written, written

_FAMILIES = ("stack", "sla", "naming", "tagging")  # the rules by which a contract's own demands are reported
_OTHERS = ("iam/missing-permission",)


def held(draft: Draft, stack: Stack, rules: tuple[Rule, ...]) -> str:
    """The text of a draft in which all that isn't a comment certainly holds for the stack."""
    return _settled(draft, lambda draft, made: _unsound(draft, made, rules) or _broken(draft, made, stack, rules))


def sound_text(draft: Draft, rules: tuple[Rule, ...]) -> str:
    """The text of a draft in which all that isn't a comment is right by the format of contracts."""
    return _settled(draft, lambda draft, made: _unsound(draft, made, rules))


def _settled(draft: Draft, wrong: Callable[[Draft, Written], Mapping[str, str]]) -> str:
    """The text of a draft without the entries in which something is wrong; `wrong` has the reasons by their ids."""
    while True:
        made = written(draft)
        reasons = wrong(draft, made)
        if not reasons:
            return made.text
        draft = draft.without(reasons)


def _unsound(draft: Draft, made: Written, rules: tuple[Rule, ...]) -> Mapping[str, str]:
    """What is wrong with a draft as a contract, by the ids of the entries."""
    reasons: dict[str, str] = {}
    for mistake in mistakes_of(_contract(draft, made), {rule.id for rule in rules}):
        line = max((line for line in made.ids if line <= mistake.line), default=None)
        assert line is not None, f"line {mistake.line}: {mistake.message}"
        reasons.setdefault(made.ids[line], mistake.message)
    return reasons


def _broken(draft: Draft, made: Written, stack: Stack, rules: tuple[Rule, ...]) -> Mapping[str, str]:
    """The entries that don't hold, or of which that isn't known, each with what a rule says."""
    contract = _contract(draft, made)
    trial = Stack(stack.module, stack.evaluator, contract, stack.shown, stack.today)
    ids = {entry.id for entry in draft.entries() if entry.out is None}
    reasons: dict[str, str] = {}
    for rule in rules:
        if rule.family in _FAMILIES or rule.id in _OTHERS:
            for finding in judge(rule, trial):
                if finding.requirement in ids:
                    reasons.setdefault(finding.requirement or "", finding.doubt or finding.message)
    return reasons


def _contract(draft: Draft, made: Written) -> Contract:
    return Contract(draft.name, Claims(), Path(f"{draft.name}.yaml"), made.text)
