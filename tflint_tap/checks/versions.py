"""What the versions of the provider that a module admits say of a name that isn't there."""

from __future__ import annotations

from ..aws.provider import lacking
from ..records import dataclass
from ..terraform.module import Module


@dataclass(frozen=True, slots=True)
class Explained:
    """The end of a message, `, which was removed in 6.0.0`, the remedy, and why it may be there all the same."""

    suffix: str = ""
    right: str | None = None
    doubt: str | None = None


_NOTHING = Explained()


def explained(module: Module, key: str, path: str = "", name: str = "") -> Explained:
    """Why a name isn't there; without one, why the type isn't. Nothing of it is filled where nothing is known.

    `key` is a type as the schema has it, `path` the nested blocks down to the name, separated by dots.
    """
    found = lacking(module, key, path, name)
    if found is None:
        return _NOTHING
    suffix = f", which {found.when}" if found.when else ""
    suffix += f"; {found.said}" if found.said else ""
    right = found.instead
    if right is None and found.version is not None:
        right = f"admit {found.version} of the provider, or leave it out" if found.is_new else "remove it"
    return Explained(suffix, right, found.doubt)
