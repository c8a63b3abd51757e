"""A contract as plain data that marshal can write: its groups written out, its expressions parsed and packed.

A wheel brings that of its own contracts along; of any other it is made once and kept in the user's cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..contract import Contract, ContractError
from ..contract import format as contract_format
from ..contract.format import Schema, contract_schema
from ..hcl import ParseError, parse_expression, parse_template
from ..hcl.packing import packed
from ..text.cache import prepared, remembered
from ..text.source import Source
from ..text.yaml_text import YamlError, load

_EACH = "${each}"
_MAKERS = (Path(__file__), Path(packed.__code__.co_filename), Path(contract_format.__file__))


def plain_terms(contract: Contract) -> dict[str, Any]:
    """The terms of a contract as plain data. ContractError where its text can't be read."""
    text = contract.text
    if text is None:
        made: dict[str, Any] = prepared("demands")[contract.name]
        return made
    states = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in _MAKERS]
    made = remembered("demands", contract.path, (text, states), lambda: packed_terms(str(contract.path), text))
    return made


def packed_terms(path: str, text: str) -> dict[str, Any]:
    """The terms in a contract's text, as plain data. ContractError where it can't be read."""
    try:
        content = load(text)
    except YamlError as error:
        raise ContractError(f"{path}:{error.line}: {error}") from None
    if not isinstance(content, dict):
        raise ContractError(f"{path}:1: a contract is a mapping")
    properties = contract_schema()["properties"]
    left_out = ("claims", "descriptions", "contract")
    try:
        return {
            str(key): _packed(_whole(key, value), properties.get(str(key), {}), str(key))
            for key, value in content.items()
            if key not in left_out
        }
    except ParseError as error:
        raise ContractError(f"{path}:1: {error.span.source.path}: {error.message}") from None


def _whole(section: object, value: Any) -> Any:
    """A section, the groups of parts written out: `services.payment.task` is a part of its own."""
    if section != "parts" or not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for name, part in value.items():
        if not isinstance(part, dict) or "for" not in part:
            made[str(name)] = part
            continue
        for item in part["for"]:
            for inner, content in part["parts"].items():
                made[f"{name}.{item}.{inner}"] = with_each(content, str(item))
    return made


def with_each(value: Any, item: str) -> Any:
    """A part of a group, for one of its names."""
    if isinstance(value, str):
        return value.replace(_EACH, item)
    if isinstance(value, list):
        return [with_each(one, item) for one in value]
    if isinstance(value, dict):
        return {key: with_each(one, item) for key, one in value.items()}
    return value


def _packed(value: Any, schema: Schema, place: str) -> Any:
    if schema.get("x-expression"):
        return packed(parse_expression(_source(place, value)))
    if schema.get("x-template"):
        return packed(parse_template(_source(place, value)))
    if "anyOf" in schema:
        return _packed(value, _form_of(value, schema["anyOf"]), place)
    if isinstance(value, Mapping):
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        other = others if isinstance(others, dict) else {}
        return {str(key): _packed(one, known.get(key, other), f"{place}.{key}") for key, one in value.items()}
    if isinstance(value, list):
        return [_packed(one, schema.get("items", {}), f"{place}.{number}") for number, one in enumerate(value)]
    return value


def _form_of(value: Any, schemas: list[Schema]) -> Schema:
    """The form of several that a value has."""
    kind = "object" if isinstance(value, Mapping) else "array" if isinstance(value, list) else "string"
    fitting = [schema for schema in schemas if kind in _types(schema)]
    if kind == "object":
        fitting.sort(key=lambda schema: -len(set(value) & set(schema.get("properties", {}))))
    return fitting[0] if fitting else {}


def _types(schema: Schema) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def _source(place: str, value: object) -> Source:
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return Source(place, written.strip())
