"""The parts of a card, as its checks (`soundness`) and its entry in the index read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..hcl.nodes import Expr
    from ..vocabulary.subjects import Match


def parts_of(content: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The conditions of a card, each with its own keys; none where Python judges."""
    if "conditions" in content:
        return tuple(content["conditions"])
    return (content,) if "require" in content else ()


def matches_of(value: object) -> tuple[Match, ...]:
    """`resource.aws_sqs_queue`, or a list of such."""
    from ..vocabulary.subjects import Match

    return tuple(Match(*str(item).split(".", 1)) for item in listed(value))


def listed(value: object) -> tuple[object, ...]:
    """One thing or a list of them, as a tuple."""
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def expression(place: str, text: object) -> Expr:
    """An expression of a card. ParseError where it isn't one."""
    from ..hcl import parse_expression
    from ..text.source import Source

    written = str(text).lower() if isinstance(text, bool) else str(text)  # `require: true` is a bool of YAML's
    return parse_expression(Source(place, written.strip()))


def module_of(id_: str) -> str:
    """The module of checks that has a rule's name: `tflint_tap.checks.iam.wildcard_action`."""
    return f"tflint_tap.checks.{id_.replace('/', '.').replace('-', '_')}"
