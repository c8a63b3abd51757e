"""Modules that pin the provider: nothing that an admitted version has is unknown, and what none of them has is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.aws.test_history import recorded
from tests.cards import rule_named
from tests.stacks import lint_text, target_of
from tflint_tap.aws.provider import oldest_release, version_text
from tflint_tap.discovery import targets
from tflint_tap.lint import Report, lint
from tflint_tap.records import replace
from tflint_tap.rule import Finding
from tflint_tap.terraform.module.pins import Pin

UNKNOWN = tuple(
    rule_named(name)
    for name in (
        "schema/unknown-type",
        "schema/unknown-argument",
        "schema/unknown-block",
        "schema/read-only-argument",
        "references/unknown-attribute",
    )
)
DEPRECATED = rule_named("schema/deprecated")
KINDS = {"": "resource", "data": "data", "ephemeral": "ephemeral"}


def pin(constraint: str) -> str:
    required = f'aws = {{ source = "hashicorp/aws", version = "{constraint}" }}'
    return f"terraform {{\n  required_providers {{\n    {required}\n  }}\n}}\n"


# -- modules made of what the bindings of a version say -------------------------------------------------------


@dataclass
class Name:
    """A recorded name: how it ends (`?`, `=`, `{`), and what stands in it."""

    mark: str = "{"
    inner: dict[str, Name] = field(default_factory=dict)


def tree_of(names: Sequence[str]) -> dict[str, Name]:
    """The recorded names, each with what is within."""
    whole = Name()
    for text in sorted(names, key=lambda name: name.count(".")):
        path = text.rstrip("!?~={+")
        *outer, name = path.split(".")
        place = whole
        for step in outer:
            place = place.inner[step]
        place.inner[name] = Name(text[len(path) :])
    return whole.inner


def body(tree: dict[str, Name]) -> Iterator[str]:
    """A line for each name that can be set."""
    for name, found in tree.items():
        if found.mark.startswith("{"):
            yield from (f"{name} {{", *body(found.inner), "}")
        elif found.mark != "=":
            yield f"{name} = null"


def block(key: str, lines: Sequence[str]) -> str:
    kind, _, type_ = key.rpartition(".")
    return "\n".join([f'{KINDS[kind]} "{type_}" "it" {{', *lines, "}\n"])


def module(key: str, names: Sequence[str], constraint: str) -> str:
    tree = tree_of(names)
    reads = [f"{key}.it.{name}" for name, found in tree.items() if not found.mark.startswith("{")]
    return pin(constraint) + block(key, list(body(tree))) + "locals {\n  all = [" + ", ".join(reads) + "]\n}\n"


def said(report: Report) -> list[str]:
    return [finding.message for finding in (*report.findings, *report.doubts)]


VERSIONS = ("4.67.0", "5.100.0", "6.0.0")
OF_VERSION = {
    version: {key: names for found, key, names in recorded() if found == version and names} for version in VERSIONS
}


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_that_a_version_has_is_unknown_to_a_module_that_is_pinned_to_it(version: str) -> None:
    for key, names in OF_VERSION[version].items():
        assert said(lint_text(module(key, names, f"= {version}"), *UNKNOWN)) == [], (version, key)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_lacks_and_another_one_has_is_unknown_and_told_with_the_version(version: str) -> None:
    lacking = 0
    own = OF_VERSION[version]
    for other in VERSIONS:
        for key, names in OF_VERSION[other].items():
            word = "added" if VERSIONS.index(other) > VERSIONS.index(version) else "removed"
            if key not in own:
                found = lint_text(pin(f"= {version}") + block(key, ()), *UNKNOWN).findings
                assert [finding.rule for finding in found] == ["schema/unknown-type"], (version, key)
                assert f"which was {word} " in found[0].message, (version, key)
                assert f"; this module admits = {version}" in found[0].message
                lacking += 1
                continue
            known = {text.rstrip("!?~={+") for text in own[key]}
            top = {text.rstrip("!?~={+"): text for text in names if "." not in text and not text.endswith("=")}
            for name in top.keys() - known:
                line = f"{name} {{}}" if "{" in top[name] else f"{name} = null"
                found = lint_text(pin(f"= {version}") + block(key, [line]), *UNKNOWN).findings
                assert len(found) == 1, (version, key, name)
                assert f"{name}" in found[0].message
                assert f"which was {word} " in found[0].message, (version, key, name)
                lacking += 1
    assert lacking > 15


def test_a_module_pinned_to_5_0_is_judged_by_what_the_changelog_says_of_it() -> None:
    lines = ["domain = null", "vpc = true"]
    assert said(lint_text(pin("5.0.0") + block("aws_eip", lines), *UNKNOWN)) == []
    found = said(lint_text(pin("~> 5.0.0") + block("aws_eks_addon", ["resolve_conflicts_on_create = null"]), *UNKNOWN))
    assert found == [
        "aws_eks_addon.it takes no argument resolve_conflicts_on_create, which was added by 5.5.0; "
        "this module admits ~> 5.0.0"
    ]
    found = said(lint_text(pin("5.0.0") + block("data.aws_subnet_ids", ()), *UNKNOWN))
    assert found == [
        "the AWS provider has no data source aws_subnet_ids, which was removed in 5.0.0; this module admits 5.0.0"
    ]


# -- which version judges -------------------------------------------------------------------------------------


VPC = block("aws_eip", ["vpc = true"])


def judged(constraint: str, text: str = VPC) -> Report:
    return lint_text(pin(constraint) + text, *UNKNOWN)


@pytest.mark.parametrize("constraint", ["~> 5.0", ">= 4.0, < 6.0", "5.31.0", "~> 4.67", "< 6", "= 5.100.0"])
def test_a_name_that_the_admitted_versions_have_is_no_error(constraint: str) -> None:
    assert said(judged(constraint)) == []


def test_a_name_that_the_admitted_versions_lack_is_told_with_version_and_pin() -> None:
    (finding,) = judged("~> 6.0").findings
    assert finding.message == (
        "aws_eip.it takes no argument vpc, which was removed in 6.0.0; this module admits ~> 6.0"
    )
    assert finding.remedy == 'use domain = "vpc" instead'
    (finding,) = judged("~> 5.0", block("aws_sqs_queue", ["region = null"])).findings
    assert finding.message.endswith("region, which was added in 6.0.0; this module admits ~> 5.0")
    assert finding.remedy == "admit 6.0.0 of the provider, or leave it out"


def test_without_a_pin_the_newest_version_judges() -> None:
    (finding,) = lint_text(VPC, *UNKNOWN).findings
    assert finding.message == "aws_eip.it takes no argument vpc, which was removed in 6.0.0"


@pytest.mark.parametrize("constraint", [">= 5.0", ">= 4.9, < 7.0", "!= 6.0.0"])
def test_a_name_that_some_of_the_admitted_versions_have_is_a_doubt(constraint: str) -> None:
    report = judged(constraint)
    assert report.findings == ()
    (doubt,) = report.doubts
    assert doubt.doubt == f"vpc was removed in 6.0.0, and this module admits {constraint}"


def test_what_is_pinned_before_or_after_all_that_is_known_is_a_doubt() -> None:
    (doubt,) = judged("~> 3.0", block("aws_sqs_queue", ["colour = null"])).doubts
    assert doubt.doubt == f"what the provider had before {oldest_release()} isn't known, and this module admits ~> 3.0"
    (doubt,) = judged(">= 7.1", block("aws_sqs_queue", ["colour = null"])).doubts
    assert doubt.doubt == f"what the provider has after {version_text()} isn't known, and this module admits >= 7.1"


def test_a_name_that_no_version_has_is_still_asked_for_by_the_nearest() -> None:
    (finding,) = judged("~> 5.0", block("aws_sqs_queue", ["nam = null"])).findings
    assert (finding.message, finding.remedy) == ("aws_sqs_queue.it takes no argument nam", "did you mean name?")


def test_reads_are_judged_likewise() -> None:
    read = 'output "it" {\n  value = aws_opensearch_domain.it.kibana_endpoint\n}\n'
    domain = block("aws_opensearch_domain", ()) + read
    assert said(judged("~> 5.0", domain)) == []
    (finding,) = judged("~> 6.0", domain).findings
    assert finding.message.endswith("kibana_endpoint, which was removed in 6.0.0; this module admits ~> 6.0")
    assert finding.remedy == "kibana_endpoint was renamed to dashboard_endpoint: write dashboard_endpoint"
    assert len(judged(">= 5.0", domain).doubts) == 1


def test_missing_is_what_every_admitted_version_requires() -> None:
    missing = rule_named("schema/missing-argument")
    index = [
        'name = "t"', 'hash_key = "a"', "attribute {", 'name = "a"', 'type = "S"', "}",
        "global_secondary_index {", 'name = "i"', 'projection_type = "ALL"', "}",
    ]  # fmt: skip
    table = block("aws_dynamodb_table", index)
    assert [f.message for f in lint_text(pin("~> 5.0") + table, missing).findings] == [
        "global_secondary_index in aws_dynamodb_table.it lacks the required argument hash_key"
    ]
    assert said(lint_text(pin("~> 6.40") + table, missing)) == []
    engine = block("aws_rds_cluster", ())
    assert said(lint_text(pin("~> 4.0") + engine, missing)) == []
    assert len(lint_text(pin("~> 5.1") + engine, missing).findings) == 1
    assert len(lint_text(pin(">= 4.9") + engine, missing).doubts) == 1


# -- deprecation ----------------------------------------------------------------------------------------------

INDEX = block(
    "aws_dynamodb_table",
    [
        'name = "t"',
        'hash_key = "a"',
        "global_secondary_index {",
        'name = "i"',
        'hash_key = "b"',
        'range_key = "c"',
        "}",
    ],
)


@pytest.mark.parametrize(("constraint", "count"), [("~> 5.0", 0), (">= 5.0", 0), ("~> 6.0", 0), ("~> 6.60", 1)])
def test_deprecated_is_what_every_admitted_version_has_a_replacement_for(constraint: str, count: int) -> None:
    assert len(lint_text(pin(constraint) + INDEX, DEPRECATED).findings) == count


def test_deprecated_names_of_a_block_are_told_once() -> None:
    (finding,) = lint_text(INDEX, DEPRECATED).findings
    assert finding.message.startswith("hash_key and range_key in global_secondary_index")


# -- where pins come from -------------------------------------------------------------------------------------

LOCK = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "5.31.0"\n  hashes = ["h1:x"]\n}\n'


def of_folder(folder: Path, main: str, lock: str | None = LOCK) -> tuple[Finding, ...]:
    (folder / "main.tf").write_text(main)
    if lock is not None:
        (folder / ".terraform.lock.hcl").write_text(lock)
    report = lint(targets([str(folder)], ()), UNKNOWN)
    assert report.failures == ()
    return (*report.findings, *report.doubts)


def test_the_lock_file_says_the_version(tmp_path: Path) -> None:
    assert of_folder(tmp_path, VPC) == ()
    (finding,) = of_folder(tmp_path, block("aws_sqs_queue", ["region = null"]))
    assert finding.message.endswith("which was added in 6.0.0; .terraform.lock.hcl has 5.31.0")


def test_the_lock_file_narrows_what_the_module_admits(tmp_path: Path) -> None:
    assert of_folder(tmp_path, pin(">= 4.0") + VPC) == ()


def test_a_lock_file_of_other_providers_says_nothing(tmp_path: Path) -> None:
    assert len(of_folder(tmp_path, VPC, LOCK.replace("hashicorp/aws", "hashicorp/random"))) == 1


def test_a_lock_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(VPC)
    (tmp_path / ".terraform.lock.hcl").mkdir()
    report = lint(targets([str(tmp_path)], ()), UNKNOWN)
    assert any(".terraform.lock.hcl" in notice for notice in report.notices)


def test_what_is_given_wins_where_the_module_admits_nothing_of_it() -> None:
    given = Pin("hashicorp/aws", "5.31.0", "--provider-version is 5.31.0")
    target = replace(target_of(pin("~> 6.0") + VPC), pins=(given,))
    assert said(lint([target], UNKNOWN)) == []
    target = replace(target_of(block("aws_sqs_queue", ["region = null"])), pins=(given,))
    (finding,) = lint([target], UNKNOWN).findings
    assert finding.message.endswith("; --provider-version is 5.31.0")


# -- names of other types -------------------------------------------------------------------------------------


def test_a_type_that_there_is_is_not_taken_for_another_one() -> None:
    undeclared = rule_named("references/undeclared")
    text = 'resource "aws_kms_key" "main" {}\noutput "it" {\n  value = %s.main.arn\n}\n'
    (finding,) = lint_text(text % "aws_kms_alias", undeclared).findings
    assert finding.remedy == "declare it"
    (finding,) = lint_text(text % "aws_kms_ky", undeclared).findings
    assert finding.remedy == "declare it; did you mean aws_kms_key.main?"
