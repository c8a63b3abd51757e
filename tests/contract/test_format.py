"""The format of contracts: its JSON Schema, and what is said of a contract that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.cards import CONTRACTS, RULES
from tests.stacks import ROOT
from tflint_tap.contract import Claims, Contract
from tflint_tap.contract.format import contract_schema
from tflint_tap.rulebook.contracts import checked, mistakes_of

IDS = {rule.id for rule in RULES}
PARTS = "parts:\n  queue: {type: aws_sqs_queue}\n  topic: {type: aws_sns_topic}\n"


def told(text: str) -> list[str]:
    contract = Contract("x", Claims(), Path("x.yaml"), text)
    return [f"{mistake.line}: {mistake.message}" for mistake in mistakes_of(contract, IDS)]


def test_the_published_schema_is_current() -> None:
    published = json.loads((ROOT / "rules" / "contract.schema.json").read_text(encoding="utf-8"))
    assert published == contract_schema(), "run tools/build_contract_schema.py"


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_a_contract_of_the_rulebook_is_right(contract: Contract) -> None:
    found = checked(contract, IDS)
    assert found.mistakes == ()
    assert found.demands > 80
    assert contract.text is not None
    jsonschema.Draft202012Validator(contract_schema()).validate(yaml.safe_load(contract.text))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.specification], ids=lambda rule: rule.id)
def test_the_contract_of_a_card_is_right(rule: object) -> None:
    assert told(getattr(rule, "specification", "")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- x\n", ["1: a contract is a mapping"]),
        ("parts: {a: [}\n", ["1: did not find expected node content"]),
        ("variabels: {}\n", ["1: there is no variabels here; did you mean variables?"]),
        ("variables:\n  a: {typ: string}\n", ["2: there is no typ here; did you mean type?"]),
        ("parts:\n  q: {type: aws_sqs_queue, level: mst}\n", ["2: mst is none of must, should, may; did you"]),
        ("parts:\n  q: {type: aws_sqs_queue}\n  q: {type: aws_sqs_queue}\n", ["3: q stands here twice"]),
        ("parts:\n  q: {type: aws_sqs_queue, count: many}\n", ["2: many isn't a number, 2, "]),
        ("wiring:\n  - {from: a, edge: triggers}\n", ["2: to is missing"]),
        ("forbid: []\n", ["1: the list is empty"]),
        ("outputs: 5\n", ["1: this has to be a list"]),
        ("parts: {q: {type: aws_sqs_queu}}\n", ["1: there is no resource type aws_sqs_queu; did"]),
        ("parts: {q: {named: x}}\n", ["1: a part has a type, or one_of several"]),
        (PARTS + "wiring: [{from: queu, edge: triggers, to: topic}]\n", ["4: there is no part queu; did you"]),
        (PARTS + "wiring: [{from: queue, edge: trigers, to: topic}]\n", ["4: there is no kind of edge trigers; did"]),
        (PARTS + "wiring: [{from: topic, edge: redrives_to, to: queue}]\n", ["4: no edge redrives_to leads from"]),
        (PARTS + "outputs: [{refers_to: topic.arm}]\n", ["4: aws_sns_topic has no argument arm; did you mean arn?"]),
        (PARTS + "outputs: [{sensitive: true}]\n", ["4: an output refers to something, or has a name"]),
        (PARTS + "comments: [{at: tpic, mentions: [x]}]\n", ["4: there is no part tpic; did you mean topic?"]),
        (PARTS + "relate: ['queue.nme == topic.name']\n", ["4: aws_sqs_queue has no argument nme; did you mean name?"]),
        (PARTS + "relate: ['queue.name ==']\n", ["4: unexpected end of the file"]),
        (PARTS + "relate: ['queue']\n", ["4: this has to be a condition, true or false, and it gives neither"]),
        (PARTS + "each: [{of: aws_sqs_queue, require: ['self.fifo']}]\n", ["4: aws_sqs_queue has no argument fifo"]),
        (PARTS + "each: [{of: queue, under: prod, require: [true]}]\n", ["4: there is no evaluation prod"]),
        ("naming: {pattern: '(['}\n", ["1: invalid regexp pattern: missing closing ] in ["]),
        ("naming: {pattern: '(?=a)b'}\n", ["1: invalid regexp pattern: invalid or unsupported Perl syntax"]),
        (PARTS + "relate: ['can(regex(\"([\", queue.name))']\n", ["4: invalid regexp pattern: missing closing ] in ["]),
        (PARTS + "relate: ['replace(queue.name, \"/(/\", \"\") == \"\"']\n", ["4: invalid regexp pattern: missing"]),
        (PARTS + "relate: ['length(regexall(\"a**\", queue.name)) > 0']\n", ["4: invalid regexp pattern"]),
        (
            "parts:\n  a: {type: aws_sqs_queue, wired: [{edge: redrives_to, from: b}]}\n"
            "  b: {type: aws_sqs_queue, wired: [{edge: redrives_to, to: a}]}\n",
            ["2: nothing tells what a is: a is told by b, b by a", "3: nothing tells what b is: b is told by a, a"],
        ),
        (
            "parts:\n  a: {type: aws_sqs_queue, where: self.name == a.name}\n",
            ["2: nothing tells what a is: a is told by a"],
        ),
        (
            "parts:\n  a: {type: aws_sqs_queue, where: self.name == b.name}\n"
            "  b: {type: aws_sqs_queue, wired: [{edge: redrives_to, to: c}]}\n"
            "  c: {type: aws_sqs_queue, where: self.name == b.name}\n",
            ["3: nothing tells what b is: b is told by c, c by b", "4: nothing tells what c is: c is told by b"],
        ),
        (PARTS + "forbid: [{block: modul}]\n", ["4: there is no type of block modul; did you mean module?"]),
        (PARTS + "policies: [{of: queue, actions: ['sqs:SendMesage']}]\n", ["4: there is no action sqs:SendMesage"]),
        (PARTS + "policies: [{of: queue}]\n", ["4: actions is missing"]),
        (PARTS + "policies: [{of: queue, denies: {when: {'aws:SecurTransport': false}}}]\n", ["4: there is no con"]),
        (PARTS + "policies: [{of: queue, denies: {action: [x]}}]\n", ["4: there is no action here; did"]),
        (PARTS + "policies: [{of: queue, denies: {actions: ['sqs:Sent']}}]\n", ["4: there is no action sqs:Sent"]),
        ("parts: {r: {type: aws_sns_topic_subscription}}\npolicies: [{of: r, denies: {}}]\n", ["2: r has no policy"]),
        ("terraform: {required_version: one}\n", ["1: one isn't a version constraint, as >= 1.4 is"]),
        ("terraform: {providers: {aws: {version: 5.x}}}\n", ["1: 5.x isn't a version constraint"]),
        ("terraform: {provider: {aws: '> 5'}}\n", ["1: there is no provider here; did you mean providers?"]),
        ("providers: {aws.west.two: {}}\n", ["1: aws.west.two isn't what a resource calls a provider: aws.west"]),
        ("providers: {aws: {regions: x}}\n", ["1: there is no regions here; did you mean region?"]),
        ("also: [../README.md]\n", ["1: ../README.md isn't a path from the stack's folder, as README.md is"]),
        ("also: [/etc/passwd]\n", ["1: /etc/passwd isn't a path from the stack's folder"]),
        ("also: ['code/**']\n", ["1: code/** isn't a path from the stack's folder"]),
        ("files: {a/b.tf: variable}\n", ["1: a/b.tf isn't the name of a .tf file, without a folder"]),
        ("files: {a.tf: [variabel]}\n", ["1: there is no type of block or resource variabel; did you mean variable?"]),
        ("files: {a.tf: aws_iamm_*}\n", ["1: there is no type of block or resource aws_iamm_*"]),
        ("claims: {file: a.tf, alone: true}\nfiles: {a.tf: variable}\n", ["2: the file that claims names stands"]),
        (PARTS + "reach: [{to: queue, from: [store]}]\n", ["4: there is no part store"]),
        ("rules: {x: [iam/wildcard]}\n", ["1: there is no rule iam/wildcard"]),
        ("rules: {x: [{rule: iam/missing-permission, need: lambda.log}]}\n", ["1: aws/needs.yaml has no row"]),
        ("parts: {q: {type: aws_sqs_queue, from: {nam: var.x}}}\n", ["1: aws_sqs_queue has no argument nam; did you"]),
        (PARTS + "requirements: {part.queue: x}\n", ["4: there is no requirement part.queue; did you mean parts"]),
        ("claims: {file: x.yaml}\n", ["1: file is the name of a .tf file, without a folder"]),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_the_nearest_name(text: str, expected: list[str]) -> None:
    found = told(text)
    assert len(found) == len(expected), found
    for line, words in zip(found, expected, strict=True):
        assert line.startswith(words)
