"""The actions that calls of state machines need."""

from __future__ import annotations

import pytest

from tests.stacks import ROOT
from tflint_tap.iam.actions import action
from tflint_tap.iam.api_calls import called


@pytest.mark.parametrize(
    ("resource", "needed"),
    [
        ("arn:aws:states:::dynamodb:putItem", "dynamodb:PutItem"),
        ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "sqs:SendMessage"),
        ("arn:aws-cn:states:::states:startExecution.sync:2", "states:StartExecution"),
        ("arn:aws:states:::lambda:invoke", "lambda:InvokeFunction"),
        ("arn:aws:states:::http:invoke", "states:InvokeHTTPEndpoint"),
        ("arn:aws:states:::aws-sdk:sfn:describeExecution", "states:DescribeExecution"),
        ("arn:aws:states:::aws-sdk:cloudwatchlogs:putLogEvents", "logs:PutLogEvents"),
        ("arn:aws:states:::aws-sdk:s3:listObjectsV2", "s3:ListBucket"),
        ("arn:aws:states:::aws-sdk:dynamodb:transactWriteItems", None),  # which of four depends on the items
        ("arn:aws:states:::aws-sdk:nosuch:doThings", None),
        ("arn:aws:states:::elasticmapreduce:addStep", None),
        ("arn:aws:lambda:eu-west-1:111122223333:function:f", None),
        ("arn:aws:states:eu-west-1:111122223333:activity:a", None),
        ("", None),
    ],
)
def test_a_call_needs_the_action_of_its_name(resource: str, needed: str | None) -> None:
    assert called(resource) == needed


def test_each_service_has_a_prefix_of_the_catalogue() -> None:
    lines = (ROOT / "tflint_tap" / "aws" / "sdk_services.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    assert len(pairs) > 400
    assert dict(pairs)["eventbridge"] == "events"
    assert action("events:PutEvents") is not None
