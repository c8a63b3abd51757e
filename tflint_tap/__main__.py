"""The command as a process of its own: `tap-lint`, and `python -m tflint_tap`."""

from __future__ import annotations

import gc

from .cli.main import main


def run() -> None:
    """Run it to the process's end."""
    try:
        main()
    finally:
        gc.freeze()  # python searches all that is left for garbage before it ends: a tenth of a short run, in vain


if __name__ == "__main__":
    run()
