"""What refers to itself: found by the graph, once; what is within reach of it is evaluated in linear work."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.cards import RULES
from tests.stacks import lint_text, module_of
from tflint_tap.hcl import parse_expression
from tflint_tap.lint import Report
from tflint_tap.terraform.evaluation.evaluator import Evaluator
from tflint_tap.terraform.evaluation.values import ErrorValue, Symbol, Unknown, Value
from tflint_tap.text.source import Source

MANY = 5000
Ring = Callable[[int], str]


def evaluator_of(text: str) -> Evaluator:
    return Evaluator(module_of(text))


def value_of(evaluator: Evaluator, text: str) -> Value:
    return evaluator.evaluate(parse_expression(Source("expression", text)))


def report_of(text: str) -> Report:
    return lint_text(text, *RULES)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many expressions are evaluated."""
    counted = [0]
    plain = Evaluator._value

    def counting(self: Evaluator, *arguments: object) -> Value:
        counted[0] += 1
        return plain(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Evaluator, "_value", counting)
    return counted


def locals_of(lines: Iterator[str]) -> str:
    return "locals {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def ring_of_locals(count: int) -> str:
    return locals_of(f"l{number} = local.l{(number + 1) % count}" for number in range(count))


def dense_locals(count: int) -> str:
    def line(number: int) -> str:
        others = ((number + 1) % count, (number * 7 + 3) % count, (number * 13 + 5) % count)
        return f"l{number} = [{', '.join(f'local.l{other}' for other in others)}]"

    return locals_of(line(number) for number in range(count))


def queue(name: str, *lines: str) -> str:
    return f'resource "aws_sqs_queue" "{name}" {{\n' + "".join(f"  {line}\n" for line in lines) + "}\n"


def ring_of_resources(count: int) -> str:
    return "".join(queue(f"q{n}", f"name = aws_sqs_queue.q{(n + 1) % count}.name") for n in range(count))


def dense_resources(count: int) -> str:
    def name(number: int) -> str:
        others = ((number + 1) % count, (number * 7 + 3) % count, (number * 13 + 5) % count)
        return "".join(f"${{aws_sqs_queue.q{other}.name}}" for other in others)

    return "".join(queue(f"q{number}", f'name = "{name(number)}"') for number in range(count))


def ring_of_counts(count: int) -> str:
    return "".join(queue(f"q{n}", f"count = length(aws_sqs_queue.q{(n + 1) % count})") for n in range(count))


def ring_of_both(count: int) -> str:
    own = locals_of(f"l{number} = aws_sqs_queue.q{number}.name" for number in range(count))
    return own + "".join(queue(f"q{number}", f"name = local.l{(number + 1) % count}") for number in range(count))


@pytest.mark.slow
@pytest.mark.parametrize("ring", [ring_of_locals, dense_locals])
def test_locals_in_a_circle_fail_at_once(ring: Ring, steps: list[int]) -> None:
    evaluator = evaluator_of(ring(MANY))
    for number in range(MANY):
        assert value_of(evaluator, f"local.l{number}").data == ErrorValue(f"local.l{number} refers to itself")
    assert steps[0] == MANY


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ring", "count"),
    [(ring_of_resources, MANY), (dense_resources, 1000), (ring_of_counts, 1000), (ring_of_both, 1000)],
)
def test_resources_in_a_circle_cost_linear_work(ring: Ring, count: int, steps: list[int]) -> None:
    evaluator = evaluator_of(ring(count))
    for declaration in evaluator.module.resources():
        for instance in evaluator.instances(declaration):
            instance.value("name")
    for number in range(count):
        value_of(evaluator, f"aws_sqs_queue.q{number}[*].name")
    assert steps[0] < 20 * count


