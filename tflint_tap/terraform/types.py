"""Types of Terraform's values: what a constraint says, what converts to what, and the type that several share.

The common type is the one that go-cty finds (`convert.UnifyUnsafe`), as Terraform 1.11 does for conditionals and
for the elements of a list. `any` stands for a type that isn't known, here or in Terraform itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..records import dataclass, field, replace

if TYPE_CHECKING:
    from .evaluation.values import Value

Kind: TypeAlias = Literal["any", "string", "number", "bool", "list", "set", "map", "object", "tuple"]
MOST_CANDIDATES = 32  # types of unlike kinds of which one is tried after the other


@dataclass(frozen=True, slots=True)
class TypeConstraint:
    """A type as a variable's `type` names it; `any` may stand in it anywhere."""

    kind: Kind
    element: TypeConstraint | None = None  # of a list, set or map
    attributes: Mapping[str, AttributeConstraint] = field(default_factory=dict)  # of an object
    elements: tuple[TypeConstraint, ...] = ()  # of a tuple


@dataclass(frozen=True, slots=True)
class AttributeConstraint:
    """An attribute of an object type; `default` only with `optional(type, default)`."""

    constraint: TypeConstraint
    optional: bool = False
    default: Value | None = None


ANY = TypeConstraint("any")
STRING = TypeConstraint("string")
NUMBER = TypeConstraint("number")
BOOL = TypeConstraint("bool")
PRIMITIVES: Mapping[str, TypeConstraint] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_FAMILIES: Mapping[Kind, str] = {
    "string": "primitive",
    "number": "primitive",
    "bool": "primitive",
    "list": "sequence",
    "set": "sequence",
    "tuple": "sequence",
    "map": "mapping",
    "object": "mapping",
}


def list_of(element: TypeConstraint) -> TypeConstraint:
    return TypeConstraint("list", element)


def set_of(element: TypeConstraint) -> TypeConstraint:
    return TypeConstraint("set", element)


def map_of(element: TypeConstraint) -> TypeConstraint:
    return TypeConstraint("map", element)


def tuple_of(elements: Iterable[TypeConstraint]) -> TypeConstraint:
    return TypeConstraint("tuple", elements=tuple(elements))


def object_of(attributes: Mapping[str, TypeConstraint]) -> TypeConstraint:
    return TypeConstraint("object", attributes={name: AttributeConstraint(type_) for name, type_ in attributes.items()})


def constraint_text(constraint: TypeConstraint) -> str:
    """As it is written in HCL, on one line; defaults of optional attributes are left out."""
    if constraint.kind == "object":
        attributes = ", ".join(
            f"{name} = {f'optional({text})' if attribute.optional else text}"
            for name, attribute in constraint.attributes.items()
            for text in [constraint_text(attribute.constraint)]
        )
        return f"object({{{attributes}}})"
    if constraint.kind == "tuple":
        return f"tuple([{', '.join(constraint_text(element) for element in constraint.elements)}])"
    if constraint.element is not None:
        return f"{constraint.kind}({constraint_text(constraint.element)})"
    return constraint.kind


def friendly_name(constraint: TypeConstraint) -> str:
    """As Terraform's errors name it: `list of string`, `object`."""
    if constraint.element is None:
        return "dynamic" if constraint.kind == "any" else constraint.kind
    if constraint.element.kind == "any":
        return constraint.kind
    return f"{constraint.kind} of {friendly_name(constraint.element)}"


def has_any(constraint: TypeConstraint) -> bool:
    """Return True if the type depends on the value given."""
    return (
        constraint.kind == "any"
        or (constraint.element is not None and has_any(constraint.element))
        or any(has_any(attribute.constraint) for attribute in constraint.attributes.values())
        or any(has_any(element) for element in constraint.elements)
    )


