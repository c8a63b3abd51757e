"""References: what isn't declared, what only looks like a reference, and what Terraform says of the same text."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cards import in_contract, judged, rule_named
from tests.stacks import SHARED, lint_text
from tflint_tap.lint import Report
from tflint_tap.text.nearest import MOST_SUGGESTED

UNDECLARED = rule_named("references/undeclared")
VALIDATE = SHARED / "terraform" / "tfvalidate"


def output(value: str) -> str:
    return f'output "x" {{\n  value = {value}\n}}\n'


def found(report: Report) -> list[tuple[int, str, str]]:
    assert report.doubts == ()
    assert report.failures == ()
    return [(finding.span.line, finding.message, finding.remedy) for finding in report.findings]


# Suggestions

DECLARED = """\
variable "region" {}
variable "environment" {}
locals {
  common_tags = {}
  only_local  = 1
}
data "aws_caller_identity" "current" {}
resource "aws_sqs_queue" "jobs" {}
resource "aws_sqs_queue" "late_jobs" {}
module "network" {
  source = "./network"
}
"""


@pytest.mark.parametrize(
    ("symbol", "name", "remedy"),
    [
        ("var.regoin", "var.regoin", "declare it; did you mean var.region?"),
        ("var.Environment", "var.Environment", "declare it; did you mean var.environment?"),
        ("local.common_tag", "local.common_tag", "declare it; did you mean local.common_tags?"),
        ("var.only_local", "var.only_local", "declare it; did you mean local.only_local?"),
        ("local.region", "local.region", "declare it; did you mean var.region?"),
        ("vars.region", "vars.region", "declare it; did you mean var.region?"),
        ("aws_sqs_queue.job.arn", "aws_sqs_queue.job", "declare it; did you mean aws_sqs_queue.jobs?"),
        ("aws_sqs_queues.jobs.arn", "aws_sqs_queues.jobs", "declare it; did you mean aws_sqs_queue.jobs?"),
        (
            "aws_caller_identity.current.id",
            "aws_caller_identity.current",
            "declare it; did you mean data.aws_caller_identity.current?",
        ),
        ("data.aws_sqs_queue.jobs.url", "data.aws_sqs_queue.jobs", "declare it; did you mean aws_sqs_queue.jobs?"),
        ("module.netwrok.ids", "module.netwrok", "declare it; did you mean module.network?"),
        ("aws_kms_key.stack.arn", "aws_kms_key.stack", "declare it"),
        ("resource.aws_kms_key.stack.arn", "aws_kms_key.stack", "declare it"),
        ("ephemeral.aws_ssm_parameter.p", "ephemeral.aws_ssm_parameter.p", "declare it"),
    ],
)
def test_the_nearest_declared_name_is_suggested(symbol: str, name: str, remedy: str) -> None:
    assert found(judged(UNDECLARED, DECLARED + output(symbol))) == [(14, f"{name} is not declared", remedy)]


@pytest.mark.parametrize(
    ("symbol", "message", "remedy"),
    [
        (
            "foo",
            "foo is not a reference: a reference to a resource needs a type and a name",
            'write "foo" for a string',
        ),
        (
            "region",
            "region is not a reference: a reference to a resource needs a type and a name",
            'write "region" for a string; did you mean var.region?',
        ),
        ("TRUE", "TRUE is not a reference: a reference to a resource needs a type and a name", "did you mean true?"),
        (
            "aws_sqs_queue",
            "aws_sqs_queue is not a reference: a reference to a resource needs a type and a name",
            "add a name, such as aws_sqs_queue.jobs",
        ),
        ('var["region"]', "var is not a reference: it needs a name: var.NAME", "add a name after var."),
        (
            "data.aws_region",
            "data.aws_region is not a reference: it needs a type and a name",
            "write both: data.TYPE.NAME",
        ),
    ],
)
def test_a_reference_that_names_no_declaration_says_what_it_needs(symbol: str, message: str, remedy: str) -> None:
    assert found(judged(UNDECLARED, DECLARED + output(symbol))) == [(14, message, remedy)]


def test_the_span_is_the_name_and_nothing_behind_it() -> None:
    (finding,) = judged(UNDECLARED, output('"${aws_sqs_queue.q["a"].tags["x"]}"')).findings
    assert finding.span.text == "aws_sqs_queue.q"


def test_a_name_is_reported_once_with_its_further_uses() -> None:
    text = "locals {\n  a = [var.x, var.y]\n  b = var.x\n}\n" + output("var.x.z")
    report = judged(UNDECLARED, text)
    assert [finding.message for finding in report.findings] == ["var.x is not declared", "var.y is not declared"]
    assert [(related.message, related.span.line) for related in report.findings[0].related] == [
        ("var.x is used here too", 3),
        ("var.x is used here too", 6),
    ]


# What isn't a reference, or is bound

NESTED = """\
resource "aws_lb" "l" {
  dynamic "a" {
    for_each = [1]
    iterator = it
    content {
      x = it.value
      dynamic "b" {
        for_each = it.value
        content {
          y = b.key + it.key
        }
      }
    }
  }
}
"""
PROVISIONER = """\
resource "aws_sqs_queue" "q" {
  provisioner "local-exec" {
    when       = destroy
    on_failure = fail
  }
}
"""
ACTION = """\
action "aws_lambda_invoke" "a" {
  config {
    payload = "x"
  }
}
resource "aws_sqs_queue" "q" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.aws_lambda_invoke.a]
    }
  }
}
"""


@pytest.mark.parametrize(
    "text",
    [
        'variable "x" {\n  type = list(objekt({ a = strng }))\n}\n',
        'resource "aws_sqs_queue" "q" {\n  provider = aws.east\n  lifecycle {\n    ignore_changes = all\n  }\n}\n',
        PROVISIONER,
        'module "m" {\n  source = "./m"\n  providers = { aws = aws.east, aws.west = aws.west }\n}\n',
        "moved {\n  from = aws_sqs_queue.a\n  to = module.b.aws_sqs_queue.c[0]\n}\n",
        'import {\n  to = aws_sqs_queue.a\n  id = "x"\n  provider = aws.east\n}\n',
        "removed {\n  from = module.gone\n}\n",
        "terraform {\n  required_version = anything.goes\n}\n",
        output("{ for k, v in { a = 1 } : k => [for v in [v] : v] if v > 0 }"),
        output('"%{ for i, x in [1] }${i}${x}%{ endfor }"'),
        output("[{ a = [1] }][*].a[0]"),
        output("each.value + count.index + self.id + path.cwd + terraform.workspace"),
        output('"$${var.x} %%{if var.y}"'),
        output('{ key = 1, (upper("k")) = 2 }'),
        NESTED,
        ACTION,
    ],
)
def test_words_that_are_no_references_and_bound_names_are_passed_over(text: str) -> None:
    assert found(judged(UNDECLARED, text)) == []


def test_a_bound_name_ends_with_what_binds_it() -> None:
    report = judged(UNDECLARED, output("[[for x in [1] : x], x.y]"))
    assert [finding.message for finding in report.findings] == ["x.y is not declared"]


def test_what_another_kind_of_block_declares_is_no_resource() -> None:
    text = output("output.x") + 'check "c" {}\nprovider "aws" {}\n' + output("[check.c, aws.x]")
    report = judged(UNDECLARED, text)
    assert [finding.message for finding in report.findings] == [
        "output.x is not declared",
        "check.c is not declared",
        "aws.x is not declared",
    ]


def test_a_check_blocks_data_source_is_its_own() -> None:
    check = 'check "c" {\n  data "http" "h" {}\n  assert {\n    condition = data.http.h.ok\n  }\n}\n'
    text = check + output("data.http.h")
    (finding,) = judged(UNDECLARED, text).findings
    assert finding.span.line == 8
    assert [(related.message, related.span.line) for related in finding.related] == [
        ("this data source can be used in its check block only", 2)
    ]


# Files


def test_a_file_of_the_folder_declares_for_all_others() -> None:
    files = {"main.tf": output("var.x"), "variables.tf": 'variable "x" {}\n'}
    assert lint_text(files, UNDECLARED, shown=["main.tf"]).findings == ()


def test_a_contracts_file_stands_alone() -> None:
    (finding,) = in_contract(output("var.x"), UNDECLARED).findings
    assert (finding.message, finding.requirement) == ("var.x is not declared", "format.consistent")


def test_nothing_is_missing_from_a_file_that_is_broken() -> None:
    report = judged(UNDECLARED, output("var.x") + "locals {\n  y = = 1\n}\n")
    assert report.findings == ()
    assert len(report.notices) == 1


# Functions


@pytest.mark.parametrize(
    ("call", "message", "remedy"),
    [
        ("lenght([1])", "lenght is not a function of Terraform", "did you mean length?"),
        ("core::joinn([1])", "core::joinn is not a function of Terraform", "did you mean join?"),
        (
            "provider::aws::arn_parse(1)",
            "provider::aws::arn_parse is not declared: the module requires no provider aws",
            "add aws to required_providers",
        ),
    ],
)
def test_a_function_that_there_is_not_is_found_anywhere(call: str, message: str, remedy: str) -> None:
    assert found(judged(UNDECLARED, output(f'[for x in [1] : {{ a = "${{{call}}}" }}]'))) == [(2, message, remedy)]


def test_a_function_like_no_other_may_be_a_later_versions() -> None:
    report = judged(UNDECLARED, output("zzzzqqqq(1)"))
    assert report.findings == ()
    assert [doubt.doubt for doubt in report.doubts] == [
        "Terraform 1.11 has no function of that name, a later version may"
    ]


def test_functions_of_required_providers_are_declared() -> None:
    text = 'terraform {\n  required_providers {\n    time = { source = "hashicorp/time" }\n  }\n}\n'
    assert found(judged(UNDECLARED, text + output('provider::time::rfc3339_parse("x")'))) == []


def test_a_contracts_file_has_the_aws_provider_from_elsewhere() -> None:
    report = in_contract(output("[provider::aws::arn_parse(1), provider::time::rfc3339_parse(1)]"), UNDECLARED)
    assert [finding.span.text for finding in report.findings] == ["provider::time::rfc3339_parse"]


# Terraform's own view

REFERENCES = """\
var.region
var.regoin
local.only_local
local.region
aws_sqs_queue.jobs
resource.aws_sqs_queue.jobs.arn
resource.aws_sqs_queue.job.arn
aws_sqs_queue.jobs[*].arn
aws_sqs_queue
aws_sqs_queue.*.arn
foo
True
output.x
var["region"]
data.aws_caller_identity.current.id
data.aws_caller_identity.currant.id
data.aws_region
aws_caller_identity.current.id
module.network
[for a, b in {} : a]
[for a in [] : c]
lenght([1])
length([1])
path.module
terraform.workspace
"%{ if var.lost }x%{ endif }"
{ a = var.lost }
{ (local.lost) = 1 }
can(var.lost)
try(local.lost, 1)
true ? 1 : var.lost
"""


@pytest.mark.skipif(
    not VALIDATE.exists() or shutil.which("terraform") is None,
    reason="terraform and its stand-in for the AWS provider are not at hand",
)
@pytest.mark.slow
def test_terraform_refuses_the_same_references(tmp_path: Path) -> None:
    outputs = (
        f'output "o{number}" {{\n  value = {value}\n}}\n' for number, value in enumerate(REFERENCES.splitlines())
    )
    text = (DECLARED + "".join(outputs)).replace(
        'resource "aws_sqs_queue" "jobs" {}', 'resource "aws_sqs_queue" "jobs" {\n}'
    )
    (tmp_path / "main.tf").write_text(text)
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / "main.tf").write_text('output "ids" {\n  value = 1\n}\n')
    said = subprocess.run([VALIDATE, tmp_path], capture_output=True, text=True, timeout=120, check=False)
    places = re.findall(r"Error: [^\n]*\n\n  on main\.tf line (\d+)", said.stdout + said.stderr)
    errors = {int(number) for number in places}
    report = judged(UNDECLARED, text)
    spans = [finding.span for finding in report.findings]
    spans += [related.span for finding in report.findings for related in finding.related]
    assert errors
    assert {span.line for span in spans} == errors


def test_of_thousands_of_mistaken_names_only_the_first_get_a_suggestion() -> None:
    count = MOST_SUGGESTED + 5
    names = "".join(f"  name_{number} = {number}\n" for number in range(count))
    references = ", ".join(f"local.nane_{number}" for number in range(count))
    report = judged(
        rule_named("references/undeclared"), f'locals {{\n{names}}}\noutput "o" {{\n  value = [{references}]\n}}\n'
    )
    remedies = [finding.remedy for finding in report.findings]
    assert len(remedies) == count
    assert ["did you mean " in remedy for remedy in remedies] == [True] * MOST_SUGGESTED + [False] * 5
