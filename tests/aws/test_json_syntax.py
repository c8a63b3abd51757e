"""Files in JSON syntax: they are the same trees as in the native one, with their places in the JSON text."""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.cards import RULES
from tests.hcl.oracle import TERRAFORM
from tests.json_writing import CannotWrite, as_json
from tests.stacks import ROOT, lint_text, stack_of
from tflint_tap.aws.syntax import parse
from tflint_tap.hcl.nodes import Block, File, Literal, Template
from tflint_tap.lint import Report
from tflint_tap.rule import Severity
from tflint_tap.rulebook.examples import DAY
from tflint_tap.text.source import Source

FORMS = Path(__file__).with_name("json_forms.txt")
REFUSING = [rule for rule in RULES if rule.family in ("schema", "references", "syntax", "variables")]
# What a text's form alone decides: JSON has no canonical form, and no comments of this kind.
COMPARED = [rule for rule in RULES if rule.id != "format/not-canonical" and rule.family not in ("sla", "suppressions")]

STACK = """{
  "//": "what the team runs",
  "variable": {"prefix": {"type": "map(string)", "default": {"a": "${b}"}}},
  "resource": {
    "aws_sqs_queue": {
      "jobs": {
        "//": "takes jobs",
        "name": "${var.prefix[\\"a\\"]}-jobs",
        "depends_on": ["aws_sqs_queue.dlq"],
        "tags": {"//": "a tag", "Team": "${local.team}"},
        "lifecycle": {"ignore_changes": ["tags[\\"Team\\"]"]},
        "timeouts": null
      },
      "dlq": [{"visibility_timeout_seconds": -1.5}]
    },
    "aws_dynamodb_table": {"t": {"attribute": [{"name": "a"}, {"name": "b"}],
      "dynamic": {"replica": {"for_each": ["x"], "iterator": "it", "content": {"region_name": "${it.value}"}}}}}
  }
}
"""


def json_file(text: str) -> File:
    return parse(Source("main.tf.json", text))


def blocks(file: File) -> dict[str, Block]:
    return {".".join(label.value for label in block.labels): block for block in file.body.blocks}


def test_objects_are_blocks_or_values_as_the_schema_says() -> None:
    found = blocks(json_file(STACK))
    assert list(found) == ["prefix", "aws_sqs_queue.jobs", "aws_sqs_queue.dlq", "aws_dynamodb_table.t"]
    jobs, table = found["aws_sqs_queue.jobs"].body, found["aws_dynamodb_table.t"].body
    assert [attribute.name for attribute in jobs.attributes] == ["name", "depends_on", "tags"]
    assert [block.type for block in jobs.blocks] == ["lifecycle"]
    assert [block.type for block in table.blocks] == ["attribute", "attribute", "dynamic"]
    (dynamic,) = table.blocks_of("dynamic")
    assert [label.value for label in dynamic.labels] == ["replica"]
    assert [attribute.name for attribute in dynamic.body.blocks_of("content")[0].body.attributes] == ["region_name"]


def test_every_part_of_the_tree_lies_in_the_json_text() -> None:
    found = blocks(json_file(STACK))
    jobs, dlq = found["aws_sqs_queue.jobs"], found["aws_sqs_queue.dlq"]
    assert jobs.header.text == '"jobs": {'
    assert [label.span.text for label in jobs.labels] == ['"aws_sqs_queue"', '"jobs"']
    assert jobs.span.text.startswith('"jobs": {')
    assert jobs.span.text.endswith('"timeouts": null\n      }')
    assert (dlq.header.text, dlq.span.text) == ("{", '{"visibility_timeout_seconds": -1.5}')
    name, depends, tags = jobs.body.attributes
    assert (name.name_span.text, name.span.text) == ('"name"', r'"name": "${var.prefix[\"a\"]}-jobs"')
    assert isinstance(name.expr, Template)
    assert [part.span.text for part in name.expr.parts] == [r"${var.prefix[\"a\"]}", "-jobs"]
    assert (name.expr.parts[0].span.code, name.expr.span.text) == (
        '${var.prefix["a"]}', r'"${var.prefix[\"a\"]}-jobs"'
    )  # fmt: skip
    assert depends.expr.span.text == '["aws_sqs_queue.dlq"]'
    (timeout,) = dlq.body.attributes
    assert isinstance(timeout.expr, Literal)
    assert (float(timeout.expr.value or 0), timeout.expr.span.text) == (-1.5, "-1.5")
    assert tags.span.text == '"tags": {"//": "a tag", "Team": "${local.team}"}'
    (ignored,) = jobs.body.blocks[0].body.attributes
    assert ignored.expr.span.text == r'["tags[\"Team\"]"]'


