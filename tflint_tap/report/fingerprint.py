"""The line hashes by which GitHub code scanning recognises an alert after lines above it have moved.

They have to equal what github/codeql-action computes for `primaryLocationLineHash`, which warns where they
don't. Source of the algorithm: that project's `src/fingerprints.ts`; its own test vectors are in the tests.
"""

from __future__ import annotations

import re
from collections import Counter

_BASE = 37
_MASK = 2**64 - 1
_WINDOW = 100
_LEAVING = pow(_BASE, _WINDOW, 2**64)
_END_OF_FILE = 0xFFFF
_LINE_END = re.compile("\r\n?")


def line_hashes(text: str) -> list[str]:
    """The hash of each line, the first at index 0, as `<hexadecimal>:<how often it has occurred so far>`.

    A line's hash covers 100 UTF-16 units from its start on, over line ends, without spaces and tabs. Unlike in
    Terraform, a carriage return alone ends a line here.
    """
    units = _units(_LINE_END.sub("\n", text).replace(" ", "").replace("\t", ""))
    starts = [0, *(index + 1 for index, unit in enumerate(units) if unit == 10)]
    units.append(_END_OF_FILE)
    units.extend([0] * _WINDOW)

    # A window's hash is the difference of two prefixes' hashes, which keeps this linear in the text.
    prefixes = [0]
    value = 0
    for unit in units:
        value = (value * _BASE + unit) & _MASK
        prefixes.append(value)

    seen: Counter[str] = Counter()
    hashes = []
    for start in starts:
        digits = f"{(prefixes[start + _WINDOW] - prefixes[start] * _LEAVING) & _MASK:x}"
        seen[digits] += 1
        hashes.append(f"{digits}:{seen[digits]}")
    return hashes


def _units(text: str) -> list[int]:
    if text.isascii():
        return list(text.encode("ascii"))
    # The codec's native byte order is the machine's; its first unit is the byte-order mark that it adds.
    return memoryview(text.encode("utf-16", "surrogatepass")).cast("H").tolist()[1:]
