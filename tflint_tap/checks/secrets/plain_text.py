"""Checks of secrets: literals where secrets belong, and texts that are one wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain

from ...hcl.nodes import Attribute, Block, Call, Conditional, Expr, Literal, Object, Parentheses, Template, Text, Tuple
from ...records import dataclass
from ...rule import Hit, Rule
from ...secrets.texts import (
    Kind,
    assignments,
    is_secret,
    kept_elsewhere,
    kind_of_name,
    kind_within,
    known_secrets,
    masked,
    places,
)
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, TooLarge
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ListValue, MapValue, PartialString, Value
from ...terraform.functions.jsons import jsondecode
from ...text.source import Related, Span

_READ = ("resource", "data", "ephemeral", "module", "provider", "locals", "terraform")
_META = ("depends_on", "for_each", "count", "provider", "providers", "lifecycle", "source", "version", "tags")
# Functions that hand on what they are given, as it is or in another form.
_HAND_ON = frozenset(
    ("sensitive", "nonsensitive", "tostring", "trimspace", "chomp", "base64encode", "base64gzip", "jsonencode",
     "yamlencode", "merge", "coalesce", "try", "concat", "flatten", "tolist", "toset", "tomap", "one")
)  # fmt: skip
_PARAMETER = "aws_ssm_parameter"
_DOCUMENT = ("{", "[")
_UNKNOWN = "\0"  # in a text's place where a part of it isn't known


@dataclass(frozen=True, slots=True)
class _SecretPlace:
    """The target of a value: the argument, variable or key of this name, the block, and the value's expression."""

    name: str
    kind: Kind | None
    address: str
    expr: Expr

    @property
    def what(self) -> str:
        return f"the secret {self.name} of {self.address}"

    def called(self, name: str) -> _SecretPlace:
        kind = kind_within(name) if self.kind in ("password", "perhaps") else kind_of_name(name)
        return _SecretPlace(name, kind, self.address, self.expr)


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each secret in the text, and a doubt where it isn't known whether a literal is one."""
    told: list[Span] = []
    for hit in chain(_by_form(stack), _written(stack), _flowing(stack)):
        if not any(_overlap(hit.span, span) for span in told):
            told.append(hit.span)
            yield hit


def _overlap(one: Span, other: Span) -> bool:
    return one.source is other.source and one.start < other.end and other.start < one.end


def _hit(span: Span, what: str, text: str, address: str | None, related: tuple[Related, ...] = ()) -> Hit:
    mask = masked(text)
    return Hit(span, address, {"what": what, "shown": f": {mask}" if mask else ""}, related)


# -- texts of a known form, anywhere -------------------------------------------------------------------------------


def _by_form(stack: Stack) -> Iterator[Hit]:
    for file in stack.shown:
        for match in known_secrets(file.source.text):
            span = Span(file.source, match.start, match.end)
            declaration = stack.module.declaration_at(span)
            address = declaration.address if declaration is not None else None
            yield _hit(span, f"{match.name} in {address}" if address else match.name, span.text, address)


# -- literals, where they are written ------------------------------------------------------------------------------


def _written(stack: Stack) -> Iterator[Hit]:
    for file in stack.shown:
        for block in file.body.blocks:
            if block.type in _READ:
                labels = [label.value for label in block.labels]
                yield from _in_block(block, labels[:1] if block.type == "resource" else [], _address(block, labels))


def _address(block: Block, labels: list[str]) -> str:
    kinds = [] if block.type == "resource" else [block.type]
    return ".".join((*kinds, *labels)) if block.type != "locals" else "local"


def _in_block(block: Block, path: list[str], address: str) -> Iterator[Hit]:
    """The literals in a block's arguments and nested blocks; `path` leads from the resource's type to it."""
    named = _pair({attribute.name: attribute.expr for attribute in block.body.attributes})
    for attribute in block.body.attributes:
        name = attribute.name
        if name in _META or (path == [_PARAMETER] and name == "value"):  # a parameter's type and name decide
            continue
        kind: Kind | None = "password" if ".".join((*path, name)) in places() else kind_of_name(name)
        if name == "value" and named is not None:
            name, kind = named, kind_of_name(named)
        yield from _literals(attribute.expr, _SecretPlace(name, kind, address, attribute.expr))
    for nested in block.body.blocks:
        if nested.type in _META:
            continue
        if nested.type == "dynamic" and nested.labels:
            for content in nested.body.blocks_of("content"):
                yield from _in_block(content, [*path, nested.labels[0].value] if path else [], address)
        else:
            yield from _in_block(nested, [*path, nested.type] if path else [], address)


