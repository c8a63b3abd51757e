"""Where arguments are written and where their values come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.stacks import NO_FILES, stack_of
from tflint_tap.terraform.evaluation.expansion import Instance
from tflint_tap.terraform.provenance import Place, place


def _first(text: str, *, given: Sequence[str] = (), values: Mapping[str, str] = NO_FILES) -> Instance:
    return next(stack_of(text, given=given, values=values).resources())


def _told(found: Place) -> tuple[str, list[tuple[str, str]]]:
    return found.span.text, [(related.message, related.span.text) for related in found.related]


def test_what_is_written_in_place_has_no_origin() -> None:
    assert _told(place(_first('resource "a_b" "c" {\n  mode = "x"\n}\n'), "mode")) == ('"x"', [])


def test_an_absent_argument_leads_to_the_header() -> None:
    block = _first('resource "a_b" "c" {\n  other = 1\n}\n')
    assert _told(place(block, "mode")) == ('resource "a_b" "c" {', [])
    assert _told(place(block)) == ('resource "a_b" "c" {', [])


def test_the_first_argument_that_is_written_counts() -> None:
    assert _told(place(_first('resource "a_b" "c" {\n  two = 2\n}\n'), "one", "two")) == ("2", [])


def test_a_nested_block_leads_to_its_argument_or_its_header() -> None:
    assert _told(place(_first('resource "a_b" "c" {\n  n {\n    mode = 1\n  }\n}\n'), "n.mode")) == ("1", [])
    assert _told(place(_first('resource "a_b" "c" {\n  n {\n  }\n}\n'), "n.mode")) == ("n {", [])
    assert _told(place(_first('resource "a_b" "c" {\n}\n'), "n.mode")) == ('resource "a_b" "c" {', [])


def test_a_dynamic_block_that_makes_none_leads_to_its_collection() -> None:
    text = (
        'variable "on" {\n  default = []\n}\n'
        'resource "a_b" "c" {\n  dynamic "n" {\n    for_each = var.on\n    content {\n      mode = 1\n    }\n  }\n}\n'
    )
    assert _told(place(_first(text), "n.mode")) == ("var.on", [("var.on defaults to [] here", "[]")])


def test_a_value_is_followed_through_locals_to_the_part_of_a_default_that_gave_it() -> None:
    text = (
        'variable "s" {\n  default = { mode = "x", other = 1 }\n}\nlocals {\n  m = var.s.mode\n}\n'
        'resource "a_b" "c" {\n  mode = local.m\n}\n'
    )
    assert _told(place(_first(text), "mode")) == ("local.m", [('var.s gives "x" here', '"x"')])


def test_each_value_is_followed_to_where_it_stands() -> None:
    text = (
        'locals {\n  all = { k = { mode = "x" } }\n}\n'
        'resource "a_b" "c" {\n  for_each = local.all\n  mode     = each.value.mode\n}\n'
    )
    assert _told(place(_first(text), "mode")) == ("each.value.mode", [('local.all gives "x" here', '"x"')])
    text = 'resource "a_b" "c" {\n  for_each = { k = "x" }\n  mode     = each.value\n}\n'
    assert _told(place(_first(text), "mode")) == ("each.value", [('each gives "x" here', '"x"')])


def test_a_value_from_a_file_of_values_is_told_as_given() -> None:
    text = 'variable "m" {\n  default = "y"\n}\nresource "a_b" "c" {\n  mode = var.m\n}\n'
    block = _first(text, values={"prod.tfvars": 'm = "x"\n'})
    assert _told(place(block, "mode")) == ("var.m", [('var.m is set to "x" here', '"x"')])


def test_a_value_from_the_command_line_has_no_place() -> None:
    text = 'variable "m" {\n  default = "y"\n}\nresource "a_b" "c" {\n  mode = var.m\n}\n'
    assert _told(place(_first(text, given=["m=x"]), "mode")) == ("var.m", [])


def test_a_sensitive_value_is_not_repeated() -> None:
    text = 'variable "m" {\n  default   = "x"\n  sensitive = true\n}\nresource "a_b" "c" {\n  mode = var.m\n}\n'
    assert _told(place(_first(text), "mode"))[1] == [("var.m defaults to it here", '"x"')]


def test_locals_that_refer_to_each_other_come_to_an_end() -> None:
    text = 'locals {\n  a = local.b\n  b = local.a\n}\nresource "a_b" "c" {\n  mode = local.a\n}\n'
    assert _told(place(_first(text), "mode")) == ("local.a", [("local.a is local.b here", "local.b")])
