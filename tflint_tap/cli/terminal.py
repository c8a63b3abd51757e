"""What the terminal is that a report goes to: its colours, links and width, and the progress of long runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import click

color_option = click.option(
    "--color",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="Colours; auto heeds NO_COLOR, FORCE_COLOR and TERM.",
)

_LONG = 20  # modules: the progress of a run over more is shown


def colored(choice: str) -> bool:
    """If standard output takes colours: always, never, or auto, which is as the environment and the terminal say.

    Sources: https://no-color.org/, https://force-color.org/; a terminal of the kind `dumb` has none.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal()


def is_terminal() -> bool:
    """Return True if standard output is a terminal that knows escape sequences."""
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """The terminal's width in columns; 0 where standard output is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return 0
    import shutil

    return shutil.get_terminal_size((0, 0)).columns


def progress() -> Callable[[int, int], None] | None:
    """What tells on standard error how many modules of how many are judged; None where that isn't a terminal."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return None
    return _tell


def _tell(done: int, total: int) -> None:
    if total > _LONG:
        text = f"\r{done} of {total} modules" if done < total else "\r\x1b[K"
        click.echo(text, err=True, nl=False)
