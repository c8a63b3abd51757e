#!/usr/bin/env python3
"""Build docs/reference_trace.md: where the reference stack meets each requirement of its contract.

It is what `tap-lint trace reference/tap_stack.tf --format markdown` prints. With --check nothing is written: exit 1
where the file isn't current.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MATRIX = ROOT / "docs" / "reference_trace.md"


def text() -> str:
    """What the file has to hold."""
    from tflint_tap.contract import load_contracts
    from tflint_tap.discovery import targets
    from tflint_tap.lint import judged_alone
    from tflint_tap.report.trace import trace
    from tflint_tap.rulebook.loader import BUNDLED, load_rules
    from tflint_tap.trace.rows import trace_of

    (target,) = targets([str(ROOT / "reference" / "tap_stack.tf")], load_contracts(BUNDLED))
    assert target.contract is not None
    return trace(trace_of(judged_alone(target, load_rules(BUNDLED)), target.contract), "markdown", ROOT.as_posix())


def main() -> int:
    """Write the file, or say if it is current."""
    made = text()
    if "--check" in sys.argv[1:]:
        current = MATRIX.is_file() and MATRIX.read_text(encoding="utf-8") == made
        print(
            f"{MATRIX.relative_to(ROOT)}: {'current' if current else 'not current: run tools/build_reference_trace.py'}"
        )
        return 0 if current else 1
    MATRIX.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
