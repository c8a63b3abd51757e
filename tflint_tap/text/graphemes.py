"""User-perceived characters: Terraform counts, cuts and reverses strings by extended grapheme clusters (UAX #29)."""

from __future__ import annotations

from collections.abc import Iterator


def clusters(text: str) -> Iterator[str]:
    """The grapheme clusters of a text, in order."""
    if text.isascii() and "\r\n" not in text:
        return iter(text)
    import regex  # type: ignore[import-untyped]  # slow to import, and seldom needed

    return (match.group() for match in regex.finditer(r"\X", text))
