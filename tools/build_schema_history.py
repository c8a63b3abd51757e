#!/usr/bin/env python3
"""Build tflint_tap/aws/schema_history.txt: what earlier releases of the AWS provider accept otherwise than schema.txt.

    tools/build_schema_history.py --packages FOLDER            # download what isn't there with npm, write the table
    tools/build_schema_history.py --packages FOLDER --check    # say whether the table is that; exit code 1 if not

Sources: the npm packages that tools/schema_releases.tsv lists, one for each minor version of the provider (their text,
never executed), and tools/schema_changes.tsv for a release without a package. The notation of the table is described in
tflint_tap/aws/history.py, which reads it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from older_bindings import Tree, trees  # noqa: E402 (after the path)
from tables import options, run  # noqa: E402

from tflint_tap.aws.schema import Type, parse_type  # noqa: E402 (found beside this script, not installed)

TABLE = ROOT / "tflint_tap" / "aws" / "schema_history.txt"
RELEASES = Path(__file__).resolve().parent / "schema_releases.tsv"
CHANGES = Path(__file__).resolve().parent / "schema_changes.tsv"
# Paths whose content schema.txt leaves open. The bindings of older releases spell the recursion out.
OPAQUE = (("aws_wafv2_rule_group", "rule.statement"), ("aws_wafv2_web_acl", "rule.statement"))
NONE = "-"  # instead of a package
_CUT = "…"  # a block within itself
_MARKS = "!?~="  # of attributes

State: TypeAlias = str  # `?s` of an attribute, `list0-1` of blocks, `-` where there is neither


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """A block's content in a release. Equal contents are one."""

    attributes: dict[str, str]
    blocks: dict[str, tuple[str, Content]]
    partial: bool
    told: bool

    def state(self, name: str) -> State:
        if name in self.attributes:
            return self.attributes[name]
        return self.blocks[name][0] if name in self.blocks else "-"


@dataclass(frozen=True, slots=True)
class Release:
    """A line of tools/schema_releases.tsv."""

    provider: str
    package: str
    version: str
    sha256: str


def main() -> int:
    parser = options("Build the table of what earlier releases of the provider accept.", TABLE)
    parser.add_argument("--packages", type=Path, required=True, help="the folder of the packages' files")
    args = parser.parse_args()

    def build(folder: Path, date: str) -> str:
        return table(listed_releases(RELEASES.read_text(encoding="utf-8")), folder, date)

    args.package = None
    return run(args, f"the packages of {RELEASES.name}", lambda _: fetched(args), build)


def listed_releases(text: str) -> list[Release]:
    """The releases to read, the oldest first."""
    made = [Release(row["provider"], row["package"], row["version"], row["sha256"]) for row in _rows(text)]
    return sorted(made, key=lambda release: _numbers(release.provider))


def _rows(text: str) -> csv.DictReader[str]:
    return csv.DictReader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t")


