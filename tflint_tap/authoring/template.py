"""A new card to fill in."""

from __future__ import annotations

_CARD = """\
# {id}: docs/cards.md describes every key and function; `tap-lint test-rules` tries the cards of a folder
title: {title}
severity: warning
match: {match}
require: {require}
{at}message: {message}
remedy: set it to what it has to be
why: |
  Say what goes wrong in operation where the rule is broken, with facts and their sources.
references:
  - https://docs.aws.amazon.com/
bad: |
{bad}
good: |
{good}
cases:
  - name: a value from a variable without a default can't be judged
    hcl: |
{case}
"""


def new_card(id_: str, type_: str, argument: str) -> str:
    """The text of a card that judges an argument of a resource type, and passes its own examples."""
    word = argument.replace("_", " ")
    block = f'resource "{type_}" "example" {{'
    bad = [block, f"#{'^' * (len(block) - 1)} {type_}.example has no {word}", "}"]
    good = [block, f'  {argument} = "value"', "}"]
    case = [
        'variable "given" {',
        "  type = string",
        "}",
        "",
        block,
        f"  {argument} = var.given",
        f"  #{' ' * len(argument)}  ????????? var.given has no default",
        "}",
    ]
    return _CARD.format(
        id=id_,
        title=f"{type_} has no {word}",
        match=f"resource.{type_}",
        require=f"given(self.{argument})",
        at=f"at: {argument}\n",
        message=f'"${{self}} has no {word}"',
        bad=_indented(bad, 2),
        good=_indented(good, 2),
        case=_indented(case, 6),
    )


def _indented(lines: list[str], count: int) -> str:
    return "\n".join(f"{' ' * count}{line}" if line else "" for line in lines)
