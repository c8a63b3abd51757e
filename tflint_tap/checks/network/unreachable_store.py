"""Functions that are told the address of a store whose security groups don't let them in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, to_number
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import PartialString, Symbol, Value
from ...text.source import Related, Span
from ...wiring.ingress import ADDRESSES, GROUPS, PREFIX_LISTS, covers, names, rules_of

Verdict = bool | str  # a text is the reason why it isn't known


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each function and each store of the stack whose address it gets and which doesn't let it in."""
    addresses = cast("Mapping[str, list[str]]", rule.params["addresses"])
    ports = cast("Mapping[str, int]", rule.params["ports"])
    for function in stack.resources("aws_lambda_function"):
        told = list(_told(stack, function, addresses))
        own = _groups(stack, function) if told else None
        for store, place in told if own else ():
            groups = _groups(stack, store)
            port = _port(store, ports)
            verdict = _admits(stack, groups, own or {}, port) if groups and port is not None else True
            if verdict is not True:
                first = next(iter((groups or {}).values()))
                yield Hit(
                    place,
                    function.address,
                    {"store": store.address, "port": port, "group": first.address, "own": next(iter(own or {}))},
                    (Related(f"{first.address} guards {store.address}", first.header),),
                    doubt=verdict or None,
                )


def _told(stack: Stack, function: Instance, addresses: Mapping[str, list[str]]) -> Iterator[tuple[Instance, Span]]:
    """The stores whose address is in a function's environment, each once, with the place."""
    found: dict[str, tuple[Instance, Span]] = {}
    for block in function.blocks("environment"):
        pending = [block.value("variables")]
        for value in pending:  # which grows meanwhile
            pending.extend(value.elements())
            data = value.data
            for part in data.parts if isinstance(data, PartialString) else (data,):
                if isinstance(part, Symbol):
                    store = stack.symbol_target(part)
                    named = addresses.get(store.declaration.type, []) if store is not None else []
                    if store is not None and part.path and part.path[0] in named:
                        found.setdefault(store.address, (store, value.span or function.header))
    yield from found.values()


def _groups(stack: Stack, guarded: Instance) -> dict[str, Instance] | None:
    """The security groups that guard a resource; None where they aren't all of the stack."""
    found = stack.wiring.outgoing(guarded, "placed_in")
    groups = {edge.target.address: edge.target for edge in found.edges if edge.target.declaration.type in GROUPS}
    is_whole = found.doubt is None and all(edge.doubt is None for edge in found.edges)
    given = [end for end in found.ends if "group" in end.argument and "subnet" not in end.argument]
    return groups if groups and is_whole and not given else None


def _port(store: Instance, ports: Mapping[str, int]) -> int | None:
    """The port of a store: its own, or that of its engine; None where it isn't known."""
    own = store.value("port")
    if own.data is not None:
        return _number(own)
    engine = store.value("engine")
    name = engine.data if isinstance(engine.data, str) else store.declaration.type if engine.data is None else None
    return ports.get(name) if name is not None else None


def _number(value: Value) -> int | None:
    try:
        number = to_number(value).data
    except EvaluationError:
        return None
    return number if isinstance(number, int) else None


def _admits(stack: Stack, groups: Mapping[str, Instance], own: Mapping[str, Instance], port: int) -> Verdict:
    """True if a rule of the store's groups lets one of the function's groups, or any addresses, in at the port."""
    if groups.keys() & own.keys() and any(_lets_itself_in(group, port) for group in groups.values()):
        return True
    unsure: Verdict = False
    for group in groups.values():
        admitted = stack.wiring.outgoing(group, "admits")
        for edge in admitted.edges:
            covered = covers(edge.via, port) if edge.target.address in own else False
            if covered is True and edge.doubt is None:
                return True
            unsure = unsure or (edge.doubt or covered if covered is not False else False)
        unsure = unsure or admitted.doubt or next((end.doubt for end in admitted.ends if end.doubt is not None), False)
        for rule, doubt in rules_of(stack.wiring, group):
            covered = covers(rule, port) if any(names(rule, (*ADDRESSES, *PREFIX_LISTS))) else False
            if covered is True and doubt is None:
                return True
            unsure = unsure or (doubt or covered if covered is not False else False)
    return unsure


def _lets_itself_in(group: Instance, port: int) -> bool:
    return any(rule.value("self").data is True and covers(rule, port) is True for rule in group.blocks("ingress"))
