"""The contract drafted from a stack holds on that stack, and on none that lacks a part of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.cards import RULES, rule_named
from tests.stacks import EXHAUSTIVE, REFERENCE, module_of
from tflint_tap.contract import Claims, Contract
from tflint_tap.contract.format import contract_schema
from tflint_tap.demands.decided import demands_of
from tflint_tap.drafting.holding import held
from tflint_tap.drafting.stack_draft import stack_draft
from tflint_tap.hcl.nodes import File
from tflint_tap.judging import judge
from tflint_tap.rulebook.contracts import checked
from tflint_tap.stack import Stack
from tflint_tap.terraform.module import build_module

from .mutants import Mutant, mutants_of

FOLDER = Path(__file__).parent / "stacks"
FAMILIES = ("stack", "sla", "naming", "tagging")
REQUIRED = rule_named("schema/missing-argument")  # what Terraform demands by itself no contract repeats
JUDGES = [*(rule for rule in RULES if rule.family in FAMILIES), rule_named("iam/missing-permission"), REQUIRED]
# Each stack, and how many mutants it has by what they lack.
STACKS = {
    REFERENCE: Counter(block=39, data=2, key=36, output=9, resource=82, setting=455, variable=21, wire=100),
    FOLDER / "network.tf": Counter(block=1, output=3, resource=8, setting=26, variable=5, wire=9),
    FOLDER / "site.tf": Counter(block=9, data=2, output=2, resource=7, setting=40, variable=2, wire=2),
}
# Each of the two blocks takes its groups from a variable that has no value: one is told of, the other is as good.
UNNOTICED = {REFERENCE: {"setting aws_security_group.data_stores.ingress.security_groups"}}

PARTS = 8  # of the mutants, so that several processes share them


def stack_of(text: str, contract: Contract | None = None) -> Stack:
    return Stack.of(module_of(text, "tap_stack.tf"), contract=contract)


@cache
def drafted(path: Path) -> Contract:
    stack = stack_of(path.read_text(encoding="utf-8"))
    return contract_of(held(stack_draft(stack, "drafted", path.name), stack, RULES))


def contract_of(text: str) -> Contract:
    return Contract("drafted", Claims(), Path("drafted.yaml"), text)


def draft_of(text: str) -> str:
    stack = stack_of(text)
    return held(stack_draft(stack, "drafted", "main.tf"), stack, RULES)


def breaches(text: str | File, contract: Contract) -> Iterator[str]:
    """What doesn't certainly hold, in words; one is enough."""
    module = build_module([text]) if isinstance(text, File) else module_of(text, "tap_stack.tf")
    stack = Stack.of(module, contract=contract)
    yield from (demand.id for demand in demands_of(stack) if demand.is_open)
    for rule in JUDGES:
        for finding in judge(rule, stack):
            if finding.requirement is not None or rule is REQUIRED:
                yield finding.message


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem)
def test_a_draft_is_right_and_holds_on_the_stack_that_it_is_from(path: Path) -> None:
    contract = drafted(path)
    assert contract.text is not None
    found = checked(contract, {rule.id for rule in RULES})
    assert found.mistakes == ()
    assert found.demands > 20
    jsonschema.Draft202012Validator(contract_schema()).validate(yaml.safe_load(contract.text))
    assert list(breaches(path.read_text(encoding="utf-8"), contract)) == []


