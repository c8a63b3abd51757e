"""Stacks that are large in one way: each shape is a function from a size to the files of a folder."""

from __future__ import annotations

import json
from collections.abc import Callable

Shape = Callable[[int], dict[str, str]]
SHAPES: dict[str, Shape] = {}


def shape(make: Callable[[int], str | dict[str, str]]) -> Callable[[int], str | dict[str, str]]:
    """Put a shape among SHAPES under its name; a text alone is that of main.tf."""

    def files(size: int) -> dict[str, str]:
        made = make(size)
        return {"main.tf": made} if isinstance(made, str) else made

    SHAPES[make.__name__.strip("_").replace("_", " ")] = files
    return make


def each(size: int, text: str) -> str:
    """A text so many times, with its number in the place of `@`, the next one in that of `§`."""
    return "\n".join(text.replace("@", str(n)).replace("§", str(n + 1)) for n in range(size)) + "\n"


ROLE = """
resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
"""


@shape
def queues(size: int) -> str:
    return each(size, 'resource "aws_sqs_queue" "q@" {\n  name = "q@"\n}\n')


@shape
def queues_with_dead_letters(size: int) -> str:
    return each(
        size,
        'resource "aws_sqs_queue" "q@" {\n  name = "q@"\n'
        "  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.d@.arn, maxReceiveCount = 3 })\n}\n"
        'resource "aws_sqs_queue" "d@" {\n  name = "d@"\n}\n',
    )


@shape
def queues_with_dead_letters_by_name(size: int) -> str:
    return (
        each(
            size,
            'resource "aws_sqs_queue" "q@" {\n  name = "${var.p}-q@"\n  redrive_policy = jsonencode({ '
            'deadLetterTargetArn = "arn:aws:sqs:eu-west-1:1:${var.p}-d@", maxReceiveCount = 3 })\n}\n'
            'resource "aws_sqs_queue" "d@" {\n  name = "${var.p}-d@"\n}\n',
        )
        + 'variable "p" {}\n'
    )


@shape
def queues_with_one_dead_letter_queue(size: int) -> str:
    return 'resource "aws_sqs_queue" "dead" {}\n' + each(
        size,
        'resource "aws_sqs_queue" "q@" {\n'
        "  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 3 })\n}\n",
    )


@shape
def topics_with_subscriptions(size: int) -> str:
    return each(
        size,
        'resource "aws_sns_topic" "t@" {}\nresource "aws_sqs_queue" "q@" {}\n'
        'resource "aws_sns_topic_subscription" "s@" {\n  topic_arn = aws_sns_topic.t@.arn\n  protocol = "sqs"\n'
        "  endpoint = aws_sqs_queue.q@.arn\n}\n",
    )


@shape
def functions_of_one_role(size: int) -> str:
    return (
        ROLE
        + each(
            size,
            'resource "aws_lambda_function" "f@" {\n  function_name = "f@"\n  role = aws_iam_role.worker.arn\n'
            "  environment {\n    variables = { TABLE = aws_dynamodb_table.t.name }\n  }\n}\n",
        )
        + 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  hash_key = "id"\n}\n'
    )


@shape
def functions_with_roles(size: int) -> str:
    return each(
        size,
        ROLE.replace("worker", "r@")
        + 'resource "aws_lambda_function" "f@" {\n  function_name = "f@"\n  role = aws_iam_role.r@.arn\n}\n'
        'resource "aws_iam_role_policy" "p@" {\n  role = aws_iam_role.r@.id\n  policy = jsonencode({ Statement = '
        '[{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })\n}\n',
    )


@shape
def functions_with_mappings(size: int) -> str:
    return ROLE + each(
        size,
        'resource "aws_lambda_function" "f@" {\n  function_name = "f@"\n  role = aws_iam_role.worker.arn\n}\n'
        'resource "aws_sqs_queue" "q@" {}\nresource "aws_lambda_event_source_mapping" "m@" {\n'
        "  function_name = aws_lambda_function.f@.arn\n  event_source_arn = aws_sqs_queue.q@.arn\n}\n",
    )


