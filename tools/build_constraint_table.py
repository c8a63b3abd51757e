#!/usr/bin/env python3
"""Build tflint_tap/aws/constraints.txt: which values arguments take.

    tools/build_constraint_table.py            # download the pinned botocore with pip and write the table
    tools/build_constraint_table.py --check    # say whether the table is what the sources give; exit code 1 if not
    tools/build_constraint_table.py --package botocore.whl --report    # also list the arguments without constraint

An argument gets the constraints of the API's member of the same name, in the input of the operations that create,
put or update the type (aws_lambda_function: CreateFunction; memory_size: MemorySize, 128 to 32768). What names
don't tell, and what the provider has otherwise than the API, is in tools/constraint_exceptions.tsv.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import sys
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from tables import from_index, options, run

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

try:
    from re._constants import ASSERT, ASSERT_NOT, BRANCH, MAX_REPEAT, MIN_REPEAT, SUBPATTERN
    from re._parser import parse as parse_pattern
except ImportError:  # Python 3.10
    from sre_constants import ASSERT, ASSERT_NOT, BRANCH, MAX_REPEAT, MIN_REPEAT, SUBPATTERN
    from sre_parse import parse as parse_pattern

from tflint_tap.aws import schema  # noqa: E402 (found beside this script, not installed)
from tflint_tap.aws.schema import BlockSchema, Type  # noqa: E402

PACKAGE, VERSION = "botocore", "1.44.5"
TABLE = ROOT / "tflint_tap" / "aws" / "constraints.txt"
EXCEPTIONS = Path(__file__).resolve().parent / "constraint_exceptions.tsv"

# how types begin, and the service's folder in botocore; longer beginnings first
SERVICES = {
    "cloudwatch_log": "logs", "cloudwatch_query_definition": "logs", "cloudwatch_event": "events",
    "vpc_security_group": "ec2", "security_group": "ec2", "secretsmanager": "secretsmanager", "s3_object": "s3",
    "elasticache": "elasticache", "apigatewayv2": "apigatewayv2", "api_gateway": "apigateway", "s3_bucket": "s3",
    "cloudwatch": "cloudwatch", "scheduler": "scheduler", "dynamodb": "dynamodb", "lambda": "lambda", "pipes": "pipes",
    "rds": "rds", "iam": "iam", "kms": "kms", "sns": "sns", "sqs": "sqs", "ssm": "ssm", "sfn": "stepfunctions",
    "db": "rds",
}  # fmt: skip
VERBS = ("create", "put", "update", "set", "modify", "add", "register", "publish", "enable", "start", "upload")
NOT_MAPPED = {"id", "region", "tags", "tags_all"}  # the provider's own
PARTS = ("enum", "pattern", "min_length", "max_length", "minimum", "maximum", "ignore_case", "json")
REPEATS, MANY = (MAX_REPEAT, MIN_REPEAT), 20  # times
CATEGORIES = {r"\p{L}": r"A-Za-z\u0080-\U0010ffff", r"\p{N}": "0-9", r"\p{Z}": " "}
# Words between hyphens, where each letter could be a word of its own: no match is found out in exponential time only.
UNAMBIGUOUS = ("(?:-?[a-zA-Z0-9]+)*", "(?:-?[a-zA-Z0-9])*")
TRIVIAL = {".*", ".+", r"[\s\S]*", r"[\s\S]+"}

Model: TypeAlias = dict[str, Any]  # a service model as botocore has it
Found: TypeAlias = dict[str, dict[str, Any]]  # by path: parts and "source"


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the exceptions, for one type."""

    type: str
    path: str
    kind: str
    value: str
    reason: str


@dataclass(slots=True)
class Report:
    """Paths that nothing was found for."""

    missing: list[str] = field(default_factory=list)


def main() -> int:
    parser = options("Build the table of what values arguments take.", TABLE)
    parser.add_argument("--report", action="store_true", help="list the arguments without a constraint's source")
    args = parser.parse_args()
    report = Report()

    def build(package: Path, date: str) -> str:
        return table(package, EXCEPTIONS.read_text(encoding="utf-8"), date, report)

    code = run(args, f"{PACKAGE} {VERSION} and {EXCEPTIONS.name}", download, build)
    if args.report:
        print(*report.missing, sep="\n")
    return code


