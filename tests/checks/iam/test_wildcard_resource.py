"""Statements that allow on every resource what can be limited."""

from __future__ import annotations

from tests.cards import judged

from .reading import RESOURCE, role_policy


def test_the_remedy_names_what_works_on_everything_only() -> None:
    report = judged(
        RESOURCE,
        role_policy(
            '{ Effect = "Allow", Action = ["sqs:SendMessage", "ec2:DescribeSubnets", "ec2:DescribeVpcs"],'
            ' Resource = "*" }'
        ),
    )
    assert [finding.remedy for finding in report.findings] == [
        "list the ARNs of the resources; ec2:DescribeSubnets and ec2:DescribeVpcs work on"
        ' "*" only, so put them into a separate statement'
    ]
