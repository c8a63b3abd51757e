"""rules/**/*.yaml → rules. A card's own mistakes are reported with its line."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from ..hcl import ParseError, parse_expression
from ..hcl.nodes import Expr
from ..rule import Check, Hit, Rule, Severity
from ..stack import Stack
from ..text.cache import remembered
from ..text.source import Source
from ..text.yaml_text import YamlError, load
from .condition import Condition

BUNDLED = Path(__file__).resolve().parent.parent / "rules"
if not BUNDLED.is_dir():  # a checkout: the rulebook lies beside the package
    BUNDLED = BUNDLED.parent.parent / "rules"

_CHECKS = Path(__file__).resolve().parent.parent / "checks"

_TEXTS = ("title", "message", "remedy", "why")
_KEYS = frozenset(
    (*_TEXTS, "severity", "match", "require", "where", "each", "at", "check", "bad", "good", "references",
     "frameworks", "security_severity", "params", "absence", "contract", "requirement", "conditions")
)  # fmt: skip
_KINDS: tuple[tuple[str, type, str], ...] = (
    ("params", dict, "a mapping"),
    ("references", list, "a list of texts"),
    ("frameworks", list, "a list of texts"),
    ("absence", bool, "true or false"),
    ("contract", bool, "true or false"),
    ("requirement", str, "text"),
)
_CONDITION = frozenset(("match", "require", "where", "each", "at"))
_MATCH = re.compile(r"(resource|data)\.([a-z0-9_]+)")


class CardError(Exception):
    """A card that can't be used: `path:line: what is wrong`."""


_Wrong = Callable[[str, str], CardError]  # of a key, and what is wrong with it


def load_rules(*directories: Path) -> tuple[Rule, ...]:
    """The rules of these folders, in the order of their ids; a later folder's card replaces an earlier one's."""
    rules: dict[str, Rule] = {}
    for directory in directories:
        for path, content in _contents(directory).items():
            rule = _rule(Path(path), content)
            rules[rule.id] = rule
    return tuple(rules[id_] for id_ in sorted(rules))


def _contents(directory: Path) -> dict[str, dict[str, Any]]:
    """What a folder's cards hold, by their paths: kept once it was found to be right, since that takes long."""
    paths = [path for path in sorted(directory.glob("*/*.yaml")) if path.parent.name != "contracts"]
    states = [(str(path), *_state(path)) for path in (Path(__file__), *paths)]  # what is right is said here
    contents: dict[str, dict[str, Any]]
    contents = remembered("rules", directory, states, lambda: {str(path): _sound(path, _yaml(path)) for path in paths})
    return contents


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def read_card(path: Path) -> Rule:
    """One card. CardError with the line of what is wrong."""
    return _rule(path, _sound(path, _yaml(path)))


def _sound(path: Path, content: dict[str, Any]) -> dict[str, Any]:
    """What a card holds, if all of it is right; else CardError."""

    def wrong(key: str, what: str) -> CardError:
        lines = {name: number for number, name in _key_lines(path.read_text(encoding="utf-8"))}
        return CardError(f"{path}:{lines.get(key, 1)}: {what}")

    for key in content:
        if key not in _KEYS:
            raise wrong(key, f"a card has no key {key}")
    for key in (*_TEXTS, "severity", "bad", "good"):
        if key not in content:
            raise wrong(key, f"the card has no {key}")
    for key in _TEXTS:
        if not isinstance(content[key], str):
            raise wrong(key, f"{key} has to be text")
    if str(content["severity"]).upper() not in Severity.__members__:
        raise wrong("severity", "severity is one of note, warning, error")
    if sum(key in content for key in ("check", "require", "conditions")) != 1:
        raise wrong("check", "a card has either a check, a require or conditions")
    score = content.get("security_severity")
    if score is not None and not (isinstance(score, (int, float)) and score is not True and 0 < score <= 10):
        raise wrong("security_severity", "security_severity is a number above 0, up to 10")
    for key, kind, words in _KINDS:
        if key in content and not isinstance(content[key], kind):
            raise wrong(key, f"{key} has to be {words}")
    for key in ("references", "frameworks"):
        if not all(isinstance(item, str) for item in content.get(key, ())):
            raise wrong(key, f"{key} has to be a list of texts")
    if "check" in content:
        _sound_check(path, content["check"], wrong)
    elif "conditions" in content:
        parts = content["conditions"]
        for part in parts if isinstance(parts, list) and parts else [parts]:
            if not isinstance(part, dict) or not {"match", "require"} <= part.keys() <= _CONDITION:
                raise wrong("conditions", "conditions is a list, each with match and require, and where, each or at")
            _sound_condition(part, wrong)
    else:
        _sound_condition(content, wrong)
    return content


