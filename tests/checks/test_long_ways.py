"""Chains of locals longer than the stack, and locals that are used by several ways: none is gone through twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cards import judged, rule_named
from tests.stacks import module_of
from tflint_tap.checks.expression_shapes import Shapes
from tflint_tap.checks.outputs import leaks_secret as outputs
from tflint_tap.iam.documents import DocumentReader
from tflint_tap.iam.policies import policies_of
from tflint_tap.lint import Report
from tflint_tap.terraform.evaluation.evaluator import Evaluator

pytestmark = pytest.mark.slow

OUTPUT = 'output "o" {\n  value = local.l0\n}\n'


def chain(count: int, link: str, end: str) -> str:
    lines = [f"  l{number} = {link.replace('NEXT', f'local.l{number + 1}')}\n" for number in range(count)]
    return f"locals {{\n{''.join(lines)}  l{count} = {end}\n}}\n"


def messages(report: Report) -> list[str]:
    assert report.failures == ()
    return [finding.message for finding in report.findings]


def test_attributes_are_asked_of_what_is_at_the_end_of_a_long_chain() -> None:
    text = chain(3000, "NEXT", "aws_sqs_queue.q") + 'resource "aws_sqs_queue" "q" {\n}\n'
    text += 'resource "aws_sqs_queue" "r" {\n  name = local.l0.nam\n}\n'
    (message,) = messages(judged(rule_named("references/unknown-attribute"), text))
    assert "nam" in message


@pytest.mark.parametrize("link", ["[NEXT, NEXT]", '"${NEXT}${NEXT}"', "var.v ? NEXT : [NEXT]", "[NEXT.a, NEXT.b]"])
def test_locals_that_an_output_has_by_many_ways_are_looked_into_once_for_each_part(
    link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = [0]
    plain = outputs._named

    def counting(*arguments: Any) -> object:
        counted[0] += 1
        return plain(*arguments)

    monkeypatch.setattr(outputs, "_named", counting)
    judged(rule_named("outputs/leaks-secret"), chain(60, link, "{ a = {}, b = {} }") + OUTPUT)
    assert counted[0] < 60 * 2 * 101


def test_a_secret_by_the_second_way_is_found() -> None:
    end = '{ a = "x", b = var.db_password }'
    text = 'variable "db_password" {\n}\n' + chain(2, "{ a = NEXT, b = NEXT }", end) + OUTPUT
    (message,) = messages(judged(rule_named("outputs/leaks-secret"), text))
    assert "var.db_password" in message


def test_an_output_of_a_long_chain_or_a_circle_ends() -> None:
    assert messages(judged(rule_named("outputs/leaks-secret"), chain(3000, "NEXT", '"x"') + OUTPUT)) == []
    circle = "locals {\n  l0 = local.l1.x\n  l1 = local.l0.x\n}\n"
    assert messages(judged(rule_named("outputs/leaks-secret"), circle + OUTPUT)) == []


def test_the_shapes_of_locals_are_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = [0]
    plain = Shapes.of

    def counting(self: Shapes, *arguments: Any, **named: Any) -> object:
        counted[0] += 1
        return plain(self, *arguments, **named)

    monkeypatch.setattr(Shapes, "of", counting)
    many = "".join(f'output "o{number}" {{\n  value = local.l{number}\n}}\n' for number in range(200))
    judged(rule_named("outputs/leaks-secret"), chain(200, "NEXT", '"x"') + many)
    assert counted[0] < 200 * 110


def documents(count: int, following: str) -> str:
    made = []
    for number in range(count):
        source = f"data.aws_iam_policy_document.d{following.replace('N', str(number + 1))}.json"
        made.append(f'data "aws_iam_policy_document" "d{number}" {{\n  source_policy_documents = [{source}]\n}}\n')
    return "".join(made)


@pytest.mark.parametrize("last", ['data "aws_iam_policy_document" "d2000" {\n}\n', ""])
def test_documents_within_documents_end(last: str) -> None:
    text = documents(2000, "N") + last + 'resource "aws_iam_policy" "p" {\n'
    text += "  policy = data.aws_iam_policy_document.d0.json\n}\n"
    (policy,) = policies_of(Evaluator(module_of(text)))
    assert policy.doubt == "data.aws_iam_policy_document.d100 is nested too deeply to be read"


def test_a_ring_of_documents_is_read_without_going_round(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = [0]
    plain = DocumentReader._build

    def counting(self: DocumentReader, *arguments: Any) -> object:
        counted[0] += 1
        return plain(self, *arguments)

    monkeypatch.setattr(DocumentReader, "_build", counting)
    text = documents(500, "N").replace(".d500.", ".d0.") + 'resource "aws_iam_policy" "p" {\n'
    text += "  policy = data.aws_iam_policy_document.d0.json\n}\n"
    (policy,) = policies_of(Evaluator(module_of(text)))
    assert (policy.doubt, counted[0]) == ("data.aws_iam_policy_document.d0 refers to itself", 1)


def test_a_reference_in_a_block_that_does_not_belong_into_locals_is_judged() -> None:
    report = judged(rule_named("references/out-of-scope"), "locals {\n  x {\n    y = each.key\n  }\n}\n")
    assert [(finding.address, finding.span.text) for finding in report.findings] == [(None, "each.key")]
    assert report.failures == ()
