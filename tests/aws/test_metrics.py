"""What AWS publishes to CloudWatch: the tables and their readers, the tool that builds one."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import io
import json
import re
import sys
import tarfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.stacks import ROOT
from tflint_tap.aws import dimensions, schema
from tflint_tap.aws.dimensions import Dimension, dimension
from tflint_tap.aws.edges import edge_rows
from tflint_tap.aws.metrics import header, meant, namespace, slip
from tflint_tap.vocabulary.metrics import METRIC_PARTS

TABLE = ROOT / "tflint_tap" / "aws" / "metrics.txt"
FACTS = ROOT / "tools" / "metric_facts.tsv"
LINES = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_a_metric_has_its_sets_of_dimensions_its_unit_interval_and_range() -> None:
    found = namespace("AWS/DynamoDB")
    assert found is not None
    latency = found.metrics["ReplicationLatency"]
    assert latency.sets == (frozenset({"TableName", "ReceivingRegion"}),)
    assert (latency.is_closed, latency.unit, latency.period) == (True, "Milliseconds", 300)
    assert (latency.least, latency.greatest) == (Fraction(0), None)
    assert found.metrics["UserErrors"].sets == (frozenset(),)
    assert {"TableName", "Operation", "ReceivingRegion"} <= found.dimensions
    assert found.is_whole


def test_what_may_be_published_otherwise_is_open() -> None:
    found = namespace("AWS/RDS")
    assert found is not None
    cpu = found.metrics["CPUUtilization"]
    assert (found.is_whole, cpu.is_closed, cpu.greatest) == (False, False, Fraction(100))
    assert frozenset({"DBInstanceIdentifier"}) in cpu.sets


@pytest.mark.parametrize(("api", "metric", "other"), [("ApiId", "5xx", "ApiName"), ("ApiName", "5XXError", "ApiId")])
def test_the_two_kinds_of_apis_have_metrics_of_their_own(api: str, metric: str, other: str) -> None:
    found = namespace("AWS/ApiGateway")
    assert found is not None
    assert all(api in names and other not in names for names in found.metrics[metric].sets)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AWS/Lambda", None),
        ("AWS/lambda", "AWS/Lambda"),
        ("AWS/Api_Gateway", "AWS/ApiGateway"),
        ("AWS/ElasticCache", "AWS/ElastiCache"),
        ("AWS/StepFunctions", "AWS/States"),
        ("AWS/OpenSearchService", "AWS/ES"),
        ("AWS/Braket", None),  # the table doesn't have it
        ("AWS/IoTSiteWise", None),
    ],
)
def test_a_mistaken_namespace_stands_for_another_one(name: str, expected: str | None) -> None:
    assert meant(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Error", "Errors"),
        ("errors", "Errors"),
        ("Invocatons", "Invocations"),
        ("ErrorCount", None),
        ("RecursiveInvocationsDroppedByLimit", None),  # a newer name is an older one with more words
    ],
)
def test_a_slip_is_a_name_of_the_same_length_almost(name: str, expected: str | None) -> None:
    found = namespace("AWS/Lambda")
    assert found is not None
    assert slip(name, found.metrics) == expected


def test_the_table_is_in_order_and_each_line_has_its_cells() -> None:
    keys = [line[0].encode() for line in LINES]
    assert keys == sorted(set(keys))
    for key, *cells in LINES:
        if " " not in key:
            assert re.fullmatch(r"whole|open|is \S+", cells[0]), key
            continue
        sets, unit, period, bounds = cells
        assert all(
            names == "-" or names.split(",") == sorted(names.split(",")) for names in sets.rstrip("?").split("|")
        ), key
        assert unit in ("-", "None", "Count", "Percent", "Bytes", "Seconds", "Milliseconds"), key
        assert period == "-" or int(period) >= 60, key
        assert re.fullmatch(r"-|-?\d+\.\.\d*", bounds), key


def test_each_mistaken_namespace_stands_for_one_that_there_is() -> None:
    for key, *cells in LINES:
        if cells[0].startswith("is "):
            assert namespace(cells[0].removeprefix("is ")) is not None, key


def test_the_table_says_where_it_comes_from() -> None:
    assert header()["facts sha256"] == hashlib.sha256(FACTS.read_bytes()).hexdigest()
    assert {"source", "date", "package sha256"} <= set(header())


# -- dimensions --------------------------------------------------------------------------------------------


def test_a_dimension_has_a_form_and_attributes_that_hold_it() -> None:
    assert dimension("LoadBalancer") == Dimension(
        ("app/", "net/", "gwy/"), (), False, {"aws_alb": ("arn_suffix",), "aws_lb": ("arn_suffix",)}
    )
    assert dimension("QueueName") == Dimension((), ("arn:", "http"), True, {"aws_sqs_queue": ("name",)})
    assert dimension("Anything") is None


def test_an_attribute_may_hold_it_before_a_version_of_the_provider_only() -> None:
    about = dimension("DBInstanceIdentifier")
    assert about is not None
    assert about.attributes["aws_db_instance"] == ("identifier",)
    assert about.before == {("aws_db_instance", "id"): (5, 0, 0)}


def test_the_attributes_of_dimensions_are_the_providers() -> None:
    for name in dimensions.names():
        about = dimension(name)
        assert about is not None
        for type_, attributes in about.attributes.items():
            content = schema.resource(type_)
            assert content is not None, type_
            assert set(attributes) <= set(content.attributes), (name, type_)


def test_the_dimensions_that_lead_to_resources_lead_to_these_types() -> None:
    for row in edge_rows("alarms_on"):
        about = dimension(row.target.path.steps[0]) if row.target.path is not None and row.target.path.steps else None
        if about is not None and row.target.how == "any":
            assert set(about.attributes) & set(row.target.types), row


# -- the tool ----------------------------------------------------------------------------------------------


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    yield importlib.import_module("build_metric_table")
    sys.modules.pop("build_metric_table", None)


def _package(folder: Path) -> Path:
    """An npm package with a database of two metrics."""
    database = {
        "schema": {
            "metric": {
                "entities": [
                    {"$id": "1", "name": "Age", "namespace": "AWS/SQS"},
                    {"$id": "2", "name": "mem", "namespace": "CWAgent"},
                ]
            },
            "dimensionSet": {
                "entities": [{"$id": "3", "dimensions": [{"name": "QueueName"}]}, {"$id": "4", "dimensions": []}]
            },
            "usesDimensionSet": {"forward": {"1": [{"$id": "3"}, {"$id": "4"}]}},
        }
    }
    content = gzip.compress(json.dumps(database).encode())
    path = folder / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo("package/db.json.gz")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return path


def _built(tool: Any, folder: Path, facts: str) -> list[str]:
    text = tool.table(_package(folder), facts, "2026-11-28")
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_what_only_the_package_says_is_open(tool: Any, tmp_path: Path) -> None:
    assert _built(tool, tmp_path, "# nothing") == ["AWS/SQS\topen", "AWS/SQS Age\t-|QueueName?\t-\t-\t-"]


def test_facts_add_and_override(tool: Any, tmp_path: Path) -> None:
    facts = "AWS/SQS\tAge,Sent\tB,A|-\tSeconds\t60\t0..\nAWS/SQS\t*\t\tCount\nAWS/SQS\t!\nAWS/Queues\t=\tAWS/SQS"
    assert _built(tool, tmp_path, facts) == [
        "AWS/Queues\tis AWS/SQS",
        "AWS/SQS\twhole",
        "AWS/SQS Age\tA,B|-\tCount\t60\t0..",
        "AWS/SQS Sent\tA,B|-\tCount\t60\t0..",
    ]


def test_a_line_with_too_many_cells_is_refused(tool: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too many cells"):
        _built(tool, tmp_path, "AWS/SQS\tAge\tA\tCount\t60\t0..\t1")


def test_the_parts_of_a_metric_are_documented() -> None:
    text = (ROOT / "docs" / "cards.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| `metric("))
    assert set(re.findall(r"`(\w+)`", row)) == set(METRIC_PARTS)
