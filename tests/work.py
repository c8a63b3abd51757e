"""How much work something takes, counted instead of timed: the same on every machine, however busy it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

LINEAR = 6  # growth() below this: 4 is linear, 16 quadratic


def growth(do: Callable[[int], object], size: int) -> float:
    """How much more work four times the size is; a first run, that fills the caches, isn't counted."""
    do(size)
    return work(lambda: do(4 * size)) / work(lambda: do(size))


class TooMuchWork(Exception):
    """What isn't worth counting to its end."""


def work(do: Callable[[], object], most: int = 50_000_000) -> int:
    """The lines of Python that run while `do` does, and the calls of built-in functions. TooMuchWork beyond `most`.

    What one call of a built-in function costs isn't seen: tests.patterns counts the steps of a regular expression.
    """
    count = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        if count > most:
            raise TooMuchWork
        return trace

    def profile(frame: FrameType, event: str, arg: Any) -> None:
        nonlocal count
        count += event == "c_call"

    tracing, profiling = sys.gettrace(), sys.getprofile()
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        do()
    finally:
        sys.settrace(tracing)
        sys.setprofile(profiling)
    return count
