"""Terraform's equality, and the order of sets that comes with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from .numbers import TooLarge, magnitude, rounded_digits
from .values import Data, ErrorValue, ListValue, MapValue, PartialString, Symbol, Unknown, Value, View, first_reason

_MOST_COMPARISONS = 100_000
# Lists that only AWS can tell, no element of which is there twice: a zone has one name and one ID
# (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/availability_zones, 2026-11-27).
_DISTINCT = {"data.aws_availability_zones": ("names", "zone_ids")}


def kind_name(data: Data) -> str:
    """Terraform's name for the type of known data: string, number, bool, tuple, list, set, object, map."""
    if isinstance(data, (str, PartialString)):
        return "string"
    if isinstance(data, bool):
        return "bool"
    if isinstance(data, (int, Fraction)):
        return "number"
    if isinstance(data, (ListValue, MapValue)):
        return data.kind
    return "dynamic"


def equal(left: Value, right: Value) -> bool | None:
    """The result of `left == right` in Terraform; None if it isn't known.

    Types matter: 1 isn't "1", a tuple no list, an object no map. Values that aren't known are equal only where
    they are the same one or refer to the same attribute; texts with such parts differ where a known beginning or
    end does.
    """
    one, other = left.data, right.data
    if isinstance(one, Unknown) and isinstance(other, Unknown) and one.identity == other.identity:
        return True
    if _is_fresh(one) or _is_fresh(other):
        texts = all(isinstance(data, (str, PartialString)) or _is_fresh(data) for data in (one, other))
        return _equal_texts(one, other) if texts else None
    if isinstance(one, (Unknown, ErrorValue)) or isinstance(other, (Unknown, ErrorValue)):
        return None
    if isinstance(one, (Symbol, PartialString)) or isinstance(other, (Symbol, PartialString)):
        return _equal_texts(one, other)
    if isinstance(one, View) or isinstance(other, View):
        return isinstance(one, View) and isinstance(other, View) and one.subject is other.subject
    if kind_name(one) != kind_name(other):
        return False
    if isinstance(one, ListValue) and isinstance(other, ListValue):
        return _equal_sets(one, other) if one.kind == "set" else _equal_lists(one, other)
    if isinstance(one, MapValue) and isinstance(other, MapValue):
        return _equal_maps(one, other)
    return one == other


def _are_different(one: Symbol, other: Symbol) -> bool:
    """Return True for the ARNs of two resources of a type, and two elements of a list that has none twice."""
    types = {symbol.block_address.partition(".")[0] for symbol in (one, other)}
    if one.path == other.path == ("arn",) and len(types) == 1 and "data" not in types and one.address != other.address:
        return "[?]" not in one.address and "[?]" not in other.address  # which stands for any of a block's
    lists = _DISTINCT.get(one.block_address.rpartition(".")[0], ())
    if one.address != other.address or len(one.path) != 2 or len(other.path) != 2 or one.path[0] not in lists:
        return False
    places = (one.path[1], other.path[1])
    return one.path[0] == other.path[0] and all(isinstance(place, int) for place in places) and places[0] != places[1]


def _equal_texts(one: Data, other: Data) -> bool | None:
    """The equality of two values of which at least one is a reference or a text with parts."""
    if not all(isinstance(data, (str, Symbol, PartialString)) or _is_fresh(data) for data in (one, other)):
        # A template is never null, nor anything but a string; a reference may be anything.
        return None if isinstance(one, Symbol) or isinstance(other, Symbol) else False
    if isinstance(one, Symbol) and isinstance(other, Symbol) and _are_different(one, other):
        return False
    left, right = list(_parts(one)), list(_parts(other))
    for end in (0, -1):
        while left and right:
            first, second = left[end], right[end]
            if isinstance(first, str) and isinstance(second, str):
                common = min(len(first), len(second))
                if (first[:common] != second[:common]) if end == 0 else (first[-common:] != second[-common:]):
                    return False
                _drop(left, end, common)
                _drop(right, end, common)
            elif _is_same(first, second):
                left.pop(end)
                right.pop(end)
            else:
                break
    if not left and not right:
        return True
    remaining = [part for part in (*left, *right) if not isinstance(part, str)]
    if remaining and all(map(_is_fresh, remaining)):
        return False
    for known, rest in ((left, right), (right, left)):
        if any(map(_is_fresh, rest)) and all(isinstance(part, str) for part in known):
            return False
        if not known and any(isinstance(part, str) for part in rest):
            return False
        if all(isinstance(part, str) for part in known) and not _may_be("".join(map(str, known)), rest):
            return False
    return None


