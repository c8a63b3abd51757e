"""Terraform as an oracle: what `terraform console` prints for expressions, and the same print of our values."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from tflint_tap.terraform.evaluation.conversion import number_text, quoted
from tflint_tap.terraform.evaluation.values import ListValue, MapValue, Symbol, Unknown, Value

EXPRESSIONS = Path(__file__).parent / "expressions"
BATCH = 40
ERROR = "<error>"
OPEN = "(known after apply)"


def read_expressions(path: Path) -> list[str]:
    """The expressions of a file, one a line; lines that begin with # are comments."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]


def read_differences() -> Mapping[str, str]:
    """Expressions whose result is known to differ from Terraform's, and why; the reason stands above them."""
    reasons: dict[str, str] = {}
    reason = ""
    for line in (EXPRESSIONS / "differences.txt").read_text(encoding="utf-8").split("\n"):
        if line.startswith("#"):
            reason = line.lstrip("# ")
        elif line:
            reasons[line] = reason
    return reasons


def answers(expressions: Sequence[str], folder: Path) -> dict[str, str]:
    """What Terraform prints for each expression, evaluated in the folder; ERROR where it refuses."""
    found: dict[str, str] = {}
    for start in range(0, len(expressions), BATCH):
        found.update(_ask(expressions[start : start + BATCH], folder))
    return found


def _ask(batch: Sequence[str], folder: Path) -> dict[str, str]:
    """The answers to some expressions; what Terraform can't even read spoils all, and so is looked for by halves."""
    line = ", ".join(f'try([{expression}], "{ERROR}")' for expression in batch)
    output = _terraform(["console", "-no-color"], f"[{line}]\n".encode(), folder)
    if output is None and len(batch) == 1:
        return {batch[0]: ERROR}
    if output is None:
        half = len(batch) // 2
        return {**_ask(batch[:half], folder), **_ask(batch[half:], folder)}
    entries = _entries(output.decode())
    assert len(entries) == len(batch), f"terraform answered {len(entries)} of {len(batch)} expressions"
    return dict(zip(batch, entries, strict=True))


def initialise(folder: Path) -> None:
    """Make the functions of Terraform's built-in provider known in the folder; needs no network."""
    assert _terraform(["init"], b"", folder) is not None


def _terraform(arguments: list[str], given: bytes, folder: Path) -> bytes | None:
    """What it prints, None where it fails."""
    run = _run(arguments, given, folder)
    return run.stdout if run.returncode == 0 else None


def _run(arguments: list[str], given: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on the PATH")
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    return subprocess.run(
        ["terraform", *arguments], input=given, capture_output=True, cwd=folder, env=environment, check=False
    )


def _entries(output: str) -> list[str]:
    """The elements of the printed tuple: those of a tuple of one without their brackets, nulls without their type."""
    entries: list[str] = []
    element: list[str] = []
    for line in output.split("\n")[1:]:
        if line == "  [":
            element = []
        elif line == "  ],":
            entries.append("\n".join(element))
        elif line == "  []," or line.startswith(f'  "{ERROR}"'):
            entries.append(ERROR)
        elif line.startswith(f"  {OPEN}"):
            entries.append(OPEN)
        elif line == "]":
            break
        else:
            element.append(line)
    return [
        re.sub(r"\b(?:to(?:string|number|bool|list|set|map)\(null\)|null)(?: /\* .*? \*/)?", "null", entry)
        for entry in entries
    ]


def printed(value: Value) -> str:
    """Our value as Terraform would print it in the place of `_entries`."""
    if isinstance(value.data, (Unknown, Symbol)):
        return OPEN
    text = _print(value, 4)
    return ERROR if ERROR in text else OPEN if OPEN in text else f"    {text},"


def _print(value: Value, indent: int) -> str:
    data = value.data
    pad = " " * (indent + 2)
    if value.sensitive:
        return "(sensitive value)"
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, (int, Fraction)):
        return number_text(data)
    if isinstance(data, str):
        return _print_string(data, indent)
    if isinstance(data, ListValue) and data.doubt is None:
        items = "".join(f"{pad}{_print(item, indent + 2)},\n" for item in data.items)
        return _wrapped(data.kind, f"[\n{items}{' ' * indent}]" if items else "[]")
    if isinstance(data, MapValue) and data.doubt is None:
        pairs = "".join(
            f"{pad}{_print_string(key, indent + 2)} = {_print(data.items[key], indent + 2)}\n"
            for key in sorted(data.items)
        )
        return _wrapped(data.kind, f"{{\n{pairs}{' ' * indent}}}" if pairs else "{}")
    return ERROR if type(data).__name__ == "ErrorValue" else OPEN


def _wrapped(kind: str, text: str) -> str:
    return text if kind in ("tuple", "object") else f"to{kind}({text})"


def _print_string(text: str, indent: int) -> str:
    lines = text.split("\n")
    if len(lines) < 2:
        return quoted(text)
    mark = "EOT"
    while any(line.strip() == mark for line in lines):
        mark += "_"
    pad = " " * indent
    return f"<<-{mark}\n" + "".join(f"{pad}{line}\n" for line in lines) + pad + mark


def variable(type_: str, default: str, folder: Path) -> str:
    """What Terraform prints for a variable of that type with that default; ERROR where it refuses."""
    (folder / "main.tf").write_text(f'variable "a" {{\n  type    = {type_}\n  default = {default}\n}}\n')
    output = _terraform(["console", "-no-color"], b"[[var.a]]\n", folder)
    return ERROR if output is None else _entries(output.decode())[0]


def messages(folder: Path) -> str:
    """What Terraform says against the variable that variable() put in the folder, on one line."""
    return " ".join(_run(["console", "-no-color"], b"[[var.a]]\n", folder).stderr.decode().split())
