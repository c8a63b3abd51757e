"""What the names and expressions of a contract may be: parts, types, arguments, edges, and their shapes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ..aws import schema
from ..aws.edges import EdgeRow, End, edge_kinds, edge_rows
from ..aws.schema import Type
from ..contract.format import Schema
from ..contract.validation import Mistake
from ..demands.packing import with_each
from ..demands.terms import Part, Setting, Terms
from ..hcl import ParseError, parse_expression, parse_template
from ..hcl.nodes import Expr, Template
from ..terraform.functions.regular_expressions import mistake_in
from ..terraform.module.references import survey
from ..text.nearest import suggestion
from ..text.source import Source
from ..text.yaml_text import Node
from ..vocabulary.views import schema_of_type
from ..wiring.admissions import ADMITS
from .loader import line_of
from .shapes import Block, Listed, Parts, Shape, ShapeError, element_of, shape_of

Path_ = tuple[str | int, ...]
ANY = "*"
_PATTERNS = {"regex": 0, "regexall": 0, "replace": 1}  # functions that take patterns, with the argument's place
_OF_MODULE = ("var", "local", "data", "path", "terraform")


class Meanings:
    """A contract of the right format, whose names and expressions are held to what there is."""

    def __init__(self, node: Node, content: Mapping[str, Any], path: str, text: str, rules: Collection[str]) -> None:
        self.node, self.content, self.path, self.text, self.rules = node, content, path, text, rules
        self.found: list[Mistake] = []
        self.terms = Terms()

    def wrong(self, path: Path_, message: str) -> None:
        self.found.append(Mistake(line_of(self.node, path), message))

    # -- expressions ---------------------------------------------------------------------------------------

    def _parsed(self, value: Any, form: Schema, path: Path_) -> None:
        """Every text that is an expression can be parsed."""
        if isinstance(value, Mapping):
            for key, item in value.items():
                forms = [one for one in _forms(form) if isinstance(one, Mapping)]
                for one in forms:
                    inner = one.get("properties", {}).get(str(key), one.get("additionalProperties"))
                    if isinstance(inner, Mapping):
                        self._parsed(item, inner, (*path, str(key)))
        elif isinstance(value, list):
            for number, item in enumerate(value):
                for one in _forms(form):
                    if "items" in one:
                        self._parsed(item, one["items"], (*path, number))
        else:
            for one in _forms(form):
                parse = parse_expression if "x-expression" in one else parse_template if "x-template" in one else None
                if parse is not None:
                    try:
                        made = parse(Source("contract", with_each(str(value), "each").strip()))
                    except ParseError as error:
                        self.wrong(path, error.message)
                        continue
                    for pattern in patterns_in(made):
                        self._pattern(pattern, path)

    def _pattern(self, text: str, path: Path_) -> None:
        """A regular expression is one."""
        mistake = mistake_in(text)
        if mistake is not None:
            self.wrong(path, mistake)

    def _evaluations(self) -> None:
        """Names of evaluations are those that there are."""
        known = self.content.get("under", {})
        for path, value in walk(self.content, ()):
            if path[-1:] == ("under",) and len(path) > 1 and not isinstance(value, Mapping):
                for name in value if isinstance(value, list) else [value]:
                    if name not in known:
                        self.wrong(path, f"there is no evaluation {name}{suggestion(str(name), known)}")

    def _shape(self, expr: Expr, scope: Mapping[str, Shape | None], path: Path_, *, is_condition: bool = True) -> None:
        try:
            shape = shape_of(expr, {**dict.fromkeys(_OF_MODULE), **self._known_parts(), **scope})
        except ShapeError as error:
            self.wrong(path, str(error))
            return
        if is_condition and (isinstance(shape, (Block, Listed)) or (isinstance(shape, Type) and shape.kind != "bool")):
            self.wrong(path, "this has to be a condition, true or false, and it gives neither")

    def _known_parts(self) -> dict[str, Shape | None]:
        made: dict[str, Any] = {}
        for part in self.terms.parts:
            *groups, name = part.name.split(".")
            inner = made
            for group in groups:
                inner = inner.setdefault(group, {})
            inner[name] = _shape_of(part)
        return {name: _grouped(name, item) for name, item in made.items()}

    def _setting(self, item: Setting, types: tuple[str, ...], block: Block, path: Path_) -> None:
        """The expressions of a setting of a block."""
        own = {"self": block}
        self._shape(item.that, own, (*path, "that"))
        if item.where is not None:
            self._shape(item.where, own, (*path, "where"))
        if item.pointed is not None:
            self._shape(item.pointed, own, (*path, "points_at"), is_condition=False)
        if item.at is not None:
            self._argument(types, item.at, (*path, "at"))

    # -- names ---------------------------------------------------------------------------------------------

    def _place(self, part: Part) -> Path_:
        """The keys that lead to a part: of a group, to the part that it is written as."""
        names = part.name.split(".")
        return ("parts", names[0], "parts", names[-1]) if len(names) == 3 else ("parts", *names)

    def _type(self, type_: str, path: Path_, *, is_data: bool = False) -> bool:
        known = schema.data_source_types() if is_data else schema.resource_types()
        if type_ in known or type_ == ANY:
            return True
        what = "data source" if is_data else "resource type"
        self.wrong(path, f"there is no {what} {type_}{suggestion(type_, known)}")
        return False

    def _name(self, name: str, path: Path_) -> bool:
        """A name is a part's."""
        known = [part.name for part in self.terms.parts]
        if name in known:
            return True
        self.wrong(path, f"there is no part {name}{suggestion(name, known)}")
        return False

    def _name_or_type(self, name: str, path: Path_) -> bool:
        if name.startswith("aws_") or name == ANY:
            return self._type(name, path)
        return self._name(name, path)

    def _argument(self, types: tuple[str, ...], argument: str, path: Path_) -> None:
        """An argument, or one of a nested block, is one of the types'."""
        shape: Shape | None = Block(" or ".join(types), tuple(schema_of_type("resource", type_) for type_ in types))
        for name in argument.split("."):
            try:
                shape = shape_of(parse_expression(Source("argument", f"it.{name}")), {"it": shape})
            except ShapeError as error:
                self.wrong(path, str(error).replace("it.", ""))
                return
            shape = element_of(shape) if isinstance(shape, Listed) else shape

    def _attribute(self, text: str, path: Path_) -> None:
        """`topic.arn` is a part with an attribute that its type has."""
        name, _, attribute = text.rpartition(".")
        part = self.terms.part(name)
        if part is None:
            self._name(name or attribute, path)
        else:
            self._argument(part.types, attribute, path)

    def _block(self, names: tuple[str, ...]) -> Block:
        """What types or parts have in common."""
        types: list[str] = []
        for name in names:
            part = self.terms.part(name)
            types += [name] if part is None else part.types
        return Block(" or ".join(types), tuple(schema_of_type("resource", type_) for type_ in types))

    def _edge(self, kind: str, source: str, target: str, path: Path_) -> None:
        """There is such a kind of edge, and it may lead from one to the other."""
        if kind not in edge_kinds():
            self.wrong((*path, "edge"), f"there is no kind of edge {kind}{suggestion(kind, edge_kinds())}")
            return
        sources, targets = self._types(source), self._types(target)
        rows = list(edge_rows(kind))
        may_be = any(_may_end(row, row.source, sources) and _may_end(row, row.target, targets) for row in rows)
        if not may_be and kind != ADMITS:  # policies make such edges as well
            ends = f"{' or '.join(sources)} to {' or '.join(targets)}"
            self.wrong(path, f"no edge {kind} leads from {ends}, says aws/edges.tsv")

    def _types(self, name: str) -> tuple[str, ...]:
        part = self.terms.part(name)
        return (name,) if part is None else part.types


