"""Conditions in HCL: what they judge, where they point, what they leave open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.work import LINEAR, growth
from tflint_tap.aws.schema import BlockSchema
from tflint_tap.stack import Stack
from tflint_tap.terraform.evaluation.expansion import Instance
from tflint_tap.vocabulary import views

from .writing import card, findings


def _verdict(folder: Path, require: str, argument: str, type_: str = "aws_lambda_function") -> str:
    """ "holds", "broken", or the reason of a doubt, for a block with this in it."""
    rule = card(folder, f"match: resource.{type_}\nrequire: {require}\n")
    text = f'variable "x" {{}}\nresource "aws_kms_key" "k" {{}}\nresource "{type_}" "q" {{\n{argument}\n}}\n'
    found = findings(rule, text)
    if not found:
        return "holds"
    return found[0][2] if found[0][0] == "doubt" else "broken"


@pytest.mark.parametrize(
    ("argument", "verdict"),
    [
        ("", "broken"),
        ("kms_key_arn = null", "broken"),
        ('kms_key_arn = ""', "broken"),
        ('kms_key_arn = "x"', "holds"),
        ("kms_key_arn = 0", "holds"),
        ("kms_key_arn = false", "holds"),
        ("kms_key_arn = []", "broken"),
        ("kms_key_arn = [1]", "holds"),
        ("kms_key_arn = aws_kms_key.k.arn", "holds"),
        ('kms_key_arn = "x-${var.x}"', "holds"),
        ("kms_key_arn = var.x", "var.x has no default"),
        ("kms_key_arn = module.m.arn", "module.m isn't declared"),
    ],
)
def test_given_tells_whether_an_argument_is_set(tmp_path: Path, argument: str, verdict: str) -> None:
    assert _verdict(tmp_path, "given(self.kms_key_arn)", argument) == verdict


@pytest.mark.parametrize(
    ("argument", "verdict"),
    [
        ("", "broken"),
        ("dead_letter_config {\n}", "holds"),
        ('dynamic "dead_letter_config" {\nfor_each = []\ncontent {}\n}', "broken"),
        ('dynamic "dead_letter_config" {\nfor_each = [1]\ncontent {}\n}', "holds"),
        ('dynamic "dead_letter_config" {\nfor_each = var.x\ncontent {}\n}', "var.x has no default"),
    ],
)
def test_exists_tells_whether_there_is_a_block(tmp_path: Path, argument: str, verdict: str) -> None:
    assert _verdict(tmp_path, "exists(self.dead_letter_config)", argument) == verdict


def test_an_absent_argument_is_null_wherever_it_is_read(tmp_path: Path) -> None:
    require = "'alltrue([for c in self.tracing_config : c.mode == null])'"
    assert _verdict(tmp_path, require, "tracing_config {\n}") == "holds"
    require = "'length([for mode in self.tracing_config[*].mode : mode if mode == null]) == 1'"
    assert _verdict(tmp_path, require, "tracing_config {\n}") == "holds"
    assert _verdict(tmp_path, "self.timeout == null && length(self.tracing_config) == 0", "") == "holds"


def test_what_the_provider_computes_is_a_symbol(tmp_path: Path) -> None:
    assert _verdict(tmp_path, "given(self.arn) && given(self.id)", "") == "holds"


def test_an_argument_that_only_another_matched_type_has_is_null(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        "match: [resource.aws_sqs_queue, resource.aws_sns_topic]\nrequire: self.sqs_managed_sse_enabled == null\n",
    )
    text = 'resource "aws_sns_topic" "t" {\n}\nresource "aws_sqs_queue" "q" {\n  sqs_managed_sse_enabled = true\n}\n'
    assert findings(rule, text) == [("error", 'resource "aws_sqs_queue" "q" {', "m")]


def test_unknown_gives_the_doubt_its_reason(tmp_path: Path) -> None:
    require = "'self.timeout == 1 || self.timeout == 2 && unknown(\"it is two\")'"
    assert [_verdict(tmp_path, require, f"timeout = {number}") for number in (1, 2, 3)] == [
        "holds",
        "it is two",
        "broken",
    ]


@pytest.mark.parametrize(
    ("environment", "verdict"),
    [
        ('variable "environment" {\n  default = "prod"\n}', "holds"),
        ('variable "env" {\n  default = "Production"\n}', "holds"),
        ('locals {\n  stage = "prod"\n}', "holds"),
        ('variable "environment" {\n  default = "preprod"\n}', "broken"),
        ('variable "environment" {\n}', "var.environment has no default"),
        ("", "no variable or local is called environment"),
    ],
)
def test_production_is_what_the_environment_evaluates_to(tmp_path: Path, environment: str, verdict: str) -> None:
    found = findings(
        card(tmp_path, "match: output\nrequire: production()\n"), f'{environment}\noutput "o" {{\n  value = 1\n}}\n'
    )
    assert [one[2] if one[0] == "doubt" else "broken" for one in found] == ([] if verdict == "holds" else [verdict])


def test_an_unknown_where_is_a_doubt_unless_the_requirement_holds(tmp_path: Path) -> None:
    rule = card(tmp_path, "match: resource.aws_lambda_function\nwhere: self.timeout > 3\nrequire: given(self.role)\n")

    def of(arguments: str) -> list[tuple[str, str, str]]:
        return findings(rule, f'variable "x" {{}}\nresource "aws_lambda_function" "f" {{\n{arguments}\n}}\n')

    header = 'resource "aws_lambda_function" "f" {'
    assert of("timeout = var.x") == [("doubt", header, "var.x has no default")]
    assert of('timeout = var.x\nrole = "r"') == []
    assert of("timeout = 4") == [("error", header, "m")]
    assert of("timeout = 3") == []


def test_a_module_cannot_call_what_only_conditions_may(tmp_path: Path) -> None:
    assert _verdict(tmp_path, "self.timeout == true", 'timeout = given("x")') not in ("holds", "broken")


def test_a_block_that_may_not_be_made_decides_nothing(tmp_path: Path) -> None:
    block = 'dynamic "tracing_config" {\nfor_each = var.x\ncontent {\nmode = "Active"\n}\n}'
    require = 'try(self.tracing_config[0].mode, null) == "Active"'
    assert _verdict(tmp_path, require, block) == "var.x has no default"


def test_several_conditions_make_one_rule_each_with_its_own_words(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        "conditions:\n"
        "  - match: resource.aws_sqs_queue\n"
        "    require: self.delay_seconds == 1\n"
        "    at: [kms_master_key_id, delay_seconds]\n"
        "    severity: note\n"
        "    message: ${self} waits\n"
        "  - match: resource.aws_lambda_function\n"
        "    where: self.timeout == 1\n"
        '    require: self.tracing_config[0].mode == "Active"\n'
        "    at: tracing_config.mode\n",
    )
    text = (
        'resource "aws_lambda_function" "t" {\n  timeout = 1\n  tracing_config {\n    mode = "PassThrough"\n  }\n}\n'
        'resource "aws_lambda_function" "u" {\n}\n'
        'resource "aws_sqs_queue" "q" {\n  delay_seconds = 2\n}\n'
    )
    assert findings(rule, text) == [("error", '"PassThrough"', "m"), ("note", "2", "aws_sqs_queue.q waits")]


def test_a_worse_severity_in_one_condition_leaves_the_others_theirs(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        "conditions:\n"
        "  - match: resource.aws_sqs_queue\n"
        "    require: self.delay_seconds == 1\n"
        "  - match: resource.aws_sqs_queue\n"
        "    require: self.fifo_queue == true\n"
        "    severity: error\n"
        "    at: fifo_queue\n",
        severity="note",
    )
    text = 'resource "aws_sqs_queue" "q" {\n  fifo_queue = false\n}\n'
    assert [severity for severity, _, _ in findings(rule, text)] == ["note", "error"]


def test_words_that_fail_by_the_stacks_own_mistake_are_not_known(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        "match: resource.aws_sqs_queue\nrequire: self.delay_seconds == 1\n",
        message='>-\n  ${self} is ${self.name == "a" ? "a" : "b"}, ${self.policy}, %{ if true }fifo%{ endif }',
    )
    text = 'resource "aws_sqs_queue" "q" {\n  name = {}.a\n  fifo_queue = true\n}\n'
    assert findings(rule, text) == [
        ("error", 'resource "aws_sqs_queue" "q" {', "aws_sqs_queue.q is (not known), null, fifo")
    ]


# -- let, each, at, severity, related ----------------------------------------------------------------------------

_REDRIVE = """\
match: resource.aws_sqs_queue
let: {count: "tonumber(jsondecode(self.redrive_policy).maxReceiveCount)"}
where: self.redrive_policy != null
require: count >= 5
at: jsondecode(self.redrive_policy).maxReceiveCount
"""


@pytest.mark.parametrize(
    ("written", "severity", "place"),
    [
        ("jsonencode({ maxReceiveCount = 3, deadLetterTargetArn = 1 })", "warning", "3"),
        ('jsonencode({ maxReceiveCount = "1" })', "error", '"1"'),
        ('<<-JSON\n    {"maxReceiveCount": 4}\n  JSON\n', "warning", "4"),
        ("jsonencode({ maxReceiveCount = var.most })", "warning", "var.most"),
        ("local.policy", "warning", "local.policy"),
    ],
)
def test_a_finding_points_into_the_argument_that_an_expression_reads(
    tmp_path: Path, written: str, severity: str, place: str
) -> None:
    steps = """'count < 2 ? "error" : "warning"'"""
    rule = card(tmp_path, _REDRIVE, message="gives up after ${count}", severity=steps)
    text = (
        f'resource "aws_sqs_queue" "q" {{\n  redrive_policy = {written}\n}}\n'
        'variable "most" {\n  default = 2\n}\n'
        "locals {\n  policy = jsonencode({ maxReceiveCount = 2 })\n}\n"
    )
    ((said, span, message),) = findings(rule, text)
    assert (said, span) == (severity, place)
    assert message.startswith("gives up after ")


def test_where_no_such_part_is_written_the_argument_is_pointed_at(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        "match: resource.aws_sqs_queue\n"
        "require: try(jsondecode(self.redrive_policy).maxReceiveCount, 0) > 0\n"
        "at: jsondecode(self.redrive_policy).maxReceiveCount\n",
    )
    text = 'resource "aws_sqs_queue" "q" {\n  redrive_policy = "{}"\n}\nresource "aws_sqs_queue" "p" {\n}\n'
    assert [place for _, place, _ in findings(rule, text)] == ['"{}"', 'resource "aws_sqs_queue" "p" {']


def test_each_judges_blocks_one_by_one_at_their_headers(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        'match: resource.aws_dynamodb_table\neach: self.attribute\nrequire: each.type == "S"\n',
        message="${each.name} of ${self}",
    )
    text = (
        'variable "x" {}\n'
        'resource "aws_dynamodb_table" "t" {\n'
        '  attribute {\n    name = "a"\n    type = "S"\n  }\n'
        '  attribute {\n    name = "b"\n    type = "N"\n  }\n'
        '  dynamic "attribute" {\n    for_each = var.x\n    content {\n      name = "c"\n      type = "S"\n    }\n  }\n'
        '  dynamic "attribute" {\n    for_each = var.x\n    content {\n      name = "d"\n      type = "N"\n    }\n  }\n'
        "}\n"
    )
    assert findings(rule, text) == [
        ("error", "attribute {", "b of aws_dynamodb_table.t"),
        ("doubt", 'dynamic "attribute" {', "var.x has no default"),
    ]


def test_each_judges_elements_at_the_place_where_they_are_written(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        "match: resource.aws_sfn_state_machine\n"
        "each: '[for name, state in jsondecode(self.definition).States : merge(state, {name = name})]'\n"
        "let: {name: each.name}\n"
        "require: try(length(each.Retry), 0) > 0\n"
        "at: each.Type\n",
        message="${name} of ${self}",
    )
    text = (
        'resource "aws_sfn_state_machine" "m" {\n  definition = <<-JSON\n'
        '    {"States": {"A": {"Type": "Task", "Retry": [1]}, "B": {"Type": "Wait"}}}\n  JSON\n}\n'
    )
    assert findings(rule, text) == [("error", '"Wait"', "B of aws_sfn_state_machine.m")]


def test_a_list_that_is_not_known_whole_is_a_doubt_for_what_may_be_in_it(tmp_path: Path) -> None:
    rule = card(tmp_path, 'match: resource.aws_lambda_function\neach: self.layers\nrequire: each != "x"\n')
    text = 'variable "x" {}\nresource "aws_lambda_function" "f" {\n  layers = concat(["x", "y"], var.x)\n}\n'
    assert findings(rule, text) == [
        ("error", '"x"', "m"),
        ("doubt", 'concat(["x", "y"], var.x)', "var.x has no default"),
    ]


def test_related_places_tell_the_story(tmp_path: Path) -> None:
    from tests.cards import judged

    rule = card(
        tmp_path,
        "match: resource.aws_lambda_function\n"
        "require: self.timeout < 10\n"
        "at: timeout\n"
        'related: {"${self} has ${self.memory_size} MB here": self.memory_size}\n',
    )
    report = judged(rule, 'resource "aws_lambda_function" "f" {\n  timeout = 10\n  memory_size = 128\n}\n')
    assert [(item.message, item.span.text) for item in report.findings[0].related] == [
        ("aws_lambda_function.f has 128 MB here", "128")
    ]


def test_a_finding_points_at_the_argument_that_a_name_of_let_reads(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        "match: resource.aws_lambda_function\n"
        "let:\n"
        "  all: concat(default(self.layers, []), default(self.architectures, []))\n"
        "  wrong: '[for name in all : name if name == \"x\"]'\n"
        "require: '!exists(wrong)'\n"
        "at: wrong[0]\n",
    )
    text = (
        'resource "aws_lambda_function" "f" {\n  layers = ["y"]\n  architectures = ["y", "x"]\n}\n'
        'resource "aws_lambda_function" "g" {\n  layers = var.layers\n}\n'
        'variable "layers" {\n  default = ["x"]\n}\n'
    )
    assert [place for _, place, _ in findings(rule, text)] == ['"x"', "var.layers"]


def test_a_finding_points_at_an_argument_of_a_block_that_an_expression_gives(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        "match: resource.aws_lambda_function\n"
        "let: {block: self.tracing_config}\n"
        "require: 'alltrue([for part in block : part.mode == \"Active\"])'\n"
        "at: block[0].mode\n",
    )
    text = (
        'resource "aws_lambda_function" "f" {\n  tracing_config {\n    mode = var.mode\n  }\n}\n'
        'resource "aws_lambda_function" "g" {\n  tracing_config {\n  }\n}\n'
        'variable "mode" {\n  default = "PassThrough"\n}\n'
    )
    assert [place for _, place, _ in findings(rule, text)] == ["var.mode", "tracing_config {"]


# -- what can be matched -----------------------------------------------------------------------------------------


def test_variables_outputs_and_locals_can_be_matched(tmp_path: Path) -> None:
    text = 'variable "v" {\n  type = string\n}\noutput "o" {\n  value = 1\n}\nlocals {\n  l = 2\n}\n'
    variable = card(tmp_path, 'match: variable\nrequire: self.type == "number"\nat: type\n')
    assert findings(variable, text) == [("error", "string", "m")]
    output = card(tmp_path, "match: output\nrequire: given(self.description)\n", message="${self}")
    assert findings(output, text) == [("error", 'output "o" {', "output.o")]
    local = card(tmp_path, "match: local\nrequire: self.value == 1\n", message="${self.name}")
    assert findings(local, text) == [("error", "l", "l")]


def test_blocks_can_be_matched_as_they_are_written(tmp_path: Path) -> None:
    rule = card(
        tmp_path,
        'match: [block.resource, block.data, block.provider]\nrequire: labels(self)[0] == "aws"\nat: labels(self)[0]\n',
        message="${self}",
    )
    text = (
        'resource "null_resource" "r" {\n  count = 0\n}\nprovider "aws" {\n}\nprovider "b" {\n  alias = "c"\n}\n'
        'check "c" {\n  data "http" "d" {\n    url = "https://example.com"\n  }\n}\nresource {\n}\n'
    )
    assert findings(rule, text) == [
        ("error", '"null_resource"', "null_resource.r"),
        ("error", '"b"', "provider.b"),
        ("error", '"http"', "data.http.d"),
    ]
    rule = card(tmp_path, 'match: block.terraform\nrequire: self.required_version == "1"\nat: required_version\n')
    assert findings(rule, 'terraform {\n  required_version = "2"\n}\n') == [("error", '"2"', "m")]


def test_a_bool_in_a_card_is_a_condition(tmp_path: Path) -> None:
    assert findings(card(tmp_path, "match: block.module\nrequire: false\n"), 'module "m" {\n}\n') != []
    assert findings(card(tmp_path, "match: block.module\nrequire: true\n"), 'module "m" {\n}\n') == []


def test_every_resource_can_be_matched(tmp_path: Path) -> None:
    rule = card(tmp_path, 'match: resource.*\nrequire: label(self) != "q"\n', message="${type(self)}")
    text = 'resource "aws_sqs_queue" "q" {\n}\nresource "random_id" "q" {\n}\n'
    assert [message for _, _, message in findings(rule, text)] == ["aws_sqs_queue", "random_id"]


_PASS_ROLE = """\
match: statement.identity
where: 'anytrue([for a in statement.actions : covers(a, "iam:PassRole")])'
require: '!contains(statement.resources, "*") && limits(statement, "iam:PassedToService")'
at: statement.resources
"""


def test_statements_can_be_matched(tmp_path: Path) -> None:
    rule = card(tmp_path, _PASS_ROLE, message="${policy} lets its role pass any role")
    text = (
        'resource "aws_iam_role_policy" "p" {\n  role = "r"\n  policy = jsonencode({\n    Statement = [\n'
        '      { Effect = "Allow", Action = ["iam:Pass*"], Resource = "*" },\n'
        '      { Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::1:role/x",\n'
        '        Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } } },\n'
        '      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },\n'
        "    ]\n  })\n}\n"
    )
    assert findings(rule, text) == [("error", '"*"', "aws_iam_role_policy.p lets its role pass any role")]


COMMENTED = """\
# Where orders wait.
# They wait for an hour.

