"""Statements of policies in JSON, by jsonencode, in heredocs and in strings: what they hold, and where it stands."""

from __future__ import annotations

import pytest

from tests.stacks import stack_of

from .reading import listed, place, plain, policies, policy_with, texts, the_policy, words


def test_jsonencode_keeps_the_place_of_each_string() -> None:
    policy = the_policy(
        """resource "aws_iam_role_policy" "p" {
  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "jobs"
    Statement = [{
      Sid       = "Send"
      Effect    = "Allow"
      Action    = ["sqs:SendMessage", "sqs:GetQueueUrl"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceAccount" = ["111122223333"] } }
    }]
  })
}
"""
    )
    (statement,) = policy.statements
    assert (policy.kind, policy.address, policy.attribute) == ("identity", "aws_iam_role_policy.p", "policy")
    assert (words(policy.version), words(policy.id), policy.doubt, policy.problem) == ("2012-10-17", "jobs", None, None)
    assert plain(statement) == {
        "Sid": "Send",
        "Effect": "Allow",
        "Action": ["sqs:GetQueueUrl", "sqs:SendMessage"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ["111122223333"]}},
    }
    assert statement.actions is not None
    assert [place(item.span) for item in statement.actions.items if item.span is not None] == [
        (8, 20, '"sqs:SendMessage"'),
        (8, 39, '"sqs:GetQueueUrl"'),
    ]
    assert statement.actions.written.text == '["sqs:SendMessage", "sqs:GetQueueUrl"]'
    assert texts(statement.resources) == ['"*"']
    assert statement.span.line == 5


def test_a_heredoc_keeps_the_place_of_each_string() -> None:
    policy = the_policy(
        """resource "aws_sqs_queue" "jobs" {}
resource "aws_iam_role_policy" "p" {
  policy = <<-EOT
    {
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:*",
                   "sqs:${var.verb}"],
        "Resource": ["${aws_sqs_queue.jobs.arn}/*", "*"]
      }
    }
  EOT
}
variable "verb" { default = "*" }
"""
    )
    (statement,) = policy.statements
    assert statement.actions is not None
    assert statement.resources is not None
    items = (*statement.actions.items, *statement.resources.items)
    assert [(words(item), place(item.span)) for item in items if item.span is not None] == [
        ("s3:*", (7, 20, '"s3:*"')),
        ("sqs:*", (8, 20, '"sqs:${var.verb}"')),
        ("${aws_sqs_queue.jobs.arn}/*", (9, 22, '"${aws_sqs_queue.jobs.arn}/*"')),
        ("*", (9, 53, '"*"')),
    ]
    assert statement.span.text.startswith('{\n        "Effect"')


def test_a_heredoc_that_is_not_indented_does_so_too() -> None:
    policy = the_policy(
        'resource "aws_iam_role_policy" "p" {\n  policy = <<EOT\n'
        '  {"Statement": [{"Effect": "Allow", "Action": "s3:*"}]}\nEOT\n}\n'
    )
    assert policy.statements[0].actions is not None
    assert place(policy.statements[0].actions.items[0].span or policy.span) == (3, 48, '"s3:*"')


def test_in_a_quoted_string_with_escapes_all_stands_at_the_string() -> None:
    policy = the_policy(
        'resource "aws_iam_role_policy" "p" {\n  policy = "{\\"Statement\\": [{\\"Action\\": \\"s3:*\\"}]}"\n}\n'
    )
    assert texts(policy.statements[0].actions) == ['{\\"Statement\\": [{\\"Action\\": \\"s3:*\\"}]}']


def test_escapes_of_json_leave_the_place_of_a_string_in_a_heredoc() -> None:
    policy = the_policy(
        'resource "aws_iam_role_policy" "p" {\n  policy = <<EOT\n'
        '{"Statement": [{"Sid": "a\\n", "Action": "\\u0073\\u0033:*"}]}\nEOT\n}\n'
    )
    (statement,) = policy.statements
    assert (words(statement.sid), listed(statement.actions)) == ("a\n", ["s3:*"])
    assert texts(statement.actions) == ['"\\u0073\\u0033:*"']