@cache
def mutants(path: Path) -> tuple[Mutant, ...]:
    return tuple(mutants_of(stack_of(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem)
def test_each_part_can_be_dropped(path: Path) -> None:
    assert Counter(mutant.kind for mutant in mutants(path)) == STACKS[path]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(0, PARTS, 1 if EXHAUSTIVE else 4))
@pytest.mark.parametrize("path", STACKS, ids=lambda path: path.stem)
def test_each_part_that_is_dropped_is_missed(path: Path, part: int) -> None:
    contract, dropped = drafted(path), mutants(path)[part::PARTS]
    unnoticed = {_named(mutant) for mutant in dropped if not any(breaches(mutant.tree(), contract))}
    assert unnoticed == {_named(mutant) for mutant in dropped} & UNNOTICED.get(path, set())


def _named(mutant: Mutant) -> str:
    return f"{mutant.kind} {mutant.name}".partition(",")[0]


def test_secrets_are_not_written_down() -> None:
    text = (FOLDER / "network.tf").read_text(encoding="utf-8")
    assert "kx9!vfQ2pLzt7" in text
    assert "kx9!vfQ2pLzt7" not in (drafted(FOLDER / "network.tf").text or "")
    made = draft_of(
        'variable "api_key" {\n  default = "AKIAIOSFODNN7EXAMPLQ"\n}\nresource "aws_lambda_function" "f" {\n'
        '  environment {\n    variables = { DB_PASSWORD = "hunter2-hunter3" }\n  }\n}\n'
        'resource "aws_db_instance" "d" {\n  password = "hunter2-hunter3"\n}\n'
    )
    assert "AKIA" not in made
    assert "hunter2" not in made
    assert 'contains(keys(self.environment[0].variables), "DB_PASSWORD")' in made


def test_a_wire_that_is_turned_off_is_no_demand() -> None:
    text = (
        'resource "aws_sqs_queue" "jobs" {}\nresource "aws_lambda_function" "worker" {\n'
        '  function_name = "worker"\n  role = "arn:aws:iam::123456789012:role/x"\n}\n'
        'resource "aws_lambda_event_source_mapping" "m" {\n  event_source_arn = aws_sqs_queue.jobs.arn\n'
        "  function_name = aws_lambda_function.worker.arn\n  enabled = %s\n}\n"
    )
    assert "edge: triggers" in draft_of(text % "true")
    made = draft_of(text % "false")
    assert "edge: triggers" not in made
    assert list(breaches(text % "false", contract_of(made))) == []


def test_each_demand_says_where_it_is_from() -> None:
    lines = draft_of(
        "# Keeps orders; the `orders_worker` empties it.\n"
        'resource "aws_sqs_queue" "orders" {\n  delay_seconds = 5\n  policy = jsonencode({ Statement = [] })\n}\n'
    ).splitlines()
    at = lines.index("  # aws_sqs_queue.orders, line 2: Keeps orders the `orders_worker` empties it.")
    assert lines[at + 1 : at + 3] == [
        "  # left out: policy (a document)",
        '  orders: {type: aws_sqs_queue, named: orders, require: ["self.delay_seconds == 5", given(self.policy)]}',
    ]


def test_versions_and_providers_are_drafted() -> None:
    text = (
        'variable "region" {}\nterraform {\n  required_version = ">= 1.9"\n  required_providers {\n    aws = {\n'
        '      source  = "hashicorp/aws"\n      version = "~> 6.0"\n    }\n    odd = ">= what"\n  }\n}\n'
        'provider "aws" {\n  region = var.region\n  default_tags {\n    tags = { Team = "a" }\n  }\n}\n'
        'provider "aws" {\n  alias  = "us"\n  region = "us-east-1"\n}\n'
    )
    made = draft_of(text)
    content = yaml.safe_load(made)
    assert content["terraform"] == {"required_version": ">= 1.9", "providers": {"aws": "~> 6.0"}}
    assert content["providers"] == {
        "aws": {"region": "var.region", "default_tags": ["Team"]},
        "aws.us": {"region": "us-east-1"},
    }
    assert checked(contract_of(made), {rule.id for rule in RULES}).mistakes == ()
    assert list(breaches(text, contract_of(made))) == []
    for old, new in (
        (">= 1.9", ">= 1.5"),
        ("~> 6.0", "> 5.0"),
        ('"us"', '"eu"'),
        ("us-east-1", "us-east-2"),
        ("Team", "Tea"),
    ):
        assert any(breaches(text.replace(old, new), contract_of(made))), new


def test_of_several_files_each_is_named() -> None:
    files = {"a.tf": 'variable "x" {}\n', "b.tf": '\nresource "aws_sqs_queue" "jobs" {}\n'}
    stack = Stack.of(module_of(files))
    made = held(stack_draft(stack, "drafted", "folder"), stack, RULES)
    assert "  # a.tf, line 1\n" in made
    assert "  # aws_sqs_queue.jobs, b.tf, line 2\n" in made


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "contract: drafted"),
        ('module "m" {\n  source = "./m"\n}\n', '# - module "m", line 1: the format has no section for it'),
        ('resource "google_pubsub_topic" "t" {}\n', "# - google_pubsub_topic.t: it is no type of the AWS provider"),
        ('variable "n" {}\nresource "aws_sqs_queue" "q" {\n  count = var.n\n}\n', "it isn't known how many there are"),
        ('resource "aws_sqs_queue" "q" {\n  count = 0\n}\n', "by the variables' defaults there is none"),
        ('variable "t" {\n  type = lst(string)\n}\n', "left out: its type: "),
        ('variable "d" {\n  default = { "a: b" = "#", "\\n" = "\\u0007" }\n}\n', '{"a: b": "#", "\\n": "\\U00000007"}'),
        ('resource "aws_sqs_queue" "für_alle" {}\n', "type: aws_sqs_queue"),
        ('resource "aws_sqs_queue" "self" {}\nresource "aws_sqs_queue" "this" {}\n', "queue_2:"),
        ('resource "aws_sqs_queue" "q" {\n  name = "a"\n}\nresource "aws_sqs_queue" "q" {\n  name = "b"\n}\n', "queue"),
        ('output "o" {\n  value = "none"\n}\n', "{id: outputs.o, name: o}"),
    ],
    ids=lambda text: text[:24].strip() or "empty",
)  # fmt: skip
def test_what_is_odd_is_said_or_left_out_with_its_reason(text: str, said: str) -> None:
    made = draft_of(text)
    assert said in made
    assert checked(contract_of(made), {rule.id for rule in RULES}).mistakes == ()


