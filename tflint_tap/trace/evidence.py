"""Where the requirements of a contract are met, and what keeps it from being told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from ..contract import Contract
from ..demands.decided import demands_of
from ..demands.demand import Outcome, first_line
from ..demands.figures import CONTRADICTED, figures_of
from ..demands.permissions import contract_needs
from ..demands.reading import split_arn, terms_of
from ..demands.standing import Standing, standing_of
from ..demands.terms import MAY, Grant, Part, RuleOf, Terms
from ..needs.need import Need
from ..needs.needs import needs_of
from ..needs.overview import serves_need
from ..needs.rights import rights_of
from ..records import dataclass, field, replace
from ..rule import Rule
from ..stack import Stack
from ..terraform.module.marks import displayed, is_marked
from ..text.listing import listed
from ..text.source import Span

_STACK, _SLA = "stack/", "sla/"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place where a requirement is met: of a resource, a setting or a comment; with `is_whole` a file.

    `says` is why, where the place alone doesn't tell.
    """

    span: Span
    address: str | None = None
    says: str = ""
    is_whole: bool = False


@dataclass(slots=True)
class Proof:
    """What is known of a requirement beside findings: its evidence, and the reasons why it can't be said to be met.

    `empty` is said where no place is known: which rules find nothing, or that there needn't be anything.
    """

    evidence: list[Evidence] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)

    def places(self, stack: Stack) -> tuple[Evidence, ...]:
        """The evidence, each line once; of what has no place of its own, the files that hold it."""
        if self.evidence:
            lines = {(one.span.source, one.span.line, one.address): one for one in reversed(self.evidence)}
            return tuple(map(_as_told, reversed(lines.values())))
        says = "; ".join(dict.fromkeys(self.empty)) or "nothing here is what this is about"
        return tuple(_whole(stack, says))


def _as_told(evidence: Evidence) -> Evidence:
    """Evidence with its address as Terraform has it."""
    if evidence.address is None or not is_marked(evidence.address):
        return evidence
    return replace(evidence, address=displayed(evidence.address))


def proofs_of(stack: Stack, contract: Contract, rules: Iterable[Rule], unjudged: Mapping[str, str]) -> dict[str, Proof]:
    """The proofs of a contract's requirements, by their ids. `unjudged` are rules that couldn't speak, with reasons."""
    prover = _Prover(stack, contract, terms_of(contract), {rule.id: rule for rule in rules}, unjudged)
    prover.figures()  # what is stated comes before the code that keeps it
    prover.demands()
    prover.universals()
    prover.rights()
    prover.rules_of_others()
    return prover.proofs


