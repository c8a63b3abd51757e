"""Conversions, equality, common types and numbers, unknown parts included."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.terraform.evaluation.calling import ARN, ARN_WHY, HERE, OTHER, WHY, Plain, items, pairs, text, value
from tflint_tap.terraform.evaluation.conversion import (
    EvaluationError,
    TooLarge,
    as_set,
    equal,
    number_text,
    parse_number,
    rounded,
    to_bool,
    to_number,
    to_text,
)
from tflint_tap.terraform.evaluation.values import Data, ErrorValue, Symbol, Unknown, Value
from tflint_tap.terraform.typing import unify

ZONE = Symbol("data.aws_availability_zones.a", ("names", 0))


@pytest.mark.parametrize(
    ("written", "number", "printed"),
    [
        ("1", 1, "1"),
        ("+1", 1, "1"),
        ("1.", 1, "1"),
        ("-.5", Fraction(-1, 2), "-0.5"),
        ("1e5", 100_000, "100000"),
        ("1p3", 8, "8"),
        ("25E-1", Fraction(5, 2), "2.5"),
        ("-0", 0, "0"),
        ("007", 7, "7"),
        ("1e600", rounded(Fraction(10**600)), "1" + "0" * 600),
        ("1.5e-30", rounded(Fraction(15, 10**31)), "0.0000000000000000000000000000015"),
        ("123456789.123456789", rounded(Fraction(123456789123456789, 10**9)), "123456789.123456789"),
    ],
)
def test_a_number_is_read_and_printed(written: str, number: int | Fraction, printed: str) -> None:
    assert parse_number(written) == number
    assert number_text(number) == printed


@pytest.mark.parametrize("written", ["", " 1", "1 ", "0x10", "1_000", "e5", ".", "1e", "--1", "a", "NaN", "\uff11"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert parse_number(written) is None


@pytest.mark.parametrize("written", ["Inf", "-inf", "1e100000", "9" * 5000])
def test_a_number_beyond_reason_is_too_large(written: str) -> None:
    with pytest.raises(TooLarge):
        parse_number(written)


def test_numbers_have_512_bits() -> None:
    third = rounded(Fraction(1, 3))
    assert third != Fraction(1, 3)
    assert number_text(third) == "0." + "3" * 154 + "5"
    assert rounded(Fraction(2**600 + 1)) == 2**600
    assert rounded(Fraction(2**512 - 1)) == 2**512 - 1


@pytest.mark.parametrize(
    ("given", "as_text", "as_number", "as_bool"),
    [
        (True, "true", None, True),
        (1, "1", 1, None),
        ("1", "1", 1, True),
        ("false", "false", None, False),
        ("x", "x", None, None),
        (ARN, ARN, ARN, ARN),
        (WHY, WHY, WHY, WHY),
        (text("a", ARN), text("a", ARN), ARN_WHY, ARN_WHY),
        (ErrorValue("no"), ErrorValue("no"), ErrorValue("no"), ErrorValue("no")),
    ],
)
def test_scalars_are_converted_with_their_span_and_mark(
    given: Data, as_text: Data, as_number: Data, as_bool: Data
) -> None:
    for convert, expected in ((to_text, as_text), (to_number, as_number), (to_bool, as_bool)):
        if expected is None:
            with pytest.raises(EvaluationError):
                convert(Value(given, HERE, True))
        else:
            assert convert(Value(given, HERE, True)) == Value(expected, HERE, True)


@pytest.mark.parametrize("convert", [to_text, to_number, to_bool])
def test_null_stays_null_and_a_collection_is_refused(convert: object) -> None:
    assert callable(convert)
    assert convert(Value(None)) == Value(None)
    with pytest.raises(EvaluationError):
        convert(items(1))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, 1, True),
        (1, "1", False),
        (1, True, False),
        (None, None, True),
        (None, "a", False),
        (None, ARN, None),
        (None, text("a", ARN), False),
        ("a", WHY, None),
        ("a", ErrorValue("no"), None),
        (ARN, ARN, True),
        (ARN, OTHER, None),
        (ARN, "a", None),
        (ARN, 1, None),
        (ARN, [1], None),
        (text(ARN, "/x"), text(ARN, "/x"), True),
        (text(ARN, "/x"), text(ARN, "/y"), False),
        (text(ARN, "/x"), text(OTHER, "/x"), None),
        (text(ARN, "/x"), ARN, False),
        (WHY, WHY, True),
        (WHY, Unknown(WHY.reason), None),
        (WHY.step("a"), WHY.step("a"), True),
        (WHY.step("a"), WHY.step("b"), None),
        (text("a", WHY), text("a", WHY), True),
        (text("a", WHY), text("a", Unknown(WHY.reason)), None),
        (text("a", WHY), text("b", WHY), False),
        (text("ab", WHY), text("a", ARN), None),
        (text("a", ARN), "abc", None),
        (text("a", ARN), "bc", False),
        (text(ARN, "c"), "ab", False),
        (text("a", ARN, "a"), "a", False),
        (text(ARN, "x", OTHER), "abc", False),
        (text(ARN, "b", OTHER), "abc", None),
        (text("a", ARN), 1, False),
        (text("a", ARN), [1], False),
        ([1, "a"], [1, "a"], True),
        ([1], [1, 2], False),
        ([1, WHY], [2, WHY], False),
        ([1, WHY], [1, 2], None),
        ([1], items(1, kind="list"), False),
        (items(1, doubt=WHY), [1], None),
        (items(1, 2, doubt=WHY), [1], False),
        (items(1, doubt=WHY), [2, 3], False),
        (items(1, 2, doubt=WHY, certain=1), [1, 5, 2], None),
        (items("a", "b", kind="set"), items("a", "b", kind="set"), True),
        (items("a", ARN, kind="set", certain=0), items("a", ARN, kind="set", certain=0), True),
        (items("a", ARN, kind="set", certain=0), items("b", "c", kind="set"), False),
        (items("a", ARN, kind="set", certain=0), items("a", "c", kind="set"), None),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, pairs({"a": 1}, kind="map"), False),
        ({"a": 1, "b": 2}, pairs({"a": 1}, doubt=WHY), None),
        ({"a": 1}, pairs({"a": 2}, doubt=WHY), False),
        ({"a": 1}, pairs({"b": 1}, doubt=WHY), False),
        ({"a": WHY}, {"a": 1}, None),
        ([[1, [WHY]]], [[1, [2]]], None),
        (ZONE, Symbol(ZONE.address, ("names", 1)), False),
        (ZONE, Symbol(ZONE.address, ("zone_ids", 1)), None),
        (ZONE, Symbol("data.aws_availability_zones.other", ("names", 1)), None),
        (ZONE, Symbol(ZONE.address, ("names", 0)), True),
        (Symbol("aws_iam_role.a", ("arn",)), Symbol("aws_iam_role.b", ("arn",)), False),
        (Symbol('aws_iam_role.a["x"]', ("arn",)), Symbol('aws_iam_role.a["y"]', ("arn",)), False),
        (Symbol("aws_iam_role.a[?]", ("arn",)), Symbol('aws_iam_role.a["y"]', ("arn",)), None),
        (Symbol("data.aws_iam_role.a", ("arn",)), Symbol("data.aws_iam_role.b", ("arn",)), None),
        (Symbol("aws_iam_role.a", ("name",)), Symbol("aws_iam_role.b", ("name",)), None),
        (Symbol("data.aws_subnets.a", ("ids", 0)), Symbol("data.aws_subnets.a", ("ids", 1)), None),
    ],
)
def test_equality_tells_what_is_certain_both_ways_round(left: Plain, right: Plain, expected: bool | None) -> None:
    assert equal(value(left), value(right)) is expected
    assert equal(value(right), value(left)) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([1, "a"], ["1", "a"]),
        ([1, 2], [1, 2]),
        ([1, None, "a"], ["1", None, "a"]),
        ([True, "a"], ["true", "a"]),
        ([[1], ["a"]], [["1"], ["a"]]),
        ([[1], ["a", "b"]], [items("1", kind="list"), items("a", "b", kind="list")]),
        ([[1], items("a", kind="list")], [items("1", kind="list"), items("a", kind="list")]),
        ([{"a": 1}, {"a": "x"}], [{"a": "1"}, {"a": "x"}]),
        ([{"a": 1}, {"b": "x"}], [pairs({"a": "1"}, kind="map"), pairs({"b": "x"}, kind="map")]),
        ([{"a": 1}, pairs({"a": "x"}, kind="map")], [pairs({"a": "1"}, kind="map"), pairs({"a": "x"}, kind="map")]),
        ([items(1, kind="set"), items("a", kind="list")], [items("1", kind="list"), items("a", kind="list")]),
        ([items(1, kind="set"), ["2"]], [items(1, kind="set"), items(2, kind="set")]),
        ([1, ARN], [1, ARN]),
        ([1, text("a", ARN)], ["1", text("a", ARN)]),
        ([1, True, WHY], [1, True, WHY]),
        ([{"a": 1}, pairs({"b": 2}, doubt=WHY)], [{"a": 1}, pairs({"b": 2}, doubt=WHY)]),
        ([[1], items("a", doubt=WHY)], [[1], items("a", doubt=WHY)]),
    ],
)
def test_values_are_brought_to_a_common_type(given: list[Plain], expected: list[Plain]) -> None:
    assert list(unify([value(each) for each in given])) == [value(each) for each in expected]


@pytest.mark.parametrize("given", [[1, True], [1, [1]], [[1], {"a": 1}], ["a", {"a": 1}], [{"a": 1}, {"b": [1]}]])
def test_values_without_a_common_type_are_refused(given: list[Plain]) -> None:
    with pytest.raises(EvaluationError):
        unify([value(each) for each in given])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["b", "a", "b"], items("a", "b", kind="set")),
        ([10, 9, -1], items(-1, 9, 10, kind="set")),
        ([True, False], items(False, True, kind="set")),
        (["b", None, "a"], items("a", "b", None, kind="set")),
        (["é", "z", "Z"], items("Z", "z", "é", kind="set")),
        ([ARN, "b", ARN], items("b", ARN, kind="set", certain=0)),
        ([WHY, WHY], items(WHY, WHY, kind="set", certain=0)),
    ],
)
def test_a_set_is_distinct_and_in_terraforms_order(given: list[Plain], expected: Value) -> None:
    assert as_set([value(each) for each in given]) == expected.data


def test_a_set_may_have_further_elements() -> None:
    assert as_set([Value("a")], Unknown("why")) == items("a", kind="set", doubt=Unknown("why"), certain=0).data
