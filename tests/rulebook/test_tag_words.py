"""The function on tags, as conditions call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings

PROVIDER = 'provider "aws" {\n  default_tags {\n    tags = %s\n  }\n}\n'
UNKNOWN = 'variable "tags" {\n  type = map(string)\n}\n'


def _told(folder: Path, require: str, text: str) -> list[tuple[str, str, str]]:
    rule = card(folder, f"match: resource.*\nrequire: '{require}'\nat: tags(self)\n", message="${self}")
    return [(severity, message, place) for severity, place, message in findings(rule, UNKNOWN + text)]


def _queue(tags: str) -> str:
    return f'resource "aws_sqs_queue" "q" {{\n  tags = {tags}\n}}\n'


@pytest.mark.parametrize(
    ("text", "owner", "verdict"),
    [
        (_queue('{ Owner = "a" }'), "a", None),
        (_queue('{ Owner = "b" }'), "a", "broken"),
        (PROVIDER % '{ Owner = "a" }' + _queue("{}"), "a", None),
        (PROVIDER % '{ Owner = "a" }' + _queue('{ Owner = "b" }'), "b", None),
        (PROVIDER % '{ Owner = "a" }' + _queue("null"), "a", None),
        (PROVIDER % '{ Owner = "a" }' + _queue("var.tags"), "a", "var.tags has no default"),
        (PROVIDER % "var.tags" + _queue("{}"), "a", "var.tags has no default"),
        (_queue('merge(var.tags, { Owner = "a" })'), "a", None),
        (_queue('merge({ Owner = "a" }, var.tags)'), "a", "var.tags has no default"),
    ],
)
def test_the_tags_are_those_that_come_out(tmp_path: Path, text: str, owner: str, verdict: str | None) -> None:
    told = _told(tmp_path, f'tags(self).Owner == "{owner}"', text)
    assert [place if severity == "doubt" else "broken" for severity, place, _ in told] == ([verdict] if verdict else [])


def test_a_group_has_its_tags_in_blocks(tmp_path: Path) -> None:
    group = 'resource "aws_autoscaling_group" "g" {\n  tag {\n    key   = "Owner"\n    value = "a"\n  }\n}\n'
    assert _told(tmp_path, 'tags(self).Owner == "a"', PROVIDER % '{ Owner = "b" }' + group) == []


def test_what_has_no_tags_gives_null(tmp_path: Path) -> None:
    text = 'resource "aws_lambda_permission" "p" {\n}\nresource "random_id" "i" {\n}\n'
    assert _told(tmp_path, "tags(self) == null", text) == []


def test_the_map_is_placed_where_the_tags_are_written(tmp_path: Path) -> None:
    assert _told(tmp_path, 'length(tags(self)) > 9 || tags(self)["Owner"] != "a"', _queue('{ Owner = "a" }')) == [
        ("error", "aws_sqs_queue.q", '{ Owner = "a" }')
    ]
