"""Functions on databases, as conditions call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .writing import card, findings


@pytest.mark.parametrize(
    ("engine", "name", "verdict"),
    [
        ('"postgres"', '"admin"', "reserved"),
        ('"mysql"', '"admin"', "free"),
        ("null", '"rdsadmin"', "free"),
        ('"postgres"', "null", "free"),
        ('"postgres"', "var.x", "var.x has no default"),
        ('"postgres"', '"${var.x}_admin"', "free"),
        ('"postgres"', '"pg_${var.x}"', "var.x has no default"),
        ('"postgres"', '"ad${var.x}"', "var.x has no default"),
        ("var.x", '"admin"', "var.x has no default"),
        ("var.x", '"reports"', "free"),
        ("[1]", '"admin"', "reserved_username takes an engine and a name"),
    ],
)
def test_an_engine_reserves_the_name_of_its_master_user(tmp_path: Path, engine: str, name: str, verdict: str) -> None:
    rule = card(
        tmp_path, "match: resource.aws_db_instance\nrequire: '!reserved_username(self.engine, self.username)'\n"
    )
    text = f'variable "x" {{}}\nresource "aws_db_instance" "d" {{\n  engine = {engine}\n  username = {name}\n}}\n'
    found = findings(rule, text)
    said = {"finding": "reserved", "doubt": found[0][2]} if found else {}
    assert (said["doubt"] if found and found[0][0] == "doubt" else said.get("finding", "free")) == verdict


@pytest.mark.parametrize(
    ("kind", "password", "refused"),
    [
        ("rds", '"a/b@c"', "/ @"),
        ("rds", '"Aa1!#"', ""),
        ("oracle", '"a&b\'"', "& '"),
        ("elasticache", '"a_b!"', "_"),
        ("rds", "random_password.default.result", "@"),
        ("redshift", '"x-${random_password.quote.result}"', "'"),
        ("rds", "random_password.plain.result", ""),
        ("rds", "var.x", ""),
        ("rds", "null", ""),
    ],
)
def test_characters_that_a_store_refuses(tmp_path: Path, kind: str, password: str, refused: str) -> None:
    text = (
        "match: resource.aws_db_instance\nlet: {found: 'refused_characters(\"KIND\", self.password)'}\n"
        "require: length(found) == 0\n"
    ).replace("KIND", kind)
    rule = card(tmp_path, text, message="'${join(\" \", found)}'")
    found = findings(
        rule,
        'variable "x" {}\nresource "random_password" "default" {}\n'
        'resource "random_password" "quote" {\n  override_special = "\'-"\n}\n'
        'resource "random_password" "plain" {\n  special = false\n}\n'
        f'resource "aws_db_instance" "d" {{\n  password = {password}\n}}\n',
    )
    assert "".join(message for _, _, message in found) == refused


@pytest.mark.parametrize(
    ("engine", "version", "said"),
    [
        ('"postgres"', '"13.4"', "2026-02-28"),
        ('"docdb"', '"4.0.0"', "null"),
        ('"oracle-ee"', '"19"', "none"),
        ('"postgres"', "null", "none"),
        ('"postgres"', "var.x", "var.x has no default"),
        ('"postgres"', '"99"', "doesn't have postgres 99"),
    ],
)
def test_the_support_of_a_version(tmp_path: Path, engine: str, version: str, said: str) -> None:
    text = (
        "match: resource.aws_db_instance\nlet: {life: 'engine_support(self.engine, self.engine_version)'}\n"
        "require: life == 1\n"
    )
    message = '\'${life == null ? "none" : life.standard == null ? "null" : life.standard}\''
    rule = card(tmp_path, text, message=message)
    found = findings(
        rule,
        f'variable "x" {{}}\nresource "aws_db_instance" "d" {{\n  engine = {engine}\n'
        f"  engine_version = {version}\n}}\n",
    )
    assert said in found[0][2]
