"""yamlencode: strings in double quotes, or as literal blocks where they have several lines; keys sorted.

The layout is libyaml's (https://pyyaml.org/wiki/LibYAML), which Terraform's encoder goes back to: sequences in
mappings aren't indented, indents are of two spaces, quoted text is folded at the first space behind column 80.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..evaluation.conversion import TooLarge, number_text, utf8
from ..evaluation.values import Data, ListValue, MapValue, Value, first_reason
from .jsons import structure_doubt
from .parts import LONGEST_TEXT, unknown

_LONGEST_KEY = 128  # bytes; a longer or multi-line key is marked with a ?
_WIDTH = 80
_BREAKS = "\n\x85\u2028\u2029"
_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e",
    '"': '"', "\\": "\\", "\n": "n", "\x85": "N", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


def yamlencode(value: Value) -> Data:
    """The text where all is known, else Unknown."""
    doubt = structure_doubt(value)
    if doubt is not None or first_reason(value) is not None:
        return doubt or unknown(value)
    lines = []
    size = 0
    for line in _block(value.data, ""):
        size += len(line)
        if size > LONGEST_TEXT:
            raise TooLarge(f"the YAML would have more than {LONGEST_TEXT} characters")
        lines.append(line)
    # A plain scalar alone has no end that could be seen, and so gets a mark.
    plain = not isinstance(value.data, (str, ListValue, MapValue))
    return "\n".join(lines) + ("\n...\n" if plain else "\n")


def _block(data: Data, indent: str) -> Iterator[str]:
    """The lines of a node; all but the first begin with the indent."""
    if isinstance(data, ListValue) and data.items:
        for index, item in enumerate(data.items):
            first, *rest = _block(item.data, indent + "  ")
            yield (indent if index else "") + f"- {first}"
            yield from rest
    elif isinstance(data, MapValue) and data.items:
        for index, key in enumerate(sorted(data.items, key=utf8)):
            yield from _pair(key, data.items[key].data, indent, indent if index else "")
    elif isinstance(data, str):
        yield from _string(data, indent or "  ", len(indent))
    else:
        yield _plain(data)


def _pair(key: str, data: Data, indent: str, lead: str) -> Iterator[str]:
    """`"key": value`, the value's lines below it unless it is a scalar; `? key` and `: value` for a long key."""
    name = _quoted(key)
    if any(mark in key for mark in _BREAKS) or len(utf8(key)) > _LONGEST_KEY:
        first, *rest = _string(key, indent + "  ", len(indent) + 2)
        yield f"{lead}? {first}"
        yield from rest
        first, *rest = _block(data, indent + "  ")
        yield f"{indent}: {first}"
        yield from rest
    elif isinstance(data, ListValue) and data.items:
        yield f"{lead}{name}:"
        first, *rest = _block(data, indent)
        yield indent + first
        yield from rest
    elif isinstance(data, MapValue) and data.items:
        yield f"{lead}{name}:"
        first, *rest = _block(data, indent + "  ")
        yield f"{indent}  {first}"
        yield from rest
    else:
        column = len(indent) + len(name) + 2
        first, *rest = _string(data, indent + "  ", column) if isinstance(data, str) else [_plain(data)]
        yield f"{lead}{name}: {first}"
        yield from rest


def _plain(data: Data) -> str:
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, (int, Fraction)):
        return number_text(data)
    return "[]" if isinstance(data, ListValue) else "{}"


def _string(text: str, indent: str, column: int) -> Iterator[str]:
    """In double quotes from that column on, or as a literal block; further lines begin with the indent."""
    if not _is_literal(text):
        yield from _folded(text, indent, column)
        return
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    hint = "2" if text[0] in " " + _BREAKS else ""
    chomping = "-" if ends == 0 else "" if ends == 1 and body else "+"
    yield f"|{hint}{chomping}"
    for line in (text[:-1] if ends else text).split("\n"):
        yield _indented(line, indent)


def _indented(line: str, indent: str) -> str:
    """A line of a literal block; Unicode's own line ends in it are followed by the indent too."""
    made = []
    fresh = True
    for character in line:
        if character in _BREAKS:
            made.append(character)
            fresh = True
            continue
        made.append(indent + character if fresh else character)
        fresh = False
    return "".join(made)


def _is_literal(text: str) -> bool:
    """Return True if a string is written as a literal block: several lines, and nothing to be escaped."""
    return (
        "\n" in text
        and not text.endswith(" ")
        and all(character in _BREAKS or _is_printable(character) for character in text)
        and not any(f" {mark}" in text for mark in _BREAKS)
    )


def _is_printable(character: str) -> bool:
    """As libyaml has it: nothing beyond the basic plane, no tab, no byte-order mark."""
    code = ord(character)
    return 0x20 <= code <= 0x7E or 0xA0 <= code < 0xD800 or (0xE000 <= code <= 0xFFFD and code != 0xFEFF)


def _quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _folded(text: str, indent: str, column: int) -> Iterator[str]:
    """Lines of a quoted string; a line that begins with a space marks it with a backslash."""
    line = '"'
    column += 1
    for place, character in enumerate(text):
        if character == " " and column > _WIDTH and 0 < place < len(text) - 1 and text[place - 1] != " ":
            yield line
            line = indent + ("\\" if text[place + 1] == " " else "")
            column = len(line)
            continue
        escaped = _escaped(character)
        line += escaped
        column += len(escaped)
    yield line + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    if character in _ESCAPES:
        return "\\" + _ESCAPES[character]
    if _is_printable(character):
        return character
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
