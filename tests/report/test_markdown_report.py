"""The comment on a pull request: never too long, and whatever texts hold stays text."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from tests.report.reports import at, clean, of_every_rule, of_odd_texts, of_very_many, rendered
from tflint_tap.lint import Report
from tflint_tap.records import replace
from tflint_tap.report.markdown import MOST_CHARACTERS
from tflint_tap.rule import Finding, Severity, Texts
from tflint_tap.text.source import Related, Source

SOURCE = Source("/repo/main.tf", 'a = "x```"\nb = {\n}\n')
FOUND = Finding(
    "iam/a", Severity.WARNING, "it is *wrong*", at(SOURCE, '"x```"'), "do it", None, "queue.name",
    (Related("here", at(SOURCE, "b")),),
)  # fmt: skip
DOUBT = replace(FOUND, rule="iam/b", message="can't tell", doubt="var.x has no default", related=(), requirement=None)
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")


def rules_of(*ids: str) -> tuple[object, ...]:
    return tuple(replace(of_every_rule().rules[0], id=id_, texts=lambda: Texts("why", (), ())) for id_ in ids)


def test_it_has_counts_a_table_and_details() -> None:
    report = Report((SOURCE,), rules_of("iam/a", "iam/b"), (FOUND,), (DOUBT,), ("a notice",), stale=("an entry",))
    assert rendered("markdown", report) == (
        """\
### tap-lint: 1 finding

0 errors, 1 warning, 0 notes, 1 doubt; 1 file checked by 2 rules.

- **notice**: a notice
- **stale**: an entry

| | rule | place | |
| --- | --- | --- | --- |
| warning | `iam/a` | `main.tf:1` | it is \\*wrong\\* |
| doubt | `iam/b` | `main.tf:1` | can't tell: var.x has no default |

<details><summary>warning iam/a: main.tf:1:5</summary>

**warning**: it is \\*wrong\\*

````hcl
  |
1 | a = "x```"
  |     ^^^^^^
````

- main.tf:2:1: here
- requirement: queue.name
- help: do it

</details>

<details><summary>doubt iam/b: main.tf:1:5</summary>

**doubt**: can't tell: var.x has no default

````hcl
  |
1 | a = "x```"
  |     ^^^^^^
````

- help: do it

</details>
"""
    )


def test_a_clean_run_says_so() -> None:
    told = rendered("markdown", clean())
    assert told.startswith("### tap-lint: nothing found\n\n0 errors, 0 warnings, 0 notes, 0 doubts; 1 file checked by ")
    assert "|" not in told


def test_a_run_that_failed_is_not_taken_for_a_clean_one() -> None:
    told = rendered("markdown", Report((), (), (), failures=("iam/a crashed",)))
    assert told.startswith("### tap-lint couldn't judge everything\n")
    assert "- **failure**: iam/a crashed" in told


@pytest.mark.parametrize("number", [0, 1, 100, 300, 30_000])
def test_it_is_never_longer_than_github_takes_and_says_what_is_left_out(number: int) -> None:
    found = of_very_many().findings[:number]
    told = rendered("markdown", replace(of_very_many(), findings=found))
    assert len(told.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    rows = len(re.findall(r"^\| (?:error|warning|note) \|", told, re.MULTILINE))
    details = told.count("<details>")
    left = re.search(r"^and (\d+) more findings$", told, re.MULTILINE)
    without = re.search(r"^and (\d+) more findings without details$", told, re.MULTILINE)
    assert rows + (int(left[1]) if left else 0) == number
    assert details + (int(without[1]) if without else 0) == rows
    assert details > 0 or number == 0


@pytest.mark.parametrize("text", ["x" * 100_000, "𝛑" * 100_000, "|`<@" * 50_000], ids=["letters", "astral", "marks"])
def test_texts_without_end_are_cut(text: str) -> None:
    found = tuple(replace(FOUND, message=text, remedy=text, related=(Related(text, FOUND.span),)) for _ in range(50))
    report = Report((SOURCE,), rules_of("iam/a"), found, (), (text,) * 500, (text,) * 500)
    told = rendered("markdown", report)
    assert len(told.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert "<details>" in told


def test_the_worst_come_first() -> None:
    found = tuple(replace(FOUND, severity=severity) for severity in (Severity.NOTE, Severity.ERROR, Severity.WARNING))
    told = rendered("markdown", Report((SOURCE,), (), found))
    assert re.findall(r"^\| (error|warning|note) \|", told, re.MULTILINE) == ["error", "warning", "note"]


def test_the_line_of_a_secret_is_not_shown() -> None:
    (rule,) = rules_of("iam/a")
    secret = replace(rule, texts=lambda: Texts("why", (), (), frameworks=("CWE-798",)))
    assert "x```" in rendered("markdown", Report((SOURCE,), (rule,), (FOUND,)))
    assert "x```" not in rendered("markdown", Report((SOURCE,), (secret,), (FOUND,)))


def test_a_line_of_a_file_that_was_not_judged_is_not_shown() -> None:
    assert "x```" not in rendered("markdown", Report((), rules_of("iam/a"), (FOUND,)))


def test_no_text_becomes_markup_a_mention_or_a_link() -> None:
    told = rendered("markdown", of_odd_texts())
    outside = re.sub(r"(`{3,})hcl\n.*?\n\1\n", "", told, flags=re.DOTALL)
    outside = re.sub(r"(`+).*?\1", "", outside)
    assert not re.search(r"@(?!<!-- -->)|#(?=\d)|://(?!<!-- -->)|www\.", outside)
    tokens = [token for block in MARKDOWN.parse(told) for token in (block, *(block.children or ()))]
    assert {token.tag for token in tokens if token.tag} <= {
        "h3", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "strong", "code",
    }  # fmt: skip
    raw = {token.content.strip() for token in tokens if token.type in ("html_inline", "html_block")}
    assert {text for text in raw if not text.startswith("<details><summary>")} == {"<!-- -->", "</details>"}


def test_a_table_has_four_cells_in_each_row() -> None:
    tokens = MARKDOWN.parse(rendered("markdown", of_odd_texts()))
    cells = [token.type for token in tokens if token.type in ("tr_open", "td_open", "th_open")]
    rows = "".join("/" if cell == "tr_open" else "." for cell in cells).split("/")[1:]
    assert set(rows) == {"...."}
    assert len(rows) == 1 + len(of_odd_texts().findings) + len(of_odd_texts().doubts)
