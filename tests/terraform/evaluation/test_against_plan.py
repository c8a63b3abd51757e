"""What is known of the reference stack's resources is what `terraform plan` plans.

The oracle is a real plan against a stand-in of the AWS provider that lies beside the repository in development.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest

from tests.stacks import REFERENCE, SHARED, module_of
from tflint_tap.terraform.evaluation.conversion import to_text
from tflint_tap.terraform.evaluation.evaluator import Evaluator
from tflint_tap.terraform.evaluation.expansion import Instance
from tflint_tap.terraform.evaluation.inputs import read_inputs
from tflint_tap.terraform.evaluation.values import ListValue, MapValue, Value, first_reason

pytestmark = pytest.mark.slow

TFVALIDATE = SHARED / "terraform" / "tfvalidate"
VARIABLES = (
    "vpc_id=vpc-1",
    'private_subnet_ids=["subnet-1", "subnet-2"]',
    'security_group_ids=["sg-1"]',
    'dynamodb_replica_regions=["eu-west-1", "us-east-1", "us-west-2"]',
    "project_name=shop",
    "pms_api_base_url=https://pms.shop.example",
)
LEAST_KNOWN = 450  # values of arguments that both sides know


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, object]]:
    """The planned arguments of each resource instance."""
    if not TFVALIDATE.exists():
        pytest.skip("the stand-in of the AWS provider isn't beside the repository")
    out = tmp_path_factory.mktemp("plan") / "plan.json"
    given = [part for variable in VARIABLES for part in ("-var", variable)]
    command = [str(TFVALIDATE), "--plan-out", str(out), str(REFERENCE.parent), "--", *given]
    subprocess.run(command, check=True, capture_output=True)
    resources = json.loads(out.read_text())["planned_values"]["root_module"]["resources"]
    return {resource["address"]: resource["values"] for resource in resources}


@pytest.fixture(scope="module")
def evaluated() -> Mapping[str, Instance]:
    """The configuration of each resource instance."""
    text = REFERENCE.read_text(encoding="utf-8")
    module = module_of(text, path="tap_stack.tf")
    evaluator = Evaluator(module, read_inputs((), VARIABLES))
    made = (instance for item in module.of_kind("resource") for instance in evaluator.instances(item))
    return {instance.address: instance for instance in made}


def _plain(value: Value, like: object) -> object:
    """A known value as JSON holds it, of the type that the provider's schema made of it in `like`."""
    data = value.data
    if isinstance(data, ListValue):
        model = like[0] if isinstance(like, list) and like else None
        items = [_plain(item, model) for item in data.items]
        return sorted(items, key=str) if data.kind == "set" else items
    if isinstance(data, MapValue):
        return {
            name: _plain(item, like.get(name) if isinstance(like, dict) else None) for name, item in data.items.items()
        }
    if isinstance(like, str) and data is not None:
        return to_text(value).data
    return float(data) if isinstance(data, Fraction) else data


def _arguments(instance: Instance, planned: Mapping[str, object]) -> Iterator[tuple[str, Value, object]]:
    """Each argument that is written and planned, nested blocks included."""
    for attribute in instance.body.attributes:
        if attribute.name in planned and attribute.name not in ("count", "for_each", "depends_on"):
            yield attribute.name, instance.value(attribute.name), planned[attribute.name]
    for type_ in dict.fromkeys(type_ for type_, _ in instance.block_types()):
        blocks, plans = instance.blocks(type_), planned.get(type_)
        if isinstance(plans, list) and len(plans) == len(blocks) == 1:
            for name, value, plan in _arguments(blocks[0], plans[0]):
                yield f"{type_}.{name}", value, plan
        elif isinstance(plans, list):
            yield f"{type_}[*]", Value(len(blocks)), len(plans)


def _is_whole(plan: object) -> bool:
    """Whether a planned value has no part that is known only after apply."""
    if isinstance(plan, dict):
        return all(map(_is_whole, plan.values()))
    return all(map(_is_whole, plan)) if isinstance(plan, list) else plan is not None


def test_the_same_instances_are_planned(planned: Mapping[str, object], evaluated: Mapping[str, Instance]) -> None:
    assert sorted(evaluated) == sorted(planned)


def test_what_is_known_is_what_is_planned(
    planned: Mapping[str, Mapping[str, object]], evaluated: Mapping[str, Instance]
) -> None:
    known = 0
    for address, plan in planned.items():
        for name, value, expected in _arguments(evaluated[address], plan):
            if first_reason(value) is None and _is_whole(expected):
                ours = _plain(value, expected)
                if isinstance(expected, list) and isinstance(ours, list):
                    ours, expected = sorted(ours, key=str), sorted(expected, key=str)
                assert ours == expected, f"{address}.{name}"
                known += 1
    assert known >= LEAST_KNOWN
