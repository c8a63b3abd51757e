"""What a value names: in every form, through everything that leads to it, and what can't be told."""

from __future__ import annotations

import pytest

from tests.stacks import stack_of
from tests.wiring.stacks import addresses, named

QUEUE = "aws_sqs_queue"
HOLDER = 'resource "aws_lambda_event_source_mapping" "m" {{\n  event_source_arn = {}\n}}\n'
NAMED = 'resource "aws_sqs_queue" "q" {\n  name = "orders"\n}\nresource "aws_sqs_queue" "other" {\n  name = "mail"\n}\n'
UNKNOWN = 'variable "x" {}\nvariable "y" {}\n'


def _asked(text: str, expr: str, how: str = "any") -> tuple[list[str], list[tuple[str, str]]]:
    return addresses(_named(text, expr, how))


def _named(text: str, expr: str, how: str = "any"):  # type: ignore[no-untyped-def]
    holder = "aws_lambda_event_source_mapping.m"
    return named(UNKNOWN + text + HOLDER.format(expr), holder, "event_source_arn", QUEUE, how=how)


@pytest.mark.parametrize(
    "expr",
    [
        "aws_sqs_queue.q.arn",
        "aws_sqs_queue.q.url",
        "aws_sqs_queue.q.name",
        '"${aws_sqs_queue.q.arn}"',
        '"arn:aws:sqs:us-east-1:123456789012:orders"',
        '"arn:aws:sqs:${var.x}:${data.aws_caller_identity.c.account_id}:orders"',
        '"${var.x}:orders"',
        '"https://sqs.us-east-1.amazonaws.com/123456789012/orders"',
        '"https://sqs.us-east-1.amazonaws.com/123456789012/${aws_sqs_queue.q.name}"',
        '"orders"',
        "data.aws_sqs_queue.d.arn",
        "local.arn",
        'local.arns["a"]',
        "try(local.missing, aws_sqs_queue.q.arn)",
        'jsondecode("{\\"arn\\": \\"${aws_sqs_queue.q.arn}\\"}").arn',
    ],
)
def test_a_queue_is_named_in_every_form(expr: str) -> None:
    text = NAMED + (
        'data "aws_caller_identity" "c" {}\ndata "aws_sqs_queue" "d" {\n  name = aws_sqs_queue.q.name\n}\n'
        "locals {\n  arn = aws_sqs_queue.q.arn\n  arns = { a = local.arn, b = aws_sqs_queue.other.arn }\n}\n"
    )
    assert _asked(text, expr) == (["aws_sqs_queue.q"], [])


@pytest.mark.parametrize(
    "expr",
    [
        '"arn:aws:sqs:us-east-1:123456789012:another-orders"',
        '"arn:aws:sqs:us-east-1:123456789012:orders-dlq"',
        '"https://sqs.us-east-1.amazonaws.com/123456789012/orders-dlq"',
        '"order"',
        "data.aws_sqs_queue.elsewhere.arn",
    ],
)
def test_what_is_not_in_the_stack_is_outside(expr: str) -> None:
    found = _named(NAMED + 'data "aws_sqs_queue" "elsewhere" {\n  name = "elsewhere"\n}\n', expr)
    assert (addresses(found), found.outside, found.doubt) == (([], []), True, None)


@pytest.mark.parametrize(
    "expr", ['"arn:aws:sns:us-east-1:123456789012:orders"', "aws_sns_topic.orders.arn", "null", '""']
)
def test_a_thing_of_another_type_is_nothing(expr: str) -> None:
    assert not _named(NAMED + 'resource "aws_sns_topic" "orders" {\n  name = "orders"\n}\n', expr)


def test_an_arn_from_outside_makes_no_queue_a_possible_one() -> None:
    found = _named(NAMED, "var.x")
    assert (addresses(found), found.outside, found.doubt) == (([], []), False, "var.x has no default")


def test_only_what_the_expression_mentions_is_possible() -> None:
    text = NAMED + "locals {\n  own = var.x ? aws_sqs_queue.q.arn : var.y\n}\n"
    assert _asked(text, "local.own") == ([], [("aws_sqs_queue.q", "var.x has no default")])