def _pair(items: dict[str, Expr]) -> str | None:
    """The name of a pair of `name` (or `key`) and `value`; "" where its type says that the secret is elsewhere."""
    if "value" not in items:
        return None
    type_ = items.get("type")
    if isinstance(type_, Template) and type_.literal in kept_elsewhere():
        return ""
    name = items.get("name") or items.get("key")
    return name.literal if isinstance(name, Template) else None


def _literals(expr: Expr, place: _SecretPlace) -> Iterator[Hit]:
    """The secrets that an expression writes out, in every branch of it."""
    if isinstance(expr, Template):
        yield from _in_template(expr, place)
    elif isinstance(expr, Literal):
        if isinstance(expr.value, (int, Fraction)) and not isinstance(expr.value, bool):
            yield from _judged(expr.span, str(expr.value), place)
    elif isinstance(expr, Parentheses):
        yield from _literals(expr.expr, place)
    elif isinstance(expr, Conditional):
        yield from _literals(expr.then, place)
        yield from _literals(expr.otherwise, place)
    elif isinstance(expr, Tuple):
        for element in expr.items:
            yield from _literals(element, place)
    elif isinstance(expr, Object):
        items = {key: item.value for item in expr.items if (key := _key(item.key)) is not None}
        named = _pair(items)
        for key, value in items.items():
            yield from _literals(value, place.called(named if key == "value" and named is not None else key))
    elif isinstance(expr, Call) and expr.name.removeprefix("core::") in _HAND_ON:
        for argument in expr.arguments:
            yield from _literals(argument, place)
    elif isinstance(expr, Call) and expr.name == "lookup" and len(expr.arguments) == 3:
        yield from _literals(expr.arguments[2], place)


def _key(key: Expr) -> str | None:
    while isinstance(key, Parentheses):
        key = key.expr
    return key.literal if isinstance(key, Template) else None


def _in_template(expr: Template, place: _SecretPlace) -> Iterator[Hit]:
    text = expr.literal
    if text is not None and not text.lstrip().startswith(_DOCUMENT):  # JSON is read, key by key, as a value
        yield from _judged(expr.span, text, place)
    whole = "".join(part.value if isinstance(part, Text) else _UNKNOWN for part in expr.parts)
    yield from _in_script(expr.span, whole, place)


def _judged(span: Span, text: str, place: _SecretPlace, related: tuple[Related, ...] = ()) -> Iterator[Hit]:
    if place.kind is not None and is_secret(text, place.kind):
        yield _hit(span, place.what, text, place.address, related)


def _in_script(span: Span, text: str, place: _SecretPlace, related: tuple[Related, ...] = ()) -> Iterator[Hit]:
    """Secrets that a script or a connection string sets."""
    for name, value, _ in assignments(text):
        kind = kind_of_name(name)
        if kind is not None and _UNKNOWN not in value and is_secret(value, kind):
            yield _hit(_narrowed(span, name, value), place.called(name).what, value, place.address, related)


def _narrowed(span: Span, name: str, value: str) -> Span:
    """The span of a name's value in the text of a span, else the whole span."""
    pattern = re.escape(name) + r"""\\?["']?\s*[:=]\s*\\?["']?(""" + re.escape(value) + ")"
    found = re.compile(pattern).search(span.source.text, span.start, span.end)
    return Span(span.source, found.start(1), found.end(1)) if found is not None else span


# -- values, wherever they come from -------------------------------------------------------------------------------


def _flowing(stack: Stack) -> Iterator[Hit]:
    """Secrets that come to their place through variables' defaults, locals and functions."""
    flow = _Flow(stack)
    for instance in chain(stack.resources(), stack.data_sources()):
        yield from flow.in_block(instance, (instance.declaration.type,))
    for declaration in stack.module.declarations.values():
        if declaration.kind == "local":
            yield from flow.alone(declaration.attribute, "local")
        elif declaration.kind in ("module", "provider") and declaration.block is not None:
            for attribute in declaration.block.body.attributes:
                if attribute.name not in _META:
                    yield from flow.alone(attribute, declaration.address)


