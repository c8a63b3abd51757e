"""What the schema rules say of one text, together."""

from __future__ import annotations

from tests.cards import rule_named
from tests.stacks import stack_of
from tflint_tap.lint import judge

from .reading import doubts


def test_a_validation_that_depends_on_what_is_not_given_is_a_doubt() -> None:
    text = """variable "limit" {
  type = number
}
variable "timeout" {
  type    = number
  default = 30
  validation {
    condition     = var.timeout < var.limit
    error_message = "It has to be below the limit."
  }
}
"""
    assert doubts("variables/default-mismatch", text) == [(6, "var.limit has no default")]


def test_an_unknown_number_of_blocks_is_neither_too_many_nor_too_few() -> None:
    text = """variable "rules" {}
resource "aws_lb_listener" "https" {
  load_balancer_arn = "arn"
  dynamic "default_action" {
    for_each = var.rules
    content {
      type = "fixed-response"
      dynamic "fixed_response" {
        for_each = default_action.value
        content {
          content_type = "text/plain"
        }
      }
    }
  }
}
"""
    for rule in ("missing-block", "too-many-blocks", "missing-argument", "wrong-type"):
        assert doubts(f"schema/{rule}", text) == []


def test_an_empty_default_is_fine_where_a_list_is_given() -> None:
    text = """variable "subnets" {
  default = []
}
resource "aws_db_subnet_group" "main" {
  subnet_ids = var.subnets
}
"""
    rule = rule_named("variables/empty-default")
    assert [finding.span.line for finding in judge(rule, stack_of(text))] == [2]
    assert list(judge(rule, stack_of(text, given=['subnets=["subnet-1"]']))) == []
