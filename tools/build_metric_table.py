#!/usr/bin/env python3
"""Build tflint_tap/aws/metrics.txt, the table of the metrics that AWS publishes to CloudWatch.

    tools/build_metric_table.py            # download the pinned package with npm and write the table
    tools/build_metric_table.py --check    # say whether the table is what the sources give; exit code 1 if not
    tools/build_metric_table.py --package aws-service-spec.tgz

Sources: the npm package named below, which has the metrics of CloudWatch's console with their sets of dimensions, and
tools/metric_facts.tsv, which says what AWS's documentation adds. The package's list isn't complete, so that what only
it says of dimensions is open. The notation of the table is described in tflint_tap/aws/metrics.py, which reads it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tables import options, run

PACKAGE, VERSION = "@aws-cdk/aws-service-spec", "0.1.216"
ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tflint_tap" / "aws" / "metrics.txt"
FACTS = Path(__file__).resolve().parent / "metric_facts.tsv"
DATABASE = "package/db.json.gz"
LEFT_OUT = ("CWAgent",)  # what the agent publishes is up to its configuration


@dataclass
class Metric:
    """What is known of a metric; empty where nothing is."""

    dimensions: str = ""
    unit: str = ""
    period: str = ""
    range: str = ""


@dataclass
class Namespace:
    metrics: dict[str, Metric] = field(default_factory=dict)
    is_whole: bool = False
    meant: str = ""  # the namespace that a mistaken one stands for


def main() -> int:
    def build(package: Path, date: str) -> str:
        return table(package, FACTS.read_text(encoding="utf-8"), date)

    args = options("Build the table of CloudWatch's metrics.", TABLE).parse_args()
    return run(args, f"{PACKAGE} {VERSION} and {FACTS.name}", download, build)


def download(folder: Path) -> Path:
    """The package's file as the registry has it."""
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.tgz"))


def table(package: Path, facts: str, date: str) -> str:
    """The table's text. ValueError where a line of the facts has too many cells."""
    found: dict[str, Namespace] = {}
    for namespace, name, sets in listed(package):
        if namespace not in LEFT_OUT:
            found.setdefault(namespace, Namespace()).metrics[name] = Metric("|".join(sets) + "?")
    add(facts, found)
    header = [
        "# the metrics that AWS publishes: sets of dimensions, unit, seconds between points, range of a value",
        f"# source: {PACKAGE} {VERSION} (npm, Apache-2.0) and tools/{FACTS.name}, which names its own sources",
        f"# date: {date}",
        f"# package sha256: {hashlib.sha256(package.read_bytes()).hexdigest()}",
        f"# facts sha256: {hashlib.sha256(facts.encode()).hexdigest()}",
        "# built by tools/build_metric_table.py; tflint_tap/aws/metrics.py explains the notation",
    ]
    return "\n".join([*header, *sorted(lines(found), key=str.encode)]) + "\n"


def listed(package: Path) -> Iterator[tuple[str, str, list[str]]]:
    """The metrics of the package: namespace, name, sets of dimensions."""
    with tarfile.open(package) as archive:
        content = archive.extractfile(DATABASE)
        assert content is not None  # a file, not a folder
        schema = json.loads(gzip.decompress(content.read()))["schema"]
    sets = {
        entity["$id"]: ",".join(sorted(dimension["name"] for dimension in entity["dimensions"])) or "-"
        for entity in schema["dimensionSet"]["entities"]
    }
    used = schema["usesDimensionSet"]["forward"]
    by_metric: dict[tuple[str, str], set[str]] = {}
    for entity in schema["metric"]["entities"]:
        known = by_metric.setdefault((entity["namespace"], entity["name"]), set())
        known.update(sets[link["$id"]] for link in used.get(entity["$id"], ()))
    for (namespace, name), names in by_metric.items():
        yield namespace, name, sorted(names)


def add(facts: str, found: dict[str, Namespace]) -> None:
    """Add what the file of facts says, line by line."""
    for line in facts.splitlines():
        if line.startswith("#"):
            continue
        namespace, names, *cells = line.split("\t")
        entry = found.setdefault(namespace, Namespace())
        if names == "!":
            entry.is_whole = True
        elif names == "=":
            entry.meant = cells[0]
        else:
            for name in entry.metrics if names == "*" else names.split(","):
                metric = entry.metrics.setdefault(name, Metric())
                for key, cell in zip(("dimensions", "unit", "period", "range"), cells, strict=False):
                    if cell:
                        setattr(metric, key, ordered(cell) if key == "dimensions" else cell)
            if len(cells) > 4:
                raise ValueError(f"too many cells: {line}")


def ordered(sets: str) -> str:
    """The sets with their names in order."""
    mark = "?" if sets.endswith("?") else ""
    return "|".join(",".join(sorted(names.split(","))) for names in sets.removesuffix("?").split("|") if names) + mark


def lines(found: dict[str, Namespace]) -> Iterator[str]:
    for namespace, entry in found.items():
        yield f"{namespace}\t{f'is {entry.meant}' if entry.meant else 'whole' if entry.is_whole else 'open'}"
        for name, metric in entry.metrics.items():
            cells = (metric.dimensions or "?", metric.unit, metric.period, metric.range)
            yield "\t".join([f"{namespace} {name}", *(cell or "-" for cell in cells)])


if __name__ == "__main__":
    sys.exit(main())
