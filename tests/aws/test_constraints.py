"""The constraints' table and its reader."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import hcl2
import pytest

from tests.stacks import ROOT, SHARED
from tflint_tap.aws import constraints, schema
from tflint_tap.aws.constraints import Constraint, breach, constraint
from tflint_tap.aws.names import naming

STACKS = SHARED / "terraform" / "stacks"


@pytest.mark.parametrize(
    ("argument", "values"),
    [
        ("aws_dynamodb_table.billing_mode", "PROVISIONED PAY_PER_REQUEST"),
        ("aws_dynamodb_table.stream_view_type", "NEW_IMAGE OLD_IMAGE NEW_AND_OLD_IMAGES KEYS_ONLY"),
        ("aws_dynamodb_table.attribute.type", "S N B"),
        ("aws_cloudwatch_metric_alarm.statistic", "SampleCount Average Sum Minimum Maximum"),
        (
            "aws_cloudwatch_metric_alarm.comparison_operator",
            "GreaterThanOrEqualToThreshold GreaterThanThreshold LessThanThreshold LessThanOrEqualToThreshold "
            "LessThanLowerOrGreaterThanUpperThreshold LessThanLowerThreshold GreaterThanUpperThreshold",
        ),
        (
            "aws_cloudwatch_log_group.retention_in_days",
            "0 1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653",
        ),
        ("aws_lambda_function.architectures", "x86_64 arm64"),
        ("aws_lambda_function.package_type", "Zip Image"),
        ("aws_lambda_function.tracing_config.mode", "Active PassThrough"),
        ("aws_lambda_event_source_mapping.starting_position", "TRIM_HORIZON LATEST AT_TIMESTAMP"),
        ("aws_lambda_event_source_mapping.function_response_types", "ReportBatchItemFailures"),
        ("aws_apigatewayv2_api.protocol_type", "WEBSOCKET HTTP"),
        ("aws_apigatewayv2_route.authorization_type", "NONE AWS_IAM CUSTOM JWT"),
        ("aws_elasticache_replication_group.transit_encryption_mode", "preferred required"),
        ("aws_sfn_state_machine.type", "STANDARD EXPRESS"),
        ("aws_scheduler_schedule.flexible_time_window.mode", "OFF FLEXIBLE"),
        ("aws_sns_topic_subscription.protocol", "sqs sms lambda firehose application email email-json http https"),
        ("aws_s3_bucket_versioning.versioning_configuration.status", "Enabled Suspended Disabled"),
        ("aws_ssm_parameter.type", "String StringList SecureString"),
        ("aws_pipes_pipe.desired_state", "RUNNING STOPPED"),
    ],
)
def test_enumerations_have_exactly_these_values(argument: str, values: str) -> None:
    type_, _, path = argument.partition(".")
    found = constraint(type_, path)
    assert found is not None
    assert found.enum == tuple(values.split(" "))


def test_current_runtimes_are_known() -> None:
    found = constraint("aws_lambda_function", "runtime")
    assert found is not None
    assert {"python3.13", "nodejs22.x", "java21", "provided.al2023", "dotnet8", "ruby3.4"} <= set(found.enum)


@pytest.mark.parametrize(
    ("argument", "limits"),
    [
        ("aws_lambda_function.timeout", (1, 900)),
        ("aws_lambda_function.memory_size", (128, 32768)),
        ("aws_lambda_function.ephemeral_storage.size", (512, 10240)),
        ("aws_lambda_function.reserved_concurrent_executions", (-1, None)),
        ("aws_lambda_event_source_mapping.batch_size", (1, 10000)),
        ("aws_lambda_event_source_mapping.parallelization_factor", (1, 10)),
        ("aws_sqs_queue.visibility_timeout_seconds", (0, 43200)),
        ("aws_sqs_queue.message_retention_seconds", (60, 1209600)),
        ("aws_sqs_queue.delay_seconds", (0, 900)),
        ("aws_kms_key.deletion_window_in_days", (7, 30)),
        ("aws_iam_role.max_session_duration", (3600, 43200)),
        ("aws_apigatewayv2_integration.timeout_milliseconds", (50, 30000)),
        ("aws_rds_cluster.backup_retention_period", (0, 35)),
        ("aws_cloudwatch_event_target.retry_policy.maximum_retry_attempts", (0, 185)),
        ("aws_vpc_security_group_ingress_rule.from_port", (-1, 65535)),
    ],
)
def test_ranges_are_exactly_these(argument: str, limits: tuple[int | None, int | None]) -> None:
    type_, _, path = argument.partition(".")
    found = constraint(type_, path)
    assert found is not None
    assert (found.minimum, found.maximum) == limits


@pytest.mark.parametrize(
    ("argument", "length"),
    [
        ("aws_lambda_function.function_name", 64),
        ("aws_iam_role.name", 64),
        ("aws_iam_policy.name", 128),
        ("aws_sqs_queue.name", 80),
        ("aws_sns_topic.name", 256),
        ("aws_dynamodb_table.name", 255),
        ("aws_elasticache_replication_group.replication_group_id", 40),
        ("aws_rds_cluster.cluster_identifier", 63),
        ("aws_sfn_state_machine.name", 80),
        ("aws_cloudwatch_metric_alarm.alarm_name", 255),
        ("aws_cloudwatch_event_rule.name", 64),
        ("aws_cloudwatch_log_group.name", 512),
        ("aws_s3_bucket.bucket", 63),
        ("aws_scheduler_schedule.name", 64),
        ("aws_pipes_pipe.name", 64),
        ("aws_kms_alias.name", 256),
        ("aws_secretsmanager_secret.name", 512),
    ],
)
def test_names_have_the_length_that_the_service_allows(argument: str, length: int) -> None:
    type_, _, path = argument.partition(".")
    found = constraint(type_, path)
    assert found is not None
    assert found.max_length == length
    named = naming(type_)
    assert named is not None
    assert named.argument == path


def test_what_is_not_in_the_table_has_no_constraint() -> None:
    assert constraint("aws_sqs_queue", "policy") is None
    assert constraint("aws_nonsense", "name") is None
    assert constraint("aws_lambda_function", "tracing_config") is None


@pytest.mark.parametrize(
    ("argument", "value", "what"),
    [
        ("aws_sqs_queue.visibility_timeout_seconds", 43201, "is not between 0 and 43200"),
        ("aws_sqs_queue.visibility_timeout_seconds", "43201", "is not between 0 and 43200"),
        ("aws_sqs_queue.visibility_timeout_seconds", 43200, None),
        ("aws_sqs_queue.visibility_timeout_seconds", "soon", None),
        ("aws_lambda_function.reserved_concurrent_executions", -2, "is under -1"),
        ("aws_rds_cluster.serverlessv2_scaling_configuration.min_capacity", Fraction(1, 2), None),
        ("aws_dynamodb_table.attribute.type", "M", "is not one of S, N, B"),
        ("aws_lambda_event_source_mapping.function_response_types", "x", "is not ReportBatchItemFailures"),
        ("aws_cloudwatch_log_group.retention_in_days", 14, None),
        ("aws_cloudwatch_log_group.retention_in_days", "14", None),
        ("aws_elasticache_replication_group.engine", "Redis", None),
        ("aws_elasticache_replication_group.engine", "memcached", "is not one of redis, valkey"),
        ("aws_elasticache_replication_group.replication_group_id", "a" * 41, "has 41 characters, over the limit of 40"),
        ("aws_dynamodb_table.name", "ab", "has 2 characters, under the minimum of 3"),
        ("aws_sns_topic.name", "news.fifo", None),
        ("aws_iam_role.name", "a/b", r"does not match [\w+=,.@-]+"),
        ("aws_iam_role.name", "booking-handler\n", r"does not match [\w+=,.@-]+"),
        ("aws_rds_cluster.engine_mode", "", None),
        ("aws_rds_cluster.engine", "aurora-postgresql", None),
        ("aws_rds_cluster_instance.engine", "aurora-postgresql", None),
        ("aws_rds_cluster.preferred_maintenance_window", "sun:05:00-sun:06:00", None),
        ("aws_kms_alias.name", "booking", "does not match alias/[a-zA-Z0-9:/_-]+"),
        ("aws_secretsmanager_secret.recovery_window_in_days", 0, None),
        ("aws_lambda_function.role", "arn:aws:iam::123456789012:role/booking/handler", None),
        ("aws_iam_role.path", "/service/", None),
    ],
)  # fmt: skip
def test_a_breach_says_what_is_so(argument: str, value: str | int | Fraction, what: str | None) -> None:
    type_, _, path = argument.partition(".")
    found = constraint(type_, path)
    assert found is not None
    assert breach(found, value) == what


def test_numbers_are_compared_as_terraform_writes_them() -> None:
    halves = Constraint("test", enum=("0.5", "1"))
    assert breach(halves, Fraction(1, 2)) is None
    assert breach(halves, 1) is None
    assert breach(halves, Fraction(3, 2)) == "is not one of 0.5, 1"


def test_json_is_measured_as_it_is_sent() -> None:
    limits = constraint("aws_cloudwatch_event_rule", "event_pattern")
    assert limits is not None
    pattern = {"source": ["a" * 3000], "detail": {"status": ["x", "y"]}}
    assert breach(limits, json.dumps(pattern, indent=400)) is None
    assert (
        breach(limits, "a" * 4097) == "has 4097 characters, over the limit of 4096"
    )  # not JSON: another rule's matter
    long = json.dumps({"source": ["a" * 5000]}, indent=2)
    assert breach(limits, long) == "has 5015 characters, over the limit of 4096"


def test_letters_are_those_of_ascii() -> None:
    limits = constraint("aws_iam_role", "name")
    assert limits is not None
    assert breach(limits, "worker-1") is None
    assert breach(limits, "r\u00f4le") == r"does not match [\w+=,.@-]+"


def test_a_name_that_does_not_match_is_told_at_once() -> None:
    limits = constraint("aws_db_proxy_endpoint", "db_proxy_endpoint_name")
    assert limits is not None
    assert breach(limits, "ordersprocessingendpointreadonly") is None
    assert breach(limits, "ordersprocessingendpointreadonly_x") == "does not match [a-zA-Z](?:-?[a-zA-Z0-9])*"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[a-z](?:-?[a-z0-9]+)*", True),
        ("([a-z]+)*", True),
        ("(?:(?:a|b)[a-z]*)*", False),
        ("x|(?=(?:[a-z]*-*)+)", True),
        ("(?:-[a-z]+)*", False),
        ("(?:[a-z]+){1,3}", False),
        ("[a-z]+(?:-?[a-z0-9])*", False),
    ],
)
def test_a_pattern_that_can_take_forever_is_told(tool: Any, pattern: str, expected: bool) -> None:
    assert tool.ambiguous(tool.parse_pattern(pattern)) is expected


def test_every_line_of_the_table_can_be_read_and_is_about_an_argument_that_can_be_set(tool: Any) -> None:
    keys = constraints.keys()
    assert len(keys) > 1000
    assert list(keys) == sorted(keys)
    for key in keys:
        type_, _, path = key.partition(".")
        block = schema.resource(type_)
        assert block is not None
        found = constraint(type_, path)
        assert found is not None
        assert found.source
        breach(found, "x")  # compiles the pattern
        kind = tool.require(block, type_, path)
        kind = kind.element or kind
        assert kind.kind == "number" if found.minimum is not None or found.maximum is not None else True
        assert kind.kind == "string" if found.pattern is not None or found.max_length is not None else True
    assert sorted(constraints.constrained("aws_sfn_activity")) == [
        key.partition(".")[2] for key in keys if key.startswith("aws_sfn_activity.")
    ]


def test_the_header_names_source_version_date_and_hashes() -> None:
    header = constraints.header()
    assert header["source"] == "botocore 1.44.5 (PyPI, Apache-2.0) and tools/constraint_exceptions.tsv"
    assert header["provider"] == "hashicorp/aws 6.66.0"
    assert [len(header[key]) for key in ("package sha256", "exceptions sha256")] == [64, 64]


# ---------------------------------------------------------------- stacks that are known to be good


def literals(value: Any, path: str) -> Iterator[tuple[str, str | int]]:
    """Arguments with literal values in a body as python-hcl2 gives it, by path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "__is_block__":
                yield from literals(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from literals(inner, path)
    elif isinstance(value, str):
        if value.startswith('"') and "${" not in value:
            yield path, value[1:-1].replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path, value


@pytest.mark.parametrize(
    "path",
    [STACKS / "good", STACKS / "good" / "modules" / "queue", STACKS / "features", ROOT / "reference"],
    ids=lambda path: path.name,
)
def test_good_stacks_hold_only_values_within_the_constraints(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"no {path.name} stack beside the repository")
    breaches = []
    for file in path.glob("*.tf"):
        for resource in hcl2.loads(file.read_text()).get("resource", []):
            for type_, labelled in resource.items():
                for label, body in labelled.items():
                    for argument, value in literals(body, ""):
                        found = constraint(type_.strip('"'), argument)
                        what = breach(found, value) if found is not None else None
                        if what is not None:
                            breaches.append((type_, label, argument, value, what))
    assert breaches == []


# ---------------------------------------------------------------- the tool that builds it


@pytest.fixture
def tool() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "tools"))
    yield importlib.import_module("build_constraint_table")
    sys.path.remove(str(ROOT / "tools"))


