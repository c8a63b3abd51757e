"""What messages say of what comes closest, and of what is lacking."""

from __future__ import annotations

import pytest

from tests.demands.test_causes import told as causes
from tests.demands.test_demands import decided
from tflint_tap.aws.edges import edge_kinds
from tflint_tap.demands.edge_words import denied, stated
from tflint_tap.demands.settings import cut
from tflint_tap.text.listing import listed


def lacks(contract: str, text: str) -> list[tuple[str, str, str]]:
    """What each open demand says, the place, and the remedy."""
    return [
        (demand.values["lacks"], demand.place.text, demand.values["remedy"])
        for demand in decided(contract, text)
        if demand.is_open
    ]


@pytest.mark.parametrize("kind", edge_kinds())
def test_each_kind_of_edge_has_words(kind: str) -> None:
    assert denied(kind).startswith(("does not ", "is not "))
    assert not stated(kind).startswith("is not")


@pytest.mark.parametrize(
    ("kind", "said", "unsaid"),
    [
        ("alarms_on", "alarms on", "does not alarm on"),
        ("placed_in", "is placed in", "is not placed in"),
        ("notifies", "notifies", "does not notify"),
        ("publishes_to", "publishes to", "does not publish to"),
        ("subscribes", "subscribes to", "does not subscribe to"),
        ("uses", "uses", "does not use"),
    ],
)
def test_an_edge_in_words(kind: str, said: str, unsaid: str) -> None:
    assert (stated(kind), denied(kind)) == (said, unsaid)


ALARM = (
    "parts:\n  queue: {type: aws_sqs_queue}\n"
    "  alarm: {id: a, type: aws_cloudwatch_metric_alarm, wired: [{edge: alarms_on, to: queue}]}\n"
)
QUEUE = 'resource "aws_sqs_queue" "q" {}\n'


def test_a_part_that_is_not_wired_is_told_in_plain_words() -> None:
    text = QUEUE + 'resource "aws_cloudwatch_metric_alarm" "x" {}\n'
    ((said, _, _),) = lacks(ALARM, text)
    assert said == "aws_cloudwatch_metric_alarm.x comes closest, but does not alarm on aws_sqs_queue.q"


def test_a_block_that_makes_none_is_named_before_others() -> None:
    text = (
        QUEUE + 'resource "aws_cloudwatch_metric_alarm" "x" {}\nresource "aws_cloudwatch_metric_alarm" "y" {\n'
        "  count = 0\n  dimensions = { QueueName = aws_sqs_queue.q.name }\n}\n"
    )
    assert lacks(ALARM, text) == [
        (
            "aws_cloudwatch_metric_alarm.y would be, but its count is 0",
            "0",
            "let there be aws_cloudwatch_metric_alarm.y",
        )
    ]


@pytest.mark.parametrize(
    ("written", "said"), [("count = 0", "its count is 0"), ("for_each = {}", "its for_each is empty")]
)
def test_a_block_of_a_part_s_name_that_makes_none_is_named(written: str, said: str) -> None:
    contract = "parts: {queue: {id: q, type: aws_sqs_queue, named: jobs}}\n"
    text = f'{QUEUE}resource "aws_sqs_queue" "jobs" {{\n  {written}\n}}\n'
    ((lacking, _, _),) = lacks(contract, text)
    assert lacking == f"aws_sqs_queue.jobs would be, but {said}"
    other = text.replace('"jobs"', '"other"')
    ((lacking, _, _),) = lacks(contract, other)
    assert lacking == "aws_sqs_queue.q comes closest, but is called q"


def test_an_output_that_comes_closest_says_what_it_does_not_give() -> None:
    contract = "parts: {queue: {type: aws_sqs_queue}}\noutputs: [{id: o, refers_to: [queue.url, queue.id]}]\n"
    ((said, _, remedy),) = lacks(contract, QUEUE + 'output "x" {\n  value = aws_sqs_queue.q.arn\n}\n')
    assert said == "output.x comes closest, but doesn't give aws_sqs_queue.q.url or aws_sqs_queue.q.id"
    assert remedy == "write an output with value = aws_sqs_queue.q.url or aws_sqs_queue.q.id"


def test_a_long_condition_and_a_long_list_are_cut() -> None:
    assert cut("short") == "short"
    text = " ".join(["word"] * 50)
    assert cut(text).endswith("word ...")
    assert len(cut(text)) <= 124
    names = list("abcdefgh")
    assert listed(names, "or", 3) == "a, b, c and 5 more"
    assert listed(names[:4], "or", 3) == "a, b, c or d"
    assert listed(names, "and") == "a, b, c, d, e, f, g and h"


def test_a_wire_says_which_condition_it_lacks() -> None:
    contract = (
        "parts:\n  queue: {type: aws_sqs_queue}\n  worker: {type: aws_lambda_function}\n"
        "wiring: [{id: w, from: queue, edge: triggers, to: worker, where: via.batch_size == 10}]\n"
    )
    text = (
        QUEUE + 'resource "aws_lambda_function" "f" {}\nresource "aws_lambda_event_source_mapping" "m" {\n'
        "  event_source_arn = aws_sqs_queue.q.arn\n  function_name = aws_lambda_function.f.arn\n  batch_size = 5\n}\n"
    )
    ((said, _, _),) = lacks(contract, text)
    assert said == "what is wired here lacks this: via.batch_size == 10"
    assert causes(contract, text)[0].startswith("aws_sqs_queue.q triggers aws_lambda_function.f: there is no such wire")
