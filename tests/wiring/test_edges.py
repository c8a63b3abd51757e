"""Edges of every kind, made by rows of the table: what holds them, what they name, and what can't be told."""

from __future__ import annotations

import pytest

from tests.stacks import stack_of
from tests.wiring.stacks import edges, ends, resource
from tflint_tap.terraform.evaluation.values import Unknown

VARIABLE = 'variable "x" {}\n'
FUNCTION = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n}\n'
QUEUES = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\nresource "aws_sqs_queue" "dlq" {\n  name = "dlq"\n}\n'


def _queue(name: str, policy: str) -> str:
    return f'resource "aws_sqs_queue" "{name}" {{\n  name = "{name}"\n  redrive_policy = {policy}\n}}\n'


@pytest.mark.parametrize(
    "policy",
    [
        "jsonencode({ deadLetterTargetArn = aws_sqs_queue.dlq.arn, maxReceiveCount = 5 })",
        '"{\\"deadLetterTargetArn\\": \\"${aws_sqs_queue.dlq.arn}\\"}"',
        '<<-JSON\n    {"deadLetterTargetArn": "arn:aws:sqs:r:1:${aws_sqs_queue.dlq.name}"}\n  JSON\n',
        "local.policies.q",
    ],
)
def test_a_target_is_read_out_of_json_however_written(policy: str) -> None:
    text = "locals {\n  policies = { q = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dlq.arn }) }\n}\n"
    text += 'resource "aws_sqs_queue" "dlq" {\n  name = "dlq"\n}\n' + _queue("q", policy)
    assert edges(text, "redrives_to") == [("aws_sqs_queue.q", "aws_sqs_queue.dlq", None)]


def test_an_edge_tells_where_it_comes_from() -> None:
    policy = "jsonencode({ deadLetterTargetArn = aws_sqs_queue.dlq.arn })"
    (edge,) = stack_of('resource "aws_sqs_queue" "dlq" {}\n' + _queue("q", policy)).wiring.edges("redrives_to")
    assert (edge.kind, edge.via, edge.argument) == ("redrives_to", edge.source, "redrive_policy")
    assert edge.value.span is not None
    assert edge.value.span.text == "aws_sqs_queue.dlq.arn"


def test_the_block_that_holds_the_argument_is_nested_or_dynamic() -> None:
    text = FUNCTION + QUEUES + 'resource "aws_lambda_function_event_invoke_config" "c" {\n'
    text += "  function_name = aws_lambda_function.f.function_name\n  destination_config {\n"
    text += '    dynamic "on_failure" {\n      for_each = [aws_sqs_queue.dlq.arn]\n      content {\n'
    text += "        destination = on_failure.value\n      }\n    }\n  }\n}\n"
    (edge,) = stack_of(text).wiring.edges("fails_over_to")
    assert (edge.source.address, edge.target.address) == ("aws_lambda_function.f", "aws_sqs_queue.dlq")
    assert edge.via.address == "aws_lambda_function_event_invoke_config.c"
    assert edge.via.attribute("destination") is not None


def test_a_block_that_may_not_be_made_gives_a_doubtful_edge() -> None:
    text = VARIABLE + QUEUES + 'resource "aws_lambda_function" "f" {\n  dynamic "dead_letter_config" {\n'
    text += "    for_each = var.x\n    content {\n      target_arn = aws_sqs_queue.dlq.arn\n    }\n  }\n}\n"
    assert edges(text, "fails_over_to") == [("aws_lambda_function.f", "aws_sqs_queue.dlq", "var.x has no default")]


def test_elements_of_lists_and_maps_make_an_edge_each() -> None:
    text = 'resource "aws_sns_topic" "a" {}\nresource "aws_sns_topic" "b" {}\n'
    text += 'resource "aws_cloudwatch_metric_alarm" "m" {\n'
    text += "  alarm_actions = [for t in [aws_sns_topic.a, aws_sns_topic.b] : t.arn]\n}\n"
    assert [target for _, target, _ in edges(text, "notifies")] == ["aws_sns_topic.a", "aws_sns_topic.b"]
    text = FUNCTION.replace("}\n", "  environment {\n    variables = merge({ A = aws_sqs_queue.q.url, N = 600 }, "
                            "{ B = \"dlq\" })\n  }\n}\n") + QUEUES  # fmt: skip
    assert [target for _, target, _ in edges(text, "uses")] == ["aws_sqs_queue.q", "aws_sqs_queue.dlq"]


