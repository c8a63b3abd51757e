"""Files are formatted as terraform formats them, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cards import RULES
from tests.stacks import REFERENCE
from tflint_tap.checks.syntax.duplicate_argument import repeated
from tflint_tap.hcl import parse, raw
from tflint_tap.hcl.formatting import formatted
from tflint_tap.hcl.nodes import Body
from tflint_tap.rulebook.examples import unmarked
from tflint_tap.text.source import Source

from .grammar import BODIES
from .oracle import TERRAFORM, formatted_by_terraform

needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="terraform isn't on the PATH: it is the oracle here")
ODDITIES = """\
variable "a" {
  type = list
}
variable b {
  type = "map"
  default = "${list}"
  nested {
    type = "list"
  }
}
variable "type" "c" {
  type = any
}
type = "string"
resource aws_x "y" {
  a = "${foo}"
  b = "${foo("${bar}")}"
  c = "${foo}${bar}"
  d = "${
    foo ?
    1 : 2
  }"
  e = "${(
   x
  )}"
  f = " ${x}"
  g = { a = "${x}" }
  h = "%{ if x }${y}%{ endif }"
  i = "${~ x ~}"
  j = "${"x"}"
  k = "${ [for a in b: a...] }"
  l { m = "${x}" }
  n = "${  {a=1}  }"
  o = <<-EOT
    ${ a } %{ if x ~} y %{ else }
    ${ foo(
     1,
       2)
    } z # no
    %{ endif }
  EOT
  p = foo(<<A, <<B
  x
A
  y
B
, 3)
}
a=b . c [ 0 ] . d[*].e.*.f . 0 . g
aa=-1-  -2 - - 3*-x>=-1?-1:!  !x
b = [ for   k , v in{a=1}: k=>v... if   v!=  null ] # c
cc = {for k,v in [1,2]:(k)=>v}            // c
dé = provider :: aws :: f ( x ... )/* c */

# c
resource /* gone */ "a" /* gone, too */ "b" /* not */ { # c
x = [ # c
# d
1, /* e
f */ 2 ]
}
"""
_BLANK = r"(?:\s|\#[^\n]*\n|//[^\n]*\n|/\*(?s:.*?)\*/)*"
LOST_KEY = re.compile(rf"(\[{_BLANK})(?:null|true|false)(?={_BLANK}\])")
FREE = ("(", "[")  # in these brackets a newline is a blank


def texts() -> Iterator[str]:
    """The reference stack, every example of the cards, and what they lack."""
    yield REFERENCE.read_text(encoding="utf-8")
    for rule in RULES:
        for text in (*rule.bad, *rule.good, *(case.hcl for case in rule.cases)):
            yield unmarked(text)[0]
    yield ODDITIES


def loosened(text: str, chance: Random) -> str:
    """A text with blanks, comments and newlines put in and taken out where they mean nothing."""
    made: list[str] = []
    opened: list[str] = []
    before = raw.Token(raw.NEWLINE, "")
    for token in raw.tokens_of(text):
        blanks = " " * token.spaces
        is_fixed = (
            token.kind in (raw.QUOTED, raw.HEREDOC_LINES, raw.UNQUOTE, raw.HEREDOC_END)
            or before.kind in (raw.QUOTED, raw.HEREDOC_LINES, raw.QUOTE, raw.HEREDOC)
            or (before.kind == raw.SEQUENCE_END and token.kind in (raw.INTERPOLATION, raw.DIRECTIVE))
        )
        if not is_fixed:
            number = chance.random()
            if number < 0.1:
                blanks = chance.choice([" ", "  ", "\t", "   "])
            elif number < 0.14:
                blanks += chance.choice(["/* c */", "/* c\n d */ "])
            elif number < 0.2 and opened[-1:] and opened[-1] in FREE:
                blanks += chance.choice(["\n", "\n\n", "# c\n", " // c }\n", "\n  # c {\n"])
        made.append(blanks + token.text)
        if token.kind in ("(", "[", "{"):
            opened.append(token.kind)
        elif token.kind in (")", "]", "}"):
            opened.pop()
        before = token
    loose = "".join(made)
    if chance.random() < 0.1:
        loose = loose.replace("\n", "\r\n")
    if chance.random() < 0.1:
        loose = loose.rstrip("\n") + chance.choice(["", "  ", "\t", " # c", " /* c */"])
    return "\ufeff" + loose if chance.random() < 0.05 else loose


def labels(body: Body) -> Iterator[str]:
    for block in body.blocks:
        yield from (label.value for label in block.labels)
        yield from labels(block.body)


def differences(given_: list[str]) -> list[tuple[str, str, str]]:
    """Texts with our form and terraform's where they differ; without those of which terraform loses a part."""
    files = {text: parse(Source("case.tf", LOST_KEY.sub(r"\1 0", text))) for text in given_}
    sound = [file for file in files.values() if not file.diagnostics and next(repeated(file.body), None) is None]
    sound = [file for file in sound if not re.search("[$%]", "".join(labels(file.body)))]
    wanted = formatted_by_terraform([file.source.text for file in sound])
    rows = ((file.source.text, formatted(file), text) for file, text in zip(sound, wanted, strict=True))
    return [row for row in rows if row[1] != row[2]]


@pytest.mark.slow
@needs_terraform
def test_the_reference_stack_and_every_example_are_formatted_as_by_terraform() -> None:
    assert differences(list(texts())) == []


@needs_terraform
@pytest.mark.slow
def test_loosened_texts_are_formatted_as_by_terraform() -> None:
    chance = Random(11)
    listed = list(texts())
    assert differences([loosened(text, chance) for text in listed]) == []


@needs_terraform
@pytest.mark.slow
@settings(max_examples=12, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(BODIES, min_size=30, max_size=30), st.randoms(use_true_random=False))
def test_generated_files_are_formatted_as_by_terraform(bodies: list[str], chance: Random) -> None:
    assert differences(bodies) == []
    sound = [text for text in bodies if not parse(Source("case.tf", text)).diagnostics]
    assert differences([loosened(text, chance) for text in sound]) == []


def test_what_is_formatted_stays_as_it_is() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    assert formatted(parse(Source("tap_stack.tf", text))) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("a=1", "a = 1"),
        ("a=1\nbcd=2 # x\n\ne=3// y\n", "a   = 1\nbcd = 2 # x\n\ne = 3 // y\n"),
        ('a {\nb="${c}"\n}\n', "a {\n  b = c\n}\n"),
        ('a b "c" {}\n', 'a "b" "c" {}\n'),
        ("a = [\n1,\n  [2,\n3]]\n", "a = [\n  1,\n  [2,\n3]]\n"),
        ("é=1\nab=2\n", "é  = 1\nab = 2\n"),
        ("a = x[true]\n", "a = x[true]\n"),
        ('a "100%" {\n}\n', 'a "100%" {\n}\n'),
    ],
)
def test_a_text_is_formatted(text: str, expected: str) -> None:
    assert formatted(parse(Source("case.tf", text))) == expected
