"""Sorted text tables, read by bisection in a memory map: a look-up touches a dozen lines of a file of any length.

A table is a text file in this folder. Its first lines are comments (`# key: value`); each further line is a
key, a tab and fields. All lines are in the order of their bytes, and `#` comes before every key.
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from ..records import dataclass

_KEYS = re.compile(rb"^([^#\t\n][^\t\n]*)\t", re.MULTILINE)
_ENOUGH = 4096  # bytes; searching so many costs less than halving them again
_HEADER = re.compile(r"^# ([^:\n]+): (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Table:
    """An open table."""

    data: mmap.mmap

    def fields(self, key: str) -> list[str] | None:
        """The fields of the line with that key, None where there is none."""
        data = self.data
        wanted = b"\n" + key.encode() + b"\t"
        start = data.find(wanted, *self._window(wanted))
        return data[start + len(wanted) : data.find(b"\n", start + 1)].decode().split("\t") if start >= 0 else None

    def section(self, prefix: str) -> dict[str, str]:
        """The lines whose keys begin so: what follows the prefix in the key, and what follows the key."""
        data = self.data
        wanted = b"\n" + prefix.encode()
        found: dict[str, str] = {}
        start = data.find(wanted, *self._window(wanted))
        while start >= 0 and data[start : start + len(wanted)] == wanted:
            end = data.find(b"\n", start + 1)
            key, _, rest = data[start + len(wanted) : end].decode().partition("\t")
            found[key] = rest
            start = end
        return found

    def _window(self, wanted: bytes) -> tuple[int, int]:
        """Two offsets between which the first line lies that isn't before the wanted one, by bisection."""
        data = self.data
        low, high = 0, len(data)
        while high - low > _ENOUGH:
            middle = data.find(b"\n", (low + high) // 2)
            if not 0 <= middle < high - 1:  # one line fills the rest
                break
            if data[middle : middle + len(wanted)] >= wanted:
                high = middle + 1
            else:
                low = middle
        return low, high + len(wanted)

    def keys(self) -> tuple[str, ...]:
        """All keys, in order. Reads the whole file."""
        return tuple(key.decode() for key in _KEYS.findall(self.data))

    def header(self) -> dict[str, str]:
        """The entries of the comments at the top of the table: source, date, hashes."""
        end = _KEYS.search(self.data)
        return dict(_HEADER.findall(self.data[: end.start() if end else len(self.data)].decode()))


def open_table(path: Path) -> Table:
    """Map a table into memory. OSError where the file can't be read."""
    with path.open("rb") as file:
        return Table(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
