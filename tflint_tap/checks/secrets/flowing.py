"""Secrets that come to their place through variables, locals and functions: values, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain

from ...hcl.nodes import Attribute
from ...records import dataclass, replace
from ...rule import Hit
from ...secrets.texts import Kind, is_secret, kept_elsewhere, kind_of_name
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, TooLarge
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ListValue, MapValue, PartialString, Value
from ...terraform.functions.jsons import jsondecode
from ...text.source import USE, Related
from .places import DOCUMENT, META, PARAMETER, UNKNOWN, SecretPlace, in_text, place_at

_PAIRED = ("name", "key", "type", "value")


def flowing(stack: Stack) -> Iterator[Hit]:
    """Secrets that come to their place through variables' defaults, locals and functions."""
    flow = _Flow(stack)
    for instance in chain(stack.resources(), stack.data_sources()):
        yield from flow.in_block(instance, (instance.declaration.type,))
    for declaration in stack.module.declarations.values():
        if declaration.kind == "local":
            yield from flow.alone(declaration.attribute, "local")
        elif declaration.kind in ("module", "provider") and declaration.block is not None:
            for attribute in declaration.block.body.attributes:
                if attribute.name not in META:
                    yield from flow.alone(attribute, declaration.address)


@dataclass(frozen=True, slots=True)
class _Flow:
    stack: Stack

    def in_block(self, block: Instance, path: tuple[str, ...]) -> Iterator[Hit]:
        written = [attribute for attribute in block.body.attributes if attribute.name not in META]
        named = self._pair({item.name: block.value(item.name) for item in written if item.name in _PAIRED})
        for attribute in written:
            if path == (PARAMETER,) and attribute.name == "value":
                yield from self._parameter(block, attribute)
                continue
            place = place_at(path, attribute.name, block.address, attribute.expr)
            if attribute.name == "value" and named is not None:
                place = replace(place, name=named, kind=kind_of_name(named))
            yield from self._judged(block.value(attribute.name), place)
        for type_ in dict.fromkeys(type_ for type_, _ in block.block_types() if type_ not in META):
            for nested in block.blocks(type_):
                yield from self.in_block(nested, (*path, type_))

    def alone(self, attribute: Attribute | None, address: str) -> Iterator[Hit]:
        """A local or an argument of a module or provider."""
        if attribute is not None and any(
            reference.root in ("var", "local") for reference in self.stack.module.references(attribute.expr)
        ):
            value = self.stack.evaluator.evaluate(attribute.expr)
            place = SecretPlace(attribute.name, kind_of_name(attribute.name), address, attribute.expr)
            yield from self._judged(value, place)

    def _parameter(self, parameter: Instance, attribute: Attribute) -> Iterator[Hit]:
        """An SSM parameter: its type says whether it is a secret, else the last part of its name."""
        type_, name, value = parameter.value("type"), parameter.value("name").data, parameter.value("value")
        kind: Kind | None = "password" if type_.data == "SecureString" else None
        if kind is None and isinstance(name, str):
            kind = kind_of_name(name)
        yield from self._judged(value, SecretPlace("value", kind, parameter.address, attribute.expr))
        text = value.data
        if kind is None and type_.reason is not None and isinstance(text, str) and is_secret(text, "password"):
            what = SecretPlace("value", kind, parameter.address, attribute.expr).what
            yield Hit(attribute.expr.span, parameter.address, {"what": what, "shown": ""}, doubt=type_.reason)

    def _judged(self, value: Value, place: SecretPlace) -> Iterator[Hit]:
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
                text = "".join(part if isinstance(part, str) else UNKNOWN for part in parts)
                yield from self._in_text(value, text, place)

    def _in_text(self, value: Value, text: str, place: SecretPlace) -> Iterator[Hit]:
        span = value.span if value.span is not None else place.expr.span
        if not (self.stack.holds(span) or self.stack.is_given(span)):
            return  # given on the command line, as secrets should be
        related: tuple[Related, ...] = ()
        if not place.expr.span.contains(span):
            related = (Related(f"{place.name} of {place.address} takes it here", place.expr.span, USE),)
        yield from in_text(span, text, place, related)

    @staticmethod
    def _document(value: Value) -> Value | None:
        """The document that a text holds as JSON, if it is an object or array."""
        text = value.data.prefix if isinstance(value.data, PartialString) else value.data
        if not isinstance(text, str) or not text.lstrip().startswith(DOCUMENT):
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
