"""A wheel installed into an empty environment does what the checkout does, from another folder."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.stacks import ROOT
from tools import prepare

from .test_damage import damaged, damages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; what it depends on is borrowed from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    place = next((folder / "venv").rglob("site-packages"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(place)]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    (place / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"])
    return folder / "venv"


def run(environment: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return python(environment, "-m", "tflint_tap", *arguments, cwd=cwd)


def python(environment: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    places = (environment / "bin" / "python", environment / "Scripts" / "python.exe")
    command = [str(next(path for path in places if path.exists())), *arguments]
    own = ("PYTHON", "TAP_LINT")  # a path to the checkout, records as the tests have them
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    kept |= {"XDG_CACHE_HOME": str(cwd / "cache"), "LOCALAPPDATA": str(cwd / "cache")}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False, env=kept)


def test_the_bundled_reference_stack_passes(environment: Path, tmp_path: Path) -> None:
    (package,) = environment.rglob("tflint_tap")
    done = run(environment, str(package / "reference" / "tap_stack.tf"), "--strict", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("0 errors, 0 warnings, 0 notes, 0 doubts; 1 file checked by ")


def test_its_types_are_there_for_others(environment: Path) -> None:
    (package,) = environment.rglob("tflint_tap")
    assert (package / "py.typed").is_file()


def test_its_rulebook_is_its_own(environment: Path, tmp_path: Path) -> None:
    done = run(environment, "rules", cwd=tmp_path)
    assert done.returncode == 0
    listed = [line.split()[0] for line in done.stdout.splitlines()]
    assert listed == sorted(
        f"{path.parent.name}/{path.stem}"
        for path in (ROOT / "rules").glob("*/*.yaml")
        if path.parent.name != "contracts"
    )


WATCHED = """
import os, runpy, sys
opened = []
def watch(event, arguments):
    if event == "open":
        opened.append(str(arguments[0]))
sys.addaudithook(watch)
try:
    runpy.run_module("tflint_tap", run_name="__main__", alter_sys=True)
finally:
    read = [path for path in opened if os.path.exists(path)]  # settings are looked for
    print([path for path in read if path.endswith((".yaml", ".yml"))], sorted({"yaml", "lark"} & sys.modules.keys()))
"""


def test_a_run_reads_no_yaml_and_keeps_nothing(environment: Path, tmp_path: Path) -> None:
    (package,) = environment.rglob("tflint_tap")
    done = python(environment, "-c", WATCHED, str(package / "reference" / "tap_stack.tf"), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "[] []"
    assert list(tmp_path.iterdir()) == []


def test_what_is_prepared_is_what_the_cards_say(environment: Path) -> None:
    (folder,) = environment.rglob("prepared")
    made = {path.stem: marshal.loads(path.read_bytes()) for path in folder.iterdir()}
    assert made == prepare.contents()


def test_the_same_cards_are_prepared_alike(environment: Path, tmp_path: Path) -> None:
    (folder,) = environment.rglob("prepared")
    for path in prepare.write(tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes()


@pytest.mark.parametrize("family", ["encryption", "iam", "messaging", "secrets"])
def test_a_damaged_reference_stack_fails(family: str, environment: Path, tmp_path: Path) -> None:
    damage = damages(family)[0]
    text, _ = damaged(damage)
    (tmp_path / "tap_stack.tf").write_text(text, encoding="utf-8")
    done = run(environment, "tap_stack.tf", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    findings = [line for line in done.stdout.splitlines() if not line.startswith("notice: ")]
    assert [line.split()[2].rstrip(":") for line in findings] == [damage["rule"]]
