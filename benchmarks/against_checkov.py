"""The whole command on the reference stack beside checkov on the same file: medians of rounds that take turns.

    python benchmarks/against_checkov.py PATH/TO/tap-lint PATH/TO/checkov [ROUNDS]

Both commands are to be installed from wheels, each into its own environment, with byte code.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "tap_stack.tf"


def seconds(command: list[str], code: int) -> float:
    """How long it takes; it has to end with this exit code, so that no crash is timed."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode != code:
        sys.exit(f"{command[0]} exits with {done.returncode}: {done.stderr.decode()[-500:]}")
    return taken


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    tap_lint, checkov, *rest = sys.argv[1:]
    commands = {  # with the exit code: checkov has findings on the reference stack
        "tap-lint": ([tap_lint, str(REFERENCE)], 0),
        "checkov -f": ([checkov, "-f", str(REFERENCE), "--quiet", "--compact"], 1),
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for command, code in commands.values():
        seconds(command, code)  # warms the file cache, and tap-lint's parse table
    for _ in range(int(rest[0]) if rest else 10):
        for name, (command, code) in commands.items():
            times[name].append(seconds(command, code))
    for name, taken in times.items():
        print(f"{name:12} {statistics.median(taken):6.2f} s (from {min(taken):.2f} to {max(taken):.2f})")


if __name__ == "__main__":
    main()
