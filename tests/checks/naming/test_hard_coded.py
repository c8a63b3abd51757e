"""Names that are written out."""

from __future__ import annotations

from tests.cards import in_contract, judged, rule_named

HARD_CODED = rule_named("naming/hard-coded")


def test_the_requirement_is_named_in_a_contract_only() -> None:
    text = 'resource "aws_sqs_queue" "a" {\n  name = "a"\n}\n'
    assert [finding.requirement for finding in in_contract(text, HARD_CODED).findings] == ["naming.parameterized"]
    assert [finding.requirement for finding in judged(HARD_CODED, text).findings] == [None]