def _is_same(one: str | Symbol | Unknown, other: str | Symbol | Unknown) -> bool:
    """Return True if two parts of texts that aren't known are one thing."""
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return one.identity == other.identity
    return isinstance(one, Symbol) and one == other


def _is_fresh(data: Data) -> bool:
    """Return True for what is made anew each time: it is like nothing that is written or made elsewhere."""
    return isinstance(data, Unknown) and data.fresh


def _parts(data: Data) -> tuple[str | Symbol | Unknown, ...]:
    if isinstance(data, PartialString):
        return tuple(part for part in data.parts if part != "")
    if isinstance(data, (Symbol, Unknown)):
        return (data,)
    return (data,) if isinstance(data, str) and data else ()


def _drop(parts: list[str | Symbol | Unknown], end: int, count: int) -> None:
    text = parts[end]
    assert isinstance(text, str)
    text = text[count:] if end == 0 else text[:-count]
    if text:
        parts[end] = text
    else:
        parts.pop(end)


def _may_be(text: str, parts: Sequence[str | Symbol | Unknown]) -> bool:
    """Return True if the known parts occur in the text in their order."""
    position = 0
    for part in parts:
        if isinstance(part, str):
            position = text.find(part, position)
            if position < 0:
                return False
            position += len(part)
    return True


def _equal_lists(one: ListValue, other: ListValue) -> bool | None:
    results: list[bool | None] = []
    if one.doubt is None and other.doubt is None:
        if len(one.items) != len(other.items):
            return False
    elif (one.doubt is None and len(other.items) > len(one.items)) or (
        other.doubt is None and len(one.items) > len(other.items)
    ):
        return False
    else:
        results.append(None)
    certain = min(len(items.items) if items.certain is None else items.certain for items in (one, other))
    if certain < max(len(one.items), len(other.items)):
        results.append(None)
    results.extend(equal(a, b) for a, b in zip(one.items[:certain], other.items[:certain], strict=False))
    return _all(results)


def _equal_sets(one: ListValue, other: ListValue) -> bool | None:
    matched = True
    for these, those in ((one, other), (other, one)):
        for item in these.items:
            results = [equal(item, candidate) for candidate in those.items]
            if any(results):
                continue
            matched = False
            if those.doubt is None and None not in results:
                return False
    return True if matched and one.doubt is None and other.doubt is None else None


def _equal_maps(one: MapValue, other: MapValue) -> bool | None:
    results: list[bool | None] = []
    for these, those in ((one, other), (other, one)):
        if any(key not in those.items for key in these.items):
            if those.doubt is None:
                return False
            results.append(None)
    if one.doubt is not None or other.doubt is not None:
        results.append(None)
    results.extend(equal(item, other.items[key]) for key, item in one.items.items() if key in other.items)
    return _all(results)


def _all(results: Iterable[bool | None]) -> bool | None:
    seen = list(results)
    if False in seen:
        return False
    return None if None in seen else True


def as_set(items: Iterable[Value], rest: Unknown | None = None) -> ListValue:
    """A set: distinct, in Terraform's order, what isn't known behind what is (where its place isn't certain).

    Strings are ordered by their UTF-8 bytes, numbers by size, false before true, null last, anything else by the
    bytes that go-cty makes of it. Elements have to be of one type: unify() them first.
    """
    known: dict[str, Value] = {}
    open_: dict[Data, Value] = {}
    others: list[Value] = []
    for item in items:
        if first_reason(item) is None:
            known.setdefault(fingerprint(item), item)
        elif isinstance(item.data, (Symbol, PartialString)) and equal(item, item):
            open_.setdefault(item.data, item)
        else:
            others.append(item)
    ordered = sorted(known.values(), key=_set_order)
    uncertain = open_ or others or rest is not None
    return ListValue((*ordered, *open_.values(), *others), "set", rest, 0 if uncertain else None)


