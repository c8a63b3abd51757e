"""`fed`: what in a stack may put a metric of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings

ALARM = 'resource "aws_cloudwatch_metric_alarm" "a" {\n  namespace = %s\n  metric_name = "M"\n}\nvariable "x" {}\n'
FUNCTION = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = aws_iam_role.r.arn\n%s}\n'
ROLE = 'resource "aws_iam_role" "r" {\n  name = "r"\n}\n'
OUTSIDE = "a policy from outside may let a role put metrics"


def _verdict(folder: Path, text: str, namespace: str = '"Shop/Orders"') -> str:
    """ "holds", "broken", or the reason of a doubt."""
    rule = card(folder, "match: resource.aws_cloudwatch_metric_alarm\nrequire: fed(self.namespace, self.metric_name)\n")
    found = findings(rule, ALARM % namespace + text)
    if not found:
        return "holds"
    return found[0][2] if found[0][0] == "doubt" else "broken"


def _policy(statement: str) -> str:
    policy = f'jsonencode({{ Statement = [{{ Effect = "Allow", Resource = "*", {statement} }}] }})'
    return f'resource "aws_iam_role_policy" "p" {{\n  role = aws_iam_role.r.id\n  policy = {policy}\n}}\n'


def _limited(operator: str, value: str) -> str:
    condition = f'Condition = {{ {operator} = {{ "cloudwatch:Namespace" = {value} }} }}'
    return _policy(f'Action = "cloudwatch:PutMetricData", {condition}')


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [
        (_policy('Action = "cloudwatch:PutMetricData"'), "holds"),
        (_policy('Action = ["cloudwatch:*"]'), "holds"),
        (_policy('NotAction = "iam:*"'), "holds"),
        (_policy("Action = var.x"), "holds"),  # it may be that one
        (_policy('Action = "cloudwatch:GetMetricData"'), "broken"),
        (_policy('Action = "cloudwatch:PutMetricData"').replace("Allow", "Deny"), "broken"),
        (_limited("StringEquals", '"Shop/Orders"'), "holds"),
        (_limited("StringEquals", '["Other", "Shop/Orders"]'), "holds"),
        (_limited("StringEquals", '"Shop/*"'), "broken"),
        (_limited("StringLike", '"Shop/*"'), "holds"),
        (_limited("StringLike", '"Store/*"'), "broken"),
        (_limited("StringLike", '"${var.x}/*"'), "a namespace isn't known"),
        (_limited("StringEquals", "var.x"), "a namespace isn't known"),
    ],
)
def test_a_role_may_put_what_its_policies_admit(tmp_path: Path, policy: str, verdict: str) -> None:
    assert _verdict(tmp_path, FUNCTION % "" + ROLE + policy) == verdict


def test_the_same_unknown_namespace_is_the_same(tmp_path: Path) -> None:
    text = FUNCTION % "" + ROLE + _limited("StringEquals", "[var.x]")
    assert _verdict(tmp_path, text, "var.x") == "holds"


@pytest.mark.parametrize(
    ("namespace", "name", "verdict"),
    [
        ('"Shop/Orders"', '"M"', "holds"),
        ('"Shop/Orders"', '"N"', "broken"),
        ('"Shop"', '"M"', "broken"),
        ("var.x", '"M"', "a namespace isn't known"),
    ],
)
def test_a_filter_writes_one_metric(tmp_path: Path, namespace: str, name: str, verdict: str) -> None:
    text = 'resource "aws_cloudwatch_log_metric_filter" "f" {\n  metric_transformation {\n'
    text += f"    namespace = {namespace}\n    name = {name}\n  }}\n}}\n"
    assert _verdict(tmp_path, FUNCTION % "" + ROLE + text) == verdict


def test_a_metric_that_is_not_known_may_be_one_that_a_filter_writes(tmp_path: Path) -> None:
    text = 'resource "aws_cloudwatch_log_metric_filter" "f" {\n  metric_transformation {\n'
    text += '    namespace = "Shop/Orders"\n    name = "M"\n  }\n}\n'
    assert _verdict(tmp_path, FUNCTION % "" + ROLE + text, "var.x") == "var.x has no default"


@pytest.mark.parametrize(
    ("inside", "verdict"),
    [
        ('  environment {\n    variables = { NAMESPACE = "Shop/Orders" }\n  }\n', "holds"),
        ('  environment {\n    variables = { NAMESPACE = "Shop" }\n  }\n', "broken"),
        ("  environment {\n    variables = { NAMESPACE = var.x }\n  }\n", "a namespace isn't known"),
        ("  environment {\n    variables = { URL = var.x, METRICS = aws_iam_role.r.arn }\n  }\n", "broken"),
        ('  layers = ["arn:aws:lambda:r:1:layer:AWSLambdaPowertoolsPythonV3:1"]\n',
         "a layer of aws_lambda_function.f may write metrics into logs"),
        ('  layers = ["arn:aws:lambda:r:1:layer:dependencies:1"]\n', "broken"),
    ],
)  # fmt: skip
def test_a_function_may_write_metrics_into_its_log(tmp_path: Path, inside: str, verdict: str) -> None:
    assert _verdict(tmp_path, FUNCTION % inside + ROLE) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", "nothing that the stack runs puts metrics"),
        (FUNCTION.replace("aws_iam_role.r.arn", "var.x") % "", "a role of aws_lambda_function.f isn't in the stack"),
        (FUNCTION % "" + ROLE + 'module "m" {\n  source = "./m"\n}\n', "the resources of modules are not checked"),
        (FUNCTION % "" + ROLE.replace('name = "r"', "managed_policy_arns = [var.x]"), OUTSIDE),
    ],
)
def test_more_than_the_stack_shows_may_put_metrics(tmp_path: Path, text: str, verdict: str) -> None:
    assert _verdict(tmp_path, text) == verdict


@pytest.mark.parametrize(
    ("arn", "verdict"),
    [
        ('"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"', "broken"),
        ('"arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"', "holds"),
        ('"arn:aws:iam::aws:policy/NoSuchPolicy"', OUTSIDE),
        ('"arn:aws:iam::111122223333:policy/metrics"', OUTSIDE),
        ("var.x", OUTSIDE),
        ("aws_iam_policy.p.arn", "broken"),
    ],
)
def test_an_attached_policy_from_outside_may_admit_it(tmp_path: Path, arn: str, verdict: str) -> None:
    text = 'resource "aws_iam_policy" "p" {\n  policy = jsonencode({ Statement = [] })\n}\n'
    text += f'resource "aws_iam_role_policy_attachment" "a" {{\n  role = "r"\n  policy_arn = {arn}\n}}\n'
    assert _verdict(tmp_path, FUNCTION % "" + ROLE + text) == verdict