def test_an_element_that_is_not_known_is_looked_for_where_it_is_written() -> None:
    text = NAMED + "locals {\n  arns = [aws_sqs_queue.other.arn, var.x ? aws_sqs_queue.q.arn : var.y]\n}\n"
    assert _asked(text, "local.arns[1]") == ([], [("aws_sqs_queue.q", "var.x has no default")])


def test_the_same_unknown_makes_the_same_name() -> None:
    text = 'locals {\n  prefix = "${var.x}-prod"\n}\n'
    text += 'resource "aws_sqs_queue" "q" {\n  name = "${local.prefix}-orders"\n}\n'
    text += 'resource "aws_sqs_queue" "other" {\n  name = "${local.prefix}-mail"\n}\n'
    assert _asked(text, '"arn:aws:sqs:r:1:${var.x}-prod-orders"') == (["aws_sqs_queue.q"], [])


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("${var.x.a}", "${var.x.b}"),
        ("${var.x[0]}", "${var.x[1]}"),
        ("${var.x}", '${var.x == "a" ? "b" : "c"}'),
        ("${var.x}", "${lower(var.x)}"),
        ("${var.x}", "${coalesce(var.x, var.y)}"),
    ],
)
def test_two_unknowns_of_one_reason_are_two(name: str, arn: str) -> None:
    text = f'resource "aws_sqs_queue" "q" {{\n  name = "a-{name}"\n}}\n'
    found = _named(text, f'"arn:aws:sqs:r:1:a-{arn}"')
    assert found.certain == ()
    assert [instance.address for instance, _ in found.possible] == ["aws_sqs_queue.q"]


@pytest.mark.parametrize(
    "part", ["${var.x.a}", "${var.x[0]}", '${var.x["a"].b}', "${local.once}", "${tostring(var.x)}"]
)
def test_an_unknown_is_equal_to_itself(part: str) -> None:
    text = f'locals {{\n  once = uuid()\n}}\nresource "aws_sqs_queue" "q" {{\n  name = "a-{part}"\n}}\n'
    assert _asked(text, f'"arn:aws:sqs:r:1:a-{part}"') == (["aws_sqs_queue.q"], [])


@pytest.mark.parametrize("name", ["uuid()", '"a-${uuid()}"', '"a-x"', '"a-${bcrypt("x")}-b"'])
@pytest.mark.parametrize("arn", ["a-${uuid()}", "${uuid()}"])
def test_what_is_made_anew_is_like_nothing_else(name: str, arn: str) -> None:
    found = _named(f'resource "aws_sqs_queue" "q" {{\n  name = {name}\n}}\n', f'"arn:aws:sqs:r:1:{arn}"')
    assert (found.certain, found.possible) == ((), ())


def test_what_is_made_anew_may_be_what_comes_from_outside() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  name = uuid()\n}\n'
    assert [one for one, _ in _asked(text, '"arn:aws:sqs:r:1:${var.x}"')[1]] == ["aws_sqs_queue.q"]


def test_what_terraform_alone_knows_is_one_thing() -> None:
    for part in ("terraform.workspace", "path.cwd"):
        text = f'resource "aws_sqs_queue" "q" {{\n  name = "a-${{{part}}}"\n}}\n'
        assert _asked(text, f'"arn:aws:sqs:r:1:a-${{{part}}}"') == (["aws_sqs_queue.q"], [])


def test_a_text_that_may_be_the_name_is_a_doubt() -> None:
    assert _asked(NAMED, '"arn:aws:sqs:r:1:${var.x}ers"') == ([], [("aws_sqs_queue.q", "var.x has no default")])
    assert _asked(NAMED, '"arn:aws:sqs:r:1:${var.x}-dlq"') == ([], [])