def test_what_of_a_resource_in_a_circle_does_not_lead_back_has_its_value() -> None:
    text = queue("a", 'name = "a"', "policy = aws_sqs_queue.b.name") + queue("b", "name = aws_sqs_queue.a.policy")
    evaluator = evaluator_of(text)
    assert value_of(evaluator, "aws_sqs_queue.a.name").data == "a"
    assert value_of(evaluator, "aws_sqs_queue.a.arn").data == Symbol("aws_sqs_queue.a", ("arn",))
    assert value_of(evaluator, "aws_sqs_queue.b.name").data == ErrorValue("aws_sqs_queue.b refers to itself")


def test_what_has_a_circle_s_value_is_not_in_it() -> None:
    evaluator = evaluator_of(locals_of(iter(("a = local.b", "b = local.a", 'c = try(local.a, "c")'))))
    assert value_of(evaluator, "local.c").data == "c"


def test_what_waits_for_a_circle_without_its_value_has_its_own() -> None:
    text = (
        'provider "aws" {\n  region = local.region\n}\nlocals {\n  region = aws_sqs_queue.q.name\n}\n'
        + queue("q", 'name = "q"', "depends_on = [aws_sqs_queue.r]")
        + queue("r", "name = local.region")
    )
    assert value_of(evaluator_of(text), "local.region").data == "q"


def test_a_default_refers_to_nothing_so_that_it_leads_to_no_circle() -> None:
    evaluator = evaluator_of('variable "a" {\n  default = local.b\n}\nlocals {\n  b = var.a\n}\n')
    value = value_of(evaluator, "local.b")
    assert value.data == ErrorValue("local.b can't be used here: a value can't refer to other objects")


@pytest.mark.parametrize("name", ["count", "for_each", "depends_on", "provider", "replace_triggered_by"])
def test_what_terraform_itself_takes_is_no_attribute(name: str) -> None:
    evaluator = evaluator_of(queue("q", f"{name} = [aws_sqs_queue.q.{name}]"))
    assert not isinstance(value_of(evaluator, f"aws_sqs_queue.q.{name}").data, Unknown)


@pytest.mark.slow
def test_a_local_that_costs_too_much_does_so_once(steps: list[int]) -> None:
    evaluator = evaluator_of("locals {\n  big = [for a in range(1000) : [for b in range(1000) : a * b]]\n}\n")
    for _ in range(50):
        assert value_of(evaluator, "local.big[0]").data == Unknown("evaluating it would take too long")
    assert steps[0] < 101_000


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        (ring_of_locals(20), "local.l0"),
        (dense_locals(24), None),
        (ring_of_resources(20), "aws_sqs_queue.q0.name"),
        (ring_of_counts(3), "length(aws_sqs_queue.q0)"),
        (ring_of_both(20), "local.l0"),
        (queue("a", "tags = local.t") + locals_of(iter(("t = { Name = aws_sqs_queue.a.tags }",))), None),
        (
            'data "aws_iam_policy_document" "a" {\n'
            "  source_policy_documents = [data.aws_iam_policy_document.a.json]\n}\n"
            'resource "aws_iam_policy" "p" {\n  policy = data.aws_iam_policy_document.a.json\n}\n',
            None,
        ),
        (
            'variable "a" {\n  description = "a"\n  type        = string\n  default     = ""\n  validation {\n'
            '    condition     = local.a != ""\n    error_message = "No."\n  }\n}\nlocals {\n  a = var.a\n}\n',
            None,
        ),
    ],
)
def test_a_circle_is_said_once_and_nothing_else_on_account_of_it(text: str, closing: str | None) -> None:
    report = report_of(text)
    found = [finding.rule for finding in report.findings]
    assert found.count("references/cycle") == 1
    assert report.failures == ()
    assert not [doubt for doubt in report.doubts if "itself" in str(doubt.doubt)]
    if closing is not None:  # what else there is has nothing to do with it
        before, _, behind = text.rpartition(closing)
        open_ = report_of(f'{before}"1"{behind}')
        assert {*found} - {"references/cycle"} <= {finding.rule for finding in open_.findings}
