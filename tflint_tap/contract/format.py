"""The format of a contract, as a JSON Schema: editors complete by it, and `validation` finds mistakes by it.

`x-expression` marks a text that is an expression in HCL, `x-template` one that is a template. That the names which a
contract uses are there, and what its expressions read, is checked by tflint_tap/rulebook/contracts.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]
LEVELS = ("must", "should", "may")
ANY, NONE = "any", "none"  # words for a variable's default


def _text(doc: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, **({"description": doc} if doc else {}), **more}


def _object(doc: str, properties: Mapping[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    made: dict[str, Any] = {"description": doc, "type": "object", "properties": dict(properties)}
    return {**made, **({"required": list(required)} if required else {}), "additionalProperties": False}


def _list(item: Schema, doc: str = "") -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 1, **({"description": doc} if doc else {})}


def _map(value: Schema, doc: str = "") -> dict[str, Any]:
    return {"type": "object", "additionalProperties": value, **({"description": doc} if doc else {})}


def _either(*schemas: Schema, doc: str = "") -> dict[str, Any]:
    return {"anyOf": list(schemas), **({"description": doc} if doc else {})}


def _one_or_more(doc: str) -> dict[str, Any]:
    return _either(_text(), _list(_text()), doc=doc)


def _expr(doc: str) -> dict[str, Any]:
    return {"type": ["string", "boolean"], "description": doc, "x-expression": True}


_ANYTHING: Schema = {}
_FLAG = {"type": "boolean"}
_SCALAR: Schema = {"type": ["string", "boolean", "number"]}
_VALUES = _either(_SCALAR, _list(_SCALAR))
_OF_DEMAND = {
    "id": _text("the requirement's id; without one it is made from its place"),
    "level": {"enum": list(LEVELS), "description": "must (an error), should (a warning), may (only where it is there)"},
    "says": _text("what has to be so, in words behind `has to`"),
    "remedy": _text("what to do about it"),
    "under": _either(
        _one_or_more("names of evaluations"), _map(_ANYTHING), doc="the values of variables for which it is judged"
    ),
}
_SETTING = _object(
    "a setting that has to hold",
    {
        **_OF_DEMAND,
        "that": _expr("what has to hold, over self and the parts"),
        "at": _text("the argument to point at"),
        "points_at": _expr("a value within an argument to point at, over self"),
        "where": _expr("for which of them"),
    },
    ("that",),
)
_SETTINGS = _list(_either(_expr("what has to hold"), _SETTING), "what has to hold")
_WIRED = _object(
    "an edge by which a part is recognised",
    {
        "edge": _text("the kind of edge"),
        "to": _one_or_more("the part that it leads to"),
        "from": _one_or_more("the part that it comes from"),
    },
    ("edge",),
)
_PART: dict[str, Any] = {
    "id": _OF_DEMAND["id"],
    "level": _OF_DEMAND["level"],
    "says": _text("what the part is called in messages"),
    "remedy": _OF_DEMAND["remedy"],
    "type": _one_or_more("the type of resource; several where each will do"),
    "one_of": _list(_text(), "types of which one will do"),
    "data": _FLAG,
    "named": _one_or_more("its label, name or for_each key, with or without the stack's prefix"),
    "ending": _text("an ending of the name that may be missing"),
    "where": _expr("which resources of the type it may be"),
    "wired": _list(_WIRED, "edges by which it is recognised"),
    "count": _either(
        {"type": "integer", "minimum": 0},
        _text('a number, 2, ">= 2" or "2..4"', pattern=r"(>=|<=)? *\d+|\d+ *\.\. *\d+"),
        _object(
            "so many for each value of an argument",
            {"per": _text("an argument"), "is": {"type": "integer", "minimum": 1}},
            ("per", "is"),
        ),
        doc='how many there have to be: 2, ">= 2", "2..4", {per: availability_zone, is: 1}',
    ),
    "from": _map(
        _either(_text(), _object("a value", {**_OF_DEMAND, "of": _text("where the value comes from")}, ("of",))),
        "arguments that have to come from a variable, local or part",
    ),
    "require": _SETTINGS,
}
_PARTS = _map(
    _either(
        _object("a resource", _PART),
        _object(
            "the same parts for each of several names, `${each}` in their texts",
            {"for": _list(_text()), "parts": _map(_object("a resource", _PART))},
            ("for", "parts"),
        ),
    ),
    "the resources that there have to be, by names that only the contract knows",
)
_VARIABLE = _object(
    "a variable",
    {
        **_OF_DEMAND,
        "type": _one_or_more("its type; several where each will do"),
        "default": _either(_ANYTHING, doc="its default; a list of alternatives; none; any"),
        "validated": _FLAG,
        "sensitive": _FLAG,
        "where": _expr("what tells it, where it may have any name"),
        "unless": _one_or_more("types of resources that make it needless"),
        "require": _SETTINGS,
    },
)
_LOCAL = _object(
    "a local",
    {**_OF_DEMAND, "equals": _text("what it evaluates to", **{"x-template": True}), "require": _SETTINGS},
)
_WIRE = _object(
    "an edge that there has to be",
    {
        **_OF_DEMAND,
        "from": _text("a part"),
        "edge": _text("the kind of edge"),
        "to": _text("a part"),
        "where": _expr("which edges count, over source, target, via"),
        "every": {"enum": ["from", "to"], "description": "the end of which each resource has to have such an edge"},
    },
    ("from", "edge", "to"),
)
_OUTPUT = _object(
    "an output",
    {
        **_OF_DEMAND,
        "refers_to": _one_or_more("an attribute of a part; several where each will do"),
        "name": _text("its name, where that matters"),
        "sensitive": _FLAG,
    },
)
_COMMENT = _object(
    "a comment",
    {
        **_OF_DEMAND,
        "at": _one_or_more("the parts that it belongs to; anywhere where none is named"),
        "mentions": _list(_either(_text(), _list(_text())), "what it mentions: of each list one"),
    },
    ("mentions",),
)
_EACH = _object(
    "what holds for each resource of a type",
    {
        **_OF_DEMAND,
        "of": _one_or_more('types, "*" for all, or parts'),
        "except": _one_or_more("parts that are left out"),
        "where": _expr("which of them"),
        "require": _SETTINGS,
    },
    ("of", "require"),
)
_FORBID = _object(
    "what may not be there",
    {
        **_OF_DEMAND,
        "resource": _one_or_more('types of resources, "*" for all'),
        "data": _one_or_more('types of data sources, "*" for all'),
        "block": _one_or_more("types of top-level blocks"),
        "any": _one_or_more('types of resources, "*" for all'),
        "except": _one_or_more("types or parts that are fine"),
        "where": _expr("which of them"),
    },
)
_GRANT = _object(
    "rights that a role has, or may have",
    {
        **_OF_DEMAND,
        "of": _one_or_more("parts: functions, or roles"),
        "grants": {"enum": ["at_least", "at_most", "exactly"]},
        "actions": _list(_text(), "actions; of several in a list of their own one is enough"),
        "resource": _one_or_more("the attribute of a part that is the ARN, and what stands behind it: bucket.arn/*"),
        "any": _FLAG,
    },
    ("of", "actions"),
)
_DENIED_VALUE = _either(
    _VALUES,
    _object("any value but these", {"not": _VALUES}, ("not",)),
    _object("a smaller number", {"below": {"type": "number"}}, ("below",)),
)
_DENIAL = _object(
    "what the policies of parts deny everyone",
    {
        **_OF_DEMAND,
        "of": _one_or_more("parts that have a policy of their own: buckets, queues, topics, keys"),
        "denies": _object(
            "actions, all where none are named",
            {
                "actions": _list(_text(), "actions"),
                "when": _map(_DENIED_VALUE, "by condition key: the values; {not: value}; {below: number}"),
            },
        ),
    },
    ("of", "denies"),
)
_REACH = _object(
    "who reaches a part by its network",
    {
        **_OF_DEMAND,
        "to": _text("a part: a security group, or what one guards"),
        "from": _list(_text(), "parts"),
        "port": {"type": "integer"},
        "protocol": {"enum": ["tcp", "udp"], "description": "the port's protocol: tcp, unless said otherwise"},
        "only": {**_FLAG, "description": "nobody else reaches it"},
    },
    ("to", "from"),
)
_FILE = _object(
    "a file of the stack",
    {
        **_OF_DEMAND,
        "holds": _one_or_more("types of blocks, or patterns of types of resources: variable, aws_iam_*"),
        "only": {**_FLAG, "description": "no other blocks stand there"},
    },
    ("holds",),
)
_CONSTRAINT = _text("a version constraint: >= 1.4")
_VERSIONS = _object(
    "the versions that the stack may admit; its own constraints may be narrower",
    {
        **_OF_DEMAND,
        "required_version": _CONSTRAINT,
        "providers": _map(
            _either(
                _CONSTRAINT,
                _object("a provider's versions", {**_OF_DEMAND, "version": _CONSTRAINT}, ("version",)),
            ),
            "by name, or by source where it isn't one of HashiCorp's",
        ),
    },
)
_PROVIDER = _object(
    "a configuration of a provider",
    {
        **_OF_DEMAND,
        "region": _text("its region, or the variable or local that it comes from"),
        "default_tags": _list(_text(), "keys that its default_tags hold"),
    },
)
_RULES = _map(
    _list(
        _either(
            _text(),
            _object(
                "a rule, where it speaks of these",
                {
                    "rule": _text("a rule, or a family: iam/*"),
                    "of": _one_or_more("types or parts that the finding is about"),
                    "need": _one_or_more("rows of aws/needs.yaml"),
                    "yields": {**_FLAG, "description": "left out where the contract's own finding tells the cause"},
                },
                ("rule",),
            ),
        )
    ),
    "rules of other families whose findings break a requirement, by its id",
)


_BOUND = _object(
    "code that a figure binds",
    {
        **{key: _OF_DEMAND[key] for key in ("says", "remedy", "under")},
        "of": _one_or_more("types, or parts"),
        "that": _expr("what has to hold for the figure to be kept, over self and the parts"),
        "at": _text("the argument to point at"),
        "points_at": _expr("a value within an argument to point at, over self"),
        "where": _expr("for which of them"),
        "figure": _one_or_more("which of the figures it is about, where it isn't about all"),
    },
    ("of", "that"),
)
_FIGURE = _object(
    "a promise, and the figures by which comments have to state it",
    {
        "id": _text("the requirement's id"),
        "about": _text("what the figures are about, in words"),
        "states": _list(_either(_text(), _list(_text())), "figures, each of which has to be stated; of a list, one"),
        "comment": _text("a line to write where they are missing"),
        "words": _list(_text(), "the beginnings of words that show what a sentence is about"),
        "belongs_to": _list(_text(), "parts, types or var.NAME: the blocks that they may stand at"),
        "only": {"enum": ["description"], "description": "comments don't count, only descriptions do"},
        "unless_set": _list(_text(), "arguments that say as much where one of the blocks sets them"),
        "covered_by": _text("the id of a figure; where that is missing this one isn't reported too"),
        "code": _list(_BOUND, "the code that has to agree"),
    },
    ("id", "about", "states", "comment", "words", "belongs_to"),
)


def contract_schema() -> dict[str, Any]:
    """The JSON Schema of a contract."""
    properties = {
        "contract": _text("its name"),
        "claims": {"description": "the files that have to hold it"},
        "also": _list(
            _either(_text(), _object("an artefact", {**_OF_DEMAND, "path": _text("its path")}, ("path",))),
            "files and folders that have to be there, by their paths from the stack's folder; * is any characters",
        ),
        "files": _map(_either(_one_or_more("what it holds"), _FILE), "the stack's files: the blocks that stand there"),
        "terraform": _VERSIONS,
        "providers": _map(_PROVIDER, "the configurations that there have to be, by what resources call them: aws.west"),
        "under": _map(_map(_ANYTHING), "evaluations by name: values of variables for which all of it has to hold"),
        "descriptions": _map(_text(), "the argument that counts as a comment, by type"),
        "variables": _map(_VARIABLE, "the variables that there have to be"),
        "locals": _map(_LOCAL, "the locals that there have to be"),
        "naming": _object(
            "what names are made of",
            {
                **_OF_DEMAND,
                "prefix": _text("what every name begins with: a local or variable"),
                "suffix": _expr("what every name ends with"),
                "pattern": _text("a regular expression for every name"),
                "except": _one_or_more("types or parts that are left out"),
            },
        ),
        "tags": _object(
            "the tags of every resource that has tags",
            {
                **_OF_DEMAND,
                "required": _list(_text(), "keys"),
                "values": _map(_either(_text(), _list(_text())), "the values that a tag may have"),
                "except": _one_or_more("types or parts that are left out"),
            },
        ),
        "requirements": _map(_text("its text"), "what the requirements say, by their ids, in the order of reports"),
        "parts": _PARTS,
        "each": _list(_EACH),
        "forbid": _list(_FORBID),
        "wiring": _list(_WIRE),
        "policies": _list(_either(_GRANT, _DENIAL)),
        "reach": _list(_REACH),
        "relate": _SETTINGS,
        "outputs": _list(_OUTPUT),
        "comments": _list(_COMMENT),
        "rules": _RULES,
        "person": _list(
            _either(_text(), _object("a demand", {"id": _OF_DEMAND["id"], "says": _text("the demand")}, ("says",))),
            "what no program can decide",
        ),
        "figures": _list(_FIGURE, "figures that comments have to state, and that the code has to keep"),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A contract of tap-lint",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
