"""Texts that are damaged at random, judged: no rule crashes, and no report holds a control character."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.cards import RULES
from tests.stacks import ROOT
from tflint_tap.discovery import Target, decoded
from tflint_tap.lint import lint
from tflint_tap.report import FORMATS, RenderOptions
from tflint_tap.rulebook.examples import unmarked

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
TOKENS = re.compile(rb"\w+|\s+|.", re.DOTALL)
ODD = (
    "\x1b[31m",
    "\x00",
    "\u202e",
    "\ufeff",
    "\x9b",
    "${",
    "%{",
    "<<EOT\n",
    '"',
    "/*",
    "é",
    "🜚",
    "\ud7ff",
    "\r",
    "}}}",
    "[[[",
)


def bytes_changed(text: bytes, other: bytes, chance: Random) -> bytes:
    made = bytearray(text)
    for _ in range(chance.randint(1, 4)):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def tokens_moved(text: bytes, other: bytes, chance: Random) -> bytes:
    tokens = TOKENS.findall(text)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(tokens))
        kept = tokens.pop(at)
        if chance.random() < 0.6 and tokens:
            tokens.insert(chance.randrange(len(tokens)), kept)
    return b"".join(tokens)


def spliced(text: bytes, other: bytes, chance: Random) -> bytes:
    return text[: chance.randrange(len(text))] + other[chance.randrange(len(other)) :]


def odd_put_in(text: bytes, other: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(ODD).encode() + text[at:]


def nested(text: bytes, other: bytes, chance: Random) -> bytes:
    at, depth = chance.randrange(len(text)), chance.randint(10, 400)
    opening, closing = chance.choice([(b"(", b")"), (b"[", b"]"), (b"{", b"}"), (b'"${', b'}"'), (b"a {\n", b"}\n")])
    return text[:at] + opening * depth + closing * depth + text[at:]


DAMAGES: tuple[Callable[[bytes, bytes, Random], bytes], ...] = (
    bytes_changed,
    tokens_moved,
    spliced,
    odd_put_in,
    nested,
)


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damaged_texts_are_judged_without_a_crash(damage: Callable[[bytes, bytes, Random], bytes]) -> None:
    chance = Random(damage.__name__)
    texts = [unmarked(text)[0].encode() for rule in RULES for text in (*rule.bad, *rule.good)]
    for number in range(120):
        content = damage(chance.choice(texts), chance.choice(texts), chance)
        source = decoded(f"case{number}.tf", content)
        report = lint([Target((source,), (source,), None)], RULES)
        assert report.failures == (), content
        options = RenderOptions("/", "")
        for name in ("text", "json"):
            assert not CONTROL.search(FORMATS[name](report, options)), content


@pytest.mark.slow
def test_a_report_is_the_same_under_any_hash_seed(tmp_path: Path) -> None:
    text = "\n".join(unmarked(text)[0] for rule in RULES if not rule.contract_only for text in rule.bad[:1])
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    printed = set()
    for seed in ("0", "1", "4711"):
        for format_ in ("text", "sarif"):
            run = subprocess.run(
                [sys.executable, "-m", "tflint_tap", "check", "main.tf", "--format", format_],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
                capture_output=True,
                check=False,
            )
            assert run.returncode == 1, run.stderr
            printed.add((format_, run.stdout))
    assert len(printed) == 2
