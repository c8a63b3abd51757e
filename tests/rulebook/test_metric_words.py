"""Functions on metrics, as conditions call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings

VARIABLE = 'variable "x" {}\n'
QUEUES = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n'


def _verdict(folder: Path, require: str, text: str) -> str:
    """ "holds", "broken", or the reason of a doubt, for the alarm of a stack."""
    found = findings(card(folder, f"match: resource.aws_cloudwatch_metric_alarm\nrequire: '{require}'\n"), text)
    if not found:
        return "holds"
    return found[0][2] if found[0][0] == "doubt" else "broken"


def _alarm(namespace: str, name: str, dimensions: str = "{}") -> str:
    return (
        f'{VARIABLE}resource "aws_cloudwatch_metric_alarm" "a" {{\n  namespace = {namespace}\n'
        f"  metric_name = {name}\n  dimensions = {dimensions}\n}}\n"
    )


@pytest.mark.parametrize(
    ("namespace", "name", "require", "verdict"),
    [
        ('"AWS/SQS"', '"NumberOfMessagesSent"', "fact.exists && fact.of_aws && fact.listed", "holds"),
        ('"AWS/SQS"', '"NumberOfMessagesSent"', 'fact.unit == "Count" && fact.period == 60', "holds"),
        ('"AWS/SQS"', '"NumberOfMessagesSent"', "fact.least == 0 && fact.greatest == null", "holds"),
        ('"AWS/SQS"', '"NumberOfMessagesSent"', "fact.closed && length(fact.sets) == 1", "holds"),
        ('"AWS/SQS"', '"NumberOfMessagesSent"', 'fact.sets[0][0] == "QueueName"', "holds"),
        ('"AWS/SQS"', '"MessagesSent"', "fact.exists", "broken"),
        ('"AWS/SQS"', '"MessagesSent"', 'fact.near == "NumberOfMessagesSent"', "holds"),
        ('"AWS/RDS"', '"CPUUtilisation"', "fact.exists", "broken"),
        ('"AWS/RDS"', '"CPUUsage"', "fact.exists", "the table of 2026-11-28 has no CPUUsage in AWS/RDS"),
        ('"AWS/SFN"', '"X"', 'fact.meant == "AWS/States" && fact.of_aws && !fact.listed', "holds"),
        ('"AWS/SFN"', '"X"', "fact.exists", "broken"),
        ('"AWS/Braket"', '"X"', "fact.exists", "the table of metrics has no AWS/Braket"),
        ('"Shop"', '"X"', "fact.exists && !fact.of_aws && !fact.closed", "holds"),
        ('"Shop"', '"X"', "length(fact.names) == 0 && length(fact.sets) == 0", "holds"),
        ('"AWS/SQS"', "var.x", "fact.exists", "var.x has no default"),
        ('"AWS/SQS"', "null", "fact.exists", "the metric is null"),
        ("var.x", '"X"', "fact.of_aws", "var.x has no default"),
        ("null", '"X"', "fact.listed", "the namespace is null"),
    ],
)
def test_what_aws_publishes_is_told(tmp_path: Path, namespace: str, name: str, require: str, verdict: str) -> None:
    text = require.replace("fact", "metric(self.namespace, self.metric_name)")
    assert _verdict(tmp_path, text, _alarm(namespace, name)) == verdict


def test_an_alarm_watches_its_own_metric_or_those_of_its_queries(tmp_path: Path) -> None:
    query = '  metric_query {\n    id = "m"\n    metric {\n      metric_name = "M"\n    }\n  }\n'
    dynamic = '  dynamic "metric_query" {\n    for_each = var.x\n    content {\n      metric {\n'
    text = f'{VARIABLE}resource "aws_cloudwatch_metric_alarm" "a" {{\n{query}{dynamic}        metric_name = "D"\n'
    text += "      }\n    }\n  }\n}\n"
    require = 'join(",", [for m in watched(self) : m.metric_name]) == '
    assert _verdict(tmp_path, require + '"M,D"', text) == "holds"
    assert _verdict(tmp_path, require + '"N"', _alarm('"AWS/SQS"', '"N"')) == "holds"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("QueueName", "aws_sqs_queue.jobs.name", None),
        ("QueueName", '"jobs"', None),
        ("QueueName", "aws_sqs_queue.jobs.arn", "QueueName is aws_sqs_queue.jobs.name, not its arn"),
        ("QueueName", '"arn:aws:sqs:r:1:jobs"', "no QueueName begins with arn:"),
        ("QueueName", '"https://${var.x}/jobs"', "no QueueName begins with http"),
        ("QueueName", '"job"', "nothing in the stack is called job, though there is jobs"),
        ("QueueName", '"o-${aws_sqs_queue.jobs.arn}"', "nothing in the stack is called o-${aws_sqs_queue.jobs.arn}"),
        ("QueueName", "var.x", None),
        ("QueueName", "var.given", None),  # what a variable gives may be anywhere
        ("QueueName", "null", None),
        ("TableName", '"orders"', None),  # the stack has no table at all
        ("TableName", "aws_sqs_queue.jobs.arn", None),
        ("LoadBalancer", '"shop"', "each LoadBalancer begins with app/ or net/ or gwy/"),
        ("LoadBalancer", '"app/shop/1"', None),
        ("LoadBalancer", '"app${var.x}"', None),
        ("LoadBalancer", '"${var.x}/shop"', None),
        ("Other", '"arn:x"', None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_dimension_is_told(tmp_path: Path, name: str, value: str, problem: str | None) -> None:
    text = QUEUES + 'variable "given" {\n  default = "orders"\n}\n' + _alarm('"N"', '"M"', f"{{ {name} = {value} }}")
    wanted = "null" if problem is None else '"' + problem.replace("${", "$${") + '"'
    assert _verdict(tmp_path, f'dimension_problem(self, "{name}") == {wanted}', text) == "holds"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        (
            "ApiId",
            "aws_api_gateway_rest_api.r.id",
            "metrics of aws_api_gateway_rest_api.r have no ApiId that is its id",
        ),
        (
            "ApiName",
            "aws_apigatewayv2_api.h.name",
            "metrics of aws_apigatewayv2_api.h have no ApiName that is its name",
        ),
        ("ApiName", "aws_api_gateway_rest_api.r.name", None),
        ("ApiId", "aws_apigatewayv2_api.h.id", None),
    ],
)
def test_one_thing_is_not_mistaken_for_another(tmp_path: Path, name: str, value: str, problem: str | None) -> None:
    text = 'resource "aws_api_gateway_rest_api" "r" {\n  name = "r"\n}\n'
    text += 'resource "aws_apigatewayv2_api" "h" {\n  name = "h"\n}\n'
    text += _alarm('"N"', '"M"', f"{{ {name} = {value} }}")
    wanted = "null" if problem is None else f'"{problem}"'
    assert _verdict(tmp_path, f'dimension_problem(self, "{name}") == {wanted}', text) == "holds"


def test_a_name_that_only_a_module_may_give_is_a_doubt(tmp_path: Path) -> None:
    text = QUEUES + 'module "m" {\n  source = "./m"\n}\n' + _alarm('"N"', '"M"', '{ QueueName = "mail" }')
    reason = "the resources of modules are not checked"
    assert _verdict(tmp_path, 'dimension_problem(self, "QueueName") == null', text) == reason


def test_of_many_names_none_is_suggested(tmp_path: Path) -> None:
    many = 'resource "aws_sqs_queue" "many" {\n  count = 200\n  name = "many-${count.index}"\n}\n'
    text = many + _alarm('"N"', '"M"', '{ QueueName = "many-x" }')
    wanted = '"nothing in the stack is called many-x"'
    assert _verdict(tmp_path, f'dimension_problem(self, "QueueName") == {wanted}', text) == "holds"


@pytest.mark.parametrize(
    ("constraint", "problem"),
    [("~> 4.0", "null"), (">= 4.0", '"DBInstanceIdentifier is aws_db_instance.d.identifier, not its id"')],
)
def test_what_holds_the_value_may_depend_on_the_providers_version(
    tmp_path: Path, constraint: str, problem: str
) -> None:
    required = f'aws = {{ source = "hashicorp/aws", version = "{constraint}" }}'
    text = f"terraform {{\n  required_providers {{\n    {required}\n  }}\n}}\n"
    text += 'resource "aws_db_instance" "d" {\n  identifier = "d"\n}\n'
    text += _alarm('"N"', '"M"', "{ DBInstanceIdentifier = aws_db_instance.d.id }")
    assert _verdict(tmp_path, f'dimension_problem(self, "DBInstanceIdentifier") == {problem}', text) == "holds"
