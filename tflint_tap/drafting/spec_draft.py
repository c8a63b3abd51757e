"""A specification in Markdown → a first draft of its contract, to be read and edited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..hcl import ParseError, parse, parse_expression
from ..records import replace
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError, quoted
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.module import build_module
from ..terraform.typing import convert, parse_type
from ..text.source import Source
from .comments import figure_entry
from .declarations import Unsayable, plain_of
from .draft import Content, Draft, Entry, Noted, Section
from .markdown import Fence, Line, Markdown, markdown
from .parts import kind_of, unique
from .said import FACTS, At, Said, SaidPart, SaidVariable
from .spec_reading import read_lines
from .stack_draft import stack_draft

_HEAD = (
    "A draft, made from {source}, to be read before it is used: a program understood what it could of a text that is "
    "written for people. Each demand says by `# line` where in the text it comes from.",
    "- Compare it with the text, line by line; take away what is only mentioned, and add the wires between the parts.",
    "- `person` at the end lists what wasn't understood: write it as a demand, or leave it to people.",
    "- `tap-lint contract check` tells what is wrong with it, docs/contracts.md what it can say.",
)
_SECTIONS = (
    *("variables", "locals", "naming", "tags", "parts", "each", "forbid", "wiring", "outputs"),
    *("figures", "person"),
)
_FROM_CODE = ("variables", "locals", "parts", "each", "wiring", "outputs")
_HCL = ("hcl", "terraform", "tf", "")
_BLOCK = re.compile(r"(?m)^\s*(?:variable|resource|output|locals|data)\b[^\n=]*\{")
_ASSIGNED = re.compile(r"\s*[a-z]\w*\s*=\s*\S")
_PLACE = re.compile(r"\bline \d+")
_LONGEST = 300  # characters that are kept of what wasn't understood


def spec_draft(text: str, name: str, source: str) -> Draft:
    """The contract of a name that a text asks for, from what is in the file `source`."""
    read = markdown(text)
    said = read_lines((*read.lines, *_assignments(read)))
    entries = _of_said(said)
    made = {section: {entry.id: entry for entry in listed} for section, listed in entries.items()}
    for section, found in _of_code(read, source):  # more exact than what prose says of the same thing
        made.setdefault(section, {})[found.id] = found
    sections = [Section(section, tuple(made.get(section, {}).values())) for section in _SECTIONS]
    return Draft(name, tuple(line.format(source=source) for line in _HEAD), tuple(sections))


# -- code in the text ------------------------------------------------------------------------------------------


def _assignments(read: Markdown) -> Iterator[Line]:
    """The lines of code that hold arguments alone, as if they were items of a list."""
    for fence in read.fences:
        if _is_hcl(fence) and not _BLOCK.search(fence.text):
            for number, line in enumerate(fence.text.split("\n"), fence.number):
                if _ASSIGNED.match(line):
                    yield Line(number, "item", 0, line.strip(), fence.parent)


def _of_code(read: Markdown, source: str) -> Iterator[tuple[str, Entry]]:
    """What HCL in a text declares, as a stack of its own whose lines are the text's."""
    lines: list[str] = []
    for fence in read.fences:
        if _is_hcl(fence) and _BLOCK.search(fence.text):
            lines += [""] * (fence.number - 1 - len(lines))
            lines += fence.text.split("\n")
    if not lines:
        return
    file = parse(Source(source, "\n".join(lines) + "\n"))
    draft = stack_draft(Stack.of(build_module([file])), "", source)
    places: dict[str, str] = {}  # of the parts
    place = f"line {read.fences[0].number}"
    for section in draft.sections:
        if section.name in _FROM_CODE:
            for entry in section.entries:
                found = next((match[0] for note in entry.notes for match in [_PLACE.search(note)] if match), None)
                source_part = entry.content.get("from") if isinstance(entry.content, Mapping) else None
                place = found or places.get(str(source_part), place)
                places[entry.key] = place
                yield section.name, replace(entry, behind=place, notes=())


def _is_hcl(fence: Fence) -> bool:
    return fence.language in _HCL


# -- what the text says ----------------------------------------------------------------------------------------