def of_values(constraint: TypeConstraint) -> TypeConstraint:
    """The type that a value has which fits a constraint: no attribute of an object is optional any more."""
    if constraint.element is not None:
        element = of_values(constraint.element)
        return constraint if element is constraint.element else replace(constraint, element=element)
    if constraint.kind == "object":
        return object_of({name: of_values(item.constraint) for name, item in constraint.attributes.items()})
    if constraint.kind == "tuple":
        return tuple_of(map(of_values, constraint.elements))
    return constraint


def converts(type_: TypeConstraint, wanted: TypeConstraint) -> bool:
    """Return True if there is a conversion between two types; it may still fail for a value, as text for a number."""
    if "any" in (type_.kind, wanted.kind) or type_ == wanted:
        return True
    if _FAMILIES[type_.kind] != _FAMILIES[wanted.kind]:
        return False
    if _FAMILIES[type_.kind] == "primitive":
        return {type_.kind, wanted.kind} != {"number", "bool"}
    if wanted.kind == "object":
        return all(
            item.optional if (given := _member(type_, name)) is None else converts(given, item.constraint)
            for name, item in wanted.attributes.items()
        )
    if wanted.kind == "tuple":
        return (
            type_.kind == "tuple"
            and len(type_.elements) == len(wanted.elements)
            and all(map(converts, type_.elements, wanted.elements))
        )
    assert wanted.element is not None
    held = _held(type_)
    if wanted.element.kind == "any" and type_.kind in ("tuple", "object"):
        return not held or unified(held) is not None
    return all(converts(item, wanted.element) for item in held)


def _member(type_: TypeConstraint, name: str) -> TypeConstraint | None:
    """The type of an object's attribute, None if it has none; of a map that of its elements."""
    if type_.kind == "map":
        return type_.element
    return type_.attributes[name].constraint if name in type_.attributes else None


def _held(type_: TypeConstraint) -> list[TypeConstraint]:
    """The types of what a value of a type holds."""
    if type_.element is not None:
        return [type_.element]
    return [*type_.elements, *(item.constraint for item in type_.attributes.values())]


def unified(types: Sequence[TypeConstraint]) -> TypeConstraint | None:
    """The type that all of the types convert to, None where there is none; `any` where it depends on what isn't known.

    Objects with the same attributes are unified attribute by attribute, else become maps; tuples of one length place
    by place, else become lists; beside maps and lists they become such. Of others it is the most general one that
    the rest convert to: text before numbers, lists before tuples and sets.
    """
    different = _distinct(types)
    if len(different) == 1:
        return different[0]
    kinds = {type_.kind for type_ in different}
    families = {_FAMILIES[kind] for kind in kinds if kind != "any"}
    if not families:
        return ANY
    if len(families) > 1:
        return ANY if "any" in kinds and not {"object", "tuple"} <= kinds else None
    known = [type_ for type_ in different if type_.kind != "any"]
    structural = kinds - {"any"}
    made: TypeConstraint | None = None
    if structural in ({"map"}, {"list"}, {"set"}, {"object"}, {"tuple"}):
        return ANY if len(known) < len(different) else _of_one_kind(known)
    if structural == {"map", "object"}:
        made = _beside("map", different, _as_map([type_ for type_ in known if type_.kind == "object"]))
    elif structural == {"list", "tuple"}:
        made = _beside("list", different, _as_list([type_ for type_ in known if type_.kind == "tuple"]))
    return made if made is not None else _most_general(different)


def _distinct(types: Iterable[TypeConstraint]) -> list[TypeConstraint]:
    """Each type once: of thousands of elements most have the same."""
    return list({constraint_text(type_): type_ for type_ in types}.values())


