"""Who reaches a part by its security groups: who has to be let in, and with `only` who may not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demands.test_causes import OWN
from tests.stacks import lint_text
from tflint_tap.contract import Claims, Contract

PARTS = "parts:\n  db: {id: d, type: aws_db_instance}\n  app: {id: a, type: aws_security_group, named: app}\n"
REACH = "reach: [{id: r, to: db, port: 5432, from: [app], only: true}]\n"
STACK = """
variable "other" {
  type = string
}

resource "aws_security_group" "app" {}

resource "aws_security_group" "db" {}

resource "aws_db_instance" "one" {
  vpc_security_group_ids = [aws_security_group.db.id]
}
"""
RULE = """
resource "aws_vpc_security_group_ingress_rule" "%s" {
  security_group_id = %s
  %s
  ip_protocol = %s
  from_port   = 5432
  to_port     = 5432
}
"""
APP, DB = "referenced_security_group_id = aws_security_group.app.id", "aws_security_group.db.id"
LETS = STACK + RULE % ("app", DB, APP, '"tcp"')
MISSING = "aws_security_group.db lets aws_security_group.app in at port 5432: there is no such wire (r)"
UNDECIDED = "can't tell whether this is met: "


def told(text: str, contract: str = PARTS + REACH) -> list[str]:
    """The messages of findings, and of doubts with a `?`."""
    report = lint_text(text, *OWN, contract=Contract("x", Claims(), Path("x.yaml"), contract))
    return [one.message for one in report.findings] + [
        f"? {one.message.removeprefix(UNDECIDED)}: {one.doubt}" for one in report.doubts
    ]


def test_who_is_let_in_and_nobody_else_is_no_breach() -> None:
    assert told(LETS) == []


def test_who_is_not_let_in_is_told() -> None:
    assert told(STACK) == [MISSING]


@pytest.mark.parametrize("protocol", ['"TCP"', '"6"', "6", '"-1"'])
def test_a_port_is_one_of_tcp(protocol: str) -> None:
    assert told(STACK + RULE % ("app", DB, APP, protocol)) == []


@pytest.mark.parametrize("protocol", ['"udp"', '"17"', '"icmp"'])
def test_a_rule_about_another_protocol_is_about_no_port(protocol: str) -> None:
    assert told(STACK + RULE % ("app", DB, APP, protocol)) == [MISSING]
    assert told(LETS + RULE % ("other", DB, 'cidr_ipv4 = "0.0.0.0/0"', protocol)) == []


def test_a_port_of_udp_is_asked_for() -> None:
    contract = PARTS + REACH.replace("port: 5432", "port: 5432, protocol: udp")
    assert told(STACK + RULE % ("app", DB, APP, '"udp"'), contract) == []
    assert told(LETS, contract) == [MISSING.replace("5432", "5432/udp")]


def test_a_protocol_that_is_not_known_is_a_doubt() -> None:
    assert told(STACK + RULE % ("app", DB, APP, "var.other")) == [f"? {MISSING}: var.other has no default"]


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ('referenced_security_group_id = "sg-0123456789abcdef0"', "sg-0123456789abcdef0"),
        ('prefix_list_id = "pl-12345678"', "pl-12345678"),
        ('cidr_ipv4 = "10.0.0.0/8"', "addresses"),
    ],
)
def test_others_may_not_be_let_in_whether_in_the_stack_or_not(who: str, name: str) -> None:
    assert told(LETS + RULE % ("other", DB, who, '"tcp"')) == [f"aws_security_group.db may not let in {name} (r)"]


def test_who_is_let_in_by_a_variable_is_a_doubt() -> None:
    beside = RULE % ("other", DB, "referenced_security_group_id = var.other", '"tcp"')
    (doubt,) = told(LETS + beside)
    assert doubt.startswith("? aws_security_group.db may not let in what is named here (r): var.other has no default")


def test_a_rule_of_a_group_that_is_not_known_is_a_doubt() -> None:
    group = 'var.other == "x" ? aws_security_group.db.id : aws_security_group.app.id'
    beside = RULE % ("other", group, 'cidr_ipv4 = "10.0.0.0/8"', '"tcp"')
    assert [line.partition(":")[0] for line in told(LETS + beside)] == [
        "? aws_security_group.db may not let in addresses (r)"
    ]


def test_each_resource_of_the_part_has_to_let_them_in() -> None:
    second = (
        'resource "aws_security_group" "wide" {}\n'
        'resource "aws_db_instance" "two" {\n  vpc_security_group_ids = [aws_security_group.wide.id]\n}\n'
    )
    assert told(LETS + second) == [MISSING.replace(".db", ".wide")]
    assert told(LETS + second + RULE % ("wide", "aws_security_group.wide.id", APP, '"tcp"')) == []


def test_one_of_a_resource_s_groups_lets_them_in() -> None:
    both = LETS.replace("[aws_security_group.db.id]", "[aws_security_group.more.id, aws_security_group.db.id]")
    assert told(both + 'resource "aws_security_group" "more" {}\n') == []


def test_further_groups_that_are_not_in_the_stack_are_a_doubt() -> None:
    more = LETS.replace("[aws_security_group.db.id]", "[aws_security_group.db.id, var.other]")
    assert told(more) == [
        "? aws_db_instance.one may not let in others (r): "
        "not all security groups of aws_db_instance.one are in the stack"
    ]


def test_each_of_others_that_are_counted_has_to_be_let_in() -> None:
    any_of_them = PARTS.replace("named: app", "where: 'label(self) != \"db\"'")
    counted = PARTS.replace("named: app", "where: 'label(self) != \"db\"', count: '>= 1'")
    text = LETS + 'resource "aws_security_group" "jobs" {}\n'
    assert told(text, counted + REACH) == [MISSING.replace(".app", ".jobs")]
    assert told(text, any_of_them + REACH) == []
