"""rules/**/*.yaml → rules. A card's own mistakes are reported with its line."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from .cache import remembered
from .conditions import Condition, Conditions
from .rule import Check, Hit, Rule, Severity
from .source import Source
from .stack import Stack
from .syntax import ParseError, parse_expression
from .syntax.nodes import Expr

BUNDLED = Path(__file__).resolve().parent / "rules"
if not BUNDLED.is_dir():  # a checkout: the rulebook lies beside the package
    BUNDLED = BUNDLED.parent.parent / "rules"

_TEXTS = ("title", "message", "remedy", "why")
_KEYS = frozenset(
    (*_TEXTS, "severity", "match", "require", "where", "each", "at", "check", "bad", "good", "references",
     "frameworks", "security_severity", "params", "absence", "contract", "requirement", "conditions")
)  # fmt: skip
_CONDITION = frozenset(("match", "require", "where", "each", "at"))
_MATCH = re.compile(r"(resource|data)\.([a-z0-9_]+)")


class CardError(Exception):
    """A card that can't be used: `path:line: what is wrong`."""


def load_rules(*directories: Path) -> tuple[Rule, ...]:
    """The rules of these folders, in the order of their ids; a later folder's card replaces an earlier one's."""
    rules: dict[str, Rule] = {}
    for directory in directories:
        for path, content in _contents(directory).items():
            rule = read_card(Path(path), content)
            rules[rule.id] = rule
    return tuple(rules[id_] for id_ in sorted(rules))


def _contents(directory: Path) -> dict[str, dict[str, Any]]:
    """What a folder's cards hold, by their paths. Reading the YAML takes ten times as long as all else about them."""
    paths = [path for path in sorted(directory.glob("*/*.yaml")) if path.parent.name != "contracts"]
    states = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    name = f"rules-{zlib.crc32(os.fsencode(directory.resolve())):08x}"
    contents: dict[str, dict[str, Any]] = remembered(name, states, lambda: {str(path): _yaml(path) for path in paths})
    return contents


def read_card(path: Path, content: dict[str, Any] | None = None) -> Rule:
    """One card; `content` is what its YAML holds, where that is known. CardError with the line of what is wrong."""
    content = _yaml(path) if content is None else content

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
    try:
        severity = Severity[str(content["severity"]).upper()]
    except KeyError:
        raise wrong("severity", "severity is one of note, warning, error") from None
    if sum(key in content for key in ("check", "require", "conditions")) != 1:
        raise wrong("check", "a card has either a check, a require or conditions")
    score = content.get("security_severity")
    if score is not None and not (isinstance(score, (int, float)) and 0 < score <= 10):
        raise wrong("security_severity", "security_severity is a number above 0, up to 10")
    return Rule(
        id=f"{path.parent.name}/{path.stem}",
        title=content["title"].strip(),
        severity=severity,
        message=content["message"].strip(),
        remedy=content["remedy"].strip(),
        why=content["why"].strip(),
        bad=_examples(content["bad"]),
        good=_examples(content["good"]),
        check=_check(path, content, wrong),
        references=tuple(content.get("references", ())),
        frameworks=tuple(content.get("frameworks", ())),
        security_severity=None if score is None else float(score),
        params=content.get("params", {}),
        absence=bool(content.get("absence", False)),
        contract_only=bool(content.get("contract", False)),
        requirement=content.get("requirement"),
    )


def _yaml(path: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise CardError(f"{path}:{line}: {error.problem}") from None
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


def _check(path: Path, content: Mapping[str, Any], wrong: Any) -> Check:
    if "check" in content:
        name = content["check"]
        if not isinstance(name, str) or not re.fullmatch(r"engine|[a-z_]+\.[a-z_]+", name):
            raise wrong("check", "check names a function: family.function")
        return _named(name, wrong)
    if "conditions" not in content:
        return _condition(path, content, wrong)
    parts = content["conditions"]
    for part in parts if isinstance(parts, list) and parts else [parts]:
        if not isinstance(part, dict) or not {"match", "require"} <= part.keys() <= _CONDITION:
            raise wrong("conditions", "conditions is a list, each with match and require, and where, each or at")
    return Conditions(tuple(_condition(path, part, wrong) for part in parts))


def _condition(path: Path, content: Mapping[str, Any], wrong: Any) -> Condition:
    match = _MATCH.fullmatch(str(content.get("match", "")))
    names = content.get("match")
    kinds = [_MATCH.fullmatch(str(item)) for item in (names if isinstance(names, list) else [names])]
    if not all(kinds) or (match is None and not isinstance(names, list)):
        raise wrong("match", "match is resource.TYPE or data.TYPE, or a list of them")
    found = [item for item in kinds if item is not None]
    if len({item[1] for item in found}) != 1:
        raise wrong("match", "match names resources or data sources, not both")
    where = content.get("where")
    places = content.get("at", ())
    return Condition(
        kind=found[0][1],
        types=tuple(item[2] for item in found),
        require=_expr(path, "require", content["require"], wrong),
        where=_expr(path, "where", where, wrong) if where is not None else None,
        each=content.get("each"),
        at=(places,) if isinstance(places, str) else tuple(places),
    )


def _expr(path: Path, key: str, text: object, wrong: Any) -> Expr:
    try:
        return parse_expression(Source(f"{path}#{key}", str(text).strip()))
    except ParseError as error:
        raise wrong(key, f"{key}: {error.message}") from None


def _named(name: str, wrong: Any) -> Check:
    """The function that a card names; its module is imported when the rule is judged first."""
    if name == "engine":
        return _by_engine
    family, _, function = name.partition(".")

    def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
        module = importlib.import_module(f".checks.{family}", __package__)
        return cast("Iterator[Hit]", getattr(module, function)(stack, rule))

    if importlib.util.find_spec(f"{__package__}.checks.{family}") is None:
        raise wrong("check", f"there is no module of checks named {family}")
    return check


def _by_engine(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Rules that the engine itself reports: nothing to look for here."""
    return iter(())
