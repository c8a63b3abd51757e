"""The contents of policies that AWS manages, as documents with statements."""

from __future__ import annotations

from ..aws.managed_policies import managed_policy
from ..terraform.evaluation.values import Value
from ..terraform.functions.json_reading import decode
from ..terraform.module import Module
from ..text.source import Span
from .statements import Document, document_from


def managed_document(name: str, module: Module, span: Span) -> Document | None:
    """The document of a policy by path and name (`service-role/AWS_ConfigRole`), None where there is no such policy.

    Its statements are placed at `span`, where the policy is named. A document that the table doesn't have is one with
    a doubt.
    """
    found = managed_policy(name)
    if found is None:
        return None
    if found.document is None:
        return Document(doubt=f"what {name} allows isn't in the table of AWS's policies")
    return document_from(decode(Value(found.document, span)), module, span)
