"""Names out of scope: what is said of them, what would be right, and what is one cause."""

from __future__ import annotations

import pytest

from tests.cards import RULES, in_contract, judged, rule_named
from tests.stacks import lint_text

SCOPE = rule_named("references/out-of-scope")


def found(text: str) -> list[tuple[int, str, str]]:
    report = judged(SCOPE, text)
    assert report.doubts == ()
    assert report.failures == ()
    return [(finding.span.line, finding.message, finding.remedy) for finding in report.findings]


def resource(*lines: str) -> str:
    return 'resource "aws_sqs_queue" "q" {\n' + "".join(f"  {line}\n" for line in lines) + "}\n"


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        (
            resource("name = each.key"),
            "each.key can't be used here: aws_sqs_queue.q has no for_each",
            "give the block a for_each, or name what is meant",
        ),
        (
            resource("name = each.key", "count = 1"),
            "each.key can't be used here: aws_sqs_queue.q has no for_each",
            "use count.index, which a block with count has",
        ),
        (
            resource("name = count.index", "for_each = {}"),
            "count.index can't be used here: aws_sqs_queue.q has no count",
            "use each.key, which a block with for_each has",
        ),
        (
            resource("for_each = [each.value]"),
            "each.value can't be used in for_each itself",
            "use the expression of for_each",
        ),
        (
            "locals {\n  a = count.index\n}\n",
            "count.index can't be used here: only resource, data, ephemeral and module blocks can have count",
            "use a for expression, which binds names of its own",
        ),
        (
            "locals {\n  a = each.key\n}\n",
            "each.key can't be used here: only resource, data, ephemeral, module and import blocks can have for_each",
            "use a for expression, which binds names of its own",
        ),
        (
            resource("name = self.id"),
            "self.id can't be used here: only provisioners, connections and postconditions know self",
            "refer to what the argument itself is made of, or check it in a postcondition",
        ),
        (
            "locals {\n  a = self\n}\n",
            "self can't be used here: only provisioners, connections and postconditions know self",
            "refer to what is meant by its address",
        ),
        (
            "locals {\n  a = path.file\n}\n",
            "path.file is nothing that Terraform has",
            "use path.module, path.root or path.cwd",
        ),
        (
            "locals {\n  a = terraform.env\n}\n",
            "terraform.env is nothing that Terraform has",
            "use terraform.workspace",
        ),
        (
            resource("name = each.name", "for_each = {}"),
            "each.name is nothing that Terraform has",
            "use each.key or each.value",
        ),
        (
            'variable "v" {\n  default = local.l\n}\nlocals {\n  l = 1\n}\n',
            "local.l can't be referred to here: default has to be a constant",
            "leave the default out or make it null, and choose the value in a local",
        ),
        (
            'terraform {\n  backend "s3" {\n    bucket = "${path.module}-x"\n  }\n}\n',
            "path.module can't be referred to here: bucket has to be a constant",
            "write the value itself",
        ),
        (
            resource("for_each = {}", 'provisioner "local-exec" {', "when = destroy", "command = each.value", "}"),
            "each.value can't be referred to here: when a resource is destroyed, there are self, count.index and"
            " each.key only",
            "keep it in an argument of the resource, and read that from self",
        ),
    ],
)
def test_what_is_so_and_what_would_be_right(text: str, message: str, remedy: str) -> None:
    assert [pair[1:] for pair in found(text)] == [(message, remedy)]


def test_the_same_lack_is_one_finding_with_its_other_places() -> None:
    text = resource("name = each.key", "tags = { A = each.value.x }", "policy = count.index")
    report = judged(SCOPE, text)
    assert [finding.span.text for finding in report.findings] == ["each.key", "count.index"]
    assert [(related.message, related.span.line) for related in report.findings[0].related] == [
        ("each.value stands here too", 3)
    ]


def test_an_iterators_dynamic_block_is_related() -> None:
    text = resource("name = it.value.name", 'dynamic "x" {', "for_each = [1]", "iterator = it", "content {", "}", "}")
    (finding,) = judged(SCOPE, text).findings
    assert finding.span.text == "it.value"
    assert [(related.message, related.span.line) for related in finding.related] == [("it is of this block", 3)]


@pytest.mark.parametrize("symbol", ["x.value", "it.value", "it", "x"])
def test_an_iterator_out_of_scope_is_not_undeclared_as_well(symbol: str) -> None:
    text = resource(f"name = {symbol}", 'dynamic "x" {', "for_each = [1]", "iterator = it", "content {", "}", "}")
    rules = tuple(rule for rule in RULES if rule.family == "references" and rule.id != "references/unused-resource")
    (finding,) = lint_text(text, *rules).findings
    assert finding.rule == "references/out-of-scope"


def test_a_resource_of_an_iterators_name_is_meant_by_it() -> None:
    text = resource("name = x.value.name", 'dynamic "x" {', "for_each = [1]", "content {", "}", "}")
    assert found(text + 'resource "x" "value" {}\n') == []


@pytest.mark.parametrize(
    "text",
    [
        'provider "aws" {\n  alias    = "by_region"\n  for_each = var.regions\n  region   = each.key\n}\n',
        'ephemeral "aws_ssm_parameter" "p" {\n  for_each = {}\n  arn = each.key\n}\n',
        'output "o" {\n  value = terraform.applying\n}\n',
        'variable "v" {\n  default = "each.key"\n  type = object({ self = string })\n}\n',
        'unheard_of "x" {\n  value = each.key\n}\n',
        'locals {\n  a = "%{for count in [1]}${count}%{endfor}"\n}\n',
    ],
)
def test_what_is_sound_or_none_of_its_business_is_passed_over(text: str) -> None:
    assert found(text) == []


def test_a_constant_that_names_nothing_declared_is_left_to_undeclared() -> None:
    assert found('variable "v" {\n  default = local.lost\n}\n') == []


def test_a_local_is_the_address_of_what_stands_in_it() -> None:
    report = judged(SCOPE, "locals {\n  a = 1\n  b = [each.key]\n}\n")
    assert [finding.address for finding in report.findings] == ["local.b"]


def test_a_name_out_of_scope_breaks_the_contract() -> None:
    (finding,) = in_contract(resource("name = each.key"), SCOPE).findings
    assert finding.requirement == "format.consistent"
