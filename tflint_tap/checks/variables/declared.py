"""Variables: their type, description and default."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from ...hcl.nodes import Attribute, Block, Expr, Literal, Template
from ...rule import Hit, Rule
from ...secrets.texts import is_secret, kind_of_name
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError, to_bool
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import ErrorValue, ListValue, Value
from ...terraform.module import Declaration
from ...terraform.module.references import calls, references
from ...terraform.typing import ANY, TypeConstraint, convert, parse_type
from ...text.source import Related, Span

# The forms of ids that AWS gives: 8 or 17 hexadecimal digits.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
_ID = re.compile(
    r"(?:vpc|subnet|sg|sgr|igw|nat|rtb|acl|eni|eipalloc|vpce|tgw|tgw-attach|pcx|vgw|i|vol|snap|lt|fs|dopt)"
    r"-(?:[0-9a-f]{8}|[0-9a-f]{17}|[0-9a-f]*\d[0-9a-f]{4,}|x{3,})",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"\d{12}")
# An ARN with an account in it. Layers are published in accounts of others.
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(?P<account>\d{12}):(?!layer:).+")
_HANDLE = re.compile(r"\b(?:arns?|names?|ids?|paths?|keys? (?:id|name)|urls?) (?:of|for|to|under|in)\b", re.IGNORECASE)
_PLAIN = ("bool", "number")


def untyped(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Variables without a type, or with one that Terraform doesn't know."""
    for declaration, block in _variables(stack):
        type_ = block.body.attribute("type")
        if type_ is None:
            yield Hit(block.header, declaration.address, {"what": "has no type", "right": "a type, such as string"})
            continue
        try:
            parse_type(type_.expr)
        except EvaluationError as error:
            values = {"what": f"has a type that is none: {error.reason}", "right": "a type that Terraform knows"}
            yield Hit(type_.expr.span, declaration.address, values, severity=rule.severity.ERROR)


