"""What a rule's card says, for readers: its page, a summary of it, and the list of all rules."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from ..rule import Rule
from .examples import marks_of
from .keys import SEVERITIES
from .shortening import shortened

_LONGEST_WHY, _LONGEST_BAD, _LONGEST_GOOD = 9, 12, 9  # lines of a summary, which has to fit on a screen
_MOST_LINKS = 2
_LINK = re.compile(r"https?://[^\s<>\"\\^`{|}]+")


def page(rule: Rule, shown: str = "") -> str:
    """All that a card says, as Markdown. `shown` is a text that stands behind the first bad example."""
    lines = [f"# {rule.id}: {rule.title}", "", f"Severity: {_severities(rule)}"]
    if rule.contract_only:
        named = " and that names the rule" if rule.named_only else ""
        lines += ["", f"It applies to what has to hold a contract{named}."]
    lines += ["", rule.why.strip()]
    for title, examples in (("Breaks it", rule.bad), ("Is right", rule.good)):
        for number, example in enumerate(examples):
            lines += ["", f"## {title}", ""]
            if shown and title == "Breaks it" and number == 0:
                lines += [shown.rstrip("\n")]
            else:
                lines += fenced(example, "hcl")
    if rule.specification is not None:
        lines += ["", "## The contract of these examples", "", *fenced(rule.specification, "yaml")]
    if rule.params:
        lines += ["", "## Params", "", "| param | value |", "| --- | --- |"]
        lines += [f"| `{name}` | {_code(value)} |" for name, value in rule.params.items()]
    if rule.references:
        lines += ["", "## References", "", *(f"- {_LINK.sub(_linked, reference)}" for reference in rule.references)]
    if rule.frameworks:
        lines += ["", "## Frameworks", "", *(f"- {framework}" for framework in rule.frameworks)]
    return "\n".join(lines) + "\n"


def summary(rule: Rule) -> str:
    """What matters most of a card, as text for a screen: a bad and a good example, cut to what they show."""
    paragraphs = rule.why.strip().split("\n\n")
    while len(paragraphs) > 1 and len("\n\n".join(paragraphs).split("\n")) > _LONGEST_WHY:
        del paragraphs[-1]
    lines = [f"{_severities(rule)} {rule.id}: {rule.title}", "", *"\n\n".join(paragraphs).split("\n")]
    bad, good = ("".join(examples[:1]) for examples in (rule.bad, rule.good))
    for title, example in (
        ("breaks it:", shortened(bad, _LONGEST_BAD) if bad else ()),
        ("is right:", shortened(good, _LONGEST_GOOD, bad) if good else ()),
    ):
        if example:
            lines += ["", title, *(f"    {line}".rstrip() for line in example)]
    links = [reference for reference in rule.references if _LINK.fullmatch(reference)][:_MOST_LINKS]
    lines += ["", *links, f"tap-lint explain --full {rule.id} prints all of its card"]
    return "\n".join(lines) + "\n"


def _severities(rule: Rule) -> str:
    """The severities that its findings may have, the worst first: `error or warning`. Marks name those that vary."""
    examples = (*rule.bad, *(case.hcl for case in rule.cases))
    marked = {mark.severity for example in examples for mark in marks_of(example)}
    words = [word for word in reversed(SEVERITIES) if word == str(rule.severity) or word in marked]
    return " or ".join(words)


def index(rules: Iterable[Rule], link: Callable[[Rule], str] | None = None) -> str:
    """All rules as Markdown, a table for each family. `link` gives the address of a rule's page."""
    return "\n\n".join("\n".join(_table(family, listed, link)) for family, listed in _families(rules)) + "\n"


def _families(rules: Iterable[Rule]) -> Iterator[tuple[str, list[Rule]]]:
    ordered = sorted(rules, key=lambda rule: rule.id)
    for family, listed in groupby(ordered, key=lambda rule: rule.family):
        yield family, list(listed)


def _table(family: str, rules: Iterable[Rule], link: Callable[[Rule], str] | None) -> Iterator[str]:
    yield from (f"## {family}", "", "| rule | severity | |", "| --- | --- | --- |")
    for rule in rules:
        name = f"`{rule.id}`" if link is None else f"[{rule.id}]({link(rule)})"
        yield f"| {name} | {rule.severity} | {_cell(rule.title)} |"


def fenced(text: str, language: str) -> list[str]:
    """The lines of a block of code, between fences that are longer than any in the text."""
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return [f"{fence}{language}", *text.rstrip("\n").split("\n"), fence]


def _linked(match: re.Match[str]) -> str:
    return f"<{match[0]}>"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(value: object) -> str:
    text = _cell(json.dumps(value, ensure_ascii=False))
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence}{text}{fence}"
