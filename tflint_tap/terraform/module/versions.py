"""Version constraints, as the ranges of versions that they admit.

Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

import re
from typing import TypeAlias

from ...records import dataclass

Version: TypeAlias = tuple[int, int, int]

_CLAUSE = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+){0,2})(?:-[\w.-]+)?\s*")
_FIRST: Version = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Range:
    """The versions from `lower` to `upper` (None: without end), which belong to it or not, without `excluded` ones."""

    lower: Version = _FIRST
    has_lower: bool = True
    upper: Version | None = None
    has_upper: bool = False
    excluded: frozenset[Version] = frozenset()

    @property
    def is_empty(self) -> bool:
        if self.upper is None or self.lower < self.upper:
            return False
        return not (self.lower == self.upper and self.has_lower and self.has_upper and self.lower not in self.excluded)

    def ends_before(self, version: Version) -> bool:
        """Return True if no version from this one on is admitted."""
        return self.upper is not None and (self.upper < version or (self.upper == version and not self.has_upper))

    def admits(self, version: Version) -> bool:
        if version in self.excluded or self.ends_before(version):
            return False
        within = self.upper is None or version <= self.upper
        return within and (self.lower < version or (self.lower == version and self.has_lower))

    def is_within(self, other: Range) -> bool:
        """Return True if the other range admits all that this one does."""
        if self.lower < other.lower or (self.lower == other.lower and self.has_lower and not other.has_lower):
            return False
        if other.upper is not None:
            if self.upper is None or self.upper > other.upper:
                return False
            if self.upper == other.upper and self.has_upper and not other.has_upper:
                return False
        return not any(self.admits(version) for version in other.excluded)

    def both(self, other: Range) -> Range:
        """The versions that two ranges admit."""
        lower, is_open = max((self.lower, not self.has_lower), (other.lower, not other.has_lower))
        ends = [(one.upper, one.has_upper) for one in (self, other) if one.upper is not None]
        upper, has_upper = min(ends) if ends else (None, False)
        return Range(lower, not is_open, upper, has_upper, self.excluded | other.excluded)


def range_of(constraint: str) -> Range | None:
    """The versions that a constraint admits, None where it can't be read; what comes before a release counts as it."""
    made = Range()
    for clause in constraint.split(","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            return None
        made = made.both(_of_clause(match[1] or "=", [int(part) for part in match[2].split(".")]))
    return made


def _of_clause(operator: str, given: list[int]) -> Range:
    version = _padded(given)
    if operator == "~>":
        above = [*given[:-2], given[-2] + 1] if len(given) > 1 else [given[0] + 1]
        return Range(version, True, _padded(above), False)
    return {
        "=": Range(version, True, version, True),
        "!=": Range(excluded=frozenset((version,))),
        ">=": Range(version),
        ">": Range(version, False),
        "<=": Range(upper=version, has_upper=True),
        "<": Range(upper=version),
    }[operator]


def _padded(given: list[int]) -> Version:
    major, minor, patch = (*given, 0, 0, 0)[:3]
    return major, minor, patch
