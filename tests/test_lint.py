"""The pipeline: what becomes of hits, doubts, crashes and broken files."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.cards import CONTRACTS, RULES, rule_named
from tests.stacks import REFERENCE, lint_text
from tests.work import LINEAR, growth
from tflint_tap.checks.schema import bodies as schema
from tflint_tap.discovery import Target
from tflint_tap.hcl.nodes import Block
from tflint_tap.lint import Report, lint
from tflint_tap.records import replace
from tflint_tap.rule import Hit, Rule, Severity
from tflint_tap.stack import Stack
from tflint_tap.text.source import Source

QUEUE = 'resource "aws_sqs_queue" "q" {\n  for_each = toset(["a", "b"])\n  name     = each.key\n}\n'


def rule(check: object, **changes: object) -> Rule:
    made = replace(rule_named("syntax/invalid"), id="test/rule", message="found ${what}", remedy="none", check=check)
    return replace(made, **changes)


def judged(*rules: Rule, text: str = QUEUE, more: str = "") -> Report:
    return lint_text({"main.tf": text, "other.tf": more}, *rules, shown=["main.tf"])


def each_instance(stack: Stack, rule: Rule) -> Iterator[Hit]:
    for instance in stack.resources("aws_sqs_queue"):
        yield Hit(instance.header, instance.address, {"what": instance.address})


def test_instances_of_one_block_give_one_finding() -> None:
    report = judged(rule(each_instance))
    assert [(finding.message, finding.address) for finding in report.findings] == [
        ('found aws_sqs_queue.q["a"]', 'aws_sqs_queue.q["a"]')
    ]


def test_findings_in_files_that_are_not_shown_are_left_out() -> None:
    assert judged(rule(each_instance), text="", more=QUEUE).findings == ()


def test_a_hit_may_be_graver_than_its_card() -> None:
    def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
        yield from (replace(hit, severity=Severity.NOTE) for hit in each_instance(stack, rule))

    assert [finding.severity for finding in judged(rule(check)).findings] == [Severity.NOTE]


def test_a_doubt_beside_a_finding_of_the_same_rule_and_place_is_dropped() -> None:
    def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
        for hit in each_instance(stack, rule):
            yield hit
            yield replace(hit, doubt="it isn't known")

    report = judged(rule(check))
    assert (len(report.findings), report.doubts) == (1, ())


def test_a_rule_that_crashes_is_a_failure_and_the_others_go_on() -> None:
    def crash(stack: Stack, rule: Rule) -> Iterator[Hit]:
        raise KeyError("x")
        yield

    report = judged(rule(crash, id="test/crash"), rule(each_instance))
    assert len(report.findings) == 1
    (failure,) = report.failures
    assert failure.startswith("test/crash crashed: KeyError: 'x' (crash, line ")


def test_a_crash_names_the_block_that_the_rule_was_at() -> None:
    def crash(stack: Stack, rule: Rule) -> Iterator[Hit]:
        for declaration in stack.module.resources():
            for instance in stack.evaluator.instances(declaration):
                yield Hit(instance.header, instance.address, {"what": {}[instance.address]})

    (failure,) = judged(rule(crash, id="test/crash"), text=f"\n{QUEUE}").failures
    assert failure.startswith('test/crash crashed at main.tf:2, aws_sqs_queue.q["a"]: KeyError: ')


def test_a_crash_of_what_rules_share_is_told_once_and_takes_no_findings_of_other_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = schema._has_form

    def crash(block: Block, place: schema.BodySite) -> bool:
        if block.type == "lifecycle":
            raise KeyError("x")
        return plain(block, place)

    monkeypatch.setattr(schema, "_has_form", crash)
    text = 'resource "aws_sqs_queue" "q" {\n  lifecycle {\n  }\n}\nresource "aws_sqs_queue" "r" {\n  nam = 1\n}\n'
    report = judged(*(rule_named(f"schema/{name}") for name in ("missing-block", "unknown-argument")), text=text)
    assert [(finding.rule, finding.address) for finding in report.findings] == [
        ("schema/unknown-argument", "aws_sqs_queue.r")
    ]
    (failure,) = report.failures
    assert "crashed at main.tf:2, aws_sqs_queue.q: KeyError: 'x'" in failure


def test_words_that_do_not_fit_the_values_are_a_failure() -> None:
    report = judged(rule(each_instance, message="found ${nothing}"))
    assert report.findings == ()
    (failure,) = report.failures
    assert failure.startswith("test/rule crashed: ValueError: the words 'found ${nothing}' don't fit")


def test_rules_about_absence_are_held_back_where_a_file_is_broken_and_the_report_says_so() -> None:
    report = judged(rule(each_instance, absence=True), more="locals {\n  a =\n}\n")
    assert report.findings == ()
    assert report.notices == ("test/rule was not checked: part of other.tf can't be read",)
    assert report.unjudged == report.notices


def test_rules_for_a_contract_s_file_are_not_judged_elsewhere() -> None:
    assert judged(rule(each_instance, contract_only=True)).findings == ()


@pytest.mark.slow
def test_nothing_of_a_stack_outlives_its_report() -> None:
    path = REFERENCE
    text = path.read_text(encoding="utf-8") + 'output "q" {\n  value = aws_sqs_queue.nowhere.arnn\n}\n'
    for contract in (CONTRACTS[0], None):
        source = Source("outlived.tf", text)
        assert lint([Target((source,), (source,), None, contract)], RULES).findings
        del source
    gc.collect()
    alive = [thing for thing in gc.get_objects() if isinstance(thing, Source) and thing.path == "outlived.tf"]
    assert len(alive) == 0


@pytest.mark.slow
def test_work_grows_with_the_findings() -> None:
    def of(size: int) -> None:
        text = "".join(f'resource "aws_sqs_queue" "q{i}" {{}}\nvariable "v{i}" {{}}\n' for i in range(size))
        source = Source("main.tf", text)
        assert len(lint([Target((source,), (source,), None)], RULES).findings) > 5 * size

    assert growth(of, 50) < LINEAR
