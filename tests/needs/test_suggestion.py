"""The least policies that the wiring needs, as Terraform code."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.cards import RULES, in_contract
from tests.stacks import REFERENCE, stack_of
from tflint_tap.iam.documents import DocumentReader
from tflint_tap.needs.overview import overviews
from tflint_tap.needs.rights import granted, rights_of
from tflint_tap.needs.suggestion import suggested

TEXT = REFERENCE.read_text(encoding="utf-8")
WORKER = """\
resource "aws_iam_role" "worker" {
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:*"], Resource = "*" },
      { Effect = "Allow", Action = ["dynamodb:PutItem", "sns:Publish"], Resource = aws_dynamodb_table.orders.arn },
    ]
  })
}

resource "aws_s3_bucket" "data" {
  bucket = "data"
}

resource "aws_dynamodb_table" "orders" {
  name = "orders"
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs-${var.stage}"
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn

  environment {
    variables = { TABLE = aws_dynamodb_table.orders.name, BUCKET = aws_s3_bucket.data.id }
  }
}

resource "aws_lambda_event_source_mapping" "worker" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.worker.arn
}

variable "stage" {
}
"""


def suggestion(text: str, path: str = "main.tf") -> str:
    stack = stack_of(text, path=path)
    return suggested(stack, overviews(stack))


@pytest.mark.slow
def test_the_reference_stack_is_suggested_nothing_that_it_does_not_grant() -> None:
    own = stack_of(TEXT, path="tap_stack.tf")
    stack = stack_of(TEXT + suggestion(TEXT, "tap_stack.tf"), path="tap_stack.tf")
    roles = {role.declaration.name: role for role in own.resources("aws_iam_role")}
    reader = DocumentReader(stack.evaluator)
    seen = 0
    for source in stack.data_sources("aws_iam_policy_document"):
        rights = rights_of(own, roles[source.declaration.name])
        for statement in reader.built(source).statements:
            assert statement.actions is not None
            assert statement.resources is not None
            for action, _ in statement.actions.known():
                for resource in statement.resources.items:
                    arn = None if resource.data == "*" else resource
                    assert granted(own, rights, action, arn) is True, f"{source.address}: {action}"
                    seen += 1
    assert seen > 50


@pytest.mark.slow
def test_what_is_suggested_for_the_reference_stack_passes_the_rules() -> None:
    report = in_contract(TEXT + suggestion(TEXT, "tap_stack.tf"), *RULES)
    assert report.failures == ()
    assert {finding.rule for finding in report.findings} <= {"references/unused", "format/hard-coded-identity"}
    named = [finding.message for finding in report.findings if finding.rule == "format/hard-coded-identity"]
    assert all("us-west-2" not in message for message in named)  # only what a for_each gives is written out


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is the oracle for its format")
def test_what_is_suggested_is_formatted() -> None:
    for text in (suggestion(TEXT, "tap_stack.tf"), suggestion(WORKER)):
        done = subprocess.run(["terraform", "fmt", "-"], input=text, capture_output=True, text=True, check=True)
        assert done.stdout == text


def test_wildcards_become_what_is_needed_and_what_is_missing_is_added() -> None:
    text = suggestion(WORKER)
    assert '"s3:GetObject",' in text
    assert "s3:*" not in text
    assert "# keep the actions that its code calls" in text
    assert "sns:Publish" not in text
    assert '    actions   = ["dynamodb:PutItem"]\n    resources = [aws_dynamodb_table.orders.arn]\n' in text
    missing = text[text.index("  # aws_lambda_function.worker consumes aws_sqs_queue.jobs") :]
    assert (
        missing
        == """\
  # aws_lambda_function.worker consumes aws_sqs_queue.jobs
  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.jobs.arn]
  }
}
"""
    )


def policy_of(statements: str, *more: str) -> str:
    return "\n".join(
        [
            """resource "aws_iam_role" "worker" {
  assume_role_policy = "{}"
}

resource "aws_lambda_function" "worker" {
  role = aws_iam_role.worker.arn
}

resource "aws_iam_role_policy" "worker" {
  role   = aws_iam_role.worker.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [""",
            statements,
            "] })\n}",
            *more,
        ]
    )


def test_denials_are_kept_as_they_are() -> None:
    denial = (
        '{ Effect = "Deny", NotAction = ["s3:GetObject"], Resource = "arn:aws:s3:::data/$${aws:username}",'
        ' Condition = { Bool = { "aws:SecureTransport" = "false" } } },'
    )
    written = suggestion(policy_of(denial + '{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }'))
    assert (
        """  # what it denies today
  statement {
    effect = "Deny"

    not_actions = ["s3:GetObject"]
    resources   = ["arn:aws:s3:::data/$${aws:username}"]

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
"""
        in written
    )


def test_templates_keep_their_references_and_write_out_the_names_of_loops() -> None:
    statement = """{ Effect = "Allow", Action = "s3:GetObject",
      Resource = [for name in ["a", "b"] : "arn:aws:s3:::${var.stage}-${name}/%%{x}"] }"""
    glue = 'resource "aws_glue_job" "etl" {\n  role_arn = aws_iam_role.worker.arn\n}'
    written = suggestion(policy_of(statement, glue, 'variable "stage" {\n  default = "prod"\n}'))
    assert '"arn:aws:s3:::${var.stage}-a/%%{x}", "arn:aws:s3:::${var.stage}-b/%%{x}"' in written


def test_of_policies_that_aws_manages_only_what_is_needed_is_kept() -> None:
    attached = """resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.worker.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
}
"""
    written = suggestion(policy_of('{ Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" }', attached))
    assert "logs:PutLogEvents" in written
    assert "sqs:" not in written


def test_a_role_of_an_actor_that_the_table_does_not_tell_is_said_to_be() -> None:
    glue = 'resource "aws_glue_job" "etl" {\n  role_arn = aws_iam_role.worker.arn\n}'
    statement = '{ Effect = "Allow", Action = "glue:GetTable", Resource = "*" }'
    assert "# The table of needs doesn't tell all that its actors do" in suggestion(policy_of(statement, glue))
    assert "The table of needs" not in suggestion(policy_of(statement))
