"""The report for GitHub code scanning: valid by the standard, and what GitHub demands beyond it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stacks import ROOT
from tflint_tap.lint import Report
from tflint_tap.records import replace
from tflint_tap.report import FORMATS, RenderOptions
from tflint_tap.report.fingerprint import line_hashes
from tflint_tap.report.json_ import schema_data
from tflint_tap.report.sarif import semantic_version, utf16_column
from tflint_tap.rule import Finding, Hit, Rule, Severity, Texts
from tflint_tap.text.source import Related, Source, Span

Json = dict[str, Any]

SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif-schema-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def nothing(stack: object, rule: Rule) -> Iterator[Hit]:
    yield from ()


WILDCARD = Rule(
    id="iam/wildcard-action",
    title="Policy allows every action of a *service*",
    severity=Severity.ERROR,
    message="${self} allows `${action}`",
    remedy="name the actions that are used",
    check=nothing,
    texts=lambda: Texts(
        "Who takes over the function\ncan do **anything**.",
        ('resource "a" "b" {\n}\n', "# ```\n"),
        ('resource "c" "d" {\n}\n',),
        ("the handbook, page [7]", "https://docs.aws.amazon.com/IAM/latest/UserGuide/"),
        tuple(f"CIS {number}" for number in range(30)),
    ),
    security_severity=7.5,
)
LABEL = Rule(
    id="naming/label-style",
    title="Label isn't in snake_case",
    severity=Severity.NOTE,
    message="${self}",
    remedy="",
    check=nothing,
    texts=lambda: Texts("w" * 3000, (), ()),
)
SYNTAX = replace(LABEL, id="syntax/invalid", severity=Severity.ERROR)
RULES = (WILDCARD, LABEL, SYNTAX)

SOURCE = Source(
    "/repo/a stack/[1] ü#.tf",
    'resource "aws_iam_policy" "p" {\n  # 𝛑𝛑\n  a = "𝛑" # x\n  b = var.actions\n}\n',
)


def at(text: str, source: Source = SOURCE) -> Span:
    start = source.text.index(text)
    return Span(source, start, start + len(text))


FOUND = Finding(
    "iam/wildcard-action",
    Severity.WARNING,
    'aws_iam_policy.p["a"] allows every action',
    at("var.actions"),
    "name the actions",
    'aws_iam_policy.p["a"]',
    "iam.least-privilege",
    (Related('var.actions["x"] is a\\b', at('"𝛑"')), Related("it is used here", at("resource"))),
)
NOTED = Finding("naming/label-style", Severity.NOTE, "p is short", at('"p" {\n  #'), "")
DOUBT = Finding("iam/wildcard-action", Severity.ERROR, "may be", at("# x"), "", doubt="var.x has no default")


def render(
    *findings: Finding,
    doubts: tuple[Finding, ...] = (),
    notices: tuple[str, ...] = (),
    failures: tuple[str, ...] = (),
    root: str = "/repo",
    version: str = "1.2.3",
) -> Json:
    report = Report((SOURCE,), RULES, findings, doubts, notices, failures)
    log = json.loads(FORMATS["sarif"](report, RenderOptions(root=root, version=version)))
    VALIDATOR.validate(log)
    assert isinstance(log, dict)
    return log


def run_of(*findings: Finding, **others: Any) -> Json:
    (run,) = render(*findings, **others)["runs"]
    return run  # type: ignore[no-any-return]


FULL = run_of(FOUND, NOTED, doubts=(DOUBT,), notices=("a notice",))


def test_the_log_says_which_standard_it_follows() -> None:
    log = render()
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    assert len(log["runs"]) == 1
    assert log["runs"][0]["results"] == []


def test_the_run_tells_the_tool_its_category_and_how_columns_count() -> None:
    assert FULL["tool"]["driver"]["name"] == "tap-lint"
    assert FULL["tool"]["driver"]["semanticVersion"] == "1.2.3"
    assert FULL["tool"]["driver"]["properties"]["schema"] == schema_data()
    assert FULL["automationDetails"] == {"id": "tap-lint/"}
    assert FULL["columnKind"] == "utf16CodeUnits"


def test_every_judged_rule_is_described_with_all_that_github_requires() -> None:
    rules = FULL["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    for rule in rules:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
        assert len(rule["properties"]["tags"]) <= 20
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")


def test_a_security_rule_has_its_score_as_text_and_its_tag_first() -> None:
    assert FULL["tool"]["driver"]["rules"][0]["properties"] == {
        "tags": ["security", "iam", *(f"CIS {number}" for number in range(18))],
        "precision": "high",
        "security-severity": "7.5",
    }


@pytest.mark.parametrize(
    ("severity", "level", "problem"),
    [
        (Severity.ERROR, "error", "error"),
        (Severity.WARNING, "warning", "warning"),
        (Severity.NOTE, "note", "recommendation"),
    ],
)
def test_any_other_rule_has_a_problem_severity(severity: Severity, level: str, problem: str) -> None:
    report = Report((), (replace(LABEL, severity=severity),), ())
    log = json.loads(FORMATS["sarif"](report, RenderOptions("/repo", "1.0")))
    VALIDATOR.validate(log)
    (rule,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"] == {"level": level}
    assert rule["properties"] == {"tags": ["naming"], "precision": "high", "problem.severity": problem}


def test_the_help_is_the_card() -> None:
    help_ = FULL["tool"]["driver"]["rules"][0]["help"]
    assert (
        help_["text"]
        == """\
