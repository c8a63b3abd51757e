"""One cause, one finding: what several blocks have from one place is reported there, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..records import replace
from ..rule import Hit
from ..stack import Stack
from ..text.source import Related


def by_cause(stack: Stack, found: Iterable[tuple[Hit, Hit | None]]) -> Iterator[Hit]:
    """One hit for each cause, one doubt for each reason.

    `found` are hits at blocks, each with the hit to report at the cause that it may share with others, None where
    it is its own cause. Where several blocks have one cause, they become its related places. A cause in a file that
    isn't shown leaves the hits where they are. Of doubts for the same reason the first stands for all.
    """
    groups: dict[tuple[object, ...], list[tuple[Hit, Hit]]] = {}
    for hit, cause in found:
        at = cause if cause is not None and hit.doubt is None and stack.shows(cause.span) else hit
        key = (hit.doubt,) if hit.doubt is not None else (at.span, *sorted(map(str, at.values.items())))
        groups.setdefault(key, []).append((hit, at))
    for group in groups.values():
        users = {hit.span: hit for hit, _ in reversed(group)}
        hit, at = group[0]
        if len(users) == 1:
            yield hit
            continue
        label = "has it from there" if at.doubt is None else "can't be judged for that reason either"
        others = [Related(f"{user.address} {label}", span) for span, user in reversed(users.items()) if span != at.span]
        yield replace(at, related=(*at.related, *others))
