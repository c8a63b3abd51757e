"""What a contract demands of names and tags. Where it says nothing, nothing is demanded."""

from __future__ import annotations

from . import Contract
from .sections import sections_of


def name_prefixes(contract: Contract) -> tuple[str, ...]:
    """Expressions for what names begin with: the contract's, and what stands in for a local where a stack lacks it."""
    sections = sections_of(contract)
    naming = sections["naming"].entries() if "naming" in sections else {}
    if "prefix" not in naming:
        return ()
    prefix = naming["prefix"].text()
    locals_ = sections["locals"].entries() if "locals" in sections else {}
    local = locals_.get(prefix.removeprefix("local."))
    equals = local.entries().get("equals") if local is not None else None
    return (prefix, f'"{equals.text()}"') if equals is not None else (prefix,)


def required_tags(contract: Contract) -> tuple[str, ...]:
    """The keys of the tags that resources have to have."""
    section = sections_of(contract).get("tags")
    required = section.entries().get("required") if section is not None else None
    return required.texts() if required is not None else ()
