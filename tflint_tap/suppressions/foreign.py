"""Comments by which other tools are told to leave something out, read as these tools document them.

- checkov: `#checkov:skip=CKV_AWS_27:reason` within a block covers the block;
- tfsec and trivy: `#trivy:ignore:AVD-AWS-0096` on a line of its own covers the block or argument that begins on the
  next line, behind code that which begins on its line. Several may stand in one comment, or on lines below each other.
  `:exp:2027-01-31` is the last day, `:ws:dev` limits it to a workspace, `[from_port=443]` to some values;
- tflint: `# tflint-ignore: terraform_typed_variables` covers what begins on its line or the next one;
  `tflint-ignore-file`, at the top, the file;
- kics: `# kics-scan ignore-block`, `ignore-line`, and at the top `ignore` and `disable=...`: they name no check.

What asks for the same says aws/foreign_checks.tsv: a line a check, `tool:id`, and the rules.
The table holds tfsec's names as trivy's, which takes both.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from ..aws.syntax import is_json
from ..hcl.nodes import Block, Body, Comment
from ..records import dataclass
from ..text.source import Span
from .comments import OTHER_TOOLS, Name, Suppression
from .scope import Layout, innermost

_TABLE = Path(__file__).parent.parent / "aws" / "foreign_checks.tsv"
_CHECKOV = re.compile(
    r"(?:checkov|bridgecrew|cortex):skip= *(?P<ids>[A-Za-z_\d-]+(?:,[A-Za-z_\d-]+)*)(?::(?P<why>[^\n]*))?"
)
_TRIVY = re.compile(r"(?<![\w-])(?:tfsec|trivy):(?P<sections>\S*)")
_TFLINT = re.compile(r"tflint-ignore(?P<file>-file)?: (?P<ids>[^\n*/#]+)(?P<why>[^\n]*)")
_KICS = re.compile(r"kics-scan\s+(?P<command>ignore-block|ignore-line|ignore|disable=\S*)(?P<why>[^\n]*)")
_OPENING = re.compile(r"(?:#|//|/\*)[\s#/*]*")
_ALL = "*"


@dataclass(frozen=True, slots=True)
class _Directive:
    """What one comment says: the ids with their places, what it covers, and why it isn't followed if it isn't."""

    tool: str
    ids: tuple[tuple[str, Span], ...]
    span: Span
    scope: Span | None
    place: str
    reason: str
    until: date | None = None
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class _Code:
    """A file's layout, the starts of all that a comment can cover, and the lines of tfsec's and trivy's comments."""

    layout: Layout
    starts: Sequence[int]
    lines: frozenset[int]


def foreign_suppressions(comments: Sequence[Comment], layout: Layout) -> Iterator[Suppression]:
    """The comments of other tools in a file, in the order of the text."""
    comments = [comment for comment in comments if any(mark in comment.text for mark in OTHER_TOOLS)]
    lines = frozenset(line for one in comments if _TRIVY.search(one.span.text) for line in _lines(one))
    code = _Code(layout, sorted(layout.coverable()), lines)
    for comment in comments:
        for directive in _read(comment, code):
            yield _suppression(directive, comment, layout)


def _suppression(directive: _Directive, comment: Comment, layout: Layout) -> Suppression:
    names, unread = [], []
    for id_, span in directive.ids:
        rules = rules_of(directive.tool, id_) if directive.unread is None else ()
        names += [Name(rule, span) for rule in rules]
        if not rules:
            unread.append(Name(id_, span))
    return Suppression(
        names=tuple(names),
        scope=directive.scope,
        place=directive.place,
        until=directive.until,
        until_span=None,
        reason=" ".join(directive.reason.split()).strip("\"'"),
        span=directive.span,
        comment=comment.span,
        faults=(),
        settled=not layout.file.diagnostics,
        tool=directive.tool,
        unread=tuple(unread),
        unread_because=directive.unread,
    )