@shape
def alarms(size: int) -> str:
    return each(
        size,
        'resource "aws_sqs_queue" "q@" {\n  name = "q@"\n}\nresource "aws_cloudwatch_metric_alarm" "a@" {\n'
        '  alarm_name = "a@"\n  namespace = "AWS/SQS"\n  metric_name = "ApproximateNumberOfMessagesVisible"\n'
        "  dimensions = { QueueName = aws_sqs_queue.q@.name }\n  threshold = 1\n  evaluation_periods = 1\n}\n",
    )


@shape
def statements_of_a_policy(size: int) -> str:
    statements = each(
        size, '{ Effect = "Allow", Action = ["sqs:SendMessage"], Resource = "arn:aws:sqs:eu-west-1:1:q@" },'
    )
    return ROLE + (
        'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.worker.id\n'
        f"  policy = jsonencode({{ Statement = [\n{statements}] }})\n}}\n"
    )


@shape
def statements_of_a_heredoc(size: int) -> str:
    statements = ",".join(
        f'\n{{"Effect": "Allow", "Action": ["s3:*"], "Resource": "arn:aws:s3:::b{n}/*"}}' for n in range(size)
    )
    return ROLE + (
        'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.worker.id\n  policy = <<-EOT\n'
        f'{{"Version": "2012-10-17", "Statement": [{statements}]}}\nEOT\n}}\n'
    )


@shape
def statements_of_a_document(size: int) -> str:
    statements = each(size, '  statement {\n    actions = ["s3:*"]\n    resources = ["arn:aws:s3:::b@/*"]\n  }')
    return (
        f'data "aws_iam_policy_document" "d" {{\n{statements}}}\n'
        + ROLE
        + (
            'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.worker.id\n'
            "  policy = data.aws_iam_policy_document.d.json\n}\n"
        )
    )


@shape
def actions_of_a_statement(size: int) -> str:
    actions = ", ".join(f'"sqs:Send{n}*"' for n in range(size))
    return ROLE + (
        'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.worker.id\n  policy = jsonencode({ Statement = '
        f'[{{ Effect = "Allow", Action = [{actions}], Resource = "*" }}] }})\n}}\n'
    )


@shape
def documents_from_documents(size: int) -> str:
    return 'data "aws_iam_policy_document" "d0" {\n}\n' + each(
        size,
        'data "aws_iam_policy_document" "d§" {\n  source_policy_documents = [data.aws_iam_policy_document.d@.json]\n'
        '  statement {\n    actions = ["s3:Get*"]\n    resources = ["*"]\n  }\n}\n',
    ).replace("\r", "")


@shape
def a_chain_of_locals(size: int) -> str:
    return (
        'locals {\n  n0 = "a"\n'
        + each(size, '  n§ = "${local.n@}"')
        + "}\n"
        + (f'resource "aws_sqs_queue" "q" {{\n  name = local.n{size}\n}}\n')
    )


@shape
def a_ring_of_locals(size: int) -> str:
    return (
        "locals {\n"
        + each(size - 1, "  n@ = local.n§")
        + f"  n{size - 1} = local.n0\n}}\n"
        + ('resource "aws_sqs_queue" "q" {\n  name = local.n0\n}\n')
    )


@shape
def rings_of_locals(size: int) -> str:
    return "locals {\n" + each(size, "  a@ = local.b@\n  b@ = local.a@") + "}\n"


@shape
def a_ring_of_resources(size: int) -> str:
    return each(size - 1, 'resource "aws_sqs_queue" "q@" {\n  name = aws_sqs_queue.q§.arn\n}') + (
        f'resource "aws_sqs_queue" "q{size - 1}" {{\n  name = aws_sqs_queue.q0.arn\n}}\n'
    )


@shape
def names_from_one_local(size: int) -> str:
    return 'locals {\n  prefix = "shop"\n}\n' + each(
        size, 'resource "aws_sqs_queue" "q@" {\n  name = "${local.prefix}-q@"\n}'
    )