def test_figures_in_comments_are_demands() -> None:
    text = (
        '# SLA: a job is taken within 400 ms.\nresource "aws_sqs_queue" "jobs" {}\n'
        '# Target: bursts of 2,000 RPS.\nvariable "rate" {\n  default = 2000\n}\n'
    )
    made = draft_of(text)
    figures = yaml.safe_load(made)["figures"]
    assert [(figure["states"], figure["belongs_to"]) for figure in figures] == [
        (["2,000 RPS"], ["var.rate"]),
        (["within 400 ms"], ["jobs"]),
    ]
    assert list(breaches(text, contract_of(made))) == []
    for stated, other in (("400 ms", "900 ms"), ("2,000 RPS", "3,000 RPS")):
        assert any(breaches(text.replace(stated, other), contract_of(made)))


def test_of_a_map_of_settings_each_takes_its_own() -> None:
    made = yaml.safe_load(
        draft_of(
            'variable "timeout" {\n  default = 120\n}\nlocals {\n  queues = {\n'
            "    jobs = { keep = 345600, vis = var.timeout }\n    dead = { keep = 1209600, vis = 30 }\n  }\n}\n"
            'resource "aws_sqs_queue" "q" {\n  for_each = local.queues\n  name = each.key\n'
            "  message_retention_seconds = each.value.keep\n  visibility_timeout_seconds = each.value.vis\n}\n"
        )
    )["parts"]
    jobs, dead = (next(part for part in made.values() if part["named"] == name) for name in ("jobs", "dead"))
    assert jobs["from"] == {"visibility_timeout_seconds": "var.timeout"}
    assert jobs["require"] == ["self.message_retention_seconds == 345600"]
    assert "from" not in dead
    assert set(dead["require"]) == {
        "self.message_retention_seconds == 1209600",
        "self.visibility_timeout_seconds == 30",
    }
