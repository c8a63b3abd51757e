#!/usr/bin/env python3
"""Build tflint_tap/aws/sdk_services.tsv: with which prefix the actions of IAM begin that a service's API calls need.

    tools/build_sdk_service_table.py            # download the pinned botocore with pip and write the table
    tools/build_sdk_service_table.py --check    # say whether the table is what the sources give; exit code 1 if not

State machines name a service as the SDKs do (`aws-sdk:cloudwatchlogs:putLogEvents`). The prefix is the one of those
that a service model names of which the catalogue of actions has most of the model's operations, at least three in ten.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from build_constraint_table import PACKAGE, ROOT, VERSION, read_model
from tables import from_index, options, run

from tflint_tap.aws import actions

TABLE = ROOT / "tflint_tap" / "aws" / "sdk_services.tsv"
SHARE = 0.3  # of a model's operations that are actions: of S3, which names many otherwise, 47 %


def services(package: Path) -> Iterator[tuple[str, str]]:
    """Each service's name in state machines, and the prefix of its actions."""
    with zipfile.ZipFile(package) as archive:
        found = {match[1] for name in archive.namelist() if (match := re.match(r"botocore/data/([\w-]+)/\d", name))}
    for folder in sorted(found):
        try:
            model = read_model(package, folder)
        except ValueError:  # a folder without a service model
            continue
        prefix = prefix_of(folder, model)
        if prefix is not None:
            yield re.sub(r"[^a-z0-9]", "", model["metadata"]["serviceId"].lower()), prefix


def prefix_of(folder: str, model: dict[str, Any]) -> str | None:
    metadata, operations = model["metadata"], model["operations"]
    named = [metadata.get("signingName"), metadata.get("endpointPrefix"), folder, metadata["serviceId"].lower()]
    candidates = dict.fromkeys(name for name in named if name and actions.service(name) is not None)
    shares = {name: sum(_has(name, operation) for operation in operations) / len(operations) for name in candidates}
    best = max(shares, key=lambda name: shares[name], default=None)
    return best if best is not None and shares[best] >= SHARE else None


def _has(prefix: str, operation: str) -> bool:
    service = actions.service(prefix)
    return service is not None and service.action(operation) is not None


def build(package: Path, date: str) -> str:
    lines = [
        "# services by the name that state machines call them with, and the prefix of their actions in IAM",
        f"# source: the service models of {PACKAGE} {VERSION} (Apache License 2.0), compared with actions.txt",
        f"# date: {date}",
        "# tools/build_sdk_service_table.py writes it",
        "# columns: service, prefix",
        *sorted(f"{name}\t{prefix}" for name, prefix in dict(services(package)).items()),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    args = options(__doc__ or "", TABLE).parse_args()
    return run(args, f"{PACKAGE} {VERSION}", lambda folder: from_index(f"{PACKAGE}=={VERSION}", folder), build)


if __name__ == "__main__":
    sys.exit(main())
