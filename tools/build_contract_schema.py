#!/usr/bin/env python3
"""Build rules/contract.schema.json: the JSON Schema of a contract, for editors.

It says what tflint_tap/contract/format.py says. With --check nothing is written: exit 1 where the file isn't current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "rules" / "contract.schema.json"


def text() -> str:
    """What the file has to hold."""
    from tflint_tap.contract.format import contract_schema

    return json.dumps(contract_schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the file, or say if it is current."""
    made = text()
    if "--check" in sys.argv[1:]:
        current = SCHEMA.is_file() and SCHEMA.read_text(encoding="utf-8") == made
        print(
            f"{SCHEMA.relative_to(ROOT)}: {'current' if current else 'not current: run tools/build_contract_schema.py'}"
        )
        return 0 if current else 1
    SCHEMA.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
