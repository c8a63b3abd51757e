"""What Terraform said of the mutants, kept in mutants.tsv; `python -m tests.checks.schema.recorded` asks it anew.

A line of mutants.tsv is what was done and the lines of the errors: `12` or `12-15`, in Terraform's order. The first
line has the hash of the stack that the mutants are of.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tflint_tap.text.source import Source

from .mutants import STACK, mutants
from .oracle import Range, require_oracle, validate

RECORD = Path(__file__).with_name("mutants.tsv")
_AT_ONCE = 100


def original() -> Source:
    return Source("tap_stack.tf", STACK.read_text(encoding="utf-8"))


def digest(source: Source) -> str:
    return hashlib.sha256(source.text.encode()).hexdigest()


def read() -> tuple[str, list[tuple[str, list[Range]]]]:
    """The hash of the stack, and what was said of each mutant."""
    first, *lines = RECORD.read_text(encoding="utf-8").splitlines()
    said = []
    for line in lines:
        what, _, places = line.partition("\t")
        said.append((what, [_range(place) for place in places.split()]))
    return first.rpartition(" ")[2], said


def _range(text: str) -> Range:
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _write() -> None:
    require_oracle()
    source = original()
    made = mutants(source)
    lines = [f"# what terraform validate says of the mutants of the stack with sha256 {digest(source)}"]
    for start in range(0, len(made), _AT_ONCE):
        some = made[start : start + _AT_ONCE]
        for mutant, said in zip(some, validate([mutant.applied(source.text) for mutant in some]), strict=True):
            places = " ".join(str(first) if first == last else f"{first}-{last}" for first, last in said)
            lines.append(f"{mutant.what}\t{places}")
    RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
