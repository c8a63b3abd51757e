#!/usr/bin/env python3
"""Build docs/picture.svg: what `tap-lint` prints on a terminal for the example of the README.

The text and its colours are those of the real report. With --check nothing is written: exit 1 where the file isn't
current.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from tflint_tap.contract import load_contracts
from tflint_tap.discovery import targets
from tflint_tap.lint import lint
from tflint_tap.report import FORMATS, RenderOptions
from tflint_tap.rulebook.examples import DAY
from tflint_tap.rulebook.loader import BUNDLED, load_rules

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "picture.svg"
EXAMPLE = "docs/example/main.tf"
FAMILIES = ("messaging", "tracing")  # the rules that are shown: a picture is for a look, the README has more

_WIDTH, _HEIGHT, _MARGIN = 8.4, 20, 16  # of a character and a line, around the text; at 14 pixels
_COLUMNS = 112
_COLORS = {"31": "#ff7b72", "33": "#e3b341", "35": "#d2a8ff", "36": "#79c0ff"}
_ESCAPE = re.compile(r"\x1b\[([\d;]*)m")


def picture() -> str:
    """What the file has to hold."""
    lines = [f"$ tap-lint {EXAMPLE} --select {','.join(FAMILIES)}", *_printed().rstrip("\n").split("\n")]
    width = round(_COLUMNS * _WIDTH + 2 * _MARGIN)
    height = len(lines) * _HEIGHT + 2 * _MARGIN
    rows = [
        f'<text x="{_MARGIN}" y="{_MARGIN + 14 + number * _HEIGHT}">{"".join(_spans(line))}</text>'
        for number, line in enumerate(lines)
    ]
    title = "tap-lint names a queue that hides messages for too short a time, and a function that isn't traced"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
            f"<title>{title}</title>",
            "<style>text { font-family: monospace; font-size: 14px; fill: #e6edf3; white-space: pre }",
            ".b { font-weight: bold }</style>",
            f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>',
            *rows,
            "</svg>\n",
        ]
    )


def _printed() -> str:
    """The report as a terminal of some columns gets it."""
    rules = load_rules(BUNDLED)
    chosen = tuple(rule for rule in rules if rule.family in FAMILIES or rule.id == "syntax/invalid")
    report = lint(
        targets([str(ROOT / EXAMPLE)], load_contracts(BUNDLED)), chosen, None, {rule.id for rule in rules}, DAY
    )
    return FORMATS["text"](report, RenderOptions(ROOT.as_posix(), "", color=True, width=_COLUMNS))


def _spans(line: str) -> Iterator[str]:
    """A line of a terminal as spans: what stands between two escape sequences has one style."""
    style: tuple[str, ...] = ()
    pieces = _ESCAPE.split(line)
    for number, piece in enumerate(pieces):
        if number % 2:
            codes = piece.split(";")
            style = () if codes in (["0"], [""]) else (*style, *codes)
        elif piece:
            yield _span(piece, style)


def _span(text: str, style: tuple[str, ...]) -> str:
    color = next((_COLORS[code] for code in style if code in _COLORS), None)
    bold = ' class="b"' if "1" in style else ""
    filled = f' style="fill: {color}"' if color else ""
    # a viewer that doesn't know `white-space: pre` keeps blanks that don't break
    shown = escape(text.replace(" ", "\u00a0"), quote=False)
    return f"<tspan{bold}{filled}>{shown}</tspan>" if bold or filled else shown


def main() -> int:
    """Write the file, or say if it is current."""
    made = picture()
    if "--check" in sys.argv[1:]:
        current = PICTURE.is_file() and PICTURE.read_text(encoding="utf-8") == made
        print(f"{PICTURE.relative_to(ROOT)}: {'current' if current else 'not current: run tools/build_picture.py'}")
        return 0 if current else 1
    PICTURE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