def test_an_environment_variable_that_names_nothing_is_no_end() -> None:
    text = FUNCTION.replace("}\n", '  environment {\n    variables = { STAGE = "prod" }\n  }\n}\n') + QUEUES
    wiring = stack_of(text).wiring
    assert (wiring.edges("uses"), wiring.open_ends("uses")) == ((), ())


def test_states_are_read_at_any_depth() -> None:
    text = FUNCTION + FUNCTION.replace('"f"', '"g"') + 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
    text += 'resource "aws_sfn_state_machine" "m" {\n  definition = jsonencode({ StartAt = "A", States = {\n'
    text += (
        '    A = { Type = "Task", Resource = "arn:aws:states:::lambda:invoke", Parameters = { FunctionName = "f" } }\n'
    )
    text += (
        '    B = { Type = "Parallel", Branches = [{ States = { C = { Resource = aws_lambda_function.g.arn } } }] }\n'
    )
    text += '    D = { Resource = "arn:aws:states:::sns:publish", Parameters = { TopicArn = aws_sns_topic.t.arn } }\n'
    text += "  } })\n}\n"
    machine = "aws_sfn_state_machine.m"
    assert sorted(edges(text, "invokes")) == [
        (machine, "aws_lambda_function.f", None),
        (machine, "aws_lambda_function.g", None),
    ]
    assert edges(text, "publishes_to") == [(machine, "aws_sns_topic.t", None)]
    assert stack_of(text).wiring.open_ends("invokes") == ()


@pytest.mark.parametrize(
    "uri",
    [
        "aws_lambda_function.f.invoke_arn",
        '"arn:aws:apigateway:r:lambda:path/2015-03-31/functions/${aws_lambda_function.f.arn}/invocations"',
        '"arn:aws:apigateway:r:lambda:path/2015-03-31/functions/arn:aws:lambda:r:1:function:f/invocations"',
    ],
)
def test_an_integration_names_its_function(uri: str) -> None:
    text = FUNCTION + f'resource "aws_api_gateway_integration" "i" {{\n  uri = {uri}\n}}\n'
    assert edges(text, "invokes") == [("aws_api_gateway_integration.i", "aws_lambda_function.f", None)]


def test_an_integration_names_its_queue() -> None:
    text = QUEUES + 'resource "aws_api_gateway_integration" "i" {\n  uri = "arn:aws:apigateway:r:sqs:path/1/q"\n}\n'
    assert edges(text, "publishes_to") == [("aws_api_gateway_integration.i", "aws_sqs_queue.q", None)]
    assert edges(text, "invokes") == []


def test_a_log_group_belongs_to_the_function_of_its_name() -> None:
    group = 'resource "aws_cloudwatch_log_group" "g" {{\n  name = "{}"\n}}\n'
    assert edges(FUNCTION + group.format("/aws/lambda/f"), "logs_to") == [
        ("aws_lambda_function.f", "aws_cloudwatch_log_group.g", None)
    ]
    assert edges(FUNCTION + group.format("/aws/lambda/f-2"), "logs_to") == []
    assert edges(FUNCTION + group.format("/aws/lambda/${aws_lambda_function.f.id}"), "logs_to") == [
        ("aws_lambda_function.f", "aws_cloudwatch_log_group.g", None)
    ]


def test_a_schedule_is_one_only_with_an_expression() -> None:
    text = FUNCTION + 'resource "aws_cloudwatch_event_rule" "r" {{\n  name = "r"\n{}}}\n'
    text += 'resource "aws_cloudwatch_event_target" "t" {{\n  rule = "r"\n  arn = aws_lambda_function.f.arn\n}}\n'
    scheduled = text.replace("{}", '  schedule_expression = "rate(5 minutes)"\n').replace("{{", "{").replace("}}", "}")
    by_pattern = text.replace("{}", "  event_pattern = jsonencode({})\n").replace("{{", "{").replace("}}", "}")
    assert edges(scheduled, "scheduled_by") == [("aws_lambda_function.f", "aws_cloudwatch_event_rule.r", None)]
    assert edges(by_pattern, "scheduled_by") == []
    assert edges(by_pattern, "targets") == [("aws_cloudwatch_event_rule.r", "aws_lambda_function.f", None)]


