"""Documents that leave the module by an output, a module call or a resource of another provider."""

from __future__ import annotations

import pytest

from .reading import plain, policies

SOURCE = """data "aws_iam_policy_document" "d" {
  statement {
    actions = ["x:Y"]
  }
}
"""
DOCUMENT = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "x:Y" }] })'
HEREDOC = '<<-EOT\n  { "Statement": [{ "Effect": "Allow", "Action": "x:Y" }] }\n  EOT\n'


@pytest.mark.parametrize(
    "sent",
    [
        'output "o" {\n  value = data.aws_iam_policy_document.d.json\n}\n',
        'output "o" {\n  value = { policies = [local.d] }\n}\nlocals {\n  d = data.aws_iam_policy_document.d.json\n}\n',
        'output "o" {\n  value = var.x ? data.aws_iam_policy_document.d.json : null\n}\nvariable "x" {}\n',
        'module "m" {\n  source = "./m"\n  policy = data.aws_iam_policy_document.d.json\n}\n',
        'resource "vault_aws_secret_backend_role" "r" {\n  policy_document = data.aws_iam_policy_document.d.json\n}\n',
    ],
)
def test_a_data_source_whose_text_leaves_the_module_is_a_policy(sent: str) -> None:
    (policy,) = policies(SOURCE + sent)
    assert (policy.kind, policy.address, policy.attribute) == ("identity", "data.aws_iam_policy_document.d", "")
    assert plain(policy.statements[0])["Action"] == "x:Y"


@pytest.mark.parametrize(
    ("sent", "address", "attribute"),
    [
        (f'output "o" {{\n  value = {DOCUMENT}\n}}\n', "output.o", "value"),
        (f'output "o" {{\n  value = {HEREDOC}}}\n', "output.o", "value"),
        (f'module "m" {{\n  source = "./m"\n  policies = [{DOCUMENT}]\n}}\n', "module.m", "policies"),
        (
            f'locals {{\n  d = {DOCUMENT}\n}}\nmodule "m" {{\n  source = "./m"\n  rights = {{ a = local.d }}\n}}\n',
            "module.m",
            "rights",
        ),
        (
            f'module "m" {{\n  source = "./m"\n  for_each = toset(["a"])\n'
            f"  policy = {DOCUMENT.replace('x:Y', '${each.key}:Y')}\n}}\n",
            'module.m["a"]',
            "policy",
        ),
    ],
)
def test_a_text_that_leaves_the_module_is_a_policy(sent: str, address: str, attribute: str) -> None:
    (policy,) = policies(sent)
    assert (policy.kind, policy.address, policy.attribute) == ("identity", address, attribute)
    assert [plain(statement)["Effect"] for statement in policy.statements] == ["Allow"]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ('Principal = "*", Action = "sqs:SendMessage"', "resource"),
        ('Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole"', "trust"),
        ('Principal = { AWS = "1" }, Action = ["kms:Decrypt", "kms:Encrypt"]', "key"),
        ('NotPrincipal = { AWS = "1" }, Action = ["kms:Decrypt", "sqs:SendMessage"]', "resource"),
        ('Principal = { AWS = "1" }', "resource"),
    ],
)
def test_principals_tell_what_the_policy_is_for(statement: str, kind: str) -> None:
    (policy,) = policies(f'output "o" {{\n  value = jsonencode({{ Statement = [{{ {statement} }}] }})\n}}\n')
    assert policy.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        SOURCE
        + 'output "o" {\n  value = data.aws_iam_policy_document.d.json\n}\n'
        + 'resource "aws_iot_policy" "p" {\n  policy = data.aws_iam_policy_document.d.json\n}\n',
        SOURCE + 'output "boundary" {\n  value = data.aws_iam_policy_document.d.json\n}\n',
        SOURCE + 'module "vpc_endpoints" {\n  source = "./m"\n  policy = data.aws_iam_policy_document.d.json\n}\n',
        SOURCE + 'module "m" {\n  source = "./m"\n  permissions_boundary = data.aws_iam_policy_document.d.json\n}\n',
        f"locals {{\n  unused = {DOCUMENT}\n}}\n",
        'output "o" {\n  value = jsonencode({ States = { A = { Statement = [] } } })\n}\n',
        'output "o" {\n  value = "a Statement"\n}\n',
    ],
)
def test_what_grants_nothing_elsewhere_is_none(text: str) -> None:
    assert policies(text) == ()


def test_a_document_that_a_policy_here_is_made_of_is_judged_there() -> None:
    text = SOURCE + (
        'data "aws_iam_policy_document" "whole" {\n'
        "  source_policy_documents = [data.aws_iam_policy_document.d.json]\n}\n"
        'resource "aws_iam_policy" "p" {\n  policy = data.aws_iam_policy_document.whole.json\n}\n'
        'output "o" {\n  value = data.aws_iam_policy_document.d.json\n}\n'
    )
    assert [policy.address for policy in policies(text)] == ["aws_iam_policy.p"]


def test_a_document_that_nothing_refers_to_is_judged_where_it_is_written() -> None:
    unused = 'data "aws_iam_policy_document" "d" {\n  statement {\n    actions = ["*"]\n  }\n}\n'
    (found,) = policies(unused)
    assert (found.address, found.kind) == ("data.aws_iam_policy_document.d", "identity")
    through = unused + "locals {\n  held = data.aws_iam_policy_document.d.json\n}\n"
    assert policies(through) == ()
