"""The versions of Terraform and of providers that a module admits."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Expr, Object, Template
from . import Module
from .versions import Range, Version, range_of


def excludes(module: Module, provider: str, version: Version) -> bool:
    """Return True if the module's required_providers admit no version of a provider from this one on.

    A provider is named as Terraform's registry does, `hashicorp/aws`. A constraint that can't be read excludes nothing.
    """
    texts = [expr.literal for expr in provider_constraints(module, provider) if isinstance(expr, Template)]
    ranges = [range_of(clause) for text in texts if text is not None for clause in text.split(",")]
    return any(found is not None and found.ends_before(version) for found in ranges)


def excludes_terraform(module: Module, version: Version) -> bool:
    """Return True if the module's required_version admits no version of Terraform from this one on."""
    return any(found.ends_before(version) for found in _of_terraform(module))


def admits_before(module: Module, version: Version) -> bool:
    """Return True if the module's required_version admits a version of Terraform before this one."""
    return not any(found.is_within(Range(version)) for found in _of_terraform(module))


def _of_terraform(module: Module) -> Iterator[Range]:
    """The ranges of each constraint; what can't be read limits nothing."""
    for expr in terraform_constraints(module):
        text = expr.literal if isinstance(expr, Template) else None
        found = range_of(text) if text is not None else None
        if found is not None:
            yield found


def provider_constraints(module: Module, provider: str) -> Iterator[Expr]:
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
                if is_it and version is not None:
                    yield version


def terraform_constraints(module: Module) -> Iterator[Expr]:
    """The version constraints that the module has for Terraform itself."""
    for block in module.blocks():
        attribute = block.body.attribute("required_version") if block.type == "terraform" else None
        if attribute is not None:
            yield attribute.expr