def test_a_security_group_admits_others_by_rules_of_ingress_alone() -> None:
    groups = "".join(f'resource "aws_security_group" "{name}" {{}}\n' for name in "abc")
    rule = (
        'resource "aws_security_group_rule" "{0}" {{\n  type = "{0}"\n  security_group_id = aws_security_group.a.id\n'
    )
    rule += "  source_security_group_id = aws_security_group.{1}.id\n}}\n"
    assert edges(groups + rule.format("ingress", "b") + rule.format("egress", "c"), "admits") == [
        ("aws_security_group.a", "aws_security_group.b", None)
    ]


def test_a_role_is_found_behind_an_instance_profile() -> None:
    text = 'resource "aws_iam_role" "r" {\n  name = "r"\n}\nresource "aws_iam_instance_profile" "p" {\n  name = "p"\n'
    text += "  role = aws_iam_role.r.name\n}\n"
    text += 'resource "aws_instance" "i" {\n  iam_instance_profile = aws_iam_instance_profile.p.name\n}\n'
    assert ("aws_iam_instance_profile.p", "aws_iam_role.r", None) in edges(text, "attached_to")
    profile = text.replace("aws_iam_instance_profile.p.name", "aws_iam_instance_profile.p.id")
    assert edges(profile, "runs_as") == [("aws_instance.i", "aws_iam_role.r", None)]


def _with_alias(alias: str) -> str:
    """A key, its alias, and a queue that names its key so."""
    text = VARIABLE + 'resource "aws_kms_key" "k" {}\nresource "aws_kms_alias" "a" {\n  name = "alias/a"\n'
    text += "  target_key_id = aws_kms_key.k.key_id\n}\n"
    return text + f'resource "aws_sqs_queue" "q" {{\n  kms_master_key_id = {alias}\n}}\n'


def test_an_alias_leads_to_its_key() -> None:
    text = 'resource "aws_kms_key" "k" {}\nresource "aws_kms_alias" "a" {\n  name = "alias/a"\n'
    text += "  target_key_id = aws_kms_key.k.key_id\n}\n"
    text += 'resource "aws_sqs_queue" "q" {\n  kms_master_key_id = aws_kms_alias.a.arn\n}\n'
    text += 'resource "aws_sqs_queue" "managed" {\n  kms_master_key_id = "alias/aws/sqs"\n}\n'
    assert edges(text, "encrypted_by") == [("aws_sqs_queue.q", "aws_kms_key.k", None)]


@pytest.mark.parametrize(
    ("alias", "doubt"),
    [
        ("aws_kms_alias.a.name", None),
        ('"alias/a"', None),
        ('"arn:aws:kms:us-west-2:111122223333:alias/a"', None),
        ('"alias/${var.x}"', "var.x has no default"),
    ],
)
def test_a_key_is_named_by_its_alias(alias: str, doubt: str | None) -> None:
    assert edges(_with_alias(alias), "encrypted_by") == [("aws_sqs_queue.q", "aws_kms_key.k", doubt)]


@pytest.mark.parametrize("alias", ['"alias/b"', '"arn:aws:kms:us-west-2:111122223333:key/a"', '"a"'])
def test_another_alias_names_no_key_of_the_stack(alias: str) -> None:
    assert edges(_with_alias(alias), "encrypted_by") == []


# -- ends that lead elsewhere, and what can't be told ---------------------------------------------------


def test_a_target_outside_is_an_open_end_and_no_doubt() -> None:
    text = _queue("q", 'jsonencode({ deadLetterTargetArn = "arn:aws:sqs:r:2:elsewhere" })')
    stack = stack_of(text)
    found = stack.wiring.outgoing(resource(stack, "aws_sqs_queue.q"), "redrives_to")
    assert (found.edges, ends(found), found.doubt) == ((), [(True, None)], None)


