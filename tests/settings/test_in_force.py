"""What settings do to a run: which rules judge what, by which params, and how grave findings are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.settings.repository import QUEUE, checked, repository, run, written

NAME = ".tap-lint.yaml"
NONE = "select: [syntax]\n"
COMMENTS = "# one\n" * 12 + "# and one more\nlocals {\n  a = 1\n}\n"


def _with(folder: Path, settings: str, **files: str) -> Path:
    return repository(folder, {"main.tf": QUEUE, NAME: settings, **files})


def test_select_leaves_these_rules_only(tmp_path: Path) -> None:
    assert checked(_with(tmp_path, "select: [tagging, naming/hard-coded]")).rules == [
        "note tagging/untagged", "warning naming/hard-coded"
    ]  # fmt: skip


def test_severities_are_those_of_the_rule_before_those_of_its_family(tmp_path: Path) -> None:
    settings = (
        "select: [tagging, naming, messaging]\nseverity: {tagging: off, naming: error, naming/hard-coded: note}\n"
    )
    done = checked(_with(tmp_path, settings), "--fail-on", "note")
    assert done.rules == ["error messaging/queue-without-dlq", "note naming/hard-coded"]


def test_a_severity_decides_the_exit_code(tmp_path: Path) -> None:
    settings = "select: [messaging/queue-without-dlq]\nseverity: {messaging: note}\n"
    assert checked(_with(tmp_path, settings)).code == 0
    assert checked(tmp_path, "--fail-on", "note").code == 1


def test_fail_on_is_that_of_the_file(tmp_path: Path) -> None:
    repo = repository(tmp_path, {NAME: "select: [tagging, naming]", "a/main.tf": QUEUE, f"a/{NAME}": "fail-on: error"})
    assert checked(repo).code == 0
    written(repo, {"b/main.tf": QUEUE})
    assert checked(repo).code == 1
    assert checked(repo, "a").code == 0
    assert checked(repo, "a", "--fail-on", "warning").code == 1


# -- paths ---------------------------------------------------------------------------------------------------------


def test_entries_of_paths_are_for_the_files_that_they_name(tmp_path: Path) -> None:
    settings = """\
select: [tagging, naming]
paths:
  - files: [test/, "*.gen.tf", "!kept.gen.tf"]
    ignore: [tagging]
    severity: {naming: error}
  - files: /one.gen.tf
    ignore: naming
