"""Types that the provider doesn't have."""

from __future__ import annotations

import pytest

from tests.cards import judged, rule_named
from tflint_tap.text.nearest import MOST_SUGGESTED


@pytest.mark.slow
def test_of_thousands_of_unknown_types_only_the_first_get_a_suggestion() -> None:
    blocks = "".join(f'resource "aws_sqs_quee{number}" "q" {{}}\n' for number in range(MOST_SUGGESTED + 5))
    remedies = [finding.remedy for finding in judged(rule_named("schema/unknown-type"), blocks).findings]
    assert remedies == ["did you mean aws_sqs_queue?"] * MOST_SUGGESTED + ["use a type that the provider has"] * 5
