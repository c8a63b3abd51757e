"""What functions say where not all is known: all that is certain, and nothing that isn't."""

from __future__ import annotations

import pytest

from tests.terraform.evaluation.calling import ARN, ARN_WHY, OTHER, WHY, Plain, data_of, items, pairs, text, value
from tflint_tap.terraform.evaluation.conversion import EvaluationError
from tflint_tap.terraform.evaluation.values import Data, ErrorValue, Symbol, Unknown, Value

URLS = Symbol("aws_x.y", ("urls",))
OPEN_LIST = items("a", doubt=WHY)

CASES: dict[str, list[tuple[tuple[Plain, ...], Plain]]] = {
    "merge": [
        (({"a": 1}, WHY), pairs({"a": WHY}, doubt=WHY)),
        ((WHY, {"a": 1}), pairs({"a": 1}, doubt=WHY)),
        (({"a": 1, "b": 2}, WHY, {"b": 3}), pairs({"a": WHY, "b": 3}, doubt=WHY)),
        (({"a": 1}, pairs({"b": 2}, doubt=WHY)), pairs({"a": WHY, "b": 2}, doubt=WHY)),
        (({"a": ARN}, None), {"a": ARN}),
    ],
    "lookup": [
        (({"a": 1}, WHY), WHY),
        (({"a": ARN}, "a"), ARN),
        ((pairs({"a": 1}, doubt=WHY), "a", 2), 1),
        ((pairs({"a": 1}, doubt=WHY), "b", 2), WHY),
        ((WHY, "a", 2), WHY),
        (({"a": WHY}, "a", 2), WHY),
    ],
    "keys": [
        ((pairs({"b": 1, "a": 2}, doubt=WHY),), items("a", "b", doubt=WHY, certain=0)),
        (({"b": WHY, "a": ARN},), ["a", "b"]),
        ((WHY,), WHY),
    ],
    "values": [
        (({"b": WHY, "a": ARN},), [ARN, WHY]),
        ((pairs({"b": 1}, doubt=WHY),), items(1, doubt=WHY, certain=0)),
    ],
    "zipmap": [
        ((["a", ARN, "b"], [1, 2, 3]), pairs({"a": ARN_WHY, "b": 3}, doubt=ARN_WHY)),
        ((["a", "b"], [ARN, WHY]), {"a": ARN, "b": WHY}),
        ((["a", "b"], WHY), pairs({"a": WHY, "b": WHY}, kind="map")),
        ((WHY, [1]), WHY),
    ],
    "transpose": [
        (
            ({"a": ["x", WHY], "b": ["x"]},),
            pairs({"x": items("a", "b", kind="list", doubt=WHY, certain=0)}, kind="map", doubt=WHY),
        ),
    ],
    "concat": [
        ((["a"], WHY), items("a", doubt=WHY, certain=1)),
        ((["a"], WHY, ["b"]), items("a", "b", doubt=WHY, certain=1)),
        ((OPEN_LIST, ["b"]), items("a", "b", doubt=WHY, certain=1)),
        (([ARN], [WHY]), [ARN, WHY]),
    ],
    "flatten": [
        (([["a"], WHY, "b"],), items("a", "b", doubt=WHY, certain=1)),
        (([["a", ARN], [OTHER]],), ["a", ARN, OTHER]),
        (([[URLS], "b"],), items("b", doubt=Unknown("aws_x.y.urls is known after apply"), certain=0)),
        (([OPEN_LIST, "b"],), items("a", "b", doubt=WHY, certain=1)),
        (([[text("x", WHY)]],), [text("x", WHY)]),
    ],
    "distinct": [
        ((["a", ARN, "a"],), items("a", ARN, kind="list", doubt=ARN_WHY, certain=1)),
        (([ARN, ARN],), items(ARN, kind="list")),
        ((items("a", "a", "b", doubt=WHY, certain=3),), items("a", "b", kind="list", doubt=WHY, certain=2)),
        ((["a", text("b", WHY)],), items("a", text("b", WHY), kind="list")),
        (([text("b", WHY), "a", "a"],), items(text("b", WHY), "a", kind="list")),
    ],
    "compact": [
        ((["a", "", WHY, "b"],), items("a", "b", kind="list", doubt=WHY, certain=1)),
        (([text("x", ARN), ""],), items(text("x", ARN), kind="list")),
        (([ARN, "a"],), items(ARN, "a", kind="list", doubt=ARN_WHY, certain=0)),
    ],
    "contains": [
        ((["a", WHY], "a"), True),
        ((["a", WHY], "b"), WHY),
        ((OPEN_LIST, "a"), True),
        ((OPEN_LIST, "b"), WHY),
        ((["a", ARN], ARN), True),
        ((["a", text("b", ARN)], "c"), False),
        ((["a"], WHY), WHY),
        (([], WHY), False),
    ],
    "index": [
        (([WHY, "a"], "a"), WHY),
        ((["a", WHY], "a"), 0),
        ((OPEN_LIST, "a"), 0),
        ((OPEN_LIST, "b"), WHY),
    ],
    "element": [
        (([ARN, WHY], 0), ARN),
        ((OPEN_LIST, 0), "a"),
        ((OPEN_LIST, 1), WHY),
        ((items("a", "b", doubt=WHY, certain=1), 1), WHY),
        ((["a"], WHY), WHY),
    ],
    "slice": [
        ((OPEN_LIST, 0, 1), ["a"]),
        ((OPEN_LIST, 0, 2), WHY),
        ((URLS, 1, 3), items(*(Symbol("aws_x.y", ("urls", n)) for n in (1, 2)), kind="list")),
        ((URLS, 0, 0), items(kind="list")),
        ((URLS, 0, WHY), WHY),
        ((URLS, 0, 5000), Unknown(URLS.reason)),
        ((WHY, 0, 1), WHY),
    ],
    "length": [
        (([ARN, WHY],), 2),
        ((OPEN_LIST,), WHY),
        (({"a": WHY},), 1),
        ((pairs({}, doubt=WHY),), WHY),
        ((items("a", ARN, kind="set", certain=0),), ARN_WHY),
        ((items(ARN, kind="set", certain=0),), 1),
        ((text("a", ARN),), ARN_WHY),
    ],
    "sort": [((["b", ARN, "a"],), items("a", "b", ARN, kind="list", certain=0))],
    "reverse": [
        ((["a", WHY],), [WHY, "a"]),
        ((OPEN_LIST,), items("a", doubt=WHY, certain=0)),
    ],
    "chunklist": [((["a", WHY, "b"], 2), items(items("a", WHY, kind="list"), items("b", kind="list"), kind="list"))],
    "coalesce": [
        ((text("a", WHY), "b"), text("a", WHY)),
        ((WHY, "b"), WHY),
        ((ARN, "b"), ARN_WHY),
        (("a", WHY), "a"),
        ((None, "", WHY), WHY),
        ((WHY, "a", []), WHY),
    ],
    "coalescelist": [
        (([], OPEN_LIST), OPEN_LIST),
        ((WHY, ["a"]), WHY),
        ((["a"], WHY), ["a"]),
        ((items(doubt=WHY), ["a"]), WHY),
    ],
    "one": [
        (([ARN],), ARN),
        ((items(doubt=WHY),), WHY),
        ((OPEN_LIST,), WHY),
        ((items(ARN, OTHER, kind="set", certain=0),), ARN_WHY),
    ],
    "alltrue": [(([True, WHY],), WHY), (([WHY, False],), False), ((items(False, doubt=WHY),), False)],
    "anytrue": [(([False, WHY],), WHY), (([WHY, True],), True), ((items(True, doubt=WHY),), True)],
    "matchkeys": [
        ((["x", "y"], ["a", ARN], ["a"]), items("x", kind="list", doubt=ARN_WHY, certain=1)),
        (([ARN, "y"], ["a", "b"], ["a"]), items(ARN, kind="list")),
    ],
    "tolist": [
        ((items("a", ARN, kind="set", certain=0),), items("a", ARN, kind="list", doubt=ARN_WHY, certain=0)),
        (([1, ARN],), items(1, ARN, kind="list")),
        (([1, "a", WHY],), items("1", "a", WHY, kind="list")),
        ((ARN,), ARN),
    ],
    "toset": [
        ((["b", ARN, "a", ARN, "b"],), items("a", "b", ARN, kind="set", certain=0)),
        ((OPEN_LIST,), items("a", kind="set", doubt=WHY, certain=0)),
    ],
    "tomap": [((pairs({"a": 1, "b": "x"}, doubt=WHY),), pairs({"a": "1", "b": "x"}, kind="map", doubt=WHY))],
    "tostring": [((ARN,), ARN), ((text("a", ARN),), text("a", ARN))],
    "tonumber": [((text("1", ARN),), ARN_WHY), ((ARN,), ARN)],
    "setunion": [
        ((["a"], WHY), items("a", kind="set", doubt=WHY, certain=0)),
        ((["b"], ["a", ARN]), items("a", "b", ARN, kind="set", certain=0)),
    ],
    "setintersection": [
        ((["a", "b"], ["a", ARN]), items("a", kind="set", doubt=ARN_WHY, certain=0)),
        (([ARN], [ARN, "b"]), items(ARN, kind="set", certain=0)),
        ((["a"], WHY), items(kind="set", doubt=WHY, certain=0)),
        ((["a"], ["b"], WHY), items(kind="set", doubt=WHY, certain=0)),
    ],
    "setsubtract": [
        ((["a", "b"], ["a", ARN]), items(kind="set", doubt=ARN_WHY, certain=0)),
        (([ARN, "b"], [ARN]), items(kind="set", doubt=ARN_WHY, certain=0)),
        ((["a"], WHY), items(kind="set", doubt=WHY, certain=0)),
        ((WHY, ["a"]), WHY),
    ],
    "setproduct": [
        (([ARN], ["a"]), items([ARN, "a"], kind="list")),
        ((OPEN_LIST, ["b"]), items(["a", "b"], kind="list", doubt=WHY, certain=0)),
    ],
    "sum": [(([1, WHY],), WHY), ((items(1, doubt=WHY),), WHY)],
    "max": [((1, WHY), WHY)],
    "join": [
        ((",", ["a", ARN, "b"]), text("a,", ARN, ",b")),
        ((",", items("a", "b", doubt=WHY, certain=1)), text("a", WHY)),
        ((",", [ARN]), ARN),
        ((WHY, ["a"]), "a"),
        ((WHY, ["a", "b"]), text("a", WHY, "b")),
        ((",", items("a", ARN, kind="set", certain=0)), ARN_WHY),
    ],
    "split": [
        (("/", text("a/b/", ARN, "/c")), items("a", "b", kind="list", doubt=ARN_WHY, certain=2)),
        (("/", ARN), ARN_WHY),
    ],
    "format": [
        (("%s-%d", ARN, 1), text(ARN, "-1")),
        (("%s/%s", "a", WHY), text("a/", WHY)),
        (("%q", ARN), text('"', ARN, '"')),
        (("%5s", ARN), ARN_WHY),
        (("%d", ARN), ARN_WHY),
        (("%v", [ARN, "a"]), text('["', ARN, '","a"]')),
        (("%v", OPEN_LIST), WHY),
    ],
    "formatlist": [
        (("%s/*", [ARN, "a"]), items(text(ARN, "/*"), "a/*", kind="list")),
        (("%s", OPEN_LIST), items("a", kind="list", doubt=WHY)),
        (("%s", WHY), WHY),
    ],
    "upper": [((text("a", ARN, "b"),), text("A", ARN_WHY, "B")), ((ARN,), ARN_WHY)],
    "replace": [
        ((text("a-b", ARN, "-c"), "-", "_"), text("a_b", ARN_WHY, "_c")),
        ((text("ab-ab", ARN), "abc", "x"), text("ab-", ARN_WHY)),
        ((ARN, "a", "b"), ARN_WHY),
        ((text("a", ARN), "/a/", "b"), ARN_WHY),
    ],
    "startswith": [
        ((text("arn:", WHY), "arn"), True),
        ((text("arn:", WHY), "aws"), False),
        ((text("arn:", WHY), "arn:aws"), WHY),
        ((text(ARN, "/x"), ARN), True),
        (("abc", WHY), WHY),
        (("abc", text("b", WHY)), False),
        (("", text("b", WHY)), False),
        ((ARN, ""), True),
    ],
    "endswith": [((text(WHY, "/*"), "*"), True), ((text(WHY, "/*"), "x"), False), ((text(WHY, "*"), "/*"), WHY)],
    "strcontains": [
        ((text("a:b", WHY), ":"), True),
        ((text("a", WHY), "b"), WHY),
        ((text("a", ARN), ARN), True),
    ],
    "trim": [((text(ARN, "ab", OTHER), "a"), text(ARN_WHY, "b", Unknown("aws_sns_topic.t.arn is known after apply")))],
    "trimspace": [((text(" a ", ARN, " b "),), text("a ", ARN, " b")), ((text(" ", ARN),), ARN_WHY)],
    "trimprefix": [
        ((text("ab", ARN), "a"), text("b", ARN)),
        ((text("ab", ARN), "x"), text("ab", ARN)),
        ((text("a", ARN), "ab"), ARN_WHY),
        ((ARN, ""), ARN),
    ],
    "trimsuffix": [((text(ARN, "/x"), "/x"), ARN), ((ARN, "/x"), ARN_WHY)],
    "chomp": [((text(ARN, "\n"),), ARN_WHY), ((text(ARN, "a\n"),), text(ARN, "a"))],
    "substr": [
        ((text("abcd", ARN), 0, 2), "ab"),
        ((text("ab", ARN), 0, 2), ARN_WHY),
        ((text("a", ARN), 0, -1), text("a", ARN)),
    ],
    "basename": [((text(WHY, "/a/b.zip"),), "b.zip"), ((ARN,), ARN_WHY)],
    "jsonencode": [
        (({"a": [ARN, 1]},), text('{"a":["', ARN, '",1]}')),
        (({"a": text("x", ARN)},), text('{"a":"x', ARN, '"}')),
        (({"a": OPEN_LIST},), WHY),
        ((pairs({}, doubt=WHY),), WHY),
        ((["a", WHY],), text('["a",', WHY, "]")),
        ((WHY,), WHY),
    ],
    "jsondecode": [
        ((text('{"a":"', ARN, '/*","b":1}'),), {"a": text(ARN, "/*"), "b": 1}),
        ((text('{"', ARN, '":1}'),), pairs({}, doubt=ARN_WHY)),
        ((text('{"a":', WHY, "}"),), {"a": WHY}),
        ((text('[1,', WHY, ",2]"),), items(1, 2, doubt=WHY, certain=1)),
        ((ARN,), ARN_WHY),
    ],
    "yamlencode": [((["a", ARN],), ARN_WHY)],
    "issensitive": [((WHY,), WHY), ((Value(WHY, sensitive=True),), True), ((["a", WHY],), False)],
    "timestamp": [((), Unknown("timestamp() is known only when Terraform applies"))],
    "plantimestamp": [((), Unknown("plantimestamp() is known only at plan time"))],
    "uuid": [((), Unknown("the result of uuid() is different each time"))],
    "bcrypt": [(("a",), Unknown("the result of bcrypt() is different each time"))],
    "md5": [((ARN,), ARN_WHY)],
    "cidrsubnet": [((WHY, 8, 1), WHY)],
    "regex": [(("a", WHY), WHY)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [(name, arguments, expected) for name, cases in CASES.items() for arguments, expected in cases],
)
def test_a_call_says_what_is_certain(name: str, arguments: tuple[Plain, ...], expected: Plain) -> None:
    assert data_of(name, *arguments) == value(expected).data


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("concat", (["a"], text("a", ARN))),
        ("length", (1,)),
        ("keys", (["a", WHY],)),
        ("upper", ([WHY],)),
        ("one", (items("a", "b", doubt=WHY),)),
        ("merge", ({"a": WHY}, "x")),
        ("element", (items(WHY, kind="set"), 0)),
        ("format", ("%s", WHY, WHY)),
        ("zipmap", (["a"], [WHY, WHY])),
        ("join", (",", ["a", None, WHY])),
    ],
)
def test_what_is_wrong_whatever_is_unknown_is_refused(name: str, arguments: tuple[Plain, ...]) -> None:
    with pytest.raises(EvaluationError):
        data_of(name, *arguments)


def test_a_failure_within_an_argument_makes_the_call_fail_the_same_way() -> None:
    failure: Data = ErrorValue("division by zero")
    assert data_of("upper", failure) == failure
