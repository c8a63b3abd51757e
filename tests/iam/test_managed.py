"""The policies that AWS manages, read as documents."""

from __future__ import annotations

from tests.stacks import stack_of
from tflint_tap.aws.managed_policies import managed_policies, managed_policy
from tflint_tap.iam.managed import managed_document
from tflint_tap.text.source import Source, Span

from .reading import listed

STACK = stack_of("")
SOURCE = Source("main.tf", '"arn:aws:iam::aws:policy/x"')
SPAN = Span(SOURCE, 0, len(SOURCE.text))


def test_a_managed_policy_is_a_document_placed_where_it_is_named() -> None:
    document = managed_document("service-role/AWSLambdaBasicExecutionRole", STACK.module, SPAN)
    assert document is not None
    (statement,) = document.statements
    assert listed(statement.actions) == ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    assert listed(statement.resources) == ["*"]
    assert statement.span == SPAN
    assert document.doubt is None


def test_a_policy_without_document_is_a_doubt_and_an_unknown_one_is_none() -> None:
    document = managed_document("ReadOnlyAccess", STACK.module, SPAN)
    assert document is not None
    assert document.statements == ()
    assert document.doubt == "what ReadOnlyAccess allows isn't in the table of AWS's policies"
    assert managed_document("AWSLambdaBasicExecutionRole", STACK.module, SPAN) is None


def test_the_reader_takes_every_document_of_the_table() -> None:
    for name in managed_policies():
        found = managed_policy(name)
        if found is not None and found.document is not None:
            document = managed_document(name, STACK.module, SPAN)
            assert document is not None
            assert document.problem is None, name
            assert document.doubt is None, name
            assert document.statements, name
            assert all(statement.allows is not None for statement in document.statements)
