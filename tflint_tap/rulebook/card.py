"""What a card says → the rule that it is. A card is taken for right here: `soundness` sees to that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

from ..hcl import parse_expression
from ..hcl.nodes import Expr
from ..rule import Case, Check, Hit, Rule, Severity
from ..stack import Stack
from ..text.source import Source
from .condition import Condition
from .keys import SEVERITIES
from .subjects import Match


def rule_of(id_: str, content: Mapping[str, Any]) -> Rule:
    """The rule of a card that is right."""
    score = content.get("security_severity")
    return Rule(
        id=id_,
        title=content["title"].strip(),
        severity=_worst(content),
        message=content["message"].strip(),
        remedy=content["remedy"].strip(),
        why=content["why"].strip(),
        bad=_examples(content["bad"]),
        good=_examples(content["good"]),
        check=_check(id_, content),
        references=tuple(content.get("references", ())),
        frameworks=tuple(content.get("frameworks", ())),
        security_severity=None if score is None else float(score),
        params=content.get("params", {}),
        absence=bool(content.get("absence", False)),
        contract_only=bool(content.get("contract", False)),
        requirement=content.get("requirement"),
        cases=tuple(Case(case["name"], case["hcl"]) for case in content.get("cases", ())),
        supersedes=tuple(content.get("supersedes", ())),
    )


def _worst(content: Mapping[str, Any]) -> Severity:
    """The worst severity that a card's findings may have: the one that it is listed under."""
    words = [content["severity"], *(part["severity"] for part in parts_of(content) if "severity" in part)]
    return max(Severity[word.upper()] for text in words for word in SEVERITIES if word in str(text).lower())


def parts_of(content: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The conditions of a card, each with its own keys; none where Python judges."""
    if "conditions" in content:
        return tuple(content["conditions"])
    return (content,) if "require" in content else ()


def _examples(value: object) -> tuple[str, ...]:
    """One example or a list of them."""
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def _check(id_: str, content: Mapping[str, Any]) -> Check:
    """What judges by a card; the module of a check is imported, or its HCL parsed, when the rule is judged first."""
    if "check" in content:
        return _by_engine if content["check"] == "engine" else _by_module(id_)

    @cache
    def conditions() -> tuple[Condition, ...]:
        return tuple(condition_of(id_, content, part) for part in parts_of(content))

    def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
        for condition in conditions():
            yield from condition(stack, rule)

    return check


def condition_of(id_: str, card: Mapping[str, Any], part: Mapping[str, Any]) -> Condition:
    """A condition of a card; `part` is the card itself where it has only one."""

    def expr(key: str) -> Expr | None:
        return expression(f"{id_}: {key}", part[key]) if key in part else None

    require = expr("require")
    assert require is not None
    severity = part.get("severity", card["severity"])
    return Condition(
        match=matches_of(part["match"]),
        require=require,
        where=expr("where"),
        let={name: expression(f"{id_}: {name}", text) for name, text in part.get("let", {}).items()},
        each=expr("each"),
        at=tuple(expression(f"{id_}: at", text) for text in listed(part.get("at", ()))),
        severity=None if severity == _worst(card).name.lower() else _severity(id_, severity),
        message=_text(part, "message"),
        remedy=_text(part, "remedy"),
        related=tuple((label, expression(f"{id_}: related", text)) for label, text in part.get("related", {}).items()),
    )


def _severity(id_: str, text: str) -> Expr:
    return expression(f"{id_}: severity", f'"{text}"' if text in SEVERITIES else text)


def _text(part: Mapping[str, Any], key: str) -> str | None:
    return part[key].strip() if key in part else None


def matches_of(value: object) -> tuple[Match, ...]:
    """`resource.aws_sqs_queue`, or a list of such."""
    return tuple(Match(*str(item).split(".", 1)) for item in listed(value))


def listed(value: object) -> tuple[object, ...]:
    """One thing or a list of them, as a tuple."""
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def expression(place: str, text: object) -> Expr:
    """An expression of a card. ParseError where it isn't one."""
    written = str(text).lower() if isinstance(text, bool) else str(text)
    return parse_expression(Source(place, written.strip()))


def module_of(id_: str) -> str:
    """The module of checks that has a rule's name: `tflint_tap.checks.iam.wildcard_action`."""
    return f"tflint_tap.checks.{id_.replace('/', '.').replace('-', '_')}"


def _by_module(id_: str) -> Check:
    def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
        return cast("Iterator[Hit]", import_module(module_of(id_)).check(stack, rule))

    return check


def _by_engine(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Rules that the pipeline itself reports: nothing to look for here."""
    return iter(())
