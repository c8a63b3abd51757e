"""The data that a run needs of the cards: made when cards change, and once when the wheel is built.

An entry is a card that is right. Its conditions, parsed, and its texts (why, examples, references) are marshalled
by themselves: they stay closed until a stack has what the rule is about, or somebody asks what it says.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..rule import Check, Hit, Rule, Severity, Texts
from .card import expression, listed, module_of, parts_of

if TYPE_CHECKING:
    from ..hcl.nodes import Expr
    from ..stack import Stack
    from .condition import Condition, Telling

_VERSION = 2  # of marshal: the same data gives the same bytes, and every Python reads them


class Entry(NamedTuple):
    """The kept data of a card. `needs` as in Rule; `check` is `module` or `engine`, "" where conditions judge."""

    title: str
    severity: int
    message: str
    remedy: str
    security_severity: float | None
    params: dict[str, Any]
    absence: bool
    contract: bool
    named: bool
    asked: bool
    supersedes: tuple[str, ...]
    check: str
    needs: tuple[str, ...] | None
    conditions: bytes
    texts: bytes


def entry_of(id_: str, content: Mapping[str, Any]) -> tuple[Any, ...]:
    """The entry of a card that is right, as a plain tuple."""
    score = content.get("security_severity")
    texts = (
        content["why"].strip(),
        _examples(content["bad"]),
        _examples(content["good"]),
        tuple(content.get("references", ())),
        tuple(content.get("frameworks", ())),
        tuple((case["name"], case["hcl"]) for case in content.get("cases", ())),
        content.get("specification"),
        content.get("precision", "high"),
    )
    check = "" if "check" not in content else "engine" if content["check"] == "engine" else "module"
    entry = Entry(
        title=content["title"].strip(),
        severity=int(_worst(content)),
        message=content["message"].strip(),
        remedy=content["remedy"].strip(),
        security_severity=None if score is None else float(score),
        params=content.get("params", {}),
        absence=bool(content.get("absence", False)),
        contract=bool(content.get("contract", False)),
        named=content.get("contract") == "named",
        asked=bool(content.get("asked", False)),
        supersedes=tuple(content.get("supersedes", ())),
        check=check,
        needs=_needs(content),
        conditions=marshal.dumps(tuple(_condition(id_, content, part) for part in parts_of(content)), _VERSION),
        texts=marshal.dumps(texts, _VERSION),
    )
    return tuple(entry)


def rule_of(id_: str, content: tuple[Any, ...]) -> Rule:
    """The rule of an entry."""
    entry = Entry(*content)
    return Rule(
        id=id_,
        title=entry.title,
        severity=Severity(entry.severity),
        message=entry.message,
        remedy=entry.remedy,
        check=_check(id_, entry),
        texts=lambda: Texts(*marshal.loads(entry.texts)),
        security_severity=entry.security_severity,
        params=entry.params,
        absence=entry.absence,
        contract_only=entry.contract,
        named_only=entry.named,
        asked_only=entry.asked,
        supersedes=entry.supersedes,
        needs=None if entry.needs is None else frozenset(entry.needs),
    )


def _worst(content: Mapping[str, Any]) -> Severity:
    """The worst severity that a card's findings may have: the one that it is listed under."""
    from .keys import SEVERITIES

    words = [content["severity"], *(part["severity"] for part in parts_of(content) if "severity" in part)]
    return max(Severity[word.upper()] for text in words for word in SEVERITIES if word in str(text).lower())


def _examples(value: object) -> tuple[str, ...]:
    """One example or a list of them."""
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


# -- what a stack has to have -----------------------------------------------------------------------------------


