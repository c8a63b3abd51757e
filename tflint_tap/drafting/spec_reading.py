"""A specification in Markdown → what it asks for: variables, resources with names and settings, outputs, tags, bans."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from ..aws import schema
from ..contract.figure_reading import figures_in
from .markdown import Line, unmarked
from .said import At, Said, SaidFigures, SaidOutput, SaidPart, SaidVariable
from .spec_sentences import (
    BAN,
    MOST_ABOVE,
    Sentence,
    as_hcl,
    asked_of,
    banned_by,
    heading_of,
    is_about,
    is_demand,
    is_plain_variable,
    is_word_of,
    lead_of,
    near,
    ref_of,
    sentences_of,
    type_beside,
    type_in,
)
from .type_words import Mention, argument_for, attribute_called, has_argument, mentions_in, unknown_types, words_in

_CREATED = re.compile(
    r"(?i)\b(?:create|declare|define|provision|deploy|set up|build|add|include|requires?|needs?|must have|use)\b"
)
# What is there already, and what is said in comments only.
_ELSEWHERE = re.compile(r"(?i)\b(?:already|elsewhere|assume|managed by|comments?)\b")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*")
_SETTING = re.compile(
    r"(?<![\w.$])([a-z][a-z0-9_]{0,60})\s{0,3}=\s{0,3}(\"[^\"\n]{0,120}\"|true\b|false\b|-?\d[\d_,]*(?:\.\d+)?|(?:var|local)\.\w+)"
)
_LOCAL = re.compile(r"\blocal\.(\w+)\s*=\s*\"([^\"\n]{1,200})\"")
_TAG = re.compile(r"(?<![\w.])\"?([A-Z][A-Za-z]{1,40})\"?\s{0,3}=\s{0,3}")
_VARIABLE = re.compile(r"\bvar\.([A-Za-z_]\w*)")
_INPUTS = re.compile(r"(?i)\b(?:variables?|inputs|parameters)\b")
_OUTPUTS = re.compile(r"(?i)\boutputs?\b")
# Words behind which the names of variables stand.
_VARIABLES = re.compile(r"(?i)\bvariables?\s*(?:like|such as|called|named|referencing|:|\()?\s*[`*]")
_EACH = re.compile(r"(?i)\b(?:each|every|all)\b")
_DEFAULT = re.compile(
    r"(?i)\bdefaults?\b(?:\s+(?:to|is|value|of|value is))?\s*[:=]?\s*(?:to\s+)?"
    r"(\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|`[^`\n]{1,200}`|true\b|false\b|null\b|-?\d[\d_,]*|\[[^\]\n]{0,300}\]|\{[^}\n]{0,300}\})"
)
_NO_DEFAULT = re.compile(r"(?i)\b(?:no default|without (?:a )?default|\(required\)|required, no|has to be given)\b")
_TARGET = re.compile(r"(?i)\b(?:sla|slo|targets?|performance|latency|throughput|objectives?|response times?)\b")
_MOST_CALLED = 30  # parts that words may speak of


def read_lines(lines: tuple[Line, ...]) -> Said:
    """What lines ask for. Takes time in proportion to them."""
    reader = _Reader(lines)
    reader.variables()
    reader.parts()
    reader.rest()
    return reader.said


class _Reader:
    def __init__(self, lines: tuple[Line, ...]) -> None:
        self.said = Said()
        self.lines = lines
        self.sentences = [sentence for line in lines for sentence in sentences_of(line)]
        self.types: dict[Line, list[Mention]] = {}
        self.names: dict[str, str] = {}  # the type of a name that the text gives
        self.defined: dict[Line, list[tuple[str, str]]] = {}  # the parts that a line defines
        self.understood: set[Line] = set()
        for sentence in self.sentences:
            if not BAN.search(sentence.written):
                self.types.setdefault(sentence.line, []).extend(sentence.mentions)

        self.by_heading: dict[Line | None, list[Line]] = {}  # the lines that name types, by the heading above
        for line in self.types:
            if self.types[line]:
                self.by_heading.setdefault(heading_of(line), []).append(line)
        self.parents = {line.parent for line in lines}
        self.of_type: dict[str, list[tuple[str, str]]] = {}  # the parts by their types
        self.of_word: dict[str, list[tuple[str, str]]] = {}  # and by the words of their names

    # -- variables -----------------------------------------------------------------------------------------

    def variables(self) -> None:
        for sentence in self.sentences:
            line = sentence.line
            under = is_about(_INPUTS, line)
            lead = lead_of(sentence)
            if under and line.kind in ("item", "row") and lead is not None and "." not in lead:
                self._variable(sentence, lead)
            elif line.kind != "heading" and (listed := _VARIABLES.search(sentence.written)) is not None:
                for code in sentence.codes:
                    if code.start >= listed.end() - 2 and "_" in code.text and is_plain_variable(code.text):
                        self._known(code.text, line)
            for match in _VARIABLE.finditer(sentence.written):
                self._known(match[1], line)

    def _known(self, name: str, line: Line) -> SaidVariable:
        return self.said.variables.setdefault(name, SaidVariable(line.number))

    def _variable(self, sentence: Sentence, name: str) -> None:
        line = sentence.line
        found = self._known(name, line)
        self.understood.add(line)
        cells = dict(zip(line.columns, line.cells, strict=False)) if line.kind == "row" else {}
        rest = sentence.written.partition(name)[2]
        type_ = type_in(unmarked(next((cell for column, cell in cells.items() if "type" in column), rest)))
        if type_ is not None and found.type is None:
            found.type = At(type_, line.number)
        column = next((column for column in cells if "default" in column), None)
        if column is not None:
            value = unmarked(cells[column]).strip()
            if value and value not in ("-", "\u2013", "\u2014"):
                found.defaults.append(
                    At("none" if value.lower() in ("none", "required") else as_hcl(value), line.number)
                )
            return
        if _NO_DEFAULT.search(rest):
            found.defaults.append(At("none", line.number))
        for match in _DEFAULT.finditer(_NO_DEFAULT.sub("", rest)):
            found.defaults.append(At(as_hcl(match[1]), line.number))

    # -- resources -----------------------------------------------------------------------------------------

    def parts(self) -> None:
        for sentence in self.sentences:
            if BAN.search(sentence.written) and banned_by(sentence):
                continue
            named = list(self._named(sentence))
            for type_, name in named:
                self._part(type_, name, sentence.line)
            taken = {type_ for type_, _ in named}
            is_creating = sentence.line.kind != "heading" and bool(_CREATED.search(sentence.written))
            is_creating = is_creating and not _ELSEWHERE.search(sentence.written)
            for mention in sentence.mentions:
                is_asked = mention.is_exact or (not mention.is_loose and is_creating)
                if is_asked and mention.type not in taken and not is_about(_OUTPUTS, sentence.line):
                    self._part(mention.type, "", sentence.line)
            for unknown in unknown_types(sentence.written):
                self._person(sentence.line, f"{unknown} is no resource type: {sentence.line.text}")
        known = {type_ for type_, name in self.said.parts if name}
        for key in [key for key in self.said.parts if not key[1] and key[0] in known]:
            del self.said.parts[key]
        for key in self.said.parts:
            self.of_type.setdefault(key[0], []).append(key)
            for word in words_in(key[1].replace("_", " ")):
                self.of_word.setdefault(word, []).append(key)

    def _named(self, sentence: Sentence) -> Iterator[tuple[str, str]]:
        """The names that a sentence gives to resources, each with the type."""
        lead = lead_of(sentence)
        for code in sentence.codes:
            name = code.text
            if not _IDENTIFIER.fullmatch(name) or name in self.said.variables or schema.resource(name) is not None:
                continue
            beside = type_ = type_beside(sentence, code)
            if type_ is None and name == lead and sentence.line.kind in ("item", "row"):
                type_ = self._type_above(sentence)
            if type_ is None or is_word_of(type_, name) or is_about(_INPUTS, sentence.line):
                continue
            if "_" in name or "-" in name or name == lead or (beside is not None and name[0].islower()):
                yield type_, name

    def _type_above(self, sentence: Sentence) -> str | None:
        """The type that a list or table is of: its introduction's, or that of the item around it."""
        line = sentence.line
        if line.kind == "row" and sentence.mentions:
            return sentence.mentions[0].type
        mentions = (
            [one for one in self.types.get(line.parent, ()) if not one.is_loose] if line.parent is not None else []
        )
        exact = [one for one in mentions if one.is_exact]
        return (exact or mentions)[0].type if mentions else None

    def _part(self, type_: str, name: str, line: Line) -> None:
        self.understood.add(line)
        if name and self.names.setdefault(name, type_) != type_:
            known = (self.names[name], name)
            self.defined.setdefault(line, []).append(known)
        key = (type_, name)
        self.said.parts.setdefault(key, SaidPart(type_, name, line.number))
        self.defined.setdefault(line, []).append(key)

    # -- settings, tags, outputs, bans, figures ------------------------------------------------------------

    def rest(self) -> None:
        for sentence in self.sentences:
            if BAN.search(sentence.written):
                if self._ban(sentence):
                    continue
                self._person(sentence.line, unmarked(sentence.written).strip())
            self._settings(sentence)
            self._arguments(sentence)
            self._tags(sentence)
            self._locals(sentence)
            self._figures(sentence)
            if is_about(_OUTPUTS, sentence.line) and sentence.line.kind in ("item", "row"):
                self._output(sentence)
        for line in self.lines:
            is_told = line in self.understood or line in self.parents or line.kind == "heading"
            if not is_told and is_demand(line):
                self._person(line, line.text)

    def _owners(self, sentence: Sentence) -> Iterator[tuple[str, Line]]:
        """The types that a sentence may be about, the nearest first, each with the line that names it."""
        first = sentence.codes[0].start if sentence.codes else len(sentence.written)
        for mention in sentence.mentions:
            if not mention.is_service or mention.start < first:  # "... (for ElastiCache)" tells whom it helps
                yield mention.type, sentence.line
        line: Line | None = sentence.line
        for _ in range(MOST_ABOVE):
            if line is None:
                break
            for type_, _ in self.defined.get(line, ()):
                yield type_, line
            for mention in self.types.get(line, ()):
                yield mention.type, line
            if line.kind == "heading":
                break
            line = line.parent
        before = self.by_heading.get(heading_of(sentence.line), [])
        end = bisect_left(before, sentence.line.number, key=lambda one: one.number)
        for earlier in reversed(before[max(0, end - MOST_ABOVE) : end]):
            for mention in self.types[earlier]:
                if mention.is_exact:
                    yield mention.type, earlier

    def _ask(self, type_: str, line: Line, where: Line, setting: str) -> None:
        """Ask for a setting: of the parts that the line defines, of the type's only one, else of all of the type."""
        if type_ not in self.of_type:
            return
        found = At(setting, where.number)
        self.understood.add(where)
        for part in self._parts_of(type_, line):
            part.settings.setdefault(setting, found)
            return
        self.said.universal.setdefault(type_, {}).setdefault(setting, found)

    def _parts_of(self, type_: str, line: Line) -> list[SaidPart]:
        own = [key for key in self.defined.get(line, ()) if key[0] == type_ and key in self.said.parts]
        if own and not _EACH.search(line.text):
            return [self.said.parts[own[0]]]
        keys = self.of_type.get(type_, [])
        return [self.said.parts[keys[0]]] if len(keys) == 1 else []

    def _settings(self, sentence: Sentence) -> None:
        for match in _SETTING.finditer(unmarked(sentence.written)):
            name, value = match[1], match[2]
            for type_, line in self._owners(sentence):
                path = self._path(type_, name, sentence)
                if path is not None:
                    if value.startswith("var."):
                        if not self._origin(type_, line, sentence.line, ".".join(path), value):
                            continue
                    else:
                        plain = value.replace(",", "").replace("_", "") if value[-1].isdigit() else value
                        self._ask(type_, line, sentence.line, f"{ref_of(path)} == {plain}")
                    break

    def _path(self, type_: str, name: str, sentence: Sentence) -> tuple[str, ...] | None:
        """Where a type has an argument: at its top, or in a block that the line names, or that is the only one."""
        if has_argument(type_, (name,)):
            return (name,)
        content = schema.resource(type_)
        if content is None:
            return None
        blocks = [block for block in content.blocks if has_argument(type_, (block, name))]
        said = [block for block in blocks if block in sentence.line.written]
        if said or len(blocks) == 1:
            return ((said or blocks)[0], name)
        return None

    def _origin(self, type_: str, line: Line, where: Line, argument: str, of: str) -> bool:
        """Say where an argument comes from; False where it isn't told of which resource."""
        parts = self._parts_of(type_, line)
        for part in parts:
            part.origins.setdefault(argument, At(of, where.number))
            self.understood.add(where)
        return bool(parts)

    def _arguments(self, sentence: Sentence) -> None:
        """Arguments and blocks that a sentence names without a value, and variables that it names for some."""
        set_here = {match[1] for match in _SETTING.finditer(unmarked(sentence.written))}
        for code in sentence.codes:
            name = code.text.removeprefix("var.")
            is_variable = name in self.said.variables
            if "=" in code.text or (name in set_here) or not _IDENTIFIER.fullmatch(name) or "-" in name:
                continue
            if is_variable and f"= var.{name}" in sentence.written:
                continue
            for type_, line in self._owners(sentence):
                content = schema.resource(type_)
                if content is None or type_ == name:
                    continue
                if is_variable and not is_word_of(type_, code.text):
                    argument = argument_for(content, name)
                    if argument is not None and self._origin(type_, line, sentence.line, argument, f"var.{name}"):
                        break
                elif sentence.line.kind in ("item", "row") or any(map(is_demand, (sentence.line, line))):
                    asked = asked_of(type_, name)
                    if asked is not None:
                        self._ask(type_, line, sentence.line, asked)
                        break

    def _tags(self, sentence: Sentence) -> None:
        text, line = sentence.written, sentence.line
        is_near = any("tag" in one.text.lower() for one in near(line))
        if not is_near or not ("tag" in text.lower() or line.kind == "item"):
            return
        names = [match[1] for match in _TAG.finditer(unmarked(text))]
        names += [code.text for code in sentence.codes if re.fullmatch(r"[A-Z][A-Za-z]{1,40}", code.text)]
        for name in names:
            self.said.tags.setdefault(name, line.number)
            self.understood.add(line)

    def _locals(self, sentence: Sentence) -> None:
        for match in _LOCAL.finditer(sentence.written):
            self.understood.add(sentence.line)
            self.said.locals.setdefault(match[1], At(match[2], sentence.line.number))
            if "prefix" in match[1] and self.said.prefix is None:
                self.said.prefix = At(f"local.{match[1]}", sentence.line.number)

    def _figures(self, sentence: Sentence) -> None:
        text = unmarked(sentence.written)
        found = figures_in(text)
        if not found:
            return
        is_target = any(_TARGET.search(line.text) for line in (sentence.line, *sentence.line.around()))
        if not is_target or sentence.line.kind == "heading":
            return
        types = list(dict.fromkeys(type_ for type_, _ in self._owners(sentence) if type_ in self.of_type))
        written = tuple(dict.fromkeys(" ".join(text[one.start : one.end].split()) for one in found))
        self.said.figures.append(SaidFigures(sentence.line.number, text, written, tuple(types)))
        self.understood.add(sentence.line)

    def _output(self, sentence: Sentence) -> None:
        lead = lead_of(sentence)
        name = lead if lead is not None and schema.resource(lead) is None else ""
        text = unmarked(sentence.written)
        phrases = [text] if name else re.split(r"\s\+\s|,\s|\sand\s|;\s", text)
        before: tuple[str, str] | None = None
        for phrase in phrases:
            if not words_in(phrase):
                continue
            part = self._part_called(phrase, sentence) or before
            attribute = attribute_called(part[0], phrase) if part is not None else None
            if part is not None and attribute is not None:
                self.said.outputs.append(SaidOutput(sentence.line.number, phrase.strip(" ."), name, part, attribute))
                before = part
                self.understood.add(sentence.line)
            elif name:
                self.said.outputs.append(SaidOutput(sentence.line.number, phrase, name, None))
                self.understood.add(sentence.line)

    def _part_called(self, phrase: str, sentence: Sentence) -> tuple[str, str] | None:
        """The part that a phrase speaks of: by its name, or by its type."""
        words = words_in(phrase)
        types = [mention.type for mention in mentions_in(phrase)]
        best: tuple[int, tuple[str, str]] | None = None
        candidates = [key for type_ in types for key in self.of_type.get(type_, ())[:_MOST_CALLED]]
        candidates += [key for word in words for key in self.of_word.get(word, ())[:_MOST_CALLED]]
        for key in dict.fromkeys(candidates):
            own = words_in(key[1].replace("_", " "))
            if "queue" in own and "dlq" not in own and "main" in words:
                own |= {"main"}
            of_type = types.index(key[0]) if key[0] in types else None
            if of_type is None and not (own & words and len(own & words) > 1):
                continue
            if of_type is not None and attribute_called(key[0], phrase) is None:
                continue
            score = 2 * len(own & words) - len(own - words) + (4 if of_type is not None else 0)
            score += 2 if ("dlq" in own) == ("dlq" in words or "dead" in words) else -4
            if best is None or score > best[0]:
                best = score, key
        return best[1] if best is not None else None

    def _ban(self, sentence: Sentence) -> bool:
        """Return True if a sentence forbids something that the format has words for."""
        found = list(banned_by(sentence))
        for kind, name in found:
            self.said.bans.setdefault((kind, name), sentence.line.number)
            self.understood.add(sentence.line)
        return bool(found)

    def _person(self, line: Line, text: str) -> None:
        self.understood.add(line)
        self.said.person.append(At(text, line.number))
