"""The resources of statements as texts, as far as they are known: `"${aws_sqs_queue.q.arn}"` is a queue's ARN."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws.arns import attribute_arn
from ..records import dataclass
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from ..terraform.module import Declaration, Module
from .resource_patterns import ANYTHING, Pattern, Some, Token, meet, tabled, written

_LEAD = written("arn:")
_PLAIN = "/:"  # what a name doesn't hold that nothing else is known of


@dataclass(frozen=True, slots=True)
class ResourceText:
    """A resource as two patterns.

    In `narrow` what isn't known is taken for a name, in `wide` for anything; they differ if there is a `reason`.
    """

    narrow: Pattern
    wide: Pattern
    reason: str | None = None

    @property
    def is_arn(self) -> bool:
        """Return True if it begins as ARNs do, or with a wildcard."""
        return meet(self.narrow[: len(_LEAD)], _LEAD) or ANYTHING in self.narrow[: len(_LEAD)]


def resource_text(value: Value, module: Module) -> ResourceText | None:
    """The text of a resource; None where not even its beginning is known, or it is no text."""
    data = value.data
    if isinstance(data, str):
        pattern = written(data)
        return ResourceText(pattern, pattern)
    parts = data.parts if isinstance(data, PartialString) else (data,) if isinstance(data, Symbol) else ()
    first = parts[0] if parts else None
    whole: str | None = None
    if isinstance(first, Symbol):
        whole = arn_behind(first, module)
    if first is None or isinstance(first, Unknown) or (isinstance(first, Symbol) and whole is None):
        return None
    narrow: list[Token] = []
    wide: list[Token] = []
    reason: str | None = None
    for number, part in enumerate(parts):
        if number == 0 and whole is not None:
            tokens = list(_identified(tabled(whole), part))
            narrow += tokens
            wide += tokens
        elif isinstance(part, str):
            narrow += written(part)
            wide += written(part)
        elif isinstance(part, Symbol):
            token = Some(_absent_from(part, module), many=True, identity=part)
            narrow.append(Some(_PLAIN, many=True, identity=part))
            wide.append(token)
            reason = reason or (part.reason if token.without != _PLAIN else None)
        else:
            narrow.append(Some(_PLAIN, many=True, identity=part.identity))
            wide.append(ANYTHING)
            reason = reason or part.reason
    return ResourceText(tuple(narrow), tuple(wide), reason)


def _identified(pattern: Pattern, part: object) -> Iterator[Token]:
    """The tokens of a thing's own ARN: what isn't known of it is the same wherever it is named."""
    for number, token in enumerate(pattern):
        yield Some(token.without, token.many, (part, number)) if isinstance(token, Some) else token


def arn_behind(symbol: Symbol, module: Module) -> str | None:
    """The ARN that an attribute of a resource or data source is, with placeholders; None where that isn't known."""
    declaration = _declared(symbol, module)
    name = symbol.path[0] if len(symbol.path) == 1 else None
    if declaration is None or not isinstance(name, str):
        return None
    return attribute_arn(declaration.type, name)


def _declared(symbol: Symbol, module: Module) -> Declaration | None:
    declaration = module.declarations.get(symbol.block_address)
    return declaration if declaration is not None and declaration.kind in ("resource", "data") else None


def _absent_from(symbol: Symbol, module: Module) -> str:
    """The characters that a thing's name or id can't hold; none where that isn't known."""
    declaration = _declared(symbol, module)
    if declaration is None:
        return ""
    if declaration.type in ("aws_region", "aws_partition", "aws_caller_identity"):
        return _PLAIN
    own = attribute_arn(declaration.type, "arn")
    return _PLAIN if own is not None and own.endswith("{}") else ":" if declaration.kind == "resource" else ""