def test_the_property_of_two_slashes_is_a_comment_of_a_body_alone() -> None:
    file = json_file(STACK)
    assert [comment.text for comment in file.comments] == ["what the team runs", "takes jobs"]
    assert [comment.span.text for comment in file.comments] == ["what the team runs", "takes jobs"]
    assert file.diagnostics == ()


def test_what_is_found_has_its_place_in_the_json_text() -> None:
    text = STACK.replace("-1.5", '"${var.none}"').replace('"name": "b"', '"nam": "b"')
    report = lint_text(text, *REFUSING, path="main.tf.json", today=DAY)
    said = {(finding.span.text, finding.message) for finding in report.findings if finding.severity is Severity.ERROR}
    assert said == {
        ("var.none", "var.none is not declared"),
        ("local.team", "local.team is not declared"),
        ('"nam"', "attribute in aws_dynamodb_table.t takes no argument nam"),
        ("{", "attribute in aws_dynamodb_table.t lacks the required argument type"),
        ("{", "attribute in aws_dynamodb_table.t lacks the required arguments name and type"),
        ('"t": {', "aws_dynamodb_table.t lacks the required argument name"),
    }


def test_overrides_may_be_in_either_syntax() -> None:
    files = {
        "main.tf": 'resource "aws_sqs_queue" "q" {\n  name = "a"\n}\n',
        "x_override.tf.json": '{"resource": {"aws_sqs_queue": {"q": {"name": "b", "delay_seconds": 1}}}}',
        "y_override.tofu": 'resource "aws_sqs_queue" "q" {\n  name = "c"\n}\n',
    }
    stack = stack_of(files)
    (queue,) = stack.resources()
    assert (queue.value("name").data, queue.value("delay_seconds").data) == ("c", 1)


def said_of(report: Report) -> Counter[tuple[str, Severity, str, str | None, str | None]]:
    assert report.failures == ()
    listed = (*report.findings, *report.doubts)
    return Counter((one.rule, one.severity, one.message, one.address, one.doubt) for one in listed)


def differences(text: str) -> Counter[tuple[str, Severity, str, str | None, str | None]]:
    """The findings of a stack that only one of the two syntaxes gives. CannotWrite where JSON has no form for it."""
    text = text.replace("tap:ignore", "ignored")
    converted = as_json(parse(Source("main.tf", text)))
    native = said_of(lint_text(text, *COMPARED, today=DAY))
    other = said_of(lint_text(converted, *COMPARED, path="main.tf.json", today=DAY))
    return (native - other) + (other - native)


@pytest.mark.parametrize("stack", ["batch_pipeline", "static_site"])
def test_a_stack_gives_the_same_findings_in_both_syntaxes(stack: str) -> None:
    text = (ROOT / "tests" / "stacks" / stack / "main.tf").read_text()
    faulty = text.replace('= "', '= "x', 40)
    assert differences(faulty) == Counter()


# An attribute that may be written as blocks has to be written whole in JSON; a block there is no other thing than an
# argument. These families' examples have such.
OTHERWISE = ("network", "schema")
# A text of a known form counts in comments too, and the converter leaves these out.
IN_COMMENTS = ("secrets/plain-text",)


