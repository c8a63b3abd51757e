"""The versions of a provider that a module admits.

Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...hcl.nodes import Object, Template
from . import Module

_CLAUSE = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+)*)(?:-[\w.-]+)?\s*")
_PARTS = 3


def excludes(module: Module, provider: str, version: tuple[int, int, int]) -> bool:
    """Return True if the module's required_providers admit no version of a provider from this one on.

    A provider is named as Terraform's registry does, `hashicorp/aws`. A constraint that can't be read excludes nothing.
    """
    return any(_is_below(clause, version) for text in _constraints(module, provider) for clause in text.split(","))


def _constraints(module: Module, provider: str) -> Iterator[str]:
    """The version constraints that the module has for a provider, the old way of writing them included."""
    short = provider.rpartition("/")[2]
    for block in module.blocks():
        for required in block.body.blocks_of("required_providers") if block.type == "terraform" else ():
            for attribute in required.body.attributes:
                fields = {"version": attribute.expr}
                if isinstance(attribute.expr, Object):
                    fields = {
                        item.key.literal or "": item.value
                        for item in attribute.expr.items
                        if isinstance(item.key, Template)
                    }
                source, version = fields.get("source"), fields.get("version")
                named = source.literal if isinstance(source, Template) else None
                is_it = named in (provider, f"registry.terraform.io/{provider}") if named else attribute.name == short
                if is_it and isinstance(version, Template) and version.literal is not None:
                    yield version.literal


def _is_below(clause: str, version: tuple[int, int, int]) -> bool:
    """Return True if a clause of a constraint admits only what lies below a version."""
    match = _CLAUSE.fullmatch(clause)
    if match is None:
        return False
    given = [int(part) for part in match[2].split(".")]
    padded = tuple(given + [0] * _PARTS)[:_PARTS]
    operator = match[1] or "="
    if operator in ("=", "<="):
        return padded < version
    if operator == "<":
        return padded <= version
    if operator == "~>":
        above = (*given[:-2], given[-2] + 1) if len(given) > 1 else (given[0] + 1,)
        return tuple([*above, *([0] * _PARTS)][:_PARTS]) <= version
    return False