@dataclass(slots=True)
class _Prover:
    """Collects proofs."""

    stack: Stack
    contract: Contract
    terms: Terms
    rules: Mapping[str, Rule]
    unjudged: Mapping[str, str]
    proofs: dict[str, Proof] = field(default_factory=dict)

    def of(self, id_: str) -> Proof:
        return self.proofs.setdefault(id_, Proof())

    @property
    def standing(self) -> Standing:
        return standing_of(self.stack, self.terms, {})

    def demands(self) -> None:
        first = first_line(self.stack)
        for demand in demands_of(self.stack):
            proof = self.of(demand.id)
            if demand.outcome is Outcome.MET:
                place = demand.place
                is_whole = demand.address is None and (place == first or place.start == place.end)
                proof.evidence.append(Evidence(demand.place, demand.address, is_whole=is_whole))
            elif demand.outcome is Outcome.ABSENT:
                self._absent(demand.needs or "", proof)
            else:
                held = self.unjudged.get((_SLA if demand.kind == CONTRADICTED else _STACK) + demand.kind)
                proof.reasons.append(held or demand.doubt or demand.values.get("what", demand.id))

    def _absent(self, name: str, proof: Proof) -> None:
        """What is about something absent can't be met, but for what needn't be there."""
        part = self.terms.part(name) or self.terms.part(name.rpartition(".")[0])
        if part is None:
            proof.reasons.append(f"{name} is absent")
        elif part.may_lack:
            proof.empty.append(f"there is no {part.shown}, and there needn't be one")
        else:
            proof.reasons.append(f"the {part.shown.removeprefix('the ')} is absent ({part.term.id})")

    def universals(self) -> None:
        """What holds for each resource of a type is open where there is none and there has to be one."""
        for rule in self.terms.universals:
            if any(map(self.standing.named, rule.of)):
                continue
            part = self._absent_part(rule.of)
            for item in rule.settings:
                proof = self.of(item.term.id)
                if part is not None and not proof.evidence and not proof.reasons:
                    proof.reasons.append(f"there is no {part.shown} that this could be about")

    def figures(self) -> None:
        for promise in figures_of(self.stack):
            target = promise.sla_target
            proof = self.of(target.id)
            proof.evidence += [Evidence(span, address) for span, address in promise.places]
            if not promise.places:
                states = listed((listed((one.text for one in each), "or") for each in target.states), "and")
                proof.reasons.append(f"{states} is not stated for {target.about}")

    def rights(self) -> None:
        for grant in self.terms.grants:
            if grant.kind != "at_most" and grant.term.level != MAY:
                needs = [need for need in contract_needs(self.stack) if need.row.id == grant.term.id]
                self._granted(grant.term.id, needs, _why_open(self.standing, grant))

    def _granted(self, id_: str, needs: Iterable[Need], otherwise: str) -> None:
        """The statements that grant what is needed, and the wirings for which a service is let in."""
        proof, found = self.of(id_), list[Evidence]()
        for need in needs:
            if need.kind == "allowed":
                continue
            if need.role is None:
                found.append(Evidence(need.place, need.actor.address))
                continue
            for right in rights_of(self.stack, need.role).allowed:
                actions = right.statement.actions.items if right.statement.actions is not None else ()
                if right.policy is not None and any(serves_need(self.stack, right, one, need) for one in actions):
                    found.append(Evidence(right.statement.span, right.policy.address))
        proof.evidence += found
        if not found:
            proof.reasons.append(otherwise)

    def rules_of_others(self) -> None:
        told = {id_ for id_, proof in self.proofs.items() if proof.evidence}
        for entry in self.terms.rules:
            proof = self.of(entry.id)
            family = entry.rule.removesuffix("*")
            own = [entry.rule] if family == entry.rule else [id_ for id_ in self.rules if id_.startswith(family)]
            proof.reasons += [f"{id_}: {self.unjudged[id_]}" for id_ in own if id_ in self.unjudged]
            if entry.needs:
                needs = [need for need in needs_of(self.stack) if need.row.id in entry.needs]
                self._granted(entry.id, needs, "the stack lacks the wiring that needs these rights")
            elif entry.of:
                self._seen(entry, self._of(entry.of), entry.of, told)
            else:
                kinds = [self.rules[id_].needs for id_ in own if id_ in self.rules]
                self._seen(entry, self._declared(kinds), [name for found in kinds for name in found or ()], told)

    def _seen(self, entry: RuleOf, found: list[Evidence] | None, names: Iterable[str], told: Collection[str]) -> None:
        """What a rule looks at, which is evidence where a requirement has none of its own; None: all of the stack."""
        proof = self.of(entry.id)
        if found is None:
            proof.empty.append(f"{entry.rule} finds nothing")
        elif found:
            proof.evidence += () if entry.id in told else found
        else:
            part = self._absent_part([name.removeprefix("resource.") for name in names])
            if part is not None:
                proof.reasons.append(f"there is no {part.shown} that {entry.rule} could judge")

    def _absent_part(self, names: Iterable[str]) -> Part | None:
        """A part that has to be there, or that is named, of some types or parts of which the stack has none."""
        wanted = set(names)
        for part in self.terms.parts:
            if part.name in wanted or (not part.may_lack and not part.is_data and wanted & set(part.types)):
                return part
        return None

    def _of(self, names: Iterable[str]) -> list[Evidence]:
        return [Evidence(instance.header, instance.address) for name in names for instance in self.standing.named(name)]

    def _declared(self, kinds: list[frozenset[str] | None]) -> list[Evidence] | None:
        """The blocks that rules judge, where they are of certain types or variables."""
        wanted: set[str] = set()
        for needs in kinds:
            if needs is None or needs & {"resource", "data"}:
                return None
            wanted |= needs
        return [
            Evidence(declaration.span, declaration.address)
            for declaration in self.stack.module.declarations.values()
            if wanted & {declaration.kind, f"{declaration.kind}.{declaration.type}"}
        ]


def _why_open(standing: Standing, grant: Grant) -> str:
    """Why nothing can be said of the rights that a contract gives."""
    names = [*grant.of, *(split_arn(text)[0] for text in grant.resources)]
    for name in names:
        part = standing.terms.part(name)
        if part is not None and not standing.recognised(name).certain:
            return f"the {part.shown.removeprefix('the ')} is absent ({part.term.id})"
    return f"no statement of the stack's own policies tells who grants {listed(grant.actions, 'or')}"


def _whole(stack: Stack, says: str) -> Iterator[Evidence]:
    for file in stack.shown or stack.module.files:
        yield Evidence(Span(file.source, 0, 0), says=says, is_whole=True)