def _of_said(said: Said) -> dict[str, list[Entry]]:
    names = _names(said)
    made: dict[str, list[Entry]] = {
        "variables": [_variable(name, variable) for name, variable in said.variables.items()],
        "locals": [_entry(f"locals.{name}", {"equals": at.what}, at.line, name) for name, at in said.locals.items()],
        "parts": [_part(names[key], part) for key, part in said.parts.items()],
        "each": [_each(type_, list(settings.values())) for type_, settings in said.universal.items()],
        "forbid": [_ban(kind, name, line) for (kind, name), line in said.bans.items()],
        "outputs": list(_outputs(said, names)),
        "figures": list(_figures(said)),
    }
    made["person"] = [
        _entry(f"person.{number}", _short(at.what), at.line)
        for number, at in enumerate(sorted(said.person, key=lambda at: at.line))
    ]
    if said.prefix is not None:
        made["naming"] = [_entry("naming", said.prefix.what, said.prefix.line, "prefix")]
    if said.tags:
        content = [Noted(key, f"line {line}") for key, line in said.tags.items()]
        made["tags"] = [_entry("tags", content, next(iter(said.tags.values())), "required")]
    return made


def _entry(id_: str, content: Content, line: int, key: str = "") -> Entry:
    return Entry(id_, content, key, behind=f"line {line}")


def _noted(at: At, content: str | None = None) -> Noted:
    return Noted(at.what if content is None else content, f"line {at.line}")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} ..."


def _names(said: Said) -> dict[tuple[str, str], str]:
    """The contract's own names of the parts."""
    made: dict[tuple[str, str], str] = {}
    often: dict[str, int] = {}
    for _, named in said.parts:
        often[named] = often.get(named, 0) + 1
    taken: set[str] = set()
    for type_, named in said.parts:
        word = re.sub(r"\W+", "_", named, flags=re.ASCII).strip("_").lower()
        name = word if word and often[named] == 1 else f"{word}_{kind_of(type_)}".strip("_")
        made[type_, named] = unique(name if name[:1].isalpha() else f"part_{name}", taken)
        taken.add(made[type_, named])
    return made


def _variable(name: str, said: SaidVariable) -> Entry:
    content: dict[str, Content] = {}
    if said.type is not None:
        content["type"] = said.type.what
    defaults = [value for at in said.defaults for value in _default(at.what, said.type)]
    if defaults:
        # one that is a list stands in the list of those that will do
        several = len(defaults) > 1 or isinstance(defaults[0], list)
        content["default"] = defaults if several else defaults[0]
    return _entry(f"variables.{name}", content, said.line, name)


def _default(text: str, type_: At | None) -> Iterator[Content]:
    """A default as YAML has it; nothing where it is no constant."""
    if text == "none":
        yield "none"
        return
    try:
        value = Evaluator(build_module([])).evaluate(parse_expression(Source("default", text)))
    except ParseError:
        value = None
    if value is None or value.reason is not None:
        if type_ is None or type_.what != "string":
            return
        value = Evaluator(build_module([])).evaluate(parse_expression(Source("default", quoted(text))))
    if type_ is not None:
        try:
            value = convert(value, parse_type(parse_expression(Source("type", type_.what))))
        except (EvaluationError, ParseError):
            return
    try:
        yield plain_of(value)
    except Unsayable:
        return


def _part(name: str, said: SaidPart) -> Entry:
    content: dict[str, Content] = {"type": said.type}
    if said.named:
        content["named"] = said.named
    if said.origins:
        content["from"] = {argument: _noted(at) for argument, at in said.origins.items()}
    if said.settings:
        content["require"] = [_noted(at) for at in said.settings.values()]
    return _entry(f"parts.{name}", content, said.line, name)


def _each(type_: str, settings: list[At]) -> Entry:
    id_ = f"each.{type_}"
    return _entry(id_, {"id": id_, "of": type_, "require": [_noted(at) for at in settings]}, settings[0].line)


def _ban(kind: str, name: str, line: int) -> Entry:
    id_ = f"forbid.{'existing' if name == '*' else name}"
    content: dict[str, Content] = {"id": id_, kind: name}
    if kind == "data":
        content["except"] = list(FACTS)
    return _entry(id_, content, line)


def _outputs(said: Said, names: dict[tuple[str, str], str]) -> Iterator[Entry]:
    for number, output in enumerate(said.outputs, 1):
        id_ = f"outputs.{output.name or number}"
        content: dict[str, Content] = {"id": id_, "says": f"output: {_short(output.text)}"}
        if output.of is not None and output.of in names:
            content["refers_to"] = f"{names[output.of]}.{output.attribute}"
        elif output.name:
            content["name"] = output.name
        yield _entry(id_, content, output.line)


def _figures(said: Said) -> Iterator[Entry]:
    number = 0
    for figures in said.figures:
        if figures.types:
            number += 1
            about, behind = _short(figures.text), f"line {figures.line}"
            yield figure_entry(f"sla.{number}", about, figures.text, figures.figures, figures.types, behind)
        else:
            said.person.append(At(figures.text, figures.line))