@shape
def chained_names(size: int) -> str:
    return (
        'locals {\n  n0 = "shop"\n'
        + each(size, '  n§ = "${local.n0}-@"')
        + "}\n"
        + each(size, 'resource "aws_sqs_queue" "q@" {\n  name = local.n§\n}')
    )


@shape
def references_to_all(size: int) -> str:
    listed = ", ".join(f"aws_sqs_queue.q{n}.arn" for n in range(size))
    return queues_text(size) + f'output "all" {{\n  value = [{listed}]\n}}\n'


def queues_text(size: int) -> str:
    return each(size, 'resource "aws_sqs_queue" "q@" {\n  name = "q@"\n}')


@shape
def a_map_for_each(size: int) -> str:
    return (
        "locals {\n  all = {\n"
        + each(size, '    k@ = { name = "n@", days = @ }')
        + "  }\n}\n"
        + (
            'resource "aws_sqs_queue" "q" {\n  for_each = local.all\n  name = each.value.name\n'
            "  message_retention_seconds = each.value.days\n}\n"
        )
    )


@shape
def keys_of_each_other(size: int) -> str:
    names = ", ".join(f'"n{n}"' for n in range(size))
    return f"locals {{\n  all = toset([{names}])\n}}\n" + (
        'resource "aws_sqs_queue" "d" {\n  for_each = local.all\n}\n'
        'resource "aws_sqs_queue" "q" {\n  for_each = aws_sqs_queue.d\n'
        "  redrive_policy = jsonencode({ deadLetterTargetArn = each.value.arn, maxReceiveCount = 3 })\n}\n"
    )


@shape
def counted(size: int) -> str:
    return (
        f'resource "aws_sqs_queue" "d" {{\n  count = {min(size, 900)}\n}}\n'
        f'resource "aws_sqs_queue" "q" {{\n  count = {min(size, 900)}\n  redrive_policy = jsonencode({{ '
        "deadLetterTargetArn = aws_sqs_queue.d[count.index].arn, maxReceiveCount = 3 })\n}\n"
    )


@shape
def dynamic_blocks(size: int) -> str:
    ports = ", ".join(str(n) for n in range(size))
    return (
        'resource "aws_security_group" "g" {\n  dynamic "ingress" {\n'
        f"    for_each = [{ports}]\n    content {{\n      from_port = ingress.value\n      to_port = ingress.value\n"
        '      protocol = "tcp"\n      cidr_blocks = ["10.0.0.0/8"]\n    }\n  }\n}\n'
    )


@shape
def nested_blocks(size: int) -> str:
    return (
        'resource "aws_security_group" "g" {\n'
        + each(
            size,
            '  ingress {\n    from_port = @\n    to_port = @\n    protocol = "tcp"\n    cidr_blocks = ["::/0"]\n  }',
        )
        + "}\n"
    )


@shape
def separate_rules(size: int) -> str:
    return 'resource "aws_security_group" "g" {}\n' + each(
        size,
        'resource "aws_vpc_security_group_ingress_rule" "r@" {\n  security_group_id = aws_security_group.g.id\n'
        '  ip_protocol = "tcp"\n  from_port = @\n  to_port = @\n  cidr_ipv4 = "10.0.0.@/32"\n}\n',
    )


@shape
def a_wide_object(size: int) -> str:
    return (
        "locals {\n  wide = {\n"
        + each(size, '    k@ = "v@"')
        + "  }\n}\n"
        + ('resource "aws_sqs_queue" "q" {\n  tags = local.wide\n}\n')
    )


@shape
def environment_variables(size: int) -> str:
    return ROLE + (
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = aws_iam_role.worker.arn\n'
        "  environment {\n    variables = {\n" + each(size, '      K@ = "value @"') + "    }\n  }\n}\n"
    )


@shape
def big_tags_of_many(size: int) -> str:
    return (
        "locals {\n  tags = {\n"
        + each(20, '    k@ = "v@"')
        + "  }\n}\n"
        + each(size, 'resource "aws_sqs_queue" "q@" {\n  tags = merge(local.tags, { Name = "q@" })\n}')
    )


@shape
def a_long_line(size: int) -> str:
    return "locals {\n  line = [" + ", ".join(f'"item {n}"' for n in range(size * 4)) + "]\n}\n"


