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
