"""Base64, URLs, character sets and CSV."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote_plus

from ..evaluation.conversion import EvaluationError, TooLarge, normal, quoted
from ..evaluation.values import Data, ListValue, MapValue, Unknown, Value
from .parts import MOST_ELEMENTS, text

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")

# IANA's names and aliases (https://www.iana.org/assignments/character-sets) of sets that Terraform supports.
_CODECS: dict[str, tuple[str, ...]] = {
    "utf-8": ("utf-8", "csutf8"),
    "utf-16": ("utf-16", "csutf16"),
    "utf-16-le": ("utf-16le", "csutf16le"),
    "utf-16-be": ("utf-16be", "csutf16be"),
    "ascii": ("us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us", "us", "ibm367", "cp367", "csascii", "iso-ir-6"),
    "latin-1": ("iso-8859-1", "iso_8859-1", "iso_8859-1:1987", "latin1", "l1", "ibm819", "cp819", "csisolatin1"),
    "iso8859-2": ("iso-8859-2", "iso_8859-2", "iso_8859-2:1987", "latin2", "l2", "csisolatin2"),
    "iso8859-3": ("iso-8859-3", "iso_8859-3", "latin3", "l3"),
    "iso8859-4": ("iso-8859-4", "iso_8859-4", "latin4", "l4"),
    "iso8859-5": ("iso-8859-5", "iso_8859-5", "cyrillic"),
    "iso8859-6": ("iso-8859-6", "iso_8859-6", "arabic", "ecma-114", "iso-8859-6-e", "iso-8859-6-i"),
    "iso8859-7": ("iso-8859-7", "iso_8859-7", "greek", "greek8", "ecma-118"),
    "iso8859-8": ("iso-8859-8", "iso_8859-8", "hebrew", "iso-8859-8-e", "iso-8859-8-i"),
    "iso8859-9": ("iso-8859-9", "iso_8859-9", "latin5", "l5"),
    "iso8859-10": ("iso-8859-10", "latin6", "l6"),
    "iso8859-13": ("iso-8859-13",),
    "iso8859-14": ("iso-8859-14", "latin8", "l8"),
    "iso8859-15": ("iso-8859-15", "latin-9"),
    "iso8859-16": ("iso-8859-16", "latin10", "l10"),
    "cp1250": ("windows-1250",),
    "cp1251": ("windows-1251",),
    "cp1252": ("windows-1252",),
    "cp1253": ("windows-1253",),
    "cp1254": ("windows-1254",),
    "cp1255": ("windows-1255",),
    "cp1256": ("windows-1256",),
    "cp1257": ("windows-1257",),
    "cp1258": ("windows-1258",),
    "cp437": ("ibm437", "cp437", "437"),
    "cp850": ("ibm850", "cp850", "850"),
    "cp852": ("ibm852", "cp852", "852"),
    "cp037": ("ibm037", "cp037"),
    "cp855": ("ibm855", "cp855", "855"),
    "cp858": ("ibm00858", "cp858"),
    "cp860": ("ibm860", "cp860", "860"),
    "cp862": ("ibm862", "cp862", "862"),
    "cp863": ("ibm863", "cp863", "863"),
    "cp865": ("ibm865", "cp865", "865"),
    "cp1140": ("ibm01140", "cp01140"),
    "cp874": ("windows-874",),
    "hz": ("hz-gb-2312",),
    "cp866": ("ibm866", "cp866", "866"),
    "koi8-r": ("koi8-r",),
    "koi8-u": ("koi8-u",),
    "mac-roman": ("macintosh", "mac"),
    "shift_jis": ("shift_jis", "ms_kanji", "csshiftjis"),
    "euc-jp": ("euc-jp", "cseucpkdfmtjapanese"),
    "iso2022_jp": ("iso-2022-jp", "csiso2022jp"),
    "gbk": ("gbk", "cp936", "ms936", "windows-936"),
    "gb18030": ("gb18030",),
    "big5": ("big5", "csbig5"),
    "euc-kr": ("euc-kr", "cseuckr"),
}

_NOT_IN_PYTHON = ("ibm1047", "ibm-1047")


def base64encode(value: Value) -> Data:
    return base64.b64encode(text(value).encode()).decode()


def base64decode(value: Value) -> Data:
    encoded = text(value)
    decoded = _from_base64(encoded)
    if decoded is None:
        raise EvaluationError(f"failed to decode base64 data {quoted(encoded)}")
    try:
        return normal(decoded.decode())
    except UnicodeDecodeError:
        raise EvaluationError("the result of decoding the provided string is not valid UTF-8") from None


def _from_base64(encoded: str) -> bytes | None:
    """Line ends are passed over, as in Go; nothing else is."""
    compact = encoded.replace("\r", "").replace("\n", "")
    if not _BASE64.fullmatch(compact):
        return None
    try:
        return base64.b64decode(compact)
    except binascii.Error:
        return None


def base64gzip(value: Value) -> Data:
    """Unknown: the bytes depend on how Go's compressor works."""
    return Unknown("what base64gzip gives isn't computed")


