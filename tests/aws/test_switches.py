"""The table of what turns wiring off: arguments that the provider has, of types that make such edges."""

from __future__ import annotations

import pytest

from tflint_tap.aws import schema
from tflint_tap.aws.edges import edge_rows
from tflint_tap.aws.switches import Switch, switches, switches_of

EVERY = [pytest.param(type_, one, id=f"{type_}.{one.argument}") for type_, found in switches().items() for one in found]


@pytest.mark.parametrize(("type_", "switch"), EVERY)
def test_a_switch_is_an_argument_that_takes_its_value(type_: str, switch: Switch) -> None:
    block = schema.resource(type_)
    assert block is not None
    attribute = block.attributes[switch.argument]
    assert attribute.settable
    assert (switch.off == "false") == (str(attribute.type) == "bool")


@pytest.mark.parametrize(("type_", "switch"), EVERY)
def test_the_type_makes_edges_of_these_kinds(type_: str, switch: Switch) -> None:
    for kind in switch.kinds:
        rows = edge_rows(kind)
        assert any(type_ in (row.holder, *row.source.types, *row.target.types) for row in rows), kind


def test_what_does_not_act_with_it_is_told_by_kind() -> None:
    assert [one.argument for one in switches_of("aws_cloudwatch_event_rule", "targets")] == ["is_enabled", "state"]
    assert switches_of("aws_cloudwatch_event_rule", "runs_as") == ()
    assert switches_of("aws_sqs_queue", "triggers") == ()
