"""What companions set in the resources that they belong to."""

from __future__ import annotations

import pytest

from .stacks import resource, stack_of

QUEUE = 'variable "x" {}\nresource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'


def _setting(companion: str) -> str | None:
    """What sets the queue's redrive policy, or the doubt."""
    stack = stack_of(QUEUE + f'resource "aws_sqs_queue_redrive_policy" "p" {{\n{companion}\n}}\n')
    found = stack.companion_setting(resource(stack, "aws_sqs_queue.q"), "redrive_policy")
    return found if found is None or isinstance(found, str) else f"{found[0].address}.{found[1]}"


@pytest.mark.parametrize(
    ("companion", "setting"),
    [
        ('queue_url = aws_sqs_queue.q.id\nredrive_policy = "{}"', "aws_sqs_queue_redrive_policy.p.redrive_policy"),
        ('queue_url = aws_sqs_queue.q.id\nredrive_policy = ""', "aws_sqs_queue_redrive_policy.p.redrive_policy"),
        ("queue_url = aws_sqs_queue.q.id\nredrive_policy = null", None),
        ('queue_url = "https://sqs.us-west-2.amazonaws.com/111122223333/other"\nredrive_policy = "{}"', None),
        ('count = var.x\nqueue_url = aws_sqs_queue.q.id\nredrive_policy = "{}"', "var.x has no default"),
        ("count = var.x\nqueue_url = aws_sqs_queue.q.id", None),
    ],
)
def test_a_companion_sets_what_it_holds(companion: str, setting: str | None) -> None:
    assert _setting(companion) == setting


def test_companions_are_sought_by_their_types() -> None:
    stack = stack_of(
        QUEUE
        + 'resource "aws_sqs_queue_redrive_policy" "p" {\n  queue_url = aws_sqs_queue.q.id\n}\n'
        + 'resource "aws_sqs_queue_policy" "p" {\n  queue_url = aws_sqs_queue.q.id\n}\n'
    )
    queue = resource(stack, "aws_sqs_queue.q")
    assert len(stack.companions(queue).certain) == 2
    (found,) = stack.companions(queue, "aws_sqs_queue_policy").certain
    assert found.address == "aws_sqs_queue_policy.p"
