"""Stacks with policies, and what is reported of them."""

from __future__ import annotations

from tests.cards import rule_named
from tflint_tap.rule import Finding

ACTION, RESOURCE = rule_named("iam/wildcard-action"), rule_named("iam/wildcard-resource")


def role_policy(statement: str) -> str:
    """A stack with a variable that isn't known and a role's policy, its statement on line 3."""
    return (
        'variable "v" {}\nresource "aws_iam_role_policy" "p" {\n'
        f"  policy = jsonencode({{ Statement = {statement} }})\n}}\n"
    )


def told(finding: Finding) -> tuple[int, str, str | None]:
    """A finding's line, the text it points at, and its reason."""
    return finding.span.line, finding.span.text, finding.doubt
