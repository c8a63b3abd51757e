"""The names, arguments of the provider's types and functions that a card's expressions may read.

A condition that reads what no type has would be null or an error in every stack: the rule would fire everywhere or
nowhere. So each expression is walked once when a card is loaded, with the shape of each name in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

from ..aws import schema
from ..aws.companions import parents_of
from ..aws.edges import EdgeRow, End, edge_kinds, edge_rows
from ..aws.language import TOP_LEVEL
from ..aws.schema import BlockSchema, Type
from ..hcl.children import parts
from ..hcl.nodes import (
    Binary,
    Call,
    Conditional,
    Expr,
    For,
    ForDirective,
    GetAttr,
    IfDirective,
    Index,
    Interpolation,
    Item,
    Literal,
    Object,
    Parentheses,
    Splat,
    Template,
    TemplatePart,
    Tuple,
    Variable,
)
from ..records import dataclass
from ..terraform.evaluation.calls import LENIENT
from ..terraform.functions import FUNCTIONS, signature
from ..text.nearest import suggestion
from ..vocabulary import VOCABULARY, counted
from ..vocabulary.metrics import METRIC_PARTS
from ..vocabulary.resources import DATA
from ..vocabulary.subjects import Match
from ..vocabulary.views import (
    ANY_BLOCK,
    COMMENT_PARTS,
    EDGE_ENDS,
    EDGE_VALUE,
    POLICY_PARTS,
    STATEMENT_PARTS,
    declares,
    nested_schema,
    schema_of_type,
)


class ShapeError(Exception):
    """An expression reads a name that doesn't exist. The message names it, with a suggestion."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block of one of several types. `what` names them in messages."""

    what: str
    contents: tuple[BlockSchema, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """A thing with parts that are known by name, such as an edge."""

    what: str
    items: Mapping[str, Shape | None]


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """A list of things of one shape. `what` is the expression, as messages name it."""

    element: Shape | None
    what: str = "it"


Shape: TypeAlias = Block | Parts | Listed | Type
Scope: TypeAlias = Mapping[str, Shape | None]


def shape_of(expr: Expr, scope: Scope) -> Shape | None:
    """The shape of what an expression gives, None where that isn't known. ShapeError where it can't be right."""
    if isinstance(expr, Parentheses):
        return shape_of(expr.expr, scope)
    if isinstance(expr, Variable):
        return _root(expr, scope)
    if isinstance(expr, GetAttr):
        return _member(shape_of(expr.operand, scope), expr.name, expr)
    if isinstance(expr, Index):
        return _indexed(expr, scope)
    if isinstance(expr, Splat):
        inner = shape_of(expr.operand, scope)
        element = inner.element if isinstance(inner, Listed) else inner
        return Listed(shape_of(expr.each, {**scope, _ITEM: element}), expr.span.text)
    if isinstance(expr, Item):
        return scope[_ITEM]
    if isinstance(expr, For):
        return _for(expr, scope)
    if isinstance(expr, Call):
        return _call(expr, scope)
    if isinstance(expr, Tuple):
        shapes = [shape_of(item, scope) for item in expr.items]
        return Listed(_common(shapes), expr.span.text)
    if isinstance(expr, Conditional):
        shape_of(expr.condition, scope)
        return _common([shape_of(expr.then, scope), shape_of(expr.otherwise, scope)])
    if isinstance(expr, Object):
        return _object(expr, scope)
    if isinstance(expr, Template):
        _template(expr.parts, scope)
        return _TEXT if len(expr.parts) != 1 or expr.literal is not None else None
    if isinstance(expr, Literal):
        return _NUMBER if isinstance(expr.value, (int, Fraction)) and not isinstance(expr.value, bool) else None
    for part in parts(expr):
        shape_of(part, scope)
    if isinstance(expr, Binary) and expr.operator in ("==", "!="):
        _compared(expr.left, [expr.right])
        _compared(expr.right, [expr.left])
    return None


_TEXT, _NUMBER, _BOOL = Type("string"), Type("number"), Type("bool")
_TEXTS = Listed(_TEXT)
# Objects that functions of the vocabulary give.
_OBJECTS = {
    "action": Parts("an action", {"name": _TEXT, "levels": _TEXTS, "types": _TEXTS, "arns": _TEXTS, "keys": _TEXTS}),
    "misnomer": Parts("a misnomer", {"actions": _TEXTS, "near": _TEXT, "is_typo": _BOOL, "as_of": _TEXT}),
    "condition_key": Parts("a condition key", {"is_known": _BOOL, "type": _TEXT, "near": _TEXT}),
    "package": Parts("a package", {"name": _TEXT, "files": _TEXTS}),
    "way_out": Parts("a way out", {"open": _BOOL, "endpoints": _TEXTS}),
    "file_at": Parts("a file", {"path": _TEXT, "kind": _TEXT}),
    "breadth": Parts("a breadth", {"types": _TEXTS, "region": _BOOL, "account": _BOOL, "is_wide": _BOOL}),
}


def _template(pieces: tuple[TemplatePart, ...], scope: Scope) -> None:
    """The expressions in a template, directives and what they hold included."""
    for piece in pieces:
        if isinstance(piece, Interpolation):
            shape_of(piece.expr, scope)
        elif isinstance(piece, IfDirective):
            shape_of(piece.condition, scope)
            _template(piece.then, scope)
            _template(piece.otherwise, scope)
        elif isinstance(piece, ForDirective):
            element = element_of(shape_of(piece.collection, scope))
            _template(piece.body, {**scope, piece.value: element, **({piece.key: None} if piece.key else {})})


def _compared(expr: Expr, others: Iterable[Expr]) -> None:
    """Check that `type(x)` is compared with a type that exists; else ShapeError."""
    if not (isinstance(expr, Call) and expr.name == "type"):
        return
    known = (*schema.resource_types(), *schema.data_source_types())
    for other in others:
        name = other.literal if isinstance(other, Template) else None
        if name is not None and name not in known and name.startswith("aws_"):
            raise ShapeError(f"there is no type {name}{_hint(name, known)}")


_ITEM = "[*]"


def _object(expr: Object, scope: Scope) -> Shape | None:
    """An object whose keys are written out has these parts."""
    parts_: dict[str, Shape | None] = {}
    is_closed = True
    for item in expr.items:
        value = shape_of(item.value, scope)
        key = item.key.literal if isinstance(item.key, Template) else None
        if key is None:
            is_closed = False
            shape_of(item.key, scope)
        else:
            parts_[key] = value
    return Parts("the object", parts_) if is_closed else None


def element_of(shape: Shape | None) -> Shape | None:
    """The shape of a list's elements; None where it is no list, or that isn't known."""
    return shape.element if isinstance(shape, Listed) else None


def _common(shapes: Iterable[Shape | None]) -> Shape | None:
    """The shape that all of these have; None where they differ."""
    found = list(shapes)
    first = found[0] if found else None
    if isinstance(first, Block) and all(isinstance(shape, Block) for shape in found):
        contents = tuple(content for shape in found if isinstance(shape, Block) for content in shape.contents)
        return Block(first.what, contents)
    return first if all(shape is first for shape in found) else None


def _root(expr: Variable, scope: Scope) -> Shape | None:
    if expr.name in scope:
        return scope[expr.name]
    raise ShapeError(f"there is no {expr.name} here{_hint(expr.name, scope)}")


def _hint(name: str, candidates: Iterable[str]) -> str:
    known = sorted(candidate for candidate in candidates if candidate != _ITEM)
    return suggestion(name, known) or (f": there are {', '.join(known)}" if 0 < len(known) <= 8 else "")


def _member(shape: Shape | None, name: str, expr: GetAttr) -> Shape | None:
    if shape is None:
        return None
    if isinstance(shape, Parts):
        return _part_of(shape, name)
    if isinstance(shape, Listed):
        if name.isdigit():
            return shape.element
        raise ShapeError(f"{expr.operand.span.text} is a list: take its elements by [0] or [*]")
    if isinstance(shape, Block):
        return _argument(shape, name)
    if shape.kind in ("object",) and name in shape.attributes:
        return shape.attributes[name]
    if shape.kind in ("string", "number", "bool"):
        raise ShapeError(f"{expr.operand.span.text} is a {shape.kind} and has no part {name}")
    return None


def _argument(block: Block, name: str) -> Shape | None:
    if not any(declares(content, name) for content in block.contents):
        names = {known for content in block.contents for known in (*content.attributes, *content.blocks)}
        raise ShapeError(f"{block.what} has no argument {name}{_hint(name, names)}")
    nested = tuple(inner for content in block.contents if (inner := nested_schema(content, name)) is not None)
    if nested:
        return Listed(Block(f"{name} of {block.what}", nested), name)
    types = [content.attributes[name].type for content in block.contents if name in content.attributes]
    first = types[0] if types else None
    if first is None or any(str(type_) != str(first) for type_ in types):
        return None
    return Listed(first.element, name) if first.kind in ("list", "set") else first


def _indexed(expr: Index, scope: Scope) -> Shape | None:
    shape = shape_of(expr.operand, scope)
    shape_of(expr.key, scope)
    if isinstance(shape, Listed):
        return shape.element
    key = expr.key.literal if isinstance(expr.key, Template) else None
    if isinstance(shape, Block) and key is not None:
        return _argument(shape, key)
    return _part_of(shape, key) if isinstance(shape, Parts) and key is not None else None


def _part_of(shape: Parts, name: str) -> Shape | None:
    if name not in shape.items:
        raise ShapeError(f"{shape.what} has no part {name}{_hint(name, shape.items)}")
    return shape.items[name]


def _for(expr: For, scope: Scope) -> Shape | None:
    element = element_of(shape_of(expr.collection, scope))
    inner: Scope = {**scope, expr.value: element, **({expr.key: None} if expr.key else {})}
    made = [shape_of(part, inner) for part in (expr.condition, expr.key_expr, expr.value_expr) if part is not None]
    return None if expr.key_expr is not None else Listed(made[-1], expr.span.text)


def _call(expr: Call, scope: Scope) -> Shape | None:
    shapes = [shape_of(argument, scope) for argument in expr.arguments]
    name, count = expr.name.removeprefix("core::"), len(expr.arguments)
    words = [argument.literal if isinstance(argument, Template) else None for argument in expr.arguments]
    if name in VOCABULARY:
        known = VOCABULARY[name]
        if not known.least <= count <= known.most:
            raise ShapeError(f"{name} takes {counted(known)}, not {count}")
        return _own(name, shapes, words)
    if name in LENIENT:
        return _common(shapes) if name == "try" else None
    if name == "contains" and count == 2 and isinstance(expr.arguments[0], Tuple):
        _compared(expr.arguments[1], expr.arguments[0].items)
    if name not in FUNCTIONS:
        raise ShapeError(f"there is no function {name}{_hint(name, (*FUNCTIONS, *VOCABULARY, *LENIENT))}")
    if not expr.expand:
        parameters = signature(name)
        fixed = [parameter for parameter in parameters if not parameter.variadic]
        if count < len(fixed) or (count > len(fixed) and len(fixed) == len(parameters)):
            raise ShapeError(f"{name} takes {len(fixed)} argument{'' if len(fixed) == 1 else 's'}, not {count}")
    if name in ("concat", "distinct", "reverse", "tolist", "toset", "compact") and shapes:
        return Listed(_common(map(element_of, shapes)), expr.span.text)
    return element_of(shapes[0]) if name in ("one", "element") else None


def _own(name: str, shapes: list[Shape | None], words: list[str | None]) -> Shape | None:
    """A function of the vocabulary; names of types and kinds that it is given are checked."""
    if name in ("outgoing", "incoming", "circle", "reaches"):
        kind = words[1]
        if kind is not None:
            _kind_of_edge(kind)
            return Listed(edge_shape(kind), name) if name != "reaches" else None
    if name in ("named_as_source", "named_as_target") and words[1] is not None:
        _kind_of_edge(words[1])
        return Listed(edge_shape(words[1]).items["via"], name)
    if name == "possible_blocks" and isinstance(shapes[0], Block) and words[1] is not None:
        return _argument(shapes[0], words[1])
    if name in ("texts", "expand", "strangers", "handler_files"):
        return Listed(_TEXT, name)
    if name in _OBJECTS:
        return _OBJECTS[name]
    if name == "remote_calls":
        return Listed(Parts("a remote call", {"service": _TEXT, "endpoints": _TEXTS}), name)
    if name == "unread":
        return Listed(Parts("a call", {"call": _TEXT, "reason": _TEXT, "kind": None}), name)
    if name == "redundant":
        return Listed(Parts("a redundant value", {"item": _TEXT, "by": _TEXT, "is_same": _BOOL}), name)
    if name == "comments":
        return Listed(comment_shape(), name)
    if name == "passed":
        return Listed(Parts("what is passed", {"module": None, "argument": None}), name)
    if name == "event_rules":
        return Listed(Block("an event rule", (schema_of_type("resource", "aws_cloudwatch_event_rule"),)), name)
    if name in ("resources", "separate", "referrers"):
        type_ = (words[0] if name == "resources" else words[-1]) or ""
        if name == "resources" and type_.startswith(DATA):
            return Listed(_data_source(type_.removeprefix(DATA)), name)
        type_, _, argument = type_.partition(".")
        if type_:
            content = schema.resource(type_)
            if content is None:
                raise ShapeError(f"there is no resource type {type_}{_hint(type_, schema.resource_types())}")
            if name == "separate" and not parents_of(type_):
                raise ShapeError(f"{type_} holds no part of another resource's settings, says aws/companions.tsv")
            block = Block(type_, (content,))
            if argument:
                _argument(block, argument)
            return Listed(block, name)
    if name == "readers":
        return Listed(Parts("a reader", dict.fromkeys(("kind", "type", "address", "instances"))), name)
    if name == "references":
        return Listed(Parts("a declaration", dict.fromkeys(("kind", "type", "address"))), name)
    if name == "attributes_in":
        return Listed(Parts("an attribute", {"source": Block("the source", (ANY_BLOCK,)), "attribute": None}), name)
    if name == "runtime":
        return Parts("a runtime", dict.fromkeys(("deprecated", "create_blocked", "update_blocked", "successor")))
    if name == "arn":
        return Parts("an ARN", dict.fromkeys(("partition", "service", "region", "account", "resource")))
    if name in ("everyone", "granted", "mentioned", "own_accounts"):
        return Listed(_TEXT, name)
    if name == "parents":
        return Listed(Block(name, (ANY_BLOCK,)), name)
    if name == "managed":
        return Parts("a policy of AWS", dict.fromkeys(("path", "name", "known", "nearest")))
    if name == "service_principal":
        return Parts("a service", dict.fromkeys(("known", "nearest")))
    if name == "statements":
        return Listed(statement_shape(), name)
    if name == "key_users":
        user = {"principal": None, "actions": Listed(None, "actions"), "via": Block("via", (ANY_BLOCK,))}
        return Listed(Parts("a user of a key", user), name)
    if name == "schedule":
        return Parts("a schedule", {"problem": None, "kind": _TEXT, "normal": _TEXT, "period": _NUMBER})
    if name == "watched":
        alarm = schema_of_type("resource", "aws_cloudwatch_metric_alarm")
        query = nested_schema(alarm, "metric_query") or ANY_BLOCK
        return Listed(Block("a metric of an alarm", (alarm, nested_schema(query, "metric") or ANY_BLOCK)), name)
    if name == "metric":
        return Parts("a metric", {**dict.fromkeys(METRIC_PARTS), "sets": Listed(Listed(None)), "names": Listed(None)})
    if name == "run_of":
        return Parts("a run", {"seconds": _NUMBER, "complete": None})
    if name == "machine":
        state = Parts("a state", {"name": None, "fields": None, "enclosing": Listed(None, "enclosing")})
        problem = Parts("a problem", {"what": None, "sound": None})
        slowest = Parts("the slowest state", {"name": None, "seconds": _NUMBER})
        longest = Parts("the longest run", {"seconds": _NUMBER, "complete": None, "slowest": slowest})
        read = Parts("a read", dict.fromkeys(("state", "path", "origin", "sound")))
        parts_ = {
            "states": Listed(state, "states"),
            "problems": Listed(problem, "problems"),
            "timeout": None,
            "longest": longest,
            "unset": Listed(read, "unset"),
            "chosen": _TEXTS,
        }
        return Parts("a state machine", parts_)
    return None


def _kind_of_edge(kind: str) -> None:
    if kind not in edge_kinds():
        raise ShapeError(f"there is no kind of edge {kind}{_hint(kind, edge_kinds())}")


def edge_shape(kind: str) -> Parts:
    """An edge of a kind: its ends are blocks of the types that the table of edges names."""
    rows = edge_rows(kind)
    ends = {
        "source": [content for row in rows for content in _at_end(row, row.source)],
        "target": [content for row in rows for content in _at_end(row, row.target)],
        "via": [content for row in rows for content in _holding(row)],
    }
    parts_ = {name: Block(f"{name} of {kind}", tuple(dict.fromkeys(ends[name]))) for name in EDGE_ENDS}
    return Parts(f"the edge {kind}", {**parts_, EDGE_VALUE: None})


def _data_source(type_: str) -> Block:
    content = schema.data_source(type_)
    if content is None:
        raise ShapeError(f"there is no data source type {type_}")
    return Block(type_, (content,))


def _at_end(row: EdgeRow, end: End) -> Iterator[BlockSchema]:
    """The schemas of the resources at one end of an edge."""
    for type_ in (row.holder,) if end.path is None else end.types:
        yield schema_of_type("resource", type_)
    if end.path is not None and not end.types:
        yield ANY_BLOCK


def _holding(row: EdgeRow) -> Iterator[BlockSchema]:
    """The schemas of the blocks whose arguments name the ends."""
    for end in (row.source, row.target):
        if end.path is not None:
            content: BlockSchema = schema_of_type("resource", row.holder)
            for name in end.path.blocks:
                content = nested_schema(content, name) or ANY_BLOCK
            yield content


def policy_shape() -> Parts:
    """A policy."""
    return Parts("a policy", {**dict.fromkeys(POLICY_PARTS), "statements": Listed(statement_shape(), "statements")})


def comment_shape() -> Parts:
    """A comment."""
    return Parts("a comment", dict.fromkeys(COMMENT_PARTS))


def statement_shape() -> Parts:
    """A statement: elements are lists."""
    entries = Parts("a principal", {"kind": None, "identifiers": Listed(None)})
    conditions = Parts("a condition", {"operator": None, "key": None, "values": Listed(None)})
    special = {"principals": entries, "not_principals": entries, "conditions": conditions}
    parts = {name: Listed(special.get(name), name) for name in STATEMENT_PARTS if name not in ("effect", "sid")}
    return Parts("a statement", {**dict.fromkeys(("effect", "sid")), **parts})


def scope_shapes(match: tuple[Match, ...]) -> dict[str, Shape | None]:
    """The names that a condition with this match knows, with their shapes."""
    kind = match[0].kind
    if kind in ("resource", "data"):
        types = [item.name for item in match if item.name != "*"]
        what = match[0].name if len(match) == 1 else "each of these types"
        contents = tuple(schema_of_type(kind, type_) for type_ in types) or (ANY_BLOCK,)
        return {"self": Block(what, contents)}
    if kind == "block":
        contents = tuple(TOP_LEVEL[item.name].content or ANY_BLOCK for item in match)
        return {"self": Block(f"a {match[0].name} block", contents)}
    if kind == "edge":
        shapes = [edge_shape(item.name).items for item in match]
        return {name: _common([shape[name] for shape in shapes]) for name in (*EDGE_ENDS, EDGE_VALUE)}
    if kind == "policy":
        return {"policy": policy_shape()}
    if kind == "comment":
        return {"comment": comment_shape()}
    if kind == "statement":
        return {"policy": policy_shape(), "statement": statement_shape()}
    if kind == "local":
        return {"self": Parts("a local", {"name": None, "value": None})}
    if kind in TOP_LEVEL:
        content = TOP_LEVEL[kind].content
        return {"self": Block(f"a {kind}", (content,))} if content is not None else {}
    return {}
