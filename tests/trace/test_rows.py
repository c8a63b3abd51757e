"""What is said of a requirement: met, broken, undecided, suppressed, or for people; and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cards import RULES
from tests.stacks import ROOT, target_of
from tests.trace.traces import rows_of, traced
from tflint_tap.contract import Claims, Contract
from tflint_tap.discovery import targets
from tflint_tap.lint import judged_alone
from tflint_tap.records import replace
from tflint_tap.report.trace import trace
from tflint_tap.rule import Rule, Severity
from tflint_tap.trace.rows import Row, Status, trace_of

CONTRACT = """\
requirements:
  queue.there: There is a queue of jobs.
variables:
  days: {id: var.days, type: number}
parts:
  queue:
    id: queue.there
    type: aws_sqs_queue
    named: jobs
    from: {message_retention_seconds: {id: queue.days, of: var.days}}
    require: [{id: queue.slow, that: self.delay_seconds > 0, says: delay messages}]
  alarm:
    level: may
    type: aws_cloudwatch_metric_alarm
    require: [{id: alarm.first, that: self.threshold == 0}]
outputs: [{id: output.queue, refers_to: queue.url}]
rules:
  queue.encrypted: [encryption/unencrypted-queue]
  format.canonical: [format/not-canonical]
person:
  - {id: person.exercise, says: people exercise the loss of the queue}
"""
STACK = """\
variable "days" {
  type        = number
  description = "Days."
}

resource "aws_sqs_queue" "jobs" {
  name                      = "jobs"
  delay_seconds             = 5
  message_retention_seconds = var.days * 86400
  sqs_managed_sse_enabled   = true
}

output "queue" {
  value       = aws_sqs_queue.jobs.url
  description = "The queue."
}
"""


def statuses(rows: Mapping[str, Row]) -> dict[str, str]:
    return {id_: row.status.value for id_, row in rows.items()}


def test_a_stack_that_holds_all_meets_all_but_what_people_tell() -> None:
    rows = rows_of(STACK, CONTRACT)
    assert statuses(rows) == {
        "queue.there": "met",
        "var.days": "met",
        "queue.slow": "met",
        "queue.days": "met",
        "alarm.first": "met",
        "output.queue": "met",
        "queue.encrypted": "met",
        "format.canonical": "met",
        "person.exercise": "person",
    }
    assert rows["person.exercise"].requirement.text == "people exercise the loss of the queue"
    assert [(one.span.line, one.address) for one in rows["queue.slow"].evidence] == [(8, "aws_sqs_queue.jobs")]
    assert [(one.span.line, one.address) for one in rows["queue.encrypted"].evidence] == [(6, "aws_sqs_queue.jobs")]
    (one,) = rows["format.canonical"].evidence
    assert (one.is_whole, one.says) == (True, "format/not-canonical finds nothing")
    (one,) = rows["alarm.first"].evidence
    assert (one.is_whole, one.says) == (True, "there is no aws_cloudwatch_metric_alarm, and there needn't be one")


@pytest.mark.parametrize(
    ("old", "new", "id_"),
    [
        ("= 5", "= 0", "queue.slow"),
        ("var.days * 86400", "86400", "queue.days"),
        ("= aws_sqs_queue.jobs.url", '= "none"', "output.queue"),
        ("_enabled   = true", "_enabled   = false", "queue.encrypted"),
        ("type        = number", "type        = string", "var.days"),
        ("delay_seconds             =", "delay_seconds =", "format.canonical"),
    ],
)
def test_what_breaks_one_requirement_turns_its_row_and_no_other(old: str, new: str, id_: str) -> None:
    assert STACK.count(old) == 1
    before, after = rows_of(STACK, CONTRACT), rows_of(STACK.replace(old, new), CONTRACT)
    changed = [row for name, row in after.items() if row.status is not before[name].status]
    assert [(row.requirement.id, row.status) for row in changed] == [(id_, Status.BROKEN)]
    assert [finding.requirement for finding in changed[0].findings] == [id_]
    assert changed[0].evidence == ()


def test_what_is_about_something_absent_is_undecided() -> None:
    rows = rows_of(STACK.replace("aws_sqs_queue", "aws_sns_topic").replace(".url", ".arn"), CONTRACT)
    assert rows["queue.there"].status is Status.BROKEN
    reason = "the aws_sqs_queue named jobs is absent (queue.there)"
    for id_ in ("queue.slow", "queue.days", "output.queue"):
        assert (rows[id_].status, rows[id_].reasons) == (Status.UNDECIDED, (reason,))
    reason = "there is no aws_sqs_queue named jobs that encryption/unencrypted-queue could judge"
    assert (rows["queue.encrypted"].status, rows["queue.encrypted"].reasons) == (Status.UNDECIDED, (reason,))


def test_what_is_about_something_that_needs_not_be_there_is_met() -> None:
    part = "{type: aws_sns_topic, count: '0..2', require: [{id: topic.named, that: given(self.name)}]}"
    rows = rows_of(
        STACK, f"parts:\n  topics: {part}\neach: [{{id: topic.x, of: aws_sns_topic, require: [given(self.name)]}}]\n"
    )
    assert statuses(rows) == {"parts.topics": "met", "topic.named": "met", "topic.x": "met"}


def test_what_rules_and_universals_say_of_something_absent_is_undecided() -> None:
    contract = """\
