"""The ways that findings of real stacks tell of: where values come from, what edges lead over."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cards import rule_named
from tests.commands import invoke
from tests.report.reports import rendered
from tests.stacks import lint_text

VALUE = """\
variable "mode" {
  default = "PassThrough"
}

locals {
  tracing = var.mode
}

resource "aws_lambda_function" "f" {
  function_name = "f"

  tracing_config {
    mode = local.tracing
  }
}
"""
EDGE = """\
resource "aws_sqs_queue" "jobs" {
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "dead" {
  fifo_queue = true
  name       = "dead.fifo"
}
"""


def flows(text: str, rule: str) -> list[list[tuple[int, str]]]:
    """The flows of what a rule finds in a text."""
    return flows_in(rendered("sarif", lint_text(text, rule_named(rule))))


def flows_in(log: str) -> list[list[tuple[int, str]]]:
    """The line and label of each step of each flow, of all findings."""
    return [
        [
            (step["location"]["physicalLocation"]["region"]["startLine"], step["location"]["message"]["text"])
            for step in flow["threadFlows"][0]["locations"]
        ]
        for result in json.loads(log)["runs"][0]["results"]
        for flow in result.get("codeFlows", [])
    ]


def test_a_value_leads_from_where_it_is_written_to_where_it_is_wrong() -> None:
    assert flows(VALUE, "tracing/untraced-function") == [
        [(2, 'var.mode defaults to "PassThrough" here'), (13, "aws_lambda_function.f is not traced by X-Ray")]
    ]


def test_an_edge_leads_from_its_source_over_what_names_its_target() -> None:
    (flow,) = flows(EDGE, "messaging/dlq-type-mismatch")
    assert flow == [
        (1, "aws_sqs_queue.jobs is here"),
        (3, "aws_sqs_queue.jobs redrives to aws_sqs_queue.dead here"),
        (8, "aws_sqs_queue.dead is here"),
    ]


def test_a_cycle_leads_round() -> None:
    text = "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}\n"
    (flow,) = flows(text, "references/cycle")
    assert [line for line, _ in flow] == [4, 2, 3]


def test_the_steps_of_an_edge_in_a_called_module_have_terraforms_addresses(tmp_path: Path) -> None:
    (tmp_path / "queue").mkdir()
    (tmp_path / "queue" / "main.tf").write_text(EDGE)
    (tmp_path / "main.tf").write_text('module "a" {\n  source = "./queue"\n}\n')
    done = invoke(".", "-f", "sarif", "--select", "messaging/dlq-type-mismatch", cwd=tmp_path)
    (flow,) = flows_in(done.stdout)
    assert [label for _, label in flow] == [
        "module.a.aws_sqs_queue.jobs is here",
        "module.a.aws_sqs_queue.jobs redrives to module.a.aws_sqs_queue.dead here",
        "module.a.aws_sqs_queue.dead is here",
    ]


def test_a_doubt_about_an_edge_has_no_way() -> None:
    report = lint_text(
        EDGE.replace("fifo_queue = true", "fifo_queue = var.fifo"), rule_named("messaging/dlq-type-mismatch")
    )
    assert report.doubts
    assert all(doubt.way == () for doubt in report.doubts)