"""
    names = ("one.gen.tf", "kept.gen.tf", "test/deep/main.tf")
    repo = repository(tmp_path, {NAME: settings, **{name: QUEUE.replace("jobs", name[:3]) for name in names}})
    lines = [line.split(": ") for line in checked(repo).output.splitlines()]
    assert sorted((line[0].split(":")[0], line[1]) for line in lines) == [
        ("kept.gen.tf", "note tagging/untagged"),
        ("kept.gen.tf", "warning naming/hard-coded"),
        ("test/deep/main.tf", "error naming/hard-coded"),
    ]


def test_an_entry_may_bring_back_what_is_off_elsewhere(tmp_path: Path) -> None:
    settings = "select: [tagging, naming]\nseverity: {naming: off}\npaths: [{files: b.tf, severity: {naming: error}}]\n"
    repo = repository(tmp_path, {NAME: settings, "a.tf": QUEUE, "b.tf": QUEUE.replace("jobs", "late")})
    assert checked(repo).rules == ["error naming/hard-coded", "note tagging/untagged", "note tagging/untagged"]


PERMISSION = """\
resource "aws_lambda_permission" "topic" {
  function_name = "worker"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
}
"""


def test_a_rule_that_is_off_in_a_file_supersedes_nothing_there(tmp_path: Path) -> None:
    settings = "select: [lambda/unscoped-permission, iam/confused-deputy]\n"
    repo = repository(tmp_path, {"main.tf": PERMISSION, NAME: settings})
    assert checked(repo).rules == ["error lambda/unscoped-permission"]
    written(repo, {NAME: settings + "paths: [{files: main.tf, ignore: lambda}]\n"})
    assert [rule.split()[1] for rule in checked(repo).rules] == ["iam/confused-deputy"]


MODULES = {
    "main.tf": 'module "jobs" {\n  source = "./modules/jobs"\n}\n',
    "modules/jobs/main.tf": QUEUE,
    NAME: "select: [tagging, naming, encryption]\n",
}


def test_the_files_of_a_called_module_have_their_own_settings(tmp_path: Path) -> None:
    repo = repository(tmp_path, {**MODULES, f"modules/{NAME}": "ignore: naming\nseverity: {encryption: note}\n"})
    done = checked(repo)
    assert done.rules == ["note encryption/unencrypted-queue", "note tagging/untagged"]
    assert checked(repo, "modules").rules == done.rules


def test_settings_beside_a_called_module_alone(tmp_path: Path) -> None:
    files = {name: text for name, text in MODULES.items() if name != NAME}
    repo = repository(tmp_path, {**files, f"modules/jobs/{NAME}": "select: naming\n"})
    assert checked(repo, "main.tf").rules == ["warning naming/hard-coded"]


def test_nothing_is_reported_in_a_called_module_that_is_excluded(tmp_path: Path) -> None:
    repo = repository(tmp_path, {**MODULES, NAME: MODULES[NAME] + "exclude: [modules/]\n"})
    assert checked(repo).rules == []
    assert len(checked(repo, "main.tf", "modules").rules) == 3


# -- suppressions --------------------------------------------------------------------------------------------------

SUPPRESSED = "# tap:ignore[tagging/untagged] reason: it lives an hour\n" + QUEUE


@pytest.mark.parametrize(
    "settings",
    [
        "select: [naming/hard-coded, suppressions]",
        "select: [naming/hard-coded, suppressions, tagging]\nignore: tagging/untagged",
        "select: [naming/hard-coded, suppressions, tagging]\nseverity: {tagging/untagged: off}",
        "select: [naming/hard-coded, suppressions, tagging]\npaths: [{files: main.tf, ignore: tagging}]",
    ],
)
def test_a_comment_for_a_rule_that_is_off_is_not_idle(tmp_path: Path, settings: str) -> None:
    tagged = SUPPRESSED.replace('"jobs"\n', '"jobs"\n  tags = { a = "b" }\n')
    repo = repository(tmp_path, {"main.tf": tagged, NAME: settings})
    assert checked(repo).rules == ["warning naming/hard-coded"]
    written(repo, {NAME: "select: [naming/hard-coded, suppressions, tagging]"})
    assert checked(repo).rules == ["warning naming/hard-coded", "warning suppressions/idle"]
    written(repo, {NAME: "select: [suppressions, tagging]\nseverity: {suppressions: error}"})
    assert checked(repo).rules == ["error suppressions/idle"]


def test_what_cannot_be_read_is_an_error_whatever_settings_say(tmp_path: Path) -> None:
    settings = "select: naming\nignore: syntax\nseverity: {syntax: off}\npaths: [{files: a.tf, ignore: syntax}]\n"
    repo = repository(tmp_path, {"a.tf": "locals {\n  a = 1 b = 2\n}\n", NAME: settings})
    done = checked(repo)
    assert (done.code, done.rules) == (1, ["error syntax/invalid"])


# -- names ---------------------------------------------------------------------------------------------------------

UNKNOWN = [
    ("select: [nameing]", ":1: select: there is no rule or family nameing; did you mean naming?"),
    ("ignore:\n  - naming/hardcoded",
     ":2: ignore: there is no rule or family naming/hardcoded; did you mean naming/hard-coded?"),
    ("severity:\n  iam: note\n  imm: note", ":3: severity: there is no rule or family imm; did you mean iam?"),
    ("paths:\n  - files: x\n    ignore: imm", ":3: ignore: there is no rule or family imm; did you mean iam?"),
    ("ignore: syntax/invalid", ":1: ignore: syntax/invalid can't be changed: unreadable files are errors"),
    ("severity: {syntax/invalid: note}", ":1: severity: syntax/invalid can't be changed: unreadable files are errors"),
    ("params:\n  format/essay-coment: {most: 1}",
     ":2: params: there is no rule format/essay-coment; did you mean format/essay-comment?"),
    ("params:\n  format/essay-comment:\n    mots: 1",
     ":3: params: format/essay-comment has no param mots; did you mean most?"),
    ("params: {iam/wildcard-action: {x: 1}}", ":1: params: iam/wildcard-action has no params"),
    ("params:\n  format/essay-comment:\n    most: many",
     ":3: params: format/essay-comment: most has to be a whole number"),
    ("params: {format/essay-comment: {most: 1.5}}", ":1: params: format/essay-comment: most has to be a whole number"),
    ("params: {format/essay-comment: {most: [1]}}", ":1: params: format/essay-comment: most has to be a whole number"),
    ("params: {tagging/overridden: {required: Owner}}", ":1: params: tagging/overridden: required has to be a list"),
    ("params:\n  network/open-ingress:\n    web_ports:\n      - 80\n      - x",
     ":5: params: network/open-ingress: web_ports has to be a whole number"),
    ("params: {network/unreachable-store: {ports: 1}}",
     ":1: params: network/unreachable-store: ports has to be a mapping"),
    ("contract: bookin", ":1: contract: bookin: there is no such contract or file; did you mean booking?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), UNKNOWN, ids=[text for text, _ in UNKNOWN])
def test_a_name_that_there_is_not_is_an_error_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    done = checked(_with(tmp_path, text))
    assert (done.code, done.output, done.complaint) == (2, "", f"tap-lint: {NAME}{message}\n")


def test_settings_that_leave_no_rule_are_an_error(tmp_path: Path) -> None:
    done = checked(_with(tmp_path, "select: naming\nignore: naming"))
    assert (done.code, done.complaint) == (2, "tap-lint: the settings leave no rule\n")


# -- params --------------------------------------------------------------------------------------------------------


def test_a_param_of_a_card_in_hcl(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": COMMENTS})
    for most, rules in ((12, ["note format/essay-comment"]), (13, [])):
        written(repo, {NAME: f"select: [format/essay-comment]\nparams: {{format/essay-comment: {{most: {most}}}}}"})
        assert checked(repo).rules == rules


def test_a_rule_for_contracts_is_judged_where_its_params_are_given(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": COMMENTS, NAME: "select: [format/essay-comment]"})
    assert checked(repo).rules == []


def test_a_param_of_a_check_in_python(tmp_path: Path) -> None:
    stack = """\
