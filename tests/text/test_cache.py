"""What is kept between runs, and what isn't."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tflint_tap.text.cache import remembered


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of one's own."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "tap-lint"


class _Maker:
    """Makes a number, a new one each time."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> int:
        self.made += 1
        return self.made


def test_what_was_made_for_a_key_is_made_once(folder: Path) -> None:
    make = _Maker()
    assert [remembered("a", "x", key, make) for key in (1, 1, (2, "b"), (2, "b"), 1)] == [1, 1, 2, 2, 3]
    assert len(list(folder.iterdir())) == 1


def test_two_origins_do_not_disturb_each_other(folder: Path) -> None:
    make = _Maker()
    assert [remembered("a", origin, 1, make) for origin in ("x", "y", "x", Path("y"), "./x")] == [1, 2, 1, 2, 1]


@pytest.mark.parametrize("content", [b"", b"\x00", b"N", b"not marshal", b"(\x01\x00\x00\x00N"])
def test_what_is_damaged_is_made_anew(folder: Path, content: bytes) -> None:
    make = _Maker()
    remembered("a", "x", 1, make)
    (file,) = folder.iterdir()
    file.write_bytes(content)
    assert [remembered("a", "x", 1, make) for _ in range(2)] == [2, 2]


def test_no_single_damage_passes(folder: Path) -> None:
    made = {"a": [1, "b", (2.5, None)], "c": {"d": True}}
    assert remembered("a", "x", 1, lambda: made) == made
    (file,) = folder.iterdir()
    sound = file.read_bytes()
    for position in range(len(sound)):
        for value in (sound[position] ^ 1, sound[position] ^ 0x80, 0xFF - sound[position]):
            file.write_bytes(sound[:position] + bytes([value]) + sound[position + 1 :])
            assert remembered("a", "x", 1, lambda: "anew") == "anew"
            file.write_bytes(sound)


def test_what_was_made_long_ago_is_dropped_when_something_is_written(folder: Path) -> None:
    make = _Maker()
    for origin in ("old", "new"):
        remembered("a", origin, 1, make)
    for file in folder.iterdir():
        (folder / "elsewise.txt").touch()
        age = 61 if file.name == _file(folder, "old") else 59
        os.utime(file, (time.time() - age * 86400,) * 2)
    remembered("a", "third", 1, make)
    assert {file.name for file in folder.iterdir()} == {
        "elsewise.txt",
        _file(folder, "new"),
        _file(folder, "third"),
    }


def _file(folder: Path, origin: str) -> str:
    import sys
    import zlib

    place = zlib.crc32(os.fsencode(os.path.abspath(origin)))
    return f"a-{place:08x}-{sys.version_info[0]}{sys.version_info[1]}.cache"
