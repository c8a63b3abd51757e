"""Values from the environment and from several sets of inputs, given to the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cards import RULES, rule_named
from tests.commands import run
from tests.stacks import inputs_of, target_of
from tflint_tap.input_sets import joined
from tflint_tap.lint import Report, lint
from tflint_tap.rulebook.examples import DAY
from tflint_tap.terraform.evaluation.inputs import read_inputs
from tflint_tap.text.source import Source

STACK = """variable "encrypted" {
  type = bool
}

variable "name" {
  type    = string
  default = "jobs"
}

resource "aws_sqs_queue" "jobs" {
  name                    = var.name
  sqs_managed_sse_enabled = var.encrypted
}

# tap:ignore[encryption/unencrypted-queue] reason: it holds nothing
resource "aws_sqs_queue" "other" {
  name                    = var.name
  sqs_managed_sse_enabled = var.encrypted
}
"""
CHOSEN = ("encryption/unencrypted-queue", "naming/invalid-name", "naming/collision", "variables/undeclared-value")
SETS = {
    "dev.tfvars": "encrypted = false\n",
    "prod.tfvars": 'encrypted = true\nname = "a b"\nowner = "x"\n',
    "test.tfvars": 'encrypted = true\nname = "a b"\n',
}


def judged(*sets: str) -> Report:
    """What some rules say of the stack under sets of inputs."""
    rules = tuple(rule for rule in RULES if rule.id in CHOSEN or rule.family == "suppressions")
    target = target_of(STACK)
    reports = {}
    for name in sets:
        inputs = {target: read_inputs((), [Source(name, SETS[name])])}
        reports[name] = lint([target], rules, inputs, {rule.id for rule in RULES}, DAY)
    return joined(reports)


def said(report: Report) -> set[tuple[str, int, tuple[str, ...]]]:
    return {(one.rule, one.span.line, one.inputs) for one in (*report.findings, *report.doubts)}


def test_what_holds_under_all_sets_is_told_once_and_all_else_with_its_sets() -> None:
    report = judged("dev.tfvars", "prod.tfvars", "test.tfvars")
    assert said(report) == {
        ("encryption/unencrypted-queue", 12, ("dev.tfvars",)),
        ("naming/invalid-name", 11, ("prod.tfvars", "test.tfvars")),
        ("naming/invalid-name", 17, ("prod.tfvars", "test.tfvars")),
        ("naming/collision", 17, ("dev.tfvars",)),
        ("naming/collision", 17, ("prod.tfvars", "test.tfvars")),
        ("variables/undeclared-value", 3, ("prod.tfvars",)),
    }
    assert report.sets == ("dev.tfvars", "prod.tfvars", "test.tfvars")
    assert [item.finding.span.line for item in report.silenced] == [18]


def test_a_comment_is_idle_if_it_silences_nothing_under_any_set() -> None:
    assert "suppressions/idle" in {rule for rule, *_ in said(judged("prod.tfvars", "test.tfvars"))}
    one = judged("test.tfvars")
    assert "suppressions/idle" in {rule for rule, *_ in said(one)}
    assert {inputs for *_, inputs in said(one)} == {()}
    assert one.sets == ()


def test_a_file_of_values_for_several_modules_serves_them_all() -> None:
    first, second = (target_of(f'variable "{name}" {{}}\n', path=f"{name}/main.tf") for name in "ab")
    values = Source("x.tfvars", "a = 1\nb = 2\nc = 3\n")
    inputs = {target: read_inputs((), [values]) for target in (first, second)}
    rule = rule_named("variables/undeclared-value")
    report = lint([first, second], (rule,), inputs)
    assert [finding.span.text for finding in report.findings] == ["c"]
    report = lint([first], (rule,), {first: inputs[first]})
    assert [finding.span.text for finding in report.findings] == ["b", "c"]


def test_values_of_the_environment_for_other_stacks_are_passed_over() -> None:
    target = target_of('variable "a" {\n  type = number\n}\n')
    inputs = read_inputs((), (), (), {"TF_VAR_a": "1", "TF_VAR_b": "2"})
    assert lint([target], (rule_named("variables/undeclared-value"),), {target: inputs}).findings == ()


def test_files_that_terraform_reads_by_itself_are_judged_in_json_too() -> None:
    target = target_of('variable "region" {}\n')
    inputs = inputs_of((), {"terraform.tfvars.json": '{"//": "x", "regoin": "a", "region": "b"}'})
    (finding,) = lint([target], (rule_named("variables/undeclared-value"),), {target: inputs}).findings
    assert (finding.span.text, finding.remedy) == ('"regoin"', "did you mean region?")


@pytest.mark.slow
def test_the_command_tells_the_sets(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(STACK)
    for name, text in SETS.items():
        (tmp_path / name).write_text(text)
    arguments = ["main.tf", "--select", ",".join(CHOSEN), "--inputs", "dev.tfvars", "--inputs", "prod.tfvars"]
    done = run(*arguments, "--quiet", cwd=tmp_path)
    assert done.returncode == 1
    assert (
        "main.tf:12:29: error encryption/unencrypted-queue: aws_sqs_queue.jobs does not turn on server-side "
        "encryption (under dev.tfvars)\n"
    ) in done.stdout
    done = run(*arguments, "--format", "json", cwd=tmp_path)
    listed = json.loads(done.stdout)["findings"]
    assert {(one["rule"], *one["inputs"]) for one in listed} >= {("variables/undeclared-value", "prod.tfvars")}
    (log,) = json.loads(run(*arguments, "--format", "sarif", cwd=tmp_path).stdout)["runs"]
    assert ["dev.tfvars"] in [one.get("properties", {}).get("inputs") for one in log["results"]]
    assert " under 2 sets of inputs; not shown: 1 suppressed\n" in run(*arguments, cwd=tmp_path).stdout
    # what stands behind a set wins, and so does a set over what stands before it
    fixed = run(*arguments, "--var", "encrypted=true", "--var", "name=x", "--quiet", cwd=tmp_path)
    assert "encryption/" not in fixed.stdout
    over = run("main.tf", "--var", "encrypted=true", *arguments[1:], "--quiet", cwd=tmp_path)
    assert "encryption/unencrypted-queue" in over.stdout
    done = run("main.tf", "--select", "encryption", "--quiet", cwd=tmp_path, TF_VAR_encrypted="false", TF_VAR_x="1")
    assert (done.returncode, done.stdout.count("unencrypted-queue")) == (1, 1)
    done = run("main.tf", "--inputs", "none.tfvars", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, "tap-lint: none.tfvars: no such file or directory\n")
