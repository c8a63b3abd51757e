"""Functions of strings. Where only parts of a string are known, the answer is what they make certain."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...text.graphemes import clusters
from ..evaluation.conversion import EvaluationError, TooLarge, normal
from ..evaluation.values import Data, ListValue, PartialString, Unknown, Value
from .parts import LONGEST_TEXT, MOST_ELEMENTS, Part, joined, open_unknown, parts_of, text, whole

_WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"


def upper(value: Value) -> Data:
    return _each_known(value, lambda known: "".join(map(_upper, known)))


def lower(value: Value) -> Data:
    return _each_known(value, lambda known: "".join(map(_lower, known)))


def _upper(character: str) -> str:
    """Go maps one character to one: ß stays ß."""
    for mapped in (character.upper(), character.title()):
        if len(mapped) == 1:
            return mapped
    return character


def _lower(character: str) -> str:
    mapped = character.lower()
    return mapped if len(mapped) == 1 else mapped[0]


def title(value: Value) -> Data:
    """The first letter of each word in upper case; letters, digits and underscores make words."""
    made = []
    separated = True
    for character in text(value):
        made.append(_title(character) if separated else character)
        if character.isascii():
            separated = not (character.isalnum() or character == "_")
        elif character.isalpha() or character.isdecimal():
            separated = False
        else:
            separated = character in _WHITE_SPACE
    return normal("".join(made))


def _title(character: str) -> str:
    mapped = character.title()
    return mapped if len(mapped) == 1 else character


def _each_known(value: Value, change: Callable[[str], str]) -> Data:
    """Change what is known of a text; of the rest nothing is known any more but its place."""
    return joined(change(part) if isinstance(part, str) else Unknown(part.reason) for part in parts_of(value))


def trimspace(value: Value) -> Data:
    return _stripped(value, lambda known: known.lstrip(_WHITE_SPACE), lambda known: known.rstrip(_WHITE_SPACE))


def trim(value: Value, cutset: Value) -> Data:
    characters = text(cutset)
    return _stripped(value, lambda known: known.lstrip(characters), lambda known: known.rstrip(characters))


def chomp(value: Value) -> Data:
    return _stripped(value, lambda known: known, lambda known: known.rstrip("\r\n"), left=False)


def _stripped(
    value: Value, from_left: Callable[[str], str], from_right: Callable[[str], str], *, left: bool = True
) -> Data:
    """Strip both ends; where what is known at an end is stripped whole, the part beside it may be stripped too."""
    parts = list(parts_of(value))
    if left:
        _strip_end(parts, 0, from_left)
    _strip_end(parts, -1, from_right)
    return joined(parts)


def _strip_end(parts: list[Part], end: int, strip: Callable[[str], str]) -> None:
    """Strip one end (0 or -1). A part that isn't known may be empty, so that what is beside it is stripped too."""
    doubt: Unknown | None = None
    while parts:
        part = parts.pop(end)
        if not isinstance(part, str):
            doubt = doubt or Unknown(part.reason)
        elif stripped := strip(part):
            parts.insert(0 if end == 0 else len(parts), stripped)
            break
    if doubt is not None:
        parts.insert(0 if end == 0 else len(parts), doubt)


def trimprefix(value: Value, prefix: Value) -> Data:
    wanted = text(prefix)
    parts = list(parts_of(value))
    known = parts[0] if parts and isinstance(parts[0], str) else ""
    if not wanted:
        return value.data
    if known.startswith(wanted):
        return joined([known[len(wanted) :], *parts[1:]])
    if len(parts) > (known != "") and wanted.startswith(known):
        return Unknown(value.reason or "")
    return value.data


def trimsuffix(value: Value, suffix: Value) -> Data:
    wanted = text(suffix)
    parts = list(parts_of(value))
    known = parts[-1] if parts and isinstance(parts[-1], str) else ""
    if not wanted:
        return value.data
    if known.endswith(wanted):
        return joined([*parts[:-1], known[: len(known) - len(wanted)]])
    if len(parts) > (known != "") and wanted.endswith(known):
        return Unknown(value.reason or "")
    return value.data


def startswith(value: Value, prefix: Value) -> Data:
    return _agrees(parts_of(value), parts_of(prefix), 0, value, prefix)


def endswith(value: Value, suffix: Value) -> Data:
    return _agrees(parts_of(value), parts_of(suffix), -1, value, suffix)


def _agrees(parts: Sequence[Part], wanted: Sequence[Part], end: int, value: Value, affix: Value) -> Data:
    """Return True if a text begins (end 0) or ends (-1) with another, as far as the known parts tell."""
    left, right = list(parts), list(wanted)
    while right:
        if not left:
            # The wanted rest may be empty, unless some of it is known.
            if any(isinstance(part, str) for part in right):
                return False
            break
        mine, theirs = left.pop(end), right.pop(end)
        if isinstance(mine, str) and isinstance(theirs, str):
            common = min(len(mine), len(theirs))
            here, there = (mine[:common], theirs[:common]) if end == 0 else (mine[-common:], theirs[-common:])
            if here != there:
                return False
            for rest, parts_left in ((mine, left), (theirs, right)):
                if len(rest) > common:
                    remaining = rest[common:] if end == 0 else rest[:-common]
                    parts_left.insert(0 if end == 0 else len(parts_left), remaining)
        elif mine != theirs or isinstance(mine, Unknown):
            break
    else:
        return True
    return Unknown((value.reason if value.reason is not None else affix.reason) or "")


