"""Writes tflint_tap/hcl/grammar.json: the parse table of the installed python-hcl2's grammar.

    python tools/build_parse_table.py            # writes it
    python tools/build_parse_table.py --check    # exits with 1 where it isn't current

To be run when the version of python-hcl2 that is built with changes; with any other version tap-lint makes the
table itself and keeps it in the user's cache.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import zlib

from tflint_tap.hcl.table import BUNDLED, analyse, grammar_file


def content() -> str:
    """The file's text."""
    text = grammar_file().read_bytes()
    return json.dumps(
        {
            "source": f"hcl2.lark of python-hcl2 {importlib.metadata.version('python-hcl2')} (MIT licence)",
            "grammar": f"{len(text)}-{zlib.crc32(text):08x}",
            "table": analyse(text.decode()),
        },
        separators=(",", ":"),
    )


def main() -> int:
    if "--check" in sys.argv[1:]:
        current = BUNDLED.is_file() and BUNDLED.read_text(encoding="utf-8") == content()
        print("current" if current else f"{BUNDLED} isn't current: run this without --check")
        return 0 if current else 1
    BUNDLED.write_text(content(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
