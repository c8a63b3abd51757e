"""The settings that hold in a folder: those of its own file and of the files above it, the farthest first."""

from __future__ import annotations

import os

from . import Nearby, SettingsError, shown_path
from .reading import Settings, read_settings


class Cascade:
    """The files of settings of a run, each read once. A file that is `given` holds everywhere, and no other does."""

    def __init__(self, nearby: Nearby, given: str | None = None) -> None:
        self._nearby = nearby
        self._read: dict[str, Settings] = {}
        self._chains: dict[tuple[str, ...], tuple[Settings, ...]] = {}
        self.given = None
        if given is not None:
            root = nearby.top_of(os.path.realpath(os.path.dirname(given)))
            self.given = read_settings(given, root, given, os.path.realpath(os.curdir))

    def chain(self, folder: str) -> tuple[Settings, ...]:
        """The settings that hold in a folder, which is as it really is. SettingsError where a file is wrong."""
        if self.given is not None:
            return (self.given,)
        paths = self._nearby.files(folder)
        if paths not in self._chains:
            self._chains[paths] = tuple(self._of(path) for path in paths)
            folders: dict[str, str] = {}
            for path in paths:
                other = folders.setdefault(os.path.dirname(path), path)
                if other != path:
                    both = f"{os.path.basename(other)} has settings, too"
                    raise SettingsError(f"{shown_path(path)}: {both}: keep them in one of the two")
        return self._chains[paths]

    def _of(self, path: str) -> Settings:
        if path not in self._read:
            folder = os.path.dirname(path)
            self._read[path] = read_settings(path, self._nearby.top_of(folder), shown_path(path), folder)
        return self._read[path]