@dataclass(frozen=True, slots=True)
class _Flow:
    stack: Stack

    def in_block(self, block: Instance, path: tuple[str, ...]) -> Iterator[Hit]:
        named = self._pair({attribute.name: block.value(attribute.name) for attribute in block.body.attributes})
        for attribute in block.body.attributes:
            name, kind = attribute.name, kind_of_name(attribute.name)
            if name in _META:
                continue
            if ".".join((*path, name)) in places():
                kind = "password"
            elif path == (_PARAMETER,) and name == "value":
                yield from self._parameter(block, attribute)
                continue
            elif name == "value" and named is not None:
                name, kind = named, kind_of_name(named)
            yield from self._judged(
                block.value(attribute.name), _SecretPlace(name, kind, block.address, attribute.expr)
            )
        for type_ in dict.fromkeys(type_ for type_, _ in block.block_types() if type_ not in _META):
            for nested in block.blocks(type_):
                yield from self.in_block(nested, (*path, type_))

    def alone(self, attribute: Attribute | None, address: str) -> Iterator[Hit]:
        """A local or an argument of a module or provider."""
        if attribute is not None and any(
            reference.root in ("var", "local") for reference in self.stack.module.references(attribute.expr)
        ):
            value = self.stack.evaluator.evaluate(attribute.expr)
            place = _SecretPlace(attribute.name, kind_of_name(attribute.name), address, attribute.expr)
            yield from self._judged(value, place)

    def _parameter(self, parameter: Instance, attribute: Attribute) -> Iterator[Hit]:
        """An SSM parameter: its type says whether it is a secret, else the last part of its name."""
        type_, name, value = parameter.value("type"), parameter.value("name").data, parameter.value("value")
        kind: Kind | None = "password" if type_.data == "SecureString" else None
        if kind is None and isinstance(name, str):
            kind = kind_of_name(name)
        yield from self._judged(value, _SecretPlace("value", kind, parameter.address, attribute.expr))
        text = value.data
        if kind is None and type_.reason is not None and isinstance(text, str) and is_secret(text, "password"):
            what = _SecretPlace("value", kind, parameter.address, attribute.expr).what
            yield Hit(attribute.expr.span, parameter.address, {"what": what, "shown": ""}, doubt=type_.reason)

    def _judged(self, value: Value, place: _SecretPlace) -> Iterator[Hit]:
        """The secrets in a value that is given to a place."""
        if value.decoded is not None:
            yield from self._judged(value.decoded, place)
            return
        data = value.data
        if isinstance(data, MapValue):
            named = self._pair(data.items)
            for key, item in data.items.items():
                yield from self._judged(item, place.called(named if key == "value" and named is not None else key))
        elif isinstance(data, ListValue):
            for item in data.items:
                yield from self._judged(item, place)
        elif isinstance(data, (int, Fraction)) and not isinstance(data, bool):
            yield from self._in_text(value, str(data), place)
        elif isinstance(data, (str, PartialString)):
            document = self._document(value)
            if document is not None:
                yield from self._judged(document, place)
            else:
                parts = data.parts if isinstance(data, PartialString) else (data,)
                text = "".join(part if isinstance(part, str) else _UNKNOWN for part in parts)
                yield from self._in_text(value, text, place)

    def _in_text(self, value: Value, text: str, place: _SecretPlace) -> Iterator[Hit]:
        span = value.span if value.span is not None else place.expr.span
        if not any(file.source is span.source for file in self.stack.module.files):
            return  # given from outside, as secrets should be
        related: tuple[Related, ...] = ()
        if not place.expr.span.contains(span):
            related = (Related(f"{place.name} of {place.address} takes it here", place.expr.span),)
        for match in known_secrets(text):
            yield _hit(span, f"{match.name} in {place.address}", text[match.start : match.end], place.address, related)
        if _UNKNOWN not in text and place.kind is not None and is_secret(text, place.kind):
            yield _hit(span, place.what, text, place.address, related)
        yield from _in_script(span, text, place, related)

    @staticmethod
    def _document(value: Value) -> Value | None:
        """The document that a text holds as JSON, if it is an object or array."""
        text = value.data.prefix if isinstance(value.data, PartialString) else value.data
        if not isinstance(text, str) or not text.lstrip().startswith(_DOCUMENT):
            return None
        try:
            document = jsondecode(value)
        except (EvaluationError, TooLarge):
            return None
        return document if isinstance(document.data, (MapValue, ListValue)) else None

    @staticmethod
    def _pair(items: Mapping[str, Value]) -> str | None:
        """As `_pair`, of values."""
        if items.get("value") is None:
            return None
        type_ = items.get("type")
        if type_ is not None and isinstance(type_.data, str) and type_.data in kept_elsewhere():
            return ""
        name = items.get("name") or items.get("key")
        return name.data if name is not None and isinstance(name.data, str) else None
