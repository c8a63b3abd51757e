"""JUnit's and Checkstyle's reports: valid by their schemas, whatever texts hold, and nothing is lost in them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
import xmlschema

from tests.report.reports import OPTIONS, at, clean, of_every_rule, of_odd_texts, of_very_many, rendered
from tests.stacks import ROOT
from tflint_tap.lint import Report
from tflint_tap.records import replace
from tflint_tap.rule import Finding, Severity
from tflint_tap.text.source import Related, Source

SCHEMAS = {
    name: xmlschema.XMLSchema(str(ROOT / "tests" / "data" / file))
    for name, file in (("junit", "junit-10.xsd"), ("checkstyle", "checkstyle.xsd"))
}
SOURCE = Source("/repo/main.tf", 'a = "x"\nb = 2\n')
EMPTY = Source("/repo/other.tf", "c = 3\n")
ERROR = Finding(
    "iam/a", Severity.ERROR, "it's <wrong>", at(SOURCE, '"x"'), "do it", "aws_sqs_queue.q", "queue.name",
    (Related("it's so", at(SOURCE, "b")),),
)  # fmt: skip
NOTE = Finding("iam/b", Severity.NOTE, "so so", at(SOURCE, "b"), "", None)
DOUBT = replace(ERROR, message="can't tell whether it is", doubt="var.x has no default", related=(), remedy="")
FULL = Report(
    (SOURCE, EMPTY), (), (ERROR, ERROR, NOTE), (DOUBT,), ("a notice",), ("a & failure",), stale=("an entry",)
)  # fmt: skip


def tree(format_: str, report: Report, **options: object) -> ET.Element:
    text = rendered(format_, report, replace(OPTIONS, **options))
    SCHEMAS[format_].validate(text)
    return ET.fromstring(text)


@pytest.mark.parametrize("format_", ["junit", "checkstyle"])
@pytest.mark.parametrize("report", [clean, of_every_rule, of_odd_texts], ids=lambda report: report.__name__)
def test_a_report_is_valid_by_the_schema(format_: str, report: Callable[[], Report]) -> None:
    tree(format_, report())


@pytest.mark.slow
@pytest.mark.parametrize("format_", ["junit", "checkstyle"])
def test_a_report_of_very_many_findings_is_valid_by_the_schema(format_: str, tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    path.write_text(rendered(format_, of_very_many()), encoding="utf-8")
    SCHEMAS[format_].validate(str(path))


@pytest.mark.parametrize("format_", ["junit", "checkstyle"])
def test_every_character_is_one_that_xml_allows(format_: str) -> None:
    everything = "".join(map(chr, [*range(0x3000), *range(0xD7F0, 0xE010), *range(0xFFF0, 0x10010), 0x10FFFF]))
    report = Report((SOURCE,), (), (replace(ERROR, message=everything, remedy=everything, address=everything),))
    text = rendered(format_, report)
    ET.fromstring(text.encode("utf-8"))


def test_junit_has_a_suite_for_each_file_and_one_for_the_run() -> None:
    suites = tree("junit", FULL)
    assert suites.attrib == {"name": "tap-lint", "tests": "6", "failures": "2", "errors": "1"}
    assert [suite.attrib for suite in suites] == [
        {"name": "main.tf", "tests": "4", "failures": "2", "errors": "0", "skipped": "1"},
        {"name": "other.tf", "tests": "1", "failures": "0", "errors": "0", "skipped": "0"},
        {"name": "tap-lint", "tests": "1", "failures": "0", "errors": "1", "skipped": "0"},
    ]


def test_junit_names_a_test_by_rule_block_and_file_and_counts_those_of_one_name() -> None:
    cases = [(case.get("classname"), case.get("name")) for case in tree("junit", FULL).iter("testcase")]
    assert cases == [
        ("iam.a", "aws_sqs_queue.q in main.tf"),
        ("iam.a", "aws_sqs_queue.q in main.tf (2)"),
        ("iam.b", "main.tf"),
        ("iam.a", "aws_sqs_queue.q in main.tf (3)"),
        ("tap-lint.files", "other.tf"),
        ("tap-lint.run", "run"),
    ]


def test_junit_tells_a_finding_with_its_place_its_story_and_its_remedy() -> None:
    failure = tree("junit", FULL).find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.attrib == {"type": "error", "message": "it's <wrong>"}
    assert failure.text == "main.tf:1:5\nit's <wrong>\nmain.tf:2:1: it's so\nrequirement: queue.name\nhelp: do it"


def test_junit_lets_pass_what_does_not_fail_the_run_and_skips_doubts() -> None:
    _, _, note, doubt, clean_file, _ = tree("junit", FULL).iter("testcase")
    assert [(part.tag, part.text) for part in note] == [("system-out", "note: main.tf:2:1\nso so")]
    assert [(part.tag, part.get("message")) for part in doubt] == [
        ("skipped", "can't tell whether it is: var.x has no default")
    ]
    assert list(clean_file) == []


def test_junit_fails_what_fails_the_run() -> None:
    suites = tree("junit", FULL, fails=lambda finding: True)
    assert (suites.get("failures"), [part.get("type") for part in suites.iter("failure")]) == (
        "4",
        ["error", "error", "note", "doubt"],
    )


def test_junit_tells_of_the_run_in_a_test_of_its_own() -> None:
    *_, run = tree("junit", FULL).iter("testcase")
    assert [(part.tag, part.get("message"), part.text) for part in run] == [
        ("error", "a & failure", None),
        (
            "system-out",
            None,
            "notice: a notice\nstale: an entry\n2 errors, 0 warnings, 1 note, 1 doubt; 2 files checked by 0 rules",
        ),
    ]


def test_junit_of_a_run_without_files_has_a_test_all_the_same() -> None:
    assert tree("junit", Report((), (), ())).get("tests") == "1"


def test_checkstyle_lists_all_files_with_findings_and_doubts() -> None:
    root = tree("checkstyle", FULL)
    assert [file.get("name") for file in root] == ["main.tf", "other.tf", "tap-lint"]
    told = {"line": "1", "column": "5", "severity": "error", "message": "it's <wrong>; help: do it"}
    assert [error.attrib for error in root[0]] == [
        {**told, "source": "tap-lint.iam.a"},
        {**told, "source": "tap-lint.iam.a"},
        {"line": "2", "column": "1", "severity": "info", "message": "so so", "source": "tap-lint.iam.b"},
        {
            **told,
            "severity": "info",
            "message": "can't tell whether it is: var.x has no default",
            "source": "tap-lint.doubt.iam.a",
        },
    ]
    assert list(root[1]) == []


def test_checkstyle_tells_of_the_run_at_a_file_of_the_tool() -> None:
    told = [(error.get("severity"), error.get("message"), error.get("source")) for error in tree("checkstyle", FULL)[2]]
    assert told == [
        ("error", "a & failure", "tap-lint.failure"),
        ("warning", "a notice", "tap-lint.notice"),
        ("info", "an entry", "tap-lint.stale"),
    ]
