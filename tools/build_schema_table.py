#!/usr/bin/env python3
"""Build tflint_tap/aws/schema.txt, the table of what the AWS provider accepts.

    tools/build_schema_table.py            # download the pinned package with npm and write the table
    tools/build_schema_table.py --check    # say whether the table is what the sources give; exit code 1 if not
    tools/build_schema_table.py --package provider-aws.tgz

Sources: the npm package named below (its text, never executed) and tools/schema_overlay.tsv. The notation of
the table is described in tflint_tap/aws/schema.py, which reads it.
"""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bindings import Nested, Node, provider_version, schemas
from tables import options, run

PACKAGE, VERSION = "@cdktn/provider-aws", "25.7.0"
ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tflint_tap" / "aws" / "schema.txt"
OVERLAY = Path(__file__).resolve().parent / "schema_overlay.tsv"


def main() -> int:
    def build(package: Path, date: str) -> str:
        return table(package, OVERLAY.read_text(encoding="utf-8"), date)

    args = options("Build the table of the AWS provider's schema.", TABLE).parse_args()
    return run(args, f"{PACKAGE} {VERSION} and {OVERLAY.name}", download, build)


def download(folder: Path) -> Path:
    """The package's file as the registry has it."""
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob("*.tgz"))


def table(package: Path, overlay: str, date: str) -> str:
    """The table's text. ValueError where a line of the overlay names what the bindings don't have."""
    found: dict[str, Node] = {}
    version = ""
    for files in folders(package):
        for type_, node in schemas(files):
            found[type_] = node
            version = version or provider_version("".join(files))
    apply(overlay, found)
    header = [
        "# what each resource, data source and ephemeral resource of the AWS provider accepts",
        f"# source: {PACKAGE} {VERSION} (npm, MPL-2.0) and tools/{OVERLAY.name}",
        f"# provider: hashicorp/aws {version}",
        f"# date: {date}",
        f"# package sha256: {hashlib.sha256(package.read_bytes()).hexdigest()}",
        f"# overlay sha256: {hashlib.sha256(overlay.encode()).hexdigest()}",
        "# built by tools/build_schema_table.py; tflint_tap/aws/schema.py explains the notation",
    ]
    lines = ["\t".join([type_, *bodies(node)]) for type_, node in sorted(found.items())]
    return "\n".join(header + lines) + "\n"


def folders(package: Path) -> Iterator[list[str]]:
    """The JavaScript files of each type's folder, as text."""
    files: dict[str, list[str]] = defaultdict(list)
    with tarfile.open(package) as archive:
        for member in archive:
            parts = member.name.split("/")
            if parts[:2] != ["package", "lib"] or len(parts) < 4 or not member.name.endswith(".js"):
                continue
            content = archive.extractfile(member)
            assert content is not None  # a file, not a folder
            files[parts[2]].append(content.read().decode())
    for folder in sorted(files):
        yield files[folder]


def apply(overlay: str, found: dict[str, Node]) -> None:
    """Add the overlay's facts to the nodes. Lines: fact, type, path, value, reason."""
    for row in csv.DictReader((line for line in overlay.splitlines() if not line.startswith("#")), delimiter="\t"):
        *outer, name = row["path"].split(".")
        node = found[row["type"]]
        for step in outer:
            node = node.blocks[step].node
        fact, value = row["fact"], row["value"]
        if fact in ("min", "max"):
            setattr(node.blocks[name], {"min": "minimum", "max": "maximum"}[fact], int(value))
        elif fact == "sensitive":
            node.attributes[name] = re.sub(r"^([!?~=]\^?)", r"\1*", node.attributes[name])
        elif fact == "type":
            node.attributes[name] = re.sub(r"^([!?~=][*^]*).*", rf"\g<1>{value}", node.attributes[name])
        elif fact == "opaque":
            del node.attributes[name]
            node.blocks[name] = Nested("list", 1, 1, Node(opaque=True))
        elif fact == "deprecated":
            if name and name not in node.attributes and name not in node.blocks:
                raise ValueError(f"{row['type']} has no {row['path']}")
            if ";" in value:
                raise ValueError(f"semicolons separate groups in the table: {value}")
            node.deprecated[name] = value
        else:
            raise ValueError(f"unknown fact {fact}")


def bodies(root: Node) -> list[str]:
    """The line's fields: the type's own content, then the nested blocks', each once, named by its number."""
    nodes: list[Node] = []
    number: dict[int, int] = {}

    def visit(node: Node) -> None:
        if id(node) not in number:
            number[id(node)] = len(nodes)
            nodes.append(node)
            for _, nested in sorted(node.blocks.items()):
                visit(nested.node)

    visit(root)
    while True:  # equal contents become one, innermost first, until nothing changes
        texts = [body(node, number) for node in nodes]
        first = {text: index for index, text in reversed(list(enumerate(texts)))}
        merged = {key: first[texts[index]] for key, index in number.items()}
        if merged == number:
            break
        number = merged
    used = sorted(set(number.values()))
    final = {old: new for new, old in enumerate(used)}
    number = {key: final[index] for key, index in number.items()}
    return [body(nodes[index], number) for index in used]


def body(node: Node, number: dict[int, int]) -> str:
    """A field of the line: groups of names that share a specification."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name, spec in sorted(node.attributes.items()):
        groups[spec].append(name)
    for name, nested in sorted(node.blocks.items()):
        unlimited = nested.mode == "single" or (not nested.minimum and nested.maximum is None)
        limits = "" if unlimited else f"{nested.minimum}-{nested.maximum or ''}"
        groups[nested.mode + limits].append(f"{name}@{number[id(nested.node)]}")
    parts = [f"{spec} {' '.join(names)}" for spec, names in sorted(groups.items())]
    parts += [f"#{name} {message}" for name, message in sorted(node.deprecated.items())]
    return ";".join(["*"] if node.opaque else parts)


if __name__ == "__main__":
    sys.exit(main())
