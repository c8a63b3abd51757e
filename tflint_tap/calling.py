"""The modules that calls lead to: their files, and which of a run's modules are roots.

A source that begins with `./` or `../` is a folder beside the calling module's. Any other source is looked up in what
`terraform init` has written, `.terraform/modules/modules.json` of the root module; where that isn't there, the call
isn't followed. No file outside the repository that the root module lies in is read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from .discovery import Target, Unread, sources_of
from .hcl.nodes import File
from .records import dataclass, field
from .terraform.configuration.flattening import Opened
from .text.ignored import repository_of
from .text.looking import look
from .text.source import Source

_LOCAL = ("./", "../")
_LARGEST_LIST = 5_000_000  # bytes of a modules.json


@dataclass(eq=False)
class Called:
    """The folders of the modules that a root module calls, each read once.

    `parse` gives the tree of a source, `known` the sources that the run has read already, by where they really are.
    """

    root: Path
    parse: Callable[[Source], File]
    known: Mapping[str, Source]
    folders: list[Path] = field(default_factory=list)
    _opened: dict[tuple[str, str, str], Opened | str | None] = field(default_factory=dict)
    _read: dict[tuple[str, bool], Opened | str] = field(default_factory=dict)
    _listed: dict[str, str] | None = None

    def open(self, folder: str, source: str, key: str) -> Opened | str | None:
        """The module that a call leads to, the reason why there is none, None where it isn't at hand."""
        is_local = source.startswith(_LOCAL) or source in (".", "..")
        asked = (folder, source, "" if is_local else key)
        if asked not in self._opened:
            self._opened[asked] = self._found(*asked, is_local=is_local)
        return self._opened[asked]

    def _found(self, folder: str, source: str, key: str, *, is_local: bool) -> Opened | str | None:
        if is_local:
            path = Path(os.path.normpath(os.path.join(folder, source)))
        else:
            found = self._installed().get(key)
            if found is None:
                return None
            path = self.root / found
        look(path)
        real = os.path.realpath(path)
        if not self._is_within(real):
            return None
        place = (real, is_local)
        if place not in self._read:
            self._read[place] = self._made(real, source, is_local=is_local)
        return self._read[place]

    def _made(self, real: str, source: str, *, is_local: bool) -> Opened | str:
        folder = Path(real)
        look(real)
        if not folder.is_dir():
            return f"there is no folder {source}" if is_local else f"its folder {folder.name} isn't there"
        shown = os.path.relpath(real, os.path.realpath(self.root))
        base = self.root / shown if str(self.root) != "." else Path(shown)
        found = list(sources_of(Path(os.path.normpath(base)), self.known))
        if not found:
            return f"the folder {source} has no .tf files"
        self.folders.append(folder)
        files = tuple(self.parse(source) for source in found if isinstance(source, Source))
        unread = tuple(item.path for item in found if isinstance(item, Unread))
        return Opened(real, Path(shown).as_posix(), files, unread, is_local)

    def _installed(self) -> dict[str, str]:
        """The folders of installed modules, by the calls that lead to them: `network.subnets`."""
        if self._listed is None:
            self._listed = dict(_installed(self.root / ".terraform" / "modules" / "modules.json"))
        return self._listed

    def _is_within(self, real: str) -> bool:
        """Return True if a folder lies in the repository of the root module, where that is in one."""
        top = repository_of(Path(os.path.realpath(self.root)))
        return top is None or Path(real) == top or top in Path(real).parents


def _installed(file: Path) -> Iterator[tuple[str, str]]:
    look(file)
    try:
        if not file.is_file() or file.stat().st_size > _LARGEST_LIST:
            return
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return
    listed = content.get("Modules") if isinstance(content, dict) else None
    for entry in listed if isinstance(listed, list) else ():
        key, folder = (entry.get("Key"), entry.get("Dir")) if isinstance(entry, dict) else (None, None)
        if isinstance(key, str) and isinstance(folder, str):
            yield key, folder


def roots_first(targets: Iterable[Target], calls_of: Callable[[Target], Iterable[str]]) -> list[Target]:
    """The targets, those first that no other one calls; `calls_of` gives the sources of a module's calls."""
    listed = list(targets)
    called: set[str] = set()
    for target in listed:
        if target.folder is None:
            continue
        own = os.path.realpath(target.folder)
        places = (os.path.realpath(target.folder / source) for source in calls_of(target) if source.startswith(_LOCAL))
        called.update(place for place in places if place != own)
    return sorted(listed, key=lambda target: target.folder is not None and _real(target) in called)


def joined_by_calls(targets: Iterable[Target], calls_of: Callable[[Target], Iterable[str]]) -> list[list[Target]]:
    """The targets in groups: those that call each other, at first or second hand, or lie in one folder, are in one."""
    groups: dict[str, list[Target]] = {}
    first: dict[str, str] = {}  # the folder of a group, by one of its folders

    def root(folder: str) -> str:
        while first.setdefault(folder, folder) != folder:
            first[folder] = folder = first[first[folder]]
        return folder

    listed = [(target, "" if target.folder is None else _real(target)) for target in targets]
    for target, folder in listed:
        for source in calls_of(target) if target.folder is not None else ():
            if source.startswith(_LOCAL):
                first[root(os.path.realpath(target.folder / source))] = root(folder)  # type: ignore[operator]
    for target, folder in listed:
        groups.setdefault(root(folder), []).append(target)
    return list(groups.values())


def _real(target: Target) -> str:
    assert target.folder is not None
    return os.path.realpath(target.folder)