SHAPES: dict[str, Any] = {
    "CreateQueueInput": {"type": "structure", "members": {"KeySpecs": {"shape": "Specs"}, "Wait": {"shape": "Wait"}}},
    "Specs": {"type": "list", "member": {"shape": "Spec"}},
    "Spec": {"type": "string", "enum": ["A", "B"]},
    "Wait": {"type": "integer", "min": 1, "max": 5},
    "Name": {"type": "string", "pattern": r"^[\p{L}\p{N}]+$", "min": 0, "max": 9},
}


def test_names_of_the_api_are_found_in_plural_and_without_underscores(tool: Any) -> None:
    assert tool.member(SHAPES, ["CreateQueueInput"], "key_spec") == ("CreateQueueInput", "KeySpecs", "Specs")
    assert tool.member(SHAPES, ["CreateQueueInput"], "wait") == ("CreateQueueInput", "Wait", "Wait")
    assert tool.member(SHAPES, ["CreateQueueInput"], "key") is None


def test_a_shape_constrains_only_arguments_of_its_kind(tool: Any) -> None:
    text, number = schema.Type("string"), schema.Type("number")
    assert tool.of_shape(SHAPES, "Spec", text) == {"enum": ["A", "B"]}
    assert tool.of_shape(SHAPES, "Spec", schema.Type("set", text)) == {"enum": ["A", "B"]}
    assert tool.of_shape(SHAPES, "Spec", number) == {}
    assert tool.of_shape(SHAPES, "Wait", number) == {"minimum": 1, "maximum": 5}
    assert tool.of_shape(SHAPES, "Name", text) == {
        "pattern": r"^[A-Za-z\u0080-\U0010ffff0-9]+$",
        "max_length": 9,
    }


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("aws_sqs_queue\tnane\tmaximum\t5\tx", "aws_sqs_queue has no nane"),
        ("aws_sqs_queue\tarn\tmaximum\t5\tx", "aws_sqs_queue has no arn"),
        ("aws_sqs_queue\tname\tdrop\t\tx", "nothing to drop: aws_sqs_queue.name"),
        ("aws_sqs_queue\tname\tlength\t5\tx", "unknown change: length"),
    ],
)
def test_an_exception_that_fits_nothing_is_refused(tool: Any, line: str, message: str) -> None:
    queue = schema.resource("aws_sqs_queue")
    assert queue is not None
    changes = tool.read_changes("types\tpath\tchange\tvalue\treason\n" + line)
    with pytest.raises(ValueError, match=message):
        tool.constraints({"operations": {}, "shapes": SHAPES}, "aws_sqs_queue", queue, changes, tool.Report())


def test_check_says_which_lines_of_a_tampered_table_differ(
    tool: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "constraints.txt"
    monkeypatch.setattr(tool, "table", lambda package, exceptions, date, report: f"# date: {date}\na\t1\nb\t2\n")
    monkeypatch.setattr(sys, "argv", ["build", "--package", "none.whl", "--table", str(table)])
    assert tool.main() == 0
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--check"])
    assert tool.main() == 0
    table.write_text(table.read_text().replace("b\t2", "b\t3"))
    assert tool.main() == 1
    assert capsys.readouterr().out.endswith("differing lines:\nb\n")
