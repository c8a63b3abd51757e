"""The versions of Terraform and of providers that a module admits."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl import parse
from ...hcl.nodes import Expr, Object, Template
from ...records import dataclass
from ...text.source import Source
from . import Module
from .versions import Range, Version, range_of

_REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")


@dataclass(frozen=True, slots=True)
class Pin:
    """What something outside of a module's files says of a provider's version: a constraint, and who says it."""

    provider: str  # as Terraform's registry names it, `hashicorp/aws`
    constraint: str
    said: str  # `.terraform.lock.hcl has 5.31.0`


@dataclass(frozen=True, slots=True)
class Admission:
    """The versions of a provider that a module admits, and who limits them, in words: `this module admits ~> 5.0`."""

    range: Range
    said: str


def admission(module: Module, provider: str) -> Admission | None:
    """The versions of a provider that a module admits; None where nothing limits them.

    What is given from outside limits what the module's constraints admit. Where nothing is left, what is given holds
    alone, the last of it first. A constraint that can't be read limits nothing.
    """
    texts = [expr.literal for expr in provider_constraints(module, provider) if isinstance(expr, Template)]
    found = [(text.strip(), range_of(text)) for text in texts if text is not None]
    own = Admission(_all(made for _, made in found), f"this module admits {', '.join(text for text, _ in found)}")
    given = [
        Admission(made, pin.said)
        for pin in module.pins
        if pin.provider == provider and (made := range_of(pin.constraint)) is not None
    ]
    admitted = own if any(made is not None for _, made in found) and not own.range.is_empty else None
    for pin in given:
        both = pin.range if admitted is None else pin.range.both(admitted.range)
        admitted = Admission(pin.range if both.is_empty else both, pin.said)
    return admitted


def _all(ranges: Iterator[Range | None]) -> Range:
    made = Range()
    for found in ranges:
        made = made.both(found) if found is not None else made
    return made


def excludes(module: Module, provider: str, version: Version) -> bool:
    """Return True if a module admits no version of a provider from this one on."""
    admitted = admission(module, provider)
    return admitted is not None and admitted.range.ends_before(version)


def locked(source: Source) -> Iterator[Pin]:
    """What a dependency lock file says of providers; of one that can't be read nothing.

    Source: https://developer.hashicorp.com/terraform/language/files/dependency-lock
    """
    for block in parse(source).body.blocks:
        version = block.body.attribute("version")
        if block.type != "provider" or len(block.labels) != 1 or version is None:
            continue
        registry, _, provider = block.labels[0].value.partition("/")
        text = version.expr.literal if isinstance(version.expr, Template) else None
        if registry in _REGISTRIES and text is not None:
            yield Pin(provider, text, f"{source.path.rpartition('/')[2]} has {text}")


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
    """The version constraints that the module has for a provider, the old ways of writing them included."""
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
                is_it = named in (provider, *(f"{registry}/{provider}" for registry in _REGISTRIES))
                if (is_it if named else attribute.name == short) and version is not None:
                    yield version


def terraform_constraints(module: Module) -> Iterator[Expr]:
    """The version constraints that the module has for Terraform itself."""
    for block in module.blocks():
        attribute = block.body.attribute("required_version") if block.type == "terraform" else None
        if attribute is not None:
            yield attribute.expr
