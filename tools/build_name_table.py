#!/usr/bin/env python3
"""Build tflint_tap/aws/names.txt: the argument that names a thing, and what its names look like.

    tools/build_name_table.py            # download the pinned botocore with pip and write the table
    tools/build_name_table.py --check    # say whether the table is what the sources give; exit code 1 if not
    tools/build_name_table.py --package botocore.whl

A resource type is in it if it is taggable, has an argument that is called name or like the type (aws_lambda_function:
function_name), and none that names a thing of the same service that it belongs to (aws_lambda_alias: function_name).
Whether its names may have capitals and hyphens says the pattern of the API's member of that name. What that doesn't
tell is in tools/name_exceptions.tsv.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from build_constraint_table import (
    PACKAGE,
    ROOT,
    VERBS,
    VERSION,
    Model,
    download,
    member,
    plain,
    read_model,
    translated,
    with_inner,
)
from tables import options, run

from tflint_tap.aws import schema
from tflint_tap.aws.constraints import constraint
from tflint_tap.aws.schema import BlockSchema

TABLE = ROOT / "tflint_tap" / "aws" / "names.txt"
EXCEPTIONS = Path(__file__).resolve().parent / "name_exceptions.tsv"
FORMS = ("begins", "folded", "contains")
LISTS = ("lead", "given", "unjudged", "shortest", "longest", "pattern", "refused", "within", "space", "fifo")

# How types begin whose service has another name in botocore; the others begin with the service's folder.
FOLDERS = {
    "alb": "elbv2", "lb": "elbv2", "elb": "elb", "media_convert": "mediaconvert", "cloudwatch_log": "logs",
    "cloudwatch_query_definition": "logs", "cloudwatch_event": "events", "sfn": "stepfunctions", "msk": "kafka",
    "mskconnect": "kafkaconnect", "prometheus": "amp", "dx": "directconnect", "kinesis_firehose": "firehose",
    "api_gateway": "apigateway", "cognito_user_pool": "cognito-idp", "cognito_identity_pool": "cognito-identity",
    "db": "rds", "elastic_beanstalk": "elasticbeanstalk", "service_discovery": "servicediscovery",
    "bedrockagent": "bedrock-agent", "route53_resolver": "route53resolver", "key_pair": "ec2",
    "launch_template": "ec2", "placement_group": "ec2", "launch_configuration": "autoscaling",
    "security_group": "ec2", "resourcegroups": "resource-groups", "elasticsearch": "es",
    "timestreamwrite": "timestream-write", "media_package": "mediapackage", "media_store": "mediastore",
    "s3": "s3", "vpc": "ec2", "network": "ec2",
}  # fmt: skip
ANYTHING = r"[\s\S]*"
# Texts that a pattern admits or not: with capitals and hyphens, in lower case, with underscores.
CAPITALS, LOWER, UNDERSCORES = "Booking-prod-a", "booking-prod-a", "booking_prod_a"


def main() -> int:
    def build(package: Path, date: str) -> str:
        return table(package, EXCEPTIONS.read_text(encoding="utf-8"), date)

    args = options("Build the table of what names things.", TABLE).parse_args()
    return run(args, f"{PACKAGE} {VERSION} and {EXCEPTIONS.name}", download, build)


def table(package: Path, exceptions: str, date: str) -> str:
    """The table's text. ValueError where an exception names what isn't there, or says what holds anyway."""
    changes = read_changes(exceptions)
    services = {folder.replace("-", ""): folder for folder in folders(package)}
    lines = []
    for type_ in schema.resource_types():
        own = changes.pop(type_, {})
        block = schema.resource(type_)
        assert block is not None  # it is in the table's list
        argument = guessed_name(type_, block)
        if own.get("name") == [argument or "-"]:
            raise ValueError(f"{type_}: its name is {argument or '-'} without an exception")
        argument = own.pop("name", [argument or "-"])[0]
        if argument == "-":
            if own:
                raise ValueError(f"{type_} has no name that there could be exceptions of")
            continue
        check_argument(type_, block, argument)
        form = guessed_form(package, services, type_, argument)
        if own.get("form") == [form]:
            raise ValueError(f"{type_}: its form is {form} without an exception")
        form = own.pop("form", [form])[0]
        if form != "-":
            lines.append(
                "\t".join([type_, argument, form, *(f"{key} {' '.join(own[key])}" for key in LISTS if key in own)])
            )
    if changes:
        raise ValueError(f"exceptions for types that there aren't: {', '.join(sorted(changes))}")
    header = [
        "# the argument that names a thing of a type, the form of its names, and what else is known of them",
        f"# source: {PACKAGE} {VERSION} (PyPI, Apache-2.0), schema.txt and tools/{EXCEPTIONS.name}",
        f"# provider: {schema.header()['provider']}",
        f"# date: {date}",
        f"# package sha256: {hashlib.sha256(package.read_bytes()).hexdigest()}",
        f"# exceptions sha256: {hashlib.sha256(exceptions.encode()).hexdigest()}",
        "# built by tools/build_name_table.py; tflint_tap/aws/names.py reads it",
    ]
    return "\n".join(header + sorted(lines)) + "\n"


def read_changes(text: str) -> dict[str, dict[str, list[str]]]:
    """The exceptions by type and kind. ValueError where one is given twice or isn't one."""
    changes: dict[str, dict[str, list[str]]] = {}
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        kind, value = row["change"], row["value"]
        is_odd = kind not in ("name", "form", *LISTS) or (kind == "form" and value not in FORMS) or " " in value
        if is_odd or not row["reason"]:
            raise ValueError(f"no exception: {kind} {value}")
        for word in row["types"].split(" "):
            own = changes.setdefault(f"aws_{word}", {})
            if kind in own and kind not in LISTS:
                raise ValueError(f"aws_{word} has two exceptions for its {kind}")
            own.setdefault(kind, []).append(value)
    return changes


