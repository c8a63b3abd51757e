"""Values of a module: variables, locals, references, what isn't known, bounds."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from tests.stacks import module_of
from tflint_tap.hcl import parse_expression
from tflint_tap.terraform.evaluation.answers import answer
from tflint_tap.terraform.evaluation.evaluator import Evaluator
from tflint_tap.terraform.evaluation.inputs import automatic_files, read_inputs
from tflint_tap.terraform.functions import Environment
from tflint_tap.text.source import Source

MODULE = """
variable "name" {
  type    = string
  default = "x"
}
variable "none" {
  type = string
}
variable "open" {}
variable "list" {
  type    = list(string)
  default = ["a", "b"]
}
variable "count" {
  default = 2
}
variable "shape" {
  type = object({
    size  = number
    label = optional(string, "plain")
  })
  default = { size = "3" }
}
variable "secret" {
  type      = string
  sensitive = true
  default   = "s"
}
variable "strict" {
  type     = string
  nullable = false
  default  = "kept"
}
variable "wrong" {
  type    = number
  default = "many"
}
locals {
  prefix = "${var.name}-y"
  twice  = [local.prefix, local.prefix]
  left   = local.right
  right  = local.left
  whole  = { a = 1, b = var.none }
}
data "aws_region" "current" {}
resource "aws_sqs_queue" "one" {
  name = "${local.prefix}-one"
}
resource "aws_sqs_queue" "each" {
  for_each = toset(var.list)
  name     = "${local.prefix}-${each.key}"
  tags     = { Key = each.value }
}
resource "aws_sqs_queue" "counted" {
  count = var.count
  name  = "q${count.index}"
}
resource "aws_sqs_queue" "unknown" {
  for_each = toset(split(",", var.none))
  name     = each.key
}
resource "aws_sqs_queue" "later" {
  name = aws_sqs_queue.one.name
  kms_master_key_id = aws_kms_key.k.arn
}
resource "aws_kms_key" "k" {}
"""


def ask(expression: str, *, module: str = MODULE, given: tuple[str, ...] = (), folder: Path | None = None) -> str:
    evaluator = Evaluator(module_of(module), read_inputs((), given), Environment(folder))
    return answer(evaluator.evaluate(parse_expression(Source("expression", expression))))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("var.name", '{"value": "x"}'),
        ("var.none", '{"unknown": "var.none has no default"}'),
        ("var.shape", '{"value": {"label": "plain", "size": 3}}'),
        ("var.secret", '{"unknown": "(sensitive value)"}'),
        ("nonsensitive(var.secret)", '{"value": "s"}'),
        ('"a-${var.secret}"', '{"unknown": "(sensitive value)"}'),
        ("var.wrong", '{"error": "var.wrong: a number is required"}'),
        ("var.missing", '{"error": "var.missing isn\'t declared"}'),
        ("local.prefix", '{"value": "x-y"}'),
        ("local.twice[1]", '{"value": "x-y"}'),
        ("local.left", '{"error": "local.left refers to itself"}'),
        ("local.whole", '{"value": {"a": 1, "b": {"unknown": "var.none has no default"}}}'),
        ("local.whole.a", '{"value": 1}'),
        ("local.whole.b", '{"unknown": "var.none has no default"}'),
        ("data.aws_region.current.region", '{"reference": "data.aws_region.current.region"}'),
        ("aws_sqs_queue.one.name", '{"value": "x-y-one"}'),
        ("aws_sqs_queue.one.arn", '{"reference": "aws_sqs_queue.one.arn"}'),
        ("aws_sqs_queue.later.name", '{"value": "x-y-one"}'),
        ("aws_sqs_queue.later.kms_master_key_id", '{"reference": "aws_kms_key.k.arn"}'),
        ('aws_sqs_queue.each["a"].name', '{"value": "x-y-a"}'),
        ('aws_sqs_queue.each["a"].arn', '{"reference": "aws_sqs_queue.each[\\"a\\"].arn"}'),
        ('aws_sqs_queue.each["c"].arn', '{"error": "the object has no attribute \\"c\\""}'),
        ("[for q in aws_sqs_queue.each : q.name]", '{"value": ["x-y-a", "x-y-b"]}'),
        ("{ for k, q in aws_sqs_queue.each : k => q.tags.Key }", '{"value": {"a": "a", "b": "b"}}'),
        ("values(aws_sqs_queue.each)[*].name", '{"value": ["x-y-a", "x-y-b"]}'),
        ("aws_sqs_queue.counted[1].name", '{"value": "q1"}'),
        ("aws_sqs_queue.counted[*].name", '{"value": ["q0", "q1"]}'),
        ("aws_sqs_queue.counted[2].name",
         '{"error": "there is no element 2: the tuple has 2 elements"}'),
        ('aws_sqs_queue.unknown["z"].arn', '{"reference": "aws_sqs_queue.unknown[?].arn"}'),
        ("aws_sqs_queue.nope.arn", '{"error": "aws_sqs_queue.nope isn\'t declared"}'),
        ("aws_sqs_queue.one.arn == aws_sqs_queue.one.arn", '{"value": true}'),
        ("aws_sqs_queue.one.arn == aws_kms_key.k.arn", '{"unknown": "aws_sqs_queue.one.arn is known after apply"}'),
        ('"${aws_sqs_queue.one.arn}/*" == "${aws_sqs_queue.one.arn}/*"', '{"value": true}'),
        ("merge({ a = 1 }, var.open)",
         '{"value": {"a": {"unknown": "var.open has no default"}}, "rest": "var.open has no default"}'),
        ("merge(var.open, { a = 1 }).a", '{"value": 1}'),
        ("merge(var.none, { a = 1 })", '{"error": "merge takes no string as maps"}'),
        ("concat([1], [var.none], [3])[2]", '{"value": 3}'),
        ("concat([1], split(\",\", var.none))[0]", '{"value": 1}'),
        ("length([var.none, var.none])", '{"value": 2}'),
        ("contains([var.none, \"a\"], \"a\")", '{"value": true}'),
        ("false && var.none == \"\"", '{"value": false}'),
        ("var.none == \"\" ? 1 : 1", '{"value": 1}'),
        ("var.none == \"\" ? 1 : 2", '{"unknown": "var.none has no default"}'),
        ("try(var.missing, 1)", '{"value": 1}'),
        ("can(aws_sqs_queue.one.arn)", '{"value": true}'),
        ('startswith("${local.prefix}-${var.none}", "x-y-")', '{"value": true}'),
        ('"${var.name}-${aws_kms_key.k.key_id}"',
         '{"unknown": "aws_kms_key.k.key_id is known after apply", "text": "x-${aws_kms_key.k.key_id}"}'),
        ("timestamp()", '{"unknown": "timestamp() is known only when Terraform applies"}'),
        ("path.module", '{"value": "."}'),
        ("terraform.workspace", '{"unknown": "terraform.workspace is known only when Terraform runs"}'),
        ("each.key", '{"error": "each is not available here"}'),
        ("provider::aws::arn_parse(\"x\")",
         '{"unknown": "the result of the provider function provider::aws::arn_parse is not known"}'),
    ],
)  # fmt: skip
def test_an_expression_comes_to(expression: str, expected: str) -> None:
    assert ask(expression) == expected


@pytest.mark.parametrize(
    ("given", "expression", "expected"),
    [
        ("name=z", "local.prefix", '{"value": "z-y"}'),
        ("none=", "var.none", '{"value": ""}'),
        ('list=["q"]', "var.list", '{"value": ["q"]}'),
        ("count=1", "aws_sqs_queue.counted[*].name", '{"value": ["q0"]}'),
        ('shape={ size = 1, label = "z" }', "var.shape.label", '{"value": "z"}'),
        ("wrong=5", "var.wrong", '{"value": 5}'),
        ("none=a,b", "keys(aws_sqs_queue.unknown)", '{"value": ["a", "b"]}'),
    ],
)
def test_given_values_go_before_defaults(given: str, expression: str, expected: str) -> None:
    assert ask(expression, given=(given,)) == expected


def test_null_leaves_the_default_of_a_variable_that_is_not_nullable() -> None:
    inputs = read_inputs([Source("x.tfvars", "strict = null\nname = null\n")], ())
    evaluator = Evaluator(module_of(MODULE), inputs)
    said = [answer(evaluator.evaluate(parse_expression(Source("e", f"var.{name}")))) for name in ("strict", "name")]
    assert said == ['{"value": "kept"}', '{"value": null}']


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.tfvars", "a = 1 b = 2", "x.tfvars:1:7: missing newline after argument"),
        ("x.tfvars", "b {}", "x.tfvars:1:1: blocks are not allowed in a .tfvars file"),
        ("x.json", "[1]", "x.json: a JSON object is required"),
        ("x.json", "{", "x.json:1:1: invalid JSON: the object that begins here is not closed"),
        ("x.json", '{"b": 1, "b": 2}', "x.json:1:10: b is set twice"),
        ("x.json", '{"b": {"c": 1, "c": 2}}', 'x.json:1:16: invalid JSON: the property "c" is already set in line 1'),
    ],
)
def test_what_a_broken_file_of_values_may_set_is_not_known(name: str, text: str, message: str) -> None:
    inputs = read_inputs([Source("a.tfvars", "a = 1\nb = 1"), Source(name, text), Source("c.tfvars", "b = 2")], ())
    assert inputs.failures == (message,)
    evaluator = Evaluator(module_of('variable "a" {\n  default = 0\n}\nvariable "b" {}\n'), inputs)
    said = [answer(evaluator.evaluate(parse_expression(Source("e", expression)))) for expression in ("var.a", "var.b")]
    assert said == [f'{{"unknown": "{name} can\'t be read"}}', '{"value": 2}']


def test_strings_in_json_files_of_values_are_no_templates() -> None:
    text = '{"//": "a comment", "a": ["${b}", {"${k}": -1.5}, null, true]}'
    inputs = read_inputs([Source("x.tfvars.json", text)], ())
    assert answer(
        Evaluator(module_of('variable "a" {}\n'), inputs).evaluate(parse_expression(Source("e", "var.a")))
    ) == ('{"value": ["${b}", {"${k}": -1.5}, null, true]}')
    (item,) = inputs.files
    assert {name: (span.text, item.exprs[name].span.text[:6]) for name, span in item.names.items()} == {
        "a": ('"a"', '["${b}')
    }


ENVIRONMENT = {"TF_VAR_a": "1", "TF_VAR_b": '["x", "y"]', "TF_VAR_c": "[1]", "TF_VAR_gone": "", "PATH": "/bin"}


@pytest.mark.parametrize(
    ("name", "body", "files", "given", "expected"),
    [
        ("a", "", [], [], '{"value": "1"}'),
        ("a", "type = number", [], [], '{"value": 1}'),
        ("b", "type = list(string)", [], [], '{"value": ["x", "y"]}'),
        ("b", "type = any", [], [], '{"value": ["x", "y"]}'),
        ("b", "type = string", [], [], '{"value": "[\\"x\\", \\"y\\"]"}'),
        ("c", "default = 2", [], [], '{"value": "[1]"}'),
        ("a", "", ["a = 2"], [], '{"value": 2}'),
        ("a", "", ["a = 2"], ["a=3"], '{"value": "3"}'),
        ("a", "", [], ["a=3"], '{"value": "3"}'),
    ],
)
def test_the_environment_gives_values_that_all_else_overrides(
    name: str, body: str, files: list[str], given: list[str], expected: str
) -> None:
    inputs = read_inputs([Source("terraform.tfvars", text) for text in files], given, (), ENVIRONMENT)
    module = module_of(f'variable "{name}" {{\n  {body}\n}}\n')
    assert answer(Evaluator(module, inputs).evaluate(parse_expression(Source("e", f"var.{name}")))) == expected


def test_files_of_values_are_read_in_terraform_s_order(tmp_path: Path) -> None:
    names = ["b.auto.tfvars", "a.auto.tfvars.json", "terraform.tfvars.json", "terraform.tfvars", "other.tfvars"]
    for name in names:
        (tmp_path / name).write_text("{}")
    assert [path.name for path in automatic_files(tmp_path)] == [
        "terraform.tfvars",
        "terraform.tfvars.json",
        "a.auto.tfvars.json",
        "b.auto.tfvars",
    ]


TOO_LONG = '{"unknown": "evaluating it would take too long"}'


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("range(1e12)", '{"error": "more than 1024 values were generated"}'),
        ('format("%999999999d", 1)', '{"unknown": "format would give more than 100000 characters for %999999999d"}'),
        ("[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]", TOO_LONG),
        ('join("", [for a in range(1000) : join("", [for b in range(1000) : "xxxx"])])', TOO_LONG),
        ("local.d16", '{"unknown": "the string would have more than 4,000,000 characters"}'),
        ('"%{ for a in range(1000) }%{ for b in range(1000) }${a}${b}%{ endfor }%{ endfor }"', TOO_LONG),
        (
            "setproduct(range(1000), range(1000), range(1000))",
            '{"unknown": "setproduct would have more than 100000 elements"}',
        ),
        ("pow(10, 1e9)", '{"unknown": "the result of pow is beyond 64-bit floating point"}'),
        ("flatten([for a in range(1000) : range(1000)])", TOO_LONG),
        ("local.p10", '{"unknown": "the string would have more than 2,000 parts"}'),
        ("local.j5", '{"unknown": "the string would have more than 2,000 parts"}'),
        ("local.t16", '{"unknown": "the value would have more than 100,000 elements"}'),
        ("local.t18 == local.t17", '{"unknown": "the value would have more than 100,000 elements"}'),
    ],
)
@pytest.mark.slow
def test_what_costs_too_much_ends_as_unknown_within_200_mb(expression: str, expected: str) -> None:
    doubling = "\n".join(f'  d{n} = "${{local.d{n - 1}}}${{local.d{n - 1}}}"' for n in range(1, 21))
    doubling += "\n  t0 = [1]\n" + "\n".join(f"  t{n} = [local.t{n - 1}, local.t{n - 1}]" for n in range(1, 21))
    doubling += '\n  p0 = "x${var.none}"\n' + "\n".join(
        f'  p{n} = "${{local.p{n - 1}}}${{local.p{n - 1}}}"' for n in range(1, 12)
    )
    doubling += "\n  j0 = local.p0\n" + "\n".join(
        f'  j{n} = join("", [{", ".join([f"local.j{n - 1}"] * 4)}])' for n in range(1, 7)
    )
    module = 'variable "none" {}\n' + f'locals {{\n  d0 = "{"x" * 64}"\n{doubling}\n}}\n'
    tracemalloc.start()
    said = ask(expression, module=module)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert said == expected
    assert peak < 200_000_000


def test_nested_dynamic_blocks_are_bounded_together() -> None:
    inner = 'dynamic "b" {\nfor_each = range(1000)\ncontent {\nx = 1\n}\n}'
    module = f'resource "a_b" "c" {{\ndynamic "a" {{\nfor_each = range(1000)\ncontent {{\n{inner}\n}}\n}}\n}}\n'
    evaluator = Evaluator(module_of(module))
    (resource,) = evaluator.instances(evaluator.module.declarations["a_b.c"])
    made = [block for outer in resource.blocks("a") for block in outer.blocks("b")]
    assert len(resource.blocks("a")) == 1000
    assert {block.doubt for block in made} == {None, "the module has more than 5,000 blocks"}
    assert len(made) < 6000
