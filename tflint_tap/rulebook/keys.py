"""The keys of a card: what each holds, for the loader and for editors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..records import dataclass
from ..text.listing import listed

SEVERITIES = ("note", "warning", "error")
PRECISIONS = ("very-high", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `schema` is its JSON Schema; `problem` says what is wrong with a value, None where nothing is."""

    doc: str
    schema: Mapping[str, Any]
    problem: Callable[[object], str | None]
    needed: bool = False
    in_card: bool = True
    in_condition: bool = False


def _text(value: object) -> str | None:
    return None if isinstance(value, str) and value.strip() else "has to be text"


def _texts(value: object) -> str | None:
    right = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return None if right else "has to be a list of texts"


def _flag(value: object) -> str | None:
    return None if isinstance(value, bool) else "has to be true or false"


def _contract(value: object) -> str | None:
    return None if isinstance(value, bool) or value == "named" else "has to be true, false or named"


def _mapping(value: object) -> str | None:
    return None if isinstance(value, dict) else "has to be a mapping"


def _score(value: object) -> str | None:
    right = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= 10
    return None if right else "is a number above 0, up to 10"


def _precision(value: object) -> str | None:
    return None if value in PRECISIONS else f"is {listed(PRECISIONS, 'or')}"


def _examples(value: object) -> str | None:
    right = isinstance(value, str) or (isinstance(value, list) and value and all(isinstance(i, str) for i in value))
    return None if right else "is an example, or a list of examples"


def _conditions(value: object) -> str | None:
    return None if isinstance(value, list) and value else "is a list of conditions, each with match and require"


def _cases(value: object) -> str | None:
    right = isinstance(value, list) and all(
        isinstance(case, dict)
        and case.keys() == {"name", "hcl"}
        and all(isinstance(part, str) for part in case.values())
        for case in value
    )
    return None if right else "is a list of cases, each with a name and hcl"


def _anything(value: object) -> str | None:
    return None


_TEXT = {"type": "string", "minLength": 1}
_EXPRESSION = {"type": ["string", "boolean"]}
_LIST = {"type": "array", "items": {"type": "string"}}
_ONE_OR_MORE = {"anyOf": [{"type": "string"}, {**_LIST, "minItems": 1}]}
_NAMED = {"type": "object", "additionalProperties": _EXPRESSION}
_CASE = {
    "type": "object",
    "properties": {"name": _TEXT, "hcl": _TEXT},
    "required": ["name", "hcl"],
    "additionalProperties": False,
}

KEYS: Mapping[str, Key] = {
    "title": Key("the rule in a few words, as lists show it", _TEXT, _text, needed=True),
    "severity": Key(
        "note, warning or error, or an expression that gives one", _TEXT, _text, needed=True, in_condition=True
    ),
    "match": Key(
        "what is judged: resource.TYPE, resource.*, data.TYPE, block.TYPE (top-level blocks as written), edge.KIND, "
        "statement.KIND, policy, statement, variable, output, local, stack",
        _ONE_OR_MORE, _anything, in_condition=True,
    ),
    "where": Key("which of them are judged: an expression", _EXPRESSION, _anything, in_condition=True),
    "let": Key("names for expressions, for the keys below", _NAMED, _mapping, in_condition=True),
    "each": Key("a list whose elements are judged one by one, as `each`", _EXPRESSION, _anything, in_condition=True),
    "require": Key("what has to hold: an expression", _EXPRESSION, _anything, in_condition=True),
    "conditions": Key(
        "several conditions, each with keys of its own", {"type": "array", "minItems": 1}, _conditions
    ),
    "check": Key("true: the module of checks that has the rule's name judges", {"enum": [True, "engine"]}, _anything),
    "at": Key("where to point: an argument or an expression; of several the first that is written",
              _ONE_OR_MORE, _anything, in_condition=True),
    "related": Key("labels with the places that they stand at", _NAMED, _mapping, in_condition=True),
    "supersedes": Key("rules whose finding is left out where both have the same cause", _LIST, _texts),
    "message": Key("what is so, as a template", _TEXT, _text, needed=True, in_condition=True),
    "remedy": Key("what to do, as a template", _TEXT, _text, needed=True, in_condition=True),
    "why": Key("why it matters, with facts, for the rule's page", _TEXT, _text, needed=True),
    "params": Key("figures and lists of the rule: param.NAME", {"type": "object"}, _mapping),
    "absence": Key("true: the rule judges what is missing, and is held back where a file is broken",
                   {"type": "boolean"}, _flag),
    "contract": Key("true: the rule applies only to what has to hold a contract; named: to one that names the rule",
                    {"enum": [True, False, "named"]}, _contract),
    "asked": Key("true: the rule is judged only where settings give its params; those of the card are for its examples",
                 {"type": "boolean"}, _flag),
    "specification": Key("the contract that the examples of a rule for contracts are held to", _TEXT, _text),
    "security_severity": Key("above 0, up to 10, as CVSS counts",
                             {"type": "number", "exclusiveMinimum": 0, "maximum": 10}, _score),
    "precision": Key("how often a finding is right: very-high, high (where nothing is said), medium or low",
                     {"enum": list(PRECISIONS)}, _precision),
    "references": Key("pages that say so", _LIST, _texts),
    "frameworks": Key("controls of standards that ask for it", _LIST, _texts),
    "bad": Key("an example, or several, with carets under what is found", _ONE_OR_MORE, _examples, needed=True),
    "good": Key("an example, or several, in which nothing is found", _ONE_OR_MORE, _examples, needed=True),
    "cases": Key("further cases by name: ^^^^ a finding, ???? a doubt, no mark: clean",
                 {"type": "array", "items": _CASE}, _cases),
}  # fmt: skip


def card_schema() -> dict[str, Any]:
    """The JSON Schema of a card, for editors."""

    def properties(keys: Mapping[str, Key]) -> dict[str, Any]:
        return {name: {"description": key.doc, **key.schema} for name, key in keys.items()}

    condition = {name: key for name, key in KEYS.items() if key.in_condition}
    whole = properties(KEYS)
    whole["conditions"]["items"] = {
        "type": "object",
        "properties": properties(condition),
        "required": ["match", "require"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule of tap-lint",
        "type": "object",
        "properties": whole,
        "required": [name for name, key in KEYS.items() if key.needed],
        "oneOf": [{"required": ["match", "require"]}, {"required": ["conditions"]}, {"required": ["check"]}],
        "additionalProperties": False,
    }
