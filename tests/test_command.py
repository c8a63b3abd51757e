"""The command as users run it: what it prints and the code it exits with."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import BROKEN, COMMAND, SOUND, run
from tests.stacks import REFERENCE
from tflint_tap.aws.provider import oldest_release, version_text
from tflint_tap.cli.main import main

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sound.tf").write_text(SOUND)
    return tmp_path


def test_a_sound_file_exits_with_0_and_prints_only_the_summary(folder: Path) -> None:
    done = run("sound.tf", "--select", "syntax", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0 errors, 0 warnings, 0 notes, 0 doubts; 1 file checked by 2 rules\n"


def test_a_finding_exits_with_1(folder: Path) -> None:
    (folder / "broken.tf").write_text(BROKEN)
    done = run("broken.tf", "--quiet", "--select", "syntax", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "broken.tf:2:9: error syntax/invalid: missing newline after argument\n"


def test_the_subcommand_may_be_named(folder: Path) -> None:
    assert run("check", "sound.tf", "--select", "syntax", cwd=folder).returncode == 0


def test_without_paths_the_folder_at_hand_is_checked(folder: Path) -> None:
    (folder / "broken.tf").write_text(BROKEN)
    done = run("--quiet", "--select", "syntax", cwd=folder)
    assert done.stdout == "broken.tf:2:9: error syntax/invalid: missing newline after argument\n"


def test_only_findings_in_the_given_file_are_shown(folder: Path) -> None:
    (folder / "broken.tf").write_text(BROKEN)
    assert run("sound.tf", "--quiet", "--select", "syntax", cwd=folder).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.tf"], "tap-lint: missing.tf: there is no such file or folder\n"),
        (["empty"], "tap-lint: empty: the folder has no .tf files\n"),
        (["sound.tf", "--select", "nonsense"], "tap-lint: --select nonsense: there is no such rule or family\n"),
        (["sound.tf", "--ignore", "syntax/invlid"],
         "tap-lint: --ignore syntax/invlid: there is no such rule or family; did you mean syntax/invalid?\n"),
        (["sound.tf", "--var", "name"], "tap-lint: --var name: write a name and a value: name=value\n"),
        (["sound.tf", "--var", "nmae=x"],
         "tap-lint: --var nmae: no variable of that name is declared; did you mean name?\n"),
        (["sound.tf", "--var-file", "missing.tfvars"], "tap-lint: missing.tfvars: no such file or directory\n"),
        (["sound.tf", "--stdin-filename", "x.tf"], "tap-lint: --stdin-filename needs - among the paths\n"),
        (["sound.tf", "--output", "missing/report.txt"], "tap-lint: missing/report.txt: there is no folder missing\n"),
        (["explain", "syntax/invlid"], "tap-lint: there is no rule syntax/invlid; did you mean syntax/invalid?\n"),
    ],
)  # fmt: skip
def test_what_it_cannot_do_exits_with_2_and_one_clear_line(folder: Path, arguments: list[str], message: str) -> None:
    (folder / "empty").mkdir()
    done = run(*arguments, cwd=folder)
    assert (done.returncode, done.stderr) == (2, message)


def test_a_bad_option_exits_with_2(folder: Path) -> None:
    assert run("sound.tf", "--format", "yaml", cwd=folder).returncode == 2


def test_an_unreadable_file_exits_with_2(folder: Path) -> None:
    (folder / "loop.tf").symlink_to("loop.tf")
    done = run("loop.tf", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tap-lint: loop.tf: ")


def test_standard_input_is_read_in_place_of_a_file(folder: Path) -> None:
    (folder / "other.tf").write_text("locals {\n  a = 1\n}\n")
    done = run("-", "--stdin-filename", "other.tf", "--quiet", "--select", "syntax", cwd=folder, stdin=BROKEN.encode())
    assert done.stdout == "other.tf:2:9: error syntax/invalid: missing newline after argument\n"
    done = run("-", "--quiet", "--select", "syntax", cwd=folder, stdin=BROKEN.encode())
    assert done.stdout == "<stdin>:2:9: error syntax/invalid: missing newline after argument\n"


def test_standard_input_that_is_not_utf_8_is_a_finding(folder: Path) -> None:
    done = run("-", "--quiet", cwd=folder, stdin=b"\xff")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == "<stdin>:1:1: error syntax/invalid: not valid UTF-8: byte 0xff"


def test_the_report_can_be_written_to_a_file(folder: Path) -> None:
    (folder / "broken.tf").write_text(BROKEN)
    done = run("broken.tf", "--format", "json", "--output", "report.json", "--select", "syntax", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    report = json.loads((folder / "report.json").read_text())
    assert [finding["rule"] for finding in report["findings"]] == ["syntax/invalid"]


def test_a_folder_is_searched_without_what_terraform_keeps_for_itself(folder: Path) -> None:
    (folder / ".terraform" / "modules").mkdir(parents=True)
    (folder / ".terraform" / "modules" / "broken.tf").write_text(BROKEN)
    (folder / "inner").mkdir()
    (folder / "inner" / "broken.tf").write_text(BROKEN)
    done = run(".", "--quiet", "--select", "syntax", cwd=folder)
    assert done.stdout == "inner/broken.tf:2:9: error syntax/invalid: missing newline after argument\n"


def test_fail_on_says_which_severity_fails(folder: Path) -> None:
    (folder / "broken.tf").write_text("# tap:ignore[syntax] reason: none\nlocals {\n  a = 1\n}\n")
    assert run("broken.tf", "--select", "suppressions,syntax", cwd=folder).returncode == 1
    assert run("broken.tf", "--select", "suppressions,syntax", "--fail-on", "error", cwd=folder).returncode == 0


def test_doubts_fail_only_when_strict(folder: Path) -> None:
    (folder / "doubt.tf").write_text(
        'variable "mode" {\n  type = string\n}\n\nresource "aws_lambda_function" "f" {\n  function_name = "f"\n'
        "  tracing_config {\n    mode = var.mode\n  }\n}\n"
    )
    select = ("--select", "tracing/untraced-function")
    assert run("doubt.tf", *select, cwd=folder).returncode == 0
    assert run("doubt.tf", *select, "--strict", cwd=folder).returncode == 1
    assert run("doubt.tf", *select, "--strict", "--var", "mode=Active", cwd=folder).returncode == 0
    assert run("doubt.tf", *select, "--var", "mode=PassThrough", cwd=folder).returncode == 1


def test_values_come_from_the_files_that_terraform_reads_by_itself(folder: Path) -> None:
    (folder / "queue.tf").write_text(
        'variable "managed" {\n  type = bool\n}\n\nresource "aws_sqs_queue" "q" {\n  name = "q"\n'
        "  sqs_managed_sse_enabled = var.managed\n}\n"
    )
    select = ("--select", "encryption/unencrypted-queue")
    (folder / "terraform.tfvars").write_text("managed = true\n")
    assert run("queue.tf", *select, "--strict", cwd=folder).returncode == 0
    (folder / "a.auto.tfvars").write_text("managed = false\n")
    assert run("queue.tf", *select, cwd=folder).returncode == 1
    (folder / "given.tfvars").write_text("managed = true\n")
    assert run("queue.tf", *select, "--strict", "--var-file", "given.tfvars", cwd=folder).returncode == 0
    (folder / "b.auto.tfvars.json").write_text('{"managed": true}')
    assert run("queue.tf", *select, "--strict", cwd=folder).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "0"}, False),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--no-color",), {"FORCE_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_are_for_terminals_unless_they_are_asked_for(
    folder: Path, arguments: tuple[str, ...], environment: dict[str, str], expected: bool
) -> None:
    (folder / "broken.tf").write_text(BROKEN)
    done = run("broken.tf", "--select", "syntax", *arguments, cwd=folder, **environment)
    assert ("\x1b[" in done.stdout) is expected


def test_a_contract_s_file_stands_by_itself(folder: Path) -> None:
    (folder / "tap_stack.tf").write_text("locals {\n  a = var.name\n  booking_handler = 1\n}\n")
    done = run("tap_stack.tf", "--quiet", "--select", "references/undeclared", cwd=folder)
    assert done.stdout == "tap_stack.tf:2:7: error references/undeclared: var.name is not declared\n"
    (folder / "other.tf").write_text("locals {\n  b = local.a\n}\n")
    assert run("other.tf", "--quiet", "--select", "references", cwd=folder).stdout == ""


def test_a_file_that_no_contract_recognises_is_an_ordinary_module(folder: Path) -> None:
    (folder / "tap_stack.tf").write_text('resource "aws_sqs_queue" "jobs" {\n  name = var.queue\n}\nmodule "m" {}\n')
    (folder / "variables.tf").write_text('variable "queue" {}\n')
    rules = ("--quiet", "--select", "references/undeclared,format/module-block,naming/missing-prefix,sla,tagging")
    done = run("tap_stack.tf", *rules, cwd=folder)
    assert done.stdout == (
        "tap_stack.tf:1:1: note tagging/untagged: aws_sqs_queue.jobs has no tags\n"
        "notice: tap_stack.tf follows no contract; --contract booking holds it to the booking specification\n"
    )
    assert run("tap_stack.tf", *rules, "--contract", "none", cwd=folder).stdout.count("\n") == 1
    told = run("tap_stack.tf", *rules, "--contract", "booking", cwd=folder).stdout
    assert "error references/undeclared: var.queue is not declared" in told
    assert "error format/module-block: " in told
    assert "notice" not in told


def test_contracts_are_checked(folder: Path) -> None:
    (folder / "right.yaml").write_text("parts: {q: {type: aws_sqs_queue}}\n")
    (folder / "wrong.yaml").write_text("parts:\n  q: {type: aws_sqs_queu}\nwirng: []\n")
    done = run("contract", "check", "right.yaml", "booking", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("right.yaml: 1 requirement, nothing wrong\nbooking: ")
    done = run("contract", "check", "wrong.yaml", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "wrong.yaml:3: there is no wirng here; did you mean wiring?\n"
    done = run("contract", "check", "none.yaml", cwd=folder)
    assert (done.returncode, done.stderr) == (2, "tap-lint: none.yaml: no such file or directory\n")
    (folder / "wrong.yaml").write_text("parts:\n  q: {type: aws_sqs_queu}\n")
    done = run("sound.tf", "--contract", "wrong.yaml", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "tap-lint: wrong.yaml:2: there is no resource type aws_sqs_queu; did you mean aws_sqs_queue?\n"
    )


def test_a_contract_that_cannot_be_used_is_trouble(folder: Path) -> None:
    (folder / "site.yaml").write_text("claims: [site.tf]\n")
    (folder / "list.yaml").write_text("person: [a]\nvariables: [a]\n")
    (folder / "two.yaml").write_text("variables: [a]\nnaming: 5\n")
    wrong = "site.yaml:1: claims is a mapping of file, recognised_by, alone"
    for given, message in (
        ("bookin", "bookin: there is no such contract or file; did you mean booking?"),
        ("site.yaml", wrong),
        ("list.yaml", "list.yaml:2: "),
        ("two.yaml", "two.yaml:1: "),
    ):
        done = run("sound.tf", "--contract", given, cwd=folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"tap-lint: {message}")
        assert done.stderr.count("\n") == 1
        assert ("(and 1 more: tap-lint contract check two.yaml)\n" in done.stderr) is (given == "two.yaml")


def test_the_reference_stack_is_without_findings_and_doubts() -> None:
    symbol = REFERENCE
    done = run(str(symbol), "--strict", "--fail-on", "note", cwd=symbol.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("0 errors, 0 warnings, 0 notes, 0 doubts; 1 file checked by ")
    assert done.stdout.count("\n") == 1


def test_what_may_stand_in_a_broken_file_of_json_syntax_is_not_called_absent(folder: Path) -> None:
    (folder / "main.tf").write_text("locals {\n  a = var.elsewhere\n}\n")
    (folder / "more.tf.json").write_text('{"variable": {"elsewhere": {}}')
    done = run("main.tf", "--select", "references/undeclared", cwd=folder)
    assert done.returncode == 0
    assert done.stdout == (
        "notice: references/undeclared was not checked: part of more.tf.json can't be read\n\n"
        "0 errors, 0 warnings, 0 notes, 0 doubts; 1 file checked by 2 rules\n"
    )
    done = run("more.tf.json", "--quiet", "--select", "references/undeclared", cwd=folder)
    line = "more.tf.json:1:1: error syntax/invalid: the object that begins here is not closed\n"
    assert (done.returncode, done.stdout.startswith(line)) == (1, True)
    (folder / "more.tf.json").write_text('{"variable": {"elsewhere": {}}}')
    assert run("main.tf", "--select", "references/undeclared", cwd=folder).stdout.startswith("0 errors, ")


def test_a_file_that_cannot_be_read_fails_whatever_is_selected(folder: Path) -> None:
    (folder / "broken.tf").write_text(BROKEN)
    line = "broken.tf:2:9: error syntax/invalid: missing newline after argument\n"
    for options in (["--select", "encryption"], ["--ignore", "syntax"]):
        done = run("broken.tf", "--quiet", *options, cwd=folder)
        assert done.returncode == 1
        assert line in done.stdout
    (folder / "broken.tf").write_text("# tap:ignore-file[syntax/invalid] reason: it is old\n" + BROKEN)
    done = run("broken.tf", "--quiet", "--select", "syntax,suppressions", cwd=folder)
    assert done.returncode == 1
    assert "broken.tf:3:9: error syntax/invalid: missing newline after argument\n" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sound.tf", "--select", "iam", "--ignore", "iam"], "tap-lint: --select and --ignore leave no rule\n"),
        (["sound.tf", "--select", ""], "tap-lint: --select names no rule\n"),
        (["sound.tf", "--ignore", "syntax/invalid"],
         "tap-lint: --ignore syntax/invalid: this rule can't be left out: unreadable files are errors\n"),
        ([""], "tap-lint: a path is empty\n"),
        (["-"], "tap-lint: standard input is empty\n"),
        (["notes.txt"], "tap-lint: notes.txt: not a .tf file\n"),
        (["linked"], "tap-lint: linked/a.tf: the link does not lead to a .tf file\n"),
        (["piped"], "tap-lint: piped/a.tf: not a regular file\n"),
        (["/dev/zero"], "tap-lint: /dev/zero: larger than 2,000,000 bytes\n"),
        (["missing\x1b[2J.tf"], "tap-lint: missing\\x1b[2J.tf: there is no such file or folder\n"),
    ],
)  # fmt: skip
def test_what_was_not_looked_at_is_never_green(folder: Path, arguments: list[str], message: str) -> None:
    (folder / "notes.txt").write_text("")
    (folder / "linked").mkdir()
    (folder / "linked" / "a.tf").symlink_to(folder / "notes.txt")
    (folder / "piped").mkdir()
    os.mkfifo(folder / "piped" / "a.tf")
    done = run(*arguments, cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


def test_one_folder_under_two_names_is_judged_once(folder: Path) -> None:
    (folder / "broken.tf").write_text(BROKEN)
    (folder / "inner").mkdir()
    (folder / "same").symlink_to(folder)
    done = run("broken.tf", "inner/../broken.tf", "same/broken.tf", "--quiet", "--select", "syntax", cwd=folder)
    assert done.stdout == "broken.tf:2:9: error syntax/invalid: missing newline after argument\n"


def test_the_later_of_var_and_var_file_wins(folder: Path) -> None:
    (folder / "given.tfvars").write_text('name = "file"\n')
    options = ("--var", "name=line", "--var-file", "given.tfvars")
    assert run("eval", "sound.tf", "var.name", *options, cwd=folder).stdout == '{"value": "file"}\n'
    options = ("--var-file=given.tfvars", "--var=name=line")
    assert run("eval", "sound.tf", "var.name", *options, cwd=folder).stdout == '{"value": "line"}\n'


def test_with_strict_and_quiet_the_doubts_that_fail_the_run_have_their_lines(folder: Path) -> None:
    (folder / "doubt.tf").write_text(
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  tracing_config {\n    mode = var.name\n  }\n}\n'
    )
    done = run("doubt.tf", "--select", "tracing", "--strict", "--quiet", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.startswith("doubt.tf:4:12: doubt tracing/untraced-function: ")


def test_a_report_that_cannot_be_printed_exits_with_2(folder: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([str(COMMAND), "sound.tf"], cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (2, b"tap-lint: the report can't be printed: no space left on device\n")


def test_sarif_paths_start_at_the_repository(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "inner").mkdir()
    (folder / "broken.tf").write_text(BROKEN)
    done = run("../broken.tf", "--format", "sarif", "--select", "syntax", cwd=folder / "inner")
    (result,) = json.loads(done.stdout)["runs"][0]["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "broken.tf", "uriBaseId": "%SRCROOT%"}


def test_a_program_that_calls_main_finds_python_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gc.unfreeze()  # what is frozen already may be gone by the end
    before = gc.isenabled(), gc.get_threshold(), gc.get_freeze_count(), sys.getrecursionlimit()
    monkeypatch.setattr(sys, "argv", ["tap-lint", str(folder / "sound.tf"), "--select", "syntax"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count(), sys.getrecursionlimit()) == before


def test_a_command_does_not_import_the_others() -> None:
    code = "import sys; sys.argv = ['tap-lint', 'rules']; from tflint_tap.cli.main import main\n"
    code += "try: main()\nexcept SystemExit: print([name for name in sys.modules if 'tflint_tap.cli.' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.splitlines()[-1] == "['tflint_tap.cli.main', 'tflint_tap.cli.rules']"


def test_the_version_names_the_schemas(folder: Path) -> None:
    done = run("--version", cwd=folder)
    assert done.returncode == 0
    assert done.stdout.splitlines()[1] == (
        f"schema of hashicorp/aws {version_text()}, and of its releases since {oldest_release()}"
    )


def test_the_provider_can_be_given(folder: Path) -> None:
    (folder / "eip.tf").write_text('resource "aws_eip" "nat" {\n  vpc = true\n}\n')
    options = ("eip.tf", "--quiet", "--select", "schema/unknown-argument")
    assert "removed in 6.0.0" in run(*options, cwd=folder).stdout
    assert run(*options, "--provider-version", "5.31.0", cwd=folder).stdout == ""
    done = run(*options, "--provider-version", "newest", cwd=folder)
    assert done.returncode == 2
    assert "--provider-version newest" in done.stderr
