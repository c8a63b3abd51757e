"""Comments for other tools: what they cover as those document it, what they silence here, and when that is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.cards import RULES, rule_named
from tests.stacks import lint_text
from tflint_tap.aws.syntax import parse
from tflint_tap.rulebook.examples import DAY, marks_of, unmarked
from tflint_tap.suppressions import foreign
from tflint_tap.suppressions.comments import Suppression, find_suppressions
from tflint_tap.suppressions.foreign import rules_of
from tflint_tap.text.source import Source

IDS = {rule.id for rule in RULES}
QUEUE = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n  sqs_managed_sse_enabled = false\n}\n'
_JUDGED = ("encryption/unencrypted-queue", "naming/hard-coded", "suppressions/foreign", "suppressions/idle")


def read(text: str, path: str = "main.tf") -> tuple[Suppression, ...]:
    return find_suppressions(parse(Source(path, text)))


def said(text: str, path: str = "main.tf", today: date = DAY) -> list[tuple[str, int]]:
    """The rules and lines of what is left, judged by two rules and by those about comments."""
    rules = tuple(rule_named(id_) for id_ in _JUDGED)
    report = lint_text(text, *rules, path=path, known=IDS, today=today)
    return [(finding.rule.partition("/")[2], finding.span.line) for finding in report.findings]


def queue(comment: str = "", above: str = "", behind: str = "", header: str = "") -> str:
    """A queue with comments at its places; line 1 is what is above it."""
    return (
        f'{above}\nresource "aws_sqs_queue" "q" {{{header}\n{comment}\n  name = "q"\n'
        f"  sqs_managed_sse_enabled = false{behind}\n}}\n"
    )


ENCRYPTION, NAME = ("unencrypted-queue", 5), ("hard-coded", 4)


@pytest.mark.parametrize(
    "text",
    [
        queue("  #checkov:skip=CKV_AWS_27:public data"),
        queue('  # checkov:skip=CKV_AWS_27: "public data"'),
        queue("  # checkov:skip=CKV_AWS_1,CKV_AWS_27"),
        queue("  /* checkov:skip=CKV_AWS_27:public\n data */"),
        queue(behind=" # bridgecrew:skip=CKV_AWS_27:public"),
        queue(above="# tfsec:ignore:aws-sqs-enable-queue-encryption"),
        queue(above="#tfsec:ignore:AWS015 tfsec:ignore:AWS016 public data"),
        queue(above="// trivy:ignore:AVD-AWS-0096"),
        queue(above="# trivy:ignore:AWS-0096: public data"),
        queue(above="# trivy:ignore:aws-sqs-*"),
        queue(above="# trivy:ignore:*"),
        queue(header=" # tfsec:ignore:AVD-AWS-0096"),
        queue(behind=" # tfsec:ignore:AVD-AWS-0096"),
        queue(above="# trivy:ignore:AVD-AWS-0096:exp:2026-11-28"),
        queue(above="# trivy:ignore:AVD-AWS-0096[name=q]"),
    ],
)
def test_what_another_tool_leaves_out_is_left_out(text: str) -> None:
    assert [rule for rule, _ in said(text)] == ["hard-coded"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # checkov's comments are in the block, between its first and its last line
        (queue(above="#checkov:skip=CKV_AWS_27:public"), [NAME, ENCRYPTION]),
        (queue(header=" #checkov:skip=CKV_AWS_27:public"), [NAME, ENCRYPTION]),
        (queue() + "#checkov:skip=CKV_AWS_27:public\n", [NAME, ENCRYPTION]),
        # those of tfsec and trivy on the line, or directly above it
        (queue("  # trivy:ignore:AVD-AWS-0096"), [NAME, ENCRYPTION]),
        (queue(above="# trivy:ignore:AVD-AWS-0096\n"), [("hard-coded", 5), ("unencrypted-queue", 6)]),
        (queue(above="# trivy:ignore:AVD-AWS-0096\n# why"), [("hard-coded", 5), ("unencrypted-queue", 6)]),
        (queue(above="# trivy:ignore:AVD-AWS-0096:exp:2026-11-27"), [NAME, ENCRYPTION]),
        # checks of other things
        (queue("  # checkov:skip=CKV_AWS_26:topics"), [NAME, ENCRYPTION]),
        (queue(above="# trivy:ignore:AVD-AWS-0095"), [NAME, ENCRYPTION]),
        (queue(above="# see tfsec: the check of queues"), [NAME, ENCRYPTION]),
        (queue(above="# trivy:ignore"), [NAME, ENCRYPTION]),
    ],
)
def test_what_it_does_not_cover_stays_without_a_complaint(text: str, left: list[tuple[str, int]]) -> None:
    assert said(text) == left


def test_several_lines_of_trivys_comments_cover_what_follows_the_last() -> None:
    text = queue(above="# trivy:ignore:AVD-AWS-0096\n# tfsec:ignore:AVD-AWS-0001 not behind an API")
    assert said(text) == [("hard-coded", 5)]


@pytest.mark.parametrize("ids", ["-ignore: aws_s3_bucket_name", "-ignore-file: aws_iam_policy_gov_friendly_arns"])
def test_tflints_checks_of_other_things_silence_nothing(ids: str) -> None:
    assert said(f"# tflint{ids}\n{QUEUE}") == [("hard-coded", 3), ("unencrypted-queue", 4)]


def test_tflints_comments_cover_their_line_and_the_next_one() -> None:
    rules = (rule_named("variables/untyped"), rule_named("suppressions/foreign"))
    text = (
        "# tflint-ignore: terraform_typed_variables\n"
        'variable "a" {}\n'
        'variable "b" {} # tflint-ignore: terraform_documented_variables, terraform_typed_variables # as of old\n'
        'variable "c" {}\n'
        'variable "d" {}\n'
    )
    report = lint_text(text, *rules, known=IDS)
    assert [finding.span.line for finding in report.findings] == [5]
    whole = lint_text("# tflint-ignore-file: all\n" + text, *rules, known=IDS)
    assert [finding.span.line for finding in whole.findings] == []
    late = lint_text('variable "e" {}\n# tflint-ignore-file: all\n', *rules, known=IDS)
    assert [finding.span.line for finding in late.findings] == [1]


def test_in_json_tflints_comment_for_the_file_counts_alone() -> None:
    text = '{"//": "tflint-ignore-file: terraform_typed_variables # as of old", "variable": {"a": {"//": "%s"}}}'
    rules = (rule_named("variables/untyped"), rule_named("suppressions/foreign"))
    assert lint_text(text % "", *rules, path="main.tf.json", known=IDS).findings == ()
    (suppression,) = read(text % "checkov:skip=CKV_AWS_1:x", "main.tf.json")
    assert suppression.tool == "tflint"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (queue("  # checkov:skip=CKV_AWS_117:no"), "no rule asks for what CKV_AWS_117 of checkov does"),
        (
            queue("  # checkov:skip=CKV_AWS_9,CKV_AWS_10"),
            "no rule asks for what CKV_AWS_9 and CKV_AWS_10 of checkov does",
        ),
        (queue(above="# trivy:ignore:AVD-AWS-0096:ws:dev"), "it is for the workspace dev alone"),
        (queue(above="# trivy:ignore:AVD-AWS-0096:exp:soon"), "soon is no date"),
        (queue(above="# trivy:ignore:AVD-AWS-0096[name=other]"), "its parameters may hold for some instances only"),
        (queue(above="# trivy:ignore:AVD-AWS-0096[tags.a=1]"), "its parameters may hold for some instances only"),
        (queue(above="# kics-scan ignore-block"), "no rule asks for what ignore-block of kics does"),
        ("# kics-scan disable=0afa6ab8\n" + QUEUE, "no rule asks for what disable=0afa6ab8 of kics does"),
        (queue(above="# kics-scan ignore-line"), None),
        (queue("  # kics-scan ignore-line"), "no rule asks for what ignore-line of kics does"),
    ],
)
def test_a_comment_that_is_not_followed_is_told_where_something_is_found(text: str, because: str | None) -> None:
    rules = tuple(rule_named(id_) for id_ in _JUDGED)
    report = lint_text(text, *rules, known=IDS, today=DAY)
    told = [finding for finding in report.findings if finding.rule == "suppressions/foreign"]
    assert [finding.message.partition("because ")[2] for finding in told] == ([] if because is None else [because])
    assert {finding.rule for finding in report.findings} >= {"encryption/unencrypted-queue", "naming/hard-coded"}


def test_a_comment_that_is_not_followed_is_not_told_where_nothing_is_found() -> None:
    sound = QUEUE.replace("false", "true").replace('"q"\n', '"${var.q}"\n')
    assert said(f"# trivy:ignore:AVD-AWS-9999\n{sound}") == []


def test_a_call_covers_the_findings_in_its_module(tmp_path: Path) -> None:
    from tflint_tap.discovery import targets
    from tflint_tap.lint import lint

    (tmp_path / "queue").mkdir()
    (tmp_path / "queue" / "main.tf").write_text(QUEUE)
    (tmp_path / "main.tf").write_text('#tfsec:ignore:AVD-AWS-0096\nmodule "q" {\n  source = "./queue"\n}\n')
    report = lint(targets([str(tmp_path)], ()), (rule_named("encryption/unencrypted-queue"),), known=IDS)
    assert report.findings == ()
    assert [one.suppression.tool for one in report.silenced] == ["tfsec"]


def test_reasons_and_dates_are_read() -> None:
    text = queue(
        '  #checkov:skip=CKV_AWS_27:"public  data"',
        above="# tfsec:ignore:AWS015:exp:2027-01-31 - agreed with security",
        behind=" # tflint-ignore: aws_s3_bucket_name # no bucket",
    )
    found = [(one.tool, one.reason, str(one.until), one.title) for one in read(text)]
    assert found == [
        ("tfsec", "agreed with security", "2027-01-31", "tfsec:ignore:AWS015:exp:2027-01-31"),
        ("checkov", "public data", "None", 'checkov:skip=CKV_AWS_27:"public data"'),
        ("tflint", "no bucket", "None", "tflint-ignore: aws_s3_bucket_name"),
    ]


def test_every_line_of_the_table_names_rules_that_exist() -> None:
    checks = foreign._checks()
    assert len(checks) > 250
    assert {key.partition(":")[0] for key in checks} == {"checkov", "tflint", "trivy"}
    for key, rules in checks.items():
        assert set(rules) <= IDS, key


def test_the_table_is_sorted_and_has_a_date() -> None:
    lines = foreign._TABLE.read_text(encoding="utf-8").splitlines()
    heads, keys = [one for one in lines if one.startswith("#")], [one for one in lines if not one.startswith("#")]
    assert keys == sorted(keys)
    assert any(one.startswith("# date: ") for one in heads)


@pytest.mark.parametrize(
    ("tool", "id_", "rules"),
    [
        ("checkov", "CKV_AWS_7", ("encryption/key-without-rotation",)),
        ("tfsec", "AWS-0065", ("encryption/key-without-rotation",)),
        ("tfsec", "aws-kms-*", ("encryption/key-without-rotation",)),
        ("tflint", "terraform_unused_declarations", ("references/unused",)),
        ("checkov", "AVD-AWS-0065", ()),
        ("trivy", "CKV_AWS_7", ()),
    ],
)
def test_a_check_is_looked_up_by_its_tool(tool: str, id_: str, rules: tuple[str, ...]) -> None:
    assert rules_of(tool, id_) == rules


def test_the_cards_examples_hold() -> None:
    card = rule_named("suppressions/foreign")
    (bad,), (good,) = card.bad, card.good
    text, _ = unmarked(bad)
    report = lint_text(text, card, rule_named("encryption/unencrypted-queue"), known=IDS)
    (mark,) = marks_of(bad)
    (told,) = (finding for finding in report.findings if finding.rule == card.id)
    assert mark.words in told.message
    assert (told.span.line, told.span.column, told.span.end_column) == (mark.line, mark.column, mark.end_column)
    assert lint_text(good, card, rule_named("encryption/unencrypted-queue"), known=IDS).findings == ()
