"""The history of the schema is compared with the bindings of earlier releases, for some types."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tflint_tap.aws import history, schema
from tflint_tap.aws.renames import renamed
from tflint_tap.aws.schema import BlockSchema

RECORDED = Path(__file__).with_name("recorded_schemas.tsv")
ROOT = Path(__file__).resolve().parents[2]
_DEPTH = 3


def recorded() -> Iterator[tuple[str, str, list[str]]]:
    """Version, type and names of each line."""
    for line in RECORDED.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            version, key, names = line.split("\t")
            yield version, key, names.split()


def only(version: str) -> history.Releases:
    major, minor, _ = (int(part) for part in version.split("."))
    return 1 << history.minors().index((major, minor))


def written(content: BlockSchema, path: str = "", depth: int = 0) -> Iterator[str]:
    """The names of a content in the notation of the recorded ones."""
    for name, attribute in content.attributes.items():
        mark = "!" if attribute.required else "?" if attribute.settable else "="
        if name not in content.blocks:
            yield f"{path}{name}{mark}"
    for name, nested in content.blocks.items():
        yield f"{path}{name}{{+" if nested.min_items else f"{path}{name}{{"
        if depth < _DEPTH:
            yield from written(nested.block, f"{path}{name}.", depth + 1)


@pytest.mark.parametrize(("version", "key", "names"), list(recorded()))
def test_a_release_takes_what_its_own_bindings_say(version: str, key: str, names: list[str]) -> None:
    content = history.schema_in(key, only(version))
    if not names:
        assert content is None
        return
    assert content is not None
    assert sorted(set(written(content))) == sorted(name.replace("~", "?") for name in names)


def test_the_releases_are_in_order_and_end_with_the_one_of_the_schema() -> None:
    known = history.minors()
    assert list(known) == sorted(set(known))
    assert {(4, 67), (5, 0), (5, 100), (6, 0)} <= set(known)
    version = schema.header()["provider"].rpartition(" ")[2]
    assert version.startswith(".".join(map(str, known[-1])) + ".")


@pytest.mark.parametrize("key", ["aws_sqs_queue", "aws_eip", "data.aws_region", "aws_dynamodb_table"])
def test_the_last_release_is_the_schema_itself(key: str) -> None:
    content, now = history.schema_in(key, 1 << (len(history.minors()) - 1)), schema.by_key(key)
    assert content is not None
    assert now is not None
    assert content.attributes == now.attributes
    assert content.blocks.keys() == now.blocks.keys()


def test_what_several_releases_take_is_all_that_one_of_them_takes_and_required_is_what_all_require() -> None:
    both = history.schema_in("aws_dynamodb_table", only("5.100.0") | only("6.66.0"))
    assert both is not None
    index = both.blocks["global_secondary_index"].block
    assert "key_schema" in index.blocks
    assert not index.attributes["hash_key"].required
    older = history.schema_in("aws_dynamodb_table", only("5.100.0"))
    assert older is not None
    assert "key_schema" not in older.blocks["global_secondary_index"].block.blocks
    assert older.blocks["global_secondary_index"].block.attributes["hash_key"].required


def test_blocks_that_need_an_index_in_some_releases_only_may_be_read_either_way() -> None:
    both = history.schema_in("aws_verifiedpermissions_schema", only("5.100.0") | only("6.0.0"))
    assert both is not None
    assert "definition" in both.blocks
    assert both.attributes["definition"].type.kind == "any"


@pytest.mark.parametrize(
    ("key", "path", "name", "first", "last"),
    [
        ("aws_eip", "", "vpc", (4, 8), (5, 100)),
        ("aws_iam_role", "", "role_last_used", (4, 64), (5, 0)),
        ("aws_redshift_cluster", "", "cluster_namespace_arn", (5, 5), (6, 66)),
        ("aws_kinesis_firehose_delivery_stream", "extended_s3_configuration", "buffer_size", (4, 8), (4, 67)),
        ("aws_opsworks_stack", "", "", (4, 8), (5, 100)),
        ("aws_quicksight_dashboard", "", "", (5, 5), (6, 66)),
        ("aws_sqs_queue", "", "name", (4, 8), (6, 66)),
    ],
)
def test_when_a_name_is_there(key: str, path: str, name: str, first: history.Minor, last: history.Minor) -> None:
    found = history.when(key, path, name)
    there = [minor for number, minor in enumerate(history.minors()) if found >> number & 1]
    assert (there[0], there[-1]) == (first, last)


def test_a_name_that_never_was_is_in_no_release() -> None:
    assert history.when("aws_sqs_queue", "", "colour") == 0
    assert history.when("aws_colours", "", "") == 0


def test_every_release_without_a_package_is_as_the_changelog_says() -> None:
    lines = (ROOT / "tools" / "schema_changes.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line[0].isdigit()]
    assert len(rows) > 50
    for version, fact, key, dotted in rows:
        path, _, name = dotted.rpartition(".")
        assert bool(history.when(key, path, name) & only(version)) is (fact == "present"), (key, dotted)


def test_renames_are_of_names_that_are_gone() -> None:
    text = Path(history.__file__).with_name("renames.tsv").read_text(encoding="utf-8")
    newest = 1 << (len(history.minors()) - 1)
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert len(rows) > 90
    for place, new, advice, source in rows:
        key, _, dotted = place.partition(":")
        path, _, name = dotted.rpartition(".")
        assert history.when(key, path, name), place
        assert not history.when(key, path, name) & newest, place
        assert (new == "-") is not (advice == "-"), place
        assert new == "-" or history.when(key, path, new) & newest, place
        assert source
    assert renamed("aws_opensearch_domain", "", "kibana_endpoint") == (
        "kibana_endpoint was renamed to dashboard_endpoint: write dashboard_endpoint"
    )
    assert renamed("aws_sqs_queue", "", "name") is None