def undescribed(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Variables without a description."""
    for declaration, block in _variables(stack):
        yield from without_description(block, declaration.address)


def without_description(block: Block, address: str) -> Iterator[Hit]:
    """A hit where a block's description is missing or empty."""
    description = block.body.attribute("description")
    if description is None:
        yield Hit(block.header, address)
    elif isinstance(description.expr, Template):
        text = description.expr.literal
        if text is not None and not text.strip():
            yield Hit(description.expr.span, address)


def default_mismatch(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Defaults that aren't constant, don't fit the type, or break the variable's own validation."""
    for declaration, block in _variables(stack):
        default = block.body.attribute("default")
        if default is None:
            continue
        refused = _refused(stack, block, default)
        if isinstance(refused, Hit):
            yield Hit(refused.span, declaration.address, refused.values)
            continue
        if refused is not None:
            yield from _invalid(stack, declaration, block, default, refused)


def _refused(stack: Stack, block: Block, default: Attribute) -> Hit | Value | None:
    """A hit where Terraform refuses the default, else its value; None where the type isn't known."""
    for reference in references(default.expr):
        what = f"refers to {reference.address}, and a default has to be constant"
        return Hit(reference.span, None, {"what": what, "right": "a constant; what is computed belongs into a local"})
    call = next(iter(calls(default.expr)), None)
    if call is not None:
        what = f"calls {call.name}, and a default has to be constant"
        return Hit(call.name_span, None, {"what": what, "right": "a constant; what is computed belongs into a local"})
    value = stack.evaluator.evaluate(default.expr)
    if isinstance(default.expr, Literal) and default.expr.value is None:
        if _flag(block, "nullable") is False:
            values = {"what": "is null, and the variable isn't nullable", "right": "a value, or none at all"}
            return Hit(default.expr.span, None, values)
        return value
    try:
        return convert(value, _constraint(block))
    except EvaluationError as error:
        values = {"what": f"doesn't fit its type: {error.reason}", "right": "a value of the type"}
        return Hit(default.expr.span, None, values)
    except _NoType:
        return None


class _NoType(Exception):
    """The type is none that Terraform knows."""


def _constraint(block: Block) -> TypeConstraint:
    type_ = block.body.attribute("type")
    if type_ is None:
        return ANY
    try:
        return parse_type(type_.expr)
    except EvaluationError:
        raise _NoType from None


def _invalid(stack: Stack, declaration: Declaration, block: Block, default: Attribute, value: Value) -> Iterator[Hit]:
    """The validations that the default breaks, or of which it can't be told."""
    validations = block.body.blocks_of("validation")
    if not validations:
        return
    evaluator = stack.evaluator.supposing({declaration.address: value})
    for validation in validations:
        condition = validation.body.attribute("condition")
        if condition is None:
            continue
        verdict = evaluator.evaluate(condition.expr)
        try:
            verdict = to_bool(verdict)
        except EvaluationError as error:
            verdict = Value(ErrorValue(error.reason))
        if verdict.data is True:
            continue
        words = {"what": f"breaks its own validation{_message(validation)}", "right": "a value that it admits"}
        related = (Related("this condition is false", condition.expr.span),)
        doubt = None if verdict.data is False else verdict.reason or "the condition is null"
        yield Hit(default.expr.span, declaration.address, words, related, doubt=doubt)
        if doubt is None:
            return


def _message(validation: Block) -> str:
    message = validation.body.attribute("error_message")
    text = message.expr.literal if message is not None and isinstance(message.expr, Template) else None
    return f": {text.strip().rstrip('.')}" if text else ""


def _flag(block: Block, name: str) -> bool | None:
    attribute = block.body.attribute(name)
    expr = attribute.expr if attribute is not None else None
    return expr.value if isinstance(expr, Literal) and isinstance(expr.value, bool) else None


def sensitive_unmarked(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Variables that by their name hold a secret, and aren't marked as sensitive."""
    for declaration, block in _variables(stack):
        kind = kind_of_name(declaration.name)
        if kind not in ("password", "holder") or _flag(block, "sensitive") or _flag(block, "ephemeral"):
            continue
        type_, default = block.body.attribute("type"), block.body.attribute("default")
        if type_ is not None and type_.expr.span.text in _PLAIN:
            continue
        description = block.body.attribute("description")
        if description is not None and _HANDLE.search(description.expr.span.text):
            continue  # where the secret is kept, not the secret
        text = stack.evaluator.evaluate(default.expr).data if default is not None else None
        if isinstance(text, str) and text and not is_secret(text, kind):
            continue
        marked = block.body.attribute("sensitive")
        yield Hit(marked.expr.span if marked is not None else block.header, declaration.address)


def invented_default(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Defaults that hold an id which only someone's account has."""
    for declaration, block in _variables(stack):
        default = block.body.attribute("default")
        if default is None:
            continue
        for text, span in _texts(stack.evaluator.evaluate(default.expr)):
            what = _identity(text)
            if what is not None:
                place = span if span is not None and default.expr.span.contains(span) else default.expr.span
                yield Hit(place, declaration.address, {"what": what})


def _texts(value: Value) -> Iterator[tuple[str, Span | None]]:
    """The strings in a value, at any depth, with where each is written."""
    if isinstance(value.data, str):
        yield value.data, value.span
    for item in value.elements():
        yield from _texts(item)


def _identity(text: str) -> str | None:
    """What of an account a text names, None if nothing."""
    text = text.strip()
    if _ID.fullmatch(text):
        return f"the id {text}"
    if _ACCOUNT.fullmatch(text):
        return f"the account number {text}"
    arn = _ARN.fullmatch(text)
    return f"an ARN of account {arn['account']}" if arn is not None else None


def empty_default(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Empty lists as defaults where the use of the variable needs an element. One hit for each variable."""
    found: dict[str, tuple[Attribute, list[tuple[str, str, Span]]]] = {}
    for declaration, reference, argument, span in _empty_uses(stack, rule):
        assert declaration.block is not None
        default = declaration.block.body.attribute("default")
        assert default is not None
        found.setdefault(declaration.address, (default, []))[1].append((reference, argument, span))
    for address, (default, places) in found.items():
        reference, argument, _ = places[0]
        related = {span: Related(f"{name} needs one in {what} here", span) for name, what, span in places}
        yield Hit(default.expr.span, address, {"argument": argument, "use": reference}, tuple(related.values()))


def _empty_uses(stack: Stack, rule: Rule) -> Iterator[tuple[Declaration, str, str, Span]]:
    """Variables whose empty default leaves an argument without an element: with the resource and the argument."""
    needed = [str(path).split(".") for path in cast("Sequence[object]", rule.params["needed"])]
    pairs = [str(path).split(".") for path in cast("Sequence[object]", rule.params["needed_beside"])]
    for type_, *path in (*needed, *pairs):
        *blocks, name = path
        for instance in stack.resources(type_):
            for body in _within(instance, blocks):
                attribute = body.attribute(name)
                if attribute is None or body.doubt is not None or not _is_empty(body.value(name)):
                    continue
                beside = [other[-1] for other in pairs if [type_, *path] in pairs and other[:-1] == [type_, *blocks]]
                if all(_is_empty(body.value(other)) for other in beside) and beside:
                    continue  # none of them is given: the block counts as not there
                for declaration in _emptied_by(stack, attribute.expr):
                    yield declaration, instance.declaration.address, name, attribute.expr.span


def _within(instance: Instance, blocks: Sequence[str]) -> Iterator[Instance]:
    if not blocks:
        yield instance
        return
    for nested in instance.blocks(blocks[0]):
        yield from _within(nested, blocks[1:])


def _is_empty(value: Value) -> bool:
    data = value.data
    return isinstance(data, ListValue) and not data.items and data.rest is None


def _emptied_by(stack: Stack, expr: Expr) -> Iterator[Declaration]:
    """The variables with an empty list as default that an expression leads to, through locals."""
    pending, seen = [expr], set[str]()
    while pending:
        for reference in references(pending.pop()):
            declaration = stack.declared(reference.address)
            if declaration is None or reference.address in seen:
                continue
            seen.add(reference.address)
            if declaration.kind == "local":
                pending.append(declaration.expr)
            elif declaration.kind == "variable" and declaration.block is not None:
                default = declaration.block.body.attribute("default")
                given = stack.evaluator.inputs.expr(declaration.name, None) is not None
                if default is not None and not given and _is_empty(stack.evaluator.evaluate(default.expr)):
                    yield declaration


def _variables(stack: Stack) -> Iterator[tuple[Declaration, Block]]:
    for declaration in stack.module.of_kind("variable"):
        if declaration.block is not None:
            yield declaration, declaration.block
