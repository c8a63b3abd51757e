"""Rules of other families under a contract: the requirement that a finding breaks."""

from __future__ import annotations

from ..stack import Stack
from .reading import terms_of
from .standing import standing_of
from .terms import RuleOf, Terms


def requirement_of(
    stack: Stack, rule: str, address: str | None, need: str | None = None, *, exactly: bool = False
) -> str | None:
    """The id of the requirement that a finding of a rule breaks; None where the contract has none that it could.

    `address` is what the finding is about, `need` the row of aws/needs.yaml that it is about. What names the rule and
    these comes before what names the rule alone, and that before its family, which doesn't count where it has to be
    said `exactly`.
    """
    if stack.contract is None:
        return None
    terms = terms_of(stack.contract)
    best: tuple[int, str] | None = None
    for entry in terms.rules:
        weight = 0 if exactly and entry.rule != rule else _weight(stack, terms, entry, rule, address, need)
        if weight and (best is None or weight > best[0]):
            best = (weight, entry.id)
    return best[1] if best is not None else None


def names_rule(stack: Stack, rule: str) -> bool:
    """Return True if the stack's contract names a rule, or its family, among those that break its requirements."""
    if stack.contract is None:
        return False
    wanted = (rule, f"{rule.partition('/')[0]}/*")
    return any(entry.rule in wanted for entry in terms_of(stack.contract).rules)


def yielding(stack: Stack) -> frozenset[tuple[str, str]]:
    """The rules that yield to the contract's own, each with the requirement."""
    if stack.contract is None:
        return frozenset()
    return frozenset((entry.rule, entry.id) for entry in terms_of(stack.contract).rules if entry.yields)


def _weight(stack: Stack, terms: Terms, entry: RuleOf, rule: str, address: str | None, need: str | None) -> int:
    """How closely an entry fits a finding; 0 where it doesn't."""
    family = rule.partition("/")[0]
    if entry.rule not in (rule, f"{family}/*"):
        return 0
    weight = 2 if entry.rule == rule else 1
    if entry.needs:
        if need not in entry.needs:
            return 0
        weight += 2
    if entry.of:
        if address is None or not any(_is_of(stack, terms, name, address) for name in entry.of):
            return 0
        weight += 2
    return weight


def _is_of(stack: Stack, terms: Terms, name: str, address: str) -> bool:
    if terms.part(name) is None:
        return address.partition(".")[0] == name
    certain = standing_of(stack, terms, {}).recognised(name).certain
    return any(address in (found.address, found.declaration.address) for found in certain)
