"""Spans, marks of sensitivity, and bounds of what functions give."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terraform.evaluation.calling import ARN, HERE, SOURCE, WHY, Plain, bare, call, data_of, items, text, value
from tests.work import work
from tflint_tap.records import replace
from tflint_tap.terraform.evaluation.conversion import EvaluationError
from tflint_tap.terraform.evaluation.values import Data, ListValue, MapValue, Piece, Unknown, Value, is_sensitive
from tflint_tap.terraform.functions import Environment
from tflint_tap.terraform.functions.jsons import jsondecode
from tflint_tap.text.source import Source, Span

THERE = Span(SOURCE, 2, 3)
YONDER = Span(SOURCE, 4, 5)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("concat", ([Value("a", THERE)],)),
        ("concat", ([Value("a", THERE)], WHY)),
        ("flatten", ([[Value("a", THERE)]],)),
        ("merge", ({}, {"a": Value("a", THERE)})),
        ("values", ({"k": Value("a", THERE)},)),
        ("tolist", ([Value(1, THERE), "x"],)),
        ("toset", ([Value(1, THERE), "x"],)),
        ("distinct", ([Value("a", THERE)],)),
        ("compact", ([Value("a", THERE)],)),
        ("sort", ([Value("a", THERE)],)),
        ("reverse", ([Value("a", THERE)],)),
        ("slice", ([Value("a", THERE)], 0, 1)),
        ("setunion", ([Value("a", THERE)],)),
        ("zipmap", (["k"], [Value("a", THERE)])),
        ("matchkeys", ([Value("a", THERE)], ["k"], ["k"])),
        ("coalescelist", ([Value("a", THERE)],)),
    ],
)
def test_elements_keep_their_spans_and_the_collection_has_the_calls(name: str, arguments: tuple[Plain, ...]) -> None:
    found = call(name, *arguments)
    assert (next(found.elements()).span, found.span) == (THERE, HERE)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("lookup", ({"k": Value("a", THERE)}, "k")),
        ("lookup", ({}, "k", Value("a", THERE))),
        ("element", ([Value("a", THERE)], 0)),
        ("coalesce", (None, Value("a", THERE))),
        ("one", ([Value("a", THERE)],)),
        ("tostring", (Value(1, THERE),)),
        ("sensitive", (Value("a", THERE),)),
    ],
)
def test_what_is_only_handed_on_keeps_its_span(name: str, arguments: tuple[Plain, ...]) -> None:
    assert call(name, *arguments).span == THERE


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("upper", (Value("a", THERE),)), ("split", (",", Value("a,b", THERE))), ("keys", ({"k": Value("a", THERE)},))],
)
def test_what_a_function_makes_has_the_span_of_the_call(name: str, arguments: tuple[Plain, ...]) -> None:
    found = call(name, *arguments)
    assert {found.span, *(element.span for element in found.elements())} == {HERE}


def test_jsonencode_keeps_its_argument_and_jsondecode_gives_it_back() -> None:
    argument = value({"b": Value(ListValue((Value("x", THERE),), "set"), YONDER), "a": Value(ARN, THERE)})
    encoded = call("jsonencode", argument)
    assert (encoded.data, encoded.span, encoded.decoded) == (text('{"a":"', ARN, '","b":["x"]}'), HERE, argument)
    decoded = call("jsondecode", encoded)
    assert bare(decoded) == value({"a": ARN, "b": ["x"]})
    assert isinstance(decoded.data, MapValue)
    assert [(key, item.span) for key, item in decoded.data.items.items()] == [("a", THERE), ("b", YONDER)]


def test_jsonencode_keeps_its_argument_where_its_text_is_not_certain() -> None:
    argument = items("a", doubt=WHY)
    encoded = call("jsonencode", argument)
    assert (encoded.data, encoded.decoded) == (WHY, argument)


def test_what_is_decoded_from_a_template_knows_its_place_in_the_text() -> None:
    source = Source("main.tf", '<<EOT\n{"a": "${q.arn}/x",\n "b": [1]}\nEOT')
    first, second, third = Span(source, 6, 13), Span(source, 13, 21), Span(source, 21, 36)
    template = Value(
        text('{"a": "', ARN, '/x",\n "b": [1]}'),
        Span(source, 0, len(source.text)),
        pieces=(Piece('{"a": "', first), Piece(ARN, second), Piece('/x",\n "b": [1]}', third)),
    )
    assert [piece.span.text for piece in template.pieces if isinstance(piece.data, str)] == [
        piece.data for piece in template.pieces if isinstance(piece.data, str)
    ]
    decoded = jsondecode(template)
    assert bare(decoded) == value({"a": text(ARN, "/x"), "b": [1]})
    assert isinstance(decoded.data, MapValue)
    spans = {key: item.span.text for key, item in decoded.data.items.items() if item.span is not None}
    assert spans == {"a": '"${q.arn}/x"', "b": "[1]"}


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("upper", ("a",)),
        ("jsonencode", ({"k": "a"},)),
        ("toset", (["a"],)),
        ("contains", (["a"], "b")),
        ("format", ("%s", "a")),
        ("join", (",", ["a"])),
        ("sort", (["a"],)),
        ("coalesce", ("a", "b")),
        ("keys", ({"k": "a"},)),
        ("length", (["a"],)),
    ],
)
def test_a_sensitive_argument_makes_a_sensitive_result(name: str, arguments: tuple[Plain, ...]) -> None:
    first = arguments[0] if name != "format" and name != "join" else arguments[1]
    marked = tuple(
        replace(value(argument), sensitive=True) if argument is first else value(argument) for argument in arguments
    )
    assert call(name, *marked).sensitive


def test_an_element_stays_sensitive_alone_where_terraform_keeps_marks_apart() -> None:
    found = call("concat", [Value("a", sensitive=True)], ["b"])
    assert (found.sensitive, [item.sensitive for item in found.elements()]) == (False, [True, False])


def test_a_mark_that_is_spread_over_the_whole_is_taken_off_the_elements() -> None:
    found = call("sort", [Value("b", sensitive=True), "a"])
    assert (found.sensitive, [item.sensitive for item in found.elements()]) == (True, [False, False])
    assert not is_sensitive(call("nonsensitive", found))


LAUGHS = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
LONG = "x" * 2_000_000
MOST_WORK = 20_000_000  # lines of Python: two or three seconds
BOUNDED: list[tuple[str, tuple[Plain, ...], str]] = [
    ("format", ("%999999999d", 1), "format would give more than 100000 characters for %999999999d"),
    ("format", ("%" + "9" * 5000 + "d", 1), "format would give more than 100000 characters for %" + "9" * 5000 + "d"),
    ("format", ("%.999999999f", 1), "format would give more than 100000 characters for %.999999999f"),
    ("pow", (10, 10**9), "the result of pow is beyond 64-bit floating point"),
    ("pow", (10, 10**300), "the result of pow is beyond 64-bit floating point"),
    ("tonumber", ("1e999999999",), "the number's exponent is beyond 4000"),
    ("tonumber", ("9" * 100_000,), "the number has more than 4000 digits"),
    ("parseint", ("9" * 100_000, 10), "the number has more than 4000 digits"),
    ("setproduct", ([*range(1000)], [*range(1000)]), "setproduct would have more than 100000 elements"),
    ("setproduct", ([*range(10)],) * 100, "setproduct would have more than 100000 elements"),
    ("join", ("x" * 1000, [*("a" for _ in range(100_000))]), "join would give more than 1000000 characters"),
    ("split", ("", LONG), "split would give more than 100000 pieces"),
    ("indent", (1_000_000, "\n\n"), "indent would give more than 1000000 characters"),
    ("replace", ("a" * 100_000, "a", "b" * 100), "replace would give more than 1000000 characters"),
    ("replace", ("a" * 20_000, "/a/", "b" * 100), "replace would give more than 1000000 characters"),
    ("regex", ("(a+)+$", "a" * 300_000 + "ba"), "the pattern takes too many steps on this text"),
    ("regex", ("(x?){900}(y?){900}z", "x" * 100_000 + "wz"), "the pattern takes too many steps on this text"),
    ("regex", ("((((a{10}){10})b){10})" * 30, "a"), "the pattern needs more than 20000 steps"),
    ("regexall", ("(.*)(.*)(.*)(.*)(.*)x", "a" * 20_000 + "\nx"), "the pattern takes too many steps on this text"),
    ("jsondecode", ("[" * 100_000,), "the JSON is nested more than 200 deep"),
    ("jsondecode", ("[" + "1," * 110_000 + "1]",), "the JSON has more than 100000 values"),
    ("yamldecode", ("[" * 10_000,), "the YAML is nested more than 100 deep"),
    ("yamldecode", (LAUGHS,), "the YAML has more than 20000 nodes, aliases written out"),
    ("yamldecode", ("- " * 10_000,), "the YAML is nested more than 100 deep"),
    ("yamldecode", ("{a: " * 20_000,), "the YAML is nested more than 100 deep"),
    ("yamldecode", ("a" * 200_000,), "the YAML has more than 100000 characters"),
    ("csvdecode", ("a\n" + "1\n" * 300_000,), "the CSV has more than 100000 fields"),
    ("distinct", ([Unknown("why") for _ in range(5000)],), "distinct takes more than 1000000 comparisons"),
]  # fmt: skip


IDS = [f"{case[0]}-{index}" for index, case in enumerate(BOUNDED)]


@pytest.mark.parametrize(("name", "arguments", "reason"), BOUNDED, ids=IDS)
@pytest.mark.slow
def test_what_would_cost_too_much_is_unknown_without_much_work(
    name: str, arguments: tuple[Plain, ...], reason: str
) -> None:
    given = tuple(map(value, arguments))
    found: list[Value] = []
    work(lambda: found.append(call(name, *given)), MOST_WORK)
    assert found[0].data == Unknown(reason)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("(a+)+$", "a" * 300_000 + "b"), ("(.*)(.*)(.*)(.*)(.*)x", "a" * 20_000)],
)
@pytest.mark.slow
def test_a_pattern_that_matches_nowhere_is_told_without_trying_each_way(pattern: str, text: str) -> None:
    found: list[Value] = []
    work(lambda: found.append(call("regexall", pattern, text)), MOST_WORK)
    assert found[0].data == ListValue((), "list")


def test_values_that_hold_each_other_twice_are_not_gone_through() -> None:
    found = value(["a", "b"])
    for _ in range(60):
        found = value([found, found])
    assert data_of("jsonencode", found) == Unknown("the value has more than 200000 elements")


def test_range_refuses_what_terraform_refuses() -> None:
    with pytest.raises(EvaluationError):
        call("range", 10**12)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "module"
    (made / "sub").mkdir(parents=True)
    (made / "a.txt").write_text("inside")
    (tmp_path / "secret.txt").write_text("outside")
    (made / "link.txt").symlink_to(tmp_path / "secret.txt")
    (made / "linked").symlink_to(tmp_path)
    (made / "loop").symlink_to(made / "loop")
    with (made / "large.bin").open("wb") as file:
        file.truncate(6_000_000)
    return made


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("file", "a.txt", "inside"),
        ("file", "./sub/../a.txt", "inside"),
        ("file", "../secret.txt", Unknown('"../secret.txt" is outside the module\'s folder')),
        ("file", "link.txt", Unknown('"link.txt" is outside the module\'s folder')),
        ("file", "linked/secret.txt", Unknown('"linked/secret.txt" is outside the module\'s folder')),
        ("file", "/etc/passwd", Unknown('"/etc/passwd" is outside the module\'s folder')),
        ("file", "~/.bashrc", Unknown('"~/.bashrc" is outside the module\'s folder')),
        ("file", "large.bin", Unknown('"large.bin" is larger than 5000000 bytes')),
        ("fileexists", "../secret.txt", Unknown('"../secret.txt" is outside the module\'s folder')),
        ("fileexists", "nope.txt", False),
        ("filesha256", "link.txt", Unknown('"link.txt" is outside the module\'s folder')),
    ],
)
def test_only_files_of_the_modules_folder_are_read(folder: Path, name: str, path: str, expected: Data) -> None:
    assert data_of(name, path, environment=Environment(folder)) == expected


def test_fileset_follows_no_link_out_of_the_folder(folder: Path) -> None:
    found = data_of("fileset", ".", "**", environment=Environment(folder))
    assert found == items("a.txt", "large.bin", "link.txt", kind="set").data


def test_without_a_folder_no_file_is_read() -> None:
    assert data_of("file", "a.txt") == Unknown("\"a.txt\" can't be read: the module's folder isn't known")


def test_the_time_of_the_plan_can_be_given() -> None:
    assert data_of("plantimestamp", environment=Environment(time="2026-01-01T00:00:00Z")) == "2026-01-01T00:00:00Z"