def folders(package: Path) -> Iterator[str]:
    """The services that botocore has."""
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            found = re.fullmatch(r"botocore/data/([^/]+)/[\d-]+/service-2\.json(\.gz)?", name)
            if found:
                yield found[1]


def guessed_name(type_: str, block: BlockSchema) -> str | None:
    """The argument that names such things, None where they have none or belong to another."""
    texts = {name for name, item in block.attributes.items() if item.settable and item.type.kind == "string"}
    words = type_.removeprefix("aws_").split("_")
    tails = ["_".join(words[start:]) for start in range(len(words))]
    like = (f"{tail}_{end}" for tail in tails for end in ("name", "identifier"))
    argument = next((name for name in ("name", *like, "identifier") if name in texts), None)
    if argument is None or not block.taggable or any(parents(type_, block, argument)):
        return None
    return argument


def parents(type_: str, block: BlockSchema, own: str) -> Iterator[str]:
    """The required arguments that name a thing of the same service."""
    service = type_.split("_")[1]
    kin = [other for other in schema.resource_types() if other.split("_")[1] == service and other != type_]
    for name, attribute in block.attributes.items():
        if attribute.required and attribute.type.kind == "string" and name != own:
            stem = re.sub(r"_(id|name|identifier|arn)$", "", name)
            if any(other.endswith(f"_{stem}") for other in kin):
                yield name


def check_argument(type_: str, block: BlockSchema, argument: str) -> None:
    attribute = block.attributes.get(argument)
    if attribute is None or not attribute.settable or attribute.type.kind != "string":
        raise ValueError(f"{type_} has no text {argument}")


def guessed_form(package: Path, services: dict[str, str], type_: str, argument: str) -> str:
    """What the pattern says: begins, folded, - where no prefix has room. Folded also where the API isn't found."""
    known = constraint(type_, argument)
    pattern = known.pattern if known is not None else None
    if pattern is None:
        pattern = api_pattern(package, services, type_, argument)
    try:
        allowed = re.compile(translated(pattern)) if pattern is not None else None
    except re.error:  # it has what Python lacks
        allowed = None
    if allowed is None:
        return "folded"
    if allowed.fullmatch(CAPITALS):
        return "begins"
    return "folded" if allowed.fullmatch(LOWER) or allowed.fullmatch(UNDERSCORES) else "-"


def api_pattern(package: Path, services: dict[str, str], type_: str, argument: str) -> str | None:
    """The pattern of the API's member that is the name, one for any text where it has none; None: no such member."""
    words = type_.removeprefix("aws_").split("_")
    starts = ("_".join(words[:count]) for count in range(len(words), 0, -1))
    start = next((start for start in starts if start in FOLDERS or plain(start) in services), None)
    if start is None:
        return None
    model = read_model(package, FOLDERS.get(start) or services[plain(start)])
    shapes, whole = model["shapes"], plain("_".join(words))
    holders = list(inputs(model, plain("_".join(words).removeprefix(start)), whole, words[-1]))
    for name in (argument, f"{words[-1]}name") if argument == "name" else (argument,):
        place = member(shapes, holders, name) or member(shapes, with_inner(shapes, holders), name)
        if place is not None:
            return str(shapes[place[2]].get("pattern", ANYTHING))
    return None


def inputs(model: Model, *nouns: str) -> Iterator[str]:
    """The inputs of the operations that make such a thing."""
    operations = {name.lower(): operation for name, operation in model["operations"].items()}
    for noun in dict.fromkeys(nouns):
        for verb in VERBS:
            operation = operations.get(f"{verb}{noun}") if noun else None
            if operation is not None and "input" in operation:
                yield operation["input"]["shape"]


if __name__ == "__main__":
    sys.exit(main())
