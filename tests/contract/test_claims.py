"""The claims of a contract, and the files that it recognises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cards import CONTRACTS
from tests.stacks import REFERENCE
from tflint_tap.contract import Claims, ContractError, contract_named, load_contracts
from tflint_tap.contract.recognition import recognises

BOOKING = CONTRACTS[0].claims


def loaded(folder: Path, text: str) -> Claims:
    (folder / "contracts").mkdir()
    (folder / "contracts" / "a.yaml").write_text(text)
    (contract,) = load_contracts(folder)
    assert contract.name == "a"
    return contract.claims


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("claims: {file: a.tf}\nfigures: {broken", Claims("a.tf")),
        (
            "# a\nclaims:\n  file: a.tf\n\n  # b\n  recognised_by:\n  - b\n  - c-d\n  alone: true\nnames: {a: b}\n",
            Claims("a.tf", ("b", "c-d"), True),
        ),
        ("names: {a: b}\n", Claims()),
        ("names: {a: b}\nclaims: {alone: true}", Claims(alone=True)),
    ],
)
def test_only_what_a_contract_claims_is_read_at_first(tmp_path: Path, text: str, claims: Claims) -> None:
    assert loaded(tmp_path, text) == claims


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\nclaims: tap_stack.tf\n", "2: claims is a mapping of file, recognised_by, alone"),
        ("claims: [tap_stack.tf]\n", "1: claims is a mapping of file, recognised_by, alone"),
        ("claims: {}\n", "1: claims is a mapping of file, recognised_by, alone"),
        (
            "claims: {file: a.tf, recognized_by: [a]}\n",
            "1: there is no recognized_by in claims; did you mean recognised_by?",
        ),
        ("claims: {file: a.yaml}\n", "1: file is the name of a .tf file, without a folder"),
        ("claims: {file: a/b.tf}\n", "1: file is the name of a .tf file, without a folder"),
        ("claims: {file: 1}\n", "1: file is the name of a .tf file, without a folder"),
        ("claims: {file: a.tf, alone: 1}\n", "1: alone is true or false"),
        ("claims: {file: a.tf, recognised_by: b}\n", "1: recognised_by is a list of names"),
        ('claims: {file: a.tf, recognised_by: [""]}\n', "1: recognised_by is a list of names"),
        ("claims: {recognised_by: [b]}\n", "1: recognised_by needs the file that it recognises"),
        ("\n\nclaims: {file: a\nnames: b\n", "3: did not find expected ',' or '}'"),
    ],
)
def test_claims_that_cannot_be_read_are_reported(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(ContractError) as raised:
        loaded(tmp_path, text)
    assert str(raised.value) == f"{tmp_path / 'contracts' / 'a.yaml'}:{expected}"


def test_a_contract_is_found_by_its_name_or_else_by_its_file(tmp_path: Path) -> None:
    assert contract_named("booking", CONTRACTS) is CONTRACTS[0]
    file = tmp_path / "site.yaml"
    file.write_text("claims: {file: site.tf}\nvariables: [a]\n")
    found = contract_named(str(file), CONTRACTS)
    assert (found.name, found.claims, found.path) == ("site", Claims("site.tf"), file)
    with pytest.raises(ContractError, match=r"^bookin: there is no such contract or file; did you mean booking\?$"):
        contract_named("bookin", CONTRACTS)
    file.write_bytes(b"\xff")
    with pytest.raises(ContractError, match=r"site\.yaml: not valid UTF-8$"):
        contract_named(str(file), CONTRACTS)


@pytest.mark.parametrize(
    "text",
    [
        'variable "booking_api_rate_limit_rps" {\n}\n',
        "variable booking_api_rate_limit_rps {\n}\n",
        'resource "aws_sqs_queue" "hotel_pms_queue" {}\n',
        'resource "aws_sqs_queue" "q" {\n  name = "${local.name_prefix}-hotel-pms-queue"\n}\n',
        'resource "aws_sqs_queue" "q" {\n  name = "${lookup(local.names, "q")}_Hotel_PMS_DLQ"\n}\n',
        'resource "aws_sqs_queue" "q" {\n  name = "acme-HotelPmsQueue"\n}\n',
        'resource "aws_cloudwatch_log_group" "l" {\n  name = "/aws/lambda/booking-handler"\n}\n',
        'locals {\n  functions = toset(["a", "pms_sync_worker"])\n}\n',
        "locals {\n  functions = { a = 1, overbooking_resolver = 2 }\n}\n",
        "locals {\n  functions = {\n    overbooking-resolver : {}\n  }\n}\n",
        'locals {\n  arn = "${aws_s3_bucket.b["a"].arn}/*"\n}\nvariable "booking_handler" {}\n',
        'locals {\n  arn = "${join("/*", var.arns)}"\n}\nvariable "booking_handler" {}\n',
        'locals {\n  at = "http://x"  # "\n}\nvariable "booking_handler" {}\n',
        'resource "aws_lambda_function" "booking_handler" {\n  timeout = \n',
    ],
)
def test_one_name_of_the_specification_is_enough(text: str) -> None:
    assert recognises(BOOKING, text)
    assert not recognises(Claims("tap_stack.tf"), text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        'resource "aws_sqs_queue" "jobs" {\n}\n',
        '# variable "booking_handler" {}\n',
        'locals {\n  a = "#" # "booking-handler"\n}\n',
        "locals {\n  a = 1 // booking_handler = 2\n}\n",
        '/* \n variable "booking_handler" {\n */\n',
        '/* variable "booking_handler" {\n',
        'variable "v" {\n  description = "unlike the booking_handler"\n}\n',
        'variable "rebooking_handlers" {\n}\n',
        'variable "booking_handlers" {\n}\n',
        'resource "aws_sns_topic" "inventory_updates" {\n}\n',
        'variable "dynamodb_replica_regions" {\n}\n',
    ],
)
def test_a_stack_of_another_purpose_is_not_recognised(text: str) -> None:
    assert not recognises(BOOKING, text)


def test_every_sign_is_a_name_of_the_reference_stack() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    for sign in BOOKING.recognised_by:
        assert recognises(Claims("tap_stack.tf", (sign,)), text), sign


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("contract: jobs\n", "jobs"),
        ('# of the jobs\ncontract: "all jobs" # as they are\n', "all jobs"),
        ("parts:\n  a: {type: aws_sqs_queue}\n", "file"),
    ],
)
def test_a_contract_in_a_file_is_called_as_it_says(text: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    assert contract_named(str(path), ()).name == name
