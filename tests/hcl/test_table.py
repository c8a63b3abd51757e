"""The parse table: bundled, or made once and kept where the user may write."""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from pathlib import Path

import pytest

from tflint_tap.hcl import table
from tools import build_parse_table


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of one's own, a short grammar that isn't the bundled table's, and a count of its analyses."""
    grammar = tmp_path / "hcl2.lark"
    grammar.write_text('start: "a"\n')
    monkeypatch.setattr(table, "grammar_file", lambda: grammar)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("sys.platform", "linux")
    analysed: list[str] = []
    analyse = table.analyse
    monkeypatch.setattr(table, "analyse", lambda text: analysed.append(text) or analyse(text))
    monkeypatch.setattr(table, "_analysed", analysed, raising=False)
    return tmp_path


def analyses() -> int:
    return len(table._analysed)  # type: ignore[attr-defined]


BUNDLED_FOR = json.loads(table.BUNDLED.read_text())["source"].split()[3]
of_its_version = pytest.mark.skipif(version("python-hcl2") != BUNDLED_FOR, reason=f"it is python-hcl2 {BUNDLED_FOR}'s")


@pytest.mark.slow
@of_its_version
def test_the_bundled_table_is_current() -> None:
    assert json.loads(table.BUNDLED.read_text()) == json.loads(build_parse_table.content())


@of_its_version
def test_the_bundled_table_is_taken_for_the_grammar_it_was_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "remembered", lambda *_: pytest.fail("the bundled table isn't taken"))
    assert len(table.load().actions) == len(json.loads(table.BUNDLED.read_text())["table"][1])


def test_another_grammar_is_analysed_once_and_kept(cache: Path) -> None:
    first = table.load()
    assert table.load() == first
    assert analyses() == 1
    assert len(list((cache / "cache" / "tap-lint").iterdir())) == 1


def test_a_damaged_table_is_made_anew(cache: Path) -> None:
    first = table.load()
    (kept,) = (cache / "cache" / "tap-lint").iterdir()
    kept.write_bytes(kept.read_bytes()[:20])
    assert table.load() == first
    assert analyses() == 2


def test_where_the_cache_cannot_be_written_the_folder_for_temporary_files_serves(cache: Path) -> None:
    (cache / "cache").write_text("a file, where the cache's folder should be")
    (cache / "temporary").mkdir()
    first = table.load()
    assert table.load() == first
    assert analyses() == 1


def test_a_folder_that_others_may_write_is_not_trusted(cache: Path) -> None:
    table.load()
    (cache / "cache" / "tap-lint").chmod(0o777)
    table.load()
    assert analyses() == 2


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="the system has no links")
def test_a_link_in_the_place_of_the_folder_is_not_trusted(cache: Path) -> None:
    (cache / "elsewhere").mkdir(mode=0o777)
    (cache / "elsewhere").chmod(0o777)
    (cache / "cache").mkdir()
    (cache / "cache" / "tap-lint").symlink_to(cache / "elsewhere")
    table.load()
    assert list((cache / "elsewhere").iterdir()) == []