@pytest.mark.parametrize(
    ("statement", "actions", "resources"),
    [
        ('{ Action = "s3:*", Resource = "*" }', ["s3:*"], ["*"]),
        ('[{ Action = ["s3:*"], Resource = ["*", "x"] }]', ["s3:*"], ["*", "x"]),
        ('[for s in ["s3", "sqs"] : { Action = "${s}:*" }]', ["s3:*"], None),
        ('[merge({ Action = "s3:*" }, { Resource = "*" })]', ["s3:*"], ["*"]),
        ('[{ Action = join(":", ["s3", "*"]), Resource = format("%s", "*") }]', ["s3:*"], ["*"]),
        ('[{ Action = concat(["s3:A"], flatten([["s3:B"], []])), Resource = [] }]', ["s3:A", "s3:B"], []),
        ('[{ Action = null, NotAction = "s3:*", NotResource = "*" }]', None, None),
        ('true ? [{ Action = "s3:*" }] : [{ Action = "sqs:*" }]', ["s3:*"], None),
        ('[{ action = "s3:*", resource = "*" }]', None, None),
    ],
)
def test_strings_and_lists_come_to_the_same(
    statement: str, actions: list[str] | None, resources: list[str] | None
) -> None:
    first = policy_with(statement).statements[0]
    assert (listed(first.actions), listed(first.resources)) == (actions, resources)


def test_what_goes_for_a_loop_goes_for_each_of_its_rounds() -> None:
    policy = policy_with('[for s in ["s3", "sqs"] : { Effect = "Allow", Action = "${s}:*" }]')
    assert [listed(statement.actions) for statement in policy.statements] == [["s3:*"], ["sqs:*"]]
    assert [texts(statement.actions) for statement in policy.statements] == [['"${s}:*"'], ['"${s}:*"']]


def test_principals_are_told_by_their_kind() -> None:
    statement = policy_with(
        '{ Principal = { Service = "sns.amazonaws.com", AWS = ["111122223333", "*"] }, NotPrincipal = "*" }'
    ).statements[0]
    assert plain(statement) == {
        "Principal": {"Service": ["sns.amazonaws.com"], "AWS": ["*", "111122223333"]},
        "NotPrincipal": "*",
    }
    assert statement.principals is not None
    assert [entry.identifiers.written.text for entry in statement.principals.entries] == [
        '"sns.amazonaws.com"',
        '["111122223333", "*"]',
    ]


@pytest.mark.parametrize(
    ("effect", "allows"),
    [('"Allow"', True), ('"Deny"', False), ('"allow"', False), ("null", False), ("var.effect", None)],
)
def test_only_allow_allows(effect: str, allows: bool | None) -> None:
    policy = policy_with(f"{{ Effect = {effect} }}", before='variable "effect" {}\n')
    assert policy.statements[0].allows is allows


UNKNOWN = 'variable "v" {}\n'


def test_known_statements_count_beside_what_is_not_known() -> None:
    policy = policy_with('concat([{ Effect = "Allow", Action = "s3:*" }], var.v)', before=UNKNOWN)
    assert [listed(statement.actions) for statement in policy.statements] == [["s3:*"]]
    assert policy.doubt == "var.v has no default"


@pytest.mark.parametrize(
    "document",
    [
        "var.v",
        "jsonencode(var.v)",
        "jsonencode({ Statement = var.v })",
        "jsonencode({ Statement = [var.v] })",
        'var.v ? jsonencode({ Statement = [] }) : "{}"',
        '"{ \\"Statement\\": ${var.v} }"',
    ],
)
def test_a_document_that_is_not_known_is_a_doubt(document: str) -> None:
    policy = the_policy(f'{UNKNOWN}resource "aws_iam_role_policy" "p" {{\n  policy = {document}\n}}\n')
    assert (policy.statements, policy.doubt) == ((), "var.v has no default")


