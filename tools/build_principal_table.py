#!/usr/bin/env python3
"""Build tflint_tap/aws/principals.txt: the services that policies can name as principals.

    tools/build_principal_table.py            # download the pinned package with pip and write the table
    tools/build_principal_table.py --check    # say whether the table is what the sources give; exit code 1 if not
    tools/build_principal_table.py --package iam_floyd.whl

Sources: the PyPI package named below (its text, never executed) and tools/principal_overlay.tsv.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tables import from_index, options, run

PACKAGE, VERSION = "iam-floyd", "0.851.0"
ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tflint_tap" / "aws" / "principals.txt"
OVERLAY = Path(__file__).resolve().parent / "principal_overlay.tsv"
_MODULE = "iam_floyd/_aws_service_principals.py"
_ENTRY = re.compile(r"^    [A-Z0-9_]+ = '([^']+)'", re.MULTILINE)


def main() -> int:
    def build(package: Path, date: str) -> str:
        return table(package, OVERLAY.read_text(encoding="utf-8"), date)

    def download(folder: Path) -> Path:
        return from_index(f"{PACKAGE}=={VERSION}", folder)

    args = options("Build the table of service principals.", TABLE).parse_args()
    return run(args, f"{PACKAGE} {VERSION} and {OVERLAY.name}", download, build)


def table(package: Path, overlay: str, date: str) -> str:
    """The table's text. ValueError where the overlay adds what the package has."""
    with zipfile.ZipFile(package) as archive:
        lines = dict.fromkeys(_ENTRY.findall(archive.read(_MODULE).decode()), "-")
    for name, source in additions(overlay):
        if name in lines:
            raise ValueError(f"the package has {name} itself")
        lines[name] = source
    header = [
        "# service principals: the names that a policy's Principal element can have for a service",
        f"# source: {PACKAGE} {VERSION} (PyPI, Apache-2.0) and tools/{OVERLAY.name}, whose lines name their page",
        f"# date: {date}",
        f"# package sha256: {hashlib.sha256(package.read_bytes()).hexdigest()}",
        f"# overlay sha256: {hashlib.sha256(overlay.encode()).hexdigest()}",
        "# built by tools/build_principal_table.py; tflint_tap/aws/principals.py reads it",
    ]
    return "\n".join(header + sorted(f"{name}\t{source}" for name, source in lines.items())) + "\n"


def additions(overlay: str) -> Iterator[tuple[str, str]]:
    lines = (line for line in overlay.splitlines() if not line.startswith("#"))
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        yield row["principal"], row["source"]


if __name__ == "__main__":
    sys.exit(main())
