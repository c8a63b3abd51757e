"""The table of VPC endpoints, against the catalogue of actions."""

from __future__ import annotations

import pytest

from tflint_tap.aws import schema
from tflint_tap.aws.endpoints import Reached, reached_services
from tflint_tap.iam.actions import action

LINES = tuple(reached_services().values())


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.service)
def test_a_line_names_actions_and_types_that_exist(line: Reached) -> None:
    assert all(line.endpoints)
    for name in (line.of_lambda | line.delivering) - {"*"}:
        assert action(f"{line.service}:{name}") is not None, name
    assert line.delivers_to is None or schema.resource(line.delivers_to) is not None


def test_what_lambda_calls_for_a_function_is_told_from_what_its_code_calls() -> None:
    queues, logs = reached_services()["sqs"], reached_services()["logs"]
    assert queues.is_of_lambda("ReceiveMessage")
    assert not queues.is_of_lambda("SendMessage")
    assert logs.is_of_lambda("PutLogEvents")
