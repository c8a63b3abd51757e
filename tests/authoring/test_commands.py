"""new-rule writes a card, test-rules tries it, --update writes its marks, --mutate shows what no case notices."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from tests.commands import runner
from tflint_tap.cli.main import cli


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.chdir(folder)
    return runner().invoke(cli, arguments)


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = run(tmp_path, monkeypatch, "new-rule", "storage/unnamed-bucket", "--type", "aws_s3_bucket",
               "--argument", "bucket")  # fmt: skip
    assert (made.exit_code, made.output) == (
        0,
        "rules/storage/unnamed-bucket.yaml: fill it in, then `tap-lint test-rules rules`\n",
    )
    return tmp_path / "rules" / "storage" / "unnamed-bucket.yaml"


def test_a_new_card_passes_its_own_examples(card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = run(tmp_path, monkeypatch, "test-rules", "rules", "--mutate")
    assert (tried.exit_code, tried.output) == (
        0,
        "storage/unnamed-bucket: 3 of 3 mutants are noticed\n1 rules, 3 examples and cases: all is as marked\n",
    )


def test_what_is_not_as_marked_is_told(card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card.write_text(
        card.read_text().replace("#^^^^", "#^^^", 1).replace("????????? var.given", "????????? local.given")
    )
    tried = run(tmp_path, monkeypatch, "test-rules", "rules")
    assert tried.exit_code == 1
    assert tried.output.splitlines() == [
        "storage/unnamed-bucket: bad 1: line 1, columns 1 to 36 are marked, reported is line 1, columns 1 to 37: "
        "aws_s3_bucket.example has no bucket",
        "storage/unnamed-bucket: a value from a variable without a default can't be judged: line 6: "
        "'local.given has no default' isn't in what is said: var.given has no default",
        "1 rules, 3 examples and cases: 2 differences",
    ]


def test_update_writes_the_marks_and_nothing_else(card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = card.read_text()
    lines = [line for line in before.split("\n") if "^^^^" not in line and "????" not in line]
    card.write_text("\n".join(lines))
    updated = run(tmp_path, monkeypatch, "test-rules", "rules", "--update")
    assert (updated.exit_code, updated.output) == (0, "rules/storage/unnamed-bucket.yaml: marks written\n")
    assert card.read_text() == before
    assert run(tmp_path, monkeypatch, "test-rules", "rules", "--update").output == ""


def test_a_mutant_that_no_case_notices_is_shown(card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card.write_text(card.read_text().replace("given(self.bucket)", "given(self.bucket) || self.force_destroy == true"))
    tried = run(tmp_path, monkeypatch, "test-rules", "rules", "--mutate")
    assert tried.exit_code == 1
    assert "storage/unnamed-bucket: no case notices require: self.force_destroy == true → false" in tried.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new-rule", "Bad"), "Bad: a rule id is family/name, in lower case with hyphens: messaging/dlq-loop"),
        (("new-rule", "a/b", "--type", "aws_s3_bukcet"),
         "--type aws_s3_bukcet: there is no such resource type; did you mean aws_s3_bucket?"),
        (("new-rule", "a/b", "--argument", "nmae"),
         "--argument nmae: name an argument that takes a string; did you mean name?"),
        (("test-rules", "mesaging"), "there is no rule, family or folder mesaging; did you mean messaging?"),
        (("test-rules", "iam/wildcard-acton"),
         "there is no rule, family or folder iam/wildcard-acton; did you mean iam/wildcard-action?"),
        (("test-rules", "."), ".: the folder has no rules"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    result = run(tmp_path, monkeypatch, *arguments)
    assert (result.exit_code, result.stderr) == (2, f"tap-lint: {message}\n")


def test_a_card_with_a_mistake_is_refused_with_its_line(
    card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card.write_text(card.read_text().replace("self.bucket)", "self.buckt)"))
    result = run(tmp_path, monkeypatch, "test-rules", "rules")
    assert (result.exit_code, result.stderr) == (
        2,
        "tap-lint: rules/storage/unnamed-bucket.yaml:5: aws_s3_bucket has no argument buckt; did you mean bucket?\n",
    )