def _forms(form: Schema) -> list[Schema]:
    return list(form["anyOf"]) if "anyOf" in form else [form]


def patterns_in(expr: Expr) -> Iterator[str]:
    """The regular expressions that are written out in an expression."""
    for call in survey(expr)[1]:
        place = _PATTERNS.get(call.name)
        written = call.arguments[place] if place is not None and place < len(call.arguments) else None
        text = written.literal if isinstance(written, Template) else None
        if text is not None and call.name != "replace":
            yield text
        elif text is not None and len(text) > 1 and text[0] == text[-1] == "/":
            yield text[1:-1]


def walk(value: Any, path: Path_) -> Iterator[tuple[Path_, Any]]:
    yield path, value
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from walk(item, (*path, key))


def block_of(part: Part) -> Block:
    """The shape of one resource of a part."""
    kind = "data" if part.is_data else "resource"
    return Block(" or ".join(part.types), tuple(schema_of_type(kind, type_) for type_ in part.types))


def _shape_of(part: Part) -> Shape:
    return Listed(block_of(part), part.name) if part.count is not None else block_of(part)


def _grouped(name: str, item: Any) -> Shape | None:
    if not isinstance(item, dict):
        shape: Shape | None = item
        return shape
    return Parts(f"the group {name}", {inner: _grouped(inner, one) for inner, one in item.items()})


def _may_end(row: EdgeRow, end: End, types: tuple[str, ...]) -> bool:
    """Return True if a resource of one of these types may be an end of the edges of a row."""
    if end.path is None:
        return row.holder in types
    return not end.types or bool(set(end.types) & set(types))
