"""Paths → the files to read, put together into modules as Terraform would."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from .contract import Contract
from .contract.recognition import recognises
from .records import dataclass
from .text.source import Source, SourceError

LARGEST_FILE = 2_000_000  # bytes: thirty times the reference stack; judging more would take longer than a commit may
_SUFFIX, _JSON = ".tf", ".tf.json"


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A module to judge: its sources, those of them that findings are wanted for, and where it lies.

    A `contract` is what it has to hold: the one file, standing by itself, or the whole module. `unread` are the
    module's files in Terraform's JSON syntax; those of them that were to be checked are `refused`. `unclaimed` are the
    files that a contract is for by their names, and doesn't recognise.
    """

    sources: tuple[Source, ...]
    shown: tuple[Source, ...]
    folder: Path | None
    contract: Contract | None = None
    unread: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    unclaimed: tuple[tuple[str, Contract], ...] = ()


def targets(
    paths: Iterable[str],
    contracts: Iterable[Contract],
    stdin: tuple[str, str] | None = None,
    given: Contract | None = None,
) -> list[Target]:
    """The modules that these files and folders stand for. `-` is the text `stdin`, a path and its content.

    Each of `contracts` holds for the files that it recognises. A contract that is `given` holds for those of the name
    that it claims, else for the only file or folder that there is, and no other contract holds for anything.

    SourceError where anything can't be read, there is nothing to read, or nothing that the given contract can be for.
    """
    wanted: dict[Path, set[Path]] = {}
    texts: dict[Path, Source] = {}
    folders: dict[str, Path] = {}  # by where they really are, under the first name that they are given
    for path in paths:
        if path == "-":
            assert stdin is not None
            file = Path(stdin[0])
            texts[file] = Source(stdin[0], stdin[1])
            files: list[Path] = [file]
        else:
            files = list(_files(Path(path)))
        for file in files:
            folder = folders.setdefault(os.path.realpath(file.parent), file.parent)
            wanted.setdefault(folder, set()).add(folder / file.name)
    reader = _Reader(texts)
    claims = _recognised(wanted, contracts, reader) if given is None else _held(wanted, given)
    made: list[Target] = []
    for folder in sorted(wanted):
        made += _of_folder(folder, wanted[folder], claims, reader)
    return made


@dataclass(frozen=True, slots=True)
class _Claimed:
    """The files that have to hold a contract, and those that are only called as if they had to."""

    held: dict[Path, Contract]
    unclaimed: dict[Path, Contract]


def _recognised(wanted: dict[Path, set[Path]], contracts: Iterable[Contract], reader: _Reader) -> _Claimed:
    claimed = _Claimed({}, {})
    by_name: dict[str, list[Contract]] = {}
    for contract in contracts:
        if contract.claims.file is not None:
            by_name.setdefault(contract.claims.file, []).append(contract)
    for file in (file for files in wanted.values() for file in files if file.name in by_name):
        listed = by_name[file.name]
        found = next((one for one in listed if recognises(one.claims, reader.read(file).text)), None)
        (claimed.unclaimed if found is None else claimed.held)[file] = found or listed[0]
    return claimed


def _held(wanted: dict[Path, set[Path]], given: Contract) -> _Claimed:
    files = [file for files in wanted.values() for file in files if not file.name.endswith(_JSON)]
    held = [file for file in files if file.name == given.claims.file]
    if not held and (len(files) == 1 or (len(wanted) == 1 and not given.claims.alone)):
        held = files
    if not held:
        called = f", and none is called {given.claims.file}" if given.claims.file is not None else ""
        raise SourceError(f"there are {len(files)} files{called}: name the one that has to hold {given.name}")
    return _Claimed(dict.fromkeys(held, given), {})