def test_a_name_that_may_be_the_text_is_a_doubt() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  name = "${var.x}-orders"\n}\n'
    assert _asked(text, '"arn:aws:sqs:r:1:prod-orders"') == ([], [("aws_sqs_queue.q", "var.x has no default")])
    assert _asked(text, '"arn:aws:sqs:r:1:prod-mail"') == ([], [])


def test_instances_are_named_by_their_keys() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  for_each = toset(["a", "b"])\n  name = "${each.key}-jobs"\n}\n'
    assert _asked(text, 'aws_sqs_queue.q["b"].arn') == (['aws_sqs_queue.q["b"]'], [])
    assert _asked(text, '"arn:aws:sqs:r:1:b-jobs"') == (['aws_sqs_queue.q["b"]'], [])
    counted = 'resource "aws_sqs_queue" "q" {\n  count = 2\n  name = "jobs-${count.index}"\n}\n'
    assert _asked(counted, "aws_sqs_queue.q[1].arn") == (["aws_sqs_queue.q[1]"], [])
    assert _asked(counted, "(aws_sqs_queue.q[*].arn)[1]") == (["aws_sqs_queue.q[1]"], [])


def test_an_instance_of_unknown_keys_stands_for_all() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  count = var.x ? 1 : 0\n  name = "jobs"\n}\n'
    assert _asked(text, "aws_sqs_queue.q[0].arn") == (["aws_sqs_queue.q[?]"], [])
    doubts = ([], [("aws_sqs_queue.q[?]", "var.x has no default")])
    assert _asked(text, "one(aws_sqs_queue.q[*].arn)") == doubts
    assert _asked(text, '"arn:aws:sqs:r:1:jobs"') == doubts  # it may not be there


def test_instances_of_the_same_unknown_keys_belong_together() -> None:
    text = UNKNOWN + (
        'resource "aws_sqs_queue" "q" {\n  for_each = var.x\n  name = "jobs"\n}\n'
        'resource "aws_lambda_event_source_mapping" "m" {\n  for_each = var.x\n'
        "  event_source_arn = lookup({ for key, queue in aws_sqs_queue.q : key => queue.arn }, each.key)\n}\n"
    )
    found = named(text, "aws_lambda_event_source_mapping.m[?]", "event_source_arn", QUEUE)
    assert addresses(found) == (["aws_sqs_queue.q[?]"], [])


@pytest.mark.parametrize(
    ("repeat", "key"),
    [("for_each = var.x", "each.key"), ("for_each = toset(var.x)", "each.key"), ("count = var.x", "count.index")],
)
def test_the_same_unknown_keys_make_the_same_names(repeat: str, key: str) -> None:
    text = UNKNOWN + (
        f'resource "aws_sqs_queue" "q" {{\n  {repeat}\n  name = "t-${{{key}}}"\n}}\n'
        f'resource "aws_lambda_event_source_mapping" "m" {{\n  {repeat}\n'
        f'  event_source_arn = "arn:aws:sqs:r:1:t-${{{key}}}"\n}}\n'
    )
    found = named(text, "aws_lambda_event_source_mapping.m[?]", "event_source_arn", QUEUE)
    assert addresses(found) == (["aws_sqs_queue.q[?]"], [])


@pytest.mark.parametrize("expr", ["each.value.arn", "aws_sqs_queue.q[each.key].arn", '"arn:aws:sqs:r:1:${each.key}"'])
def test_a_for_each_over_a_resource_goes_on_with_its_unknown_keys(expr: str) -> None:
    text = UNKNOWN + (
        'resource "aws_sqs_queue" "q" {\n  for_each = var.x\n  name = each.key\n}\n'
        'resource "aws_lambda_event_source_mapping" "m" {\n  for_each = aws_sqs_queue.q\n'
        f'  event_source_arn = {expr}\n  function_name = "f"\n}}\n'
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n}\n'
    )
    stack = stack_of(text)
    assert [(edge.source.address, edge.doubt) for edge in stack.wiring.edges("triggers")] == [
        ("aws_sqs_queue.q[?]", None)
    ]
    found = named(text, "aws_lambda_event_source_mapping.m[?]", "event_source_arn", QUEUE)
    assert addresses(found) == (["aws_sqs_queue.q[?]"], [])