def download(folder: Path) -> Path:
    return from_index(f"{PACKAGE}=={VERSION}", folder)


def table(package: Path, exceptions: str, date: str, report: Report) -> str:
    """The table's text. ValueError where an exception names what isn't there, or a pattern can't be read."""
    changes = read_changes(exceptions)
    lines = {}
    for type_, service in covered():
        model = read_model(package, service)
        own = [change for change in changes if change.type == type_]
        block = schema.resource(type_)
        assert block is not None  # it is in the table's list
        lines.update(written(type_, constraints(model, type_, block, own, report)))
    for type_ in {change.type for change in changes} - {type_ for type_, _ in covered()}:
        block = schema.resource(type_)
        if block is None:
            raise ValueError(f"exceptions for a type that there isn't: {type_}")
        told: Found = {}  # of a service whose API isn't read
        for change in changes:
            if change.type == type_:
                apply({}, block, change, told)
        lines.update(written(type_, told))
    header = [
        "# which values arguments take, by type.path",
        f"# source: {PACKAGE} {VERSION} (PyPI, Apache-2.0) and tools/{EXCEPTIONS.name}",
        f"# provider: {schema.header()['provider']}",
        f"# date: {date}",
        f"# package sha256: {hashlib.sha256(package.read_bytes()).hexdigest()}",
        f"# exceptions sha256: {hashlib.sha256(exceptions.encode()).hexdigest()}",
        "# built by tools/build_constraint_table.py; tflint_tap/aws/constraints.py reads it",
    ]
    ordered = sorted(f"{key}\t{value}" for key, value in lines.items())
    return "\n".join(header + ordered) + "\n"


def written(type_: str, found: Found) -> dict[str, str]:
    """The lines of a type's arguments. ValueError where a pattern can't be read."""
    lines = {}
    for path, parts in found.items():
        check(type_, path, parts)
        if parts.keys() - {"source"}:
            lines[f"{type_}.{path}"] = json.dumps(parts, sort_keys=True)
    return lines


def covered() -> Iterator[tuple[str, str]]:
    """Types and the service of each."""
    for type_ in schema.resource_types():
        for beginning, service in SERVICES.items():
            if type_ == f"aws_{beginning}" or type_.startswith(f"aws_{beginning}_"):
                yield type_, service
                break


