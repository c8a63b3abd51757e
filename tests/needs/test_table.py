"""The table of needs: every row is sound."""

from __future__ import annotations

import pytest

from tests.stacks import ROOT
from tflint_tap.aws import schema
from tflint_tap.aws.edges import edge_rows
from tflint_tap.iam.actions import action
from tflint_tap.needs.table import KINDS, PATH, NeedRow, need_rows
from tflint_tap.rulebook.shapes import scope_shapes, shape_of
from tflint_tap.text.yaml_text import load

ROWS = list(need_rows())
KEYS = {
    *("id", "match", "from", "to", "via", "where", "role", "service", "into", "acting_for", "argument", "given", "for"),
    *("why", "grants", "source"),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_names_actions_types_and_expressions_that_there_are(row: NeedRow) -> None:
    for grant in row.grants:
        assert grant.kind in KINDS
        assert [name for name in (*grant.actions, *row.given) if action(name) is None] == []
    types = (*row.sources, *row.targets, *(row.holders))
    assert [type_ for type_ in types if schema.resource(type_) is None] == []
    scope = scope_shapes((row.match,))
    for expr in (row.where, row.why, *(grant.arns for grant in row.grants)):
        if expr is not None:
            shape_of(expr, scope)
    assert row.pages
    assert (row.service is None) == bool(row.roles)
    assert {part for part, *_ in row.roles or ((row.into,),)} <= scope.keys()


RUNNING = {
    (found.holder, ".".join((*found.target.path.blocks, found.target.path.argument)))
    for found in edge_rows("runs_as")
    if found.target.path is not None
}


@pytest.mark.parametrize("row", [row for row in ROWS if row.roles], ids=lambda row: row.id)
def test_each_actor_of_a_row_names_its_role_where_the_row_says(row: NeedRow) -> None:
    parts = {"source": row.sources, "target": row.targets, "via": row.holders, "self": {row.match.name}}
    made = {found.holder for found in edge_rows(row.match.name)}
    for part, *path in row.roles:
        types = parts[part] or (made if part == "via" else set())
        assert [type_ for type_ in types if (type_, ".".join(path)) in RUNNING], "an argument that names no role"
    for part, types in parts.items():
        given = [path for first, *path in row.roles if first == part]
        if given and types:
            assert {type_ for type_ in types if not any((type_, ".".join(path)) in RUNNING for path in given)} == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_edges_of_a_row_can_be_there(row: NeedRow) -> None:
    if row.match.kind != "edge":
        return
    holders = {found.holder for found in edge_rows(row.match.name)}
    assert not row.holders or row.holders & holders
    ends = {type_ for found in edge_rows(row.match.name) for end in (found.source, found.target) for type_ in end.types}
    any_type = any(
        not end.types and end.path for found in edge_rows(row.match.name) for end in (found.source, found.target)
    )
    for type_ in (*row.sources, *row.targets):
        assert any_type or type_ in ends | holders


def test_the_ids_are_unique_and_the_keys_known() -> None:
    content = load(PATH.read_text(encoding="utf-8"))
    assert len({row["id"] for row in content}) == len(content)
    assert {key for row in content for key in row} <= KEYS
    assert {key for row in content for grant in row["grants"] for key in grant} <= {*KINDS, "arns"}


def test_notice_names_the_sources_of_the_table() -> None:
    assert "tflint_tap/aws/needs.yaml" in (ROOT / "NOTICE").read_text(encoding="utf-8")
