"""format and formatlist: Go's verbs as Terraform has them."""

from __future__ import annotations

import re
from fractions import Fraction

from ...records import dataclass
from ...text.graphemes import clusters
from ..evaluation.conversion import EvaluationError, TooLarge, to_bool, to_number, to_text
from ..evaluation.numbers import fixed_digits, magnitude, rounded_digits, shortest_digits
from ..evaluation.values import ListValue, Unknown, Value
from .jsons import json_text, quoted_json
from .parts import LONGEST_TEXT, Part, joined, open_unknown, parts_of, text, uncertain_set, unknown

_VERB = re.compile(r"%([ +\-0#]*)([1-9][0-9]*)?(?:\.([0-9]*))?(?:\[([1-9][0-9]*)\])?([a-zA-Z])", re.ASCII)
_WIDEST = 100_000


@dataclass(frozen=True, slots=True)
class _Verb:
    raw: str
    offset: int  # in bytes, as Terraform counts
    flags: str
    width: int | None
    precision: int | None
    letter: str

    @property
    def name(self) -> str:
        return f'"{self.raw}" at {self.offset}'


def format_(template: Value, *values: Value) -> Value:
    return Value(joined(_formatted(text(template), values)))


def formatlist(template: Value, *values: Value) -> Value:
    """Lists are gone through side by side, everything else is used again for each element."""
    lengths = [
        (place, len(value.data.items)) for place, value in enumerate(values, 1) if isinstance(value.data, ListValue)
    ]
    doubt: Unknown | None = None
    for value in values:
        if isinstance(value.data, ListValue) and (value.data.doubt is not None or uncertain_set(value.data)):
            doubt = doubt or value.data.doubt or unknown(value)
    for place, count in lengths[1:]:
        if count != lengths[0][1] and doubt is None:
            raise EvaluationError(
                f"argument {place} has length {count}, which is inconsistent with argument {lengths[0][0]} of length "
                f"{lengths[0][1]}"
            )
    if doubt is not None and len(lengths) > 1:
        return Value(doubt)
    if not lengths and any(isinstance(value.data, Unknown) for value in values):
        return Value(unknown(*values))  # any of them may be a list
    count = lengths[0][1] if lengths else 1
    certain: int | None = None
    made = []
    for index in range(count):
        row = [value.data.items[index] if isinstance(value.data, ListValue) else value for value in values]
        try:
            made.append(Value(joined(_formatted(text(template), row))))
        except EvaluationError as error:
            raise EvaluationError(f"error on format iteration {index}: {error.reason}") from None
    for value in values:
        if isinstance(value.data, ListValue) and value.data.certain is not None:
            certain = value.data.certain
    return Value(ListValue(tuple(made), "list", doubt, certain))


def _formatted(template: str, values: tuple[Value, ...] | list[Value]) -> list[Part]:
    parts: list[Part] = []
    position = 0
    turn = 1  # the argument whose turn it is, from 1
    highest = 0
    size = 0
    while position < len(template):
        start = template.find("%", position)
        if start < 0:
            parts.append(template[position:])
            break
        parts.append(template[position:start])
        if template.startswith("%%", start):
            parts.append("%")
            position = start + 2
            continue
        match = _VERB.match(template, start)
        if match is None:
            raise EvaluationError(
                f"unrecognized format character in the verb at offset {len(template[:start].encode())}"
            )
        position = match.end()
        flags, width, precision, index, letter = match.groups()
        turn = _count(index) if index else turn
        verb = _Verb(
            match.group(),
            len(template[:start].encode("utf-8", "surrogatepass")),
            flags,
            _count(width) if width else None,
            _count(precision or "0") if precision is not None else None,
            letter,
        )
        if turn > len(values):
            raise EvaluationError(
                f"not enough arguments for {verb.name}: need index {turn} but have {len(values)} total"
            )
        if max(verb.width or 0, verb.precision or 0) > _WIDEST:
            raise TooLarge(f"format would give more than {_WIDEST} characters for {verb.raw}")
        made = _verb_parts(verb, values[turn - 1])
        size += sum(len(part) for part in made if isinstance(part, str))
        if size > LONGEST_TEXT:
            raise TooLarge(f"format would give more than {LONGEST_TEXT} characters")
        parts += made
        highest = max(highest, turn)
        turn += 1
    if highest < len(values):
        used = f"only {highest} used by format string" if highest else "no verbs in format string"
        raise EvaluationError(f"too many arguments; {used}")
    return parts


def _count(digits: str) -> int:
    """A number of the format, which need not be exact where it is beyond all bounds."""
    return int(digits[:9])


