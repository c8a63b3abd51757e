"""What `terraform fmt` says of files."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

TERRAFORM = shutil.which("terraform")
_PLACE = re.compile(r"^  on (\d+)\.tf line (\d+)", re.MULTILINE)


def formatted_by_terraform(texts: Sequence[str]) -> list[str]:
    """Each text as terraform writes it; as it is where terraform refuses it."""
    assert TERRAFORM is not None
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            Path(folder, f"{number}.tf").write_bytes(text.encode("utf-8"))
        command = [TERRAFORM, "fmt", "-no-color", "-list=false", folder]
        subprocess.run(command, capture_output=True, check=False, cwd=folder)
        return [Path(folder, f"{number}.tf").read_bytes().decode("utf-8") for number in range(len(texts))]


def first_errors(texts: Sequence[str]) -> list[int | None]:
    """For each text the line of terraform's first error, None where it accepts the text."""
    assert TERRAFORM is not None
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            Path(folder, f"{number}.tf").write_bytes(text.encode("utf-8", "surrogatepass"))
        run = subprocess.run(
            [TERRAFORM, "fmt", "-no-color", "-list=false", "-write=false", folder],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            cwd=folder,
        )
    found: list[int | None] = [None] * len(texts)
    for number, line in _PLACE.findall(run.stderr):
        if found[int(number)] is None:
            found[int(number)] = int(line)
    return found