def read_changes(text: str) -> list[Change]:
    rows = csv.DictReader(
        (line for line in text.splitlines() if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    return [
        Change(type_, row["path"], row["change"], row["value"], row["reason"])
        for row in rows
        for type_ in row["types"].split(" ")
    ]


_models: dict[tuple[Path, str], Model] = {}


def read_model(package: Path, service: str) -> Model:
    """The newest model of a service, read from the wheel's zip."""
    key = (package, service)
    if key not in _models:
        with zipfile.ZipFile(package) as archive:
            pattern = re.compile(rf"botocore/data/{service}/[\d-]+/service-2\.json(\.gz)?")
            path = max(name for name in archive.namelist() if pattern.fullmatch(name))
            data = archive.read(path)
        _models[key] = json.loads(gzip.decompress(data) if path.endswith(".gz") else data)
    return _models[key]


# ---------------------------------------------------------------- names


def plain(name: str) -> str:
    return name.replace("_", "").lower()


def near(name: str) -> set[str]:
    """Other spellings of an argument's name in the API: plural, with or without Config(uration)."""
    forms = {name, name + "s", name + "es", name.removesuffix("s"), name.removesuffix("y") + "ies"}
    return forms | {name + "config", name + "configuration", name.removesuffix("uration"), name + "list"}


def structures(model: Model, type_: str, changes: Iterable[Change]) -> tuple[Model, list[str]]:
    """The model and its structures that hold the type's arguments: inputs of its operations."""
    operations = model["operations"]
    given = next((change.value.split(" ") for change in changes if change.kind == "from"), None)
    if given is not None:
        found = given[1:]
    else:
        lower = {name.lower(): name for name in operations}
        service = next(key for key in SERVICES if type_ == f"aws_{key}" or type_.startswith(f"aws_{key}_"))
        whole = type_.removeprefix("aws_")
        part = whole.removeprefix(service) if service not in ("security_group", "vpc_security_group", "db") else whole
        nouns = dict.fromkeys((plain(part), plain(whole), plain(whole.removeprefix("s3_")), plain(part) + "s"))
        found = [lower[verb + noun] for noun in nouns if noun for verb in VERBS if verb + noun in lower]
    return model, [operations[name]["input"]["shape"] if name in operations else name for name in found
                   if name not in operations or "input" in operations[name]]  # fmt: skip


def member(shapes: Model, holders: list[str], name: str) -> tuple[str, str, str] | None:
    """The structure, member and shape that an argument's name stands for; exact names first."""
    wanted = plain(name)
    for names in ({wanted}, near(wanted)):
        for holder in holders:
            for found, target in shapes[holder].get("members", {}).items():
                if plain(found) in names:
                    return holder, found, target["shape"]
    return None


def with_inner(shapes: Model, holders: list[str]) -> list[str]:
    """The structures, and those that they hold: an API often wraps what the provider has flat."""
    inner = [
        target["shape"]
        for holder in holders
        for target in shapes[holder].get("members", {}).values()
        if shapes[target["shape"]]["type"] == "structure"
    ]
    return [*holders, *inner]


def element(shapes: Model, shape: str) -> str:
    """What a list or map holds in the end; the shape itself where it is neither."""
    while shapes[shape]["type"] in ("list", "map"):
        shape = shapes[shape]["member" if shapes[shape]["type"] == "list" else "value"]["shape"]
    return shape


# ---------------------------------------------------------------- constraints


def constraints(model: Model, type_: str, block: BlockSchema, changes: list[Change], report: Report) -> Found:
    model, holders = structures(model, type_, changes)
    for holder in holders:
        if holder not in model["shapes"]:
            raise ValueError(f"{type_}: the API has no {holder}")
    found: Found = {}
    collect(model["shapes"], type_, block, holders, "", found, report)
    for change in changes:
        if change.path:
            apply(model["shapes"], block, change, found)
    return found


def collect(
    shapes: Model, type_: str, block: BlockSchema, holders: list[str], path: str, found: Found, report: Report
) -> None:
    for name, attribute in block.attributes.items():
        if not attribute.settable or name in NOT_MAPPED or attribute.type.kind in ("map", "object", "any", "bool"):
            continue
        place = member(shapes, holders, name) or member(shapes, with_inner(shapes, holders), name)
        if place is None:
            report.missing.append(f"{type_}.{path}{name}")
            continue
        listed = attribute.type.kind in ("list", "set")
        parts = of_shape(shapes, element(shapes, place[2]) if listed else place[2], attribute.type)
        if parts:
            found[path + name] = {**parts, "source": f"API: {place[1]} of {place[0]}"}
    for name, nested in block.blocks.items():
        if name == "timeouts" or path.count(".") > 7:
            continue
        place = member(shapes, holders, name) or member(shapes, with_inner(shapes, holders), name)
        inner = element(shapes, place[2]) if place else None
        if inner is None or shapes[inner]["type"] != "structure":
            report.missing.append(f"{type_}.{path}{name} {{}}")
            continue
        collect(shapes, type_, nested.block, [inner], f"{path}{name}.", found, report)


def of_shape(shapes: Model, shape: str, type_: Type) -> dict[str, Any]:
    """The constraints of a shape on an argument, or on the elements of one that is a list or set."""
    described = shapes[shape]
    primitive = type_.element.kind if type_.element is not None else type_.kind
    parts: dict[str, Any] = {}
    if described["type"] == "string" and primitive == "string":
        if "enum" in described:
            return {"enum": described["enum"]}
        if "pattern" in described and described["pattern"] not in TRIVIAL:
            parts["pattern"] = translated(described["pattern"])
        if described.get("min", 0) > 0:
            parts["min_length"] = described["min"]
        if "max" in described:
            parts["max_length"] = described["max"]
    elif described["type"] in ("integer", "long", "double", "float") and primitive == "number":
        parts = {new: described[old] for old, new in (("min", "minimum"), ("max", "maximum")) if old in described}
    return parts


def translated(pattern: str) -> str:
    """The API's pattern for Python, which lacks Unicode categories: wider ranges take their place in classes."""
    for category, characters in CATEGORIES.items():
        pattern = pattern.replace(category, characters)
    return pattern.replace(*UNAMBIGUOUS)


def apply(shapes: Model, block: BlockSchema, change: Change, found: Found) -> None:
    type_ = require(block, change.type, change.path)
    parts = found.setdefault(change.path, {})
    if change.kind == "drop":
        gone = [change.value] if change.value else [*parts]
        if not parts or not all(part in parts for part in gone):
            raise ValueError(f"nothing to drop: {change.type}.{change.path} {change.value}")
        for part in gone:
            del parts[part]
        return
    if change.kind == "shape":
        parts.clear()
        parts |= {**of_shape(shapes, change.value, type_), "source": f"API: {change.value}; {change.reason}"}
        return
    if change.kind == "enum":
        parts.clear()
        parts["enum"] = change.value.split("|")
    elif change.kind == "add":
        parts["enum"] = [*parts["enum"], *change.value.split("|")]
    elif change.kind == "pattern":
        parts.pop("enum", None)
        parts["pattern"] = change.value
    elif change.kind in ("ignore_case", "json"):
        parts[change.kind] = True
    elif change.kind in PARTS:
        parts[change.kind] = int(change.value)
    else:
        raise ValueError(f"unknown change: {change.kind}")
    reasons = parts.get("source", "").split("; ") if parts.get("source") else []
    parts["source"] = "; ".join(dict.fromkeys([*reasons, change.reason]))


def require(block: BlockSchema, type_: str, path: str) -> Type:
    """The type of an argument, nested or in an attribute of objects. ValueError where there is none to be set."""
    *outer, name = path.split(".")
    for index, step in enumerate(outer):
        if step in block.blocks:
            block = block.blocks[step].block
            continue
        attribute = block.attributes.get(step)
        inner = attribute.type.element if attribute is not None else None
        if inner is not None and index == len(outer) - 1 and name in inner.attributes:
            return inner.attributes[name]
        raise ValueError(f"{type_} has no {path}")
    attribute = block.attributes.get(name)
    if attribute is None or not attribute.settable:
        raise ValueError(f"{type_} has no {path}")
    return attribute.type


def ambiguous(pattern: Iterable[tuple[Any, Any]]) -> bool:
    """Whether a repeated part is nothing but what may repeat or be absent, so that a text can be cut in many ways."""
    for operation, value in pattern:
        if operation in REPEATS:
            body = list(flattened(value[2])) if value[1] > MANY else []
            if all(part in REPEATS for part, _ in body) and any(repeat[1] > MANY for _, repeat in body):
                return True
        inner = (value[2],) if operation in REPEATS else value[1] if operation is BRANCH else ()
        if operation in (SUBPATTERN, ASSERT, ASSERT_NOT):
            inner = (value[-1],)
        if any(ambiguous(part) for part in inner):
            return True
    return False


def flattened(pattern: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """The parts of a pattern, groups taken apart."""
    for operation, value in pattern:
        if operation is SUBPATTERN:
            yield from flattened(value[-1])
        else:
            yield operation, value


def check(type_: str, path: str, parts: dict[str, Any]) -> None:
    """That the parts make sense: the pattern is Python's, limits are in order."""
    if "pattern" in parts:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(parts["pattern"], re.ASCII)
        if ambiguous(parse_pattern(parts["pattern"])):
            raise ValueError(f"{type_}.{path}: {parts['pattern']} can take forever on what doesn't match")
    for low, high in (("min_length", "max_length"), ("minimum", "maximum")):
        if low in parts and high in parts and parts[low] > parts[high]:
            raise ValueError(f"{type_}.{path}: {low} is over {high}")
    if "ignore_case" in parts and "enum" not in parts:
        raise ValueError(f"{type_}.{path}: ignore_case is for an enum")
    if "json" in parts and "max_length" not in parts:
        raise ValueError(f"{type_}.{path}: json is for a length")


if __name__ == "__main__":
    sys.exit(main())
