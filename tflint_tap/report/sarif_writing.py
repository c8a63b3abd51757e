"""SARIF's objects as JSON: without what is absent, a line for each rule, result and notification."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import attr

from .json_ import escaped

# What has lines of its own: so the text can be read and compared, and is written by json's fast encoder.
_SPREAD = ("runs", "tool", "driver", "rules", "notifications", "invocations", "toolExecutionNotifications", "results")

_LEAVES = (str, int, bool, float)


def written(log: object) -> str:
    """The JSON text of a log, which can be written as UTF-8 whatever its strings hold."""
    plain = dict(sorted(_plain(log).items()))  # $schema first
    return escaped("".join(_lines(plain, ""))) + "\n"


def _plain(value: Any) -> Any:
    """SARIF's objects as dicts and lists, without what is absent or what an absent property means anyway."""
    if isinstance(value, dict):
        return {key: item if type(item) in _LEAVES else _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [item if type(item) in _LEAVES else _plain(item) for item in value]
    plain: dict[str, object] = {}
    held = vars(value)
    for attribute, key, default in _fields(type(value)):  # type: ignore[arg-type]  # mypy takes no class for hashable
        item = held[attribute]
        if item is not None and item != default:
            plain[key] = item if type(item) in _LEAVES else _plain(item)
    return plain


@cache
def _fields(kind: type) -> tuple[tuple[str, str, object], ...]:
    """The attributes of an object's class, the names of their properties, and what an absent property means."""
    return tuple((field.name, field.metadata["schema_property_name"], _default(field)) for field in attr.fields(kind))


def _default(field: attr.Attribute[object]) -> object:
    if field.name == "level":
        return None  # of a result without one it is its rule's, not what the object model has
    factory = getattr(field.default, "factory", None)
    return field.default if factory is None else factory()


def _lines(value: Any, margin: str) -> Iterator[str]:
    """The text of a value in parts; dicts and lists that aren't small go over several lines."""
    inner = f"{margin} "
    if isinstance(value, dict):
        yield "{"
        for number, (key, item) in enumerate(value.items()):
            yield f"{',' if number else ''}\n{inner}{json.dumps(key)}: "
            if key in _SPREAD and item:
                yield from _lines(item, inner)
            else:
                yield _dumped(item)
        yield f"\n{margin}}}"
        return
    yield "["
    for number, item in enumerate(value):
        yield f"{',' if number else ''}\n{inner}"
        if isinstance(item, dict) and not item.keys().isdisjoint(_SPREAD):
            yield from _lines(item, inner)
        else:
            yield _dumped(item)
    yield f"\n{margin}]"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
