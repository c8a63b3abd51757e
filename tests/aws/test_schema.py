"""The schema's table and its reader."""

from __future__ import annotations

import csv
import gzip
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stacks import ROOT, SHARED
from tflint_tap.aws import schema
from tflint_tap.aws.schema import AttributeSchema, BlockSchema, Type, parse_type

TABLE = ROOT / "tflint_tap" / "aws" / "schema.txt"
REFERENCE = SHARED / "terraform" / "aws_schema.json.gz"

STRING = Type("string")


def schema_of(type_: str) -> BlockSchema:
    found = schema.resource(type_)
    assert found is not None
    return found


def test_a_queue_has_its_arguments_and_attributes() -> None:
    queue = schema_of("aws_sqs_queue")
    assert sorted(queue.attributes) == [
        "arn", "content_based_deduplication", "deduplication_scope", "delay_seconds", "fifo_queue",
        "fifo_throughput_limit", "id", "kms_data_key_reuse_period_seconds", "kms_master_key_id", "max_message_size",
        "message_retention_seconds", "name", "name_prefix", "policy", "receive_wait_time_seconds",
        "redrive_allow_policy", "redrive_policy", "region", "sqs_managed_sse_enabled", "tags", "tags_all", "url",
        "visibility_timeout_seconds",
    ]  # fmt: skip
    assert queue.attributes["delay_seconds"] == AttributeSchema(Type("number"), optional=True)
    assert queue.attributes["arn"] == AttributeSchema(STRING, computed=True)
    assert queue.attributes["name"] == AttributeSchema(STRING, optional=True, computed=True)
    assert queue.attributes["tags"] == AttributeSchema(Type("map", STRING), optional=True)
    assert {name: (nested.nesting, nested.min_items, nested.max_items) for name, nested in queue.blocks.items()} == {
        "timeouts": ("single", 0, None)
    }


def test_nested_blocks_have_how_they_nest_how_many_there_may_be_and_their_own_content() -> None:
    table = schema_of("aws_dynamodb_table")
    limits = {name: (nested.nesting, nested.min_items, nested.max_items) for name, nested in table.blocks.items()}
    assert limits["ttl"] == ("list", 0, 1)
    assert limits["replica"] == ("set", 0, None)
    source = table.blocks["import_table"].block.blocks["s3_bucket_source"]
    assert (source.nesting, source.min_items, source.max_items) == ("list", 1, 1)
    assert source.block.attributes["bucket"] == AttributeSchema(STRING, required=True)


def test_what_is_deprecated_has_what_to_use_instead() -> None:
    index = schema_of("aws_dynamodb_table").blocks["global_secondary_index"].block
    assert index.attributes["hash_key"].deprecated == "use key_schema instead"
    assert index.attributes["name"].deprecated is None
    bucket = schema_of("aws_s3_bucket")
    assert bucket.attributes["acl"].deprecated == "use the aws_s3_bucket_acl resource instead"
    assert bucket.blocks["versioning"].deprecated == "use the aws_s3_bucket_versioning resource instead"
    assert bucket.deprecated is None
    assert schema_of("aws_s3_bucket_object").deprecated == "use the aws_s3_object resource instead"


def test_sensitive_and_write_only_arguments_are_marked() -> None:
    cluster = schema_of("aws_rds_cluster").attributes
    assert cluster["master_password"] == AttributeSchema(STRING, optional=True, sensitive=True)
    assert cluster["master_password_wo"].write_only
    assert not cluster["master_username"].sensitive


def test_data_sources_and_ephemeral_resources_are_apart_from_resources() -> None:
    region = schema.data_source("aws_region")
    assert region is not None
    assert region.attributes["name"].deprecated == "use region instead"
    assert schema.resource("aws_region") is None
    assert schema.resource("data.aws_region") is None
    assert schema.data_source("aws_sqs_queue_policy") is None
    random = schema.ephemeral_resource("aws_secretsmanager_random_password")
    assert random is not None
    assert random.attributes["random_password"].computed


