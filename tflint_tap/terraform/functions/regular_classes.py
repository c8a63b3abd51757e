"""Classes of characters as RE2 names them, as ranges of code points."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TypeAlias

from ..evaluation.conversion import EvaluationError

Ranges: TypeAlias = tuple[tuple[int, int], ...]
LAST = 0x10FFFF
_CATEGORIES = ("C", "L", "M", "N", "P", "S", "Z")
ASCII: dict[str, Ranges] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": ((48, 57),),
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_ALSO = {"k": (0x212A,), "s": (0x17F,)}  # the Kelvin sign and the long s
PERL: dict[str, Ranges] = {"d": ASCII["digit"], "s": ((9, 10), (12, 13), (32, 32)), "w": ASCII["word"]}


def merged(ranges: Ranges) -> Ranges:
    made: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if made and low <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(made[-1][1], high))
        else:
            made.append((low, high))
    return tuple(made)


def negated(ranges: Ranges) -> Ranges:
    made = []
    position = 0
    for low, high in merged(ranges):
        if low > position:
            made.append((position, low - 1))
        position = high + 1
    if position <= LAST:
        made.append((position, LAST))
    return tuple(made)


def folded(ranges: Ranges) -> Ranges:
    """With the other cases of each character."""
    if ranges == ((0, LAST),):
        return ranges
    made = list(ranges)
    for low, high in ranges:
        for code in range(low, min(high, 0x7F) + 1):
            made.extend((other, other) for other in _ascii_cases(code))
        for code in range(max(low, 0x80), min(high, 0x1E943) + 1):
            made.extend((other, other) for other in _cases().get(code, ()))
    return merged(tuple(made))


def _ascii_cases(code: int) -> tuple[int, ...]:
    """What `_cases` says of the characters of ASCII, without going through all of Unicode."""
    character = chr(code)
    if not character.isalpha():
        return ()
    return (ord(character.swapcase()), *_ALSO.get(character.lower(), ()))


@cache
def _cases() -> dict[int, tuple[int, ...]]:
    """The characters that differ from a character in case alone."""
    classes: dict[str, set[int]] = {}
    for code in range(0x1E944):
        character = chr(code)
        folded = character.lower().upper().lower()
        if len(folded) == 1 and (folded != character or character.upper() != character):
            classes.setdefault(folded, set()).add(code)
    # The long s and the Kelvin and ohm signs fold to s, k and omega, as in Unicode's CaseFolding.txt.
    return {code: tuple(members - {code}) for members in classes.values() for code in members if len(members) > 1}


@cache
def unicode_class(name: str) -> Ranges:
    r"""The characters of a general category (\pL, \p{Lu}) or a script (\p{Greek})."""
    if name == "Any":
        return ((0, LAST),)
    if name in _CATEGORIES or (len(name) == 2 and name[0] in _CATEGORIES and name[1].islower()):
        codes = [code for code in range(LAST + 1) if unicodedata.category(chr(code)).startswith(name)]
        if not codes or name in ("Cn", "C"):
            codes = [code for code in codes if unicodedata.category(chr(code)) != "Cn"]
        return merged(tuple((code, code) for code in codes))
    import regex  # type: ignore[import-untyped]  # knows the scripts

    try:
        matcher = regex.compile(rf"\p{{Script={name}}}")
    except regex.error:
        raise EvaluationError(f"invalid regexp pattern: invalid character class range in \\p{{{name}}}") from None
    return merged(tuple((code, code) for code in range(0x20000) if matcher.match(chr(code))))
