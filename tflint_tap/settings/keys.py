"""The keys of settings: what each holds and means, and how a nearer file goes with a farther one."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from . import DEFAULT_FAIL_ON
from .forms import (
    CONTRACT,
    FILES,
    FOLDERS,
    NAMES,
    NEW_FILE,
    PARAMS,
    PATTERNS,
    SEVERITIES,
    SOME_NAMES,
    SOME_PATTERNS,
    TAGS,
    TEMPLATE,
    VERSION,
    Form,
    word_of,
)


class Joining(enum.Enum):
    """How what a nearer file says of a key goes with what farther ones say; the value is the word for readers."""

    REPLACES = "replaces"
    ADDS = "adds"
    BY_NAME = "by name"  # each name by itself: the nearer one replaces
    OWN = "own folder"  # holds for the folder of the file, and not below it


class Key(NamedTuple):
    """A key. `in_paths` are those that an entry of `paths` may have; `param` are the params that it stands for.

    `default` says what holds where nothing is said.
    """

    doc: str
    form: Form
    joining: Joining
    default: str = "none"
    in_paths: bool = False
    param: tuple[tuple[str, str], ...] = ()


DOUBTS = ("report", "fail", "ignore")
FAIL_ON = ("note", "warning", "error")

KEYS: Mapping[str, Key] = {
    "select": Key(
        "the rules and families that are judged, and no others", SOME_NAMES, Joining.REPLACES, "all", in_paths=True
    ),
    "ignore": Key("rules and families that are left out", NAMES, Joining.ADDS, in_paths=True),
    "severity": Key(
        "by rule or family: error, warning or note, whatever the rule itself says; off leaves it out",
        SEVERITIES, Joining.BY_NAME, "as the rules say", in_paths=True,
    ),
    "exclude": Key(
        "files and folders in which nothing is reported, by patterns as git has them",
        PATTERNS, Joining.ADDS,
    ),
    "params": Key(
        "by rule: its params, which replace those of its card one by one",
        PARAMS, Joining.BY_NAME, "as the cards say",
    ),
    "prefix": Key(
        "what names begin with, as a template: acme-, ${local.name_prefix}", TEMPLATE, Joining.REPLACES,
        param=(("naming/missing-prefix", "prefix"),),
    ),
    "suffix": Key(
        "what names end with, as a template", TEMPLATE, Joining.REPLACES,
        param=(("naming/missing-suffix", "suffix"),),
    ),
    "tags": Key(
        "the keys of the tags that every resource has", TAGS, Joining.REPLACES,
        param=tuple((f"tagging/{rule}", "required") for rule in ("missing-tag", "untagged", "overridden")),
    ),
    "inputs": Key("files of values: the modules are judged with each as one of several sets", FILES, Joining.REPLACES),
    "contract": Key(
        "the contract that the module of this folder has to hold: a path, a name, or none", CONTRACT, Joining.OWN,
        "by the names and texts of files",
    ),
    "provider-version": Key(
        "the version of the AWS provider to judge by, or a constraint", VERSION, Joining.REPLACES,
        "those that the module admits",
    ),
    "rules": Key("folders of rules of one's own: cards with conditions, FAMILY/RULE.yaml", FOLDERS, Joining.ADDS),
    "doubts": Key(
        "what becomes of doubts: report them, fail because of them, or ignore them", word_of(*DOUBTS), Joining.REPLACES,
        DOUBTS[0],
    ),
    "fail-on": Key(
        "the least severity that makes the exit code 1", word_of(*FAIL_ON), Joining.REPLACES, DEFAULT_FAIL_ON
    ),
    "baseline": Key("the file of known findings, which don't fail", NEW_FILE, Joining.REPLACES),
}  # fmt: skip

PATHS = "paths"
PATHS_DOC = "what holds for some files only: a list of mappings, each with the patterns of its files"
FILES_KEY, FILES_DOC = "files", "the files and folders that an entry is for, by patterns as git has them"
IN_PATHS = tuple(name for name, key in KEYS.items() if key.in_paths)


def settings_schema() -> dict[str, Any]:
    """The JSON Schema of a `.tap-lint.yaml`, for editors; the same holds for `[tool.tap-lint]`."""
    properties: dict[str, Any] = {name: {"description": key.doc, **key.form.schema} for name, key in KEYS.items()}
    entry = {name: properties[name] for name in IN_PATHS}
    entry[FILES_KEY] = {"description": FILES_DOC, **SOME_PATTERNS.schema}
    properties[PATHS] = {
        "description": PATHS_DOC,
        "type": "array",
        "items": {
            "type": "object",
            "properties": entry,
            "required": [FILES_KEY],
            "minProperties": 2,
            "additionalProperties": False,
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of tap-lint",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def schema_text() -> str:
    """The text of that, as it is published."""
    return json.dumps(settings_schema(), indent=2, ensure_ascii=False) + "\n"
