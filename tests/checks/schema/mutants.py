"""The reference stack with one thing changed at random, from a fixed seed: how stacks go wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.stacks import ROOT
from tflint_tap.hcl import parse
from tflint_tap.hcl.nodes import Attribute, Block, Body
from tflint_tap.text.source import Source, Span

STACK = ROOT / "reference" / "tap_stack.tf"
SEED = 20261123
COUNT = 400
_VALUES = ('"soon"', "7", "true", '["a", "b"]', "[]", "{ a = 1 }", "{}", "null", "[{ a = 1 }]")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of the stack's text: what was done, and the text between two offsets of the original replaced."""

    what: str
    start: int
    end: int
    text: str

    def applied(self, original: str) -> str:
        return original[: self.start] + self.text + original[self.end :]


@dataclass(frozen=True, slots=True)
class _Item:
    """An argument or block, the block it stands in (None: the file), and the other blocks there."""

    node: Attribute | Block
    parent: Block | None

    @property
    def name(self) -> Span:
        return self.node.name_span if isinstance(self.node, Attribute) else self.node.type_span

    @property
    def words(self) -> str:
        kind = "argument" if isinstance(self.node, Attribute) else "block"
        labels = "".join(f" {label.value}" for label in self.node.labels) if isinstance(self.node, Block) else ""
        return f"{kind} {self.name.text}{labels} of line {self.node.span.line}"


def mutants(source: Source, count: int = COUNT, seed: int = SEED) -> list[Mutant]:
    """Different mutants of a text, the same for the same seed."""
    items = list(_items(parse(source).body, None))
    chance = random.Random(seed)
    found: dict[tuple[int, int, str], Mutant] = {}
    while len(found) < count:
        made = chance.choice(_OPERATIONS)(chance.choice(items), chance)
        if made is not None and made.text != source.text[made.start : made.end]:
            found.setdefault((made.start, made.end, made.text), made)
    return list(found.values())


def _items(body: Body, parent: Block | None) -> Iterator[_Item]:
    for attribute in body.attributes:
        yield _Item(attribute, parent)
    for block in body.blocks:
        yield _Item(block, parent)
        yield from _items(block.body, block)


def _rename(item: _Item, chance: random.Random) -> Mutant:
    name = item.name.text
    place = chance.randrange(len(name))
    changed = chance.choice([name + "s", name[:place] + name[place + 1 :], f"{name}_{chance.choice('abc')}"]) or "x"
    return Mutant(f"rename the {item.words} to {changed}", item.name.start, item.name.end, changed)


def _rename_label(item: _Item, chance: random.Random) -> Mutant | None:
    if not isinstance(item.node, Block) or not item.node.labels:
        return None
    label = chance.choice(item.node.labels)
    return Mutant(f"rename a label of the {item.words}", label.span.start, label.span.end, f'"{label.value}s"')


def _drop(item: _Item, chance: random.Random) -> Mutant:
    span = item.node.span
    return Mutant(f"drop the {item.words}", span.start, span.end, "")


def _retype(item: _Item, chance: random.Random) -> Mutant | None:
    if not isinstance(item.node, Attribute):
        return None
    value = chance.choice(_VALUES)
    return Mutant(f"retype the {item.words} to {value}", item.node.expr.span.start, item.node.expr.span.end, value)


def _duplicate(item: _Item, chance: random.Random) -> Mutant:
    span = item.node.span
    return Mutant(f"duplicate the {item.words}", span.end, span.end, "\n" + span.text)


def _wrap(item: _Item, chance: random.Random) -> Mutant:
    """Nest it in a block of a name that may or may not exist there."""
    name = chance.choice(["settings", "config", "rule", "vpc_config", "lifecycle", item.name.text])
    span = item.node.span
    return Mutant(f"nest the {item.words} in {name}", span.start, span.end, f"{name} {{\n{span.text}\n}}")


def _unwrap(item: _Item, chance: random.Random) -> Mutant | None:
    """Put what a nested block holds into the block around it."""
    if not isinstance(item.node, Block) or item.parent is None:
        return None
    span, body = item.node.span, item.node.body.span
    return Mutant(f"unnest what the {item.words} holds", span.start, span.end, body.text.strip())


def _turn(item: _Item, chance: random.Random) -> Mutant | None:
    """Turn a block into an argument, or an argument into a block."""
    span = item.node.span
    if isinstance(item.node, Attribute):
        return Mutant(f"make the {item.words} a block", span.start, span.end, f"{item.name.text} {{}}")
    if item.parent is None or item.node.labels:
        return None
    return Mutant(f"make the {item.words} an argument", item.name.end, item.name.end, " =")


_OPERATIONS = (_rename, _rename, _rename_label, _drop, _drop, _retype, _retype, _duplicate, _wrap, _unwrap, _turn)