def test_a_for_each_that_goes_round_ends() -> None:
    text = (
        'resource "aws_sqs_queue" "q" {\n  for_each = aws_sqs_queue.o\n}\n'
        'resource "aws_sqs_queue" "o" {\n  for_each = aws_sqs_queue.q\n}\n'
    )
    assert [instance.address for instance in stack_of(text).resources()] == ["aws_sqs_queue.q[?]", "aws_sqs_queue.o[?]"]


def test_what_a_module_returns_is_not_known() -> None:
    found = _named(NAMED + 'module "m" {\n  source = "./m"\n}\n', "module.m.queue_arn")
    assert (addresses(found), found.outside) == (([], []), False)
    assert found.doubt == "module.m.queue_arn is known after apply"


def test_an_alias_stands_for_its_function() -> None:
    text = (
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n}\n'
        'resource "aws_lambda_alias" "live" {\n  function_name = aws_lambda_function.f.function_name\n}\n'
        'resource "aws_lambda_event_source_mapping" "m" {\n  function_name = aws_lambda_alias.live.arn\n}\n'
    )
    found = named(text, "aws_lambda_event_source_mapping.m", "function_name", "aws_lambda_function")
    assert addresses(found) == (["aws_lambda_function.f"], [])


@pytest.mark.parametrize(
    "text",
    [
        '"f"',
        '"f:live"',
        '"123456789012:function:f"',
        '"arn:aws:lambda:r:1:function:f:live"',
        '"${aws_lambda_function.f.arn}:live"',
    ],
)
def test_a_function_is_named_with_a_qualifier_or_part_of_its_arn(text: str) -> None:
    stack = (
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n}\n'
        f'resource "aws_lambda_event_source_mapping" "m" {{\n  function_name = {text}\n}}\n'
    )
    found = named(stack, "aws_lambda_event_source_mapping.m", "function_name", "aws_lambda_function")
    assert addresses(found) == (["aws_lambda_function.f"], [])


def test_an_arn_as_such_is_no_name() -> None:
    assert _named(NAMED, '"orders"', how="arn").outside
    assert _named(NAMED, '"orders"', how="id").outside


def test_of_several_of_a_name_the_one_that_is_referred_to_is_meant() -> None:
    text = (
        'resource "aws_sqs_queue" "q" {\n  name = "jobs"\n}\n'
        'resource "aws_sqs_queue" "abroad" {\n  name = "jobs"\n  provider = aws.abroad\n}\n'
    )
    assert _asked(text, "aws_sqs_queue.q.name") == (["aws_sqs_queue.q"], [])
    assert _asked(text, '"jobs"') == (["aws_sqs_queue.q", "aws_sqs_queue.abroad"], [])


def _chain(name: str, arn: str, count: int = 400) -> int:
    """The pairs of texts that are looked at where each queue is named by its predecessor."""
    text = UNKNOWN + "".join(
        f'resource "aws_sqs_queue" "q{number}" {{\n  name = "{name.format(number)}"\n'
        f'  redrive_policy = jsonencode({{ deadLetterTargetArn = "{arn.format(number + 1)}" }})\n}}\n'
        for number in range(count)
    )
    wiring = stack_of(text).wiring
    wiring.edges("redrives_to")
    return wiring.resolver.comparisons


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("q-{}", "arn:aws:sqs:r:1:q-{}"),
        ("${{var.x}}-{}", "arn:aws:sqs:r:1:${{var.x}}-{}"),
        ("${{var.x}}-q{}-jobs", "arn:aws:sqs:r:1:${{var.y}}-q{}-jobs"),
        ("${{var.x}}", "arn:aws:sqs:r:1:${{var.y}}-{}-jobs"),
    ],
)
def test_the_cost_is_linear_in_the_size_of_the_stack(name: str, arn: str) -> None:
    assert _chain(name, arn) <= 400 * 101


