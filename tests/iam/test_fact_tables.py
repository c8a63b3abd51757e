"""The tables about callers, grave actions and roles name what the other tables know."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_tap.aws import assumers as assumers_module
from tflint_tap.aws.assumers import assumers
from tflint_tap.aws.edges import EdgeRow, edge_rows
from tflint_tap.aws.principals import is_principal
from tflint_tap.iam import granting
from tflint_tap.iam.actions import action
from tflint_tap.iam.callers import is_confining
from tflint_tap.iam.escalations import escalations
from tflint_tap.iam.granting import EXPOSURES, exposing


def rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def test_each_action_of_a_way_to_escalate_is_in_the_catalogue() -> None:
    named = {name for escalation in escalations() for name in escalation.actions}
    assert {name for name in named if action(name) is None} == set()


def test_no_way_to_escalate_holds_another() -> None:
    sets = [frozenset(escalation.actions) for escalation in escalations()]
    assert [one for one in sets if any(other < one for other in sets)] == []


def test_a_role_is_passed_to_services_that_there_are() -> None:
    named = {escalation.service for escalation in escalations() if escalation.service is not None}
    assert {name for name in named if not is_principal(name)} == set()
    passing = {"iam:PassRole" in escalation.actions: escalation.service for escalation in escalations()}
    assert passing[False] is None
    assert passing[True] is not None


@pytest.mark.parametrize("kind", EXPOSURES)
def test_each_exposing_action_is_one_that_can_be_limited(kind: str) -> None:
    found = [action(name) for name in sorted(exposing(kind))]
    assert found
    assert all(one is not None and one.is_limitable for one in found)


def test_the_table_of_exposures_has_no_other_kinds() -> None:
    assert {row[1] for row in rows(Path(granting.__file__).with_name("exposures.tsv"))} == set(EXPOSURES)


def test_who_takes_roles_is_told_of_arguments_that_name_them() -> None:
    known: set[tuple[str, str, bool]] = {described for row in edge_rows("runs_as") for described in _described(row)}
    types = {type_ for type_, _, _ in known}
    for type_, argument, services, _ in rows(Path(assumers_module.__file__).with_name("assumers.tsv")):
        assert all(is_principal(service) for service in services.split(" ")), type_
        if argument == "*":
            assert type_ in types
        else:
            assert (type_, argument.lstrip("."), argument.startswith(".")) in known


def _described(row: EdgeRow) -> list[tuple[str, str, bool]]:
    path = row.target.path
    return [] if path is None else [(row.holder, path.argument, bool(path.blocks))]


def test_the_service_that_takes_a_role_depends_on_the_argument() -> None:
    assert assumers("aws_lambda_function", "role", nested=False) == ("lambda.amazonaws.com",)
    assert assumers("aws_codepipeline", "role_arn", nested=False) == ("codepipeline.amazonaws.com",)
    assert assumers("aws_codepipeline", "role_arn", nested=True) == ()
    assert assumers("aws_iot_topic_rule", "role_arn", nested=True) == ("iot.amazonaws.com",)
    assert assumers("aws_sqs_queue", "role", nested=False) == ()


@pytest.mark.parametrize(
    ("key", "caller", "source"),
    [
        ("aws:SourceArn", True, True),
        ("AWS:PRINCIPALORGID", True, False),
        ("kms:EncryptionContext:aws:logs:arn", False, True),
        ("aws:SecureTransport", False, False),
    ],
)
def test_a_key_confines_callers_or_what_services_act_for(key: str, caller: bool, source: bool) -> None:
    assert (is_confining(key, "caller"), is_confining(key, "source")) == (caller, source)