@pytest.mark.slow
@pytest.mark.parametrize("family", sorted({rule.family for rule in COMPARED} - set(OTHERWISE)))
def test_the_examples_of_cards_give_the_same_findings_in_both_syntaxes(family: str) -> None:
    for rule in (rule for rule in COMPARED if rule.family == family and rule.id not in IN_COMMENTS):
        for text in (*rule.bad[:2], *rule.good[:1]):
            if "ingress {" in text or "egress {" in text:
                continue
            try:
                found = differences(text)
            except CannotWrite:
                continue
            assert not found, (rule.id, text, found)


def forms() -> list[tuple[bool, str]]:
    lines = [line for line in FORMS.read_text().splitlines() if not line.startswith("#")]
    return [(line.startswith("ok "), line[3:]) for line in lines]


def test_what_terraform_refuses_is_an_error_and_what_it_takes_is_none() -> None:
    for is_sound, text in forms():
        report = lint_text(text, *REFUSING, path="main.tf.json", today=DAY)
        errors = [finding.message for finding in report.findings if finding.severity is Severity.ERROR]
        assert (not errors) is is_sound, (text, errors)
        assert report.failures == ()


@pytest.mark.slow
@pytest.mark.skipif(TERRAFORM is None, reason="terraform isn't on the PATH: it is the oracle here")
def test_terraform_says_what_the_forms_have(tmp_path: Path) -> None:
    assert TERRAFORM is not None
    for is_sound, text in forms():
        (tmp_path / "main.tf.json").write_text(text)
        run = subprocess.run([TERRAFORM, "validate", "-json"], cwd=tmp_path, capture_output=True, check=False)
        assert json.loads(run.stdout)["valid"] is is_sound, text


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        ('{"output": {"o": "x"}}', '"x"', "output o takes an object, and a string is none", "write { … }"),
        ('{"output": ["o"]}', '"o"', "output takes an object, and a string is none", "write { … }"),
        ('{"output": {}}', '"output"', "output lacks its name", 'write "output": { "…": { … } }, or leave it out'),
        ('{"resource": {"a_b": []}}', '"a_b"', "resource a_b lacks its name", 'write "a_b": { "…": { … } }'),
        ('{"locals": {"a": "${1 +}"}}', "}", "missing expression before }", "add"),
        ('{"locals": {"a": "\\u00e9 ${1 +}"}}', "}", "missing expression before }", "add"),
        ('{"moved": {"from": "${a.b}", "to": "a.c"}}', '"${a.b}"', "a reference is not a template here",
         'write it without ${ }: "a.b"'),
        ('{"locals": {"a": {"x": 1, "x": 2}}}', '"x"', 'the property "x" is already set in line 1', "leave one"),
        ("[1]", "1", "the file takes an object, and this is none", "write { … }"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_its_place(text: str, place: str, message: str, remedy: str) -> None:
    (diagnostic,) = json_file(text).diagnostics
    assert (diagnostic.span.text, diagnostic.message) == (place, message)
    assert remedy in diagnostic.remedy


SPLICED = ["{", "}", "[", "]", ":", ",", '"', "\\", "${", "}", "%{if x}", "null", "1e9", "//", "\n", "\u2028", "$", "~"]


@pytest.mark.slow
def test_damaged_text_is_read_or_refused_at_a_place_in_it() -> None:
    chance = random.Random(12)
    for number in range(600):
        text = STACK
        for _ in range(chance.randint(1, 4)):
            place, end = chance.randrange(len(text)), chance.randrange(len(text))
            added = chance.choice((chance.choice(SPLICED), text[end : end + 30], ""))
            text = text[:place] + added + text[place + chance.randint(0, 6) :]
        file = json_file(text)
        for diagnostic in file.diagnostics:
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        if number % 20 == 0:
            assert lint_text(text, *RULES, path="main.tf.json", today=DAY).failures == ()
