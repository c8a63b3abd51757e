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
from tflint_tap.report import FORMATS, RenderOptions, sarif
from tflint_tap.report.fingerprint import line_hashes
from tflint_tap.report.json_ import schema_data
from tflint_tap.report.sarif import semantic_version, utf16_column
from tflint_tap.report.sarif_rules import HOME
from tflint_tap.rule import Finding, Hit, Rule, Severity, Texts
from tflint_tap.suppressions.application import Silenced
from tflint_tap.suppressions.comments import Suppression
from tflint_tap.text.source import ORIGIN, STEP, USE, Related, Source, Span

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
        ('resource "a" "b" {\n#^^^^^^^^^^^^^^^^^^ allows\n}\n', "a = 1\n"),
        ('resource "c" "d" {\n}\n',),
        ("the handbook, page [7]", "https://docs.aws.amazon.com/IAM/latest/UserGuide/"),
        ("CIS 0", "CWE-79", *(f"CIS {number}" for number in range(1, 30))),
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
    category: str = "tap-lint",
    rules: tuple[Rule, ...] = RULES,
    **others: Any,
) -> Json:
    report = Report((SOURCE,), rules, findings, doubts, notices, failures, **others)
    log = json.loads(FORMATS["sarif"](report, RenderOptions(root=root, version=version, category=category)))
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
        "tags": ["security", "iam", "external/cwe/cwe-079", *WILDCARD.frameworks[:17]],
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


def test_the_help_is_why_and_one_bad_and_one_good_example_without_marks() -> None:
    help_ = FULL["tool"]["driver"]["rules"][0]["help"]
    frameworks = ", ".join(WILDCARD.frameworks)
    assert (
        help_["text"]
        == f"""\
Policy allows every action of a *service*

Who takes over the function
can do **anything**.

Not like this:

resource "a" "b" {{
}}

Like this:

resource "c" "d" {{
}}

References:
- the handbook, page [7]
- https://docs.aws.amazon.com/IAM/latest/UserGuide/

Frameworks: {frameworks}"""
    )
    assert (
        help_["markdown"]
        == f"""\
**Policy allows every action of a \\*service\\***

Who takes over the function
can do **anything**.

### Not like this

```hcl
resource "a" "b" {{
}}
```

### Like this

```hcl
resource "c" "d" {{
}}
```

### References

- the handbook, page \\[7\\]
- <https://docs.aws.amazon.com/IAM/latest/UserGuide/>

Frameworks: {frameworks}"""
    )


def test_a_fence_is_longer_than_those_in_the_example() -> None:
    rule = replace(LABEL, texts=lambda: Texts("why", ("# ```\n",), ("a = 1\n",)))
    (described,) = run_of(rules=(rule,))["tool"]["driver"]["rules"]
    assert "````hcl\n# ```\n````" in described["help"]["markdown"]


def test_a_rule_has_a_name_and_a_page_or_the_page_of_the_tool() -> None:
    wildcard, label, _ = FULL["tool"]["driver"]["rules"]
    assert (wildcard["name"], label["name"]) == ("IamWildcardAction", "NamingLabelStyle")
    assert wildcard["helpUri"] == "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
    assert label["helpUri"] == FULL["tool"]["driver"]["informationUri"] == HOME


@pytest.mark.parametrize(
    ("id_", "severity", "precision", "told"),
    [
        ("iam/a", Severity.ERROR, "high", "high"),
        ("secrets/a", Severity.ERROR, "medium", "medium"),
        ("schema/a", Severity.ERROR, "high", "very-high"),
        ("schema/a", Severity.WARNING, "high", "high"),
        ("schema/a", Severity.ERROR, "medium", "medium"),
    ],
)
def test_what_terraform_refuses_is_very_precise_the_rest_as_the_card_says(
    id_: str, severity: Severity, precision: str, told: str
) -> None:
    rule = replace(LABEL, id=id_, severity=severity, texts=lambda: Texts("why", (), (), precision=precision))
    (described,) = run_of(rules=(rule,))["tool"]["driver"]["rules"]
    assert described["properties"]["precision"] == told


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


def notifications_of(run: Json) -> list[tuple[str, str, str]]:
    """The kind, level and text of each notification; its descriptor leads to that of the kind."""
    kinds = [kind["id"] for kind in run["tool"]["driver"]["notifications"]]
    (invocation,) = run["invocations"]
    told = invocation.get("toolExecutionNotifications", [])
    assert all(kinds[one["descriptor"]["index"]] == one["descriptor"]["id"] for one in told)
    return [(one["descriptor"]["id"], one["level"], one["message"]["text"]) for one in told]


def is_successful(run: Json) -> bool:
    (invocation,) = run["invocations"]
    assert isinstance(invocation["executionSuccessful"], bool)
    return invocation["executionSuccessful"]


def test_doubts_and_notices_are_notifications_and_no_results() -> None:
    assert [result["ruleId"] for result in FULL["results"]] == ["iam/wildcard-action", "naming/label-style"]
    assert notifications_of(FULL) == [
        ("notice", "warning", "a notice."),
        ("doubt", "note", "may be: var.x has no default."),
    ]
    doubt = FULL["invocations"][0]["toolExecutionNotifications"][1]
    assert doubt["associatedRule"] == {"id": "iam/wildcard-action", "index": 0}
    assert doubt["locations"][0]["physicalLocation"]["region"]["startLine"] == 3


