"""Rules of a repository's own: conditions, and nothing that runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.settings.repository import QUEUE, checked, repository, run, written
from tflint_tap.rulebook.loader import CardError, load_foreign_rules

NAME = ".tap-lint.yaml"
CARD = """\
title: Queue is not called after a team
severity: warning
match: resource.aws_sqs_queue
require: startswith(name(self), param.team)
params: {team: alpha}
message: ${self} isn't called after ${param.team}
remedy: let the name begin with ${param.team}
why: Teams find their queues by name.
bad: |
  resource "aws_sqs_queue" "q" {
    name = "x"
  }
good: |
  resource "aws_sqs_queue" "q" {
    name = "alpha"
  }
"""
OWN = "policies/team/queue-name.yaml"
PYTHON = CARD.replace("match: resource.aws_sqs_queue\nrequire: startswith(name(self), param.team)", "check: true")
SETTINGS = "select: [team]\nrules: policies\n"


def test_a_rule_of_the_repository_judges(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"a/main.tf": QUEUE, NAME: SETTINGS, OWN: CARD})
    done = checked(repo)
    assert (done.rules, done.complaint) == (["warning team/queue-name"], "")
    assert "isn't called after alpha" in done.output
    written(repo, {f"a/{NAME}": "params: {team/queue-name: {team: jobs}}"})
    assert checked(repo).rules == []
    written(repo, {f"a/{NAME}": "severity: {team/queue-name: error}"})
    assert checked(repo).rules == ["error team/queue-name"]
    assert checked(repo, "--ignore", "team/queue-nam").complaint.endswith("did you mean team/queue-name?\n")


def test_it_is_known_only_where_its_settings_hold(tmp_path: Path) -> None:
    repo = repository(
        tmp_path,
        {"a/main.tf": QUEUE, f"a/{NAME}": "rules: ../policies\nselect: team\n", OWN: CARD, "b/main.tf": QUEUE},
    )
    assert [line.split(":")[0] for line in checked(repo, "--select", "team").output.splitlines()] == ["a/main.tf"]
    assert checked(repo, "b", "--select", "team").code == 2


def test_a_comment_may_silence_it(tmp_path: Path) -> None:
    stack = "# tap:ignore[team/queue-name] reason: it is shared\n" + QUEUE
    repo = repository(tmp_path, {"main.tf": stack, NAME: SETTINGS.replace("team]", "team, suppressions]"), OWN: CARD})
    assert checked(repo).rules == []


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({OWN: PYTHON}, f"{OWN}:3: check names Python, which isn't run from a repository: write conditions"),
        ({OWN: PYTHON.replace("check: true", "check: engine")}, f"{OWN}:3: check names Python"),
        ({"policies/iam/wildcard-action.yaml": PYTHON}, "policies/iam/wildcard-action.yaml:3: check names Python"),
        ({"policies/iam/wildcard-action.yaml": PYTHON.replace("check: true", "<<: {check: true}")},
         "policies/iam/wildcard-action.yaml:"),
        ({"policies/iam/wildcard-action.yaml": CARD},
         f"{NAME}:2: there is a rule iam/wildcard-action already; give yours another name"),
        ({"policies/syntax/invalid.yaml": CARD}, f"{NAME}:2: there is a rule syntax/invalid already"),
        ({OWN: CARD.replace("require", "requires")}, f"{OWN}:4: "),
        ({OWN: "a: [\n"}, f"{OWN}:2: "),
        ({OWN: "[]\n"}, f"{OWN}:1: a card is a mapping"),
        ({OWN: "x: 1\n" + "#" * 600_000}, f"{OWN}:1: not a file of at most 500,000 bytes"),
        ({OWN: "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 99))},
         f"{OWN}:1: more than 50,000 values"),
        ({"policies/x.txt": ""}, f"{NAME}:2: policies has no rules: FAMILY/RULE.yaml"),
    ],
)  # fmt: skip
def test_a_card_that_cannot_be_taken_ends_the_run(tmp_path: Path, files: dict[str, str], message: str) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE, NAME: SETTINGS, **files})
    done = checked(repo)
    assert (done.code, done.output) == (2, "")
    assert done.complaint.startswith(f"tap-lint: {message}")


@pytest.mark.parametrize("linked", ["queue-name.yaml", "team"])
def test_a_card_that_a_link_leads_to_from_elsewhere_is_refused(tmp_path: Path, linked: str) -> None:
    written(tmp_path, {"out/team/queue-name.yaml": CARD})
    repo = repository(tmp_path / "repo", {"main.tf": QUEUE, NAME: SETTINGS, "policies/README": ""})
    if linked == "team":
        (repo / "policies" / "team").symlink_to(tmp_path / "out" / "team")
    else:
        (repo / "policies" / "team").mkdir()
        (repo / OWN).symlink_to(tmp_path / "out" / "team" / linked)
    assert checked(repo).complaint == f"tap-lint: {OWN}:1: it is a link that leads out of the repository\n"


def test_what_was_right_for_somebody_else_is_not_taken_from_the_cache(tmp_path: Path) -> None:
    written(tmp_path, {OWN: CARD})
    folder = tmp_path / "policies"
    assert [rule.id for rule in load_foreign_rules(folder, lambda path: True)] == ["team/queue-name"]
    with pytest.raises(CardError, match="leads out"):
        load_foreign_rules(folder, lambda path: False)
    written(tmp_path, {OWN: PYTHON})
    with pytest.raises(CardError, match="names Python"):
        load_foreign_rules(folder, lambda path: True)


def test_two_folders_may_not_have_one_rule(tmp_path: Path) -> None:
    repo = repository(tmp_path, {
        "a/main.tf": QUEUE, NAME: SETTINGS, OWN: CARD, f"a/{NAME}": "rules: own\n", "a/own/team/queue-name.yaml": CARD
    })  # fmt: skip
    assert checked(repo).complaint == (
        "tap-lint: a/.tap-lint.yaml:1: there is a rule team/queue-name already; give yours another name\n"
    )


def test_the_report_counts_it(tmp_path: Path) -> None:
    repo = repository(tmp_path, {"main.tf": QUEUE, NAME: SETTINGS, OWN: CARD})
    assert "1 file checked by 2 rules" in run(repo, "check").output
