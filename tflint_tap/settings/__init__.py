"""Settings of repositories: `.tap-lint.yaml`, or `[tool.tap-lint]` in pyproject.toml.

This module finds the files, and answers what a run asks of them. Most runs have none, and import nothing else of this
room.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..records import dataclass, replace
from ..rule import Severity
from ..text.ignored import is_below, is_repository
from ..text.looking import look

if TYPE_CHECKING:
    from ..contract import Contract
    from ..rule import Finding, Rule
    from ..text.source import Source
    from .cascade import Cascade
    from .chosen import InForce, Scheme, Schemes
    from .excluding import Excluding
    from .forms import Item
    from .selection import Choice

OWN_FILE, OTHER_SPELLING, PROJECT_FILE = ".tap-lint.yaml", ".tap-lint.yml", "pyproject.toml"
TABLE = b"tool.tap-lint"  # what a pyproject.toml holds that has settings
DEFAULT_FAIL_ON = "warning"
LARGEST_PROJECT_FILE = 2_000_000  # bytes


class SettingsError(Exception):
    """Settings that can't be used: `path:line: what is wrong`."""


class Nearby:
    """The files of settings in folders and above them; each folder is looked at once.

    A repository's folder is the last one that is looked at. Outside repositories that is one of `tops`, the first that
    a folder lies in, else the folder itself: what lies further up may be anybody's. All folders are as they really are.
    """

    def __init__(self, tops: Iterable[str] = ()) -> None:
        self._tops = [os.path.realpath(top) for top in tops]
        self._files: dict[str, tuple[str, ...]] = {}
        self._repositories: dict[str, str | None] = {}

    def top_of(self, folder: str) -> str:
        """The last folder above a folder that is looked at: nothing outside it is read for the settings."""
        found = self._repository(folder)
        if found is not None:
            return found
        return next((top for top in self._tops if folder == top or is_below(folder, top)), folder)

    def files(self, folder: str) -> tuple[str, ...]:
        """The files of settings for a folder, the farthest first."""
        if folder not in self._files:
            top, above = self.top_of(folder), [folder]
            while above[-1] != top and above[-1] not in self._files:
                above.append(os.path.dirname(above[-1]))
            for place in reversed(above):
                if place not in self._files:
                    outer = () if place == top else self._files[os.path.dirname(place)]
                    self._files[place] = (*outer, *files_in(place))
        return self._files[folder]

    def _repository(self, folder: str) -> str | None:
        known, above = self._repositories, [folder]
        while above[-1] not in known and not is_repository(Path(above[-1])) and above[-1] != os.path.dirname(above[-1]):
            above.append(os.path.dirname(above[-1]))
        last = above[-1]
        found = known[last] if last in known else last if is_repository(Path(last)) else None
        known.update(dict.fromkeys(above, found))
        return found


def files_in(folder: str) -> tuple[str, ...]:
    """The files of settings that lie in a folder, whatever is wrong with them."""
    names = (OWN_FILE, OTHER_SPELLING)
    found = []
    for path in (os.path.join(folder, name) for name in names):
        look(path)
        if os.path.lexists(path):
            found.append(path)
    project = os.path.join(folder, PROJECT_FILE)
    look(project)
    if os.path.isfile(project) and _has_table(project):
        found.append(project)
    return tuple(found)


def _has_table(project: str) -> bool:
    try:
        with open(project, "rb") as file:
            return TABLE in file.read(LARGEST_PROJECT_FILE)
    except OSError:
        return False


