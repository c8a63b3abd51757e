"""Cards written for a test."""

from __future__ import annotations

from pathlib import Path

from tests.cards import judged
from tflint_tap.rule import Rule
from tflint_tap.rulebook.loader import read_card

HEAD = "title: T\nseverity: {severity}\nmessage: {message}\nremedy: r\nwhy: w.\nbad: b\ngood: g\n"


def card(folder: Path, text: str, message: str = "m", severity: str = "error") -> Rule:
    """The rule of a card that says this beside its head, which has seven lines."""
    path = folder / "card.yaml"
    path.write_text(HEAD.format(message=message, severity=severity) + text, encoding="utf-8")
    return read_card(path)


def findings(rule: Rule, text: str) -> list[tuple[str, str, str]]:
    """Severity (or `doubt`), the text pointed at (its first line) and the message (or the doubt's reason)."""
    report = judged(rule, text)
    assert report.failures == ()
    found = [(str(finding.severity), finding.span.text.split("\n")[0], finding.message) for finding in report.findings]
    return found + [("doubt", doubt.span.text.split("\n")[0], doubt.doubt or "") for doubt in report.doubts]
