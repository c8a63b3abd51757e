"""Statements of IAM policies, each element with the values it lists and the places they are written at.

Elements and what they may hold: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
Names of elements are read as they are written there, case included, and so are effects:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..records import dataclass, field, replace
from ..terraform.evaluation.values import ListValue, MapValue, Unknown, Value
from ..terraform.module import Module
from ..terraform.module.places import expression_at, item_written
from ..text.source import Span


@dataclass(frozen=True, slots=True)
class ElementValues:
    """The items that an element lists, be it written as one string or as many.

    An item is a string, known or not (or whatever the file has in its place). `written` is where the element's
    value stands in the statement; an item's own span may lie elsewhere, where its text comes from. `doubt` is why
    there may be further items; `whole` is the value where it may as well be the only item.
    """

    items: tuple[Value, ...]
    written: Span
    doubt: str | None = None
    whole: Value | None = None
    rest: Unknown | None = None

    def known(self) -> Iterator[tuple[str, Value]]:
        """The items that are known strings, with their text."""
        for item in self.items:
            if isinstance(item.data, str):
                yield item.data, item


@dataclass(frozen=True, slots=True)
class Principal:
    """Identifiers of one kind: AWS, Service, Federated, CanonicalUser; `*` with the identifier `*` for everyone."""

    kind: Value
    identifiers: ElementValues


@dataclass(frozen=True, slots=True)
class Principals:
    """A Principal or NotPrincipal element. `doubt` is why there may be further ones."""

    entries: tuple[Principal, ...]
    written: Span
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a Condition element: `StringEquals`, `aws:SourceAccount`, the values."""

    operator: Value
    key: Value
    values: ElementValues


