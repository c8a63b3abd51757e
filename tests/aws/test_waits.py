"""The table of what has to be made before what."""

from __future__ import annotations

import pytest

from tflint_tap.aws import schema
from tflint_tap.aws.edges import ArgumentPath
from tflint_tap.aws.waits import Step, Wait, waits, waits_of
from tflint_tap.iam.actions import action

WAITS = [pytest.param(wait, id=f"{wait.type}, line {number}") for number, wait in enumerate(waits())]


def _leads(type_: str, path: ArgumentPath) -> bool:
    """Return True if a type has an argument or block of that path."""
    content = schema.resource(type_)
    assert content is not None, type_
    for name in path.blocks:
        if name not in content.blocks:
            return False
        content = content.blocks[name].block
    return path.argument in content.attributes or path.argument in content.blocks


def _end(type_: str, way: tuple[Step, ...]) -> str:
    """The type at the end of a way, every step of which has to lead on."""
    for step in way:
        assert any(_leads(type_, path) for path in step.arguments)
        type_ = step.type
    return type_


@pytest.mark.parametrize("wait", WAITS)
def test_a_line_leads_from_both_ends_to_what_they_have_in_common(wait: Wait) -> None:
    end = _end(wait.type, wait.way)
    assert wait.given is None or _leads(wait.type, wait.given)
    if wait.action is not None:
        assert end == "aws_iam_role"
        assert action(wait.action) is not None
    for needed in wait.needed:
        assert needed.argument is None or _leads(needed.type, ArgumentPath.of(needed.argument))
        assert not wait.needed_way or _end(needed.type, wait.needed_way) == end
    assert wait.source.startswith("https://")


def test_lines_are_sought_by_the_types_that_wait() -> None:
    assert {wait.type for wait in waits_of(("aws_eip", "aws_sns_topic"))} == {"aws_eip"}
