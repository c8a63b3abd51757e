"""Functions on who reads what: readers of an attribute, attributes in a value, the provider's configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings

STACK = """\
resource "aws_dynamodb_table" "t" {
  provider = aws.west
  name     = "t"
}
resource "aws_dynamodb_table" "u" {
  count = 2
  name  = "u${count.index}"
}
locals {
  arns = [aws_dynamodb_table.t.stream_arn]
  more = local.arns
}
output "by_local" {
  value = local.more
}
output "as_a_whole" {
  value = aws_dynamodb_table.u
}
output "by_number" {
  value = aws_dynamodb_table.u[0].stream_arn
}
module "m" {
  source = "./m"
  arn    = aws_dynamodb_table.t.arn
}
resource "aws_sqs_queue" "q" {
  name       = "q"
  depends_on = [aws_dynamodb_table.t, aws_dynamodb_table.u]
}
"""


def _holds(folder: Path, require: str, text: str = STACK) -> bool:
    found = findings(card(folder, f"match: resource.aws_dynamodb_table\nrequire: '{require}'\n"), text)
    assert all(severity == "error" for severity, _, _ in found), found
    return not found


@pytest.mark.parametrize(
    ("label", "attribute", "readers"),
    [
        ("t", "stream_arn", "output.by_local"),
        ("t", "arn", "module.m"),
        ("t", "name", ""),
        ("u", "stream_arn", "output.by_number output.as_a_whole"),
        ("u", "name", "output.as_a_whole"),
    ],
)
def test_readers_of_an_attribute_are_found_through_locals(
    tmp_path: Path, label: str, attribute: str, readers: str
) -> None:
    listed = f'join(" ", [for reader in readers(self, "{attribute}") : reader.address])'
    assert _holds(tmp_path, f'label(self) != "{label}" || {listed} == "{readers}"')
    assert not _holds(tmp_path, f'label(self) != "{label}" || {listed} == "other"')


def test_a_reader_has_its_kind_and_type(tmp_path: Path) -> None:
    text = STACK + 'resource "aws_ssm_parameter" "p" {\n  value = aws_dynamodb_table.t.id\n}\n'
    listed = 'join(" ", [for reader in readers(self, "id") : "${reader.kind} ${reader.type}"])'
    assert _holds(tmp_path, f'label(self) != "t" || {listed} == "resource aws_ssm_parameter"', text)


def test_attributes_stand_in_texts_lists_and_maps_at_any_depth(tmp_path: Path) -> None:
    value = '{ a = ["x", "y:${self.arn}/${self.stream_arn}"], b = { c = self.id } }'
    listed = f'join(" ", [for one in attributes_in({value}) : "${{label(one.source)}}.${{one.attribute}}"])'
    assert _holds(tmp_path, f'label(self) != "t" || {listed} == "t.arn t.stream_arn t.id"')


def test_what_is_known_or_not_known_at_all_has_no_attributes(tmp_path: Path) -> None:
    assert _holds(tmp_path, 'length(attributes_in([self.name, null, 3, unknown("why")])) == 0')


def test_a_resource_names_a_provider_configuration_or_none(tmp_path: Path) -> None:
    assert _holds(tmp_path, 'label(self) == "t" ? provider(self) == "aws.west" : provider(self) == null')


def test_an_edge_has_the_value_that_names_its_target(tmp_path: Path) -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n  kms_master_key_id = aws_kms_key.k.arn\n}\n'
    text += 'resource "aws_kms_key" "k" {}\n'
    for require, count in (("value == target.arn", 0), ("value == target.id", 1)):
        found = findings(card(tmp_path, f"match: edge.encrypted_by\nrequire: {require}\n"), text)
        assert len(found) == count


def test_a_block_refers_to_others_through_locals_and_data_sources(tmp_path: Path) -> None:
    text = """\
variable "v" {}
locals {
  id = aws_sqs_queue.q.id
}
resource "aws_sqs_queue" "q" {}
data "aws_sqs_queue" "d" {
  name = local.id
}
resource "aws_dynamodb_table" "t" {
  name = "${var.v}-${data.aws_sqs_queue.d.name}-${var.v}-${aws_dynamodb_table.t.id}-${var.absent}"
  ttl {
    attribute_name = path.module
  }
}
"""
    listed = 'join(" ", sort([for one in references(self) : "${one.kind}:${one.type}:${one.address}"]))'
    wanted = (
        "data:aws_sqs_queue:data.aws_sqs_queue.d resource:aws_dynamodb_table:aws_dynamodb_table.t "
        "resource:aws_sqs_queue:aws_sqs_queue.q variable::var.v"
    )
    assert _holds(tmp_path, f'{listed} == "{wanted}"', text)
