"""The matrix of the reference stack: it meets each requirement of its contract, at places that exist."""

from __future__ import annotations

import re

import pytest

from tests.cards import CONTRACTS
from tests.stacks import REFERENCE, SHARED
from tests.trace.traces import of_reference
from tflint_tap.demands.reading import terms_of
from tflint_tap.hcl import parse
from tflint_tap.terraform.module import build_module
from tflint_tap.text.source import Source
from tflint_tap.trace.rows import Status
from tools import build_reference_trace

SPECIFICATION = SHARED / "spec" / "requirements.md"


def test_every_requirement_has_a_row_with_the_contracts_own_words() -> None:
    rows = of_reference().rows
    assert len(rows) == 109
    assert [(row.requirement.id, row.requirement.text) for row in rows] == list(terms_of(CONTRACTS[0]).texts.items())


@pytest.mark.skipif(not SPECIFICATION.is_file(), reason="the specification's requirements are for development alone")
def test_the_requirements_are_the_specifications() -> None:
    ids = re.findall(r"^\| ([a-z]+\.[\w-]+) \|", SPECIFICATION.read_text(encoding="utf-8"), re.MULTILINE)
    assert [row.requirement.id for row in of_reference().rows] == ids


def test_each_is_met_or_needs_a_person() -> None:
    others = [row for row in of_reference().rows if row.status not in (Status.MET, Status.PERSON)]
    assert [(row.requirement.id, row.status, row.reasons) for row in others] == []


def test_what_is_met_is_met_at_a_place_that_exists() -> None:
    source = Source("tap_stack.tf", REFERENCE.read_text(encoding="utf-8"))
    addresses = build_module([parse(source)]).declarations
    number = source.text.count("\n")
    for row in of_reference().rows:
        assert (row.evidence != ()) is (row.status is Status.MET)
        for one in row.evidence:
            assert one.span.source.text == source.text
            if one.is_whole:
                assert one.says, row.requirement.id
                continue
            assert 1 <= one.span.line <= one.span.end_line <= number
            assert one.span.text.strip(), row.requirement.id
            assert one.address is None or re.sub(r"\[.*", "", one.address) in addresses, one.address


def test_the_place_is_that_of_what_meets_it() -> None:
    found = {row.requirement.id: row.evidence[0].span.text for row in of_reference().rows}
    assert found["dynamodb.billing"] == '"PAY_PER_REQUEST"'
    assert found["sqs.queue"] == 'resource "aws_sqs_queue" "hotel_pms_queue" {'
    assert found["dynamodb.name"] == "local.table_name"
    assert found["iam.publish"].startswith("{")
    assert "sns:Publish" in found["iam.publish"]
    assert "45k" in found["sqs.comment"]
    assert found["sla.confirmation"] == "<400ms"
    assert found["output.dlq"] == 'output "hotel_pms_dlq_url" {'


def test_the_published_matrix_is_current() -> None:
    published = build_reference_trace.MATRIX.read_text(encoding="utf-8")
    assert published == build_reference_trace.text(), "run tools/build_reference_trace.py"
