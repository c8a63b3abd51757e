"""The promises of a contract, judged: where their figures are stated, which are missing, and which are others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import islice

from ..records import dataclass, replace
from ..terraform.evaluation.evaluator import Evaluator
from ..text.source import Span
from .candidates import Candidate, PartsOf, candidates, contract_view, sets
from .rivals import Other, others_of, rivals_of
from .sentences import Reading, Sentence
from .targets import Alternatives, SlaTarget, SlaTargets

_MOST_QUOTED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """A promise, judged.

    `candidates` are the blocks that its figures may stand at. `stated` is where each of them stands, `missing` are
    those that stand at none of the blocks, `wrong` what stands there in their place. `elsewhere` is where missing ones
    stand without counting, `instead` what is stated there that may be meant for them. `doubt` is why it isn't certain
    that they are missing. `told` is set where a block that they belong to is absent, or another promise's breach
    covers this one's: nothing is missing then that isn't told by itself. `setting` is a block that says as much.
    """

    sla_target: SlaTarget
    candidates: tuple[Candidate, ...]
    stated: tuple[tuple[Sentence, Candidate, Alternatives], ...] = ()
    missing: tuple[Alternatives, ...] = ()
    wrong: tuple[Other, ...] = ()
    elsewhere: tuple[Sentence, ...] = ()
    instead: tuple[Sentence, ...] = ()
    doubt: str | None = None
    told: bool = False
    setting: Candidate | None = None

    @property
    def places(self) -> tuple[tuple[Span, str], ...]:
        """Where each of the figures is stated, or the setting that says as much; none where one of them isn't."""
        first = {each: (sentence.span, one.address) for sentence, one, each in reversed(self.stated)}
        if all(each in first for each in self.sla_target.states):
            return tuple(first[each] for each in self.sla_target.states)
        return ((self.setting.header, self.setting.address),) if self.setting is not None else ()


def promises_in(
    sla_targets: SlaTargets, evaluator: Evaluator, parts: PartsOf, lacks: Callable[[str], bool]
) -> tuple[Promise, ...]:
    """The promises of a module, in the contract's order.

    `lacks` says if a part or variable is absent that the contract demands by itself.
    """
    reading = Reading(sla_targets, contract_view(evaluator, parts))
    made = list(_without_repeats([_judged(one, reading, lacks) for one in sla_targets.sla_targets]))
    broken = {promise.sla_target.id for promise in made if promise.missing or promise.wrong}
    return tuple(replace(promise, told=True) if promise.sla_target.within in broken else promise for promise in made)


def _judged(sla_target: SlaTarget, reading: Reading, lacks: Callable[[str], bool]) -> Promise:
    found = candidates(sla_target, reading.view)
    certain = [one for one in found if one.doubt is None]
    blocks = tuple({one.declaration.address: one for one in reversed(certain)}.values())[::-1]
    setting = next((one for one in found if sets(one, sla_target.settings)), None)
    stated: list[tuple[Sentence, Candidate, Alternatives]] = []
    missing: list[Alternatives] = []
    for each in sla_target.states:
        found_here = [(reading.stated(each, sla_target, one), one) for one in certain]
        here = [(sentence, one, each) for sentence, one in found_here if sentence is not None]
        stated += here
        missing += [] if here else [each]
    wrong = tuple(others_of(sla_target, tuple(missing), certain, reading))
    if setting is not None or not missing:
        return Promise(sla_target, blocks, tuple(stated), wrong=wrong, setting=setting)
    texts = [text for one in certain for text in reading.of(one, sla_target)]
    doubts = [text.unknown for text in texts if text.unknown is not None]
    doubts += [
        one.doubt
        for one in found
        if one.doubt is not None and any(reading.stated(each, sla_target, one) for each in missing)
    ]
    return Promise(
        sla_target,
        blocks,
        tuple(stated),
        tuple(missing),
        wrong,
        tuple(islice(reading.elsewhere(tuple(missing), sla_target, certain, texts), _MOST_QUOTED)),
        tuple(islice(rivals_of(tuple(missing), sla_target, reading.sla_targets, texts), _MOST_QUOTED)),
        doubts[0] if doubts else None,
        any(lacks(place.part or f"var.{place.variable}") for place in sla_target.places if not place.type),
    )


def _without_repeats(promises: Collection[Promise]) -> Iterator[Promise]:
    """The promises, each sentence wrong for that one alone which it fits best; what is wrong isn't missing as well."""
    best: dict[object, tuple[int, int]] = {}
    for number, promise in enumerate(promises):
        for other in promise.wrong:
            weight = (other.weight, -number)
            best[other.sentence.span] = max(best.get(other.sentence.span, weight), weight)
    for number, promise in enumerate(promises):
        wrong = tuple(other for other in promise.wrong if best[other.sentence.span] == (other.weight, -number))
        told = [other.wanted for other in wrong]
        missing = tuple(each for each in promise.missing if each not in told)
        yield replace(promise, wrong=wrong, missing=missing)
