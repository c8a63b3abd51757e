"""Reports that formats are tried on: a clean one, one in which every rule fires, hostile texts, very many findings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.cards import RULES, judged
from tests.stacks import REFERENCE, ROOT, lint_text
from tflint_tap.authoring.trial import examples_of, told
from tflint_tap.contract import load_contracts
from tflint_tap.lint import Report
from tflint_tap.records import replace
from tflint_tap.report import FORMATS, RenderOptions
from tflint_tap.rule import Finding, Rule, Severity
from tflint_tap.rulebook.examples import unmarked
from tflint_tap.rulebook.loader import BUNDLED
from tflint_tap.text.source import ORIGIN, Related, Source, Span

MANY = 30_000
OPTIONS = RenderOptions("/repo", "1.2.3", folder="/repo")


def rendered(format_: str, report: Report, options: RenderOptions = OPTIONS) -> str:
    return FORMATS[format_](report, options)


def at(source: Source, text: str) -> Span:
    start = source.text.index(text)
    return Span(source, start, start + len(text))


@cache
def clean() -> Report:
    """The report on the reference stack, in which nothing is found."""
    report = lint_text(REFERENCE.read_text("utf-8"), *RULES, contract=load_contracts(BUNDLED)[0])
    assert (report.findings, report.doubts, report.failures) == ((), (), ())
    return report


@cache
def of_every_rule() -> Report:
    """A finding of each rule, from its card's bad examples; doubts, and what may be said of a run."""
    findings = tuple(_first(rule) for rule in RULES)
    doubts = tuple(replace(finding, doubt="var.x has no default") for finding in findings[:5])
    sources = tuple(dict.fromkeys(finding.span.source for finding in findings))
    return Report(
        sources, RULES, findings, doubts, ("a notice", "2 rules were not checked"), ("iam/a crashed",),
        left_out={"in the baseline": 2}, stale=("iam/a: an entry",), unjudged=("2 rules were not checked",),
    )  # fmt: skip


def _first(rule: Rule) -> Finding:
    for example in examples_of(rule):
        found = [] if rule.family in ("suppressions", "syntax") else told(rule, example.stack)
        for finding in (*found, *judged(rule, example.text).findings):
            if finding.rule == rule.id and finding.doubt is None:
                return finding
    (found, *_) = (
        one for text in rule.bad for one in lint_text(unmarked(text)[0], *RULES).findings if one.rule == rule.id
    )
    return found


@cache
def of_odd_texts() -> Report:
    """The example's findings, and one of an odd text, with tabs, CRLF and characters of every kind."""
    text = (ROOT / "docs" / "example" / "main.tf").read_text("utf-8").replace("  ", "\t")
    lines = [f"{line} # 𝛑 漢字 é\u0301 \u202e \x1b[31m `|<>@you #1 %0A ::error::" if "{" not in line else line
             for line in text.split("\n")]  # fmt: skip
    report = lint_text("\r\n".join(lines), *RULES, path="ein Ordner/𝛑 [1] #ü|`.tf")
    assert report.findings
    source = report.sources[0]
    found = Finding(
        RULES[0].id, Severity.ERROR, ODD, at(source, "\x1b[31m"), ODD, ODD, ODD, (Related(ODD, at(source, "漢字")),),
        inputs=("dév.tfvars",),
    )  # fmt: skip
    doubt = replace(found, doubt=ODD)
    return replace(
        report, findings=(found, *report.findings), doubts=(doubt,), notices=(ODD,), failures=(ODD,), stale=(ODD,)
    )


ODD = (
    "a|b `c` <script> &amp; @team #12 www.x.y https://x.y ]]> 'q' \"d\" %"
    " \x00\x1b]8;;x\x07 \ud800 \ufffe \r\n::error::𝛑 [x](1)"
)


@cache
def of_very_many() -> Report:
    """More findings than GitHub takes, of all rules in turn, some with the origin of a value."""
    source = Source("main.tf", "".join(f'name_{number} = "value {number}"\n' for number in range(MANY)))
    starts = source.line_starts()
    origins = [(Related("it is set here", Span(source, start + 8, start + 10), ORIGIN),) for start in starts]
    findings = tuple(
        Finding(
            rule.id, list(Severity)[number % 3], f"name_{number} is wrong", Span(source, start, start + 6), rule.remedy,
            f"aws_sqs_queue.q{number}",
            related=origins[number] if number % 9 == 0 else (),
        )
        for number, start in enumerate(starts[:MANY])
        for rule in (RULES[number % len(RULES)],)
    )  # fmt: skip
    return Report((source,), RULES, findings)


def written(folder: Path, format_: str, report: Report) -> Path:
    path = folder / f"report.{format_}"
    path.write_text(rendered(format_, report), encoding="utf-8")
    return path
