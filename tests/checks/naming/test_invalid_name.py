"""Names that AWS doesn't take: for the values that there are, and for those that there may be."""

from __future__ import annotations

from tests.cards import judged, rule_named
from tests.stacks import lint_text
from tests.work import LINEAR, growth

RULE = rule_named("naming/invalid-name")
STAGE = (
    'variable "stage" {\n  default = "dev"\n  validation {\n'
    '    condition = contains(["dev", "staging", "production"], var.stage)\n    error_message = "no"\n  }\n}\n'
)


def balancer(name: str, label: str = "web") -> str:
    return f'resource "aws_lb" "{label}" {{\n  name = {name}\n}}\n'


def test_a_value_that_may_be_given_is_told_with_the_condition_that_admits_it() -> None:
    (finding,) = judged(RULE, STAGE + balancer('"booking-reservations-x-${var.stage}"')).findings
    assert finding.message == (
        'the name of aws_lb.web is "booking-reservations-x-production" where var.stage is "production", '
        "which has 33 characters, over the limit of 32"
    )
    assert finding.remedy == (
        "build a name that AWS takes for each value that the validation admits, or let it admit less"
    )
    assert [(related.message, related.span.line) for related in finding.related] == [
        ('var.stage may be "production" by this condition', 4)
    ]


def test_the_value_that_is_given_counts_first() -> None:
    text = STAGE + balancer('"booking-reservations-web-${var.stage}"')
    (finding,) = lint_text(text, RULE, given=["stage=production"]).findings
    assert " where " not in finding.message


def test_only_the_variables_of_a_name_are_told() -> None:
    other = STAGE.replace("stage", "other")
    text = STAGE + other + balancer('"${var.other}"', "a") + balancer('"booking-reservations-web-${var.stage}"')
    (finding,) = judged(RULE, text).findings
    assert "var.other" not in finding.message


def test_a_resource_that_only_another_value_makes_is_judged() -> None:
    counted = balancer('"booking-reservations-web-${var.stage}"').replace(
        "{\n  name", '{\n  count = var.stage == "production" ? 1 : 0\n  name'
    )
    assert [finding.address for finding in judged(RULE, STAGE + counted).findings] == ["aws_lb.web[0]"]


def test_many_names_take_work_in_proportion() -> None:
    def stack(count: int) -> str:
        return STAGE + "".join(balancer(f'"x-${{var.stage}}-{at}"', f"b{at}") for at in range(count))

    assert growth(lambda count: judged(RULE, stack(count)), 20) < LINEAR