@dataclass(frozen=True, slots=True)
class Conditions:
    """A Condition element, empty where there is none. `doubt` is why there may be further conditions."""

    entries: tuple[Condition, ...] = ()
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. An element that is absent is None.

    `span` is the statement as it is written: an object, or a block's header. `doubt` is why it isn't certain that
    the policy has it (a dynamic block over what isn't known, an override that may replace it). `raw` is the object
    where it was one.
    """

    span: Span
    effect: Value | None
    sid: Value | None = None
    actions: ElementValues | None = None
    not_actions: ElementValues | None = None
    resources: ElementValues | None = None
    not_resources: ElementValues | None = None
    principals: Principals | None = None
    not_principals: Principals | None = None
    conditions: Conditions = field(default_factory=Conditions)
    doubt: str | None = None
    raw: Value | None = None

    @property
    def allows(self) -> bool | None:
        """Return True if the statement's effect is Allow; None if the effect isn't known."""
        if self.effect is None:
            return False
        return self.effect.data == "Allow" if self.effect.is_known else None


@dataclass(frozen=True, slots=True)
class Problem:
    """The reason why AWS or Terraform can't read a policy, and the place."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document. `doubt` is why there may be statements that aren't told here."""

    statements: tuple[Statement, ...] = ()
    version: Value | None = None
    id: Value | None = None
    doubt: str | None = None
    problem: Problem | None = None


def document_from(value: Value, module: Module, span: Span) -> Document:
    """The document that a decoded JSON value is; `span` is where the policy is written as a whole."""
    data = value.data
    if not isinstance(data, MapValue):
        if value.is_known:
            return _broken("the policy is no JSON object", value.span or span)
        return Document(doubt=value.reason)
    span = value.span or span
    doubt = data.doubt.reason if data.doubt is not None else None
    listed = data.items.get("Statement")
    version, id_ = (_placed(data.items[key], span) if key in data.items else None for key in ("Version", "Id"))
    if listed is None:
        broken = _broken("the policy has no Statement", span) if doubt is None else Document(doubt=doubt)
        return replace(broken, version=version, id=id_)
    objects, rest = _listed(listed)
    statements: list[Statement] = []
    problem: Problem | None = None
    for item in objects:
        if isinstance(item.data, MapValue):
            statements.append(_statement(item, item.data, module, item.span or listed.span or span))
        elif item.is_known:
            problem = problem or Problem("a statement is no JSON object", item.span or listed.span or span)
        else:
            rest = rest or item.reason
    doubt = rest or doubt or (problem.message if problem is not None else None)
    return Document(tuple(statements), version, id_, doubt, problem)


def _broken(message: str, span: Span) -> Document:
    return Document(doubt=message, problem=Problem(message, span))


def _statement(value: Value, data: MapValue, module: Module, span: Span) -> Statement:
    """The statement that an object is."""
    doubt = data.doubt.reason if data.doubt is not None else None
    written = expression_at(module, span)

    def element(key: str) -> Value | None:
        found = data.items.get(key)
        return found if found is not None and found.data is not None else None

    def place(key: str, found: Value) -> Span:
        inner = found.span if found.span is not None and span.contains(found.span) else span
        return item_written(written, key) or inner

    def terms(key: str, other: str) -> ElementValues | None:
        found = element(key)
        if found is not None:
            return terms_from(found, place(key, found))
        return ElementValues((), span, doubt) if doubt is not None and element(other) is None else None

    def principals(key: str) -> Principals | None:
        found = element(key)
        return _principals(found, place(key, found)) if found is not None else None

    effect, sid, condition = element("Effect"), element("Sid"), element("Condition")
    if effect is None and doubt is not None:
        effect = Value(Unknown(doubt), span)
    held = principals("Principal")
    if held is None and doubt is not None:
        held = Principals((), span, doubt)
    return Statement(
        span,
        _placed(effect, span) if effect is not None else None,
        _placed(sid, span) if sid is not None else None,
        terms("Action", "NotAction"),
        terms("NotAction", "Action") if element("NotAction") is not None else None,
        terms("Resource", "NotResource"),
        terms("NotResource", "Resource") if element("NotResource") is not None else None,
        held,
        principals("NotPrincipal"),
        _conditions(condition, place("Condition", condition)) if condition is not None else Conditions((), doubt),
        raw=value,
    )


def terms_from(value: Value, written: Span) -> ElementValues:
    """The items that an element's value lists: a string or a list of them."""
    items, doubt = _listed(value)
    whole = value if isinstance(value.data, Unknown) else None
    rest = value.data.doubt if isinstance(value.data, ListValue) else value.data if whole is not None else None
    placed = tuple(_placed(item, value.span or written) for item in items)
    return ElementValues(placed, written, doubt, whole, rest if isinstance(rest, Unknown) else None)


def _principals(value: Value, written: Span) -> Principals:
    if isinstance(value.data, MapValue):
        entries = tuple(
            Principal(Value(kind, written), terms_from(item, _inner(item, written)))
            for kind, item in value.data.items.items()
        )
        return Principals(entries, written, value.data.doubt.reason if value.data.doubt is not None else None)
    if not value.is_known:
        return Principals((), written, value.reason)
    return Principals((Principal(Value("*", written), terms_from(value, written)),), written)


def _conditions(value: Value, written: Span) -> Conditions:
    if not isinstance(value.data, MapValue):
        return Conditions((), value.reason)
    doubt = value.data.doubt.reason if value.data.doubt is not None else None
    entries: list[Condition] = []
    for operator, keys in value.data.items.items():
        if isinstance(keys.data, MapValue):
            doubt = doubt or (keys.data.doubt.reason if keys.data.doubt is not None else None)
            for key, values in keys.data.items.items():
                place = _inner(values, _inner(keys, written))
                entries.append(Condition(Value(operator, place), Value(key, place), terms_from(values, place)))
        elif not keys.is_known:
            doubt = doubt or keys.reason
    return Conditions(tuple(entries), doubt)


def _listed(value: Value) -> tuple[tuple[Value, ...], str | None]:
    """The items of a list, or the one there is; with why there may be more."""
    data = value.data
    if isinstance(data, ListValue):
        return data.items, data.doubt.reason if data.doubt is not None else None
    if isinstance(data, Unknown):  # a string or a list of strings
        return (), data.reason
    return (value,), None


def _inner(value: Value, written: Span) -> Span:
    return value.span if value.span is not None and written.contains(value.span) else written


def _placed(value: Value, span: Span) -> Value:
    return value.at(span)
