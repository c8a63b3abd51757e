"""Files that `terraform fmt` would change."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.syntax import is_json
from ...hcl.formatting import formatted
from ...rule import Hit, Rule
from ...stack import Stack
from ...text.source import Source, Span
from ..syntax.duplicate_argument import repeated


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each file that isn't formatted, at its first line that would change."""
    for file in stack.texts:
        if is_json(file.source):
            continue  # it has no canonical form
        if file.diagnostics or next(repeated(file.body), None) is not None:
            continue  # terraform formats no file with mistakes
        source = file.source
        instead = formatted(file)
        if instead != source.text:
            yield _first_change(source, instead)


def _first_change(source: Source, instead: str) -> Hit:
    was, becomes = source.text.split("\n"), instead.split("\n")
    changed = [number for number, (one, other) in enumerate(zip(was, becomes, strict=False)) if one != other]
    first = changed[0] if changed else min(len(was), len(becomes)) - 1
    # where lines go, those behind them aren't comparable
    more = len(changed) - 1 if len(was) == len(becomes) else None
    line = was[first].rstrip()
    start = source.line_starts()[first] + len(line) - len(line.lstrip())
    span = Span(source, start, min(start + max(len(line.lstrip()), 1), len(source.text)))
    return Hit(span, None, {"more": more})
