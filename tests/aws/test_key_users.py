"""The table of services that use keys as themselves, against the schema and the table of edges."""

from __future__ import annotations

from tflint_tap.aws import schema
from tflint_tap.aws.edges import edge_rows
from tflint_tap.aws.key_users import key_uses, types


def test_every_type_of_the_table_can_be_encrypted() -> None:
    encrypted = {row.holder for row in edge_rows("encrypted_by")}
    assert set(types()) <= encrypted


def test_every_use_is_an_edge_that_can_be() -> None:
    for type_ in types():
        for use in key_uses(type_):
            if use.end is None:
                continue
            assert schema.resource(use.via) is not None
            ends = [getattr(row, use.end) for row in edge_rows(use.kind) if row.holder == use.via]
            assert any(not end.types or type_ in end.types for end in ends), (type_, use)


def test_a_type_that_no_service_uses_the_key_of_has_no_line() -> None:
    assert key_uses("aws_dynamodb_table") == ()
    assert key_uses("aws_sns") == ()
