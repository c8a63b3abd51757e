"""Calls of local modules: the findings in the called modules, and their places."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cards import RULES
from tflint_tap.discovery import targets
from tflint_tap.lint import Report, lint, stack_of
from tflint_tap.rule import Rule

TOPIC, UNTAGGED, EMPTY = "encryption/unencrypted-topic", "tagging/untagged", "variables/empty-default"
STORE = {
    "store/main.tf": """
        variable "encrypted" {
          type    = bool
          default = false
        }

        resource "aws_sns_topic" "sales" {
          name              = "sales"
          kms_master_key_id = var.encrypted ? "alias/aws/sns" : null
        }

        output "arn" {
          value = aws_sns_topic.sales.arn
        }
    """
}


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def rules(*names: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule.id in names)


def report(folder: Path, *names: str, paths: tuple[str, ...] = (".",)) -> Report:
    found = targets([str(folder / path) for path in paths], ())
    return lint(found, rules(*names), known={rule.id for rule in RULES})


def told(folder: Path, *names: str, paths: tuple[str, ...] = (".",)) -> list[tuple[str, int, str, str]]:
    """The file, line, severity and address of each finding."""
    return [
        (
            Path(finding.span.source.path).relative_to(folder).as_posix(),
            finding.span.line,
            str(finding.severity),
            finding.address or "",
        )
        for finding in report(folder, *names, paths=paths).findings
    ]


def test_a_module_is_judged_as_its_caller_has_it(tmp_path: Path) -> None:
    main = 'module "store" {\n  source    = "./store"\n  encrypted = true\n}\n'
    written(tmp_path, {**STORE, "main.tf": main})
    assert told(tmp_path, TOPIC) == []
    written(tmp_path, {"main.tf": main.replace("true", "false")})
    assert told(tmp_path, TOPIC) == [("store/main.tf", 9, "error", "module.store.aws_sns_topic.sales")]
    (finding,) = report(tmp_path, TOPIC).findings
    places = [(one.message, one.span.source.path.rpartition("/")[2], one.span.line) for one in finding.related]
    assert places == [("module.store.var.encrypted is set to false here", "main.tf", 3)]


def test_instances_of_a_call_are_told_by_their_keys(tmp_path: Path) -> None:
    main = """
        module "store" {
          for_each  = { a = true, b = false, c = false }
          source    = "./store"
          encrypted = each.value
        }
    """
    written(tmp_path, {**STORE, "main.tf": main})
    assert told(tmp_path, TOPIC) == [("store/main.tf", 9, "error", 'module.store["b"].aws_sns_topic.sales')]


def test_of_a_call_that_is_not_made_nothing_is_told(tmp_path: Path) -> None:
    main = 'module "store" {\n  count  = 0\n  source = "../store"\n}\n'
    written(tmp_path, {**STORE, "live/main.tf": main})
    assert told(tmp_path, TOPIC, paths=("live",)) == []


def test_an_instance_stands_for_all_where_keys_are_not_known(tmp_path: Path) -> None:
    main = (
        'variable "all" {\n  type = set(string)\n}\nmodule "store" {\n  for_each = var.all\n  source   = "./store"\n}\n'
    )
    written(tmp_path, {**STORE, "main.tf": main})
    assert told(tmp_path, TOPIC) == [("store/main.tf", 9, "error", "module.store[?].aws_sns_topic.sales")]
    (topic,) = stack_of(targets([str(tmp_path)], ())[0]).resources("aws_sns_topic")
    assert topic.doubt == "var.all has no default"


def test_outputs_lead_to_what_they_give(tmp_path: Path) -> None:
    main = """
        module "store" {
          source = "./store"
        }

        module "rights" {
          source  = "./rights"
          topic   = module.store.arn
          actions = "sns:*"
        }
    """
    rights = """
        variable "topic" {}
        variable "actions" {}

        resource "aws_iam_policy" "sales" {
          name   = "sales"
          policy = jsonencode({ Statement = [{ Effect = "Allow", Action = var.actions, Resource = var.topic }] })
        }
    """
    written(tmp_path, {**STORE, "main.tf": main, "rights/main.tf": rights})
    assert told(tmp_path, "iam/wildcard-action") == [
        ("rights/main.tf", 7, "error", "module.rights.aws_iam_policy.sales")
    ]
    stack = stack_of(targets([str(tmp_path / "main.tf")], ())[0])
    (policy,) = stack.policies
    (statement,) = policy.statements
    assert statement.resources is not None
    target = stack.target(statement.resources.items[0])
    assert target is not None
    assert target.declaration.name == "sales"


def test_a_comment_at_the_call_silences_what_is_in_its_module(tmp_path: Path) -> None:
    main = """
        # tap:ignore[encryption/unencrypted-topic] reason: nothing secret is sold
        module "store" {
          source = "./store"
        }
    """
    written(tmp_path, {**STORE, "main.tf": main})
    assert told(tmp_path, TOPIC, "suppressions/idle") == []
    other = 'module "other" {\n  source = "./store"\n}\n'
    written(tmp_path, {"other.tf": other})
    assert told(tmp_path, TOPIC) == [("store/main.tf", 9, "error", "module.other.aws_sns_topic.sales")]


def test_a_comment_in_a_module_is_not_idle_if_one_of_its_roots_needs_it(tmp_path: Path) -> None:
    text = STORE["store/main.tf"].replace(
        "        resource",
        "        # tap:ignore[encryption/unencrypted-topic] reason: nothing secret\n        resource",
    )
    files = {"modules/store/main.tf": text}
    for name, value in (("one", "true"), ("two", "false")):
        files[f"{name}/main.tf"] = f'module "store" {{\n  source = "../modules/store"\n  encrypted = {value}\n}}\n'
    written(tmp_path, files)
    assert told(tmp_path, TOPIC, "suppressions/idle") == []


def test_what_several_roots_have_in_common_is_told_once(tmp_path: Path) -> None:
    files = {"modules/store/main.tf": STORE["store/main.tf"]}
    for name in ("one", "two"):
        files[f"{name}/main.tf"] = 'module "store" {\n  source = "../modules/store"\n}\n'
    written(tmp_path, files)
    (finding,) = report(tmp_path, TOPIC).findings
    assert finding.address == "module.store.aws_sns_topic.sales"
    called = [one.span.source.path for one in finding.related if one.span.text.startswith("module")]
    assert called == [str(tmp_path / name / "main.tf") for name in ("one", "two")]


def test_in_a_module_that_is_not_shown_it_is_told_at_the_call(tmp_path: Path) -> None:
    written(tmp_path, {**STORE, "main.tf": 'module "store" {\n  source = "./store"\n}\n'})
    assert told(tmp_path, TOPIC, paths=("main.tf",)) == [("main.tf", 1, "error", "module.store.aws_sns_topic.sales")]


def test_default_tags_reach_the_modules_that_take_their_provider(tmp_path: Path) -> None:
    main = """
        provider "aws" {
          region = "eu-west-1"
        }

        provider "aws" {
          alias  = "east"
          region = "us-east-1"
          default_tags {
            tags = { Team = "store" }
          }
        }

        module "plain" {
          source = "./store"
        }

        module "east" {
          source    = "./outer"
          providers = { aws.sales = aws.east }
        }
    """
    outer = """
        terraform {
          required_providers {
            aws = {
              source                = "hashicorp/aws"
              configuration_aliases = [aws.sales]
            }
          }
        }

        module "inner" {
          source    = "../store"
          providers = { aws = aws.sales }
        }

        resource "aws_sns_topic" "own" {
          provider = aws.sales
          name     = "own"
        }

        resource "aws_sns_topic" "bare" {
          name = "bare"
        }
    """
    written(tmp_path, {**STORE, "main.tf": main, "outer/main.tf": outer})
    assert [address for _, _, _, address in told(tmp_path, UNTAGGED)] == [
        "module.east.aws_sns_topic.bare",
        "module.plain.aws_sns_topic.sales",
    ]


def test_a_provider_that_a_module_configures_itself_is_its_own(tmp_path: Path) -> None:
    own = 'provider "aws" {\n  region = "eu-west-1"\n  default_tags {\n    tags = { Team = "store" }\n  }\n}\n'
    main = 'module "store" {\n  source = "./store"\n}\nresource "aws_sns_topic" "root" {\n  name = "root"\n}\n'
    written(tmp_path, {**STORE, "main.tf": main, "store/providers.tf": own})
    assert [address for _, _, _, address in told(tmp_path, UNTAGGED)] == ["aws_sns_topic.root"]


def test_what_a_default_alone_decides_is_a_note_in_a_module_that_nothing_calls(tmp_path: Path) -> None:
    text = STORE["store/main.tf"] + '\n        resource "aws_sns_topic" "bare" {\n          name = "bare"\n        }\n'
    written(tmp_path, {"modules/store/main.tf": text, "store/main.tf": text})
    assert told(tmp_path, TOPIC, paths=("modules",)) == [
        ("modules/store/main.tf", 9, "note", "aws_sns_topic.sales"),
        ("modules/store/main.tf", 16, "error", "aws_sns_topic.bare"),
    ]
    assert [severity for _, _, severity, _ in told(tmp_path, TOPIC, paths=("store",))] == ["error", "error"]
    written(tmp_path, {"modules/store/backend.tf": 'terraform {\n  backend "s3" {}\n}\n'})
    assert [severity for _, _, severity, _ in told(tmp_path, TOPIC, paths=("modules",))] == ["error", "error"]


def test_the_arguments_of_a_call_are_those_of_its_module(tmp_path: Path) -> None:
    main = """
        module "log" {
          source = "./log"
          size   = 3
          days   = "many"
          names  = "one"
          shape  = { size = 3 }
        }

        output "log" {
          value = module.log.arn
        }
    """
    log = """
        variable "name" {
          type = string
        }

        variable "days" {
          type = number
        }

        variable "names" {
          type     = list(string)
          nullable = false
        }

        variable "shape" {
          type = object({ size = number, colour = string })
        }
    """
    written(tmp_path, {"main.tf": main, "log/main.tf": log})
    names = ("schema/unknown-argument", "schema/missing-argument", "schema/wrong-type", "references/unknown-attribute")
    found = [(finding.rule, finding.span.line) for finding in report(tmp_path, *names).findings]
    assert found == [
        ("schema/missing-argument", 2),
        ("schema/unknown-argument", 4),
        ("schema/wrong-type", 5),
        ("schema/wrong-type", 6),
        ("schema/wrong-type", 7),
        ("references/unknown-attribute", 11),
    ]


def test_what_a_wrong_argument_leaves_open_is_no_doubt_of_its_own(tmp_path: Path) -> None:
    main = 'module "store" {\n  source = "./store"\n  key    = ["a"]\n}\nmodule "other" {\n  source = "./store"\n}\n'
    store = 'variable "key" {\n  type = string\n}\nresource "aws_sns_topic" "t" {\n  kms_master_key_id = var.key\n}\n'
    written(tmp_path, {"main.tf": main, "store/main.tf": store})
    found = report(tmp_path, TOPIC, "schema/missing-argument", "schema/wrong-type")
    assert [(finding.rule, finding.span.line) for finding in found.findings] == [
        ("schema/wrong-type", 3),
        ("schema/missing-argument", 5),
    ]
    assert found.doubts == ()
    assert [doubt.rule for doubt in report(tmp_path, TOPIC).doubts] == [TOPIC]


def test_modules_in_a_circle_of_values_are_none(tmp_path: Path) -> None:
    main = """
        module "net" {
          source = "./net"
          arns   = module.app.arns
        }

        module "app" {
          source = "./app"
          net    = module.net.id
        }
    """
    net = 'variable "arns" {}\noutput "id" {\n  value = "net"\n}\noutput "seen" {\n  value = var.arns\n}\n'
    app = 'variable "net" {}\noutput "arns" {\n  value = ["a"]\n}\noutput "seen" {\n  value = var.net\n}\n'
    written(tmp_path, {"main.tf": main, "net/main.tf": net, "app/main.tf": app})
    found = report(tmp_path, "references/cycle")
    assert (found.findings, found.doubts) == ((), ())
    written(tmp_path, {"net/main.tf": net.replace('"net"', "var.arns"), "app/main.tf": app.replace('["a"]', "var.net")})
    (finding,) = report(tmp_path, "references/cycle").findings
    assert "module.net" in finding.message
    assert "\ue000" not in finding.message


def test_installed_modules_of_a_registry_are_followed_and_not_judged(tmp_path: Path) -> None:
    main = 'module "vpc" {\n  source = "far/vpc/aws"\n}\noutput "id" {\n  value = module.vpc.nothing\n}\n'
    listed = {"Modules": [{"Key": "", "Dir": "."}, {"Key": "vpc", "Source": "x", "Dir": ".terraform/modules/vpc"}]}
    written(tmp_path, {"main.tf": main, ".terraform/modules/vpc/main.tf": STORE["store/main.tf"]})
    assert told(tmp_path, TOPIC, "references/unknown-attribute") == []
    written(tmp_path, {".terraform/modules/modules.json": json.dumps(listed)})
    assert told(tmp_path, TOPIC, "references/unknown-attribute") == [("main.tf", 5, "error", "output.id")]


@pytest.mark.parametrize("text", ["", "{", '{"Modules": 3}', '{"Modules": [{"Key": 1}, null]}', "[" * 5000])
def test_a_broken_list_of_modules_is_none(tmp_path: Path, text: str) -> None:
    main = 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'
    written(tmp_path, {"main.tf": main, ".terraform/modules/modules.json": text})
    assert told(tmp_path, TOPIC) == []


def test_files_of_a_called_module_can_be_read_and_no_others(tmp_path: Path) -> None:
    store = """
        resource "aws_sns_topic" "sales" {
          name              = file("${path.module}/name.txt")
          kms_master_key_id = fileexists("${path.module}/../../secret.txt") ? null : "a"
        }
    """
    files = {"modules/store/main.tf": store, "modules/store/name.txt": "sales", "secret.txt": "x"}
    written(tmp_path, {**files, "live/main.tf": 'module "store" {\n  source = "../modules/store"\n}\n'})
    stack = stack_of(targets([str(tmp_path / "live")], ())[0])
    (topic,) = stack.resources("aws_sns_topic")
    assert topic.value("name").data == "sales"
    assert "outside" in (topic.value("kms_master_key_id").reason or "")


def test_a_tree_of_many_calls_ends_and_says_what_is_left_out(tmp_path: Path) -> None:
    files = {"main.tf": 'module "m" {\n  count  = 40\n  source = "./m0"\n}\n'}
    for number in range(3):
        files[f"m{number}/main.tf"] = f'module "m" {{\n  count  = 40\n  source = "../m{number + 1}"\n}}\n'
    written(tmp_path, {**files, "m3/main.tf": STORE["store/main.tf"]})
    told = report(tmp_path, TOPIC)
    assert any("has too many calls of modules" in notice for notice in told.notices)
    assert told.unjudged == told.notices
