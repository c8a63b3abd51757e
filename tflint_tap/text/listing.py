"""Names in phrases: several of them, and with their article."""

from __future__ import annotations

from collections.abc import Iterable


def listed(names: Iterable[str], word: str, most: int | None = None) -> str:
    """`a, b and c`, with the word before the last one; of more than `most` the first ones, `and 5 more`."""
    every = list(names)
    if most is not None and len(every) > most + 1:
        every, word = [*every[:most], f"{len(every) - most} more"], "and"
    return f"{', '.join(every[:-1])} {word} {every[-1]}" if len(every) > 1 else "".join(every)


def with_article(words: str) -> str:
    """`a queue`, `an output`, `an HTTP API`, and `the table` as it is."""
    if words.startswith(("a ", "an ", "the ")):
        return words
    first = words.partition(" ")[0]
    is_spelt = len(first) > 1 and first.isupper()  # letter by letter
    return f"an {words}" if words[:1] in ("AEFHILMNORSX" if is_spelt else "aeioAEIO") else f"a {words}"