def _verb_parts(verb: _Verb, value: Value) -> list[Part]:
    if verb.letter not in "vtbdoxXeEfgGsq":
        raise EvaluationError(f"unsupported format verb '{verb.letter}' in {verb.name}")
    if value.data is None and verb.letter != "v":
        raise EvaluationError(f"unsupported value for {verb.name}: null value cannot be formatted")
    try:
        if verb.letter == "v":
            return _as_is(verb, value)
        if verb.letter == "t":
            flag = to_bool(value).data
            return [("true" if flag else "false") if isinstance(flag, bool) else open_unknown(flag)]
        if verb.letter in "sq":
            return _string(verb, to_text(value))
        number = to_number(value).data
        if not isinstance(number, (int, Fraction)):
            return [open_unknown(number)]
        return [_integer(verb, number) if verb.letter in "bdoxX" else _float(verb, number)]
    except EvaluationError as error:
        raise EvaluationError(f"unsupported value for {verb.name}: {error.reason}") from None


def _as_is(verb: _Verb, value: Value) -> list[Part]:
    data = value.data
    if "#" not in verb.flags:
        if isinstance(data, str):
            return [_padded(verb, data)]
        if isinstance(data, (int, Fraction)) and not isinstance(data, bool):
            return [_padded(verb, _general(data, None, "e"))]
        if not value.is_known:
            return _open(verb, value)
    made = json_text(value)
    if isinstance(made, str):
        return [_padded(verb, made)]
    return _open(verb, Value(made))


def _open(verb: _Verb, value: Value) -> list[Part]:
    """A value of parts; padded or cut nothing is known of it."""
    if verb.width is not None or (verb.letter != "v" and verb.precision):
        return [open_unknown(value.data)]
    return list(parts_of(value))


def _string(verb: _Verb, value: Value) -> list[Part]:
    if not value.is_known:
        if verb.letter == "q":
            made = json_text(value)
            return _open(verb, Value(made)) if not isinstance(made, Unknown) else [made]
        return _open(verb, value)
    known = text(value)
    if verb.precision:
        known = "".join([cluster for cluster, _ in zip(clusters(known), range(verb.precision), strict=False)])
    return [_padded(verb, quoted_json(known) if verb.letter == "q" else known)]


def _padded(verb: _Verb, made: str) -> str:
    if verb.width is None:
        return made
    missing = verb.width - sum(1 for _ in clusters(made))
    if missing <= 0:
        return made
    padding = ("0" if "0" in verb.flags else " ") * missing
    return made + padding if "-" in verb.flags else padding + made


def _sign(verb: _Verb, number: int | Fraction) -> str:
    return "-" if number < 0 else "+" if "+" in verb.flags else " " if " " in verb.flags else ""


def _integer(verb: _Verb, number: int | Fraction) -> str:
    """As Go's big.Int formats itself."""
    if not isinstance(number, int):
        raise EvaluationError("an integer is required")
    base = {"b": "b", "d": "d", "o": "o", "x": "x", "X": "X"}[verb.letter]
    digits = format(abs(number), base)
    sign = _sign(verb, number)
    prefix = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(verb.letter, "") if "#" in verb.flags else ""
    if verb.precision is not None:
        if digits == "0" and verb.precision == 0:
            return ""
        digits = digits.rjust(verb.precision, "0")
    missing = (verb.width or 0) - len(sign) - len(prefix) - len(digits)
    if missing <= 0:
        return sign + prefix + digits
    if "-" in verb.flags:
        return sign + prefix + digits + " " * missing
    if "0" in verb.flags and verb.precision is None:
        return sign + prefix + "0" * missing + digits
    return " " * missing + sign + prefix + digits


def _float(verb: _Verb, number: int | Fraction) -> str:
    """As Go's big.Float formats itself."""
    size = magnitude(number)
    if verb.letter == "f":
        digits = fixed_digits(size, 6 if verb.precision is None else verb.precision)
    elif verb.letter in "eE":
        digits = _scientific(*rounded_digits(size, (6 if verb.precision is None else verb.precision) + 1), verb.letter)
    else:
        digits = _general(size, verb.precision, "E" if verb.letter == "G" else "e")
    sign = _sign(verb, number)
    missing = " " * ((verb.width or 0) - len(sign) - len(digits))
    if "-" in verb.flags:
        return sign + digits + missing
    if "0" in verb.flags:
        return sign + missing.replace(" ", "0") + digits
    return missing + sign + digits


def _scientific(digits: str, point: int, letter: str) -> str:
    """0.DIGITS times ten to the power of point, with one digit before the decimal point."""
    exponent = point - 1
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[:1] or '0'}{fraction}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _general(number: int | Fraction, precision: int | None, letter: str) -> str:
    """Go's %g: with an exponent below -4 and from the precision on (6 where as few digits as needed are asked for)."""
    size = magnitude(number)
    sign = "-" if number < 0 else ""
    if size == 0:
        return "0"
    if precision is None:
        digits, point = shortest_digits(size)
        limit = 6
    else:
        digits, point = rounded_digits(size, precision or 1)
        digits = digits.rstrip("0")
        limit = precision or 1
        if limit > len(digits) >= point:
            limit = len(digits)
    if not -4 <= point - 1 < limit:
        return sign + _scientific(digits, point, letter)
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    fraction = digits[point:]
    return sign + digits[:point].ljust(point, "0") + (f".{fraction}" if fraction else "")