@pytest.mark.parametrize("name", ["", "aws", "aws_", "aws_sqs_queu", "aws_sqs_queue_", "zzz", "# source", "google_x"])
def test_a_type_that_does_not_exist_has_no_schema(name: str) -> None:
    assert schema.resource(name) is None
    assert schema.data_source(name) is None


def test_every_type_in_the_list_can_be_looked_up() -> None:
    assert (len(schema.resource_types()), len(schema.data_source_types())) == (1725, 683)
    assert all(schema.resource(name) is not None for name in schema.resource_types())
    assert all(schema.data_source(name) is not None for name in schema.data_source_types())


def test_an_attribute_of_objects_can_be_written_as_blocks() -> None:
    ingress = schema_of("aws_security_group").attributes["ingress"]
    assert ingress.as_blocks
    assert ingress.type.kind == "set"
    assert ingress.type.element is not None
    assert str(ingress.type.element.attributes["cidr_blocks"]) == "list(string)"
    assert not schema_of("aws_security_group").attributes["tags"].as_blocks
    assert not schema_of("aws_elasticache_cluster").attributes["cache_nodes"].as_blocks


def test_a_type_with_a_settable_map_of_tags_is_taggable() -> None:
    tagged = ["aws_sqs_queue", "aws_iam_policy", "aws_apigatewayv2_stage", "aws_elasticache_subnet_group"]
    assert [name for name in tagged if not schema_of(name).taggable] == []
    untagged = ["aws_iam_role_policy", "aws_sqs_queue_policy", "aws_lambda_permission", "aws_inspector_resource_group"]
    assert [name for name in untagged if schema_of(name).taggable] == []


def test_a_statement_of_a_web_acl_rule_contains_itself() -> None:
    statement = schema_of("aws_wafv2_web_acl_rule").blocks["statement"].block
    inner = statement.blocks["and_statement"].block.blocks["statement"].block
    assert inner.blocks["not_statement"].block.blocks["statement"].block.blocks.keys() == statement.blocks.keys()


def test_types_are_written_as_terraform_writes_them() -> None:
    assert str(parse_type("{[s]}")) == "map(list(string))"
    assert str(parse_type("<(name:s,sizes:[n],on:b)>")) == (
        "set(object({ name = string, sizes = list(number), on = bool }))"
    )
    assert str(parse_type("()")) == "object({  })"
    with pytest.raises(ValueError, match="not a type: x"):
        parse_type("[x]")
    with pytest.raises(ValueError, match="not a type: ss"):
        parse_type("ss")


def test_the_header_names_source_version_date_and_hashes() -> None:
    header = schema.header()
    assert header["source"] == "@cdktn/provider-aws 25.7.0 (npm, MPL-2.0) and tools/schema_overlay.tsv"
    assert header["provider"] == "hashicorp/aws 6.66.0"
    assert len(header["date"].split("-")) == 3
    assert [len(header[key]) for key in ("package sha256", "overlay sha256")] == [64, 64]


def test_the_table_is_sorted_and_has_each_type_once() -> None:
    lines = TABLE.read_bytes().splitlines()
    assert lines == sorted(lines[:7], key=lines.index) + sorted(lines[7:])
    keys = [line.split(b"\t")[0] for line in lines[7:]]
    assert len(keys) == len(set(keys)) == 1725 + 683 + 10


def test_replacements_of_what_is_deprecated_exist() -> None:
    """A typo in a replacement would send people to something that isn't there."""
    missing = []
    for type_, path, message in overlay("deprecated"):
        words = [word.rstrip(",") for word in message.partition("use ")[2].split() if "_" in word]
        siblings = content(type_, path)
        own = content(type_, "").attributes
        missing += [
            (type_, path, word)
            for word in words
            if word not in (*siblings.attributes, *siblings.blocks, *own, *schema.resource_types())
            and word not in schema.data_source_types()
        ]
    assert missing == []


def overlay(fact: str) -> list[tuple[str, str, str]]:
    lines = (ROOT / "tools" / "schema_overlay.tsv").read_text().splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    return [(row["type"], row["path"], row["value"]) for row in rows if row["fact"] == fact]


