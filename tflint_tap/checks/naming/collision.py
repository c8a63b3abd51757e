"""Resources of a type that get one name, where a name can exist once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from ...aws.names import Naming
from ...hcl.nodes import Attribute
from ...records import dataclass
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.providers import provider_of
from ...terraform.evaluation.values import Data, PartialString, Symbol, Unknown, Value
from ...text.source import Related
from .names import names_of, shown

_WORLD = "*"
_DEFAULT = "default"  # what stands for an absent bus, group, catalogue


@dataclass(frozen=True, slots=True)
class _Named:
    """A resource with its name, and where that is written."""

    instance: Instance
    attribute: Attribute
    text: Value


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each resource whose name another one has before it."""
    first: dict[Hashable, _Named] = {}
    for instance, naming, attribute, text in names_of(stack):
        if naming.within is None or attribute.name != naming.argument:
            continue
        key = _key(instance, naming, text)
        if key is None:
            continue
        named = _Named(instance, attribute, text)
        other = first.setdefault(key, named)
        if other is not named and not _may_exclude(other.instance, instance):
            yield _hit(named, other, naming)
        if other.instance.doubt is not None and instance.doubt is None:
            first[key] = named


def _key(instance: Instance, naming: Naming, text: Value) -> Hashable | None:
    """What two resources share if and only if they have one name in one place; None where that can't be told."""
    name = _part(text.data)
    if name is None:
        return None
    kind = naming.space or instance.declaration.type
    if naming.within == (_WORLD,):
        return (kind, name)
    places = [_part(instance.value(argument).data) for argument in ("region", *(naming.within or ()))]
    return None if None in places else (kind, provider_of(instance), *places, name)


def _part(data: Data) -> Hashable | None:
    """A value as a part of a key; None where it may be like anything."""
    if data is None:
        return _DEFAULT
    if isinstance(data, (str, Symbol)):
        return data
    if isinstance(data, Unknown):
        return None if data.fresh else data.identity
    if isinstance(data, PartialString):
        parts = tuple(_part(part) for part in data.parts)
        return None if None in parts else parts
    return None


def _may_exclude(one: Instance, other: Instance) -> bool:
    """Return True if perhaps only one of two resources is made: `var.new ? 1 : 0` and `var.new ? 0 : 1`."""
    return one.doubt is not None and other.doubt is not None


def _hit(named: _Named, other: _Named, naming: Naming) -> Hit:
    span, there = named.attribute.expr.span, other.attribute.expr.span
    values = {
        "argument": named.attribute.name,
        "name": shown(named.attribute, named.text),
        "other": other.instance.address,
        "place": _place(naming),
    }
    related = (Related(f"{other.instance.address} is called so here", there),) if there != span else ()
    doubt = named.instance.doubt or other.instance.doubt
    return Hit(span, named.instance.address, values, related, doubt=doubt)


def _place(naming: Naming) -> str:
    if naming.within == (_WORLD,):
        return "in the world"
    arguments = " and ".join(naming.within or ())
    return f"in an account and region{f' for one {arguments}' if arguments else ''}"