@cache
def _checks() -> dict[str, tuple[str, ...]]:
    """The rules that ask for what a check asks for, by `tool:id`."""
    lines = (line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {key: tuple(rules.split(" ")) for key, _, rules in (line.partition("\t") for line in lines)}


def rules_of(tool: str, id_: str) -> tuple[str, ...]:
    """The rules that ask for what a tool's check asks for; of a pattern or of `all`, for what any such check does."""
    table, of = _checks(), "trivy" if tool == "tfsec" else tool
    names = [id_, f"AVD-{id_}"] if of == "trivy" else [id_]
    if _ALL in id_ or (of == "tflint" and id_ == "all"):
        pattern = _ALL if id_ == "all" else id_
        found = (rules for key, rules in table.items() if fnmatchcase(key, f"{of}:{pattern}"))
        return tuple(dict.fromkeys(rule for rules in found for rule in rules))
    return next((table[f"{of}:{name}"] for name in names if f"{of}:{name}" in table), ())


# -- what each tool reads --------------------------------------------------------------------------------------


def _read(comment: Comment, code: _Code) -> Iterator[_Directive]:
    text, layout = comment.span.text, code.layout
    if is_json(layout.file.source):
        match = _TFLINT.match(text)
        if match is not None and match["file"] and innermost(layout.file.body, comment.span) is None:
            yield _of_tflint(match, comment)
        return
    for match in _CHECKOV.finditer(text):
        yield _of_checkov(match, comment, layout)
    for match in _TRIVY.finditer(text):
        yield from _of_trivy(match, comment, code)
    match = _TFLINT.search(text)
    if match is not None:
        yield _of_tflint(match, comment)
    opening = _OPENING.match(text)
    match = _KICS.match(text, opening.end()) if opening is not None else None
    if match is not None:
        yield _of_kics(match, comment, code)


def _of_checkov(match: re.Match[str], comment: Comment, layout: Layout) -> _Directive:
    block = _top_level(layout.file.body, comment.span)
    line = comment.span.source.position(comment.span.start + match.start())[0]
    end = None if block is None else block.span.source.position(block.span.end)[0]
    inside = block is not None and end is not None and block.span.line < line < end
    scope = block.span if inside and block is not None else None
    return _Directive(
        "checkov", tuple(_ids(match, comment)), _part(comment, *match.span()), scope, "in its block", match["why"] or ""
    )


def _of_trivy(match: re.Match[str], comment: Comment, code: _Code) -> Iterator[_Directive]:
    tool = match[0].partition(":")[0]
    sections = match["sections"].split(":")
    said = dict(zip(sections[::2], sections[1::2], strict=False))
    id_, bracket, parameters = said.get("ignore", "").partition("[")
    if not id_:
        return
    start = match.start("sections") + len("ignore:")
    ids = ((id_, _part(comment, start, start + len(id_))),)
    until, unread = None, None
    if "exp" in said:
        until = _date(said["exp"])
        unread = None if until is not None else f"{said['exp']} is no date"
    if "ws" in said:
        unread = f"it is for the workspace {said['ws']} alone"
    scope, place = _beginning_at(comment, code, code.lines)
    if bracket and not _has(parameters.rstrip("]"), scope, code.layout):
        unread = "its parameters may hold for some instances only"
    rest = comment.span.text[match.end() :].partition("\n")[0]
    why = _TRIVY.sub(" ", rest).lstrip(" :-\N{EN DASH}\N{EM DASH}#/*")
    yield _Directive(tool, ids, _part(comment, *match.span()), scope, place, why, until, unread)


def _of_tflint(match: re.Match[str], comment: Comment) -> _Directive:
    source = comment.span.source
    ids, why = tuple(_ids(match, comment)), match["why"].strip(" */#")
    span = Span(source, comment.span.start + match.start(), ids[-1][1].end) if ids else _part(comment, *match.span())
    if match["file"]:
        at_top = is_json(source) or comment.span.start == 0
        whole = Span(source, 0, len(source.text)) if at_top else None
        return _Directive("tflint", ids, span, whole, "in this file", why)
    first = comment.span.line
    starts = source.line_starts()
    end = starts[first + 1] if first + 1 < len(starts) else len(source.text)
    scope = Span(source, starts[first - 1], end)
    return _Directive("tflint", ids, span, scope, "on its line and the next one", why)


def _of_kics(match: re.Match[str], comment: Comment, code: _Code) -> _Directive:
    source, command = comment.span.source, match["command"]
    ids = ((command, _part(comment, *match.span("command"))),)
    span, why = _part(comment, match.start(), match.end("command")), match["why"].lstrip(" :")
    if command == "ignore-block":
        scope, place = _beginning_at(comment, code, frozenset())
    elif command == "ignore-line":
        starts, line = source.line_starts(), source.position(comment.span.end - 1)[0]
        scope = Span(source, starts[line], starts[line + 1]) if line + 1 < len(starts) else None
        place = "on the next line"
    else:
        first = code.layout.next_code(0)[0]
        scope = Span(source, 0, len(source.text)) if comment.span.start < first else None
        place = "in this file"
    return _Directive("kics", ids, span, scope, place, why)


# -- places ----------------------------------------------------------------------------------------------------


def _ids(match: re.Match[str], comment: Comment) -> Iterator[tuple[str, Span]]:
    """The ids in a list, each with its place."""
    for part in re.finditer(r"[^,\s](?:[^,]*[^,\s])?", match["ids"]):
        offset = match.start("ids")
        yield part[0], _part(comment, offset + part.start(), offset + part.end())


def _top_level(body: Body, span: Span) -> Block | None:
    index = bisect_right(body.blocks, span.start, key=lambda block: block.span.start) - 1
    return body.blocks[index] if index >= 0 and body.blocks[index].span.contains(span) else None


def _lines(comment: Comment) -> range:
    """The lines of a comment."""
    return range(comment.span.line, comment.span.source.position(max(comment.span.start, comment.span.end - 1))[0] + 1)


def _beginning_at(comment: Comment, code: _Code, others: frozenset[int]) -> tuple[Span | None, str]:
    """The block, argument or element that begins on a comment's line, else on the next one.

    `others` are lines of such comments: where several follow each other, each covers what follows the last.
    """
    line = _lines(comment)[-1]
    found = _at_line(line, code)
    if found is not None:
        return found, "on its line"
    line += 1
    while line in others:
        line += 1
    return _at_line(line, code), "in the code below it"


def _at_line(line: int, code: _Code) -> Span | None:
    """What begins on a line: the outermost thing that a comment can cover."""
    source = code.layout.file.source
    lines = source.line_starts()
    if line > len(lines):
        return None
    index = bisect_left(code.starts, lines[line - 1])
    end = lines[line] if line < len(lines) else len(source.text)
    if index == len(code.starts) or code.starts[index] >= end:
        return None
    return Span(source, code.starts[index], code.layout.coverable()[code.starts[index]])


def _has(parameters: str, scope: Span | None, layout: Layout) -> bool:
    """Return True if the block that is covered certainly has these values: `from_port=443,protocol=tcp`."""
    block = None if scope is None else innermost(layout.file.body, Span(scope.source, scope.start, scope.start + 1))
    for parameter in parameters.split(","):
        path, equals, wanted = parameter.partition("=")
        *blocks, name = path.strip().split(".")
        body = None if block is None else block.body
        for type_ in blocks:
            nested = () if body is None else body.blocks_of(type_)
            body = nested[0].body if len(nested) == 1 else None
        attribute = None if body is None else body.attribute(name)
        if not equals or attribute is None or attribute.expr.span.text.strip('"') != wanted.strip().strip('"'):
            return False
    return True


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _part(comment: Comment, start: int, end: int) -> Span:
    return Span(comment.span.source, comment.span.start + start, comment.span.start + end)