def content(type_: str, path: str) -> BlockSchema:
    """The block that holds what the path names."""
    found = schema.data_source(type_[5:]) if type_.startswith("data.") else schema.resource(type_)
    assert found is not None
    for step in path.split(".")[:-1]:
        found = found.blocks[step].block
    return found


# ---------------------------------------------------------------- against the provider's own schema


def test_the_table_says_what_the_provider_says_of_everything() -> None:
    """Every type, attribute (type, required, optional, computed, sensitive, …) and block (nesting, limits)."""
    if not REFERENCE.exists():
        pytest.skip("the provider's own schema isn't beside the repository")
    with gzip.open(REFERENCE) as file:
        symbol = json.load(file)["provider_schemas"]["registry.terraform.io/hashicorp/aws"]
    assert set(schema.resource_types()) == set(symbol["resource_schemas"])
    assert set(schema.data_source_types()) == set(symbol["data_source_schemas"])
    with (ROOT / "tests" / "aws" / "schema_differences.tsv").open() as rows:
        known = {(row["type"], row["path"]) for row in csv.DictReader(rows, delimiter="\t")}
    unknown: list[tuple[str, str]] = []
    met: set[tuple[str, str]] = set()
    for type_, expected in symbol["resource_schemas"].items():
        differences = set(compare(schema_of(type_), expected["block"], ""))
        for path in differences:
            parts = path.split(".")
            row = next(
                (key for end in range(len(parts)) if (key := (type_, ".".join(parts[: end + 1]))) in known), None
            )
            if row is None:
                unknown.append((type_, path))
            else:
                met.add(row)
    for type_, expected in symbol["data_source_schemas"].items():
        found = schema.data_source(type_)
        assert found is not None
        unknown += [(f"data.{type_}", path) for path in compare(found, expected["block"], "")]
    assert unknown == []
    assert met == known


def compare(found: BlockSchema, expected: dict[str, Any], path: str) -> Iterator[str]:
    """Paths of what differs."""
    if found.opaque:
        yield path.rstrip(".")
        return
    attributes = {name: attribute_facts(value) for name, value in expected.get("attributes", {}).items()}
    for name in attributes.keys() | found.attributes.keys():
        attribute = found.attributes.get(name)
        if attribute is None or attributes.get(name) != (
            str(attribute.type), attribute.required, attribute.optional, attribute.computed,
            attribute.sensitive, attribute.write_only, attribute.deprecated is not None,
        ):  # fmt: skip
            yield path + name
    blocks = expected.get("block_types", {})
    for name in blocks.keys() | found.blocks.keys():
        nested, other = found.blocks.get(name), blocks.get(name)
        if nested is None or other is None:
            yield path + name
            continue
        facts = (nested.nesting, nested.min_items, nested.max_items, nested.deprecated is not None)
        if facts != (
            other["nesting_mode"], other.get("min_items", 0), other.get("max_items"),
            other["block"].get("deprecated", False),
        ):  # fmt: skip
            yield path + name
        yield from compare(nested.block, other["block"], f"{path}{name}.")
    if not path and (found.deprecated is not None) != expected.get("deprecated", False):
        yield "the type"


def attribute_facts(value: dict[str, Any]) -> tuple[object, ...]:
    flags = ("required", "optional", "computed", "sensitive", "write_only", "deprecated")
    return (type_text(value["type"]), *(value.get(flag, False) for flag in flags))


def type_text(type_: Any) -> str:
    if isinstance(type_, str):
        return "any" if type_ == "dynamic" else type_
    kind, element = type_
    if kind == "object":
        return "object({ " + ", ".join(f"{name} = {type_text(element[name])}" for name in sorted(element)) + " })"
    return f"{kind}({type_text(element)})"


# ---------------------------------------------------------------- the tool that builds it