def _sound_check(path: Path, content: object, wrong: _Wrong) -> None:
    if content == "engine":
        return
    if content is not True:
        raise wrong("check", "check is true: the module of checks that has the rule's name judges")
    if not (_CHECKS / path.parent.name / f"{_underscored(path.stem)}.py").is_file():
        raise wrong("check", f"there is no module checks/{path.parent.name}/{_underscored(path.stem)}.py")


def _underscored(name: str) -> str:
    """`wildcard_action` for wildcard-action: a rule's name as that of a module."""
    return name.replace("-", "_")


def _sound_condition(content: Mapping[str, Any], wrong: _Wrong) -> None:
    names = content.get("match")
    matches = [_MATCH.fullmatch(str(name)) for name in (names if isinstance(names, list) else [names])]
    if not matches or not all(matches):
        raise wrong("match", "match is resource.TYPE or data.TYPE, or a list of them")
    if len({match[1] for match in matches if match is not None}) != 1:
        raise wrong("match", "match names resources or data sources, not both")
    places = content.get("at", ())
    if not isinstance(content.get("each", ""), str):
        raise wrong("each", "each names nested blocks")
    if not all(isinstance(place, str) for place in (places if isinstance(places, (list, tuple)) else [places])):
        raise wrong("at", "at names arguments")
    for key in ("require", "where"):
        if key in content:
            try:
                _expr(key, "" if content[key] is None else content[key])
            except ParseError as error:
                raise wrong(key, f"{key}: {error.message}") from None


def _rule(path: Path, content: Mapping[str, Any]) -> Rule:
    """The rule of a card that is right."""
    score = content.get("security_severity")
    return Rule(
        id=f"{path.parent.name}/{path.stem}",
        title=content["title"].strip(),
        severity=Severity[str(content["severity"]).upper()],
        message=content["message"].strip(),
        remedy=content["remedy"].strip(),
        why=content["why"].strip(),
        bad=_examples(content["bad"]),
        good=_examples(content["good"]),
        check=_check(path, content),
        references=tuple(content.get("references", ())),
        frameworks=tuple(content.get("frameworks", ())),
        security_severity=None if score is None else float(score),
        params=content.get("params", {}),
        absence=bool(content.get("absence", False)),
        contract_only=bool(content.get("contract", False)),
        requirement=content.get("requirement"),
    )


def _yaml(path: Path) -> dict[str, Any]:
    try:
        content = load(path.read_text(encoding="utf-8"))
    except YamlError as error:
        raise CardError(f"{path}:{error.line}: {error}") from None
    if not isinstance(content, dict):
        raise CardError(f"{path}:1: a card is a mapping")
    return cast("dict[str, Any]", content)


def _key_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        key = re.match(r"([A-Za-z_]+):", line)
        if key is not None:
            yield number, key[1]


def _examples(value: object) -> tuple[str, ...]:
    """One example or a list of them."""
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def _check(path: Path, content: Mapping[str, Any]) -> Check:
    """What judges by a card; its module is imported, or its HCL parsed, when the rule is judged first."""
    if "check" in content:
        return _by_engine if content["check"] == "engine" else _by_module(path)

    @cache
    def conditions() -> tuple[Condition, ...]:
        return tuple(_condition(path, part) for part in content.get("conditions", (content,)))

    def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
        for condition in conditions():
            yield from condition(stack, rule)

    return check


def _condition(path: Path, content: Mapping[str, Any]) -> Condition:
    names = content["match"]
    kinds, types = zip(*(name.split(".") for name in (names if isinstance(names, list) else [names])), strict=True)
    where = content.get("where")
    places = content.get("at", ())
    return Condition(
        kind=kinds[0],
        types=types,
        require=_expr(f"{path}#require", content["require"]),
        where=None if where is None else _expr(f"{path}#where", where),
        each=content.get("each"),
        at=(places,) if isinstance(places, str) else tuple(places),
    )


def _expr(place: str, text: object) -> Expr:
    return parse_expression(Source(place, str(text).strip()))


def _by_module(path: Path) -> Check:
    name = f"tflint_tap.checks.{path.parent.name}.{_underscored(path.stem)}"

    def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
        return cast("Iterator[Hit]", importlib.import_module(name).check(stack, rule))

    return check


def _by_engine(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Rules that the engine itself reports: nothing to look for here."""
    return iter(())
