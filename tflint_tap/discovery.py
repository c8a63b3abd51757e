"""Paths → the files to read, put together into modules as Terraform would."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from .contract import Contract
from .contract.recognition import recognises
from .records import dataclass, replace
from .terraform.module.file_names import in_place_of, is_read, suffix_of
from .text.ignored import Ignored
from .text.looking import look
from .text.source import Source, SourceError

if TYPE_CHECKING:
    from .terraform.module.pins import Pin

LARGEST_FILE = 2_000_000  # bytes: thirty times the reference stack; judging more would take longer than a commit may
# Folders that are left out where folders are searched: what tools fetch or generate.
SKIPPED = (".git", ".terraform", ".terragrunt-cache", ".external_modules", "node_modules", ".venv", "cdktf.out")
LOCK_FILE = ".terraform.lock.hcl"
_INVALID = re.compile("[\udc80-\udcff]")  # what decoding makes of a byte that isn't UTF-8


class Sifting(Protocol):
    """What settings say of the files that a run judges."""

    def excludes_file(self, path: Path) -> bool:
        """Return True if nothing is to be reported in a file."""

    def excludes_folder(self, path: Path) -> bool:
        """Return True if nothing is to be reported in a folder, at any depth."""

    def contract_of(self, folder: Path) -> tuple[Contract, ...] | None:
        """The contract that a folder's module has to hold, none if it has to hold none; None: nothing is said."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A path that can't be read, and the reason.

    `is_part`: it is a file of the module. `is_wanted`: it was to be checked, so the run has failed in a part.
    """

    path: str
    reason: str
    is_part: bool = True
    is_wanted: bool = True

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A module to judge: its sources, those of them that findings are wanted for, and where it lies.

    A `contract` is what it has to hold: the one file, standing by itself, or the whole module. `unread` are files that
    belong to the module, or were to be checked, and can't be read. `unclaimed` are the files that a contract is for by
    their names, and doesn't recognise. `pins` are what is said elsewhere of its providers' versions.
    """

    sources: tuple[Source, ...]
    shown: tuple[Source, ...]
    folder: Path | None
    contract: Contract | None = None
    unread: tuple[Unread, ...] = ()
    unclaimed: tuple[tuple[str, Contract], ...] = ()
    pins: tuple[Pin, ...] = ()


def targets(
    paths: Iterable[str],
    contracts: Iterable[Contract],
    stdin: Source | None = None,
    given: Contract | None = None,
    sifting: Sifting | None = None,
    *,
    sifts_named: bool = False,
    settles: bool = True,
) -> list[Target]:
    """The modules that these files and folders stand for. `-` is the text `stdin`.

    Each of `contracts` holds for the files that it recognises. A contract that is `given` holds for those of the name
    that it claims, else for the only file or folder that is named, and no other contract holds for anything.

    What settings exclude is left out where folders are searched (`sifting`), as what git ignores is; what is named is
    wanted, unless `sifts_named`. They say what contract a folder's module has to hold, where none is given, unless
    this isn't theirs to say (`settles`).

    What can't be read is `unread` in its module's target. SourceError where there is nothing that the given contract
    can be for.
    """
    wanted: dict[Path, set[Path]] = {}
    git = Ignored()
    texts: dict[Path, Source | Unread] = {}
    folders: dict[str, Path] = {}  # by where they really are, under the first name that they are given
    named = list(paths)
    for path in named:
        if path == "-":
            assert stdin is not None
            file = Path(stdin.path)
            texts[file] = stdin
            is_left_out = sifts_named and sifting is not None and sifting.excludes_file(file)
            files = [] if is_left_out else [file]
        else:
            files = list(_files(Path(path), texts, git, sifting, sifts_named=sifts_named))
        for file in files:
            folder = folders.setdefault(os.path.realpath(file.parent), file.parent)
            wanted.setdefault(folder, set()).add(folder / file.name)
    reader = _Reader(texts)
    claims = _recognised(wanted, contracts, reader) if given is None else _held(wanted, named, given)
    if given is None and sifting is not None and settles:
        _settle(claims, wanted, sifting)
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
        source = reader.read(file)
        if source is None:
            continue
        found = next((one for one in listed if recognises(one.claims, source.text)), None)
        (claimed.unclaimed if found is None else claimed.held)[file] = found or listed[0]
    return claimed


