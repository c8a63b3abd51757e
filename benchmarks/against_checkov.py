"""The whole command on the reference stack beside checkov on the same file, and beside a bare start of Python.

    python benchmarks/against_checkov.py PATH/TO/tap-lint PATH/TO/checkov [ROUNDS [STACK]]

Both commands are to be installed from wheels, each into its own environment, with byte code. The rounds take turns. Of
each, the median of the seconds that pass and of the process time (user and system), which is what a command costs
however busy the machine is. `unchanged` is tap-lint where nothing has changed since the run before.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "tap_stack.tf"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
JUDGING = {**ENVIRONMENT, "TAP_LINT_NO_CACHE": "1"}  # else all rounds but the first print what is kept


def seconds(command: list[str], codes: tuple[int, ...], environment: dict[str, str]) -> tuple[float, float]:
    """How long it takes, and its process time; it has to end with one of these codes, so that no crash is timed."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    taken, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in codes:
        sys.exit(f"{command[0]} exits with {done.returncode}: {done.stderr.decode()[-500:]}")
    return taken, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    tap_lint, checkov, *rest = sys.argv[1:]
    stack = rest[1] if len(rest) > 1 else str(REFERENCE)
    runs = {
        "python -c pass": ([str(Path(tap_lint).with_name("python")), "-c", "pass"], (0,), ENVIRONMENT),
        "unchanged": ([tap_lint, stack], (0, 1), ENVIRONMENT),
        "tap-lint": ([tap_lint, stack], (0, 1), JUDGING),
        "checkov": ([checkov, "-f", stack, "--quiet", "--compact"], (0, 1), ENVIRONMENT),
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for run in runs.values():
        seconds(*run)  # warms the file cache, and what tap-lint keeps
    for _ in range(int(rest[0]) if rest else 10):
        for name, run in runs.items():
            times[name].append(seconds(*run))
    bare = statistics.median(cpu for _, cpu in times["python -c pass"])
    for name, taken in times.items():
        walls, cpus = zip(*taken, strict=True)
        cpu = statistics.median(cpus)
        print(
            f"{name:15} {statistics.median(walls):6.2f} s (from {min(walls):.2f} to {max(walls):.2f}), "
            f"process time {cpu:6.3f} s (from {min(cpus):.3f} to {max(cpus):.3f}), {cpu / bare:5.1f} bare starts"
        )


if __name__ == "__main__":
    main()
