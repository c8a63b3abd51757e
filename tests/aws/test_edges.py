"""The tables of edges, companions and ARNs: every line is about types and arguments that the provider has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tflint_tap.aws import arns, companions, edges, schema
from tflint_tap.aws.edges import ArgumentPath, EdgeRow, End
from tflint_tap.aws.schema import BlockSchema

TABLES = Path(edges.__file__).parent
ROWS = [row for kind in edges.edge_kinds() for row in edges.edge_rows(kind)]
_HOWS = {"arn", "url", "name", "id", "any", "found"}
_KEY = re.compile(r"(?:\w+_)?kms_(?:master_)?key(?:_id|_arn|_identifier)?")
# arguments of such names that give a key to something that isn't of this stack's making
_OTHER_KEYS = {"aws_s3_bucket_object_lock_configuration", "aws_s3_bucket_inventory", "aws_s3_bucket_object",
               "aws_s3_bucket_replication_configuration", "aws_s3_bucket_metadata_configuration"}  # fmt: skip


def _settable(type_: str, path: ArgumentPath) -> bool:
    """Whether a resource type has an argument at a path."""
    block = schema.resource(type_)
    for number, step in enumerate(path.blocks):
        assert block is not None, type_
        if step in block.blocks:
            block = block.blocks[step].block
            continue
        attribute = block.attributes.get(step)
        element = attribute.type.element if attribute is not None else None
        return element is not None and number == len(path.blocks) - 1 and path.argument in element.attributes
    attribute = block.attributes.get(path.argument) if block is not None else None
    return attribute is not None and attribute.settable


def _ends(row: EdgeRow) -> Iterator[End]:
    yield from (end for end in (row.source, row.target) if end.path is not None)


def test_every_argument_of_an_edge_is_in_the_schema() -> None:
    paths = [(row.holder, end.path) for row in ROWS for end in _ends(row) if end.path is not None]
    wrong = [(holder, path) for holder, path in paths if not _settable(holder, path)]
    assert wrong == []


def test_every_type_that_an_end_may_be_is_in_the_schema() -> None:
    assert {
        type_ for row in ROWS for end in _ends(row) for type_ in end.types if schema.resource(type_) is None
    } == set()


def test_every_edge_has_an_end_that_an_argument_names_and_a_known_way_of_naming() -> None:
    assert [row for row in ROWS if not list(_ends(row))] == []
    assert {end.how for row in ROWS for end in _ends(row) if end.how not in _HOWS and "*" not in end.how} == set()


def test_every_condition_is_about_an_argument_of_its_end() -> None:
    for row in ROWS:
        if row.condition is None:
            continue
        end = {"source": row.source, "target": row.target, "holder": End(None)}[row.condition.of]
        for type_ in (row.holder,) if end.path is None else end.types:
            assert _settable(type_, ArgumentPath((), row.condition.argument)), row


def test_every_kind_is_documented_and_every_documented_kind_has_edges() -> None:
    lines = (TABLES / "edges.tsv").read_text().splitlines()
    assert set(edges.edge_kinds()) == {line.split("\t")[0] for line in lines if not line.startswith("#")}
    assert len(ROWS) == sum(not line.startswith("#") for line in lines)
    assert edges.edge_rows("redrive") == ()


def test_every_group_is_used_and_every_line_stands_once() -> None:
    lines = (TABLES / "edges.tsv").read_text().splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    groups = {line.split(" ")[2].rstrip(":") for line in lines if line.startswith("# group ")}
    assert groups == {word for row in rows for word in re.findall(r"@(\w+)", row)}
    assert rows == sorted(set(rows))


def _arguments(
    block: BlockSchema, path: tuple[str, ...] = (), around: tuple[int, ...] = ()
) -> Iterator[tuple[str, ...]]:
    for name, attribute in block.attributes.items():
        if attribute.settable:
            yield (*path, name)
    for name, nested in block.blocks.items():
        if id(nested.block) not in around:
            yield from _arguments(nested.block, (*path, name), (*around, id(nested.block)))


def test_every_argument_for_a_key_makes_an_edge() -> None:
    known = {(row.holder, (*end.path.blocks, end.path.argument))
             for row in edges.edge_rows("encrypted_by") for end in _ends(row) if end.path is not None}  # fmt: skip
    missing = []
    for type_ in schema.resource_types():
        if type_.startswith("aws_kms_") or type_ in _OTHER_KEYS:
            continue
        block = schema.resource(type_)
        assert block is not None
        missing += [(type_, path) for path in _arguments(block) if len(path) < 7 and _KEY.fullmatch(path[-1])
                    and (type_, path) not in known]  # fmt: skip
    assert missing == []


def test_every_companion_its_parent_and_their_settings_are_in_the_schema() -> None:
    for row in companions.companion_rows():
        assert _settable(row.type, ArgumentPath.of(row.argument)), row
        assert schema.resource(row.parent) is not None, row
        for own, parents in row.settings.items():
            for type_, setting in ((row.type, own), (row.parent, parents)):
                *blocks, name = setting.split(".")
                block = schema.resource(type_)
                for step in blocks:
                    assert block is not None
                    block = block.blocks[step].block
                assert block is not None
                assert name in block.blocks or block.attributes[name].settable, (row, setting)


def test_a_setting_that_has_another_name_in_the_companion_is_found() -> None:
    row = next(row for row in companions.companions_of("aws_s3_bucket")
               if row.type == "aws_s3_bucket_server_side_encryption_configuration")  # fmt: skip
    assert row.settings == {"rule": "server_side_encryption_configuration.rule"}
    assert [row.parent for row in companions.parents_of("aws_route_table_association")] == [
        "aws_route_table",
        "aws_subnet",
    ]


def test_every_type_with_an_arn_has_the_arguments_that_the_table_names() -> None:
    for type_ in arns.types():
        format_ = arns.arn_format(type_)
        assert format_ is not None
        for pattern in (format_.resource, format_.url):
            if pattern is not None:
                assert _settable(type_, ArgumentPath((), pattern.argument)), type_
        if format_.stands_for is not None:
            assert _settable(type_, ArgumentPath((), format_.stands_for)), type_


@pytest.mark.parametrize(
    ("type_", "resource"),
    [
        ("aws_lambda_function", arns.Pattern("function:", "function_name", ":")),
        ("aws_iam_role", arns.Pattern("role/", "name", path=True)),
        ("aws_sqs_queue", arns.Pattern("", "name")),
        ("aws_ssm_parameter", arns.Pattern("parameter", "name", slash=True)),
        ("aws_secretsmanager_secret", arns.Pattern("secret:", "name", "-")),
        ("aws_subnet", None),
    ],
)
def test_patterns_are_read(type_: str, resource: arns.Pattern | None) -> None:
    format_ = arns.arn_format(type_)
    assert format_ is not None
    assert format_.resource == resource


def test_the_tables_say_where_they_come_from() -> None:
    for name in ("arns.tsv", "edges.tsv", "companions.tsv", "ids.tsv"):
        text = (TABLES / name).read_text()
        assert re.search(r"^# source: .*https://", text, re.MULTILINE), name
        assert re.search(r"^# date: \d{4}-\d\d-\d\d$", text, re.MULTILINE), name
    assert arns.arn_format("aws_no_such_type") is None
    assert arns.header()["date"]


def test_the_table_of_ids_says_if_an_id_is_the_arn() -> None:
    assert (arns.id_is_arn("aws_sns_topic"), arns.id_is_arn("aws_sqs_queue")) == (True, False)
    assert arns.id_is_arn("aws_no_such_type") is None
