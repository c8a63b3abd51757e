"""Declarations that nothing refers to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ...contract.variables import variables_of
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module import Module
from ...terraform.module.references import walk

_USED_ONLY = ("variable", "locals", "data")  # these do nothing by themselves


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each variable, local and data source that no block which does something leads to.

    What is used only by what is itself check is check too. A module that is made of such declarations alone isn't
    judged: what it is for lies elsewhere.
    """
    demanded = {f"var.{name}" for name in variables_of(stack.contract)} if stack.contract is not None else set()
    effects = rule.params.get("effects", ())
    assert isinstance(effects, Collection)
    needs, live = _needs(stack.module, effects)
    if not live and not demanded:
        return
    used = _reached(needs, live | demanded)
    users: dict[str, list[str]] = {}
    for user, addresses in needs.items():
        for address in addresses:
            users.setdefault(address, []).append(user)
    for declaration in stack.module.declarations.values():
        address = declaration.address
        if declaration.kind in ("variable", "local", "data") and address not in used:
            by = [user for user in dict.fromkeys(users.get(address, ())) if user != address]
            values = {"users": by, "itself": address in needs.get(address, ())}
            yield Hit(declaration.span, address, values)


def _needs(module: Module, effects: Collection[object]) -> tuple[dict[str, list[str]], set[str]]:
    """The references of each variable, local and data source, by address; and those of all other blocks."""
    needs: dict[str, list[str]] = {}
    live: set[str] = set()
    for block in module.blocks():
        labels = [label.value for label in block.labels]
        if block.type == "locals":
            for attribute in block.body.attributes:
                needs.setdefault(f"local.{attribute.name}", []).extend(
                    reference.address for reference in module.references(attribute.expr)
                )
            continue
        found = [
            reference.address
            for attribute, bound in walk(block.body)
            for reference in module.references_in(attribute, bound)
        ]
        if block.type not in _USED_ONLY or not labels:
            live.update(found if block.type == "terraform" else [block.type, *found])
            continue
        address = ".".join(["var" if block.type == "variable" else "data", *labels])
        needs.setdefault(address, []).extend(found)
        if block.type == "data" and (labels[0] in effects or block.body.blocks_of("lifecycle")):
            live.add(address)
    return needs, live


def _reached(needs: dict[str, list[str]], start: Iterable[str]) -> set[str]:
    reached = set(start)
    pending = list(reached)
    while pending:
        further = [address for address in needs.get(pending.pop(), ()) if address not in reached]
        reached.update(further)
        pending += further
    return reached