def _held(wanted: dict[Path, set[Path]], named: list[str], given: Contract) -> _Claimed:
    files = [file for files in wanted.values() for file in files]
    held = [file for file in files if file.name == given.claims.file]
    if not held and (len(files) == 1 or (len(wanted) == 1 and not given.claims.alone)):
        held = files
    if not held and not given.claims.alone and len(named) == 1:  # what lies in its folders are other modules
        held = [file for file in files if os.path.realpath(file.parent) == os.path.realpath(named[0])]
    if not held:
        called = f", and none is called {given.claims.file}" if given.claims.file is not None else ""
        raise SourceError(f"there are {len(files)} files{called}: name the one that has to hold {given.name}")
    return _Claimed(dict.fromkeys(held, given), {})


def _settle(claims: _Claimed, wanted: dict[Path, set[Path]], sifting: Sifting) -> None:
    """Let what settings say of a folder's contract hold in place of what its files look like."""
    for folder, files in wanted.items():
        settled = sifting.contract_of(folder)
        if settled is not None:
            for file in files:
                claims.held.pop(file, None)
                claims.unclaimed.pop(file, None)
            for contract in settled:
                claims.held.update(_held({folder: files}, [str(folder)], contract).held)


def _of_folder(folder: Path, wanted: set[Path], claimed: _Claimed, reader: _Reader) -> Iterator[Target]:
    locks = _locks(folder)
    held = {file: claimed.held[file] for file in sorted(wanted) if file in claimed.held}
    alone = [file for file, contract in held.items() if contract.claims.alone and reader.read(file) is not None]
    for file in alone:
        source = reader.read(file)
        assert source is not None
        yield Target((source,), (source,), folder, held.pop(file), pins=locks.pins, unread=locks.unread)
    others = sorted(wanted.difference(alone))
    if not others:
        return
    is_judged = any(reader.read(file) is not None for file in others) and others != [Path("<stdin>")]
    siblings = set(_siblings(folder, reader.known)) if is_judged else set()
    named = {file.name for file in siblings}
    for file in others:
        instead = in_place_of(file.name, named)
        if instead is not None:
            reader.known[file] = Unread(file.as_posix(), f"OpenTofu reads {instead} in its place", False, False)
    read = {file: reader.read(file) for file in sorted(siblings | set(others))}
    yield Target(
        tuple(source for source in read.values() if source is not None),
        tuple(source for file in others if (source := read[file]) is not None),
        folder,
        next(iter(held.values()), None),
        (
            *(reader.unread(file, is_asked=file in others) for file, source in read.items() if source is None),
            *locks.unread,
        ),
        tuple((file.as_posix(), claimed.unclaimed[file]) for file in others if file in claimed.unclaimed),
        locks.pins,
    )


@dataclass(frozen=True, slots=True)
class _Locks:
    """What the dependency lock file of a folder says, or why it can't be read."""

    pins: tuple[Pin, ...] = ()
    unread: tuple[Unread, ...] = ()


def _locks(folder: Path) -> _Locks:
    path = folder / LOCK_FILE
    if not path.exists():
        return _Locks()
    from .terraform.module.pins import locked

    try:
        return _Locks(pins=tuple(locked(read_source(path))))
    except SourceError as error:
        reason = str(error).removeprefix(f"{path}: ")
        return _Locks(unread=(Unread(path.as_posix(), reason, is_part=False, is_wanted=False),))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads each file once; what can't be read has its reason."""

    known: dict[Path, Source | Unread]

    def read(self, path: Path) -> Source | None:
        """A file's source, None where it can't be read."""
        if path not in self.known:
            self.known[path] = _read_or_not(path)
        found = self.known[path]
        return found if isinstance(found, Source) else None

    def unread(self, path: Path, *, is_asked: bool) -> Unread:
        """Why a file can't be read, or isn't; `is_asked`: it is one of those that findings are wanted for."""
        found = self.known[path]
        assert isinstance(found, Unread)
        return replace(found, is_wanted=is_asked and found.is_wanted)


def _read_or_not(path: Path) -> Source | Unread:
    try:
        return read_source(path)
    except SourceError as error:
        return Unread(path.as_posix(), str(error).removeprefix(f"{path}: "))


