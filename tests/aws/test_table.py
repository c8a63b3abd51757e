"""Looking lines up by bisection."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tflint_tap.aws.table import open_table


def test_a_table_gives_the_fields_of_a_key_and_the_lines_that_begin_with_one(tmp_path: Path) -> None:
    path = tmp_path / "table.txt"
    path.write_text("# source: nowhere\n# date: 2026-11-23\na\t1\nab\t2\t3\nab.c\t4\nab.d\t\nb\t5\n")
    table = open_table(path)
    assert table.fields("a") == ["1"]
    assert table.fields("ab") == ["2", "3"]
    assert table.fields("ab.d") == [""]
    assert [table.fields(key) for key in ("", "ab.", "abc", "c", "# source", "1")] == [None] * 6
    assert table.section("ab.") == {"c": "4", "d": ""}
    assert table.section("c") == {}
    assert table.keys() == ("a", "ab", "ab.c", "ab.d", "b")
    assert table.header() == {"source": "nowhere", "date": "2026-11-23"}


@pytest.mark.slow
@given(
    st.lists(st.text("ab_.", min_size=1, max_size=6), min_size=1, max_size=60, unique=True),
    st.lists(st.integers(0, 9000), min_size=60, max_size=60),
)
def test_every_key_is_found_however_long_the_lines_are(
    tmp_path_factory: pytest.TempPathFactory, keys: list[str], lengths: list[int]
) -> None:
    path = tmp_path_factory.mktemp("table") / "table.txt"
    lines = sorted(f"{key}\t{'x' * length}" for key, length in zip(keys, lengths, strict=False))
    path.write_text("# a table\n" + "\n".join(lines) + "\n")
    table = open_table(path)
    for line in lines:
        key, _, rest = line.partition("\t")
        assert table.fields(key) == [rest]
        expected = {other.partition("\t")[0].removeprefix(key): other.partition("\t")[2] for other in lines
                    if other.startswith(key)}  # fmt: skip
        assert table.section(key) == expected
    assert table.fields("c") is None