def _of_folder(folder: Path, wanted: set[Path], claimed: _Claimed, reader: _Reader) -> Iterator[Target]:
    held = {file: claimed.held[file] for file in sorted(wanted) if file in claimed.held}
    alone = [file for file, contract in held.items() if contract.claims.alone]
    for file in alone:
        source = reader.read(file)
        yield Target((source,), (source,), folder, held.pop(file))
    refused = tuple(file.as_posix() for file in sorted(wanted) if file.name.endswith(_JSON))
    others = sorted(file for file in wanted.difference(alone) if not file.name.endswith(_JSON))
    if not others and not refused:
        return
    siblings = set(_siblings(folder)) if others != [Path("<stdin>")] else set()
    unread = tuple(sorted(file.as_posix() for file in siblings if file.name.endswith(_JSON)))
    files = sorted({file for file in siblings if not file.name.endswith(_JSON)} | set(others))
    shown = tuple(reader.read(file) for file in others)
    yield Target(
        tuple(reader.read(file) for file in files),
        shown,
        folder,
        next(iter(held.values()), None),
        unread,
        refused,
        tuple((file.as_posix(), claimed.unclaimed[file]) for file in others if file in claimed.unclaimed),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads each file once."""

    sources: dict[Path, Source]

    def read(self, path: Path) -> Source:
        if path not in self.sources:
            self.sources[path] = read_source(path)
        return self.sources[path]


def _files(path: Path) -> Iterator[Path]:
    """The files that a path given stands for."""
    if path.is_dir():
        found = sorted(_walk(path))
        if not any(file.name.endswith(_SUFFIX) for file in found):
            raise SourceError(f"{path}: the folder has no {_SUFFIX} files")
        yield from found
    elif path.name.endswith(_JSON):
        raise SourceError(f"{path}: Terraform's JSON syntax is not supported")
    elif path.is_file() and path.suffix != _SUFFIX:
        raise SourceError(f"{path}: not a {_SUFFIX} file")
    elif path.exists():
        yield path
    else:
        raise SourceError(f"{path}: there is no such file or folder")


def _walk(folder: Path) -> Iterator[Path]:
    """The Terraform files below a folder; what Terraform keeps for itself, and links to folders, are left out."""

    def give_up(error: OSError) -> None:
        raise SourceError(f"{error.filename}: {error.strerror}")

    for base, folders, names in os.walk(folder, onerror=give_up):
        folders[:] = [name for name in folders if name not in (".terraform", ".git")]
        for path in (Path(base, name) for name in names if name.endswith((_SUFFIX, _JSON)) and _is_source(name)):
            if not path.is_file():
                raise SourceError(f"{path}: not a regular file")
            # a report quotes what it judges, and a link could lead to anything that the machine holds
            if not os.path.realpath(path).endswith((_SUFFIX, _JSON)):
                raise SourceError(f"{path}: the link does not lead to a {_SUFFIX} file")
            yield path


def _siblings(folder: Path) -> Iterator[Path]:
    try:
        names = os.listdir(folder)
    except OSError:
        return  # the folder of a text from standard input needn't exist
    yield from (
        folder / name
        for name in names
        if name.endswith((_SUFFIX, _JSON))
        and _is_source(name)
        and (folder / name).is_file()
        and os.path.realpath(folder / name).endswith((_SUFFIX, _JSON))
    )


def _is_source(name: str) -> bool:
    """Terraform ignores what editors leave behind."""
    return not (name.startswith((".", "#")) or name.endswith("~"))


def read_source(path: Path) -> Source:
    """A file's text. SourceError in one clear line."""
    try:
        if path.is_dir():
            raise SourceError(f"{path}: is a folder, not a file")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise SourceError(f"{path}: larger than {LARGEST_FILE:,} bytes")
    except OSError as error:
        raise SourceError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    return decoded(str(path), content)


def decoded(path: str, content: bytes) -> Source:
    """Bytes as a source. SourceError with the line where they aren't UTF-8."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(f"{path}:{line}: not valid UTF-8: byte 0x{content[error.start]:02x}") from None
    return Source(Path(path).as_posix() if path != "<stdin>" else path, text)
