"""Statements that allow on every resource what can be limited."""

from __future__ import annotations

import pytest

from tests.cards import judged

from .reading import NO_DEFAULT, RESOURCE, role_policy


def test_the_remedy_names_what_works_on_everything_only() -> None:
    report = judged(
        RESOURCE,
        role_policy(
            '{ Effect = "Allow", Action = ["sqs:SendMessage", "ec2:DescribeSubnets", "ec2:DescribeVpcs"],'
            ' Resource = "*" }'
        ),
    )
    assert [finding.remedy for finding in report.findings] == [
        "name the ARNs of the resources that are needed; ec2:DescribeSubnets and ec2:DescribeVpcs work on"
        ' "*" only, so put them into a statement apart'
    ]


def test_many_actions_are_not_all_named() -> None:
    names = [f'"sqs:{name}"' for name in ("SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes")]
    names += ['"dynamodb:GetItem"', '"dynamodb:Query"']
    report = judged(RESOURCE, role_policy(f'{{ Effect = "Allow", Action = [{", ".join(names)}], Resource = "*" }}'))
    assert [finding.message for finding in report.findings] == [
        "aws_iam_role_policy.p allows sqs:SendMessage, sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes"
        " and 2 more on every resource"
    ]


@pytest.mark.parametrize(
    ("statement", "text", "reason"),
    [
        ('{ Effect = "Allow", Action = "sqs:SendMessage", Resource = var.v }', "var.v", NO_DEFAULT),
        ('{ Effect = "Allow", Action = "sqs:SendMessage", Resource = ["${var.v}*"] }', '"${var.v}*"', NO_DEFAULT),
        ('{ Effect = "Allow", Action = var.v, Resource = "*" }', '"*"', NO_DEFAULT),
        (
            '{ Effect = "Allow", Action = "quantum:Leap", Resource = "*" }',
            '"*"',
            "whether quantum:Leap can be limited isn't in the table of actions",
        ),
        (
            '{ Effect = "Allow", Action = "xray:*", Resource = "*" }',
            '"*"',
            "whether xray:* can be limited isn't in the table of actions",
        ),
        (
            '{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Condition = var.v }',
            '"*"',
            NO_DEFAULT,
        ),
        (
            '{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Condition = { (var.v) = {} } }',
            '"*"',
            NO_DEFAULT,
        ),
        ('{ Effect = var.v, Action = "sqs:SendMessage", Resource = "*" }', '"*"', NO_DEFAULT),
        (
            '{ Effect = "Allow", Action = "sqs:SendMessage", Resource = module.m.queue }',
            "module.m.queue",
            "module.m.queue is known after apply",
        ),
    ],
)
def test_resources_that_are_not_known_are_a_doubt(statement: str, text: str, reason: str) -> None:
    report = judged(RESOURCE, 'module "m" {\n  source = "./m"\n}\n' + role_policy(statement))
    assert (report.findings, report.failures) == ((), ())
    assert [(doubt.span.text, doubt.doubt) for doubt in report.doubts] == [(text, reason)]


@pytest.mark.parametrize(
    "statement",
    [
        '{ Effect = "Allow", Action = "xray:PutTraceSegments", Resource = var.v }',
        '{ Effect = "Allow", Action = "quantum:Leap", Resource = "arn:aws:quantum:::x" }',
        '{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:${var.v}:jobs" }',
        '{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*",'
        ' Condition = { StringEquals = { "aws:ResourceTag/Team" = var.v } } }',
    ],
)
def test_resources_that_do_not_matter_are_no_doubt(statement: str) -> None:
    report = judged(RESOURCE, role_policy(statement))
    assert (report.findings, report.doubts, report.failures) == ((), (), ())


def test_a_tag_condition_limits_whatever_the_tag_is() -> None:
    report = judged(
        RESOURCE,
        'variable "v" {}\ndata "aws_iam_policy_document" "d" {\n  statement {\n    actions   = ["sqs:SendMessage"]\n'
        '    resources = ["*"]\n    condition {\n      test     = "StringEquals"\n'
        '      variable = "aws:ResourceTag/${var.v}"\n      values   = ["x"]\n    }\n  }\n}\n'
        'resource "aws_iam_role_policy" "p" {\n  policy = data.aws_iam_policy_document.d.json\n}\n',
    )
    assert (report.findings, report.doubts, report.failures) == ((), (), ())