@shape
def a_long_string(size: int) -> str:
    return 'locals {\n  line = "' + "0123456789abcdef" * size * 4 + '"\n}\n'


@shape
def a_long_heredoc(size: int) -> str:
    return "locals {\n  text = <<-EOT\n" + each(size * 4, "    line @ of ${path.module}") + "  EOT\n}\n"


@shape
def suppressions_in_use(size: int) -> str:
    return each(
        size,
        "# tap:ignore[encryption/unencrypted-topic] reason: public\n"
        'resource "aws_sns_topic" "t@" {\n  name = "t@"\n}\n',
    )


@shape
def suppressions_that_are_idle(size: int) -> str:
    return each(
        size,
        "# tap:ignore[encryption/unencrypted-topic] reason: public\n"
        'resource "aws_sqs_queue" "q@" {\n  name = "q@"\n}\n',
    )


@shape
def comments(size: int) -> str:
    return each(size * 4, "# a comment @ with an SLA of @ ms\n")


@shape
def broken_blocks(size: int) -> str:
    return each(size, 'resource "aws_sqs_queue" "q@" {\n  name = = 3\n}\n')


@shape
def an_open_heredoc_before_blocks(size: int) -> str:
    return each(size, 'resource "aws_sqs_queue" "q@" {\n  name = <<EOT\n  q@\n}\n')


@shape
def open_brackets(size: int) -> str:
    return "locals {\n  a = " + "[" * min(size, 60) + "\n}\n" + queues_text(size)


@shape
def duplicates(size: int) -> str:
    return each(size, 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}')


@shape
def undeclared_names(size: int) -> str:
    return each(size, 'resource "aws_sqs_queue" "q@" {\n  name = var.name@\n}')


@shape
def variables(size: int) -> str:
    return each(size, 'variable "v@" {\n  type = string\n  default = "a@"\n}') + each(
        size, 'output "o@" {\n  value = var.v@\n}'
    )


@shape
def nested_calls(size: int) -> str:
    depth = min(size, 40)
    return "locals {\n" + each(max(size // 40, 1), f'  a@ = {"upper(" * depth}"a"{")" * depth}') + "}\n"


@shape
def json_in_json(size: int) -> str:
    inner = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}] * size})
    return ROLE + (
        'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.worker.id\n'
        f"  policy = jsonencode(jsondecode({json.dumps(inner)}))\n}}\n"
    )


@shape
def secrets(size: int) -> str:
    return each(size, 'resource "aws_ssm_parameter" "p@" {\n  type = "String"\n  value = "AKIAIOSFODNN7EXAMPL@"\n}')


@shape
def calls_of_a_module(size: int) -> dict[str, str]:
    return {
        "main.tf": each(size, 'module "m@" {\n  source = "./m"\n  name = "n@"\n}'),
        "m/main.tf": 'variable "name" {}\nresource "aws_sqs_queue" "q" {\n  name = var.name\n}\n',
    }


@shape
def a_call_for_each_key(size: int) -> dict[str, str]:
    names = ", ".join(f'"n{n}"' for n in range(size))
    return {
        "main.tf": f'module "m" {{\n  for_each = toset([{names}])\n  source = "./m"\n  name = each.key\n}}\n',
        "m/main.tf": 'variable "name" {}\nresource "aws_sqs_queue" "q" {\n  name = var.name\n}\n',
    }


@shape
def calls_of_modules_in_a_chain(size: int) -> dict[str, str]:
    files = {"main.tf": 'module "m" {\n  source = "./m0"\n  name = "a"\n}\n'}
    for number in range(size):
        call = f'module "m" {{\n  source = "../m{number + 1}"\n  name = var.name\n}}\n' if number < size - 1 else ""
        files[f"m{number}/main.tf"] = (
            f'variable "name" {{}}\nresource "aws_sns_topic" "t" {{\n  name = var.name\n}}\n{call}'
        )
    return files


@shape
def modules(size: int) -> dict[str, str]:
    return {f"m{n}/main.tf": 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n' for n in range(size)}
