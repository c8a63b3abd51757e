"""One cause, one finding: what is reported once, and where."""

from __future__ import annotations

from pathlib import Path

from tests.cards import judged
from tests.rulebook.writing import card, findings
from tests.stacks import lint_text
from tflint_tap.merging import told_once
from tflint_tap.records import replace
from tflint_tap.rule import Finding, Severity
from tflint_tap.text.source import Source, Span

_QUEUES = "".join(f'resource "aws_sqs_queue" "{name}" {{\n  delay_seconds = var.x\n}}\n' for name in "abc")


def test_doubts_for_one_reason_are_one_that_shows_the_other_places(tmp_path: Path) -> None:
    rule = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: self.delay_seconds == 1\n")
    report = judged(rule, 'variable "x" {}\n' + _QUEUES)
    (doubt,) = report.doubts
    assert (doubt.address, doubt.doubt) == ("aws_sqs_queue.a", "var.x has no default")
    assert [related.span.line for related in doubt.related] == [5, 8]
    assert [related.message for related in doubt.related] == [
        "this can't be checked for the same reason",
        "this can't be checked for the same reason",
    ]


def test_doubts_for_other_reasons_stay_apart(tmp_path: Path) -> None:
    rule = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: self.delay_seconds == 1\n")
    text = 'variable "x" {}\nvariable "y" {}\n' + _QUEUES.replace("var.x", "var.y", 1)
    assert [reason for _, _, reason in findings(rule, text)] == ["var.y has no default", "var.x has no default"]


def test_a_comment_at_one_block_does_not_silence_the_doubt_of_others(tmp_path: Path) -> None:
    rule = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: self.delay_seconds == 1\n")
    silenced = _QUEUES.replace("resource", f"# tap:ignore[{rule.id}] reason: it is so\nresource", 1)
    report = lint_text('variable "x" {}\n' + silenced, rule)
    assert [doubt.address for doubt in report.doubts] == ["aws_sqs_queue.b"]


def test_the_instances_of_a_block_do_not_repeat_a_finding(tmp_path: Path) -> None:
    rule = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: self.delay_seconds == 1\n", message="${self}")
    text = 'resource "aws_sqs_queue" "q" {\n  count = 3\n}\n'
    assert [message for _, _, message in findings(rule, text)] == ["aws_sqs_queue.q[0]"]


def test_of_a_block_s_instances_the_worst_is_told(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        "conditions:\n"
        "  - match: resource.aws_sqs_queue\n"
        "    require: self.delay_seconds == 0\n"
        "    at: delay_seconds\n"
        '    severity: \'self.delay_seconds > 5 ? "error" : "warning"\'\n',
        message="${self}",
    )
    text = (
        'resource "aws_sqs_queue" "q" {\n  for_each = { a = 0, b = 1, c = 9, d = 8 }\n  delay_seconds = each.value\n}\n'
    )
    assert findings(rule, text) == [("error", "each.value", 'aws_sqs_queue.q["c"]')]


def test_rules_of_one_block_that_speak_of_different_arguments_have_different_causes(tmp_path: Path) -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  delay_seconds = 5\n  fifo_queue = true\n}\n'
    other = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: self.fifo_queue != true\nat: fifo_queue\n")
    narrow = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: self.delay_seconds != 5\nat: delay_seconds\n")
    narrow = replace(narrow, id="a/narrow", supersedes=("a/other",))
    report = lint_text(text, replace(other, id="a/other"), narrow)
    assert [finding.rule for finding in report.findings] == ["a/narrow", "a/other"]


def test_a_rule_that_supersedes_another_speaks_alone_where_both_have_one_cause(tmp_path: Path) -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  delay_seconds = 5\n}\nresource "aws_sqs_queue" "p" {\n}\n'
    broad = replace(card(tmp_path, "match: resource.aws_sqs_queue\nrequire: self.delay_seconds == 1\n"), id="a/broad")
    narrow = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: self.delay_seconds != 5\nat: delay_seconds\n")
    narrow = replace(narrow, id="a/narrow", supersedes=("a/broad",))
    report = lint_text(text, broad, narrow)
    assert [(finding.rule, finding.address) for finding in report.findings] == [
        ("a/narrow", "aws_sqs_queue.q"),
        ("a/broad", "aws_sqs_queue.p"),
    ]


def test_rules_that_speak_of_one_place_for_different_blocks_have_one_cause(tmp_path: Path) -> None:
    text = 'locals {\n  shared = [{ Effect = "Allow", Action = ["x:Y"], Resource = "*" }]\n}\n' + "".join(
        f'resource "aws_iam_policy" "{name}" {{\n  policy = jsonencode({{ Statement = local.shared }})\n}}\n'
        for name in ("a", "b")
    )
    condition = 'match: statement.identity\nwhere: label(policy.owner) == "{}"\n'
    each = 'each: statement.actions\nrequire: each != "x:Y"\n'
    wide = replace(card(tmp_path, condition.format("a") + each), id="a/wide")
    narrow = replace(card(tmp_path, condition.format("b") + each), id="a/narrow")
    assert len(lint_text(text, wide, narrow).findings) == 2
    report = lint_text(text, wide, replace(narrow, supersedes=("a/wide",)))
    assert [(finding.rule, finding.address) for finding in report.findings] == [("a/narrow", "aws_iam_policy.b")]


def test_a_finding_lists_five_places_and_says_how_many_more_there_are(tmp_path: Path) -> None:
    rule = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: self.delay_seconds == 1\n")
    queues = "".join(f'resource "aws_sqs_queue" "q{at}" {{\n  delay_seconds = var.x\n}}\n' for at in range(9))
    (doubt,) = judged(rule, 'variable "x" {}\n' + queues).doubts
    same = "this can't be checked for the same reason"
    assert [related.message for related in doubt.related] == [same] * 4 + [f"{same} (and 3 more places)"]
    (doubt,) = judged(rule, 'variable "x" {}\n' + queues.partition('resource "aws_sqs_queue" "q7"')[0]).doubts
    assert [related.message for related in doubt.related] == [same] * 4 + [f"{same} (and 1 more place)"]
    (doubt,) = judged(rule, 'variable "x" {}\n' + queues.partition('resource "aws_sqs_queue" "q6"')[0]).doubts
    assert [related.message for related in doubt.related] == [same] * 5


def test_what_a_requirement_lacks_at_one_block_is_told_once() -> None:
    span = Span(Source("x.tf", "x"), 0, 1)

    def found(rule: str, address: str, requirement: str | None = "r") -> Finding:
        return Finding(rule, Severity.ERROR, "m", span, "r", address, requirement)

    own, wire = found("stack/wrong-setting", "aws_sqs_queue.a"), found("stack/missing-wiring", "aws_sqs_queue.a")
    other = found("messaging/queue-without-dlq", "aws_sqs_queue.a[0]")
    assert told_once([own, other], ()) == [other]
    assert told_once([own, other], {("messaging/queue-without-dlq", "r")}) == [own]
    assert told_once([own, other], {("messaging/queue-without-dlq", "s")}) == [other]
    elsewhere = found("messaging/queue-without-dlq", "aws_sqs_queue.b")
    assert told_once([own, elsewhere], ()) == [own, elsewhere]
    assert told_once([wire, elsewhere], ()) == [elsewhere]
    for requirement in ("s", None):
        apart = found("messaging/queue-without-dlq", "aws_sqs_queue.a", requirement)
        assert told_once([own, wire, apart], ()) == [own, wire, apart]
