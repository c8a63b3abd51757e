"""Reading a contract: what it says, and where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_tap.contract import Contract, ContractError, load_contracts
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
    return Contract("x", ("x.tf",), Path("x.yaml"), text)


def test_the_booking_contract_holds_every_figure_of_the_specification() -> None:
    (booking,) = load_contracts(BUNDLED)
    assert booking.claims == ("tap_stack.tf",)
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


def test_a_place_says_what_is_meant() -> None:
    text = "claims: [x.tf]\nfigures:\n" + FIGURE.replace(
        "[aws_sqs_queue]",
        "[aws_sqs_queue, {variable: v}, {type: t, named: n}, {type: t, about: [A]}, {type: t, refers_to: u},"
        " {type: t, refers_to: {type: u, named: n}}]",
    )
    (sla_target,) = promises_of(contract(text)).sla_targets
    assert sla_target.places == (
        TargetPlace("aws_sqs_queue"),
        TargetPlace("", "v"),
        TargetPlace("t", "n"),
        TargetPlace("t", about=("a",)),
        TargetPlace("t", refers_to=("u", "")),
        TargetPlace("t", refers_to=("u", "n")),
    )


def test_a_contract_needs_no_figures() -> None:
    assert promises_of(contract("claims: [x.tf]\n")).sla_targets == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "x.yaml:1: it is empty"),
        ("claims: [x.tf\n", "x.yaml:2: did not find expected ',' or ']'"),
        (
            "claims: [x.tf]\nfigure: []\n",
            f"x.yaml:2: there is no figure here; there are {', '.join(SECTIONS)}",
        ),
        ("claims: [x.tf]\nfigures: []\n", "x.yaml:2: this has to be a list"),
        ("claims: [x.tf]\nfigures: 5\n", "x.yaml:2: this has to be a list"),
        ("claims: [x.tf]\nnames:\n  a: 1\n  a: 2\n", "x.yaml:4: a stands here twice"),
        ("claims: [x.tf]\nnames: [a]\n", "x.yaml:2: this has to be a mapping"),
        ("claims: [x.tf]\nnames: {a: [b]}\n", "x.yaml:2: this has to be text"),
        ("claims: [x.tf]\nfigures:\n" + FIGURE.replace("    about: x\n", ""), "x.yaml:3: about is missing"),
        ("claims: [x.tf]\nfigures:\n" + FIGURE.replace('["<5 s"]', "[five]"), "x.yaml:5: five is no figure"),
        (
            "claims: [x.tf]\nfigures:\n" + FIGURE.replace('["<5 s"]', '["<5 s, >10 s"]'),
            "x.yaml:5: <5 s, >10 s is more than one figure",
        ),
        (
            "claims: [x.tf]\nfigures:\n" + FIGURE.replace('"SLA: <5 s"', '"SLA: <6 s"'),
            "x.yaml:6: the comment doesn't state <5 s",
        ),
        ("claims: [x.tf]\nfigures:\n" + FIGURE + "    only: comment\n", "x.yaml:9: only is description"),
        (
            "claims: [x.tf]\nfigures:\n" + FIGURE + "    covered_by: sla.y\n",
            "x.yaml:3: there is no figure sla.y that could cover sla.x",
        ),
        (
            "claims: [x.tf]\nfigures:\n" + FIGURE.replace("[aws_sqs_queue]", "[{type: t, name: n}]"),
            "x.yaml:8: there is no name here; there are type, named, about, refers_to",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_line(text: str, expected: str) -> None:
    with pytest.raises(ContractError) as raised:
        promises_of(contract(text))
    assert str(raised.value) == expected


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("claims: [a.tf]\nfigures: {broken", ("a.tf",)),
        ("# a comment\nclaims:\n  - a.tf\n\n  # b\n  - b.tf\nnames: {a: b}\n", ("a.tf", "b.tf")),
        ("names: {a: b}\nclaims:\n- a.tf\n- b.tf", ("a.tf", "b.tf")),
    ],
)
def test_only_what_a_contract_claims_is_read_at_first(tmp_path: Path, text: str, claims: tuple[str, ...]) -> None:
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "a.yaml").write_text(text)
    (loaded,) = load_contracts(tmp_path)
    assert (loaded.name, loaded.claims) == ("a", claims)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("names: {a: b}\n", "1: it has no list of the file names that it claims"),
        ("\nclaims: tap_stack.tf\n", "2: claims is a list of file names"),
        ("claims: []\n", "1: claims is a list of file names"),
        ("claims: [1]\n", "1: claims is a list of file names"),
        ("\n\nclaims: [a\nnames: b\n", "3: did not find expected ',' or ']'"),
    ],
)
def test_claims_that_cannot_be_read_are_reported(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "contracts").mkdir()
    path = tmp_path / "contracts" / "a.yaml"
    path.write_text(text)
    with pytest.raises(ContractError) as raised:
        load_contracts(tmp_path)
    assert str(raised.value) == f"{path}:{expected}"
