"""The names of the files that make a module, as Terraform and OpenTofu read them.

Sources: https://developer.hashicorp.com/terraform/language/files, /files/override; for `.tofu`
https://opentofu.org/docs/language/files/ (a file `x.tofu` is read in the place of `x.tf`, `x.tofu.json` in that of
`x.tf.json`).
"""

from __future__ import annotations

from collections.abc import Collection

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
_INSTEAD = {".tf": ".tofu", ".tf.json": ".tofu.json"}


def suffix_of(name: str) -> str | None:
    """The suffix by which a file belongs to a module, None where it doesn't; tests (`.tftest.hcl`) don't."""
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), None)


def is_read(name: str) -> bool:
    """Return True if a file of this name belongs to a module; what editors leave behind doesn't."""
    return suffix_of(name) is not None and not (name.startswith((".", "#")) or name.endswith("~"))


def is_override_name(name: str) -> bool:
    """Return True if what stands in a file of this name is merged into the blocks of the others."""
    suffix = suffix_of(name)
    stem = name.removesuffix(suffix or "")
    return suffix is not None and (stem == "override" or stem.endswith("_override"))


def in_place_of(name: str, names: Collection[str]) -> str | None:
    """The file among `names` that is read in the place of one, None where that is read itself."""
    suffix = suffix_of(name)
    instead = name.removesuffix(suffix) + _INSTEAD[suffix] if suffix in _INSTEAD else None
    return instead if instead is not None and instead in names and is_read(instead) else None
