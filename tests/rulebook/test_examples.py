"""The marks in examples."""

from __future__ import annotations

from tflint_tap.rulebook.examples import Mark, marks_of, unmarked

EXAMPLE = """\
resource "aws_sqs_queue" "q" {
#^^^^^^^ has no dead-letter queue
  name = var.name
  #      ^^^^^^^^ one thing
  #      ???????? var.name has no default
}
  // ?? indented
# what? a comment ^^ that marks nothing
"""


def test_carets_mark_findings_and_question_marks_doubts_of_the_line_above() -> None:
    assert marks_of(EXAMPLE) == (
        Mark(False, 1, 1, 9, "has no dead-letter queue"),
        Mark(False, 3, 10, 18, "one thing"),
        Mark(True, 3, 10, 18, "var.name has no default"),
        Mark(True, 6, 6, 8, "indented"),
    )


def test_marks_are_no_part_of_the_text_that_is_judged() -> None:
    text, lines = unmarked(EXAMPLE)
    assert text == ('resource "aws_sqs_queue" "q" {\n  name = var.name\n}\n# what? a comment ^^ that marks nothing\n')
    assert lines == (1, 3, 6, 8, 9)


def test_a_text_without_marks_expects_nothing() -> None:
    assert marks_of('resource "aws_sqs_queue" "q" {}\n') == ()