def shown_path(path: str) -> str:
    """A path as reports show it: from the folder at hand, where it lies on the same drive."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:
        return Path(path).as_posix()


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says: it wins over the files. None where it says nothing.

    `config` is a file that holds in place of those that are found; with `isolated` none holds.
    """

    select: Collection[str] | None = None
    ignore: Collection[str] = ()
    exclude: tuple[str, ...] = ()
    fail_on: str | None = None
    strict: bool = False
    config: str | None = None
    isolated: bool = False

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What the options select and leave out, as the nearest of all places; empty where they say nothing."""
        if self.select is None and not self.ignore:
            return ()
        from .selection import Choice

        return (Choice(self.select, self.ignore),)


class RunSettings:
    """The settings of a run, asked by module and by file; what no file of settings is near to is as the options say.

    `rules` are those of the rulebook, `paths` what the command line names. SettingsError where a file of settings, or
    an option, can't be used.
    """

    def __init__(self, rules: tuple[Rule, ...], options: Options, paths: Iterable[str] = ()) -> None:
        named = [path for path in paths if os.path.isdir(path)]
        self.options = options
        self.rules = rules
        self.nearby = Nearby((os.curdir, *named))
        self.shown: Collection[Source] = ()  # the files that a run was asked for, whatever is excluded
        self._folders: dict[str, str] = {}
        self._in_force: dict[str, InForce | None] = {}
        self._contracts: dict[Item, tuple[Contract, ...]] = {}

    @cached_property
    def cascade(self) -> Cascade:
        from .cascade import Cascade

        return Cascade(self.nearby, self.options.config)

    @cached_property
    def _schemes(self) -> Schemes:
        from .chosen import Schemes

        return Schemes(self.rules, self.options)

    @cached_property
    def excluding(self) -> Excluding:
        from .excluding import Excluding

        return Excluding(None if self.options.isolated else self.cascade, self.options.exclude)

    @cached_property
    def _chosen(self) -> tuple[Rule, ...]:
        """The rules that the options alone choose."""
        choices, rules = self.options.choices, tuple(rule for rule in self.rules if not rule.asked_only)
        if not choices:
            return rules
        from .selection import is_chosen

        return tuple(rule for rule in rules if is_chosen(rule.id, choices))

    def folder(self, path: str) -> str:
        """The folder of a file, as it really is."""
        written = os.path.dirname(path)
        if written not in self._folders:
            self._folders[written] = os.path.realpath(written or os.curdir)
        return self._folders[written]

    def has_any(self, folder: str) -> bool:
        """Return True if there are settings for a folder, which is as it really is."""
        if self.options.isolated:
            return False
        return self.options.config is not None or bool(self.nearby.files(folder))

    def scheme(self, folder: str) -> Scheme:
        """What the settings for a folder come to, and the options."""
        return self._schemes.of(() if self.options.isolated else self.cascade.chain(folder))

    def in_force(self, path: str) -> InForce | None:
        """What holds in a file, None where no settings are near to it."""
        if path not in self._in_force:
            folder = self.folder(path)
            real = os.path.join(folder, os.path.basename(path))
            self._in_force[path] = self.scheme(folder).in_force(real) if self.has_any(folder) else None
        return self._in_force[path]

    def rules_of(self, folder: Path | None, sources: Iterable[Source]) -> tuple[Rule, ...]:
        """The rules that judge a module: those in force in any of its files."""
        place = os.path.realpath(folder if folder is not None else os.curdir)
        if not self.has_any(place):
            return self._chosen
        scheme = self.scheme(place)
        files = {os.path.join(place, os.path.basename(source.path)) for source in sources}
        named = {rule for file in files for rule in scheme.in_force(file).grades}
        return tuple(scheme.rules[name] for name in sorted(named))

    def reported_in(self, source: Source, judged: Collection[str]) -> Collection[str]:
        """Of the rules that judged, those that report in a file."""
        found = self.in_force(source.path)
        return judged if found is None else {rule for rule in judged if rule in found.grades}

    def graded(self, finding: Finding) -> Finding | None:
        """A finding as the settings for its file grade it; None where they leave it out."""
        source = finding.span.source
        found = self.in_force(source.path)
        if source not in self.shown and self.excludes_file(Path(source.path)):
            return None
        if found is None:
            return finding
        if finding.rule not in found.grades or (finding.doubt is not None and found.doubts == "ignore"):
            return None
        severity = found.grades[finding.rule]
        return finding if severity is None else replace(finding, severity=severity)

    def excludes_file(self, path: Path) -> bool:
        """Return True if nothing is to be reported in a file."""
        folder = self.folder(str(path))
        return self._excludes(folder) and self.excluding.file(os.path.join(folder, path.name))

    def excludes_folder(self, path: Path) -> bool:
        """Return True if nothing is to be reported in a folder, at any depth."""
        folder = os.path.realpath(path)
        return self._excludes(folder) and self.excluding.folder(folder)

    def _excludes(self, folder: str) -> bool:
        return bool(self.options.exclude) or self.has_any(folder)

    def fails(self, finding: Finding) -> bool:
        """Return True if a finding or doubt makes the run fail."""
        found = self.in_force(finding.span.source.path)
        if finding.doubt is not None:
            return self.options.strict or (found is not None and found.doubts == "fail")
        least = self.options.fail_on or DEFAULT_FAIL_ON
        return finding.severity >= (Severity[least.upper()] if found is None else found.fail_on)

    def values(self, folder: Path | None, key: str) -> tuple[Item, ...]:
        """What the settings for a module's folder say of a key that holds texts; empty where they say nothing."""
        place = os.path.realpath(folder if folder is not None else os.curdir)
        return self.scheme(place).items(key, place) if self.has_any(place) else ()

    def baselines(self, folders: Iterable[Path | None]) -> tuple[str, ...]:
        """The files of known findings that the settings for modules name."""
        found = dict.fromkeys(item.text for folder in folders for item in self.values(folder, "baseline"))
        return tuple(map(shown_path, found))

    def known_in(self, folders: Iterable[Path | None]) -> dict[str, Rule]:
        """All rules that there are for modules, by their ids; those of their repositories are among them."""
        known = {rule.id: rule for rule in self.rules}
        for folder in folders:
            place = os.path.realpath(folder if folder is not None else os.curdir)
            if self.has_any(place):
                known |= self.scheme(place).rules
        return known

    def contract_of(self, folder: Path) -> tuple[Contract, ...] | None:
        """The contract that a folder's module has to hold, none if it has to hold none; None: nothing is said."""
        found = self.values(folder, "contract")
        if not found:
            return None
        if found[0] not in self._contracts:
            from .contracts import contract_at

            self._contracts[found[0]] = contract_at(found[0], self.known_in((folder,)))
        return self._contracts[found[0]]
