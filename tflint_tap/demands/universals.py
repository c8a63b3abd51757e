"""What holds for every resource of some types, and what may not be there."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws import names as aws_names
from ..tagging import default_tags, own_tags
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Value
from ..terraform.provenance import place as argument_place
from ..text.listing import listed, with_article
from ..vocabulary.subjects import Match, subjects
from ..vocabulary.views import subject_of
from .demand import Demand, absent, broken, first_line, met
from .parts import nearest_of
from .settings import WRONG, condition_text, setting
from .standing import Standing
from .terms import Ban, Naming, Setting, Tags, Universal

FORBIDDEN = "forbidden"


def universal(standing: Standing, wanted: Universal, item: Setting) -> Iterator[Demand]:
    """A setting of each resource of some types or parts, but for those that are exempt."""
    for name in wanted.of:
        if standing.terms.part(name) is not None and not standing.named(name):
            yield absent(standing, item.term, name)
    for instance in resources_of(standing, wanted.of, wanted.exempt):
        names = {"self": standing.view(instance)}
        excused: str | None = None
        if wanted.where is not None:
            applies = standing.holds(wanted.where, names)
            if applies is False:
                continue
            excused = applies if isinstance(applies, str) else None
        for demand in setting(standing, item, instance, names):
            if excused is None or demand.doubt is not None or "what" not in demand.values:
                yield demand
            else:
                yield broken(
                    demand.term, demand.kind, demand.place, demand.address,
                    what=demand.values["what"], remedy=demand.values["remedy"], doubt=excused,
                )  # fmt: skip


def resources_of(standing: Standing, names: tuple[str, ...], exempt: tuple[str, ...] = ()) -> Iterator[Instance]:
    """The resources of types or parts, but for those of exempt types or parts."""
    left_out = _left_out(standing, exempt)
    for name in names:
        for instance in standing.named(name):
            if instance.address not in left_out and instance.declaration.type not in exempt:
                yield instance


def _left_out(standing: Standing, exempt: tuple[str, ...]) -> set[str]:
    """The resources of exempt parts; of a part that is missing the one where that is told, which may be meant."""
    found: set[str] = set()
    for part in filter(None, map(standing.terms.part, exempt)):
        certain = standing.recognised(part.name).certain
        found.update(instance.address for instance in certain)
        near = nearest_of(standing, part) if not certain and not part.may_lack else None
        if near is not None:
            found.add(near.instance.address)
    return found


def ban(standing: Standing, wanted: Ban) -> Iterator[Demand]:
    """What may not be there."""
    left_out = _left_out(standing, wanted.exempt)
    is_clear = True
    for subject in subjects(standing.stack, _matches(wanted)):
        instance = subject_of(subject.names["self"])
        type_ = instance.declaration.type if instance is not None else ""
        if subject.address in left_out or type_ in wanted.exempt:
            continue
        applies = True if wanted.where is None else standing.holds(wanted.where, subject.names)
        if applies is False:
            continue
        is_clear = False
        doubt = applies if isinstance(applies, str) else subject.doubt or (instance.doubt if instance else None)
        where = f": {condition_text(wanted.where)}" if wanted.where is not None else ""
        yield broken(
            wanted.term,
            FORBIDDEN,
            subject.span,
            subject.address,
            what=f"{subject.address or wanted.kind} may not be there{where}",
            lacks=wanted.term.says,
            remedy="leave it out",
            doubt=doubt,
        )
    call = standing.unfollowed_call() if wanted.kind != "block" else None
    if call is not None:
        yield broken(
            wanted.term,
            FORBIDDEN,
            call.span,
            call.address,
            what=f"{call.address} may not declare {with_article(_shown(wanted))}",
            lacks=wanted.term.says,
            remedy="leave it out",
            doubt=f"it isn't known what {call.address} declares",
        )
    elif is_clear:
        yield met(wanted.term, FORBIDDEN, first_line(standing.stack))


def _shown(wanted: Ban) -> str:
    """What may not be there, in words."""
    names = listed(wanted.names, "or") if "*" not in wanted.names else wanted.kind
    return f"{names} with {condition_text(wanted.where)}" if wanted.where is not None else names


def _matches(wanted: Ban) -> tuple[Match, ...]:
    return tuple(Match(wanted.kind, name) for name in wanted.names)


def naming(standing: Standing, wanted: Naming) -> Iterator[Demand]:
    """The names of resources: what they end with, or look like. What they begin with is naming/missing-prefix's."""
    suffix = standing.value(wanted.suffix, {}) if wanted.suffix is not None else None
    if suffix is None and wanted.pattern is None:
        return
    for instance in resources_of(standing, ("*",), wanted.exempt):
        found = aws_names.naming(instance.declaration.type)
        if found is None or instance.attribute(found.argument) is None:
            continue
        verdict, says = _named_well(instance.value(found.argument), suffix, wanted.pattern)
        place = argument_place(instance, found.argument)
        if verdict is True:
            yield met(wanted.term, WRONG, place.span, instance.address)
            continue
        yield broken(
            wanted.term,
            WRONG,
            place.span,
            instance.address,
            what=f"the name of {instance.address} has to {says}",
            remedy=f"let the name {says}",
            doubt=verdict if isinstance(verdict, str) else instance.doubt,
            related=place.related,
        )


