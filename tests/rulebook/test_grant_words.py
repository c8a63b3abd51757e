"""Functions on who may call, what statements grant, and AWS's own policies, as conditions call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings

STACK = """\
variable "x" {}
variable "role_arn" {}
data "aws_partition" "p" {}
data "aws_region" "r" {}
data "aws_caller_identity" "c" {}
data "aws_iam_policy" "named" {
  name = "AmazonSQSFullAccess"
}
data "aws_iam_policy" "own" {
  name = "own"
}
data "aws_iam_policy" "by_path" {
  name        = "AWS_ConfigRole"
  path_prefix = "/service-role/"
}
data "aws_iam_policy" "by_arn" {
  arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
data "aws_iam_policy" "unknown" {
  name = var.x
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = "{}"
}
resource "aws_iam_openid_connect_provider" "github" {
  url = "https://token.actions.githubusercontent.com"
}
resource "aws_iam_saml_provider" "company" {
  name                   = "company"
  saml_metadata_document = "x"
}
"""


def _of(folder: Path, function: str, value: str) -> str:
    """What a function gives for a value, as text; or the doubt."""
    text = STACK + f'resource "aws_kms_key" "k" {{\n  description = {value}\n}}\n'
    rule = card(
        folder,
        f'match: resource.aws_kms_key\nlet: {{found: {function}}}\nrequire: found == "never"\n',
        message="${jsonencode(found)}",
    )
    (found,) = findings(rule, text)
    return found[2]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ('"arn:aws:iam::aws:policy/AdministratorAccess"', "AdministratorAccess"),
        ('"arn:aws-cn:iam::aws:policy/service-role/AWS_ConfigRole"', "service-role/AWS_ConfigRole"),
        ('"arn:${data.aws_partition.p.partition}:iam::aws:policy/ReadOnlyAccess"', "ReadOnlyAccess"),
        ("data.aws_iam_policy.named.arn", "AmazonSQSFullAccess"),
        ("data.aws_iam_policy.by_path.arn", "service-role/AWS_ConfigRole"),
        ("data.aws_iam_policy.by_arn.arn", "ReadOnlyAccess"),
    ],
)
def test_a_policy_of_aws_is_named_by_arn_or_data_source(tmp_path: Path, value: str, path: str) -> None:
    assert _of(tmp_path, "managed(self.description).path", value) == f'"{path}"'


@pytest.mark.parametrize(
    "value", ['"arn:aws:iam::111122223333:policy/AdministratorAccess"', "aws_iam_policy.p.arn", '"x"', "5"]
)
def test_a_policy_of_ones_own_is_none_of_aws(tmp_path: Path, value: str) -> None:
    assert _of(tmp_path, "managed(self.description)", value) == "null"


@pytest.mark.parametrize(
    ("value", "doubt"),
    [
        ("var.x", "var.x has no default"),
        ('"arn:aws:iam::aws:policy/${var.x}"', "var.x has no default"),
        ("data.aws_iam_policy.unknown.arn", "var.x has no default"),
    ],
)
def test_a_policy_that_is_not_known_may_be_one_of_aws(tmp_path: Path, value: str, doubt: str) -> None:
    assert _of(tmp_path, "managed(self.description)", value) == doubt


def test_a_policy_without_its_path_is_like_the_one_with_it(tmp_path: Path) -> None:
    value = '"arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"'
    assert _of(tmp_path, "managed(self.description).name", value) == '"AWSLambdaBasicExecutionRole"'
    nearest = _of(tmp_path, "managed(self.description).nearest", value)
    assert nearest == '"service-role/AWSLambdaBasicExecutionRole"'


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ('"lambda.amazonaws.com"', "true"),
        ('"LAMBDA.amazonaws.com"', "true"),
        ('"logs.eu-west-1.amazonaws.com"', "true"),
        ('"logs.${data.aws_region.r.region}.amazonaws.com"', "true"),
        ('"states.us-gov-west-1.amazonaws.com"', "true"),
        ('"ec2.amazonaws.com.cn"', "true"),
        ('"ec2.${data.aws_partition.p.dns_suffix}"', "true"),
        ('"logging.s3.amazonaws.com"', "true"),
        ('"alexa-appkit.amazon.com"', "true"),
        ('"lamda.amazonaws.com"', "false"),
        ('"lambda"', "false"),
        ("var.x", "var.x has no default"),
        ('"${var.x}.amazonaws.com"', "var.x has no default"),
    ],
)
def test_a_service_is_known_in_each_region_and_partition(tmp_path: Path, value: str, known: str) -> None:
    assert _of(tmp_path, "service_principal(self.description).known", value) == known


@pytest.mark.parametrize(
    ("value", "nearest"),
    [
        ('"lamda.amazonaws.com"', '"lambda.amazonaws.com"'),
        ('"sqs"', '"sqs.amazonaws.com"'),
        ('"lambda.aws.com"', '"lambda.amazonaws.com"'),
        ('"brand-new-one.amazonaws.com"', "null"),
        ('"lambda.amazonaws.com"', "null"),
    ],
)
def test_a_service_is_suggested_only_for_what_is_nearly_its_name(tmp_path: Path, value: str, nearest: str) -> None:
    assert _of(tmp_path, "service_principal(self.description).nearest", value) == nearest


@pytest.mark.parametrize(
    ("value", "host"),
    [
        ("aws_iam_openid_connect_provider.github.arn", '"token.actions.githubusercontent.com"'),
        ('"arn:aws:iam::1:oidc-provider/gitlab.com"', '"gitlab.com"'),
        ('"arn:aws:iam::${data.aws_caller_identity.c.account_id}:oidc-provider/gitlab.com"', '"gitlab.com"'),
        ('"cognito-identity.amazonaws.com"', '"cognito-identity.amazonaws.com"'),
        ("aws_iam_saml_provider.company.arn", "null"),
        ('"arn:aws:iam::1:saml-provider/company"', "null"),
        ("var.x", "var.x has no default"),
        ('"arn:aws:iam::1:oidc-provider/${var.x}"', "var.x has no default"),
    ],
)
def test_a_federated_principal_tells_its_issuer(tmp_path: Path, value: str, host: str) -> None:
    assert _of(tmp_path, "issuer(self.description)", value) == host


@pytest.mark.parametrize(
    ("value", "is_sweeping"),
    [
        ('"*"', "true"),
        ('"arn:aws:iam::*:role/*"', "true"),
        ('"arn:aws:iam::${data.aws_caller_identity.c.account_id}:role/*"', "true"),
        ('"arn:aws:logs:*:*:log-group:*:*"', "true"),
        ('"arn:aws:s3:::*/*"', "true"),
        ('"arn:aws:iam::111122223333:role/app-*"', "false"),
        ('"arn:aws:iam::111122223333:role/${var.x}*"', "false"),
        ('"arn:aws:s3:::jobs/*"', "false"),
        ("aws_iam_policy.p.arn", "false"),
        ("var.role_arn", "false"),
        ("var.x", "var.x has no default"),
    ],
)
def test_a_pattern_is_sweeping_that_covers_all_of_a_type(tmp_path: Path, value: str, is_sweeping: str) -> None:
    assert _of(tmp_path, "sweeping(self.description)", value) == is_sweeping


@pytest.mark.parametrize(
    ("wanted", "actions", "found"),
    [
        ('["iam:PassRole"]', '["iam:GetRole", "IAM:passrole"]', "IAM:passrole"),
        ('["iam:PassRole", "sqs:SendMessage"]', '["iam:Pass*", "sqs:Send?essage"]', "iam:Pass*, sqs:Send?essage"),
        ('["iam:PassRole"]', '["iam:*", "*", "i*:*"]', ""),
        ('"credentials"', '["sts:AssumeRole", "ecr:GetAuthorizationToken", "sqs:SendMessage"]', "sts:AssumeRole"),
        ('"data"', '["secretsmanager:Get*", "ssm:DescribeParameters"]', "secretsmanager:Get*"),
        (
            '"Permissions management"',
            '["s3:PutBucketPolicy", "s3:PutObject", "s3:PutB*"]',
            "s3:PutBucketPolicy, s3:PutB*",
        ),
        ('"Permissions management"', '["s3:*", "nothing:Here"]', ""),
    ],
)
def test_granted_are_the_patterns_that_cover_a_wanted_action(
    tmp_path: Path, wanted: str, actions: str, found: str
) -> None:
    text = f"""resource "aws_iam_policy" "p" {{
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = {actions}, Resource = "*" }}] }})
}}
"""
    rule = card(
        tmp_path,
        f"match: statement.identity\nrequire: 'length(granted(statement, {wanted})) > 99'\n",
        message=f'${{join(", ", granted(statement, {wanted}))}}',
    )
    assert findings(rule, text)[0][2] == found


def test_own_accounts_are_those_of_the_providers(tmp_path: Path) -> None:
    text = """provider "aws" {
  allowed_account_ids = ["111122223333"]
}
provider "aws" {
  alias = "b"
  assume_role {
    role_arn = "arn:aws:iam::222233334444:role/deploy"
  }
}
resource "aws_kms_key" "k" {}
"""
    rule = card(tmp_path, "match: resource.aws_kms_key\nrequire: 'false'\n", message='${join(" ", own_accounts())}')
    assert findings(rule, text)[0][2] == "111122223333 222233334444"


def test_mentioned_are_all_that_refer_to_a_block(tmp_path: Path) -> None:
    text = """resource "aws_iam_policy" "p" {
  policy = "{}"
}
locals {
  arn = aws_iam_policy.p.arn
}
output "arn" {
  value = [aws_iam_policy.p.arn]
}
module "m" {
  source = "./m"
  arns   = { a = aws_iam_policy.p.arn }
}
"""
    rule = card(
        tmp_path, "match: resource.aws_iam_policy\nrequire: 'false'\n", message='${join(" ", sort(mentioned(self)))}'
    )
    assert findings(rule, text)[0][2] == "local.arn module.m output.arn"


def test_parents_are_those_whose_settings_a_resource_holds(tmp_path: Path) -> None:
    text = """resource "aws_s3_bucket" "b" {
  bucket = "b"
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = "{}"
}
"""
    rule = card(
        tmp_path,
        "match: resource.aws_s3_bucket_policy\nrequire: 'false'\n",
        message='${join(" ", parents(self)[*].bucket)} ${address(parents(self)[0])}',
    )
    assert findings(rule, text)[0][2] == "b aws_s3_bucket.b"


def test_texts_are_those_of_a_block(tmp_path: Path) -> None:
    text = """module "m" {
  source = "./m"
  arns   = { a = ["b"], c = "d" }
}
"""
    rule = card(tmp_path, "match: block.module\nrequire: 'false'\n", message='${join(" ", texts(self))}')
    assert findings(rule, text)[0][2] == "./m b d"