def _files(
    path: Path, known: dict[Path, Source | Unread], git: Ignored, sifting: Sifting | None, *, sifts_named: bool
) -> Iterator[Path]:
    """The files that a path given stands for; `known` has what is wrong with those that can't be read."""
    look(path)
    is_folder = path.is_dir()
    is_excluded = sifting is not None and (sifting.excludes_folder if is_folder else sifting.excludes_file)(path)
    if is_excluded and sifts_named:
        return
    if is_folder:
        # what is named is wanted, whatever git or settings say of it
        walk = _Walk(known, None if git.folder(path) else git, None if is_excluded else sifting)
        found = sorted(walk.files(path))
        yield from found
        if not any(suffix_of(file.name) for file in found):
            known[path] = Unread(path.as_posix(), f"the folder has no .tf files{walk.left_out()}", is_part=False)
            yield path
        return
    if not path.exists() and not path.is_symlink():
        known[path] = Unread(path.as_posix(), "there is no such file or folder", is_part=False)
    elif path.is_file() and suffix_of(path.name) is None:
        known[path] = Unread(path.as_posix(), "not a .tf file", is_part=False)
    yield path


@dataclass(slots=True)
class _Walk:
    """A search of folders.

    What tools keep for themselves, what `git` ignores, what settings exclude and links to folders are left out.
    """

    known: dict[Path, Source | Unread]
    git: Ignored | None
    sifting: Sifting | None = None
    ignored: int = 0  # files and folders that git ignores
    excluded: int = 0  # and those that settings exclude

    def files(self, folder: Path) -> Iterator[Path]:
        """The Terraform files below a folder; one that can't be listed is among them, as what can't be read."""
        closed: list[Path] = []

        def close(error: OSError) -> None:
            path = Path(error.filename)
            self.known[path] = Unread(path.as_posix(), (error.strerror or str(error)).lower(), is_part=False)
            closed.append(path)

        for base, folders, names in os.walk(folder, onerror=close):
            here = Path(base)
            folders[:] = [name for name in folders if name not in SKIPPED and self._is_kept(here / name, is_file=False)]
            for file in _sources(here, names, self.known):
                if self._is_kept(file, is_file=True):
                    yield file
        yield from closed

    def _is_kept(self, path: Path, *, is_file: bool) -> bool:
        ignored = self.git is not None and (self.git.file(path) if is_file else self.git.folder(path))
        self.ignored += ignored
        if ignored or self.sifting is None:
            return not ignored
        excluded = self.sifting.excludes_file(path) if is_file else self.sifting.excludes_folder(path)
        self.excluded += excluded
        return not excluded

    def left_out(self) -> str:
        what = [*(["what git ignores"] if self.ignored else []), *(["what is excluded"] if self.excluded else [])]
        return f" but {' and '.join(what)}" if what else ""


def _siblings(folder: Path, known: dict[Path, Source | Unread]) -> Iterator[Path]:
    try:
        names = os.listdir(folder)
    except OSError:
        return  # the folder of a text from standard input needn't exist
    yield from _sources(folder, names, known)


def _sources(folder: Path, names: Collection[str], known: dict[Path, Source | Unread]) -> Iterator[Path]:
    """The files of a folder that make a module; `known` has what is wrong with those that mustn't be opened."""
    for name in names:
        path = folder / name
        if not is_read(name) or in_place_of(name, names) is not None or path.is_dir():
            continue
        if path.is_symlink() and not path.exists():
            known[path] = Unread(path.as_posix(), "the link leads nowhere")
        elif not path.is_file():
            known[path] = Unread(path.as_posix(), "not a regular file")
        # a report quotes what it judges, and a link could lead to anything that the machine holds
        elif suffix_of(os.path.realpath(path)) is None:
            known[path] = Unread(path.as_posix(), "the link does not lead to a .tf file")
        yield path


def files_in(folder: Path) -> list[Path]:
    """The files that make the module of a folder, none where there is no such folder."""
    return sorted(_siblings(folder, {}))


def sources_of(folder: Path, read: Mapping[str, Source]) -> Iterator[Source | Unread]:
    """The sources of a module's folder; those that are `read` already, by where they really are, as they were."""
    reader = _Reader({})
    for file in sorted(_siblings(folder, reader.known)):
        source = read.get(os.path.realpath(file)) or reader.read(file)
        yield source if source is not None else reader.unread(file, is_asked=False)


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
    """Bytes as a source; those that aren't UTF-8 are noted there, since in comments Terraform takes any."""
    text = content.decode("utf-8", errors="surrogateescape")
    invalid = tuple((match.start(), ord(match[0]) - 0xDC00) for match in _INVALID.finditer(text))
    name = Path(path).as_posix() if path != "<stdin>" else path
    return Source(name, _INVALID.sub("\ufffd", text) if invalid else text, invalid)
