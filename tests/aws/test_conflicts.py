"""Arguments that exclude or need each other."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import get_args

import hcl2
import pytest

from tests.stacks import ROOT, SHARED
from tflint_tap.aws import schema
from tflint_tap.aws.conflicts import Conflict, Kind, broken, certainly_broken, conflicts, types

STACKS = SHARED / "terraform" / "stacks"

PLACE = r"website/docs/r/\w+\.(html\.)?markdown|internal/service/\w+/\w+\.go"


def test_a_function_has_its_code_from_one_place() -> None:
    source, page = "internal/service/lambda/function.go", "website/docs/r/lambda_function.html.markdown"
    assert conflicts("aws_lambda_function") == (
        Conflict("exactly_one", ("filename", "s3_bucket", "image_uri"), "", source),
        Conflict("together", ("s3_bucket", "s3_key"), "", source),
        Conflict("excludes", ("s3_object_version", "filename", "image_uri"), "", source),
        Conflict("excludes", ("source_kms_key_arn", "image_uri"), "", source),
        Conflict("requires", ("replacement_security_group_ids", "replace_security_groups_on_destroy"), "", source),
        Conflict("at_most_one", ("capacity_provider_config", "vpc_config"), "", page),
    )


def test_a_queue_has_one_name_and_one_kind_of_key() -> None:
    assert conflicts("aws_sqs_queue") == (
        Conflict("at_most_one", ("name", "name_prefix"), "", "internal/service/sqs/queue.go"),
        Conflict("at_most_one", ("kms_master_key_id", "sqs_managed_sse_enabled"), "", "internal/service/sqs/queue.go"),
    )


def test_a_type_without_conditions_has_none() -> None:
    assert conflicts("aws_lambda_alias") == ()
    assert conflicts("aws_nonsense") == ()


def test_every_condition_is_about_arguments_that_can_be_set() -> None:
    wrong = []
    for type_ in types():
        for conflict in conflicts(type_):
            block = schema.resource(type_)
            assert block is not None
            for step in conflict.block.split(".") if conflict.block else []:
                block = block.blocks[step].block
            for name in conflict.arguments:
                attribute = block.attributes.get(name)
                if name not in block.blocks and not (attribute is not None and attribute.settable):
                    wrong.append((type_, conflict.block, name))
            assert conflict.kind in get_args(Kind)
            assert re.fullmatch(PLACE, conflict.source.removesuffix(" (a warning)"))
            assert len(set(conflict.arguments)) == len(conflict.arguments) > 1
    assert wrong == []
    assert len(types()) > 50


@pytest.mark.parametrize(
    ("kind", "breaking"),
    [
        ("at_most_one", ["ab", "ac", "bc", "abc"]),
        ("exactly_one", ["", "ab", "ac", "bc", "abc"]),
        ("at_least_one", [""]),
        ("together", ["a", "b", "c", "ab", "ac", "bc"]),
        ("excludes", ["ab", "ac", "abc"]),
        ("requires", ["a", "ab", "ac"]),
        ("requires_one", ["a"]),
    ],
)
def test_a_condition_is_broken_by_exactly_these_sets_of_arguments(kind: Kind, breaking: list[str]) -> None:
    conflict = Conflict(kind, ("a", "b", "c"), "", "test")
    sets = ["", "a", "b", "c", "ab", "ac", "bc", "abc"]
    assert [names for names in sets if broken(conflict, frozenset(names))] == breaking


@pytest.mark.parametrize("kind", get_args(Kind))
def test_what_is_certainly_broken_is_broken_whatever_is_set(kind: Kind) -> None:
    names = "abcd"
    conflict = Conflict(kind, tuple(names), "", "test")
    sets = [frozenset(some) for count in range(len(names) + 1) for some in combinations(names, count)]
    for possible in sets:
        for certain in (some for some in sets if some <= possible):
            cases = [broken(conflict, case) for case in sets if certain <= case <= possible]
            assert certainly_broken(conflict, certain, possible) == all(cases), (certain, possible)


@pytest.mark.parametrize(
    "path",
    [STACKS / "good", STACKS / "good" / "modules" / "queue", STACKS / "features", ROOT / "reference"],
    ids=lambda path: path.name,
)
def test_good_stacks_break_no_condition(path: Path) -> None:
    if not path.exists():
        pytest.skip(f"no {path.name} stack beside the repository")
    found = []
    for file in path.glob("*.tf"):
        for resource in hcl2.loads(file.read_text()).get("resource", []):
            for type_, labelled in resource.items():
                for label, body in labelled.items():
                    dynamic = [name.strip('"') for block in body.get("dynamic", []) for name in block]
                    names = frozenset([*(name for name, value in body.items() if value is not None), *dynamic])
                    found += [
                        (type_, label, conflict)
                        for conflict in conflicts(type_.strip('"'))
                        if not conflict.block and broken(conflict, names)
                    ]
    assert found == []
