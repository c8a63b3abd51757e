"""Reading a contract: what it says, and where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_tap.contract import Claims, Contract, ContractError, load_contracts
from tflint_tap.contract.sections import SECTIONS
from tflint_tap.contract.targets import TargetPlace, promises_of
from tflint_tap.rulebook.loader import BUNDLED

FIGURE = """\
  - id: sla.x
    about: x
    states: ["<5 s"]
    comment: "SLA: <5 s"
    words: [x]
    belongs_to: [aws_sqs_queue]
"""


def contract(text: str) -> Contract:
    return Contract("x", Claims("x.tf"), Path("x.yaml"), text)


def test_the_booking_contract_holds_every_figure_of_the_specification() -> None:
    (booking,) = load_contracts(BUNDLED)
    assert (booking.claims.file, booking.claims.alone) == ("tap_stack.tf", True)
    read = [
        (sla_target.id, [" or ".join(str(one.figure) for one in each) for each in sla_target.states])
        for sla_target in promises_of(booking).sla_targets
    ]
    assert read == [
        ("sla.throughput", ["~70000 /min or ~1200 /s sustained"]),
        ("sla.burst", ["~2000 /s burst"]),
        ("sla.confirmation", ["<0.4 s p95"]),
        ("sla.replication", ["<5 s", ">10 s"]),
        ("sla.cache", ["<1 s p95"]),
        ("sla.pms", ["<60 s"]),
        ("sla.hot", ["<30 s"]),
        ("sla.audit", ["every 300 s", "<120 s"]),
        ("sla.detect", ["<5 s"]),
        ("sla.reassign", ["<60 s"]),
        ("sla.correct", ["<120 s"]),
        ("api.throttling", ["~2000 /s burst"]),
        ("alarm.described", [">10 s"]),
        ("alarm.described", [">60 s"]),
        ("alarm.described", [">120 s"]),
    ]


def test_a_place_is_a_type_a_variable_or_a_part() -> None:
    text = "claims: {file: x.tf}\nfigures:\n" + FIGURE.replace(
        "[aws_sqs_queue]", "[aws_sqs_queue, var.v, group.a.part]"
    )
    (sla_target,) = promises_of(contract(text)).sla_targets
    assert sla_target.places == (
        TargetPlace(type="aws_sqs_queue"),
        TargetPlace(variable="v"),
        TargetPlace(part="group.a.part"),
    )


def test_a_contract_needs_no_figures() -> None:
    assert promises_of(contract("claims: {file: x.tf}\n")).sla_targets == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "x.yaml:1: it is empty"),
        ("claims: {file: x.tf\n", "x.yaml:2: did not find expected ',' or '}'"),
        (
            "claims: {file: x.tf}\nfigure: []\n",
            f"x.yaml:2: there is no figure here; there are {', '.join(SECTIONS)}",
        ),
        ("claims: {file: x.tf}\nfigures: []\n", "x.yaml:2: this has to be a list"),
        ("claims: {file: x.tf}\nfigures: 5\n", "x.yaml:2: this has to be a list"),
        ("claims: {file: x.tf}\ndescriptions:\n  a: 1\n  a: 2\n", "x.yaml:4: a stands here twice"),
        ("claims: {file: x.tf}\ndescriptions: [a]\n", "x.yaml:2: this has to be a mapping"),
        ("claims: {file: x.tf}\ndescriptions: {a: [b]}\n", "x.yaml:2: this has to be text"),
        ("claims: {file: x.tf}\nfigures:\n" + FIGURE.replace("    about: x\n", ""), "x.yaml:3: about is missing"),
        ("claims: {file: x.tf}\nfigures:\n" + FIGURE.replace('["<5 s"]', "[five]"), "x.yaml:5: five is no figure"),
        (
            "claims: {file: x.tf}\nfigures:\n" + FIGURE.replace('["<5 s"]', '["<5 s, >10 s"]'),
            "x.yaml:5: <5 s, >10 s is more than one figure",
        ),
        (
            "claims: {file: x.tf}\nfigures:\n" + FIGURE.replace('"SLA: <5 s"', '"SLA: <6 s"'),
            "x.yaml:6: the comment doesn't state <5 s",
        ),
        ("claims: {file: x.tf}\nfigures:\n" + FIGURE + "    only: comment\n", "x.yaml:9: only is description"),
        (
            "claims: {file: x.tf}\nfigures:\n" + FIGURE + "    covered_by: sla.y\n",
            "x.yaml:3: there is no figure sla.y that could cover sla.x",
        ),
        (
            "claims: {file: x.tf}\nfigures:\n" + FIGURE.replace("[aws_sqs_queue]", "[{type: t}]"),
            "x.yaml:8: this has to be text",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_line(text: str, expected: str) -> None:
    with pytest.raises(ContractError) as raised:
        promises_of(contract(text))
    assert str(raised.value) == expected
