"""Where reports go: --format and --output, files that are written whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.commands import BROKEN, SOUND, invoke, run
from tflint_tap.cli.outputs import NAMES, Output, outputs_of
from tflint_tap.cli.writing import write
from tflint_tap.report import FORMATS

SUMMARY = "1 error, 0 warnings, 0 notes, 0 doubts; 1 file checked by 2 rules\n"
SELECT = ("--select", "syntax")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "broken.tf").write_text(BROKEN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(capsys: pytest.CaptureFixture[str], format_: str | None, *given: str) -> str:
    with pytest.raises(SystemExit) as refused:
        outputs_of(format_, given)
    assert refused.value.code == 2
    return capsys.readouterr().err


def test_the_formats_of_the_command_are_those_that_there_are() -> None:
    assert tuple(FORMATS) == NAMES


@pytest.mark.parametrize(
    ("format_", "given", "outputs"),
    [
        (None, [], [("text", None)]),
        ("json", [], [("json", None)]),
        ("json", ["x"], [("json", "x")]),
        (None, ["x.txt"], [("text", "x.txt")]),
        (None, ["x.sarif"], [("sarif", "x.sarif")]),
        (None, ["X.SARIF.json"], [("sarif", "X.SARIF.json")]),
        (None, ["x.json"], [("json", "x.json")]),
        (None, ["x.md"], [("markdown", "x.md")]),
        ("text", ["x.json"], [("text", "x.json")]),
        (None, ["sarif=x", "junit=y"], [("sarif", "x"), ("junit", "y"), ("text", None)]),
        ("github", ["sarif=x"], [("sarif", "x"), ("github", None)]),
        ("text", ["sarif=x", "y"], [("sarif", "x"), ("text", "y")]),
        (None, ["sarif=x", "json=-"], [("sarif", "x"), ("json", None)]),
        ("json", ["-"], [("json", None)]),
        (None, ["./a=b"], [("text", "./a=b")]),
        (None, ["sarif=a=b"], [("sarif", "a=b"), ("text", None)]),
    ],
)
def test_what_is_written_and_what_is_printed(
    format_: str | None, given: list[str], outputs: list[Output], folder: Path
) -> None:
    assert list(outputs_of(format_, tuple(given))) == outputs


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["srif=x"], "--output srif=x: there is no format srif; did you mean sarif?; a file of this name is ./srif=x"),
        (["x.xml"], "--output x.xml: write junit=x.xml or checkstyle=x.xml"),
        (["sarif=x", "json=x"], "--output x: two reports can't go to one file"),
        (["sarif="], "--output names no file"),
        (["missing/x"], "missing/x: there is no folder missing"),
        (["json=inner"], "inner: is a folder, not a file"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    given: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "inner").mkdir()
    assert refusal(capsys, None, *given) == f"tap-lint: {message}\n"


def test_two_reports_cannot_both_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--format json is to be printed already" in refusal(capsys, "json", "sarif=-")


def test_a_file_that_cannot_be_written_is_told_before_anything_is_judged(folder: Path) -> None:
    done = invoke("missing.tf", "-o", "junit=missing/x.xml", cwd=folder)
    assert (done.returncode, done.stderr) == (2, "tap-lint: missing/x.xml: there is no folder missing\n")


def test_several_reports_are_written_beside_the_text(folder: Path) -> None:
    done = invoke("broken.tf", *SELECT, *(f"--output={name}=report.{name}" for name in NAMES), cwd=folder)
    assert done.returncode == 1
    assert done.stdout.endswith(SUMMARY)
    assert (folder / "report.text").read_text().endswith(SUMMARY)
    assert json.loads((folder / "report.json").read_text())["summary"]["errors"] == 1
    assert len(json.loads((folder / "report.sarif").read_text())["runs"][0]["results"]) == 1
    assert ET.parse(folder / "report.junit").getroot().get("failures") == "1"
    assert ET.parse(folder / "report.checkstyle").getroot()[0].get("name") == "broken.tf"
    assert (folder / "report.github").read_text().startswith("::error file=broken.tf,line=2,")
    assert json.loads((folder / "report.gitlab").read_text())[0]["check_name"] == "syntax/invalid"
    assert (folder / "report.markdown").read_text().startswith("### tap-lint: 1 finding\n")


def test_one_report_in_place_of_the_text(folder: Path) -> None:
    done = invoke("broken.tf", *SELECT, "-f", "json", "-o", "report", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert json.loads((folder / "report").read_text())["summary"]["errors"] == 1


def test_the_category_of_sarif_can_be_set(folder: Path) -> None:
    done = invoke("broken.tf", *SELECT, "-f", "sarif", "--sarif-category", "prod", cwd=folder)
    assert json.loads(done.stdout)["runs"][0]["automationDetails"] == {"id": "prod/"}


@pytest.mark.parametrize("format_", ["sarif", "junit", "github", "gitlab", "checkstyle", "markdown"])
def test_others_get_paths_from_the_repository_not_from_the_folder_at_hand(folder: Path, format_: str) -> None:
    (folder / ".git").mkdir()
    (folder / "inner").mkdir()
    (folder / "inner" / "broken.tf").write_text(BROKEN)
    (folder / "inner" / "link.tf").symlink_to("../broken.tf")
    done = invoke("broken.tf", *SELECT, "-f", format_, cwd=folder / "inner")
    assert "inner/broken.tf" in done.stdout
    assert "link.tf" not in invoke("link.tf", *SELECT, "-f", format_, cwd=folder / "inner").stdout


def test_a_junit_report_fails_what_fails_the_run(folder: Path) -> None:
    (folder / "noted.tf").write_text('output "x" {\n  value = 1\n}\n')
    arguments = ("noted.tf", "--select", "outputs/undescribed", "-f", "junit")
    assert '<testsuites name="tap-lint" tests="2" failures="0"' in invoke(*arguments, cwd=folder).stdout
    done = invoke(*arguments, "--fail-on", "note", cwd=folder)
    assert done.returncode == 1
    assert '<testsuites name="tap-lint" tests="2" failures="1"' in done.stdout


def test_where_the_text_is_not_printed_failures_are_told_on_standard_error(folder: Path) -> None:
    (folder / "loop.tf").symlink_to("loop.tf")
    done = invoke("loop.tf", "-f", "junit", cwd=folder)
    assert done.returncode == 2
    assert ET.fromstring(done.stdout).get("errors") == "1"
    assert done.stderr.startswith("tap-lint: loop.tf: ")
    done = invoke("loop.tf", "-o", "junit=report.xml", cwd=folder)
    assert done.stderr == ""
    assert "failure: loop.tf: " in done.stdout
    assert ET.parse(folder / "report.xml").getroot().get("errors") == "1"


# Whole or not at all


def test_a_file_is_replaced_whole_and_keeps_its_mode(folder: Path) -> None:
    path = folder / "report"
    path.write_text("old" * 1000)
    path.chmod(0o640)
    with path.open() as before:
        write(str(path), "𝛑\n")
        assert before.read() == "old" * 1000  # who reads it has the old one to its end
    assert path.read_bytes() == "𝛑\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(os.listdir(folder)) == ["broken.tf", "report"]


def test_a_new_file_has_the_mode_that_others_have(folder: Path) -> None:
    before = os.umask(0o027)
    try:
        write("report", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "report").stat().st_mode) == 0o640


def test_a_file_that_cannot_be_put_in_place_leaves_the_old_one_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "report").write_text("old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(SystemExit):
        write("report", "new")
    assert capsys.readouterr().err == "tap-lint: report: no space left on device\n"
    assert (folder / "report").read_text() == "old"
    assert sorted(os.listdir(folder)) == ["broken.tf", "report"]


def test_a_link_stays_a_link(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "report").symlink_to("inner/real")
    write("report", "x")
    assert (folder / "report").is_symlink()
    assert (folder / "inner" / "real").read_text() == "x"


def test_a_name_that_is_not_utf8_in_a_report_can_be_written(folder: Path) -> None:
    write("report", "a\udcffb")
    assert (folder / "report").read_text() == "a\\udcffb"


@pytest.mark.slow
def test_what_is_no_file_is_written_to(folder: Path) -> None:
    done = run("broken.tf", *SELECT, "-o", "json=/dev/stderr", cwd=folder)
    assert done.returncode == 1
    assert json.loads(done.stderr)["summary"]["errors"] == 1
    assert run("broken.tf", *SELECT, "-o", "/dev/null", cwd=folder).stdout == ""


@pytest.mark.slow
def test_reports_are_the_same_each_time(folder: Path) -> None:
    (folder / "sound.tf").write_text(SOUND)
    outputs = [f"--output={name}=report.{name}" for name in NAMES]
    told = []
    for seed in ("1", "2"):
        run(".", *outputs, cwd=folder, PYTHONHASHSEED=seed)
        told.append({name: (folder / f"report.{name}").read_bytes() for name in NAMES})
    assert told[0] == told[1]