def test_a_target_from_outside_is_a_doubt_of_its_source_alone() -> None:
    text = VARIABLE + QUEUES + _queue("source", "jsonencode({ deadLetterTargetArn = var.x })")
    stack = stack_of(text)
    found = stack.wiring.outgoing(resource(stack, "aws_sqs_queue.source"), "redrives_to")
    assert (found.edges, ends(found), found.doubt) == ((), [(False, "var.x has no default")], "var.x has no default")
    target = stack.wiring.incoming(resource(stack, "aws_sqs_queue.dlq"), "redrives_to")
    assert (target.edges, target.ends, target.doubt) == ((), (), None)


def test_a_policy_that_is_not_known_is_an_open_end() -> None:
    stack = stack_of(VARIABLE + _queue("q", "var.x"))
    found = stack.wiring.outgoing(resource(stack, "aws_sqs_queue.q"), "redrives_to")
    assert (found.edges, found.doubt) == ((), "var.x has no default")


def test_no_policy_is_no_end() -> None:
    stack = stack_of(QUEUES + _queue("empty", '""') + _queue("nothing", "null"))
    assert (stack.wiring.edges("redrives_to"), stack.wiring.open_ends("redrives_to")) == ((), ())


def test_an_unknown_source_is_an_open_end_of_its_target() -> None:
    text = VARIABLE + FUNCTION + 'resource "aws_lambda_event_source_mapping" "m" {\n  event_source_arn = var.x\n'
    stack = stack_of(text + "  function_name = aws_lambda_function.f.arn\n}\n")
    found = stack.wiring.incoming(resource(stack, "aws_lambda_function.f"), "triggers")
    assert (found.edges, ends(found), found.doubt) == ((), [(False, "var.x has no default")], "var.x has no default")


def test_a_choice_makes_doubtful_edges() -> None:
    policy = "jsonencode({ deadLetterTargetArn = var.x ? aws_sqs_queue.q.arn : aws_sqs_queue.dlq.arn })"
    stack = stack_of(VARIABLE + QUEUES + _queue("source", policy))
    found = stack.wiring.incoming(resource(stack, "aws_sqs_queue.dlq"), "redrives_to")
    assert [edge.doubt for edge in found.edges] == ["var.x has no default"]


def test_a_source_that_may_not_be_there_is_a_doubt_to_its_target_alone() -> None:
    source = 'resource "aws_sqs_queue" "source" {\n  count = var.x\n'
    source += "  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dlq.arn })\n}\n"
    stack = stack_of(VARIABLE + QUEUES + source)
    outgoing = stack.wiring.outgoing(resource(stack, "aws_sqs_queue.source[?]"), "redrives_to")
    incoming = stack.wiring.incoming(resource(stack, "aws_sqs_queue.dlq"), "redrives_to")
    assert [edge.doubt for edge in outgoing.edges] == [None]
    assert [edge.doubt for edge in incoming.edges] == ["var.x has no default"]


def test_a_holder_that_may_not_be_there_makes_a_doubtful_edge() -> None:
    text = VARIABLE + QUEUES + 'resource "aws_sqs_queue_redrive_policy" "p" {\n  count = var.x\n'
    text += "  queue_url = aws_sqs_queue.q.id\n"
    text += "  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dlq.arn })\n}\n"
    assert edges(text, "redrives_to") == [("aws_sqs_queue.q", "aws_sqs_queue.dlq", "var.x has no default")]


def test_instances_of_the_same_unknown_keys_have_certain_edges() -> None:
    text = VARIABLE + "".join(
        f'resource "aws_sqs_queue" "{name}" {{\n  for_each = var.x\n  name = each.key\n{policy}}}\n'
        for name, policy in (
            ("q", "  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dlq[each.key].arn })\n"),
            ("dlq", ""),
        )
    )
    stack = stack_of(text)
    found = stack.wiring.incoming(resource(stack, "aws_sqs_queue.dlq[?]"), "redrives_to")
    assert [(edge.source.address, edge.doubt) for edge in found.edges] == [("aws_sqs_queue.q[?]", None)]


