"""What Terraform refuses of its own language, tap-lint refuses, and nothing else.

The verdicts are those of `terraform validate` and `terraform plan`, as oracle.py recorded them; the slow test asks
Terraform again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from tests.cards import RULES
from tests.stacks import lint_text
from tests.terraform.language.forms import Form, differences, forms, verdicts
from tests.terraform.language.oracle import TFVALIDATE, asked

LEAST_FORMS = 1000
LEAST_AGREEMENT = 0.98
ASKED_AGAIN = 7  # one of so many forms
RULES_OF_LANGUAGE = tuple(
    rule for rule in RULES if rule.id.startswith(("references/", "schema/", "syntax/", "variables/", "outputs/"))
)


@cache
def refusals() -> dict[tuple[str, str], tuple[str, ...]]:
    """The errors that tap-lint reports for each form."""
    return dict(_refusals())


def _refusals() -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    for form in forms():
        report = lint_text(form.hcl, *RULES_OF_LANGUAGE)
        assert report.failures == (), form
        certain = (item for item in report.findings if str(item.severity) == "error" and item.doubt is None)
        yield form.key, tuple(f"{item.rule}: {item.message}" for item in certain)


def test_each_form_has_a_verdict() -> None:
    assert {form.key for form in forms()} == set(verdicts())
    assert len(forms()) >= LEAST_FORMS


def test_what_terraform_accepts_is_accepted() -> None:
    refused = {
        form.key: refusals()[form.key]
        for form in forms()
        if refusals()[form.key] and not verdicts()[form.key].validate and not verdicts()[form.key].plan
    }
    assert refused == {}


def test_what_validate_refuses_is_refused_but_where_a_reason_says_why_not() -> None:
    missed = {form.key for form in forms() if verdicts()[form.key].validate and not refusals()[form.key]}
    assert missed == set(differences())
    assert 1 - len(missed) / len(forms()) >= LEAST_AGREEMENT


@pytest.mark.slow
def test_the_verdicts_are_those_of_the_real_terraform() -> None:
    if not TFVALIDATE.exists():
        pytest.skip("the stand-in of the AWS provider isn't beside the repository")
    sample = [form for form in _called() if _number_of(form) % ASKED_AGAIN == 0]
    found = asked(sample)
    assert {key: verdict.validate.partition(":")[0] for key, verdict in found.items()} == {
        form.key: verdicts()[form.key].validate.partition(":")[0] for form in sample
    }


def _called() -> Iterator[Form]:
    """The forms that a called module may have, which are asked of together."""
    return (form for form in forms() if not form.alone)


def _number_of(form: Form) -> int:
    """A number that is the same in every run."""
    return sum(map(ord, form.text))
