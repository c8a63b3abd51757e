#!/usr/bin/env python3
"""Medians of what it costs to check the reference stack for what Terraform would say of it, on top of parsing it.

benchmarks/schema_rules.py [RUNS]. Each run is a process of its own, as on the command line: the tables are cold.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FAMILIES = ("schema", "references", "variables", "outputs", "syntax")

RUN = f"""
import time
from pathlib import Path
from tflint_tap.hcl import parse
from tflint_tap.lint import judge
from tflint_tap.rulebook.loader import BUNDLED, load_rules
from tflint_tap.stack import Stack
from tflint_tap.terraform.module import build_module
from tflint_tap.text.source import Source

clock = time.process_time  # others use the machine too
path = Path("reference/tap_stack.tf")
start = clock()
file = parse(Source(str(path), path.read_text(encoding="utf-8")))
parsed = clock()
rules = [rule for rule in load_rules(BUNDLED) if rule.family in {FAMILIES}]
loaded = clock()
stack = Stack.of(build_module([file]))
built = clock()
times = dict.fromkeys({FAMILIES}, 0)
provider = 0


def demanded(rule):
    return rule.family not in ("references", "syntax") or rule.id == "references/unknown-attribute"


for rule in sorted(rules, key=demanded, reverse=True):  # so that they pay for what they evaluate
    begun = clock()
    assert not list(judge(rule, stack))
    taken = clock() - begun
    times[rule.family] += taken
    provider += taken * demanded(rule)
print(parsed - start, loaded - parsed, built - loaded, *times.values(), provider, clock() - parsed)
"""

LABELS = (
    "parse the reference stack",
    "load the cards",
    "build the module",
    *(f"{family}/*" for family in FAMILIES),
    "what the provider, variables and outputs demand: without the other references/* and syntax/*",
    "all but parsing together",
)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    command = [sys.executable, "-c", RUN]
    with tempfile.TemporaryDirectory() as compiled:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPYCACHEPREFIX": compiled}  # as installed: modules are compiled but once
        lines = [
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
            for _ in range(runs + 1)
        ][1:]
    columns = zip(*([float(field) for field in line.split()] for line in lines), strict=True)
    for label, times in zip(LABELS, columns, strict=True):
        print(f"{statistics.median(times) * 1000:8.2f} ms  {label}")


if __name__ == "__main__":
    main()
