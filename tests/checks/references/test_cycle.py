"""Loops of what waits for what."""

from __future__ import annotations

import pytest

from tests.cards import in_contract, judged, rule_named
from tests.stacks import lint_text
from tflint_tap.lint import Report
from tflint_tap.merging import MOST_RELATED

from .waiting import module_call

CYCLE = rule_named("references/cycle")


def local(name: str, value: str) -> str:
    return f"locals {{\n  {name} = {value}\n}}\n"


def messages(report: Report) -> list[tuple[int, str]]:
    assert report.failures == ()
    return [(finding.span.line, finding.message) for finding in report.findings]


def test_the_other_steps_are_related() -> None:
    text = local("a", "local.b") + local("b", "local.c") + local("c", "local.a")
    (finding,) = judged(CYCLE, text).findings
    assert finding.span.text == "local.a"
    assert finding.address == "local.a"
    assert finding.message == "local.a → local.b → local.c → local.a is a cycle: each needs the next first"
    assert [(related.message, related.span.line) for related in finding.related] == [
        ("local.a refers to local.b here", 2),
        ("local.b refers to local.c here", 5),
    ]


def test_loops_that_share_a_declaration_are_one_knot_with_its_shortest_way() -> None:
    text = local("a", "local.b") + local("b", "[local.c, local.a]") + local("c", "local.b")
    (finding,) = judged(CYCLE, text).findings
    assert finding.message.startswith("local.a → local.b → local.a is")
    assert [(related.message, related.span.line) for related in finding.related] == [
        ("local.a refers to local.b here", 2),
        ("local.c refers to local.b here, and is caught with them", 8),
    ]


def test_a_declaration_that_names_itself_is_reported_once_beside_its_loop() -> None:
    text = local("a", "[local.a, local.b, local.a]") + local("b", "local.a")
    report = judged(CYCLE, text)
    assert messages(report) == [
        (2, "local.a refers to itself"),
        (5, "local.a → local.b → local.a is a cycle: each needs the next first"),
    ]
    assert [(related.message, related.span.column) for related in report.findings[0].related] == [
        ("local.a refers to itself here too", 26)
    ]


@pytest.mark.slow
def test_a_long_way_is_shortened_and_needs_no_recursion() -> None:
    count = 20_000
    text = "locals {\n" + "".join(f"  a{n} = local.a{(n + 1) % count}\n" for n in range(count)) + "}\n"
    (finding,) = judged(CYCLE, text).findings
    assert finding.span.line == count + 1
    assert finding.message == (
        "local.a0 → local.a1 → local.a2 → local.a3 → … → local.a19998 → local.a19999 → local.a0"
        " is a cycle: each needs the next first"
    )


@pytest.mark.slow
def test_a_ladder_without_loop_is_none_however_deep() -> None:
    lines = (f"  a{n} = [local.a{n + 1}, local.a{n + 2}]\n" for n in range(5000))
    assert judged(CYCLE, "locals {\n" + "".join(lines) + "  a5000 = 1\n  a5001 = 1\n}\n").findings == ()


def test_a_loop_over_two_files_is_reported_in_the_one_that_is_shown() -> None:
    files = {"a.tf": local("a", "local.b"), "b.tf": local("b", "local.a")}
    places = []
    for shown in (["a.tf", "b.tf"], ["a.tf"], ["b.tf"]):
        (finding,) = lint_text(files, CYCLE, shown=shown).findings
        places.append((finding.span.source.path, [related.span.source.path for related in finding.related]))
    assert places == [("b.tf", ["a.tf"]), ("a.tf", ["b.tf"]), ("b.tf", ["a.tf"])]


def test_a_loop_breaks_the_contract() -> None:
    (finding,) = in_contract(local("a", "local.a"), CYCLE).findings
    assert finding.requirement == "format.consistent"


def test_sound_blocks_of_a_broken_file_are_judged() -> None:
    assert messages(judged(CYCLE, local("a", "local.a") + "locals {\n  x = = 1\n}\n")) == [
        (2, "local.a refers to itself")
    ]


def test_an_action_that_a_resource_triggers_may_refer_to_it() -> None:
    text = (
        'action "aws_lambda_invoke" "a" {\n  config {\n    payload = aws_sqs_queue.q.url\n  }\n}\n'
        'resource "aws_sqs_queue" "q" {\n  lifecycle {\n    action_trigger {\n      events  = [after_create]\n'
        "      actions = [action.aws_lambda_invoke.a]\n    }\n  }\n}\n"
    )
    assert judged(CYCLE, text).findings == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (module_call("a", "x = module.b.y") + module_call("b", "x = module.a.y"), "module.a"),
        (module_call("a", "x = module.a.y"), "module.a"),
        (module_call("a", "x = aws_sqs_queue.q.id") + 'resource "aws_sqs_queue" "q" {\n  name = module.a.y\n}\n', ""),
        (module_call("a", "count = 1", "x = module.a[0].y"), "module.a"),
    ],
)
def test_whether_a_modules_outputs_depend_on_its_arguments_is_in_doubt(text: str, name: str) -> None:
    report = judged(CYCLE, text)
    assert report.findings == ()
    assert [doubt.doubt for doubt in report.doubts] == [
        "it is not known if the outputs of module.a depend on its inputs"
    ]


@pytest.mark.parametrize(
    "text",
    [
        module_call("a", "x = module.a"),
        module_call("a", "count = 1", "x = module.a[0]"),
        module_call("a", "x = module.b.y") + module_call("b", "x = module.a.y", "depends_on = [module.a]"),
        module_call("a", "x = module.b.y", "count = module.b.y") + module_call("b", "count = module.a[0].y"),
    ],
)
def test_what_leads_round_whatever_a_module_holds_is_certain_and_leaves_no_doubt(text: str) -> None:
    report = judged(CYCLE, text)
    assert len(report.findings) == 1
    assert report.doubts == ()


def test_a_path_through_a_module_names_it_once() -> None:
    text = module_call("a", "depends_on = [module.b]") + module_call("b", "x = module.a.y")
    assert messages(judged(CYCLE, text)) == [
        (7, "module.a → module.b → module.a is a cycle: each needs the next first")
    ]


def test_of_a_long_loop_the_first_references_are_shown() -> None:
    text = "".join(local(f"l{number}", f"local.l{(number + 1) % 2000}") for number in range(2000))
    (finding,) = judged(CYCLE, text).findings
    assert [related.message for related in finding.related[:1]] == ["local.l0 refers to local.l1 here"]
    assert len(finding.related) == MOST_RELATED
    assert finding.related[-1].message.endswith("(and 1994 more places)")
