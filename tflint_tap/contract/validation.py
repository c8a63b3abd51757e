"""A contract's text held to its format: mistakes with their lines, and the name that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..records import dataclass
from ..text.nearest import suggestion
from ..text.yaml_text import Node
from .format import Schema

_KINDS = {"object": "mapping", "array": "list"}
_SHOWN = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a number",
    "number": "a number",
}
_WORDS = {"boolean": re.compile("true|false"), "integer": re.compile(r"\d+"), "number": re.compile(r"\d+(?:\.\d+)?")}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a contract, and the line."""

    line: int
    message: str


def mistakes_in(node: Node, schema: Schema) -> Iterator[Mistake]:
    """What a part of a contract is that its format doesn't have."""
    line, kind, content = node
    if "anyOf" in schema:
        yield from _closest(node, schema["anyOf"])
        return
    types = schema.get("type")
    listed = [types] if isinstance(types, str) else types or []
    if listed and not any(_is(node, type_) for type_ in listed):
        yield Mistake(line, f"this has to be {' or '.join(dict.fromkeys(_SHOWN[type_] for type_ in listed))}")
        return
    if "enum" in schema and content not in schema["enum"]:
        words = ", ".join(schema["enum"])
        yield Mistake(line, f"{content} is none of {words}{suggestion(str(content), schema['enum'])}")
    if "pattern" in schema and not re.fullmatch(schema["pattern"], str(content)):
        yield Mistake(line, f"{content} isn't {schema['description']}")
    if kind == "mapping":
        yield from _mapping(node, schema)
    elif kind == "list":
        if "minItems" in schema and not content:
            yield Mistake(line, "the list is empty")
        for item in content if "items" in schema else ():
            yield from mistakes_in(item, schema["items"])


def _is(node: Node, type_: str) -> bool:
    _, kind, content = node
    if type_ in _KINDS:
        return bool(kind == _KINDS[type_])
    if kind != "text":
        return False
    return _WORDS[type_].fullmatch(content) is not None if type_ in _WORDS else bool(content)


def _mapping(node: Node, schema: Schema) -> Iterator[Mistake]:
    properties: dict[str, Any] = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    seen: set[str] = set()
    for (line, _, key), value in node[2]:
        name = str(key)
        if name in seen:
            yield Mistake(line, f"{name} stands here twice")
        seen.add(name)
        if name in properties:
            yield from mistakes_in(value, properties[name])
        elif isinstance(others, dict):
            yield from mistakes_in(value, others)
        elif others is False:
            hint = suggestion(name, properties) or f"; there are {', '.join(properties)}"
            yield Mistake(line, f"there is no {name} here{hint}")
    for name in schema.get("required", ()):
        if name not in seen:
            yield Mistake(node[0], f"{name} is missing")


def _closest(node: Node, schemas: list[Schema]) -> Iterator[Mistake]:
    """None where one of the forms fits; else what is wrong by the form that comes closest."""
    tried = [list(mistakes_in(node, schema)) for schema in schemas]
    if [] in tried:
        return
    fitting = [
        found for found, schema in zip(tried, schemas, strict=True) if "type" not in schema or _fits_type(node, schema)
    ]
    yield from min(fitting or tried, key=len)


def _fits_type(node: Node, schema: Schema) -> bool:
    listed = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if not any(_is(node, type_) for type_ in listed):
        return False
    required = schema.get("required", ())
    return node[1] != "mapping" or not required or any(str(key[2]) in required for key, _ in node[2])