variable "tags" {
  default = { Team = "a" }
}

resource "aws_sqs_queue" "jobs" {
  tags = merge({ Team = "b" }, var.tags)
}
"""
    repo = repository(tmp_path, {"main.tf": stack, NAME: "select: [tagging/overridden]"})
    assert checked(repo).rules == []
    written(repo, {NAME: "select: [tagging/overridden]\nparams: {tagging/overridden: {required: [Team]}}"})
    assert checked(repo).rules == ["warning tagging/overridden"]


def test_params_are_those_of_the_modules_folder_one_by_one(tmp_path: Path) -> None:
    repo = repository(tmp_path, {
        NAME: "select: [format/essay-comment]\nparams: {format/essay-comment: {most: 13}}\n",
        "a/main.tf": COMMENTS,
        "b/main.tf": COMMENTS,
        f"b/{NAME}": "params: {format/essay-comment: {most: 10}}\n",
    })  # fmt: skip
    assert [line.split(":")[0] for line in checked(repo).output.splitlines()] == ["b/main.tf"]


def test_tags_are_required_without_a_contract(tmp_path: Path) -> None:
    stack = QUEUE.replace('"jobs"\n', '"jobs"\n  tags = { owner = "a" }\n') + 'resource "aws_sns_topic" "news" {}\n'
    repo = repository(tmp_path, {"main.tf": stack, NAME: "select: [tagging]\ntags: [Owner, CostCenter]\n"})
    done = checked(repo)
    assert done.rules == ["error tagging/missing-tag", "error tagging/untagged"]
    assert "the tags of aws_sqs_queue.jobs lack Owner and CostCenter" in done.output
    written(repo, {f"a/{NAME}": "tags: CostCenter", "a/main.tf": stack})
    assert "the tags of aws_sqs_queue.jobs lack CostCenter" in checked(repo, "a").output


@pytest.mark.parametrize(
    ("prefix", "message"),
    [
        ("acme-", 'the name of aws_sqs_queue.jobs is "jobs", which doesn\'t begin with "acme-"'),
        ("${local.prefix}", 'which doesn\'t begin with local.prefix ("acme")'),
        ("${var.team}-x", 'which doesn\'t begin with "${var.team}-x" ("a-x")'),
        ("${local.none}-", 'which doesn\'t begin with "${local.none}-"'),
    ],
)
def test_a_prefix_is_asked_for_without_a_contract(tmp_path: Path, prefix: str, message: str) -> None:
    stack = 'variable "team" {\n  default = "a"\n}\nlocals {\n  prefix = "acme"\n}\n'
    stack += QUEUE + 'resource "aws_sqs_queue" "good" {\n  name = "acme-good"\n}\n'
    repo = repository(tmp_path, {"main.tf": stack, NAME: f"select: naming/missing-prefix\nprefix: {prefix}\n"})
    assert message in checked(repo).output.splitlines()[0]
    assert "naming/missing-prefix" not in checked(repo, "--no-config").output


def test_the_remedy_writes_the_prefix_as_it_is(tmp_path: Path) -> None:
    repo = _with(tmp_path, "select: naming/missing-prefix\nprefix: acme-\n")
    assert 'use "acme-jobs"' in run(repo, "check").output


def test_a_suffix_is_asked_for(tmp_path: Path) -> None:
    repo = _with(tmp_path, "select: naming/missing-suffix\nsuffix: -prod\n")
    assert 'is "jobs", which doesn\'t end with "-prod"' in checked(repo).output
    assert "naming/missing-suffix" not in checked(repo, "--no-config").output
    written(repo, {"main.tf": QUEUE.replace('"jobs"\n', '"jobs-prod"\n')})
    assert checked(repo).rules == []


# -- doubts --------------------------------------------------------------------------------------------------------

DOUBTFUL = 'variable "tags" {\n  type = map(string)\n}\nresource "aws_sqs_queue" "jobs" {\n  tags = var.tags\n}\n'


@pytest.mark.parametrize(
    ("doubts", "options", "code", "told"),
    [
        ("report", [], 0, True),
        ("fail", [], 1, True),
        ("ignore", [], 0, False),
        ("report", ["--strict"], 1, True),
        ("ignore", ["--strict"], 1, True),
        ("fail", ["--exit-zero"], 0, True),
    ],
)
def test_what_becomes_of_doubts(tmp_path: Path, doubts: str, options: list[str], code: int, told: bool) -> None:
    repo = repository(tmp_path, {"main.tf": DOUBTFUL, NAME: f"select: [tagging/untagged]\ndoubts: {doubts}\n"})
    done = run(repo, "check", *options)
    assert (done.code, "1 doubt" in done.output) == (code, told)


# -- inputs, contracts, the provider -------------------------------------------------------------------------------

VALUES = 'variable "name" {\n  default = "a"\n}\nresource "aws_sqs_queue" "jobs" {\n  name = var.name\n}\n'
INVALID = "select: [naming/invalid-name]\n"
BAD, FINE = 'name = "a b"\n', 'name = "ab"\n'


def test_inputs_are_sets(tmp_path: Path) -> None:
    settings = f"{INVALID}inputs: [dev.tfvars, prod.tfvars]\n"
    repo = repository(tmp_path, {"a/main.tf": VALUES, "dev.tfvars": BAD, "prod.tfvars": FINE, NAME: settings})
    assert checked(repo).output.endswith(" (under dev.tfvars)\n")
    assert checked(repo, "--inputs", "prod.tfvars").rules == []
    assert checked(repo, "--inputs", "dev.tfvars").output.count("under") == 0
    assert checked(repo, "--var", "name=c").rules == []
    assert checked(repo, "--no-config", "--select", "naming/invalid-name").rules == []


def test_modules_have_inputs_of_their_own(tmp_path: Path) -> None:
    settings = {
        NAME: INVALID,
        f"a/{NAME}": "inputs: [one.tfvars, two.tfvars, three.tfvars]",
        f"b/{NAME}": "inputs: bad.tfvars",
        f"c/{NAME}": "inputs: [fine.tfvars, bad.tfvars]",
    }
    values = {
        "a/one.tfvars": FINE, "a/two.tfvars": BAD, "a/three.tfvars": BAD, "b/bad.tfvars": BAD, "c/fine.tfvars": FINE,
        "c/bad.tfvars": BAD,
    }  # fmt: skip
    repo = repository(tmp_path, settings | values | {f"{name}/main.tf": VALUES for name in "abcd"})
    under = {line.split("/")[0]: line.partition(" (under ")[2] for line in checked(repo).output.splitlines()}
    assert under == {"a": "a/two.tfvars and a/three.tfvars)", "b": "", "c": "c/bad.tfvars)"}


CONTRACT = "contract: mine\nparts:\n  topic: {id: mine.topic, type: aws_sns_topic, named: news}\n"


def test_a_contract_is_for_the_module_of_its_folder(tmp_path: Path) -> None:
    repo = repository(tmp_path, {
        "mine.yaml": CONTRACT, "main.tf": QUEUE, "a/main.tf": QUEUE, NAME: "select: [stack]\ncontract: ./mine.yaml\n"
    })  # fmt: skip
    assert [line.split(":")[0] for line in checked(repo).output.splitlines()] == ["main.tf"]
    assert checked(repo, "--contract", "none").rules == []
    assert checked(repo, "a").rules == []
    written(repo, {f"a/{NAME}": "contract: none"})
    assert len(checked(repo).rules) == 1


def test_trace_tells_of_the_contract_of_the_settings(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"mine.yaml": CONTRACT, "main.tf": QUEUE, NAME: "contract: ./mine.yaml\n"})
    done = run(repo, "trace", "main.tf")
    assert (done.code, "mine.topic" in done.output) == (1, True)
    written(repo, {NAME: "nonsense: 1"})
    assert run(repo, "trace", "main.tf").complaint == f"tap-lint: {NAME}:1: there is no key nonsense\n"


def test_what_is_wrong_with_a_contract_is_told_by_its_line(tmp_path: Path) -> None:
    repo = _with(tmp_path, "contract: ./mine.yaml\n", **{"mine.yaml": CONTRACT.replace("parts", "prats")})
    done = checked(repo)
    assert done.code == 2
    assert done.complaint.startswith("tap-lint: mine.yaml:2: ")
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    written(repo, {"mine.yaml": CONTRACT + bomb})
    assert "more than 100,000 values" in checked(repo).complaint


def test_the_provider_is_that_of_the_modules_settings(tmp_path: Path) -> None:
    stack = (
        'resource "aws_sqs_queue" "jobs" {\n  name = "x"\n}\n\nresource "aws_opsworks_stack" "s" {\n  name = "s"\n}\n'
    )
    repo = repository(tmp_path, {"main.tf": stack, NAME: 'select: [schema]\nprovider-version: "6.0.0"\n'})
    newest = checked(repo).output
    written(repo, {NAME: 'select: [schema]\nprovider-version: "5.31.0"\n'})
    assert checked(repo).output != newest
    assert ".tap-lint.yaml:2: provider-version is 6.0.0" in newest
    given = checked(repo, "--provider-version", "6.0.0").output
    assert given == newest.replace(".tap-lint.yaml:2: provider-version", "--provider-version")


def test_a_baseline_is_named(tmp_path: Path) -> None:
    repo = _with(tmp_path, "baseline: known.json\nselect: [naming, tagging]\n")
    assert checked(repo).complaint == "tap-lint: known.json: no such file or directory\n"
    assert checked(repo, "--write-baseline", "known.json").code == 0
    assert checked(repo).rules == []
    written(repo, {"a/main.tf": QUEUE, f"a/{NAME}": "baseline: a.json"})
    checked(repo, "a", "--write-baseline", "a/a.json")
    assert checked(repo).rules == []
    assert len(checked(repo, "--baseline", "known.json").rules) == 2