def test_where_the_module_is_not_whole_there_may_be_more() -> None:
    stack = stack_of(QUEUES + 'resource "aws_sqs_queue" "broken" {\n  name = \n}\n')
    found = stack.wiring.outgoing(resource(stack, "aws_sqs_queue.q"), "redrives_to")
    assert found.doubt == "a part of the module can't be read"


def test_any_instance_may_be_named_by_a_text_that_fits_too_many() -> None:
    text = VARIABLE + "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q-{n}"\n}}\n' for n in range(150))
    stack = stack_of(text + _queue("source", 'jsonencode({ deadLetterTargetArn = "arn:aws:sqs:r:1:${var.x}" })'))
    found = stack.wiring.incoming(resource(stack, "aws_sqs_queue.q7"), "redrives_to")
    assert (found.edges, found.doubt) == ((), "var.x has no default")


def test_a_kind_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        stack_of(QUEUES).wiring.edges("redrive")


# -- ways ----------------------------------------------------------------------------------------------


def _ring(*policies: str) -> str:
    return VARIABLE + "".join(
        _queue(chr(97 + number), f"jsonencode({{ deadLetterTargetArn = {policy} }})")
        for number, policy in enumerate(policies)
    )


def test_a_way_leads_round_a_circle_and_ends() -> None:
    stack = stack_of(_ring("aws_sqs_queue.b.arn", "aws_sqs_queue.c.arn", "aws_sqs_queue.b.arn"))
    queues = {letter: resource(stack, f"aws_sqs_queue.{letter}") for letter in "abc"}
    reaches = stack.wiring.reaches
    assert reaches(queues["a"], "redrives_to", queues["c"]) is True
    assert reaches(queues["b"], "redrives_to", queues["b"]) is True
    assert reaches(queues["a"], "redrives_to", queues["a"]) is False


def test_a_way_over_a_doubtful_edge_is_a_doubt_unless_there_is_another() -> None:
    choice = "var.x ? aws_sqs_queue.c.arn : var.x"
    stack = stack_of(_ring("aws_sqs_queue.b.arn", choice, "var.x"))
    a, c = resource(stack, "aws_sqs_queue.a"), resource(stack, "aws_sqs_queue.c")
    assert stack.wiring.reaches(a, "redrives_to", c) == Unknown("var.x has no default")
    assert stack.wiring.reaches(c, "redrives_to", a) is False


def test_a_kind_is_made_only_when_it_is_asked_for() -> None:
    wiring = stack_of(QUEUES).wiring
    wiring.edges("redrives_to")
    assert list(wiring._made) == ["redrives_to"]


@pytest.mark.parametrize(
    "rule",
    [
        '"ALARM(${aws_cloudwatch_metric_alarm.a.alarm_name})"',
        '"ALARM(\\"errors\\") OR OK(other)"',
        "\"NOT (OK(other) AND ALARM('errors'))\"",
        '"ALARM(${aws_cloudwatch_metric_alarm.a.arn})"',
        '"ALARM(arn:aws:cloudwatch:us-west-2:111122223333:alarm:errors)"',
        'join(" OR ", [for one in [aws_cloudwatch_metric_alarm.a] : "ALARM(\\"${one.alarm_name}\\")"])',
    ],
)
def test_a_composite_alarm_reads_the_alarms_in_its_rules_parentheses(rule: str) -> None:
    text = 'resource "aws_cloudwatch_metric_alarm" "a" {\n  alarm_name = "errors"\n}\n'
    text += f'resource "aws_cloudwatch_composite_alarm" "c" {{\n  alarm_name = "all"\n  alarm_rule = {rule}\n}}\n'
    assert edges(text, "reads") == [("aws_cloudwatch_composite_alarm.c", "aws_cloudwatch_metric_alarm.a", None)]


@pytest.mark.parametrize("rule", ['"TRUE"', '"ALARM()"', '"ALARM(error)"', '"errors"', "null"])
def test_a_composite_alarm_reads_nothing_else(rule: str) -> None:
    text = 'resource "aws_cloudwatch_metric_alarm" "a" {\n  alarm_name = "errors"\n}\n'
    text += f'resource "aws_cloudwatch_composite_alarm" "c" {{\n  alarm_name = "all"\n  alarm_rule = {rule}\n}}\n'
    assert edges(text, "reads") == []
