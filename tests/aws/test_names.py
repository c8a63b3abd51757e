"""What names things: the table and its reader, the tool that builds it."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from tests.stacks import ROOT
from tflint_tap.aws import constraints, names, schema
from tflint_tap.aws.names import Form, Naming, naming
from tflint_tap.records import replace


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("aws_lambda_function", Naming("function_name", "begins")),
        ("aws_sqs_queue", Naming("name", "begins")),
        ("aws_dynamodb_table", Naming("name", "begins")),
        ("aws_iam_role", Naming("name", "begins")),
        ("aws_cloudwatch_metric_alarm", Naming("alarm_name", "begins")),
        ("aws_elasticache_replication_group", Naming("replication_group_id", "folded")),
        ("aws_rds_cluster", Naming("cluster_identifier", "folded")),
        ("aws_vpclattice_service", Naming("name", "folded")),  # its pattern has no capitals
        ("aws_backup_framework", Naming("name", "folded")),  # nor has this hyphens
        ("aws_s3_bucket", Naming("bucket", "folded", leads=("aws-waf-logs-",))),
        ("aws_ssm_parameter", Naming("name", "contains")),
        ("aws_cloudwatch_event_bus", Naming("name", "begins", given=("default", "aws.partner/"))),
        ("aws_lb_target_group", Naming("name", "begins", unjudged=("name_prefix",))),
        ("aws_launch_template", Naming("name", "folded")),
    ],
)
def test_how_things_are_named(type_: str, expected: Naming) -> None:
    found = naming(type_)
    assert found is not None
    assert replace(found, limits=None, within=None, refused=(), space=None, fifo=None) == expected


@pytest.mark.parametrize(
    ("type_", "shortest", "longest", "prefix"),
    [
        ("aws_lambda_function", 1, 64, None),
        ("aws_sqs_queue", None, 80, 54),
        ("aws_iam_role", None, 64, 38),
        ("aws_elasticache_replication_group", None, 40, 14),
        ("aws_lb", None, 32, 6),
        ("aws_lb_target_group", None, 32, 6),
        ("aws_s3_bucket", 3, 63, 37),
        ("aws_launch_template", 3, 128, 102),
        ("aws_opensearch_domain", 3, 28, 2),
        ("aws_dax_cluster", None, 20, 0),
    ],
)
def test_how_long_names_and_their_starts_may_be(
    type_: str, shortest: int | None, longest: int, prefix: int | None
) -> None:
    found, start = naming(type_), names.prefix_limits(type_)
    assert found is not None
    assert found.limits is not None
    assert (found.limits.min_length, found.limits.max_length) == (shortest, longest)
    if prefix is not None:
        assert start is not None
        assert start.max_length == prefix


@pytest.mark.parametrize(
    ("type_", "within", "space"),
    [
        ("aws_sqs_queue", (), None),
        ("aws_s3_bucket", ("*",), None),
        ("aws_security_group", ("vpc_id",), None),
        ("aws_cloudwatch_composite_alarm", (), "aws_cloudwatch_metric_alarm"),
        ("aws_api_gateway_rest_api", None, None),  # two may have one name
    ],
)
def test_where_a_name_can_exist_once(type_: str, within: tuple[str, ...] | None, space: str | None) -> None:
    found = naming(type_)
    assert found is not None
    assert (found.within, found.space) == (within, space)


def test_what_the_table_says_of_names_can_be_used() -> None:
    for type_ in names.types():
        block, found = schema.resource(type_), naming(type_)
        assert block is not None
        assert found is not None
        assert all(name == "*" or name in block.attributes for name in found.within or ())
        assert found.fifo is None or found.fifo in block.attributes
        assert found.space is None or naming(found.space) is not None
        if found.limits is not None and found.limits.pattern is not None:
            assert re.compile(found.limits.pattern)


@pytest.mark.parametrize(
    "type_",
    [
        "aws_vpc",  # no name
        "aws_lambda_permission",
        "aws_lambda_alias",  # a name within a function
        "aws_apigatewayv2_stage",
        "aws_lambda_event_source_mapping",
        "aws_iam_role_policy",
        "aws_iam_service_linked_role",
        "aws_autoscaling_policy",
        "aws_cloudwatch_event_target",
        "aws_cloudwatch_log_subscription_filter",
        "aws_ecs_service",
        "aws_route53_zone",  # a domain
        "aws_route53_record",
        "aws_cognito_user_pool_domain",
        "aws_quicksight_dashboard",  # a title
        "aws_s3_bucket_versioning",  # of another thing
        "aws_s3_bucket_policy",
        "aws_s3_object",
        "aws_nonsense",
    ],
)
def test_what_has_no_name_of_its_own(type_: str) -> None:
    assert naming(type_) is None


def test_every_name_is_a_text_that_can_be_set() -> None:
    types = names.types()
    assert len(types) > 450
    assert list(types) == sorted(types)
    for type_ in types:
        block, found = schema.resource(type_), naming(type_)
        assert block is not None
        assert found is not None
        assert found.form in get_args(Form)
        argument = block.attributes[found.argument]
        assert (argument.settable, argument.type.kind) == (True, "string")
        assert all(name in block.attributes for name in found.unjudged)


def test_the_forms_fit_the_constraints() -> None:
    """A prefix with capitals and hyphens can begin a name of that form."""
    refused = []
    for type_ in names.types():
        found = naming(type_)
        assert found is not None
        limits = constraints.constraint(type_, found.argument)
        if found.form == "begins" and limits is not None and constraints.breach(limits, "Booking-prod-a") is not None:
            refused.append(type_)
    assert refused == []


def test_the_tables_are_as_current_as_their_exceptions() -> None:
    for header, file in (
        (names.header()["exceptions sha256"], "name_exceptions.tsv"),
        (constraints.header()["exceptions sha256"], "constraint_exceptions.tsv"),
        (schema.header()["overlay sha256"], "schema_overlay.tsv"),
    ):
        assert header == hashlib.sha256((ROOT / "tools" / file).read_bytes()).hexdigest(), file


# ---------------------------------------------------------------- the tool that builds it


@pytest.fixture
def tool() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "tools"))
    yield importlib.import_module("build_name_table")
    sys.path.remove(str(ROOT / "tools"))


@pytest.mark.parametrize(
    ("type_", "argument"),
    [
        ("aws_lambda_function", "function_name"),
        ("aws_rds_cluster", "cluster_identifier"),
        ("aws_sqs_queue", "name"),
        ("aws_lambda_alias", None),  # not taggable
        ("aws_api_gateway_stage", None),  # belongs to an API
        ("aws_iam_role_policy", None),
        ("aws_vpc", None),
    ],
)
def test_names_are_guessed_from_the_schema(tool: Any, type_: str, argument: str | None) -> None:
    assert tool.guessed_name(type_, schema.resource(type_)) == argument


def _package(folder: Path, pattern: str | None) -> Path:
    """A wheel with one service, whose queues have names of this pattern."""
    name = {"type": "string"} | ({"pattern": pattern} if pattern else {})
    model = {
        "operations": {"CreateQueue": {"input": {"shape": "Input"}}},
        "shapes": {"Input": {"type": "structure", "members": {"Name": {"shape": "Name"}}}, "Name": name},
    }
    path = folder / f"{hashlib.sha256(str(pattern).encode()).hexdigest()}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("botocore/data/connect/2020-01-01/service-2.json", json.dumps(model))
    return path


@pytest.mark.parametrize(
    ("pattern", "form"),
    [
        (None, "begins"),
        ("[A-Za-z0-9-]+", "begins"),
        ("[a-z0-9-]+", "folded"),
        ("[A-Za-z0-9_]+", "folded"),
        ("[A-Za-z0-9]+", "-"),
        (r"\p{Lowercase}+", "folded"),  # what can't be read
    ],
)
def test_the_pattern_tells_the_form(tool: Any, tmp_path: Path, pattern: str | None, form: str) -> None:
    assert tool.guessed_form(_package(tmp_path, pattern), {"connect": "connect"}, "aws_connect_queue", "name") == form


def test_a_member_that_is_not_found_folds(tool: Any, tmp_path: Path) -> None:
    package = _package(tmp_path, "[A-Z]+")
    assert tool.guessed_form(package, {"connect": "connect"}, "aws_connect_quick_thing", "name") == "folded"
    assert tool.guessed_form(package, {}, "aws_nowhere_thing", "name") == "folded"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("sqs_queue\tname\tname\tx", "aws_sqs_queue: its name is name without an exception"),
        ("sqs_queue\tform\tbegins\tx", "aws_sqs_queue: its form is begins without an exception"),
        ("sqs_queue\tname\tarn\tx", "aws_sqs_queue has no text arn"),
        ("vpc\tform\tfolded\tx", "aws_vpc has no name that there could be exceptions of"),
        ("sqs_que\tname\tname\tx", "exceptions for types that there aren't: aws_sqs_que"),
        ("sqs_queue\tform\tupper\tx", "no exception: form upper"),
        ("sqs_queue\tform\tfolded\t", "no exception: form folded"),
        ("sqs_queue\tform\tfolded\tx\nsqs_queue\tform\tcontains\tx", "aws_sqs_queue has two exceptions for its form"),
    ],
)
def test_an_exception_that_says_nothing_new_or_wrong_is_refused(
    tool: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, message: str
) -> None:
    monkeypatch.setattr(schema, "resource_types", lambda: ("aws_sqs_queue", "aws_vpc"))
    with pytest.raises(ValueError, match=message):
        tool.table(_package(tmp_path, None), "types\tchange\tvalue\treason\n" + line, "2026-01-01")


def test_the_table_has_a_line_for_each_name(tool: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "resource_types", lambda: ("aws_sqs_queue", "aws_s3_bucket", "aws_vpc"))
    exceptions = (
        "types\tchange\tvalue\treason\ns3_bucket\tname\tbucket\tx\ns3_bucket\tlead\ta-\tx\ns3_bucket\tlead\tb-\tx\n"
    )
    text = tool.table(_package(tmp_path, None), exceptions, "2026-01-01")
    assert text.splitlines()[7:] == ["aws_s3_bucket\tbucket\tfolded\tlead a- b-", "aws_sqs_queue\tname\tbegins"]


def test_check_says_which_lines_of_a_tampered_table_differ(
    tool: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "names.txt"
    monkeypatch.setattr(tool, "table", lambda package, exceptions, date: f"# date: {date}\na\tname\nb\tname\n")
    monkeypatch.setattr(sys, "argv", ["build", "--package", "none.whl", "--table", str(table)])
    assert tool.main() == 0
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--check"])
    assert tool.main() == 0
    table.write_text(table.read_text().replace("b\tname", "b\talias"))
    assert tool.main() == 1
    assert capsys.readouterr().out.endswith("differing lines:\nb\n")
