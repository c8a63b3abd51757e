"""What the AWS provider accepts of a module: by the versions of the provider that the module admits.

A module that admits the version of schema.txt is judged by that one, which is what `terraform init` installs. What it
lacks and another admitted version has is a doubt. A module that admits older versions alone is judged by all of them
together: a name is wrong that none of them has, and missing is what all of them require.
"""

from __future__ import annotations

from functools import cache

from ..records import dataclass, field, replace
from ..terraform.module import Module
from ..terraform.module.pins import admission
from ..terraform.module.versions import Range, Version
from . import history, schema
from .history import Releases
from .renames import renamed
from .schema import BlockSchema

PROVIDER = "hashicorp/aws"


@dataclass(frozen=True, slots=True)
class Lacking:
    """Why a name isn't there that a release of the provider has, or may have.

    `when`: `was removed in 6.0.0`, empty where that isn't known; `version` is the one that added it (`is_new`) or was
    the first without it. `said`: who admits what, empty where nothing limits the versions. `instead` is the advice of
    the provider's upgrade guides. `doubt`: it may be there for the module.
    """

    when: str = ""
    version: str | None = None
    is_new: bool = False
    said: str = ""
    instead: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """The versions of the provider that a module admits; `range` is None where nothing limits them.

    `is_current`: the version of schema.txt is one of them, or they are all later.
    """

    range: Range | None
    said: str
    is_current: bool
    _releases: list[Releases] = field(default_factory=list)  # once they are asked for

    @property
    def releases(self) -> Releases:
        """The releases that the history knows and that are admitted, or lie beside versions that are.

        Of a minor version that the history doesn't know nothing is certain but what the releases around it agree on.
        """
        if not self._releases:
            self._releases.append(_releases(self.range) if self.range is not None else _newest())
        return self._releases[0]

    @property
    def beyond(self) -> str | None:
        """Why nothing is known of the versions that are admitted: all are older or later than those that are known."""
        if self.range is None:
            return None
        if self.range.ends_before((*history.minors()[0], 0)):
            return f"what the provider had before {oldest_release()} isn't known, and {self.said}"
        if _is_after(self.range, current_version()):
            return f"what the provider has after {version_text()} isn't known, and {self.said}"
        return None


def admitted(module: Module) -> Admitted:
    """The versions of the AWS provider that a module admits."""
    return module.once(_admitted)


def _admitted(module: Module) -> Admitted:
    found = admission(module, PROVIDER)
    if found is None:
        return Admitted(None, "", is_current=True)
    return Admitted(found.range, found.said, is_current=not found.range.ends_before(current_version()))


@cache
def current_version() -> Version:
    """The version of schema.txt."""
    major, minor, patch = (int(part) for part in schema.header()["provider"].rpartition(" ")[2].split("."))
    return major, minor, patch


def version_text() -> str:
    """The version of schema.txt, `6.66.0`."""
    return ".".join(map(str, current_version()))


def oldest_release() -> str:
    """The oldest release that the history knows, `4.8`."""
    return ".".join(map(str, history.minors()[0]))


def schema_of(module: Module, kind: str, type_: str) -> BlockSchema | None:
    """What a `resource`, `data` or `ephemeral` block of a type takes; None where the provider has no such type."""
    found = admitted(module)
    key = schema.key_of(kind, type_)
    if found.is_current or not type_.startswith("aws_"):
        return schema.by_key(key)
    return history.schema_in(key, found.releases)


def lacking(module: Module, key: str, path: str = "", name: str = "") -> Lacking | None:
    """Why a name isn't there; None where nothing is known of it.

    `key` is a type as schema.txt has it; `path` are the nested blocks that the name stands in, separated by dots.
    Without a name, the type itself isn't there.
    """
    found = admitted(module)
    when = history.when(key, path, name)
    if not when:
        return Lacking(doubt=found.beyond) if found.beyond is not None else None
    gone = _gone(when, found.releases)
    told = f"{name or key.rpartition('.')[2]} {gone.when}, and {found.said}"
    doubt = told if when & found.releases else found.beyond
    return replace(gone, instead=renamed(key, path, name), said=found.said if doubt is None else "", doubt=doubt)


def differs(module: Module, key: str, path: str, name: str, *, absence: bool = False) -> str | None:
    """Why what schema.txt says of a name isn't certain for a module; None where it is.

    It is another in a release that the module admits beside that of schema.txt. With `absence` a release that lacks it
    counts, too.
    """
    found = admitted(module)
    if found.range is None or not key:
        return None
    if found.beyond is not None:
        return found.beyond
    if not found.is_current:
        return None  # all that is judged is what holds for each of them
    told = history.history(key)
    for stretch, state in told.names.get(path, {}).get(name, ()):
        if stretch & found.releases & told.there and (absence or state != history.ABSENT):
            after = min(stretch.bit_length(), len(history.minors()) - 1)
            return f"{name} was otherwise before {_version_of(after)}, and {found.said}"
    return None


def limits_versions(module: Module) -> bool:
    """Return True if it matters what earlier versions have: the module names versions, and admits some of them."""
    found = admitted(module).range
    return found is not None and found.lower < current_version()


def some_lack(module: Module, key: str, path: str = "", name: str = "") -> bool:
    """Return True if a version that a module admits lacks a name, or without a name the type, that another one has."""
    if not limits_versions(module):
        return False
    when = history.when(key, path, name)
    return bool(when and admitted(module).releases & ~when)


def _gone(when: Releases, admitted_: Releases) -> Lacking:
    """The release that added or removed what isn't there, as seen from the newest of the admitted releases."""
    later = when >> admitted_.bit_length()
    number = admitted_.bit_length() + _lowest(later) if later else when.bit_length()
    (major, minor), before = history.minors()[number], history.minors()[number - 1]
    follows = before == (major, minor - 1) or (minor == 0 and before[1] == _LAST_MINORS.get(before[0]))
    version = _version_of(number)
    text = f"was {'added' if later else 'removed'} {'in' if follows else 'by'} {version}"
    return Lacking(text, version, is_new=bool(later))


def _version_of(number: int) -> str:
    major, minor = history.minors()[number]
    return f"{major}.{minor}.0"


# The last minor version of each major one that is complete. Source: the provider's CHANGELOG
_LAST_MINORS = {4: 67, 5: 100}


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _newest() -> Releases:
    return 1 << (len(history.minors()) - 1)


@cache
def _releases(admitted_: Range) -> Releases:
    known = history.minors()
    made = 0
    for number, minor in enumerate(known):
        if _meets(admitted_, (*minor, 0), (minor[0], minor[1] + 1, 0)):
            made |= 1 << number
        following = known[number + 1] if number + 1 < len(known) else None
        if following is not None and _meets(admitted_, *_between(minor, following)):
            made |= 0b11 << number
    if admitted_.ends_before((*known[0], 0)):
        return 1
    return made or _newest()


def _between(minor: history.Minor, following: history.Minor) -> tuple[Version, Version]:
    """From the first version that neither of two releases stands for to the first that the later one stands for."""
    last = _LAST_MINORS.get(minor[0])
    is_next = following[0] == minor[0] + 1 and following[1] == 0 and minor[1] == last
    start = (*following, 0) if is_next else (minor[0], minor[1] + 1, 0)
    return start, (*following, 0)


def _meets(admitted_: Range, lower: Version, upper: Version) -> bool:
    return lower < upper and not admitted_.both(Range(lower, True, upper, False)).is_empty


def _is_after(admitted_: Range, version: Version) -> bool:
    major, minor, _ = version
    return admitted_.lower >= (major, minor + 1, 0)
