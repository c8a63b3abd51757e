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


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("remedy: a name", "remedies: a name", 6, "a card has no key remedies"),
        ("remedy: a name\n", "", 1, "the card has no remedy"),
        ("severity: note", "severity: grave", 2, "severity is one of note, warning, error"),
        ("title: Queue has no name", "title: [1]", 1, "title has to be text"),
        ("require: self.name != null", "require: self.name !=", 4, "require: the text ends too early"),
        ("require: self.name != null\n", "", 1, "a card has either a check, a require or conditions"),
        ("match: resource.aws_sqs_queue", "match: aws_sqs_queue", 3,
         "match is resource.TYPE or data.TYPE, or a list of them"),
        ("match: resource.aws_sqs_queue", "match: [resource.a, data.b]", 3,
         "match names resources or data sources, not both"),
        ("remedy: a name", "remedy: a name\nsecurity_severity: 11", 7,
         "security_severity is a number above 0, up to 10"),
        ("match: resource.aws_sqs_queue\nrequire: self.name != null", "check: true", 3,
         "there is no module checks/naming/nameless.py"),
        ("match: resource.aws_sqs_queue\nrequire: self.name != null", "check: naming.nameless", 3,
         "check is true: the module of checks that has the rule's name judges"),
        ("remedy: a name", "remedy: a name\nsecurity_severity: true", 7,
         "security_severity is a number above 0, up to 10"),
        ("remedy: a name", "remedy: a name\nparams: 3", 7, "params has to be a mapping"),
        ("remedy: a name", "remedy: a name\nreferences: abc", 7, "references has to be a list of texts"),
        ("remedy: a name", "remedy: a name\nframeworks: [1]", 7, "frameworks has to be a list of texts"),
        ("remedy: a name", "remedy: a name\nabsence: 'no'", 7, "absence has to be true or false"),
        ("remedy: a name", "remedy: a name\neach: 5", 7, "each names nested blocks"),
        ("remedy: a name", "remedy: a name\nat: {a: 1}", 7, "at names arguments"),
        ("require: self.name != null", "require:", 4, "require: the text ends too early"),
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
        assert said == f"{path}:{line}: {message}"


def test_a_card_that_changes_is_read_anew(tmp_path: Path) -> None:
    path = card(tmp_path, CARD)
    assert [load_rules(tmp_path)[0].severity for _ in range(2)] == [Severity.NOTE, Severity.NOTE]
    path.write_text(CARD.replace("severity: note", "severity: error"), encoding="utf-8")
    (rule,) = load_rules(tmp_path)
    assert rule.severity is Severity.ERROR
    path.unlink()
    assert load_rules(tmp_path) == ()
