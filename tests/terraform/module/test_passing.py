"""Which arguments of module calls refer to a declaration."""

from __future__ import annotations

import pytest

from tests.stacks import stack_of
from tests.wiring.stacks import resource
from tflint_tap.terraform.module import Module


def _passed(text: str, address: str) -> list[tuple[str, str]]:
    stack = stack_of(text)
    return [(call.address, argument.name) for call, argument in stack.passed(resource(stack, address))]


def test_arguments_are_found_directly_and_through_locals() -> None:
    text = (
        'module "b" {\n  source = "./b"\n  all = local.all\n  one = aws_sqs_queue.q.arn\n'
        "  two = aws_sqs_queue.o.arn\n}\n"
        'module "a" {\n  source = "./a"\n  name = "${local.name}-${local.all}"\n}\n'
        "locals {\n  all = [local.name, aws_sqs_queue.o.arn]\n  name = aws_sqs_queue.q.name\n}\n"
        'resource "aws_sqs_queue" "q" {\n}\nresource "aws_sqs_queue" "o" {\n}\n'
    )
    assert _passed(text, "aws_sqs_queue.q") == [("module.b", "all"), ("module.b", "one"), ("module.a", "name")]
    assert _passed(text, "aws_sqs_queue.o") == [("module.b", "all"), ("module.b", "two"), ("module.a", "name")]


def test_locals_that_go_round_end() -> None:
    text = (
        "locals {\n  a = [local.b, aws_sqs_queue.q.arn]\n  b = local.a\n}\n"
        'module "m" {\n  source = "./m"\n  name = local.b\n}\nresource "aws_sqs_queue" "q" {\n}\n'
    )
    assert _passed(text, "aws_sqs_queue.q") == [("module.m", "name")]


def test_each_expression_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 100
    chain = "".join(f"  l{number} = local.l{number + 1}\n" for number in range(count))
    text = f"locals {{\n{chain}  l{count} = aws_sqs_queue.q0.arn\n}}\n" + "".join(
        f'resource "aws_sqs_queue" "q{number}" {{\n}}\n'
        f'module "m{number}" {{\n  source = "./m"\n  first = local.l0\n  own = aws_sqs_queue.q{number}.arn\n}}\n'
        for number in range(count)
    )
    counted = [0]
    references = Module.references

    def counting(*arguments: object) -> object:
        counted[0] += 1
        return references(*arguments)  # type: ignore[arg-type]

    stack = stack_of(text)
    queues = list(stack.resources())
    monkeypatch.setattr(Module, "references", counting)
    found = [len(stack.passed(queue)) for queue in queues]
    assert found == [count + 1, *[1] * (count - 1)]
    assert counted[0] == 3 * count + count + 1
