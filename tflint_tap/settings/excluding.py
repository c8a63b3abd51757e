"""What is excluded: by the patterns of files of settings, each for its folder, and by those of options."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from ..text.ignored import Pattern, covers, is_below
from . import SettingsError
from .cascade import Cascade
from .forms import Item, WrongValue, glob_of


class Excluding:
    """What is excluded; paths are as they really are. SettingsError where an option is no pattern."""

    def __init__(self, cascade: Cascade | None, options: Iterable[str]) -> None:
        try:
            self._options = [glob_of(Item(text, "--exclude"), 0).pattern for text in options]
        except WrongValue as error:
            raise SettingsError(f"--exclude: {error}") from None
        self._here = os.path.realpath(os.curdir)
        self._cascade = cascade

    def file(self, path: str) -> bool:
        return covers(self._levels(path, os.path.dirname(path)), path)

    def folder(self, path: str) -> bool:
        return covers(self._levels(path, path), path, is_folder=True)

    def _levels(self, path: str, folder: str) -> Iterator[tuple[str, Iterable[Pattern]]]:
        """The patterns for what lies in a folder, each with the folder that they are for."""
        for one in self._cascade.chain(folder) if self._cascade is not None else ():
            globs = one.values.get("exclude", ())
            if globs:
                yield one.origin.base, [glob.pattern for glob in globs]
        if self._options:
            is_here = is_below(path, self._here)
            yield self._here if is_here else os.path.splitdrive(path)[0] + os.sep, self._options