def _needs(content: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The blocks that hold a card's subjects: `resource.aws_sqs_queue`, `variable`; None: any block."""
    parts = parts_of(content)
    found: set[str] = set()
    for match in (str(item) for part in parts for item in listed(part["match"])):
        kind, _, name = match.partition(".")
        if kind == "edge":
            from ..aws.edges import edge_rows

            found |= {f"resource.{row.holder}" for row in edge_rows(name)}
        elif kind in ("resource", "data", "variable", "output", "local"):
            found.add(kind if name in ("", "*") else match)
        else:
            return None
    return tuple(sorted(found)) if parts else None


# -- what judges ------------------------------------------------------------------------------------------------


def _check(id_: str, entry: Entry) -> Check:
    """The check of a card; a module of checks is imported, and conditions are unpacked, on first use."""
    if entry.check:
        return _by_engine if entry.check == "engine" else _by_module(id_)

    @cache
    def conditions() -> tuple[Condition, ...]:
        return tuple(map(_unpacked_condition, marshal.loads(entry.conditions)))

    def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
        for condition in conditions():
            yield from condition(stack, rule)

    return check


def _condition(id_: str, card: Mapping[str, Any], part: Mapping[str, Any]) -> tuple[Any, ...]:
    """A condition of a card as plain data; `part` is the card itself where it has only one."""
    from ..hcl.packing import packed
    from .keys import SEVERITIES

    def expr(key: str, text: object) -> Any:
        return packed(expression(f"{id_}: {key}", text))

    let = {name: expression(f"{id_}: {name}", text) for name, text in part.get("let", {}).items()}
    of_each = _of_each(let) if "each" in part else []
    where = expression(f"{id_}: where", part["where"]) if "where" in part else None
    severity = part.get("severity", card["severity"])
    written = f'"{severity}"' if severity in SEVERITIES else severity
    return (
        tuple(listed(part["match"])),
        expr("require", part["require"]),
        None if where is None else packed(where),
        tuple((name, packed(one)) for name, one in let.items()),
        expr("each", part["each"]) if "each" in part else None,
        tuple(of_each),
        where is not None and not _firsts(where).isdisjoint(of_each),
        _path_of(expression(f"{id_}: each", part["each"])) if "each" in part else (),
        tuple(expr("at", text) for text in listed(part.get("at", ()))),
        None if severity == str(_worst(card)) else expr("severity", written),
        part["message"].strip() if "message" in part else None,
        part["remedy"].strip() if "remedy" in part else None,
        tuple((label, expr("related", text)) for label, text in part.get("related", {}).items()),
    )


def _of_each(let: Mapping[str, Expr]) -> list[str]:
    """`each`, and the names of `let` that need it: a name needs only names before it."""
    found = ["each"]
    for name, expr in let.items():
        if not _firsts(expr).isdisjoint(found):
            found.append(name)
    return found


def _firsts(expr: Expr) -> set[str]:
    """The names that the references in an expression begin with."""
    from ..terraform.module.references import references

    return {reference.first for reference in references(expr)}


def _path_of(each: Expr) -> tuple[str, ...]:
    """The names of a plain path, root first; none of any other expression."""
    from ..hcl.nodes import GetAttr
    from ..terraform.module.references import steps_of

    found = steps_of(each)
    if found is None or not all(isinstance(step, GetAttr) for step in found[1]):
        return ()
    return found[0].name, *(step.name for step in found[1] if isinstance(step, GetAttr))


def _unpacked_condition(content: tuple[Any, ...]) -> Condition:
    from ..formulas.formula import Formula
    from ..vocabulary.subjects import Match
    from .condition import Condition

    match, require, where, let, each, of_each, is_late, each_path, *rest = content
    return Condition(
        match=tuple(Match(*item.split(".", 1)) for item in match),
        require=Formula(require),
        where=None if where is None else Formula(where),
        let={name: Formula(one) for name, one in let},
        each=None if each is None else Formula(each),
        of_each=frozenset(of_each),
        is_late=is_late,
        each_path=each_path,
        telling=cache(partial(_telling, rest)),
    )


def _telling(content: list[Any]) -> Telling:
    """How a condition tells what it finds: unpacked where it finds something."""
    from ..hcl.packing import unpacked
    from .condition import Telling

    at, severity, message, remedy, related = content
    return Telling(
        at=tuple(map(unpacked, at)),
        severity=None if severity is None else unpacked(severity),
        message=message,
        remedy=remedy,
        related=tuple((label, unpacked(value)) for label, value in related),
    )


def _by_module(id_: str) -> Check:
    def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
        return cast("Iterator[Hit]", import_module(module_of(id_)).check(stack, rule))

    return check


def _by_engine(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Rules that the pipeline itself reports: nothing to look for here."""
    return iter(())
