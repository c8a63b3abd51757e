"""The action for GitHub, its steps run as a runner runs them; the image, as far as that goes without a builder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import SOUND
from tests.stacks import ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
INSTALL, CHECK, UPLOAD, VERDICT = STEPS
_EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")

BASH = shutil.which("bash")
slow = pytest.mark.slow
needs_bash = pytest.mark.skipif(BASH is None, reason="bash is not installed")

UNTRACED = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n}\n'
CHOSEN = "--select tracing/untraced-function --no-config"


class Runner:
    """What a runner of GitHub does with the steps that are scripts, in a folder of its own."""

    def __init__(self, folder: Path, temp: Path) -> None:
        self.workspace = folder / "workspace"
        self.workspace.mkdir(parents=True, exist_ok=True)
        self.temp = temp
        self.files = {name: folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in self.files.values():
            file.touch()
        self.outputs: dict[str, str] = {}

    def run(self, step: Mapping[str, Any], inputs: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        values = {f"inputs.{name}": item.get("default", "") for name, item in ACTION["inputs"].items()}
        values |= {f"inputs.{name}": text for name, text in inputs.items()}
        values |= {f"steps.check.outputs.{name}": text for name, text in self.outputs.items()}

        def resolved(text: str) -> str:
            return _EXPRESSION.sub(lambda match: values[match[1]], text)

        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TAP_LINT", "GITHUB", "PIP"))}
        environment = kept | {
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(self.workspace),
            **{name: str(file) for name, file in self.files.items()},
            # without a network: what is needed is borrowed from the environment that runs the tests
            "PYTHONPATH": sysconfig.get_paths()["purelib"],
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
            **{name: resolved(text) for name, text in step.get("env", {}).items()},
        }
        assert BASH is not None
        done = subprocess.run(
            [BASH, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.workspace / resolved(step.get("working-directory", ".")),
            env=environment, capture_output=True, check=False, encoding="utf-8",
        )  # fmt: skip
        lines = self.files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        self.outputs = dict(line.split("=", 1) for line in lines)
        return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's folder for temporary files, with tap-lint installed by the action."""
    folder = tmp_path_factory.mktemp("action")
    done = Runner(folder, folder).run(INSTALL, {"python": sys.executable})
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def runner(installed: Path, tmp_path: Path) -> Runner:
    return Runner(tmp_path, installed)


