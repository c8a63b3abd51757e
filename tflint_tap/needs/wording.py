"""ARNs in the words of a finding: as Terraform code that names them."""

from __future__ import annotations

from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from ..terraform.functions.parts import Part


def written(value: Value) -> str:
    """`aws_sqs_queue.jobs.arn`, `${aws_s3_bucket.data.arn}/*`, or the text itself."""
    data = value.data
    if isinstance(data, Symbol):
        return str(data)
    if isinstance(data, PartialString):
        return "".join(_part(part) for part in data.parts)
    if isinstance(data, Unknown):
        return _named(data)
    return data if isinstance(data, str) else "an ARN"


def _part(part: Part) -> str:
    if isinstance(part, str):
        return part
    return f"${{{part}}}" if isinstance(part, Symbol) else f"${{{_named(part)}}}"


def _named(unknown: Unknown) -> str:
    """The name of what isn't known, which its reason begins with: `var.arn has no default`."""
    return unknown.reason.partition(" ")[0]