def _of_one_kind(types: Sequence[TypeConstraint]) -> TypeConstraint | None:
    kind = types[0].kind
    if kind == "object":
        if any(type_.attributes.keys() != types[0].attributes.keys() for type_ in types):
            return _as_map(types)
        attributes = {
            name: unified([type_.attributes[name].constraint for type_ in types]) for name in types[0].attributes
        }
        known = {name: type_ for name, type_ in attributes.items() if type_ is not None}
        return object_of(known) if len(known) == len(attributes) else None
    if kind == "tuple":
        if len({len(type_.elements) for type_ in types}) > 1:
            return _as_list(types)
        elements = [unified(column) for column in zip(*(type_.elements for type_ in types), strict=True)]
        found = [type_ for type_ in elements if type_ is not None]
        return tuple_of(found) if len(found) == len(elements) else None
    element = unified([type_.element for type_ in types if type_.element is not None])
    return TypeConstraint(kind, element) if element is not None else None


def _as_map(types: Sequence[TypeConstraint]) -> TypeConstraint | None:
    """Objects as one map."""
    held = [item for type_ in types for item in _held(type_)]
    element = unified(held) if held else None
    return _all_convert(types, map_of(element)) if element is not None else None


def _as_list(types: Sequence[TypeConstraint]) -> TypeConstraint | None:
    """Tuples as one list."""
    held = [item for type_ in types for item in type_.elements]
    element = unified(held) if held else None
    return _all_convert(types, list_of(element)) if element is not None else None


def _all_convert(types: Iterable[TypeConstraint], wanted: TypeConstraint) -> TypeConstraint | None:
    return wanted if all(converts(type_, wanted) for type_ in types) else None


def _beside(
    kind: Literal["map", "list"], types: Sequence[TypeConstraint], made: TypeConstraint | None
) -> TypeConstraint | None:
    """The common type of collections and of what objects or tuples beside them make; None where that is no such."""
    if made is None:
        return None
    common = unified([made if type_.kind not in (kind, "any") else type_ for type_ in types])
    return common if common is not None and common.kind == kind else None


def _most_general(types: Sequence[TypeConstraint]) -> TypeConstraint | None:
    """The first of the types, the more general before the others, that all convert to."""
    if len(types) > MOST_CANDIDATES:
        return ANY
    for wanted in _ordered(types):
        if all(converts(type_, wanted) for type_ in types):
            return wanted
    return None


def _ordered(types: Sequence[TypeConstraint]) -> list[TypeConstraint]:
    """The types in go-cty's order of preference: a topological order of what is more general than what."""
    below: list[list[int]] = [[] for _ in types]
    waiting = [0] * len(types)
    for one in range(len(types)):
        for other in range(one + 1, len(types)):
            order = _compared(types[one], types[other])
            if order:
                upper, lower = (one, other) if order < 0 else (other, one)
                below[upper].append(lower)
                waiting[lower] += 1
    queue = [number for number, count in enumerate(waiting) if count == 0]
    for number in queue:
        for lower in below[number]:
            waiting[lower] -= 1
            if waiting[lower] == 0:
                queue.append(lower)
    return [types[number] for number in queue]


def _compared(one: TypeConstraint, other: TypeConstraint) -> int:
    """Below zero where the first is more general, above where the second is, zero where neither is."""
    kinds = (one.kind, other.kind)
    if "any" in kinds:
        return (other.kind == "any") - (one.kind == "any")
    if "string" in kinds:
        return (other.kind == "string") - (one.kind == "string")
    if one.kind == other.kind and one.element is not None and other.element is not None:
        return _compared(one.element, other.element)
    for upper, lower in (("tuple", "set"), ("list", "set"), ("list", "tuple"), ("map", "object")):
        if kinds == (upper, lower):
            return -1
        if kinds == (lower, upper):
            return 1
    if kinds == ("object", "object") and one.attributes.keys() == other.attributes.keys():
        pairs = [(item.constraint, other.attributes[name].constraint) for name, item in one.attributes.items()]
    elif kinds == ("tuple", "tuple") and len(one.elements) == len(other.elements):
        pairs = list(zip(one.elements, other.elements, strict=True))
    else:
        return 0
    orders = {_compared(*pair) for pair in pairs}
    return 0 if {-1, 1} <= orders else next((order for order in orders if order), 0)