def test_elements_of_which_parts_are_not_known_say_why() -> None:
    statement = policy_with(
        '{ Effect = "Allow", Action = ["s3:A", var.v], Resource = concat(["x"], var.v), Principal = var.v,'
        " Condition = { StringEquals = var.v } }",
        before=UNKNOWN,
    ).statements[0]
    assert listed(statement.actions) == ["s3:A", "? var.v has no default"]
    assert listed(statement.resources) == ["x", "… var.v has no default"]
    assert statement.principals is not None
    assert (statement.principals.doubt, statement.conditions.doubt) == ("var.v has no default",) * 2


def test_keys_that_are_not_known_may_be_any_element() -> None:
    statement = policy_with('merge({ Action = "s3:*" }, { (var.v) = "x" })', before=UNKNOWN).statements[0]
    assert statement.allows is None
    assert listed(statement.resources) == ["… var.v has no default"]
    assert statement.conditions.doubt == "var.v has no default"


def test_a_reference_to_what_is_not_declared_leaves_the_rest() -> None:
    policy = policy_with('[{ Effect = "Allow", Action = "s3:*", Resource = aws_s3_bucket.none.arn }]')
    assert [listed(statement.actions) for statement in policy.statements] == [["s3:*"]]
    assert policy.doubt is None


def test_so_it_does_in_a_heredoc() -> None:
    policy = the_policy(
        'resource "aws_iam_role_policy" "p" {\n  policy = <<EOT\n'
        '{"Statement": [{"Action": "s3:*", "Resource": "${aws_s3_bucket.none.arn}/*"}]}\nEOT\n}\n'
    )
    assert listed(policy.statements[0].resources) == ["${aws_s3_bucket.none.arn}/*"]


def test_malformed_json_is_a_problem_with_a_place() -> None:
    policy = the_policy('resource "aws_iam_role_policy" "p" {\n  policy = <<EOT\n{\n  "Statement": [{,\n}\nEOT\n}\n')
    assert policy.problem is not None
    assert place(policy.problem.span) == (4, 18, ",")
    assert policy.problem.message == policy.doubt == "invalid JSON: unexpected ',' at character 20"


@pytest.mark.parametrize(
    ("document", "message", "text"),
    [
        ("jsonencode([])", "the policy is no JSON object", "[]"),
        ("jsonencode({})", "the policy has no Statement", "{}"),
        ('jsonencode({ Statement = ["x"] })', "a statement is no JSON object", '"x"'),
        ('"[]"', "the policy is no JSON object", "[]"),
        ("true", "the policy is no string", "true"),
    ],
)
def test_json_that_is_no_policy_is_a_problem_too(document: str, message: str, text: str) -> None:
    policy = the_policy(f'resource "aws_iam_role_policy" "p" {{\n  policy = {document}\n}}\n')
    assert policy.problem is not None
    assert (policy.problem.message, policy.problem.span.text) == (message, text)


def test_a_document_may_come_through_locals_and_instances() -> None:
    found = policies(
        """locals {
  statements = { a = "s3:*", b = "sqs:*" }
  documents  = { for name, action in local.statements : name => jsonencode({ Statement = [{ Action = action }] }) }
}
resource "aws_iam_role_policy" "p" {
  for_each = local.documents
  policy   = each.value
}
"""
    )
    assert [(policy.address, listed(policy.statements[0].actions)) for policy in found] == [
        ('aws_iam_role_policy.p["a"]', ["s3:*"]),
        ('aws_iam_role_policy.p["b"]', ["sqs:*"]),
    ]
    assert texts(found[0].statements[0].actions) == ['"s3:*"']


def test_policies_are_kept_by_the_stack() -> None:
    stack = stack_of('resource "aws_iam_role_policy" "p" {\n  policy = jsonencode({ Statement = [] })\n}\n')
    assert stack.policies is stack.policies