parts:
  worker: {id: worker.there, type: aws_lambda_function, named: worker}
  role: {level: may, type: aws_iam_role, wired: [{edge: runs_as, from: worker}]}
each:
  - {id: worker.sized, of: aws_lambda_function, require: [self.timeout > 0]}
  - {id: alarm.first, of: aws_cloudwatch_metric_alarm, require: [self.threshold == 0]}
rules:
  role.least: [{rule: iam/unneeded-permission, of: role}]
"""
    rows = rows_of(STACK, contract)
    reasons = {id_: row.reasons for id_, row in rows.items() if row.status is Status.UNDECIDED}
    assert reasons == {
        "worker.sized": ("there is no aws_lambda_function named worker that this could be about",),
        "role.least": ("there is no aws_iam_role that iam/unneeded-permission could judge",),
    }
    assert rows["alarm.first"].status is Status.MET


def test_what_is_not_known_is_undecided_by_a_doubt() -> None:
    rows = rows_of(STACK.replace("= 5", "= var.days"), CONTRACT)
    row = rows["queue.slow"]
    assert (row.status, row.reasons) == (Status.UNDECIDED, ())
    assert [doubt.doubt for doubt in row.doubts] == ["var.days has no default"]


def test_a_suppression_answers_for_a_requirement_with_its_reason() -> None:
    comment = "  # tap:ignore[stack/wrong-setting] until=2999-01-31 reason: drained by hand\n"
    text = STACK.replace("  delay_seconds             = 5\n", f"{comment}  delay_seconds = 0\n")
    row = rows_of(text, CONTRACT)["queue.slow"]
    assert (row.status, row.findings, row.evidence) == (Status.SUPPRESSED, (), ())
    (one,) = row.silenced
    assert (one.suppression.reason, one.suppression.span.line) == ("drained by hand", 8)
    assert one.finding.requirement == "queue.slow"


def test_what_a_broken_file_hides_is_undecided() -> None:
    rows = rows_of(STACK.replace("delay_seconds ", "delay_seconds = ="), CONTRACT)
    reason = "part of main.tf can't be read"
    assert (rows["queue.there"].status, rows["queue.there"].reasons) == (Status.UNDECIDED, (reason,))
    assert rows["var.days"].status is Status.MET


def test_a_circle_leaves_what_depends_on_it_undecided() -> None:
    text = STACK.replace("= 5", "= local.a") + "\nlocals {\n  a = local.a\n}\n"
    row = rows_of(text, CONTRACT)["queue.slow"]
    assert row.status is Status.UNDECIDED
    assert row.reasons != ()


def test_a_rule_that_crashes_leaves_its_requirement_undecided() -> None:
    def crash(stack: object, rule: Rule) -> object:
        raise ValueError("no")

    rules = tuple(replace(rule, check=crash) if rule.id == "format/not-canonical" else rule for rule in RULES)
    contract = Contract("c", Claims(), Path("c.yaml"), CONTRACT)
    found = trace_of(judged_alone(target_of(STACK, contract=contract), rules), contract)
    (row,) = (row for row in found.rows if row.requirement.id == "format.canonical")
    assert (row.status, row.reasons) == (Status.UNDECIDED, ("format/not-canonical: the rule crashed",))
    assert found.report.failures != ()


def test_findings_that_break_no_requirement_are_counted_by_themselves() -> None:
    found = traced(STACK + '\nresource "aws_sns_topic" "t" {}\n', CONTRACT)
    assert {finding.requirement for finding in found.others} == {None}
    assert "encryption/unencrypted-topic" in {finding.rule for finding in found.others}
    assert not found.fails(Severity.NOTE, strict=True)


def test_a_matrix_fails_as_a_check_does() -> None:
    broken = traced(STACK.replace("= 5", "= 0"), CONTRACT)
    assert broken.fails(Severity.ERROR, strict=False)
    gentle = traced(
        STACK.replace("= 5", "= 0"), CONTRACT.replace("{id: queue.slow,", "{id: queue.slow, level: should,")
    )
    assert gentle.fails(Severity.WARNING, strict=False)
    assert not gentle.fails(Severity.ERROR, strict=False)
    open_ = traced(STACK.replace("= 5", "= var.days"), CONTRACT)
    assert not open_.fails(Severity.NOTE, strict=False)
    assert open_.fails(Severity.ERROR, strict=True)


def test_a_right_is_met_at_the_statement_that_grants_it() -> None:
    contract = """\
