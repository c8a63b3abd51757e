"""Cards become rules; a card's own mistakes are reported with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_tap.rule import Severity
from tflint_tap.rulebook.loader import CardError, load_rules

CARD = """\
title: Queue has no name
severity: note
match: resource.aws_sqs_queue
require: self.name != null
message: ${self} has no name
remedy: a name
why: |
  A queue without a name gets one from the provider.
bad: |
  resource "aws_sqs_queue" "q" {}
good: |
  resource "aws_sqs_queue" "q" {
    name = "q"
  }
"""
BOTH = "match: resource.aws_sqs_queue\nrequire: self.name != null"


def card(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "naming" / "nameless.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_card_becomes_a_rule_with_its_path_as_id(tmp_path: Path) -> None:
    card(tmp_path, CARD)
    (rule,) = load_rules(tmp_path)
    assert (rule.id, rule.family, rule.severity, rule.title) == (
        "naming/nameless", "naming", Severity.NOTE, "Queue has no name"
    )  # fmt: skip
    assert rule.bad == ('resource "aws_sqs_queue" "q" {}\n',)


def test_a_later_folder_s_card_replaces_an_earlier_one_s(tmp_path: Path) -> None:
    for name, severity in (("one", "note"), ("two", "error")):
        (tmp_path / name).mkdir()
        card(tmp_path / name, CARD.replace("severity: note", f"severity: {severity}"))
    (rule,) = load_rules(tmp_path / "one", tmp_path / "two")
    assert rule.severity is Severity.ERROR


def test_a_rule_is_listed_under_the_worst_severity_that_it_may_have(tmp_path: Path) -> None:
    card(tmp_path, CARD.replace("severity: note", """severity: 'self.delay_seconds == 1 ? "error" : "note"'"""))
    assert load_rules(tmp_path)[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("remedy: a name", "remedies: a name", 6, "a card has no key remedies; did you mean remedy?"),
        ("remedy: a name\n", "", 1, "the card has no remedy"),
        ("severity: note", "severity: warnig", 2,
         "severity is one of note, warning, error, or a conditional that gives one of them; not warnig; "
         "did you mean warning?"),
        ("severity: note", "severity: self.name", 2,
         "severity is one of note, warning, error, or a conditional that gives one of them; not self.name"),
        ("severity: note", """severity: 'self.fifo_queue ? "eror" : "note"'""", 2,
         "severity is one of note, warning, error, or a conditional that gives one of them; not \"eror\"; "
         "did you mean error?"),
        ("severity: note", "severity: note\nseverity: error", 3, "the key severity stands here a second time"),
        ("match: resource.aws_sqs_queue", "match: resourc.aws_sqs_queue", 3,
         "match is resource.TYPE, data.TYPE, block.TYPE, edge.KIND, statement.KIND or one of variable, output, local, "
         "policy, statement, comment, stack, or a list of them; not resourc.aws_sqs_queue; "
         "did you mean resource.aws_sqs_queue?"),
        (BOTH, "conditions:\n  - {match: variable, require: true}\nwhere: self.nme", 5,
         "where stands beside conditions: write it into each condition that needs it"),
        ("require: self.name != null", "require: self.name", 4,
         "require is a condition, true or false, and this expression gives neither"),
        ("require: self.name != null", "require: 3", 4,
         "require is a condition, true or false, and this expression gives neither"),
        ("require: self.name != null", "require: true\neach: self.name", 5,
         "each is a list, and this expression gives none"),
        ("require: self.name != null", "require: a\nlet: {a: b, b: self.fifo_queue}", 5,
         "let names b only below a, which needs it"),
        ("message: ${self} has no name", "message: '%{ if self.nme == null }x%{ endif }'", 5,
         "aws_sqs_queue has no argument nme; did you mean name?"),
        ("message: ${self} has no name", "message: '%{ for x in self.tgs }${x}%{ endfor }'", 5,
         "aws_sqs_queue has no argument tgs; did you mean tags?"),
        ("title: Queue has no name", "title: [1]", 1, "title has to be text"),
        ("require: self.name != null", "require: self.name !=", 4, "require: unexpected end of the file"),
        ("require: self.name != null\n", "", 1, "a card has either a check, a require or conditions"),
        ("match: resource.aws_sqs_queue", "match: aws_sqs_queue", 3,
         "match is resource.TYPE, data.TYPE, block.TYPE, edge.KIND, statement.KIND or one of "
         "variable, output, local, policy, statement, comment, stack, or a list of them; not aws_sqs_queue"),
        ("match: resource.aws_sqs_queue", "match: varable", 3,
         "match is resource.TYPE, data.TYPE, block.TYPE, edge.KIND, statement.KIND or one of "
         "variable, output, local, policy, statement, comment, stack, or a list of them; "
         "not varable; did you mean variable?"),
        ("match: resource.aws_sqs_queue", "match: resource.aws_sqs_quue", 3,
         "there is no resource type aws_sqs_quue; did you mean aws_sqs_queue?"),
        ("match: resource.aws_sqs_queue", "match: data.aws_sqs_quue", 3,
         "there is no data source aws_sqs_quue; did you mean aws_sqs_queue?"),
        ("match: resource.aws_sqs_queue", "match: statement.idenity", 3,
         "there is no kind of statement idenity; did you mean identity?"),
        ("match: resource.aws_sqs_queue", "match: [resource.aws_sqs_queue, data.aws_sqs_queue]", 3,
         "match names things of one kind: resources, data sources, edges or statements"),
        ("remedy: a name", "remedy: a name\nsecurity_severity: 11", 7,
         "security_severity is a number above 0, up to 10"),
        ("remedy: a name", "remedy: a name\nsecurity_severity: true", 7,
         "security_severity is a number above 0, up to 10"),
        (BOTH, "check: true", 3, "there is no module tflint_tap.checks.naming.nameless for this check"),
        (BOTH, "check: os.system('x')", 3, "check is true: the module of checks that has the rule's name judges"),
        (BOTH, "conditions: []", 3, "conditions is a list of conditions, each with match and require"),
        (BOTH, "conditions: {}", 3, "conditions is a list of conditions, each with match and require"),
        (BOTH, "conditions:\n  - 1", 4, "a condition is a mapping with match and require"),
        (BOTH, "conditions:\n  - {match: variable, require: true}\n  - {match: output}", 5,
         "a condition has no require"),
        (BOTH, "conditions:\n  - match: variable\n    require: true\n    matches: x", 6,
         "a condition has no key matches; did you mean match?"),
        ("remedy: a name", "remedy: a name\nparams: {least: 1}", 7, "params names least, which nothing uses"),
        ("remedy: a name", "remedy: a name\nsupersedes: [naming/nameless, naming/hard-codd]", 7,
         "there is no rule naming/hard-codd; did you mean naming/hard-coded?"),
        ("require: self.name != null", """require: exists(separate(self, "aws_sqs_queue"))""", 4,
         "aws_sqs_queue holds no part of another resource's settings, says aws/companions.tsv"),
        ("remedy: a name", "remedy: a name\nparams: 3", 7, "params has to be a mapping"),
        ("remedy: a name", "remedy: a name\nreferences: abc", 7, "references has to be a list of texts"),
        ("remedy: a name", "remedy: a name\nframeworks: [1]", 7, "frameworks has to be a list of texts"),
        ("remedy: a name", "remedy: a name\nabsence: 'no'", 7, "absence has to be true or false"),
        ("remedy: a name", "remedy: a name\nat: {a: 1}", 7, "at is an expression: write it as a block, `at: >-`"),
        ("remedy: a name", "remedy: a name\ncases: [{name: x}]", 7,
         "cases is a list of cases, each with a name and hcl"),
        ("require: self.name != null", "require:", 4, "require: unexpected end of the file"),
        ("require: self.name != null", "require: [for a in self.x : a]", 4, None),
        ("title: Queue", "title: 'Queue", 1, None),
    ],
)  # fmt: skip
def test_a_card_s_mistake_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str | None
) -> None:
    assert old in CARD
    path = card(tmp_path, CARD.replace(old, new))
    with pytest.raises(CardError) as caught:
        load_rules(tmp_path)
    said = str(caught.value)
    if message is None:  # the words are PyYAML's
        assert said.startswith(f"{path}:")
    else:
        assert said.startswith(f"{path}:{line}: {message}")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("self.nmae != null", "aws_sqs_queue has no argument nmae; did you mean name?"),
        ("slef.name != null", "there is no slef here; did you mean self?"),
        ("given(self.name, 1)", "given takes 1 argument, not 2"),
        ("givn(self.name)", "there is no function givn; did you mean given?"),
        ("lenght(self.name) > 1", "there is no function lenght; did you mean length?"),
        ("replace(self.name) > 1", "replace takes 3 arguments, not 1"),
        ("param.least > 1", "param has no part least"),
        ("self.name.first == 1", "self.name is a string and has no part first"),
        ('resources("aws_sqs_que") == []', "there is no resource type aws_sqs_que; did you mean aws_sqs_queue?"),
        ('type(self) == "aws_sqs_queu"', "there is no type aws_sqs_queu; did you mean aws_sqs_queue?"),
        ('contains(["aws_sqs_queu"], type(self))', "there is no type aws_sqs_queu; did you mean aws_sqs_queue?"),
        ("arn(self.policy).acount == null", "an ARN has no part acount; did you mean account?"),
        (
            'outgoing(self, "redrives_to")[0]["taget"] == null',
            "the edge redrives_to has no part taget; did you mean target?",
        ),
        ('separate(self, "aws_s3_bukcet_acl") == []', "there is no resource type aws_s3_bukcet_acl"),
        ("local.name == self.name", "there is no local here"),
        ("var.name == self.name", "there is no var here"),
        ("statements(self)[0].action == 1", "a statement has no part action; did you mean actions?"),
    ],
)
@pytest.mark.parametrize("form", ["{}", "can({})", "try({}, 1)", "[for x in [1] : ({})][0]", "true ? true : ({})"])
def test_an_expression_that_reads_what_is_not_there_is_a_mistake(
    tmp_path: Path, expression: str, message: str, form: str
) -> None:
    written = form.format(expression)
    path = card(tmp_path, CARD.replace("require: self.name != null", f"require: >-\n  {written}"))
    with pytest.raises(CardError) as caught:
        load_rules(tmp_path)
    assert str(caught.value).startswith(f"{path}:4: {message}")


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        ("where: self.nme", 7, "aws_sqs_queue has no argument nme; did you mean name?"),
        ("at: nme", 7, "aws_sqs_queue has no argument nme; did you mean name?"),
        ("at: [name, self.nme]", 7, "aws_sqs_queue has no argument nme; did you mean name?"),
        ("each: self.nme", 7, "aws_sqs_queue has no argument nme; did you mean name?"),
        ("let:\n  long: self.nme", 8, "aws_sqs_queue has no argument nme; did you mean name?"),
        ("let:\n  long: length(self.name)", 8, "let names long, which nothing uses"),
        ("let:\n  self: 1", 8, "let can't name self"),
        ("related: {it is here: self.nme}", 7, "aws_sqs_queue has no argument nme; did you mean name?"),
        ("related: {\"${nme} is here\": self.name}", 7, "there is no nme here"),
    ],
)  # fmt: skip
def test_every_expression_of_a_card_is_checked(tmp_path: Path, lines: str, line: int, message: str) -> None:
    path = card(tmp_path, CARD.replace("remedy: a name", f"remedy: a name\n{lines}"))
    with pytest.raises(CardError) as caught:
        load_rules(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: {message}")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("${slef} has no name", "there is no slef here; did you mean self?"),
        ("${self.nme} has no name", "aws_sqs_queue has no argument nme; did you mean name?"),
        ("${self has no name", "message: "),
    ],
)
def test_the_words_of_a_card_are_checked(tmp_path: Path, words: str, message: str) -> None:
    path = card(tmp_path, CARD.replace("message: ${self} has no name", f"message: '{words}'"))
    with pytest.raises(CardError) as caught:
        load_rules(tmp_path)
    assert str(caught.value).startswith(f"{path}:5: {message}")


def test_a_block_s_arguments_are_checked_through_lists_loops_and_names(tmp_path: Path) -> None:
    for written, name in (
        ("self.tracing_config[0].mood == 1", "mood"),
        ("self.tracing_config[*].mood == [1]", "mood"),
        ("alltrue([for c in self.tracing_config : c.mood == 1])", "mood"),
        ("one(self.tracing_config).mood == 1", "mood"),
        ("self.tracing_config.mode == 1", None),
    ):
        path = card(
            tmp_path,
            CARD.replace("aws_sqs_queue\nrequire: self.name != null", f"aws_lambda_function\nrequire: >-\n  {written}"),
        )
        with pytest.raises(CardError) as caught:
            load_rules(tmp_path)
        what = f"tracing_config of aws_lambda_function has no argument {name}; did you mean mode?"
        assert str(caught.value) == f"{path}:4: " + (
            what if name else "self.tracing_config is a list: take its elements by [0] or [*]"
        )


def test_a_card_that_changes_is_read_anew(tmp_path: Path) -> None:
    path = card(tmp_path, CARD)
    assert [load_rules(tmp_path)[0].severity for _ in range(2)] == [Severity.NOTE, Severity.NOTE]
    path.write_text(CARD.replace("severity: note", "severity: error"), encoding="utf-8")
    (rule,) = load_rules(tmp_path)
    assert rule.severity is Severity.ERROR
    path.unlink()
    assert load_rules(tmp_path) == ()
