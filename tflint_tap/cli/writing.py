"""Files that a run writes: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from .main import give_up


def write(path: str, text: str) -> None:
    """Write a file; give up where that fails."""
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        give_up(f"{path}: {(error.strerror or str(error)).lower()}")
