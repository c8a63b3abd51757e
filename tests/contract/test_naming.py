"""What "named X" means."""

from __future__ import annotations

import pytest

from tflint_tap.contract.naming import NameReading, named, naming_of
from tflint_tap.hcl import parse
from tflint_tap.stack import Stack
from tflint_tap.terraform.module import build_module
from tflint_tap.text.source import Source

IDENTITY = 'variable "project" {}\ndata "aws_caller_identity" "me" {}\n'
PREFIX = 'locals {\n  name_prefix = "global-booking-prod"\n}\n'


def found(text: str, wanted: str, optional: str = "") -> tuple[list[str], list[tuple[str, str]]]:
    """The addresses of the resources of that name, and of those that it can't be told of, with the reason."""
    stack = Stack.of(build_module([parse(Source("tap_stack.tf", text))]))
    result = named(stack.resources(), wanted, naming_of(stack.evaluator), optional)
    return [one.address for one in result.certain], [(one.address, reason) for one, reason in result.possible]


def function(label: str, name: str, more: str = "") -> str:
    return f'resource "aws_lambda_function" "{label}" {{\n  function_name = {name}\n{more}}}\n'


@pytest.mark.parametrize(
    "text",
    [
        function("booking_handler", '"anything"'),
        function("Booking-Handler", '"anything"'),
        function("this", '"booking_handler"'),
        function("this", '"BOOKING-HANDLER"'),
        function("this", '"global-booking-prod-booking-handler"'),
        function("this", '"${local.name_prefix}-booking-handler"'),
        function("this", '"${var.project}-booking-handler"') + 'variable "project" {}\n',
        function("this", '"other-stack-booking-handler"'),
        function("api_booking_handler", '"anything"'),
        function("this", 'format("%s-%s", local.name_prefix, "booking-handler")'),
        function("this", '"${local.name_prefix}-booking-handler-${data.aws_caller_identity.me.account_id}"') + IDENTITY,
        function("this", '"${var.project}-booking-handler-${data.aws_caller_identity.me.account_id}"') + IDENTITY,
        function("this", '"booking-handler-${random_id.end.hex}"') + 'resource "random_id" "end" {}\n',
    ],
)
def test_a_resource_is_named_by_label_or_evaluated_name(text: str) -> None:
    certain, unsure = found(PREFIX + text, "booking_handler")
    assert len(certain) == 1
    assert unsure == []


@pytest.mark.parametrize(
    "text",
    [
        function("this", '"global-booking-prod-handler"'),
        function("booking_handlers", '"anything"'),
        function("rebooking_handler", '"anything"'),
        function("booking_handler_alias", '"anything"'),
        'resource "aws_sqs_queue" "this" {\n  function_name = "booking_handler"\n}\n',
        function("this", '"global-booking-production-x"'),
        function("this", '"${local.name_prefix}-handler-${data.aws_caller_identity.me.account_id}"') + IDENTITY,
    ],
)
def test_other_names_are_others(text: str) -> None:
    assert found(PREFIX + text, "booking_handler") == ([], [])


def test_an_instance_is_named_by_its_key() -> None:
    text = function("all", "each.key", '  for_each = toset(["booking-handler", "cache-updater"])\n')
    assert found(text, "booking_handler") == (['aws_lambda_function.all["booking-handler"]'], [])


def test_what_is_quite_of_that_name_goes_before_what_only_ends_so() -> None:
    text = function("old_booking_handler", '"old"') + function("booking_handler", '"new"')
    assert found(text, "booking_handler") == (["aws_lambda_function.booking_handler"], [])


def test_a_name_that_is_not_known_may_be_any() -> None:
    text = 'variable "name" {}\nvariable "p" {}\n' + function("a", "var.name") + function("b", '"${var.p}-handler"')
    text += function("c", '"${var.p}-updater"') + function("d", '"d-${var.name}"')
    assert found(text, "booking_handler") == (
        [],
        [
            ("aws_lambda_function.a", "var.name has no default"),
            ("aws_lambda_function.b", "var.p has no default"),
            ("aws_lambda_function.d", "var.name has no default"),
        ],
    )


def test_an_ending_may_be_missing() -> None:
    text = 'resource "aws_iam_role" "r" {\n  name = "global-booking-prod-booking-handler"\n}\n'
    assert found(PREFIX + text, "booking_handler_role", "_role") == (["aws_iam_role.r"], [])
    assert found(PREFIX + text, "booking_handler_role") == ([], [])


def test_names_are_read_behind_the_stacks_prefix() -> None:
    stack = Stack.of(build_module([parse(Source("tap_stack.tf", PREFIX))]))
    assert naming_of(stack.evaluator) == NameReading("global-booking-prod")
    assert naming_of(Stack.of(build_module([])).evaluator) == NameReading(None)