Policy allows every action of a *service*

Who takes over the function
can do **anything**.

Not like this:

resource "a" "b" {
}

Not like this:

# ```

Like this:

resource "c" "d" {
}

References:
- the handbook, page [7]
- https://docs.aws.amazon.com/IAM/latest/UserGuide/

Frameworks: """
        + ", ".join(f"CIS {number}" for number in range(30))
    )
    assert (
        help_["markdown"]
        == """\
**Policy allows every action of a \\*service\\***

Who takes over the function
can do **anything**.

### Not like this

```hcl
resource "a" "b" {
}
```

````hcl
# ```
````

### Like this

```hcl
resource "c" "d" {
}
```

### References

- the handbook, page \\[7\\]
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/>

Frameworks: """
        + ", ".join(f"CIS {number}" for number in range(30))
    )
    assert FULL["tool"]["driver"]["rules"][0]["helpUri"] == "https://docs.aws.amazon.com/IAM/latest/UserGuide/"


def test_a_result_has_its_own_level_its_rule_its_place_and_its_story() -> None:
    uri = "a%20stack/%5B1%5D%20%C3%BC%23.tf"
    artifact = {"uri": uri, "uriBaseId": "%SRCROOT%"}
    assert FULL["results"][0] == {
        "ruleId": "iam/wildcard-action",
        "ruleIndex": 0,
        "level": "warning",
        "message": {
            "text": 'aws_iam_policy.p["a"] allows every action. What would be right: name the actions. '
            r'See [var.actions\["x"\] is a\\b](1), [it is used here](2).'
        },
        "locations": [
            {
                "logicalLocations": [{"fullyQualifiedName": 'aws_iam_policy.p["a"]'}],
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {"startLine": 4, "startColumn": 7, "endLine": 4, "endColumn": 18},
                },
            }
        ],
        "relatedLocations": [
            {
                "id": 1,
                "message": {"text": 'var.actions["x"] is a\\b'},
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {"startLine": 3, "startColumn": 7, "endLine": 3, "endColumn": 11},
                },
            },
            {
                "id": 2,
                "message": {"text": "it is used here"},
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 9},
                },
            },
        ],
        "partialFingerprints": {"primaryLocationLineHash": line_hashes(SOURCE.text)[3]},
        "properties": {"requirement": "iam.least-privilege"},
    }


def test_every_result_has_four_coordinates_a_fingerprint_and_an_index_that_fits() -> None:
    rules = FULL["tool"]["driver"]["rules"]
    for result in FULL["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert re.fullmatch(r"[0-9a-f]+:\d+", result["partialFingerprints"]["primaryLocationLineHash"])
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["level"]


def test_brackets_that_would_read_as_a_link_are_escaped() -> None:
    (result,) = run_of(replace(FOUND, message='p["a"](1) and q["b"]', related=()))["results"]
    assert result["message"]["text"] == r'p\["a"](1) and q["b"]. What would be right: name the actions.'


def test_paths_are_relative_to_the_root_which_the_run_names() -> None:
    assert FULL["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///repo/"}}
    nameless = run_of(root=".")["originalUriBaseIds"]["%SRCROOT%"]
    assert "uri" not in nameless
    assert nameless["description"]["text"]


def test_a_file_outside_the_root_has_an_absolute_uri() -> None:
    outside = Source("/else where/a.tf", "a = 1\n")
    (result,) = run_of(replace(NOTED, span=at("a", outside)))["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "file:///else%20where/a.tf"}


def test_a_file_name_that_is_not_utf8_keeps_its_bytes() -> None:
    odd = Source("/repo/a\udcff:b.tf", "a = 1\n")
    (result,) = run_of(replace(NOTED, span=at("a", odd)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%FF%3Ab.tf"


def test_doubts_and_notices_are_notifications_and_no_results() -> None:
    assert [result["ruleId"] for result in FULL["results"]] == ["iam/wildcard-action", "naming/label-style"]
    (invocation,) = FULL["invocations"]
    notice, doubt = invocation["toolExecutionNotifications"]
    assert notice == {"level": "warning", "message": {"text": "a notice"}}
    assert doubt["level"] == "note"
    assert doubt["message"] == {"text": "may be: var.x has no default"}
    assert doubt["associatedRule"] == {"id": "iam/wildcard-action", "index": 0}
    assert doubt["locations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_a_run_that_judged_everything_is_successful() -> None:
    (invocation,) = run_of(FOUND, NOTED, doubts=(DOUBT,))["invocations"]
    assert invocation["executionSuccessful"] is True


def test_rules_that_were_held_back_make_the_run_unsuccessful() -> None:
    (invocation,) = run_of(notices=("2 rules are held back",))["invocations"]
    assert invocation["executionSuccessful"] is False


def test_a_failure_makes_the_run_unsuccessful_so_that_no_alert_is_closed() -> None:
    (invocation,) = run_of(failures=("iam/b crashed",))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"] == [{"level": "error", "message": {"text": "iam/b crashed"}}]


def test_a_broken_file_makes_the_run_unsuccessful_so_that_no_alert_is_closed() -> None:
    run = run_of(Finding("syntax/invalid", Severity.ERROR, "the { isn't closed", at("{"), ""))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["level"] == "error"
    assert notification["message"] == {"text": "not judged: the { isn't closed"}
    assert len(run["results"]) == 1


@pytest.mark.parametrize("place", ["findings", "doubts"])
def test_a_finding_of_a_rule_that_was_not_judged_fails_loudly(place: str) -> None:
    stray = replace(DOUBT, rule="no/such")
    report = Report((SOURCE,), RULES, (stray,) if place == "findings" else (), (stray,) if place == "doubts" else ())
    with pytest.raises(LookupError, match="there is a finding of no/such, but the run judged no such rule"):
        FORMATS["sarif"](report, RenderOptions("/repo", "1.0"))


@pytest.mark.parametrize(
    ("python", "semantic"),
    [
        ("1.2.3", "1.2.3"),
        ("1.2", "1.2.0"),
        ("1", "1.0.0"),
        ("1.2.3rc1", "1.2.3-rc1"),
        ("1.2.0.dev3", "1.2.0-dev3"),
        ("1.2a1.dev3+g12.d4", "1.2.0-a1.dev3+g12.d4"),
        ("nonsense", "0.0.0"),
    ],
)
def test_the_version_is_told_as_a_semantic_one(python: str, semantic: str) -> None:
    assert semantic_version(python) == semantic


@pytest.mark.slow
@given(st.text(st.sampled_from("a\n\r𝛑漢\ufeff\u0301") | st.characters(), max_size=200), st.data())
def test_columns_count_utf16_units_from_the_line_feed(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = utf16_column(Source("a.tf", text), offset)
    before = text[:offset].removeprefix("\ufeff").rpartition("\n")[2]
    assert line == text.count("\n", 0, offset) + 1
    assert column == len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1


@pytest.mark.slow
@given(st.text(st.characters(), min_size=1), st.text(), st.text())
def test_whatever_the_texts_hold_the_log_is_valid_and_can_be_written(text: str, message: str, label: str) -> None:
    source = Source("a.tf", text)
    span = Span(source, 0, len(text))
    found = Finding("iam/wildcard-action", Severity.ERROR, message, span, label, label, label, (Related(label, span),))
    report = Report((source,), RULES, (found,), (replace(found, doubt=label),), (label,), (message,))
    log = FORMATS["sarif"](report, RenderOptions("/repo", "1.0"))
    VALIDATOR.validate(json.loads(log.encode("utf-8")))


def test_the_object_model_is_imported_only_when_sarif_is_asked_for() -> None:
    program = (
        "import sys; from tflint_tap.lint import Report; from tflint_tap.report import FORMATS, RenderOptions;"
        "FORMATS['text'](Report((), (), ()), RenderOptions('', '1')); FORMATS['json'](Report((), (), ()),"
        "RenderOptions('', '1')); print('sarif_om' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "False\n"