def urlencode(value: Value) -> Data:
    return quote_plus(text(value))


def textencodebase64(value: Value, encoding: Value) -> Data:
    codec = _codec(text(encoding))
    if codec is None:
        return _unsupported(text(encoding))
    try:
        # Go writes UTF-16 with a byte-order mark and the high byte first.
        encoded = b"\xfe\xff" + text(value).encode("utf-16-be") if codec == "utf-16" else text(value).encode(codec)
    except UnicodeEncodeError:
        raise EvaluationError(
            f"the given string contains characters that cannot be represented in {text(encoding)}"
        ) from None
    return base64.b64encode(encoded).decode()


def textdecodebase64(value: Value, encoding: Value) -> Data:
    codec = _codec(text(encoding))
    if codec is None:
        return _unsupported(text(encoding))
    encoded = _from_base64(text(value))
    if encoded is None:
        raise EvaluationError("the given value has an invalid base64 symbol")
    try:
        return normal(encoded.decode(codec))
    except UnicodeDecodeError:
        raise EvaluationError(f"the given string contains symbols that are not defined for {text(encoding)}") from None


def _codec(name: str) -> str | None:
    return next((codec for codec, names in _CODECS.items() if name.lower() in names), None)


def _unsupported(name: str) -> Unknown:
    if name.lower() in _NOT_IN_PYTHON:
        return Unknown(f"{quoted(name)} is not among the encodings that are computed")
    raise EvaluationError(f"{quoted(name)} is not a supported IANA encoding name or alias in this Terraform version")


def csvdecode(value: Value) -> Data:
    """A list of objects, one for each line behind the header line, by RFC 4180 as Go's encoding/csv reads it."""
    lines = _csv(text(value))
    if not lines:
        raise EvaluationError("missing header line")
    (_, header), *rows = lines
    seen: set[str] = set()
    for name in header:
        if name in seen:
            raise EvaluationError(f"duplicate column name {quoted(name)}")
        seen.add(name)
    made = []
    for number, row in rows:
        if len(row) != len(header):
            raise EvaluationError(f"CSV parse error on line {number}: wrong number of fields")
        made.append(Value(MapValue({name: Value(normal(field)) for name, field in zip(header, row, strict=True)})))
    return ListValue(tuple(made), "list")


def _csv(source: str) -> list[tuple[int, list[str]]]:
    """The records with the line each begins on; empty lines are none."""
    records: list[tuple[int, list[str]]] = []
    source = source.replace("\r\n", "\n").removesuffix("\r")
    position = 0
    line = 0
    while position < len(source):
        line += 1
        if source[position] == "\n":
            position += 1
            continue
        first = line
        fields: list[str] = []
        while True:
            if source.startswith('"', position):
                field, position, breaks = _quoted_field(source, position + 1, line)
                line += breaks
            else:
                match = re.compile(r"[^,\n]*").match(source, position)
                field = match.group() if match else ""
                if '"' in field:
                    raise EvaluationError(f'CSV parse error on line {line}: bare " in non-quoted-field')
                position += len(field)
            fields.append(field)
            if len(fields) + len(records) * len(fields) > MOST_ELEMENTS:
                raise TooLarge(f"the CSV has more than {MOST_ELEMENTS} fields")
            end = source[position : position + 1]
            position += 1
            if end != ",":
                break
        records.append((first, fields))
    return records


def _quoted_field(source: str, start: int, line: int) -> tuple[str, int, int]:
    """A field in quotes, where it ends, and how many line ends are in it."""
    made = []
    position = start
    while True:
        end = source.find('"', position)
        if end < 0:
            break
        made.append(source[position:end])
        if source.startswith('""', end):
            made.append('"')
            position = end + 2
            continue
        if source[end + 1 : end + 2] not in ("", ",", "\n"):
            break
        field = "".join(made)
        return field, end + 1, field.count("\n")
    raise EvaluationError(f'CSV parse error on line {line}: extraneous or missing " in quoted-field')
