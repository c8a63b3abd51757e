"""A stack → the contract that it meets, to be read and edited."""

from __future__ import annotations

from collections.abc import Iterator

from ..hcl import ParseError, parse_expression
from ..records import dataclass
from ..rulebook.shapes import Block, ShapeError, shape_of
from ..stack import Stack
from ..text.source import Source
from ..vocabulary import evaluator_of
from ..vocabulary.verdicts import verdict
from ..vocabulary.views import instance_view, schema_of_type
from .comments import commented, comments_of, figures_of, quoted_comment, where
from .declarations import locals_of, outputs_of, variables_of
from .draft import Content, Draft, Entry, Section
from .names import naming_of_stack, prefix_of, tags_of
from .parts import DraftedPart, Parts, parts_of
from .providers import providers_of, versions_of
from .settings import Settings, Surroundings, settings_of
from .wires import permissions_of, wires_of

_SHARED = 2  # resources of a type that have to have a setting for it to be asked of each of them
# Blocks that the format of contracts has no section for.
_UNSAID = ("module", "moved", "import", "removed", "check", "ephemeral", "action")
_OF_TAGS = ["tagging/missing-name"]  # beside the rules that the section tags implies
_HEAD = (
    "A draft: what {source} has, as demands. It holds for that stack; edit it until it says what every stack has to "
    "have, and no more.",
    "- Take away what only this stack has: settings of its own, names that don't matter, wires of helpers.",
    "- A part without `named` is told by its type alone; `count`, `where` and `level` say more (docs/contracts.md).",
    "- Check it by `tap-lint contract check`, try it by `tap-lint check --contract FILE STACK`.",
    "- `claims` makes it hold by itself for files of a name: claims: {{file: NAME.tf, recognised_by: [NAME, ...]}}",
)


@dataclass(frozen=True, slots=True)
class _Read:
    """A part with its settings: those that all its instances have."""

    part: DraftedPart
    settings: Settings


def stack_draft(stack: Stack, name: str, source: str) -> Draft:
    """The contract of a name that a stack meets, from what is in the text `source`."""
    parts = parts_of(stack)
    prefix = prefix_of(stack)
    wires = wires_of(stack, parts)
    around = Surroundings(stack, parts, wires.arguments, prefix)
    read = [_Read(part, _settings(part, around)) for part in parts.all]
    shared = _shared(read)
    blocks = list(commented(stack, parts.all))
    naming, tags = tuple(naming_of_stack(prefix)), tuple(tags_of(stack, prefix))
    rules = [Entry(f"rules.{entry.id}", _OF_TAGS, entry.id) for entry in tags]
    return Draft(
        name,
        tuple(line.format(source=source) for line in _HEAD),
        (
            Section("terraform", tuple(versions_of(stack))),
            Section("providers", tuple(providers_of(stack))),
            Section("variables", tuple(variables_of(stack))),
            Section("locals", tuple(locals_of(stack, prefix))),
            Section("naming", naming),
            Section("tags", tags),
            Section("parts", tuple(_part(stack, one, shared) for one in read)),
            Section("each", tuple(_each(shared))),
            Section("wiring", wires.entries),
            Section("policies", tuple(permissions_of(stack, parts))),
            Section("outputs", tuple(outputs_of(stack, parts))),
            Section("comments", tuple(comments_of(stack, blocks))),
            Section("rules", tuple(rules)),
            Section("figures", tuple(figures_of(stack, blocks))),
        ),
        tuple(_rest(stack, parts)),
    )


def _settings(part: DraftedPart, around: Surroundings) -> Settings:
    """The settings that all instances of a part have, and that conditions of a contract can say."""
    found = [settings_of(instance, around) for instance in part.instances]
    first = found[0]
    common = [text for text in dict.fromkeys(first.conditions) if all(text in one.conditions for one in found[1:])]
    origins = {
        path: of
        for path, of in first.origins.items()
        if all(one.origins.get(path) == of for one in found[1:]) and of.partition(".")[0] != part.name
    }
    left_out = dict.fromkeys(text for one in found for text in one.left_out)
    held: list[str] = []
    for text in common:
        reason = _reason_against(text, part, around.stack)
        if reason is None:
            held.append(text)
        else:
            left_out[f"{text} ({reason})"] = None
    return Settings(held, origins, list(left_out))


def _reason_against(text: str, part: DraftedPart, stack: Stack) -> str | None:
    """The reason why a condition can't be asked for; None where every instance of the part certainly meets it."""
    declaration = part.declaration
    own = Block(declaration.type, (schema_of_type(declaration.kind, declaration.type),))
    try:
        expr = parse_expression(Source("condition", text))
        shape_of(expr, {"self": own, "local": None, "var": None})
    except (ParseError, ShapeError) as error:
        return str(error)
    for instance in part.instances:
        holds = verdict(evaluator_of(stack).evaluate(expr, {"self": instance_view(stack, instance)}))
        if holds is not True:
            return holds if isinstance(holds, str) else "it doesn't hold"
    return None


def _shared(read: list[_Read]) -> dict[str, list[str]]:
    """The conditions that all resources of a type meet, of types that there are several of."""
    by_type: dict[str, list[_Read]] = {}
    for one in read:
        if not one.part.is_data:
            by_type.setdefault(one.part.declaration.type, []).append(one)
    made: dict[str, list[str]] = {}
    for type_, listed in by_type.items():
        if len(listed) >= _SHARED:
            others = [set(one.settings.conditions) for one in listed[1:]]
            common = [text for text in listed[0].settings.conditions if all(text in other for other in others)]
            if common:
                made[type_] = common
    return made


def _part(stack: Stack, read: _Read, shared: dict[str, list[str]]) -> Entry:
    part, settings = read.part, read.settings
    content: dict[str, Content] = dict(part.signs)
    if settings.origins:
        content["from"] = dict(settings.origins)
    of_all = () if part.is_data else shared.get(part.declaration.type, ())
    own = [text for text in settings.conditions if text not in of_all]
    if own:
        content["require"] = own
    comment = quoted_comment(stack, part.declaration)
    notes = [f"{part.address}, {where(stack, part.declaration.span)}{f': {comment}' if comment else ''}"]
    if settings.left_out:
        notes.append(f"left out: {', '.join(settings.left_out)}")
    return Entry(f"parts.{part.name}", content, part.name, tuple(notes))


def _each(shared: dict[str, list[str]]) -> Iterator[Entry]:
    for type_, conditions in shared.items():
        id_ = f"each.{type_}"
        yield Entry(id_, {"id": id_, "of": type_, "require": conditions})


def _rest(stack: Stack, parts: Parts) -> Iterator[str]:
    """What no section says."""
    lines = list(parts.left_out)
    for block in stack.module.blocks():
        if block.type in _UNSAID:
            label = " ".join(f'"{label.value}"' for label in block.labels)
            lines.append(f"{block.type}{f' {label}' if label else ''}, {where(stack, block.header)}: "
                         "the format has no section for it")  # fmt: skip
    if lines:
        yield "Not in the draft:"
        yield from (f"- {line}" for line in lines)
