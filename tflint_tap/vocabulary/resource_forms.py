"""Functions on the texts of statements: the form of ARNs, what they leave open, which text covers which."""

from __future__ import annotations

from ..iam import arn_forms
from ..iam.actions import expand, fits_any, is_everything
from ..iam.resource_patterns import covers
from ..iam.resource_texts import ResourceText, resource_text
from ..iam.statements import ElementValues
from ..iam.wildcards import covers_action, covers_every_resource
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Symbol, Unknown, Value
from ..text.source import Span
from .iam import is_no_arn, statement_of


def arn_problem(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`arn_problem(statement.resources[0])`: what is wrong with the form of an ARN, or null.

    `aws_s3_bucket.logs.id` is a name, and no ARN begins with one.
    """
    data = arguments[0].data
    if isinstance(data, Unknown):
        return Value(data, span)
    first = data.parts[0] if isinstance(data, PartialString) else data
    if isinstance(first, Symbol) and is_no_arn(stack, first):
        return Value("isn't an ARN", span)
    return Value(arn_forms.arn_problem(arguments[0]), span)


def breadth(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`breadth("arn:aws:dynamodb:*:*:table/*", types)`: {types, region, account, is_wide}: what an ARN leaves open.

    Only the listed types count, each as `dynamodb:table`.
    """
    listed = arguments[1].data
    if not isinstance(listed, ListValue):
        raise EvaluationError("breadth takes a resource and a list of types")
    text = resource_text(arguments[0], stack.module)
    types = frozenset(str(item.data) for item in listed.items)
    found = arn_forms.breadth(text, types) if text is not None else arn_forms.Breadth()
    parts = {
        "types": Value(ListValue(tuple(map(Value, found.types)), "list")),
        "region": Value(found.region),
        "account": Value(found.account),
        "is_wide": Value(found.is_wide),
    }
    return Value(MapValue(parts), span)


def strangers(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`strangers(statement)`: the actions of a statement that certainly apply to none of its resources."""
    statement = statement_of(arguments[0])
    if statement is None:
        raise EvaluationError("strangers takes a statement")
    actions, resources = statement.actions, statement.resources
    found: tuple[Value, ...] = ()
    if actions is not None and resources is not None and resources.doubt is None:
        texts = _sound(stack, resources)
        found = tuple(item for text, item in actions.known() if texts and _is_stranger(text, texts))
    return Value(ListValue(found, "list"), span)


def _is_stranger(pattern: str, texts: list[ResourceText]) -> bool:
    if is_everything(pattern):  # some of the 22,000 actions apply to any sound ARN
        return False
    names = expand(pattern)
    return bool(names) and fits_any(names, texts) is False


def _sound(stack: Stack, resources: ElementValues) -> list[ResourceText]:
    """The resources, if each is known to be a sound ARN, and none is everything; else none of them."""
    texts: list[ResourceText] = []
    for item in resources.items:
        if covers_every_resource(item) is not False or arn_forms.arn_problem(item) is not None:
            return []
        text = resource_text(item, stack.module)
        if text is None:
            return []
        texts.append(text)
    return texts


def redundant(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`redundant(statement.actions)`: {item, by, is_same} for each element of a list that another one covers.

    Of equal ones the first stays. What isn't known covers nothing.
    """
    data = arguments[0].data
    if isinstance(data, Unknown):
        return Value(data, span)
    if not isinstance(data, ListValue):
        raise EvaluationError("redundant takes a list of actions or resources")
    found: list[Value] = []
    texts = [_Text(item, resource_text(item, stack.module)) for item in data.items]
    wide = [text for text in texts if "*" in str(text.item.data) or "?" in str(text.item.data)]
    first: dict[object, _Text] = {}
    for text in texts:
        same = first.setdefault(text.key, text)
        by = same if same is not text else next((other for other in wide if other.covers(text)), None)
        if by is not None:
            parts = {"item": text.item, "by": by.item, "is_same": Value(by is same)}
            found.append(Value(MapValue(parts), text.item.span))
    return Value(ListValue(tuple(found), "list"), arguments[0].span)


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """An element of a list of actions or resources, with its pattern where that is known."""

    item: Value
    resource: ResourceText | None

    @property
    def action(self) -> str | None:
        """The pattern of actions that it is."""
        data = self.item.data
        return data if isinstance(data, str) and not data.startswith("arn:") else None

    @property
    def key(self) -> object:
        """The key that two elements share if they are certainly equal."""
        if self.action is not None:
            return self.action.lower()
        return self.resource.narrow if self.resource is not None else self

    def covers(self, other: _Text) -> bool:
        """Return True if it covers another element, and isn't covered by that itself."""
        if self.action is not None and other.action is not None:
            return covers_action(self.action, other.action) and not covers_action(other.action, self.action)
        if self.resource is None or other.resource is None:
            return False
        wide, narrow = self.resource.narrow, other.resource.narrow
        return covers(wide, narrow) and not covers(narrow, wide)
