"""yamldecode: YAML 1.1 as Terraform's decoder reads it, on PyYAML's scanner and parser alone.

No constructor of PyYAML's is ever called: what a node is, is decided here, by Terraform's rules (facts from
`terraform console`): yes, no, on, off, y and n are bools, 0x and 0o numbers in base 16 and 8, dates text in RFC 3339.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from fractions import Fraction

import yaml

from ...records import dataclass, field
from ..evaluation.conversion import EvaluationError, TooLarge, normal, parse_number, quoted, to_text
from ..evaluation.numbers import rounded
from ..evaluation.values import Data, ListValue, MapValue, Unknown, Value
from ..typing import constraint_text, type_of
from .parts import text

_MOST_NODES = 20_000
_LONGEST = 100_000  # characters; PyYAML takes its time
_DEEPEST = 100
_PREFIX = "tag:yaml.org,2002:"
_BOOLS = {
    form: value
    for word, value in {
        "y": True, "yes": True, "on": True, "true": True, "n": False, "no": False, "off": False, "false": False
    }.items()
    for form in (word, word.capitalize(), word.upper())
}  # fmt: skip
_NULLS = ("", "~", "null", "Null", "NULL")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d*)?(Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)


@dataclass(slots=True)
class _State:
    """The cost of the nodes so far, and the anchors that they have set, each with the nodes below it."""

    anchors: dict[str, tuple[Value, int] | None] = field(default_factory=dict)
    nodes: int = 0


def yamldecode(value: Value) -> Value:
    """The one document of a text. Unknown where it would have too many nodes."""
    source = text(value)
    if len(source) > _LONGEST:
        raise TooLarge(f"the YAML has more than {_LONGEST} characters")
    if re.search(r"(?m)^%YAML\s+(?!1\.1\s*$)", source):
        raise EvaluationError("found incompatible YAML document")
    try:
        events = list(_events(source))
    except yaml.YAMLError as error:
        raise EvaluationError(_message(error)) from None
    position = 1
    if not isinstance(events[position], yaml.DocumentStartEvent):
        raise EvaluationError("missing start of document")
    state = _State()
    result, position = _node(events, position + 1, state)
    if not isinstance(events[position + 1], yaml.StreamEndEvent):
        raise EvaluationError("unexpected extra content after value")
    return result


def _events(source: str) -> list[yaml.Event]:
    events: list[yaml.Event] = []
    depth = 0
    for event in yaml.parse(source, Loader=yaml.SafeLoader):
        events.append(event)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise TooLarge(f"the YAML is nested more than {_DEEPEST} deep")
        if len(events) > _MOST_NODES:
            raise TooLarge(f"the YAML has more than {_MOST_NODES} nodes")
    return events


def _message(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"on line {error.problem_mark.line + 1}, column {error.problem_mark.column + 1}: {error.problem}"
    return str(error).partition("\n")[0]


def _node(events: list[yaml.Event], position: int, state: _State) -> tuple[Value, int]:
    """The node whose event stands there, and the position behind its last."""
    event = events[position]
    state.nodes += 1
    if isinstance(event, yaml.AliasEvent):
        return _alias(event.anchor, state), position + 1
    before = state.nodes
    assert isinstance(event, (yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent))
    if event.anchor is not None:
        state.anchors[event.anchor] = None
    if isinstance(event, yaml.ScalarEvent):
        made, position = _scalar(event), position + 1
    elif isinstance(event, yaml.SequenceStartEvent):
        _check_tag(event.tag, "seq", "sequence")
        made, position = _sequence(events, position + 1, state)
    else:
        _check_tag(event.tag, "map", "mapping")
        made, position = _mapping(events, position + 1, state)
    value = Value(made)
    if event.anchor is not None:
        state.anchors[event.anchor] = value, state.nodes - before
    return value, position


def _alias(anchor: str | None, state: _State) -> Value:
    if anchor is None or anchor not in state.anchors:
        raise EvaluationError(f'reference to undefined anchor "{anchor}"')
    known = state.anchors[anchor]
    if known is None:
        raise EvaluationError(f"cannot refer to anchor {quoted(anchor)} from inside its own definition")
    value, size = known
    state.nodes += size
    if state.nodes > _MOST_NODES:
        raise TooLarge(f"the YAML has more than {_MOST_NODES} nodes, aliases written out")
    return value


def _check_tag(tag: str | None, wanted: str, kind: str) -> None:
    if tag not in (None, _PREFIX + wanted):
        raise EvaluationError(f"can't interpret {kind} as {tag}")


def _sequence(events: list[yaml.Event], position: int, state: _State) -> tuple[Data, int]:
    items = []
    while not isinstance(events[position], yaml.SequenceEndEvent):
        item, position = _node(events, position, state)
        items.append(item)
    return ListValue(tuple(items)), position + 1


def _mapping(events: list[yaml.Event], position: int, state: _State) -> tuple[Data, int]:
    items: dict[str, Value] = {}
    while not isinstance(events[position], yaml.MappingEndEvent):
        event = events[position]
        merge = isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.tag in (None, _PREFIX + "merge")
        key: Value | None = None
        if merge:
            position += 1
        else:
            key, position = _node(events, position, state)
        item, position = _node(events, position, state)
        if key is None:
            if not isinstance(item.data, MapValue):
                raise EvaluationError(f"cannot merge {constraint_text(type_of(item)).partition('(')[0]} into mapping")
            items.update(item.data.items)
            continue
        if key.data is None:
            raise EvaluationError("mapping key cannot be null")
        if isinstance(key.data, (ListValue, MapValue)):
            raise EvaluationError("only strings are allowed as mapping keys")
        name = to_text(key).data
        items[name if isinstance(name, str) else ""] = item
    return MapValue({key: items[key] for key in sorted(items)}), position + 1


def _scalar(event: yaml.ScalarEvent) -> Data:
    source = normal(event.value)
    tag = event.tag
    if tag == _PREFIX + "binary":
        try:
            base64.b64decode("".join(source.split()), validate=True)
        except (binascii.Error, ValueError):
            raise EvaluationError("can't interpret the scalar as base64") from None
        return source
    if event.style is not None:
        if tag not in (None, "!") and tag.removeprefix(_PREFIX) not in ("str", "int", "float", "bool", "null"):
            raise EvaluationError(f"unsupported tag {quoted(tag)}")
        # An empty block scalar is null, an empty quoted one isn't.
        return None if event.style in "|>" and not source and tag is None else source
    if tag is None:
        return _implicit(source)
    return _tagged(source, tag)


def _tagged(source: str, tag: str) -> Data:
    """A plain scalar that says what it is."""
    kind = tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else ""
    if kind == "str":
        return source
    if kind == "null":
        return None
    data = _implicit(source)
    if kind in ("int", "float") and (isinstance(data, Unknown) or _is_number(data)):
        return data
    if kind == "bool" and isinstance(data, bool):
        return data
    if kind == "timestamp" and _timestamp(source) is not None:
        return data
    raise EvaluationError(f"unsupported tag {quoted(tag)} for {quoted(source)}")


def _is_number(data: Data) -> bool:
    return not isinstance(data, (bool, str)) and data is not None


def _implicit(source: str) -> Data:
    """The value of a plain scalar."""
    if source in _NULLS:
        return None
    if source in _BOOLS:
        return _BOOLS[source]
    if source[0] not in "+-.0123456789":
        if source == "<<":
            raise EvaluationError("a merge key is valid only within a mapping")
        return source
    if source in (".nan", ".NaN", ".NAN"):
        raise EvaluationError("floating point NaN is not supported")
    if _INFINITE.fullmatch(source):
        return Unknown("the number is infinite")
    for prefix, base, digits in (("0x", 16, "[0-9a-fA-F]+"), ("0o", 8, "[0-7]+")):
        if source.startswith(prefix) and re.fullmatch(digits, source[2:]):
            return _integer_of(source[2:], base)
    if _INTEGER.fullmatch(source) or _FLOAT.fullmatch(source):
        try:
            return parse_number(source)
        except TooLarge as error:
            return Unknown(error.reason)
    return _timestamp(source) or source


def _integer_of(digits: str, base: int) -> Data:
    return rounded(Fraction(int(digits, base))) if len(digits) < 1000 else Unknown("the number has too many digits")


def _timestamp(source: str) -> str | None:
    """A date or time in RFC 3339; None where it is none."""
    match = _TIMESTAMP.fullmatch(source)
    if match is None:
        return None
    separator, zone = match.group(4), match.group(8)
    if separator is not None and (separator == " ") != (zone is None):
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.group(1, 2, 3, 5, 6, 7))
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return moment.isoformat() + ("Z" if zone in (None, "+00:00", "-00:00") else zone)
