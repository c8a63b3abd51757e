#!/usr/bin/env python3
"""Build tflint_tap/settings/tap-lint.schema.json: the JSON Schema of settings, for editors.

It says what tflint_tap/settings/keys.py says. With --check nothing is written: exit 1 where the file isn't current.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "tflint_tap" / "settings" / "tap-lint.schema.json"


def main() -> int:
    """Write the file, or say if it is current."""
    from tflint_tap.settings.keys import schema_text

    made = schema_text()
    if "--check" in sys.argv[1:]:
        current = SCHEMA.is_file() and SCHEMA.read_text(encoding="utf-8") == made
        print(
            f"{SCHEMA.relative_to(ROOT)}: {'current' if current else 'not current: run tools/build_settings_schema.py'}"
        )
        return 0 if current else 1
    SCHEMA.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
