"""The command as a process of its own: `tap-lint`, and `python -m tflint_tap`."""

from __future__ import annotations

import gc
import os
import sys

from .rerun import answer

_NEW_OBJECTS = 1_000_000  # between two searches for garbage: a run of some thousand lines makes fewer
_TROUBLE = 2


def run() -> None:
    """Run it to the process's end: as the run before where nothing has changed."""
    kept = answer()
    if kept is not None:
        _repeat(*kept)
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])  # a run keeps what it makes: there is next to no garbage
    from .cli.main import main

    try:
        main()
    finally:
        gc.freeze()  # python searches all that is left for garbage before it ends: a tenth of a short run, in vain


def _repeat(code: int, report: str) -> None:
    try:
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        sys.stdout.write(report)
        sys.stdout.flush()
    except (OSError, AttributeError) as error:  # the reader has gone (`| head`), or the disk is full
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (python flushes it at the end)
        sys.stderr.write(f"tap-lint: the report can't be printed: {str(error).lower()}\n")
        sys.exit(_TROUBLE)
    sys.exit(code)


if __name__ == "__main__":
    run()