def _named_well(name: Value, suffix: Value | None, pattern: str | None) -> tuple[bool | str, str]:
    """The verdict on a name, and what it has to do."""
    if suffix is not None:
        says = f"end with {suffix.data}"
        ending = suffix.data.suffix if isinstance(suffix.data, PartialString) else suffix.data
        own = name.data.suffix if isinstance(name.data, PartialString) else name.data
        if not isinstance(suffix.data, str) or not isinstance(ending, str):
            return suffix.reason or "it is no text", says
        if not isinstance(own, str) or (own is not name.data and len(own) < len(ending) and ending.endswith(own)):
            return name.reason or "it is no text", says
        if not own.removesuffix(".fifo").endswith(ending):
            return False, says
    if pattern is not None:
        says = f"match {pattern}"
        text = _text(name)
        if text is None:
            return name.reason or "it is no text", says
        from ..terraform.functions.regular_expressions import find  # few contracts have a pattern

        try:
            return find(f"^(?:{pattern})$", text) is not None, says
        except EvaluationError as error:
            return error.reason, says
    return True, ""


# What stands in a name for what AWS alone knows, of the form that it has.
_SAMPLES = {"account_id": "123456789012", "partition": "aws", "region": "eu-west-1"}


def _text(name: Value) -> str | None:
    """A name as a text, None where it has a part of which not even the form is known."""
    parts = name.data.parts if isinstance(name.data, PartialString) else (name.data,)
    made = ""
    for part in parts:
        if isinstance(part, Symbol):
            type_ = part.address.removeprefix("data.").partition(".")[0]
            attribute = part.path[-1] if part.path else ""
            part = _SAMPLES.get("region" if type_ == "aws_region" else str(attribute))
        if not isinstance(part, str):
            return None
        made += part
    return made


def tags(standing: Standing, wanted: Tags) -> Iterator[Demand]:
    """The values that the tags of resources may have. Which tags there have to be is tagging/missing-tag's."""
    for instance in resources_of(standing, ("*",), wanted.exempt) if wanted.values else ():
        own, defaults = own_tags(instance), default_tags(standing.stack, instance)
        for key, allowed in wanted.values.items():
            found = next((one for one in (own, defaults) if one is not None and key in one.values), None)
            if own is None or found is None:
                continue
            value = found.values[key]
            span = value.span if value.span is not None and standing.stack.holds(value.span) else found.span
            if value.data in allowed:
                yield met(wanted.term, WRONG, span, instance.address)
                continue
            yield broken(
                wanted.term,
                WRONG,
                span,
                instance.address,
                what=f"{instance.address} has to have {' or '.join(allowed)} as its tag {key}",
                remedy=f"set {key} to {' or '.join(allowed)}",
                doubt=value.reason or instance.doubt,
            )
