"""SARIF logs of all kinds, as the standard's schema and Microsoft's validator, with GitHub's rules, judge them."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest

from tests.report.reports import clean, of_every_rule, of_odd_texts, of_very_many, rendered
from tests.stacks import EXHAUSTIVE, ROOT
from tflint_tap.lint import Report

SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif-schema-2.1.0.json").read_text("utf-8"))
VERSION = "5.7.0"
PACKAGES = tuple(f"@microsoft/{name}@{VERSION}" for name in ("sarif-multitool", "sarif-multitool-linux"))
NOWHERE = "http://127.0.0.1:9"  # a proxy that isn't there: one of its rules asks for every link, and waits long
LARGEST = 100_000  # kB: the validator passes over files of more than 10,000 unless told otherwise


@pytest.mark.parametrize("report", [clean, of_every_rule, of_odd_texts], ids=lambda report: report.__name__)
def test_a_log_is_valid_by_the_standards_schema(report: Callable[[], Report]) -> None:
    log = json.loads(rendered("sarif", report()))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(log)


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The validator's program, installed from the npm registry."""
    npm = shutil.which("npm")
    if npm is None or platform.system() != "Linux" or platform.machine() != "x86_64":
        pytest.skip("Microsoft's SARIF validator needs npm, on Linux on x86-64")
    folder = tmp_path_factory.mktemp("validator")
    command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=folder)
    except subprocess.TimeoutExpired:
        pytest.skip("Microsoft's SARIF validator can't be installed: npm gives no answer")
    program = folder / "node_modules" / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
    if done.returncode != 0 or not program.is_file():
        pytest.skip(f"Microsoft's SARIF validator can't be installed: {done.stderr.strip().splitlines()[-1:]}")
    program.chmod(0o755)
    return program


def judged_by(program: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The errors and warnings of the validator for the logs in a folder."""
    return subprocess.run(
        [str(program), "validate", *sorted(map(str, folder.glob("*.sarif"))), "--rule-kind", "Sarif;Ghas",
         "--max-file-size-in-kb", str(LARGEST)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "reports",
    [(clean, of_every_rule, of_odd_texts), *([(of_very_many,)] if EXHAUSTIVE else [])],
    ids=["of_all_kinds", "of_very_many"][: 1 + EXHAUSTIVE],
)
def test_the_validator_has_neither_errors_nor_warnings(
    validator: Path, reports: tuple[Callable[[], Report], ...], tmp_path: Path
) -> None:
    for report in reports:
        (tmp_path / f"{report.__name__}.sarif").write_text(rendered("sarif", report()), encoding="utf-8")
    done = judged_by(validator, tmp_path)
    assert [line for line in done.stdout.splitlines() if re.search(r": (error|warning) ", line)] == []
    assert f"Done. {len(reports)} files scanned." in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_validator_does_find_what_is_wrong(validator: Path, tmp_path: Path) -> None:
    log = json.loads(rendered("sarif", clean()))
    del log["runs"][0]["tool"]["driver"]["informationUri"]
    (tmp_path / "wrong.sarif").write_text(json.dumps(log), encoding="utf-8")
    assert "warning SARIF2005" in judged_by(validator, tmp_path).stdout
