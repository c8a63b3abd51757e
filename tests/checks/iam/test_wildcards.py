"""What both rules about wildcards share."""

from __future__ import annotations

import pytest

from tests.cards import judged

from .reading import ACTION, RESOURCE, told


@pytest.mark.parametrize("rule", [ACTION, RESOURCE], ids=["action", "resource"])
def test_a_policy_that_can_not_be_read_is_a_doubt(rule: object) -> None:
    report = judged(
        ACTION if rule is ACTION else RESOURCE,
        'resource "aws_iam_role_policy" "p" {\n  policy = "{"\n}\n',
    )
    assert [told(doubt) for doubt in report.doubts] == [(2, '"{"', "invalid JSON: unexpected end of the text")]
