"""A sentence of a specification: what it names, forbids and asks for, and what it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..aws import schema
from ..records import dataclass
from .markdown import Code, Line, codes_in, unmarked
from .type_words import Mention, mentions_in, words_in

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z`*])")
BAN = re.compile(
    r"(?i)\b(?:do not|don['\u2019]?t|does not|must not|should not|never|no|without|avoid|not allowed|forbidden)\b"
)
_MEASURE = re.compile(
    r"(?i)\b\d[\d,.]*\s?(?:%|ms|s|[kmgt]i?b|seconds?|minutes?|hours?|days?|weeks?|months?|years?|attempts?|times|retries|rps)"
    r"(?![\w])"
)
_WANTED = re.compile(
    r"(?i)\b(?:must|shall|should|required?|requires|needs?|create|declare|define|provision|add|include|use|enable|set|"
    r"configure|deploy|ensure|expose|all|each|every|output|"
    r"return)\b"
)
_SPACE = r"[\s:(\u2013\u2014\"'-]*"
_NAMED = re.compile(
    rf"(?i){_SPACE}(?:(?:called|named|names?|something|like|is|as|resources?|functions?|example|an?|the|for|with|e\.g\.)\s+)*"
    + _SPACE
)
_TYPE = re.compile(
    r"(?i)\b(list|set|map)\s?\(\s?(string|number|bool|any)\s?\)|\b(list|set|map|array)s? of (\w+)"
    r"|\b(string|number|boolean|bool|integer|int)\b"
)
_LOOKED_UP = re.compile(r"(?i)\b(?:pre-?existing|existing infrastructure|data sources?|look ?ups?)\b")
_BLOCKS = {"module": re.compile(r"(?i)\bmodules?\b"), "provider": re.compile(r"(?i)\bproviders?\b")}
MOST_ABOVE = 6  # lines that a line's subject is sought in


@dataclass(frozen=True, slots=True)
class Sentence:
    line: Line
    is_first: bool
    written: str
    codes: tuple[Code, ...]
    mentions: list[Mention]


def sentences_of(line: Line) -> Iterator[Sentence]:
    parts = [line.written] if line.kind in ("heading", "row") else _SENTENCE.split(line.written)
    for number, written in enumerate(parts):
        yield Sentence(line, number == 0, written, codes_in(written), mentions_in(written))


def lead_of(sentence: Sentence) -> str | None:
    """The name that an item or row begins with."""
    text = sentence.written.strip()
    if not sentence.is_first:
        return None
    if sentence.codes and not words_in(sentence.written[: sentence.codes[0].start]):
        return sentence.codes[0].text.removeprefix("var.")
    match = re.match(r"([a-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*)\s*(?:[:(|\u2013\u2014=]|-\s|$)", text)
    return match[1] if match is not None else None


def is_about(words: re.Pattern[str], line: Line) -> bool:
    """Return True if the list, table or section that a line stands in is about such things."""
    if any(map(words.search, line.columns)):
        return True
    for number, above in enumerate(line.around()):
        if words.search(above.text) and (above.kind == "heading" or number < 2):
            return True
        if above.kind == "heading":
            return False
    return False


def heading_of(line: Line) -> Line | None:
    return next((above for above in line.around() if above.kind == "heading"), None)


def near(line: Line) -> Iterator[Line]:
    yield line
    for number, above in enumerate(line.around()):
        if number < MOST_ABOVE:
            yield above


def is_plain_variable(text: str) -> bool:
    return re.fullmatch(r"[a-z]\w*", text) is not None and not text.startswith("aws_") and schema.resource(text) is None


def type_beside(sentence: Sentence, code: Code) -> str | None:
    """The type that stands directly before a name, or behind it."""
    for mention in sentence.mentions:
        if mention.is_service:
            continue
        if mention.end <= code.start and _NAMED.fullmatch(
            sentence.written[mention.end : code.start].replace("`", "").replace("*", "")
        ):
            return mention.type
    for mention in sentence.mentions:
        between = sentence.written[code.end : mention.start].replace("`", "").replace("*", "")
        if code.end <= mention.start and not between.strip() and not mention.is_exact:
            return mention.type
    return None


def is_word_of(type_: str, name: str) -> bool:
    """Return True if a name is an argument, a block or an attribute of the type."""
    content = schema.resource(type_)
    return content is not None and (name in content.attributes or name in content.blocks)


def asked_of(type_: str, name: str) -> str | None:
    """What has to hold where a text names an argument or block of a type, and no value."""
    content = schema.resource(type_)
    if content is None or name in ("tags", "name", "id", "arn", "region", "type", "description"):
        return None
    if name in content.blocks:
        return f"exists(self.{name})"
    known = content.attributes.get(name)
    if known is None or not known.settable or known.required:
        return None
    return f"self.{name} == true" if known.type.kind == "bool" else f"given(self.{name})"


def ref_of(path: tuple[str, ...]) -> str:
    return f"self.{path[0]}" if len(path) == 1 else f"self.{path[0]}[0].{path[1]}"


_JOINING = frozenset(("s", "a", "an", "any", "the", "or", "and", "nor", "other", "additional", "new", "public"))
_LISTING = re.compile(r"s?[`*]*(?:,|\s+(?:or|and|nor)\b)")  # behind a thing: a list of them goes on
_PLACING = frozenset(("in", "for", "of", "to", "on", "with", "from", "by", "at", "into", "as", "but", "which", "that"))
_MAKING = frozenset(
    (
        "use", "uses", "using", "create", "creates", "creating", "make", "add", "adds", "adding", "declare", "define",
        "deploy", "deploys", "provision", "provisions", "include", "includes", "introduce", "launch", "set", "up", "be",
        "have", "has", "contain", "contains",
    )
)  # fmt: skip


def banned_by(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """What a sentence forbids: kind and name."""
    match = BAN.search(sentence.written)
    if match is None:
        return
    text = unmarked(sentence.written[match.start() :])
    for block, pattern in _BLOCKS.items():
        if pattern.search(text):
            yield "block", block
    if _LOOKED_UP.search(text):
        yield "data", "*"
    # what is not to be made stands behind the word, one thing beside the other; what stands behind a preposition or
    # another noun ("no wildcards in IAM policies") is where or for what something else is forbidden
    making = frozenset[str]() if match[0].lower() in ("no", "without") else _MAKING
    end, found = match.end(), list[Mention]()
    for mention in sentence.mentions:
        if mention.start < match.start():
            continue
        between = sentence.written[end : mention.start]
        if found and not between.strip(" `*"):
            found.pop()  # "the default VPC security group": one says which of the other
            break
        goes_on = bool(found) and _LISTING.match(between) is not None and not words_in(between) & _PLACING
        if not goes_on and not words_in(between) <= (making | _JOINING):
            break
        end = mention.end
        found.append(mention)
    yield from (("resource", mention.type) for mention in found if not mention.is_loose)


def is_demand(line: Line) -> bool:
    """Return True if a line asks for something: it says so, forbids something, or gives a figure with its unit."""
    return any(pattern.search(line.text) is not None for pattern in (_WANTED, BAN, _MEASURE))


def type_in(text: str) -> str | None:
    """The type that a text names, as Terraform writes it."""
    match = _TYPE.search(text)
    if match is None:
        return None
    if match[1] is not None:
        return f"{match[1].lower()}({match[2].lower()})"
    if match[3] is not None:
        kind = "list" if match[3].lower() == "array" else match[3].lower()
        element = _SCALARS.get(match[4].lower().rstrip("s"), "string")
        return f"{kind}({element})"
    return _SCALARS[match[5].lower()]


_SCALARS: Mapping[str, str] = {
    "string": "string", "number": "number", "boolean": "bool", "bool": "bool", "integer": "number", "int": "number",
}  # fmt: skip


def as_hcl(value: str) -> str:
    """A default as HCL."""
    value = value.strip().strip("`").strip()
    if value.startswith("'") and value.endswith("'") and len(value) > 1:
        value = f'"{value[1:-1]}"'
    if re.fullmatch(r"-?\d[\d_,]*", value):
        return value.replace(",", "").replace("_", "")
    return value