parts:
  worker: {type: aws_lambda_function, named: worker}
  queue: {type: aws_sqs_queue, named: jobs}
policies:
  - {id: may.send, of: worker, actions: ["sqs:SendMessage"], resource: queue.arn}
"""
    text = """\
resource "aws_sqs_queue" "jobs" {}

resource "aws_iam_role" "worker" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "worker" {
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.jobs.arn },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.jobs.arn },
    ]
  })
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
}
"""
    row = rows_of(text, contract)["may.send"]
    assert [(one.span.line, one.address) for one in row.evidence] == [(16, "aws_iam_role_policy.worker")]
    row = rows_of(text.replace("sqs:SendMessage", "sqs:GetQueueUrl"), contract)["may.send"]
    assert (row.status, [finding.rule for finding in row.findings]) == (Status.BROKEN, ["iam/missing-permission"])
    row = rows_of(text.replace("aws_sqs_queue", "aws_sns_topic"), contract)["may.send"]
    assert (row.status, row.reasons) == (Status.UNDECIDED, ("the aws_sqs_queue named jobs is absent (parts.queue)",))
    row = rows_of(text.replace("aws_iam_role.worker.arn", "var.role"), contract)["may.send"]
    assert row.status is Status.UNDECIDED


def test_the_documented_example_is_what_is_printed() -> None:
    text = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
    example = json.loads(text.split("```json\n")[1].split("```")[0])
    contract = "contract: jobs\nparts:\n  queue: {id: jobs.queue, type: aws_sqs_queue, named: jobs}\n"
    printed = json.loads(trace(traced('resource "aws_sqs_queue" "jobs" {\n}\n', contract), "json"))
    assert example["requirements"] == printed["requirements"]
    assert example["summary"].keys() == printed["summary"].keys()


def test_evidence_in_a_called_module_has_the_address_that_terraform_gives_it(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text('resource "aws_sqs_queue" "jobs" {}\n', encoding="utf-8")
    (tmp_path / "main.tf").write_text('module "all" {\n  source = "./m"\n}\n', encoding="utf-8")
    contract = Contract("x", Claims(), Path("x.yaml"), "parts: {queue: {id: q, type: aws_sqs_queue, named: jobs}}\n")
    (target,) = (one for one in targets([str(tmp_path / "main.tf")], ()) if one.shown)
    (row,) = trace_of(judged_alone(replace(target, contract=contract), ()), contract).rows
    assert [one.address for one in row.evidence] == ["module.all.aws_sqs_queue.jobs"]