def check(runner: Runner, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The step that checks; its arguments are those of the action, and each has to succeed by itself."""
    given = {"args": CHOSEN} | {name.replace("_", "-"): text for name, text in inputs.items()}
    return runner.run(CHECK, given)


def verdict(runner: Runner) -> int:
    return runner.run(VERDICT, {}).returncode


@slow
@needs_bash
def test_findings_are_written_as_sarif_and_fail_the_job_after_the_upload(runner: Runner) -> None:
    (runner.workspace / "main.tf").write_text(UNTRACED)
    done = check(runner)
    assert done.returncode == 0, done.stderr  # the upload comes before the verdict
    assert runner.outputs["exit-code"] == "1"
    log = json.loads(Path(runner.outputs["sarif-file"]).read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["tracing/untraced-function"]
    assert "tracing/untraced-function" in runner.files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    assert "::" not in done.stdout  # what is uploaded isn't annotated besides
    assert verdict(runner) == 1


@slow
@needs_bash
def test_a_sound_stack_passes(runner: Runner) -> None:
    (runner.workspace / "main.tf").write_text(SOUND)
    assert check(runner).returncode == 0
    assert json.loads(Path(runner.outputs["sarif-file"]).read_text(encoding="utf-8"))["runs"][0]["results"] == []
    assert verdict(runner) == 0


@slow
@needs_bash
def test_without_an_upload_findings_are_annotations(runner: Runner) -> None:
    (runner.workspace / "main.tf").write_text(UNTRACED)
    assert re.search(r"^::error .*file=main\.tf", check(runner, upload_sarif="false").stdout, re.MULTILINE)


@slow
@needs_bash
def test_a_run_that_fails_uploads_nothing(runner: Runner) -> None:
    assert check(runner, paths="missing").returncode == 0
    assert (runner.outputs["exit-code"], runner.outputs["sarif-file"]) == ("2", "")
    assert verdict(runner) == 2


@slow
@needs_bash
@pytest.mark.parametrize(("fail_on", "code"), [("", "1"), ("warning", "1"), ("never", "0"), ("sometimes", "2")])
def test_what_fails_the_job_can_be_said(fail_on: str, code: str, runner: Runner) -> None:
    (runner.workspace / "main.tf").write_text(UNTRACED)
    check(runner, fail_on=fail_on)
    assert runner.outputs["exit-code"] == code


@slow
@needs_bash
def test_nothing_in_the_inputs_is_executed(runner: Runner) -> None:
    for name in ("a b; touch stolen", "$(touch stolen)", "-q", "`touch stolen`"):
        (runner.workspace / name).mkdir()
        (runner.workspace / name / "main.tf").write_text(UNTRACED)
    paths = "a b; touch stolen\n\n$(touch stolen)\n-q\n`touch stolen`\n"
    args = f"{CHOSEN} --exclude '; touch stolen' --exclude \"$(touch stolen)/x\" --exclude `touch` --statistics"
    done = check(runner, paths=paths, args=args, category="$(touch stolen); x")
    assert runner.outputs["exit-code"] == "1", done.stderr
    (run,) = json.loads(Path(runner.outputs["sarif-file"]).read_text(encoding="utf-8"))["runs"]
    assert len(run["results"]) == 4
    assert run["automationDetails"]["id"].startswith("$(touch stolen); x/")
    assert not any(path.name == "stolen" for path in runner.workspace.rglob("*"))
    assert not any(path.name == "stolen" for path in Path.cwd().iterdir())


@slow
@needs_bash
def test_args_are_split_as_a_shell_does_it(runner: Runner) -> None:
    (runner.workspace / "main.tf").write_text('variable "mode" {}\n' + UNTRACED)
    check(runner, args=f"{CHOSEN} --var 'mode=a b'\n--strict")
    assert runner.outputs["exit-code"] == "1"
    done = check(runner, args="--var 'mode=a")
    assert done.returncode == 2
    assert "::error::args: a quotation is not closed" in done.stdout


@slow
@needs_bash
def test_paths_start_from_the_working_directory_and_results_from_the_repository(runner: Runner) -> None:
    (runner.workspace / ".git").mkdir()
    (runner.workspace / "infra").mkdir()
    (runner.workspace / "infra" / "main.tf").write_text(UNTRACED)
    check(runner, working_directory="infra", paths="main.tf")
    (run,) = json.loads(Path(runner.outputs["sarif-file"]).read_text(encoding="utf-8"))["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "infra/main.tf"


@slow
@needs_bash
def test_a_python_that_is_too_old_is_named(runner: Runner, tmp_path: Path) -> None:
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = runner.run(INSTALL, {"python": str(old)})
    assert (done.returncode, done.stdout.startswith("::error::tap-lint needs Python 3.10 or later")) == (2, True)


def test_no_script_holds_an_expression() -> None:
    assert [step["name"] for step in STEPS if "run" in step] == ["Install tap-lint", "Check", "Verdict"]
    for step in STEPS:
        assert "${{" not in step.get("run", ""), step["name"]
        assert ("run" in step) == (step.get("shell") == "bash")


def test_every_input_is_described_and_used() -> None:
    steps = json.dumps(STEPS)
    for name, item in ACTION["inputs"].items():
        assert item["description"], name
        assert f"inputs.{name}" in steps, name
    used = set(re.findall(r"inputs\.([\w-]+)", steps))
    assert used == ACTION["inputs"].keys()


def test_the_upload_is_the_one_that_ci_uses() -> None:
    ci = ROOT / ".github" / "workflows" / "ci.yml"
    if not ci.exists():
        pytest.skip("the workflows of the repository aren't here")
    assert UPLOAD["uses"] in ci.read_text(encoding="utf-8")
    assert UPLOAD["if"] == "inputs.upload-sarif == 'true' && steps.check.outputs.sarif-file != ''"


# The image


def instructions() -> list[tuple[str, list[str]]]:
    """The instructions of the Dockerfile with their words, in which continued lines are one."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], line.split()[1:]) for line in lines]


def test_the_image_is_made_in_stages_and_runs_as_nobody() -> None:
    found = instructions()
    assert {word for word, _ in found} <= {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD"}
    starts = [number for number, (word, _) in enumerate(found) if word == "FROM"]
    assert [found[number][1] for number in starts] == [["python:3.13-slim", "AS", "build"], ["python:3.13-slim"]]
    last = found[starts[-1] :]
    (user,) = (words for word, words in last if word == "USER")
    assert user not in (["root"], ["0"])
    for word, words in last:
        if word in ("ENTRYPOINT", "CMD"):
            assert isinstance(json.loads(" ".join(words)), list)  # not a shell's
        if word == "COPY":
            assert words[0] == "--from=build"
        assert word != "RUN" or "pip" not in words


@slow
def test_what_the_image_is_made_from_is_there_and_makes_a_wheel(tmp_path: Path) -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for word, words in instructions():
        if word != "COPY" or words[0].startswith("--from"):
            continue
        for name in words[:-1]:
            assert f"!{name}" in ignored, name
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, tmp_path / name)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "out")]
    done = subprocess.run([*build, str(tmp_path)], capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").glob("*.whl"))) == 1
