"""Resources that have to wait for others which no argument of theirs leads to, and don't."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ...aws.waits import Needed, Step, Wait, waits_of
from ...iam.wildcards import covers_action
from ...needs.rights import rights_of
from ...records import dataclass, field
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...text.source import Related, Span
from ...wiring.paths import places_at

Ends = dict[Instance, str | None]  # resources that a way leads to, each with the doubt about it


@dataclass(frozen=True, slots=True)
class _Missed:
    """What a resource doesn't wait for, by address, and what AWS answers to that; with the doubt about it."""

    needed: Mapping[str, Span]
    answer: str
    doubt: str | None


@dataclass(frozen=True, slots=True)
class _Order:
    """What waits directly for what, by addresses, each with the reason why that isn't certain."""

    steps: Mapping[str, Mapping[str, str | None]]

    def reached(self, start: str, wanted: Collection[str]) -> dict[str, str | None]:
        """What a declaration waits for, each with the doubt about it; stops where all that is wanted is found."""
        found: dict[str, str | None] = {start: None}
        for certain in (True, False):
            pending = list(found)
            for source in pending:  # which grows meanwhile
                if wanted and all(found.get(name, "") is None for name in wanted):
                    return found
                for target, doubt in self.steps.get(source, {}).items():
                    if target not in found and (doubt is None or not certain):
                        found[target] = found[source] or doubt
                        pending.append(target)
        return found


@dataclass(eq=False)
class _Ways:
    """The resources that ways lead to in a stack; those of a line's needed types are sought once."""

    stack: Stack
    _made: dict[tuple[Needed, tuple[Step, ...]], dict[Instance, Ends]] = field(default_factory=dict)

    def ends(self, instance: Instance, way: tuple[Step, ...]) -> Ends:
        """The resources at the end of a way."""
        found: Ends = {instance: None}
        for step in way:
            found = {
                named: doubt or own
                for holder, doubt in found.items()
                for path in step.arguments
                for place in places_at(holder, path)
                for named, own in self.stack.wiring.resolver.named(
                    place.value, place.expr, place.holder, (step.type,)
                ).instances
            }
        return found

    def needed(self, wait: Wait, end: Instance) -> Ends:
        """What has to be made first: all that belongs to the end of the way, or gives that role a right."""
        if wait.action is not None:
            return self._givers(end, wait.action)
        found: Ends = {}
        for needed in wait.needed:
            if not wait.needed_way:
                found.update({one: one.doubt for one in self._of_type(needed)})
            else:
                found.update(self._leading_to(needed, wait.needed_way).get(end, {}))
        return found

    def _givers(self, role: Instance, action: str) -> Ends:
        found: Ends = {}
        rights = rights_of(self.stack, role)
        for right in rights.allowed:
            patterns = () if right.statement.actions is None else right.statement.actions.items
            named = [pattern.data for pattern in patterns if isinstance(pattern.data, str)]
            reason = right.doubt or rights.doubt
            is_new = right.by not in found or reason is None
            if right.by is not None and is_new and any(covers_action(pattern, action) for pattern in named):
                found[right.by] = reason
        return found

    def _of_type(self, needed: Needed) -> Iterator[Instance]:
        for instance in self.stack.wiring.resolver.instances(needed.type):
            if needed.argument is None or instance.value(needed.argument).data == needed.value:
                yield instance

    def _leading_to(self, needed: Needed, way: tuple[Step, ...]) -> dict[Instance, Ends]:
        """The resources of a type by the ends of their ways."""
        if (needed, way) not in self._made:
            made: dict[Instance, Ends] = {}
            for instance in self._of_type(needed):
                for end, doubt in self.ends(instance, way).items():
                    made.setdefault(end, {})[instance] = doubt or instance.doubt
            self._made[needed, way] = made
        return self._made[needed, way]


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each declaration that doesn't wait for what it has to, at its depends_on or its header."""
    resolver = stack.wiring.resolver
    by_type: dict[str, list[Wait]] = {}
    for wait in waits_of(resolver.types()):
        by_type.setdefault(wait.type, []).append(wait)
    ways = _Ways(stack)
    for type_, waits in by_type.items():
        missed: dict[str, list[_Missed]] = {}
        for instance in resolver.instances(type_):
            found = [one for wait in waits if (one := _missed(ways, instance, wait)) is not None]
            missed.setdefault(instance.declaration.address, []).extend(found)
        yield from (_hit(stack, address, found) for address, found in missed.items() if found)


def _missed(ways: _Ways, instance: Instance, wait: Wait) -> _Missed | None:
    """What an instance doesn't wait for, though a line of the table says that it has to."""
    needed: dict[str, tuple[Span, str | None]] = {}
    for end, doubt in ways.ends(instance, wait.way).items() if _is_meant(ways.stack, instance, wait) else ():
        for other, own in ways.needed(wait, end).items():
            reason = doubt or (None if own == instance.doubt else own)  # they may be there for the same reason
            address = other.declaration.address
            if reason is None or address not in needed:
                needed[address] = (other.header, reason)
    reached = ways.stack.once(_order).reached(instance.declaration.address, needed)
    lacking = {address: at for address, at in needed.items() if reached.get(address, "") is not None}
    if not lacking or (not wait.each and len(lacking) < len(needed)):
        return None
    certain = {address for address, (_, doubt) in lacking.items() if doubt is None and address not in reached}
    reasons = [reached.get(address) or doubt for address, (_, doubt) in lacking.items()]
    unsure = next((reason for reason in reasons if reason is not None), None)
    if certain and (wait.each or certain == lacking.keys()):
        return _Missed({address: lacking[address][0] for address in lacking if address in certain}, wait.answer, None)
    return _Missed({address: span for address, (span, _) in lacking.items()}, wait.answer, unsure)


def _is_meant(stack: Stack, instance: Instance, wait: Wait) -> bool:
    """Return True if a resource has what a line of the table asks for: an argument or block, that names a type."""
    if wait.given is None:
        return True
    if not wait.given.blocks and instance.blocks(wait.given.argument):
        return True
    places = [place for place in places_at(instance, wait.given) if place.value.data is not False]
    if wait.given_type is None:
        return bool(places)
    resolver = stack.wiring.resolver
    return any(resolver.named(place.value, place.expr, place.holder, (wait.given_type,)).certain for place in places)


def _hit(stack: Stack, address: str, found: list[_Missed]) -> Hit:
    """A hit for all that a declaration doesn't wait for."""
    certain = [missed for missed in found if missed.doubt is None] or found
    order = stack.once(_order)
    needed = {name: span for missed in certain for name, span in missed.needed.items()}
    # what others of them wait for needn't be named as well
    others = {name: order.reached(name, ()) for name in needed}
    named = [name for name in needed if not any(name in others[other] for other in needed if other != name)]
    back = [name for name in needed if others[name].get(address, "") is None]
    declaration = stack.module.declarations[address]
    assert declaration.block is not None
    written = declaration.block.body.attribute("depends_on")
    return Hit(
        declaration.block.header if written is None else written.expr.span,
        address,
        {"needed": named or list(needed), "answer": certain[0].answer, "back": back},
        tuple(Related(f"{name} is made here", span) for name, span in needed.items() if name in named),
        doubt=certain[0].doubt,
    )


def _order(stack: Stack) -> _Order:
    steps: dict[str, dict[str, str | None]] = {}
    for dependency in stack.dependencies:
        of_source = steps.setdefault(dependency.source, {})
        if of_source.get(dependency.target, "") is not None:
            of_source[dependency.target] = dependency.doubt
    return _Order(steps)
