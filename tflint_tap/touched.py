"""The modules that changed files concern: those that the files belong to, those that name them, and their callers.

Paths are those of git: from the repository's folder, with slashes. A file that is gone counts as one that is there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from posixpath import basename, dirname

from .discovery import LOCK_FILE, SKIPPED, Target, read_source
from .hcl.nodes import File
from .lint import local_calls
from .terraform.module.file_names import is_read
from .text.mentions import mentions_in, mentions_of
from .text.source import Source, SourceError

_VALUES = (".tfvars", ".tfvars.json")
_LOCAL_SOURCE = re.compile(r'"(\.{1,2}(?:/[^"\n$%]*)?)"')


def files_touched(top: str, tracked: Iterable[str], changed: Iterable[str], naming: Iterable[str]) -> list[str]:
    """The files of the modules that changes concern, in order.

    `top` is the repository's folder, `tracked` are the Terraform files in it that git knows, `changed` the files that
    differ, and `naming` the Terraform files that may name such of them as aren't Terraform's.
    """
    modules = _modules(top, tracked)
    found: set[str] = set()
    others: dict[str, list[str]] = {}  # by what would name them
    for path in changed:
        folder, name = dirname(path), basename(path)
        if _is_skipped(path):
            continue
        if is_read(name) or name == LOCK_FILE:
            found.add(folder)
        elif name.endswith(_VALUES):
            found |= _users(folder, modules)
        else:
            for mention in mentions_of(path):
                others.setdefault(mention, []).append(path)
    found |= {dirname(file) for file in naming if _names_any(top, file, others)}
    return [file for folder in sorted(_with_callers(top, found, modules)) for file in modules.get(folder, ())]


def _modules(top: str, tracked: Iterable[str]) -> dict[str, list[str]]:
    """The files of each module, by its folder."""
    made: dict[str, list[str]] = {}
    for file in sorted(tracked):
        if is_read(basename(file)) and not _is_skipped(file) and os.path.lexists(os.path.join(top, file)):
            made.setdefault(dirname(file), []).append(file)
    return made


def _is_skipped(path: str) -> bool:
    return not set(SKIPPED).isdisjoint(path.split("/")[:-1])


def _users(folder: str, modules: Mapping[str, object]) -> set[str]:
    """The modules that a file of values in a folder is for: the nearest above; any of them where there is none."""
    place = folder
    while place not in modules:
        if not place:
            return set(modules)
        place = dirname(place)
    return {place}


def _names_any(top: str, file: str, others: Mapping[str, list[str]]) -> bool:
    """Return True if a Terraform file names one of the others: one below its folder in any way, else by its end."""
    text = _text(top, file)
    folder = dirname(file)
    for mention in others.keys() & mentions_in(text):
        for path in others[mention]:
            below = path.removeprefix(f"{folder}/") if folder else path
            if below != path or not folder:
                if mention in mentions_of(below):
                    return True
            elif _names_elsewhere(text, path):
                return True
    return False


def _names_elsewhere(text: str, path: str) -> bool:
    name = basename(path)
    return f'{basename(dirname(path))}/{name}"' in text or f'../{name}"' in text


def _with_callers(top: str, folders: set[str], modules: Mapping[str, list[str]]) -> set[str]:
    """The folders, with those of the modules that call them, at first or second hand."""
    if not folders:
        return folders
    callers: dict[str, set[str]] = {}
    for file in (file for files in modules.values() for file in files):
        for source in _LOCAL_SOURCE.findall(text) if "module" in (text := _text(top, file)) else ():
            callers.setdefault(_real(top, dirname(file), source), set()).add(file)
    trees: dict[Source, File] = {}
    found = set(folders)
    waiting = list(folders)
    while waiting:
        called = _real(top, waiting.pop())
        for file in sorted(callers.get(called, ())):
            folder = dirname(file)
            if folder not in found and called in _calls(top, file, trees):
                found.add(folder)
                waiting.append(folder)
    return found


def _calls(top: str, file: str, trees: dict[Source, File]) -> set[str]:
    """The folders that the calls in a file lead to; a text that looks like a source may be something else."""
    folder = dirname(file)
    try:
        source = read_source(Path(top, file))
    except SourceError:
        return set()
    return {_real(top, folder, call) for call in local_calls(Target((source,), (), Path(top, folder)), trees)}


def _text(top: str, file: str) -> str:
    try:
        return read_source(Path(top, file)).text
    except SourceError:
        return ""  # the run that follows says why, where the file is one of those that are judged


def _real(top: str, *parts: str) -> str:
    return os.path.realpath(os.path.join(top, *parts))