def _set_order(value: Value) -> tuple[int, Fraction, bytes]:
    data = value.data
    if data is None:
        return 1, Fraction(0), b""
    if isinstance(data, (int, Fraction)):
        return 0, Fraction(data), b""
    return 0, Fraction(0), (data if isinstance(data, str) else _hash_text(value)).encode("utf-8", "surrogatepass")


def fingerprint(value: Value) -> str:
    """A text that two values known through and through share if and only if they are equal and of one type."""
    data = value.data
    if isinstance(data, ListValue):
        return f"{data.kind}[{','.join(fingerprint(item) for item in data.items)}]"
    if isinstance(data, MapValue):
        pairs = (f"{json.dumps(key)}:{fingerprint(data.items[key])}" for key in sorted(data.items))
        return f"{data.kind}{{{','.join(pairs)}}}"
    if isinstance(data, str):
        return json.dumps(data)
    if isinstance(data, (int, Fraction)) and not isinstance(data, bool):
        return f"{data.numerator}/{data.denominator}"
    return f"view {id(data.subject)}" if isinstance(data, View) else repr(data)


def matcher(items: Sequence[Value]) -> Callable[[Value], bool | None]:
    """Make the test if a value equals one of the items: None if that isn't known; known values take no time."""
    known = {fingerprint(item) for item in items if first_reason(item) is None}
    others = [item for item in items if first_reason(item) is not None]
    tries = [_MOST_COMPARISONS]

    def matches(value: Value) -> bool | None:
        candidates: Sequence[Value] = items
        if first_reason(value) is None:
            if fingerprint(value) in known:
                return True
            candidates = others
        tries[0] -= len(candidates)
        if tries[0] < 0:
            raise TooLarge(f"this takes more than {_MOST_COMPARISONS} comparisons")
        results = [equal(value, candidate) for candidate in candidates]
        return True if any(results) else None if None in results else False

    return matches


def _hash_text(value: Value) -> str:
    """The sort key of go-cty (set_internals.go) for elements that have no order of their own."""
    data = value.data
    if data is None:
        return "~"
    if isinstance(data, bool):
        return "T" if data else "F"
    if isinstance(data, (int, Fraction)):
        return _ten_digits(data)
    if isinstance(data, str):
        return quoted(data)
    if isinstance(data, ListValue):
        return (
            ("<" if data.kind == "tuple" else "[")
            + "".join(f"{_hash_text(item)};" for item in data.items)
            + (">" if data.kind == "tuple" else "]")
        )
    if isinstance(data, MapValue):
        keys = sorted(data.items, key=utf8)
        if data.kind == "object":
            return "<" + "".join(f"{_hash_text(data.items[key])};" for key in keys) + ">"
        return "{" + "".join(f"{quoted(key)}:{_hash_text(data.items[key])};" for key in keys) + "}"
    return "?"


def _ten_digits(number: int | Fraction) -> str:
    digits, point = rounded_digits(magnitude(number), 10)
    digits = digits.rstrip("0") or "0"
    sign = "-" if number < 0 else ""
    exponent = point - 1
    if exponent < -4 or exponent >= 10:
        mark = "-" if exponent < 0 else "+"
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{fraction}e{mark}{abs(exponent):02d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return sign + (digits[:point].ljust(point, "0") + ("." + digits[point:] if len(digits) > point else ""))


def quoted(text: str) -> str:
    """As Go's %q prints a string (printable characters as they are): for messages and the order of sets."""
    short = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
    short |= {'"': '\\"', "\\": "\\\\"}
    made = []
    for character in text:
        if character in short:
            made.append(short[character])
        elif character.isprintable():
            made.append(character)
        elif ord(character) < 0x80:
            made.append(f"\\x{ord(character):02x}")
        else:
            made.append(f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}")
    return '"' + "".join(made) + '"'


def utf8(text: str) -> bytes:
    """Terraform's sort key for strings. Python's own order is that of code points, which is the same."""
    return text.encode("utf-8", "surrogatepass")