# The queue of orders.
resource "aws_sqs_queue" "q" {
  name = "q" # unique
}

resource "aws_sqs_queue" "r" {
}
"""


def test_comments_can_be_matched(tmp_path: Path) -> None:
    rule = card(tmp_path, "match: comment\nrequire: comment.lines < 2\n", "'${comment.text} (${comment.lines})'")
    found = [("error", "# Where orders wait.", "Where orders wait.\nThey wait for an hour. (2)")]
    assert findings(rule, COMMENTED) == found


def test_the_comments_of_a_block_are_a_list(tmp_path: Path) -> None:
    require = 'require: >-\n  anytrue([for c in comments(self) : strcontains(c.text, "unique")])\n'
    rule = card(tmp_path, "match: resource.aws_sqs_queue\n" + require)
    assert findings(rule, COMMENTED) == [("error", 'resource "aws_sqs_queue" "r" {', "m")]


def test_the_stack_can_be_matched_once(tmp_path: Path) -> None:
    rule = card(tmp_path, 'match: stack\nrequire: exists(resources("aws_sqs_queue"))\n')
    assert len(findings(rule, 'resource "aws_sns_topic" "t" {\n}\n')) == 1
    assert findings(rule, 'resource "aws_sqs_queue" "q" {\n}\n') == []


def test_a_call_that_names_nothing_is_evaluated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    resources = Stack.resources

    def counting(stack: Stack, *types: str) -> Iterator[Instance]:
        asked.append(types)
        return resources(stack, *types)

    monkeypatch.setattr(Stack, "resources", counting)
    rule = card(
        tmp_path,
        "match: resource.aws_sqs_queue\nlet:\n"
        '  watched: \'anytrue([for a in resources("aws_cloudwatch_metric_alarm") : a.metric_name == "x"])\'\n'
        "require: watched\n",
    )
    text = "".join(f'resource "aws_sqs_queue" "q{number}" {{\n}}\n' for number in range(5))
    assert len(findings(rule, text)) == 5
    assert asked.count(("aws_cloudwatch_metric_alarm",)) == 1


def test_what_nested_blocks_hold_is_found_once_for_a_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [0]
    nested_schema = views.nested_schema

    def counting(content: BlockSchema, name: str) -> BlockSchema | None:
        asked[0] += 1
        return nested_schema(content, name)

    monkeypatch.setattr(views, "nested_schema", counting)
    rule = card(tmp_path, "match: resource.aws_security_group\neach: self.ingress\nrequire: each.description == null\n")
    blocks = 'ingress {\n  from_port = 1\n  description = "x"\n}\n' * 200
    assert len(findings(rule, f'resource "aws_security_group" "g" {{\n{blocks}}}\n')) == 200
    assert asked[0] <= 2 * 200


def test_the_instances_of_a_resource_take_work_in_proportion(tmp_path: Path) -> None:
    rule = card(tmp_path, "match: resource.aws_sqs_queue\nrequire: self.delay_seconds == 1 && given(self.name)\n")

    def judge(count: int) -> None:
        collection = f'{{ for i in range({count}) : "q${{i}}" => {{ delay = i, n = tostring(i) }} }}'
        text = f'resource "aws_sqs_queue" "q" {{\n  for_each = {collection}\n  name = each.key\n}}\n'
        assert len(findings(rule, text)) == 1

    assert growth(judge, 30) < LINEAR
