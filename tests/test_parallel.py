"""Several processes report what one reports."""

from __future__ import annotations

import json
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from tests.baseline.test_baseline import queue, write
from tests.commands import invoke, run
from tests.stacks import target_of
from tflint_tap.calling import joined_by_calls
from tflint_tap.discovery import Target
from tflint_tap.parallel import is_worth_it, processes
from tflint_tap.records import replace
from tflint_tap.terraform.evaluation.inputs import Inputs
from tflint_tap.text.source import Source

LONG = f"# {'x' * 10_000}\n"
CALL = 'module "m" {{\n  source = "{}"\n}}\n'
IGNORED = "# tap:ignore[messaging/queue-without-dlq] until=2099-01-01 reason: it is small\n"
OPEN = 'variable "sse" {\n  type = bool\n}\n'
TREE = {
    **{f"s{number}/main.tf": LONG + queue(f"q{number}", encrypted=number % 2 == 0) for number in range(6)},
    **{f"open{number}/main.tf": OPEN + queue().replace("= true", "= var.sse") for number in range(3)},
    "silenced/main.tf": LONG + IGNORED + queue("silent") + '# tap:ignore[iam] reason: "idle" é\nlocals {}\n',
    "broken/main.tf": LONG + queue() + "locals {\n  a = 1 b = 2\n}\n",
    "calls/main.tf": LONG + CALL.format("../modules/m"),
    "calls/more.tf": CALL.format("./inner").replace('"m"', '"n"'),
    "calls/inner/main.tf": queue("inner"),
    "modules/m/main.tf": 'variable "n" {\n  default = "a"\n}\n' + queue("called").replace('"called"\n', "var.n\n"),
    "values/main.tf": LONG + 'variable "p" {}\n',
    "values/terraform.tfvars": 'p = "x"\nother = 1\n',
    "stack/tap_stack.tf": queue(),
}


@pytest.mark.parametrize("output", ["json", "sarif", "text"])
def test_the_report_is_that_of_one_process(tmp_path: Path, output: str) -> None:
    write(tmp_path, TREE)
    (tmp_path / "bytes").mkdir()
    (tmp_path / "bytes" / "main.tf").write_bytes(b'locals {\n  a = "\xff"\n}\n')
    one, several = (run(".", "--format", output, "--jobs", jobs, cwd=tmp_path) for jobs in ("1", "2"))
    assert several.stdout == one.stdout
    assert (several.returncode, several.stderr) == (one.returncode, one.stderr)
    if output == "json":
        rules = {finding["rule"] for finding in json.loads(one.stdout)["findings"]}
        assert {"variables/undeclared-value", "messaging/queue-without-dlq", "suppressions/idle"} <= rules


def test_a_baseline_is_the_same(tmp_path: Path) -> None:
    write(tmp_path, TREE)
    for jobs in ("1", "2"):
        run(".", "--write-baseline", f"{jobs}.json", "--jobs", jobs, cwd=tmp_path)
    assert (tmp_path / "1.json").read_text() == (tmp_path / "2.json").read_text()


@pytest.mark.parametrize("error", [OSError("no room"), BrokenExecutor()])
def test_where_there_is_no_room_for_processes_one_judges_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise error

    write(tmp_path, TREE)
    one = invoke(".", "--quiet", "--jobs", "1", cwd=tmp_path)
    monkeypatch.setattr("tflint_tap.parallel.lint_apart", fail)
    several = invoke(".", "--quiet", "--jobs", "2", cwd=tmp_path)
    assert several.stdout == one.stdout
    assert several.stderr.startswith("tap-lint: one process judges all")


def test_a_container_s_share_of_the_processors_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quota = tmp_path / "cpu.max"
    monkeypatch.setattr("tflint_tap.parallel._QUOTA", str(quota))
    monkeypatch.setattr("os.sched_getaffinity", lambda process: range(96), raising=False)
    for text, expected in (("150000 100000", 2), ("max 100000", 64), ("", 64)):
        quota.write_text(text)
        assert processes(0) == expected


def test_little_is_judged_by_one_process() -> None:
    small = [target_of("locals {}\n") for _ in range(20)]
    large = [target_of(LONG) for _ in range(20)]
    assert not is_worth_it(small, {})
    assert not is_worth_it(large[:7], {})
    assert is_worth_it(large, {target: Inputs() for target in large})
    assert not is_worth_it(large, {large[0]: Inputs(texts={"a": Source("--var a", "1")})})


def test_the_number_of_processes_is_that_of_processors_unless_it_is_given() -> None:
    assert processes(3) == 3
    assert processes(0) >= 1


def test_modules_that_call_each_other_are_in_one_group() -> None:
    folders = ["/r/a", "/r/b", "/r/m", "/r/n", "/r/c", "/r/c"]
    targets = [replace(target_of("locals {}\n"), folder=Path(folder)) for folder in folders]
    calls = {"/r/a": ["../m", "hashicorp/x/aws"], "/r/m": ["../n"], "/r/b": ["./missing"]}

    def calls_of(target: Target) -> list[str]:
        return calls.get(str(target.folder), [])

    groups = joined_by_calls(targets, calls_of)
    assert [[str(target.folder) for target in group] for group in groups] == [
        ["/r/a", "/r/m", "/r/n"],
        ["/r/b"],
        ["/r/c", "/r/c"],
    ]
