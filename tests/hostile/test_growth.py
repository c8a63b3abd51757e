"""What is large in one way costs in proportion: each shape judged by all rules, the work counted at three sizes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.cards import RULES
from tflint_tap.discovery import targets
from tflint_tap.lint import lint

from .shapes import SHAPES

SIZE = 12
LINEAR = 2.4  # how much more the second doubling costs than the first: 2 is linear, 4 quadratic
FEW = 2_000  # calls that a doubling may add whatever its form
# what has a bound of its own that lies between the sizes, by the sizes to take instead
OTHER_SIZES = {"a long string": 400, "comments": 200}


def calls(do: Callable[[], object]) -> int:
    """The calls of functions, built-in ones too, and the steps of generators: the same on every machine."""
    count = 0

    def profile(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        do()
    finally:
        sys.setprofile(before)
    return count


def judged(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert lint(targets([str(folder)], ()), RULES).failures == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", SHAPES)
def test_twice_the_size_is_twice_the_work(name: str, tmp_path: Path) -> None:
    size = OTHER_SIZES.get(name, SIZE)
    judged(tmp_path / "warm", SHAPES[name](2))
    work = [calls(partial(judged, tmp_path / str(factor), SHAPES[name](factor * size))) for factor in (1, 2, 4)]
    first, second = work[1] - work[0], work[2] - work[1]
    assert second <= LINEAR * first + FEW, f"{work}: the second doubling costs {second / max(first, 1):.1f} times more"
