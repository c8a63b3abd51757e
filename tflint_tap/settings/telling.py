"""What is in force for a path, and where each value comes from: as rows for `tap-lint config`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..records import dataclass
from ..rule import Severity
from . import RunSettings, shown_path
from .chosen import Scheme, entries_for
from .forms import Item
from .keys import FILES_KEY, KEYS, PATHS, Joining
from .reading import Entry

DEFAULT = "default"


class Row(NamedTuple):
    """A value that is in force, and where it comes from: `path:line`, an option, or that it is the default."""

    key: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is in force for a path: the files of settings, the farthest first, the values, and the rules that report."""

    path: str
    files: tuple[str, ...]
    rows: tuple[Row, ...]
    rules: Mapping[str, Severity | None]
    excluded: bool


def told(settings: RunSettings, path: str, given: Mapping[str, Sequence[Item]]) -> Told:
    """What is in force for a file or folder; `given` is what options say of keys. SettingsError where that is wrong."""
    real, is_folder = os.path.realpath(path), os.path.isdir(path)
    folder = real if is_folder else settings.folder(path)
    scheme = settings.scheme(folder)
    file = os.path.join(folder, "main.tf" if is_folder else os.path.basename(path))
    excluded = (settings.excluding.folder if is_folder else settings.excluding.file)(real if is_folder else file)
    entries = [] if is_folder else [entry for one in scheme.chain for entry in entries_for(one, file)]
    layers = list(scheme.layers(entries))
    rows = [row for key in KEYS for row in _rows(key, scheme, layers, folder, given.get(key, ()))]
    if is_folder:
        rows += (row for one in scheme.chain for entry in one.entries for row in _of_entry(entry))
    grades = (scheme.in_force(file) if not is_folder else scheme.in_folder()).grades
    return Told(path, tuple(one.origin.path for one in scheme.chain), tuple(rows), grades, excluded)


def _rows(
    key: str, scheme: Scheme, layers: list[Mapping[str, Any]], folder: str, given: Sequence[Item]
) -> Iterator[Row]:
    joining = KEYS[key].joining
    made = [Row(key, *item) for item in given]
    if joining is Joining.ADDS:
        made = [*(row for layer in layers if key in layer for row in _values(key, layer[key])), *made]
    elif joining is Joining.BY_NAME:
        by_name = {row.value.partition(":")[0]: row for layer in layers for row in _values(key, layer.get(key, {}))}
        made = list(by_name.values())
    elif not made and joining is Joining.OWN:
        made = list(_values(key, scheme.items(key, folder)))
    elif not made:
        nearest = [layer[key] for layer in layers if key in layer]
        made = list(_values(key, nearest[-1])) if nearest else []
    yield from made or [Row(key, KEYS[key].default, DEFAULT)]


def _values(key: str, value: Any) -> Iterator[Row]:
    """A row for each text of a value."""
    if isinstance(value, Item):
        value = (value,)
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, dict):
                for param, node in inner.items():
                    yield Row(key, f"{name.text}.{param.text}: {_plain(node)}", param.place)
            else:
                yield Row(key, f"{name}: {inner.text}", inner.place)
        return
    for one in value:
        item = one if isinstance(one, Item) else one.item
        is_path = isinstance(one, Item) and os.path.isabs(item.text)
        yield Row(key, shown_path(item.text) if is_path else item.text, item.place)


def _plain(node: Any) -> str:
    """A value as JSON writes it."""

    def plain(one: Any) -> Any:
        _, kind, content = one
        if kind == "list":
            return [plain(item) for item in content]
        return {key[2]: plain(value) for key, value in content} if kind == "mapping" else content

    found = plain(node)
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _of_entry(entry: Entry) -> Iterator[Row]:
    files = ", ".join(glob.item.text for glob in entry.files)
    for key, value in entry.values.items():
        for row in _values(key, value):
            yield Row(PATHS, f"{FILES_KEY} {files}: {key} {row.value}", row.place)
