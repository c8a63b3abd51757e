"""Duplicates: over files, in overrides, and where a contract demands them."""

from __future__ import annotations

import pytest

from tests.cards import in_contract, judged, rule_named

from .reading import QUEUE, VARIABLE, messages, over_files

DUPLICATE = rule_named("references/duplicate")


def test_a_duplicate_in_another_file_is_reported_there_with_the_first() -> None:
    (finding,) = over_files(DUPLICATE, {"a.tf": VARIABLE, "b.tf": QUEUE + VARIABLE}).findings
    assert (finding.span.source.path, finding.span.line) == ("b.tf", 3)
    assert [(related.message, related.span.source.path) for related in finding.related] == [
        ("it stands here first", "a.tf")
    ]


def test_the_first_is_reported_where_the_later_file_is_not_shown() -> None:
    (finding,) = over_files(DUPLICATE, {"a.tf": VARIABLE, "b.tf": VARIABLE}, "a.tf").findings
    assert (finding.span.source.path, finding.message) == ("a.tf", "var.v is declared a second time")
    assert [(related.message, related.span.source.path) for related in finding.related] == [
        ("it stands here again", "b.tf")
    ]


@pytest.mark.parametrize("name", ["override.tf", "a_override.tf", "x/y/z_override.tf"])
def test_an_override_file_declares_again_on_purpose(name: str) -> None:
    text = VARIABLE + 'provider "aws" {}\nterraform {\n  required_providers {}\n}\n'
    assert messages(over_files(DUPLICATE, {name: text + VARIABLE, "main.tf": text})) == []


@pytest.mark.parametrize("name", ["overrides.tf", "override_a.tf", "a-override.tf"])
def test_a_file_that_only_sounds_like_an_override_is_none(name: str) -> None:
    assert messages(over_files(DUPLICATE, {name: VARIABLE, "x.tf": VARIABLE})) == ["var.v is declared a second time"]


def test_a_local_that_is_set_twice_in_one_block_is_a_repeated_argument() -> None:
    assert messages(judged(DUPLICATE, "locals {\n  a = 1\n  a = 2\n}\n")) == []


def test_blocks_that_there_may_be_one_of_are_to_be_merged() -> None:
    text = 'terraform {\n  backend "s3" {}\n}\nterraform {\n  cloud {}\n  required_version = "1"\n}\n'
    (finding,) = judged(DUPLICATE, text).findings
    assert (finding.message, finding.remedy) == (
        "backend is declared a second time",
        "merge them into one backend block",
    )


def test_aliases_tell_providers_apart() -> None:
    text = (
        'provider "aws" {\n  alias = "a"\n}\nprovider "aws" {\n  alias = "b"\n}\nprovider "gcp" {\n  alias = "a"\n}\n'
    )
    assert messages(judged(DUPLICATE, text)) == []


def test_a_duplicate_breaks_the_contract() -> None:
    (finding,) = in_contract(VARIABLE + VARIABLE, DUPLICATE).findings
    assert finding.requirement == "format.consistent"