def strcontains(value: Value, wanted: Value) -> Data:
    parts = parts_of(value)
    if isinstance(wanted.data, str):
        needle = wanted.data
        if not needle or any(isinstance(part, str) and needle in part for part in parts):
            return True
        if isinstance(value.data, str):
            return False
    elif not isinstance(wanted.data, (Unknown, PartialString)) and wanted.data in parts:
        return True
    return Unknown((value.reason if value.reason is not None else wanted.reason) or "")


def indent(spaces: Value, value: Value) -> Data:
    """Spaces before each line but the first."""
    count = whole(spaces, "number of spaces")
    if count < 0:
        raise EvaluationError("the number of spaces must not be negative")
    lines = sum(part.count("\n") for part in parts_of(value) if isinstance(part, str))
    if count * (lines + 1) > LONGEST_TEXT:
        raise TooLarge(f"indent would give more than {LONGEST_TEXT} characters")
    return _each_known(value, lambda known: known.replace("\n", "\n" + " " * count))


def join(separator: Value, *lists: Value) -> Data:
    if not lists:
        raise EvaluationError("at least one list is required")
    for value in lists:
        for place, item in enumerate(value.elements()):
            if item.data is None:
                raise EvaluationError(f"element {place} is null; cannot concatenate null values")
    between = parts_of(separator)
    parts: list[Part] = []
    size = 0
    begun = False
    for value in lists:
        data = value.data
        items = data.items if isinstance(data, ListValue) else ()
        certain = data.certain if isinstance(data, ListValue) else 0
        for item in items if certain is None else items[:certain]:
            added = (*between, *parts_of(item)) if begun else parts_of(item)
            begun = True
            size += sum(len(part) for part in added if isinstance(part, str))
            if size > LONGEST_TEXT:
                raise TooLarge(f"join would give more than {LONGEST_TEXT} characters")
            parts.extend(added)
        doubt = _doubt(data)
        if doubt is not None:
            return joined([*parts, doubt])
    return joined(parts)


def _doubt(data: Data) -> Unknown | None:
    """The reason why a list isn't known to its end."""
    if not isinstance(data, ListValue):
        return open_unknown(data)
    if data.doubt is not None:
        return data.doubt
    if data.certain is not None and data.items:
        return Unknown(next((item.reason for item in data.items if item.reason is not None), "the order isn't known"))
    return None


def split(separator: Value, value: Value) -> Data:
    """The pieces before the first part that isn't known are certain."""
    mark = text(separator)
    parts = parts_of(value)
    if isinstance(value.data, str):
        if (value.data.count(mark) if mark else len(value.data)) > MOST_ELEMENTS:
            raise TooLarge(f"split would give more than {MOST_ELEMENTS} pieces")
        pieces = value.data.split(mark) if mark else list(value.data)
        return ListValue(tuple(Value(piece) for piece in pieces), "list")
    known = parts[0] if isinstance(parts[0], str) else ""
    if not mark or not known:
        return Unknown(value.reason or "")
    complete = known.split(mark)[:-1]
    return ListValue(tuple(Value(piece) for piece in complete), "list", Unknown(value.reason or ""), len(complete))


def replace(value: Value, wanted: Value, replacement: Value) -> Data:
    """Replace a string, or a regular expression between slashes, everywhere."""
    old, new = text(wanted), text(replacement)
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        from .regular_expressions import replaced

        if not isinstance(value.data, str):
            return Unknown(value.reason or "")
        return normal(replaced(old[1:-1], value.data, new))
    _guard_replacement(value, old, new)
    if isinstance(value.data, str) or len(old) == 1:
        return _each_known(value, lambda known: known.replace(old, new)) if value.data != "" else "".replace(old, new)
    parts = parts_of(value)
    known = parts[0] if isinstance(parts[0], str) else ""
    if not old or not known:
        return Unknown(value.reason or "")
    # A match may reach from the end of what is known into what isn't.
    *done, tail = known.split(old)
    overlap = next((size for size in range(len(old) - 1, 0, -1) if tail.endswith(old[:size])), 0)
    return joined([new.join([*done, tail[: len(tail) - overlap]]), Unknown(value.reason or "")])


def _guard_replacement(value: Value, old: str, new: str) -> None:
    known = sum((part.count(old) if old else len(part) + 1) for part in parts_of(value) if isinstance(part, str))
    if known * len(new) > LONGEST_TEXT:
        raise TooLarge(f"replace would give more than {LONGEST_TEXT} characters")


def strrev(value: Value) -> Data:
    return normal("".join(reversed(list(clusters(text(value))))))


def substr(value: Value, offset: Value, length: Value) -> Data:
    """Counted in user-perceived characters; a negative offset counts from the end, a negative length has no end."""
    start, count = whole(offset, "offset"), whole(length, "length")
    data = value.data
    if isinstance(data, str):
        characters = list(clusters(data))
        if start < 0:
            start = max(0, start + len(characters))
            count = count or -1  # as Terraform has it: no characters are all the rest there
        return normal("".join(characters[start:] if count < 0 else characters[start : start + count]))
    parts = parts_of(value)
    known = list(clusters(parts[0])) if isinstance(parts[0], str) else []
    # What follows may still combine with the last known character.
    if start >= 0 and count >= 0 and start + count < len(known):
        return normal("".join(known[start : start + count]))
    if start == 0 and count < 0:
        return data
    return Unknown(value.reason or "")


def regex(pattern: Value, value: Value) -> Value | Data:
    from .regular_expressions import first_match

    return first_match(text(pattern), text(value))


def regexall(pattern: Value, value: Value) -> Value | Data:
    from .regular_expressions import all_matches

    return all_matches(text(pattern), text(value))
