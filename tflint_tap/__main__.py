"""The command as a process of its own: `tap-lint`, and `python -m tflint_tap`."""

from __future__ import annotations

import gc

_NEW_OBJECTS = 1_000_000  # between two searches for garbage: a run of some thousand lines makes fewer
gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])  # a run keeps what it makes: there is next to no garbage in it

from .cli.main import main  # noqa: E402 - what it imports is kept, too


def run() -> None:
    """Run it to the process's end."""
    try:
        main()
    finally:
        gc.freeze()  # python searches all that is left for garbage before it ends: a tenth of a short run, in vain


if __name__ == "__main__":
    run()