BINDINGS = """
class ThingRuleOutputReference extends cdktn.ComplexObject {
    // pattern - computed: false, optional: false, required: true
    _pattern;
    get pattern() {
        return this.getStringAttribute('pattern');
    }
}
class ThingRuleList extends cdktn.ComplexList {
    get(index) {
        return new ThingRuleOutputReference(this.terraformResource, this.terraformAttribute, index, this.wrapsSet);
    }
}
class Thing extends cdktn.TerraformResource {
    static tfResourceType = "aws_thing";
    constructor(scope, id, config) {
            providerVersion: '6.66.0',
    }
    // arn - computed: true, optional: false, required: false
    get arn() {
        return this.getStringAttribute('arn');
    }
    // ports - computed: false, optional: true, required: false
    _ports;
    get ports() {
        return cdktn.Token.asNumberList(cdktn.Fn.tolist(this.getNumberListAttribute('ports')));
    }
    // rule - computed: false, optional: true, required: false
    _rule = new ThingRuleList(this, "rule", true);
    get rule() {
        return this._rule;
    }
    synthesizeHclAttributes() {
        const attrs = {
            ports: {
                value: cdktn.listMapperHcl(cdktn.numberToHclTerraform, false)(this._ports),
                isBlock: false,
                type: "set",
                storageClassType: "numberList",
            },
            rule: {
                value: cdktn.listMapperHcl(thingRuleToHclTerraform, true)(this._rule.internalValue),
                isBlock: true,
                type: "set",
                storageClassType: "ThingRuleList",
            },
        };
    }
}
//# sourceMappingURL=data:
"""


@pytest.fixture
def tool() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "tools"))
    yield importlib.import_module("build_schema_table")
    sys.path.remove(str(ROOT / "tools"))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    import io
    import tarfile

    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("package/lib/thing/index.js")
        info.size = len(BINDINGS)
        archive.addfile(info, io.BytesIO(BINDINGS.encode()))
    return path


def test_the_tool_reads_types_blocks_and_flags_from_the_bindings_text(tool: Any, package: Path) -> None:
    overlay = "fact\ttype\tpath\tvalue\treason\nmax\taws_thing\trule\t5\tx\ndeprecated\taws_thing\tports\tuse rule\tx\n"
    lines = tool.table(package, overlay, "2026-11-23").splitlines()
    assert lines[2:4] == ["# provider: hashicorp/aws 6.66.0", "# date: 2026-11-23"]
    assert lines[7:] == ["aws_thing\t=s arn;?<n> ports;set0-5 rule@1;#ports use rule\t!s pattern"]


def test_the_overlay_cannot_name_what_is_not_there(tool: Any, package: Path) -> None:
    overlay = "fact\ttype\tpath\tvalue\treason\ndeprecated\taws_thing\tprots\tuse rule\tx\n"
    with pytest.raises(ValueError, match="aws_thing has no prots"):
        tool.table(package, overlay, "2026-11-23")


def test_check_says_which_lines_of_a_tampered_table_differ(tool: Any, package: Path, tmp_path: Path, monkeypatch: Any,
                                                           capsys: Any) -> None:  # fmt: skip
    empty, table = tmp_path / "overlay.tsv", tmp_path / "schema.txt"
    empty.write_text("fact\ttype\tpath\tvalue\treason\n")
    monkeypatch.setattr(tool, "OVERLAY", empty)
    arguments = ["build", "--package", str(package), "--table", str(table)]
    monkeypatch.setattr(sys, "argv", arguments)
    assert tool.main() == 0
    monkeypatch.setattr(sys, "argv", [*arguments, "--check"])
    assert tool.main() == 0
    assert "is current" in capsys.readouterr().out
    table.write_text(table.read_text().replace("?<n> ports", "!<n> ports"))
    assert tool.main() == 1
    out = capsys.readouterr().out
    assert out == f"{table} is not what @cdktn/provider-aws 25.7.0 and overlay.tsv give; differing lines:\naws_thing\n"


def test_only_auto_scaling_groups_have_their_tags_in_blocks() -> None:
    blocks = {type_: schema.resource(type_) for type_ in schema.resource_types()}
    tagged = [type_ for type_, block in blocks.items() if block is not None and block.tagged_by_blocks]
    assert tagged == ["aws_autoscaling_group"]