def fetched(args: argparse.Namespace) -> Path:
    """The folder of the packages, with those that weren't there."""
    folder: Path = args.packages
    for release in listed_releases(RELEASES.read_text(encoding="utf-8")):
        if release.package != NONE and not file_of(release, folder).exists():
            name = f"{release.package}@{release.version}"
            command = ["npm", "pack", "--silent", name, "--pack-destination", str(folder)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def file_of(release: Release, folder: Path) -> Path:
    """A package's file, named as npm names it."""
    return folder / f"{release.package.removeprefix('@').replace('/', '-')}-{release.version}.tgz"


def table(releases: Sequence[Release], folder: Path, date: str) -> str:
    """The table's text. ValueError where a package isn't the one that was listed."""
    known: dict[object, Content] = {}
    types: dict[str, list[Content | None]] = {}
    for number, release in enumerate(releases):
        if release.package == NONE:
            continue
        path = file_of(release, folder)
        if hashlib.sha256(path.read_bytes()).hexdigest() != release.sha256:
            raise ValueError(f"{path} is not the package that {RELEASES.name} lists")
        version, found = trees(path, OPAQUE)
        if version != release.provider:
            raise ValueError(f"{path} is made of {version}, not of {release.provider}")
        add(types, number, len(releases), found, known)
    fill(releases, types)
    return written(releases, types, date)


def fill(releases: Sequence[Release], types: dict[str, list[Content | None]]) -> None:
    """Give a release without a package the types of the next one, as changed. ValueError where a change isn't one."""
    for number, release in enumerate(releases):
        if release.package != NONE:
            continue
        for contents in types.values():
            contents[number] = contents[number + 1]
        for row in _rows(CHANGES.read_text(encoding="utf-8")):
            if row["provider"] == release.provider:
                contents, steps = types[row["type"]], row["path"].split(".") if row["path"] else []
                before = contents[number - 1] if row["fact"] == "present" else None
                contents[number] = _changed(contents[number], steps, before) if steps else None


def _changed(content: Content | None, steps: Sequence[str], before: Content | None) -> Content:
    """A content without a name, or with it as it was before."""
    name, *inner = steps
    if content is None or (name not in content.attributes and name not in content.blocks) is (before is None):
        raise ValueError(f"{'.'.join(steps)} is no change")
    attributes, blocks = dict(content.attributes), dict(content.blocks)
    if inner:
        blocks[name] = (blocks[name][0], _changed(blocks[name][1], inner, before.blocks[name][1] if before else None))
    elif before is None:
        attributes.pop(name, None)
        blocks.pop(name, None)
    else:
        attributes[name] = before.attributes[name]
    return Content(attributes, blocks, content.partial, content.told)


def add(
    types: dict[str, list[Content | None]],
    number: int,
    count: int,
    found: dict[str, Tree],
    known: dict[object, Content],
) -> None:
    """Note a release's types, equal contents once."""
    for key, tree in found.items():
        types.setdefault(key, [None] * count)[number] = _interned(tree, known, {})


def written(releases: Sequence[Release], types: dict[str, list[Content | None]], date: str) -> str:
    minors = [_minor(release.provider) for release in releases]
    header = [
        "# what earlier releases of the AWS provider accept otherwise than schema.txt",
        f"# source: a package for each release, tools/{RELEASES.name} (npm, MPL-2.0), and tools/{CHANGES.name}",
        f"# releases: {' '.join(minors)}",
        f"# date: {date}",
        f"# releases sha256: {hashlib.sha256(RELEASES.read_bytes()).hexdigest()}",
        f"# changes sha256: {hashlib.sha256(CHANGES.read_bytes()).hexdigest()}",
        "# built by tools/build_schema_history.py; tflint_tap/aws/history.py explains the notation",
    ]
    lines = []
    for key in sorted(types):
        fields = list(_fields(key, types[key], minors))
        if fields:
            lines.append("\t".join([key, *fields]))
    return "\n".join(header + lines) + "\n"


def _interned(tree: Tree, known: dict[object, Content], done: dict[int, Content | None]) -> Content:
    """A tree without what is special to its release, equal ones once; a block within itself is cut."""
    if id(tree) in done:
        found = done[id(tree)]
        return found if found is not None else _one(known, {_CUT: "?a"}, {}, partial=False, told=True)
    done[id(tree)] = None
    blocks = {name: (mode, _interned(inner, known, done)) for name, (mode, inner) in sorted(tree.blocks.items())}
    attributes = dict(sorted(tree.attributes.items()))
    done[id(tree)] = made = _one(known, attributes, blocks, partial=tree.partial, told=tree.told)
    return made


def _one(
    known: dict[object, Content],
    attributes: dict[str, str],
    blocks: dict[str, tuple[str, Content]],
    *,
    partial: bool,
    told: bool,
) -> Content:
    inner = tuple((name, mode, id(content)) for name, (mode, content) in blocks.items())
    key = (tuple(attributes.items()), inner, partial, told)
    return known.setdefault(key, Content(attributes, blocks, partial, told))


# -- what differs --------------------------------------------------------------------------------------------


def _fields(key: str, contents: Sequence[Content | None], minors: Sequence[str]) -> Iterator[str]:
    """The fields of a type's line: when the type is there, and what was otherwise in it."""
    there = ["+" if content is not None else "-" for content in contents]
    for first, last, state in _runs(list(enumerate(there)), len(minors)):
        if state != there[-1]:
            yield f"{_range(first, last, minors)} {state}"
    groups: dict[tuple[str, int, int, str], list[str]] = defaultdict(list)
    for path, name, first, last, state in _changes("", contents):
        groups[path, first, last, state].append(name)
    for (path, first, last, state), names in sorted(groups.items()):
        yield f"{_range(first, last, minors)} {state} {path or '.'} {' '.join(sorted(names))}"


def _changes(path: str, contents: Sequence[Content | None]) -> Iterator[tuple[str, str, int, int, State]]:
    """What differs from the last release: path, name, first and last release, and how it was there."""
    current = contents[-1]
    if all(content is None or content is current for content in contents):
        return
    names = {name for content in contents if content is not None for name in (*content.attributes, *content.blocks)}
    for name in sorted(names - {_CUT}):
        now = current.state(name) if current is not None else "-"
        then = [
            (number, now if _is_same(content, name, now) else content.state(name))
            for number, content in enumerate(contents)
            if content is not None and not (content.partial and content.state(name) == "-" and now[0] == "=")
        ]
        for first, last, state in _runs(then, len(contents)):
            if state != now:
                yield path, name, first, last, state
        inner = [content.blocks[name][1] if content and name in content.blocks else None for content in contents]
        if now[0] in _MARKS:  # what was written as a block, as is guessed, and is the attribute that it is now
            guessed = {number for number, state in then if state == now}
            inner = [None if number in guessed else content for number, content in enumerate(inner)]
        yield from _changes(f"{path}.{name}" if path else name, inner)


def _runs(states: Sequence[tuple[int, State]], count: int) -> Iterator[tuple[int, int, State]]:
    """Stretches of releases of one state: first, last, state; those of no known state belong to the one before."""
    starts = [at for at in range(len(states)) if at == 0 or states[at][1] != states[at - 1][1]]
    for at, following in zip(starts, [*starts[1:], None], strict=True):
        last = count - 1 if following is None else states[following][0] - 1
        yield (0 if at == 0 else states[at][0]), last, states[at][1]


def _is_same(content: Content, name: str, now: State) -> bool:
    """Return True if a name was as it is now, as far as the release tells and as it matters."""
    state = content.state(name)
    if state == now or "-" in (state, now):
        return state == now
    is_attribute, was_attribute = now[0] in _MARKS, state[0] in _MARKS
    if not is_attribute and not was_attribute:
        return _limits(state) == _limits(now)
    if is_attribute and was_attribute:
        return _use(state) == _use(now) and _is_part(_type(state), _type(now))
    if content.told:
        return False
    # whether it is written as a block was guessed
    return "(" in (now if is_attribute else state) and (state if was_attribute else now)[0] != "="


def _use(state: State) -> str:
    """What a configuration may do with an attribute: it must set it (!), can (?), or only reads it (=)."""
    return state[0].replace("~", "?")


def _limits(state: State) -> tuple[int, str]:
    least, _, most = state.lstrip("abcdefghijklmnopqrstuvwxyz").partition("-")
    return int(least or 0), "1" if state.startswith("single") else most


@cache
def _type(state: State) -> Type:
    return parse_type(state.lstrip("!?~=^"))


def _is_part(old: Type, new: Type) -> bool:
    """Return True if the new type has all that the old one has: lists count as sets, and objects may have more."""
    if "any" in (old.kind, new.kind):
        return True
    if old.element is not None and new.element is not None:
        return (old.kind == "map") == (new.kind == "map") and _is_part(old.element, new.element)
    if old.kind != new.kind:
        return False
    known = new.attributes
    return all(name in known and _is_part(type_, known[name]) for name, type_ in old.attributes.items())


def _range(first: int, last: int, minors: Sequence[str]) -> str:
    return f"{minors[first] if first else ''}-{minors[last] if last < len(minors) - 1 else ''}"


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


if __name__ == "__main__":
    sys.exit(main())
