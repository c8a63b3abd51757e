#!/usr/bin/env python3
"""Build tflint_tap/aws/managed_policies.txt: the policies that AWS manages.

    tools/build_managed_policy_table.py            # download the pinned packages with pip and write the table
    tools/build_managed_policy_table.py --check    # say whether the table is what the sources give; exit code 1 if not
    tools/build_managed_policy_table.py --package moto.whl --names iam_floyd.whl

Sources: the PyPI packages named below (their text, never executed). moto has the documents, iam-floyd some newer
names. Documents of service-linked roles, which no stack attaches, are left out, and those longer than a customer's own
policy can be, except the few in LONG: of these the table tells the access levels alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tables import from_index, options, run

from tflint_tap.aws.actions import LEVELS, service, services
from tflint_tap.iam.wildcards import covers_action

PACKAGE, VERSION = "moto", "5.2.5"
NAMES, NAMES_VERSION = "iam-floyd", "0.851.0"
ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tflint_tap" / "aws" / "managed_policies.txt"
LONGEST = 6144  # characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONG = (
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
    "service-role/AWS_ConfigRole",
)
_NAME = re.compile(r"^    [A-Z0-9_]+ = '([^']+)'", re.MULTILINE)
_LINKED = "aws-service-role/"


def main() -> int:
    parser = options("Build the table of the policies that AWS manages.", TABLE)
    parser.add_argument("--names", type=Path, help="the file of the package with names, instead of a download")
    args = parser.parse_args()

    def build(package: Path, date: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            return table(package, args.names or from_index(f"{NAMES}=={NAMES_VERSION}", Path(folder)), date)

    return run(
        args,
        f"{PACKAGE} {VERSION} and {NAMES} {NAMES_VERSION}",
        lambda folder: from_index(f"{PACKAGE}=={VERSION}", folder),
        build,
    )


def table(package: Path, names: Path, date: str) -> str:
    """The table's text."""
    policies = dict(documents(package))
    with zipfile.ZipFile(names) as archive:
        newer = set(_NAME.findall(archive.read("iam_floyd/_aws_managed_policies.py").decode())) - policies.keys()
    newest = max(policy["UpdateDate"] for policy in policies.values())
    header = [
        "# the policies that AWS manages: path and name, version, date of the version, access levels, document",
        f"# source: {PACKAGE} {VERSION} (PyPI, Apache-2.0), which reads them from the API of IAM",
        f"# source of names without a version: {NAMES} {NAMES_VERSION} (PyPI, Apache-2.0)",
        f"# as of: {newest[:10]}",
        f"# date: {date}",
        f"# package sha256: {hashlib.sha256(package.read_bytes()).hexdigest()}",
        f"# names sha256: {hashlib.sha256(names.read_bytes()).hexdigest()}",
        "# built by tools/build_managed_policy_table.py; tflint_tap/aws/managed_policies.py reads it",
    ]
    lines = [*(line(name, policy) for name, policy in policies.items()), *(f"{name}\t-\t-\t-\t-" for name in newer)]
    return "\n".join(header + sorted(lines)) + "\n"


def documents(package: Path) -> Iterator[tuple[str, Any]]:
    """The policies by path and name, as moto keeps them: a JSON text in a module."""
    with zipfile.ZipFile(package) as archive:
        text = archive.read("moto/iam/aws_managed_policies.py").decode()
    for name, policy in json.loads(text[text.index("{") : text.rindex("}") + 1]).items():
        yield (policy["Path"] + name)[1:], policy


def line(name: str, policy: Any) -> str:
    document = json.dumps(policy["Document"], separators=(",", ":"))
    is_kept = not name.startswith(_LINKED) and (len(document) <= LONGEST or name in LONG)
    levels = (
        "-" if name.startswith(_LINKED) else ",".join(level for level in LEVELS if level in allowed(policy["Document"]))
    )
    return "\t".join(
        [name, policy["DefaultVersionId"], policy["UpdateDate"][:10], levels, document if is_kept else "-"]
    )


def allowed(document: Any) -> set[str]:
    """The access levels of all that a document allows."""
    statements = document["Statement"]
    found: set[str] = set()
    for statement in [statements] if isinstance(statements, dict) else statements:
        if statement["Effect"] == "Allow":
            patterns = statement.get("Action", "*")  # NotAction leaves some of every level
            for pattern in [patterns] if isinstance(patterns, str) else patterns:
                found.update(levels_of(pattern))
    return found


def levels_of(pattern: str) -> Iterator[str]:
    """The access levels of the actions that a pattern covers."""
    if pattern == "*":
        yield from LEVELS
        return
    prefix, _, rest = pattern.partition(":")
    for name in services() if "*" in prefix else (prefix.lower(),):
        known = service(name)
        if known is None:
            continue
        names = (
            [rest]
            if "*" not in rest and "?" not in rest
            else [one for one in known.actions() if covers_action(rest, one)]
        )
        for action in map(known.action, names):
            if action is not None:
                yield from action.levels


if __name__ == "__main__":
    sys.exit(main())