def test_a_run_that_judged_everything_is_successful() -> None:
    assert is_successful(run_of(FOUND, NOTED, doubts=(DOUBT,)))


def test_a_notice_that_is_only_to_be_known_leaves_the_run_successful() -> None:
    assert is_successful(run_of(notices=("tap_stack.tf follows no contract",)))


def test_rules_that_were_held_back_make_the_run_unsuccessful() -> None:
    run = run_of(notices=("2 rules were not checked",), unjudged=("2 rules were not checked",))
    assert not is_successful(run)
    assert notifications_of(run) == [("unjudged", "warning", "2 rules were not checked.")]


def test_a_failure_makes_the_run_unsuccessful_so_that_no_alert_is_closed() -> None:
    run = run_of(failures=("iam/b crashed",))
    assert not is_successful(run)
    assert notifications_of(run) == [("failure", "error", "iam/b crashed.")]


BROKEN = Finding("syntax/invalid", Severity.ERROR, "the { isn't closed", at("{"), "")


def test_a_broken_file_makes_the_run_unsuccessful_so_that_no_alert_is_closed() -> None:
    run = run_of(BROKEN)
    assert not is_successful(run)
    assert notifications_of(run) == [("unread", "error", "not judged: the { isn't closed.")]
    assert len(run["results"]) == 1


def test_a_broken_file_that_a_comment_silences_is_still_not_judged() -> None:
    comment = Suppression((), None, "", None, None, "why", at("# x"), at("# x"), (), settled=False)
    run = run_of(silenced=(Silenced(BROKEN, comment),))
    assert not is_successful(run)
    assert run["results"] == []
    assert notifications_of(run)[0] == ("unread", "error", "not judged: the { isn't closed.")


def test_what_is_left_out_is_told_by_its_reasons() -> None:
    run = run_of(left_out={"in the baseline": 3, "below error": 0}, stale=("iam/a: b is gone",))
    assert notifications_of(run) == [
        ("stale", "note", "iam/a: b is gone."),
        ("left-out", "note", "3 findings and doubts are left out: in the baseline."),
    ]
    assert is_successful(run)


def test_of_too_many_findings_the_least_severe_are_left_out_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sarif.MOST_RESULTS == 25_000
    monkeypatch.setattr(sarif, "MOST_RESULTS", 20)
    noted = [replace(NOTED, message=str(number)) for number in range(20)]
    run = run_of(*noted[:7], FOUND, *noted[7:], FOUND)
    assert len(run["results"]) == 20
    texts = [result["message"]["text"] for result in run["results"] if result["ruleIndex"] == 1]
    assert texts == [f"{number}." for number in range(18)]
    assert [number for number, result in enumerate(run["results"]) if result["ruleIndex"] == 0] == [7, 19]
    told = "2 of 22 findings are left out, the least severe: GitHub takes 20 results of a run."
    assert notifications_of(run) == [("left-out", "warning", told)]
    assert is_successful(run)


def test_a_category_tells_runs_apart() -> None:
    assert run_of(category="prod/eu")["automationDetails"] == {"id": "prod/eu/"}
    assert run_of(category="prod/")["automationDetails"] == {"id": "prod/"}


def flows_of(finding: Finding) -> list[list[tuple[str, int]]]:
    """The code flows of a finding: the message and line of each step."""
    (result,) = run_of(finding)["results"]
    return [
        [
            (step["location"]["message"]["text"], step["location"]["physicalLocation"]["region"]["startLine"])
            for step in flow["threadFlows"][0]["locations"]
        ]
        for flow in result.get("codeFlows", [])
    ]


PLAIN = replace(FOUND, message="it is so", related=())
HERE = ("it is so", 4)


def test_a_finding_without_a_way_has_no_code_flow() -> None:
    assert flows_of(replace(PLAIN, related=(Related("there", at("# x")),))) == []


def test_each_origin_of_a_value_is_a_flow_to_the_place() -> None:
    origins = (Related("var.a defaults to 1 here", at("# x"), ORIGIN), Related("local.b is 2 here", at("{"), ORIGIN))
    assert flows_of(replace(PLAIN, related=origins)) == [
        [("var.a defaults to 1 here", 3), HERE],
        [("local.b is 2 here", 1), HERE],
    ]


def test_where_a_value_goes_is_a_flow_from_the_place() -> None:
    assert flows_of(replace(PLAIN, related=(Related("it is used here", at("# x"), USE),))) == [
        [HERE, ("it is used here", 3)]
    ]


def test_the_steps_of_a_way_are_one_flow_from_the_place() -> None:
    steps = (Related("a leads to b", at("# x"), STEP), Related("aside", at("{")), Related("b to c", at("{"), STEP))
    assert flows_of(replace(PLAIN, related=steps)) == [[HERE, ("a leads to b", 3), ("b to c", 1)]]


def test_an_edge_is_a_flow_of_its_own_without_steps_that_stand_still() -> None:
    way = (Related("a is here", at("{")), Related("a redrives to b here", at("# x")), Related("b is here", at("# x")))
    assert flows_of(replace(PLAIN, way=way)) == [[("a is here", 1), ("a redrives to b here", 3)]]


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
