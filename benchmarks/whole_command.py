"""Two installed commands on the reference stack, taking turns: process time, medians and their ratio.

    python benchmarks/whole_command.py PATH/TO/OLD/tap-lint PATH/TO/NEW/tap-lint [ROUNDS [STACK]]

Both are to be installed from wheels, each into its own environment, with byte code. Process time (user and system)
is what a command costs however busy the machine is; a ratio below 1 says that the new one costs less. The ratio's
range is that of the quartiles of the rounds, each round's two runs compared with each other.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "tap_stack.tf"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
ENVIRONMENT["TAP_LINT_NO_CACHE"] = "1"  # else all rounds but the first print what is kept


def milliseconds(command: str, stack: str) -> float:
    """What a run costs; it has to find nothing wrong with itself, so that no crash is timed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([command, stack], capture_output=True, check=False, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        sys.exit(f"{command} exits with {done.returncode}: {done.stderr.decode()[-500:]}")
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    old, new, *rest = sys.argv[1:]
    rounds, stack = int(rest[0]) if rest else 15, rest[1] if len(rest) > 1 else str(REFERENCE)
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        # the order changes from round to round: what warms up or slows down hits both alike
        for index in (0, 1) if number % 2 else (1, 0):
            taken = milliseconds((old, new)[index], stack)
            if number:  # the first round warms the caches
                times[index].append(taken)
    for name, taken_by in zip(("old", "new"), times, strict=True):
        print(f"{name} {statistics.median(taken_by):7.1f} ms (from {min(taken_by):.1f} to {max(taken_by):.1f})")
    low, _, high = statistics.quantiles([new / old for old, new in zip(*times, strict=True)])
    ratio = statistics.median(times[1]) / statistics.median(times[0])
    print(f"new / old {ratio:.3f} (quartiles of the rounds: {low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
