"""The line hashes of GitHub code scanning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.work import LINEAR, growth
from tflint_tap.report.fingerprint import line_hashes

END_OF_FILE = "c129715d7a2bc9a3:1"
GREETING = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    END_OF_FILE,
]

# The inputs and hashes of github/codeql-action, src/fingerprints.test.ts.
VECTORS = [
    ("", [END_OF_FILE]),
    (
        " a\nb\n  \t\tc\n d",
        ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
    ),
    (
        " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
        [
            "8b7cf3e952e7aeb2:1",
            "b1ae1287ec4718d9:1",
            "bff680108adb0fcc:1",
            "c6805c5e1288b612:1",
            "b86d3392aea1be30:1",
            "e6ceba753e1a442:1",
        ],
    ),
    (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETING),
    (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", GREETING),
    (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETING),
    (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", GREETING),
    (
        "Lorem ipsum dolor sit amet.\n" * 10,
        [
            "a7f2ff13bc495cf2:1",
            "a7f2ff13bc495cf2:2",
            "a7f2ff13bc495cf2:3",
            "a7f2ff13bc495cf2:4",
            "a7f2ff13bc495cf2:5",
            "a7f2ff13bc495cf2:6",
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            END_OF_FILE,
        ],
    ),
]


@pytest.mark.parametrize(("text", "hashes"), VECTORS)
def test_the_hashes_are_those_of_the_upload_action(text: str, hashes: list[str]) -> None:
    assert line_hashes(text) == hashes


def one_unit_after_the_other(text: str) -> list[str]:
    """The algorithm told as the action performs it: unit by unit, with a window that goes round."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    units = [int.from_bytes(encoded[at : at + 2], "little") for at in range(0, len(encoded), 2)]
    window, lines = [0] * 100, [-1] * 100
    value = index = line = 0
    at_start, after_return = True, False
    seen: dict[str, int] = {}
    hashes = []

    def leave() -> None:
        if lines[index] != -1:
            digits = f"{value:x}"
            seen[digits] = seen.get(digits, 0) + 1
            hashes.append(f"{digits}:{seen[digits]}")
            lines[index] = -1

    def enter(unit: int) -> None:
        nonlocal value, index
        value = (37 * value + unit - pow(37, 100) * window[index]) % 2**64
        window[index] = unit
        index = (index + 1) % 100

    for unit in [*units, 65535]:
        if unit in (32, 9) or (after_return and unit == 10):
            after_return = False
            continue
        after_return = unit == 13
        unit = 10 if unit == 13 else unit
        leave()
        if at_start:
            line, at_start = line + 1, False
            lines[index] = line
        at_start = unit == 10
        enter(unit)
    for _ in range(100):
        leave()
        enter(0)
    return hashes


@pytest.mark.slow
@given(st.text(st.sampled_from("ab \t\r\n\ufeffé𝛑\ud800") | st.characters(), max_size=400))
def test_the_hashes_equal_those_made_unit_by_unit(text: str) -> None:
    assert line_hashes(text) == one_unit_after_the_other(text)


@pytest.mark.slow
@given(st.text(max_size=400))
def test_every_line_that_terraform_counts_has_a_hash(text: str) -> None:
    assert len(line_hashes(text)) >= text.count("\n") + 1


def test_the_work_is_linear_in_the_text() -> None:
    line = '  name = "${local.name_prefix}-jobs"\n'
    assert growth(lambda lines: line_hashes(line * lines), 200) < LINEAR
