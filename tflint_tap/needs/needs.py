"""The needs of a stack: who needs to be allowed what, on which resources, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..aws.arns import arn_format
from ..records import dataclass, replace
from ..stack import Stack
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, PartialString, Symbol, Unknown, Value
from ..terraform.evaluation.verdicts import Verdict
from ..text.source import Span
from ..vocabulary import evaluator_of
from ..vocabulary.subjects import Subject, subjects
from ..vocabulary.views import subject_of
from ..wiring.edges import Edge
from .machine_calls import with_machine_calls
from .need import Need
from .rights import granted, rights_of
from .table import GrantRow, NeedRow, need_rows

ANY_RESOURCE = None


def needs_of(stack: Stack) -> tuple[Need, ...]:
    """The needs of a stack, in the order of the table; made once."""
    return stack.once(_needs)


def _needs(stack: Stack) -> tuple[Need, ...]:
    types = frozenset(declaration.type for declaration in stack.module.of_kind("resource"))
    reader = _Reader(stack, evaluator_of(stack), _running(stack))
    made = (need for row in need_rows(types) for need in reader.of_row(row))
    return tuple(with_machine_calls(stack, made))


def _running(stack: Stack) -> dict[tuple[Span, str], list[Edge]]:
    """The edges to roles by the header of the block that names the role, and the argument."""
    found: dict[tuple[Span, str], list[Edge]] = {}
    for edge in stack.wiring.edges("runs_as"):
        found.setdefault((edge.via.header, edge.argument), []).append(edge)
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes needs of the rows of the table."""

    stack: Stack
    evaluator: Evaluator
    running: Mapping[tuple[Span, str], list[Edge]]

    def of_row(self, row: NeedRow) -> Iterator[Need]:
        for subject in subjects(self.stack, (row.match,)):
            names = subject.names
            if not self._is_of(row, names):
                continue
            doubt = subject.doubt
            if row.where is not None:
                holds = self.evaluator.evaluate(row.where, names)
                if holds.data is not True:
                    if holds.data is False or holds.is_known:
                        continue
                    doubt = doubt or holds.reason
            yield from self._of_subject(row, subject, doubt)

    def _is_of(self, row: NeedRow, names: Mapping[str, Value]) -> bool:
        """Return True if the ends of an edge are of the types that the row asks for."""
        for name, types in (("source", row.sources), ("target", row.targets), ("via", row.holders)):
            instance = subject_of(names[name]) if types else None
            if types and (instance is None or instance.declaration.type not in types):
                return False
        return True

    def _of_subject(self, row: NeedRow, subject: Subject, doubt: str | None) -> Iterator[Need]:
        names = subject.names
        place = self._place(row, subject)
        why = self.evaluator.evaluate(row.why, names).data if row.why is not None else ""
        for grant in row.grants:
            arns, unsure = self._arns(grant, names)
            if arns == ():
                continue
            unsure = doubt or unsure
            made = Need(row, grant.kind, grant.actions, arns, str(why), place, self._actor(row, names), doubt=unsure)
            if row.service is not None:
                yield self._let_in(made, names)
            else:
                yield from self._by_role(made, names)

    def _actor(self, row: NeedRow, names: Mapping[str, Value]) -> Instance:
        actor = subject_of(
            names[row.roles[0][0] if row.roles else (row.acting_for or next(iter(names))).partition(".")[0]]
        )
        assert actor is not None
        return actor

    def _arns(self, grant: GrantRow, names: Mapping[str, Value]) -> tuple[tuple[Value, ...] | None, str | None]:
        """The ARNs that actions are needed on, and why there may be others."""
        if grant.arns is None:
            return ANY_RESOURCE, None
        value = self.evaluator.evaluate(grant.arns, names)
        data = value.data
        if data is None:
            return ANY_RESOURCE, None
        if not isinstance(data, ListValue):
            return ANY_RESOURCE, value.reason or "it isn't known on which resources"
        if data.doubt is not None and not data.items:
            return ANY_RESOURCE, data.doubt.reason
        return tuple(_as_called(item, names.get("value")) for item in data.items), None

    def _let_in(self, made: Need, names: Mapping[str, Value]) -> Need:
        into = subject_of(names[made.row.into]) if made.row.into is not None else None
        called = names.get("value") if made.row.into == "target" else None
        format_ = arn_format(into.declaration.type) if into is not None else None
        if into is not None and format_ is not None and format_.stands_for is not None:
            # what stands for another thing, as an alias does for a function, is let in by that one's policy
            called = called if called is not None else Value(Symbol(into.address, ("arn",)))
            types = tuple(made.row.targets - {into.declaration.type})
            bearers = self.stack.wiring.resolver.meant(called, types).certain
            into = bearers[0] if len(bearers) == 1 else None
        if made.row.acting_for is None:
            return replace(made, into=into, called=called)
        part, _, argument = made.row.acting_for.partition(".")
        source = subject_of(names[part])
        doubt = made.doubt
        if argument and source is not None:
            value = source.value(argument)
            source = self.stack.target(value)
            doubt = doubt or (None if source is not None else value.reason or f"{argument} isn't known")
        return replace(made, into=into, acting_for=source, doubt=doubt, called=called)

    def _by_role(self, made: Need, names: Mapping[str, Value]) -> Iterator[Need]:
        """One need for each role that the row's arguments name."""
        for path in made.row.roles:
            yield from self._by_path(made, names, path)

    def _by_path(self, made: Need, names: Mapping[str, Value], path: tuple[str, ...]) -> Iterator[Need]:
        part, *blocks, argument = path
        holder = subject_of(names[part])
        holders = [] if holder is None else [holder]
        for block in blocks:
            holders = [nested for one in holders for nested in one.blocks(block)]
        for one in holders:
            for edge in self.running.get((one.header, argument), ()):
                if _is_instance(edge, one):
                    given = self._given(made.row, edge.target, names)
                    if given is not False:
                        unsure = given.reason if isinstance(given, Unknown) else None
                        yield replace(made, role=edge.target, doubt=made.doubt or edge.doubt or unsure)

    def _given(self, row: NeedRow, role: Instance, names: Mapping[str, Value]) -> Verdict:
        """True if a role has one of the rights that make the need."""
        target = subject_of(names["target"]) if row.given else None
        if target is None:
            return True
        rights = rights_of(self.stack, role)
        symbol = Symbol(target.address, ("arn",))
        arns = (Value(symbol, target.header), Value(PartialString((symbol, "/*")), target.header))
        found = [granted(self.stack, rights, action, arn) for action in row.given for arn in arns]
        if True in found:
            return True
        return next((verdict for verdict in found if isinstance(verdict, Unknown)), False)

    def _place(self, row: NeedRow, subject: Subject) -> Span:
        """The place of what says that there is such a wiring: an argument, else the block's header."""
        value = subject.names.get("value")
        if value is not None and value.span is not None and self.stack.holds(value.span):
            return value.span
        instance = subject_of(subject.names["self"]) if "self" in subject.names else None
        if instance is not None and row.argument is not None:
            if instance.attribute(row.argument) is not None:
                return instance.span_of(row.argument)
            nested = instance.blocks(row.argument)
            return nested[0].header if nested else subject.span
        return subject.span


def _is_instance(edge: Edge, holder: Instance) -> bool:
    """Return True if an edge is that of this instance: all instances of a block have one header."""
    return edge.via.address == holder.address


def _as_called(arn: Value, called: Value | None) -> Value:
    """The ARN of an alias where a function is called by one: a right to the function alone doesn't serve."""
    symbols = (arn.data, called.data if called is not None else None)
    if not (isinstance(symbols[0], Symbol) and isinstance(symbols[1], Symbol)):
        return arn
    whole, alias = symbols[0], symbols[1]
    if whole.path != ("arn",) or not whole.address.startswith("aws_lambda_function."):
        return arn
    return Value(Symbol(alias.address, ("arn",)), arn.span) if alias.address.startswith("aws_lambda_alias.") else arn