def test_texts_that_fit_any_are_not_listed() -> None:
    text = UNKNOWN + "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "q-{n}"\n}}\n' for n in range(150))
    found = named(text + HOLDER.format('"arn:aws:sqs:r:1:${var.x}"'), "aws_lambda_event_source_mapping.m",
                  "event_source_arn", QUEUE)  # fmt: skip
    assert (found.possible, found.may_be, found.doubt) == ((), (QUEUE,), "var.x has no default")


def test_of_a_name_that_very_many_have_none_is_told() -> None:
    text = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "jobs"\n}}\n' for n in range(150))
    found = named(text + HOLDER.format('"jobs"'), "aws_lambda_event_source_mapping.m", "event_source_arn", QUEUE)
    assert (found.certain, found.may_be) == ((), (QUEUE,))
    assert found.doubt == "more than 100 things may have that name"


def test_a_data_source_finds_by_what_names_a_thing_of_its_type() -> None:
    text = (
        'data "aws_lambda_function" "d" {\n  function_name = "f"\n}\n'
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n}\n'
        'resource "aws_lambda_event_source_mapping" "m" {\n  function_name = data.aws_lambda_function.d.arn\n}\n'
    )
    found = named(text, "aws_lambda_event_source_mapping.m", "function_name", "aws_lambda_function")
    assert addresses(found) == (["aws_lambda_function.f"], [])


@pytest.mark.parametrize(
    ("type_", "written", "arn"),
    [
        ("aws_iam_role", 'name = "r"', "arn:aws:iam::1:role/service/r"),
        ("aws_iam_policy", 'name = "r"', "arn:aws:iam::1:policy/r"),
        ("aws_cloudwatch_event_rule", 'name = "r"', "arn:aws:events:x:1:rule/bus/r"),
        ("aws_dynamodb_table", 'name = "r"', "arn:aws:dynamodb:x:1:table/r/stream/2026-01-01T00:00:00.000"),
        ("aws_cloudwatch_log_group", 'name = "/a/r"', "arn:aws:logs:x:1:log-group:/a/r:*"),
        ("aws_secretsmanager_secret", 'name = "a-r"', "arn:aws:secretsmanager:x:1:secret:a-r-Ab12Cd"),
        ("aws_secretsmanager_secret", 'name = "a-r"', "arn:aws:secretsmanager:x:1:secret:a-r"),
        ("aws_ssm_parameter", 'name = "/a/r"', "arn:aws:ssm:x:1:parameter/a/r"),
        ("aws_ssm_parameter", 'name = "r"', "arn:aws:ssm:x:1:parameter/r"),
        ("aws_s3_bucket", 'bucket = "r"', "arn:aws:s3:::r/key"),
        ("aws_sfn_state_machine", 'name = "r"', "arn:aws-cn:states:x:1:stateMachine:r"),
        ("aws_elasticache_user", 'user_id = "r"', "arn:aws:elasticache:x:1:user:r"),
    ],
)
def test_arns_are_read_by_the_form_of_their_type(type_: str, written: str, arn: str) -> None:
    text = f'resource "{type_}" "r" {{\n  {written}\n}}\n'
    text += f'resource "aws_lambda_permission" "m" {{\n  source_arn = "{arn}"\n}}\n'
    for types in ((type_,), ()):
        found = named(text, "aws_lambda_permission.m", "source_arn", *types, how="arn")
        assert addresses(found) == ([f"{type_}.r"], [])


@pytest.mark.parametrize("arn", ["arn:aws:iam::aws:policy/r", "arn:aws:iam::1:policy/r2", "arn:aws:iam::1:policy"])
def test_an_arn_of_a_policy_elsewhere_is_outside(arn: str) -> None:
    text = 'resource "aws_iam_policy" "r" {\n  name = "r"\n}\n'
    text += f'resource "aws_iam_role_policy_attachment" "m" {{\n  policy_arn = "{arn}"\n}}\n'
    found = named(text, "aws_iam_role_policy_attachment.m", "policy_arn", "aws_iam_policy", how="arn")
    assert (found.certain, found.possible) == ((), ())
