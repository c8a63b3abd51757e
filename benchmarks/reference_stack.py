"""How long the parts of a run on the reference stack take, medians of fresh rounds in one process; milliseconds.

python benchmarks/reference_stack.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from tflint_tap.contract import load_contracts
from tflint_tap.discovery import Target
from tflint_tap.hcl import parse
from tflint_tap.lint import lint
from tflint_tap.rulebook.loader import BUNDLED, load_rules
from tflint_tap.terraform.evaluation.evaluator import Evaluator
from tflint_tap.terraform.evaluation.expansion import Instance
from tflint_tap.terraform.module import Module, build_module
from tflint_tap.text.source import Source

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "tap_stack.tf"
ROUNDS = 15


def median(work: Callable[[], object]) -> float:
    """Milliseconds."""
    work()  # imports and tables are part of start-up
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def evaluate_all(module: Module) -> None:
    """Every argument of every instance and nested block."""
    evaluator = Evaluator(module)
    for declaration in module.declarations.values():
        if declaration.kind == "local":
            evaluator.evaluate(declaration.expr)
        elif declaration.kind in ("resource", "data"):
            for instance in evaluator.instances(declaration):
                _evaluate_body(instance)


def _evaluate_body(body: Instance) -> None:
    for attribute in body.body.attributes:
        body.value(attribute.name)
    for type_ in {type_ for type_, _ in body.block_types()}:
        for block in body.blocks(type_):
            _evaluate_body(block)


def main() -> None:
    source = Source(REFERENCE.name, REFERENCE.read_text(encoding="utf-8"))
    module = build_module([parse(source)])
    rules, contract = load_rules(BUNDLED), load_contracts(BUNDLED)[0]
    target = Target((source,), (source,), None, contract)
    print(f"reference stack: {len(source.text.splitlines())} lines, {len(rules)} rules")
    print(f"parse and lower     {median(lambda: parse(source)):7.1f}")
    print(f"evaluate everything {median(lambda: evaluate_all(module)):7.1f}")
    print(f"load the rulebook   {median(lambda: load_rules(BUNDLED)):7.1f}")
    print(f"lint                {median(lambda: lint([target], rules)):7.1f}")


if __name__ == "__main__":
    main()
