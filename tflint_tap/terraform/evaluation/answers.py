"""Values as JSON lines, for `tap-lint eval`: what the linter sees."""

from __future__ import annotations

import json
from fractions import Fraction

from .conversion import number_text
from .values import ErrorValue, ListValue, MapValue, PartialString, Symbol, Unknown, Value, first_error, is_sensitive

SENSITIVE = "(sensitive value)"


def answer(value: Value) -> str:
    """One JSON object without newlines.

    `{"value": …}`; `{"unknown": "why"}`; `{"reference": "aws_sqs_queue.q.arn"}`; `{"error": "what Terraform would
    refuse"}`. Within a collection an element that isn't known stands as such an object; a text with parts that
    aren't known is unknown, with its parts as `text`. Sets are lists in Terraform's order, and `rest` says why a
    collection may have further elements.
    """
    failure = first_error(value)
    if failure is not None:
        return json.dumps({"error": failure.reason}, ensure_ascii=False)
    if is_sensitive(value):
        return json.dumps({"unknown": SENSITIVE})
    data = value.data
    special = _special(value)
    if special is not None:
        return special
    rest = data.doubt if isinstance(data, (ListValue, MapValue)) else None
    more = f', "rest": {_text(rest.reason)}' if rest is not None else ""
    return f'{{"value": {_json(value)}{more}}}'


def _special(value: Value) -> str | None:
    """The JSON text of a value that isn't known, None if it is known."""
    data = value.data
    if isinstance(data, Symbol):
        return f'{{"reference": {_text(str(data))}}}'
    if isinstance(data, PartialString):
        return f'{{"unknown": {_text(data.reason)}, "text": {_text(str(data))}}}'
    if isinstance(data, (Unknown, ErrorValue)):
        return f'{{"unknown": {_text(data.reason)}}}'
    return None


def _json(value: Value) -> str:
    data = value.data
    special = _special(value)
    if special is not None:
        return special
    if data is None or isinstance(data, bool):
        return json.dumps(data)
    if isinstance(data, (int, Fraction)):
        return number_text(data)
    if isinstance(data, str):
        return _text(data)
    if isinstance(data, ListValue):
        return f"[{', '.join(map(_json, data.items))}]"
    assert isinstance(data, MapValue)
    return f"{{{', '.join(f'{_text(key)}: {_json(data.items[key])}' for key in sorted(data.items))}}}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
