"""Required arguments that aren't there, or are null."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.provenance import attribute_origins
from .bodies import BodySite, bodies
from .values import never_null
from .wording import lacking


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for all that a body lacks, at its header; one for each argument that is null, at its value."""
    for site in bodies(stack):
        required = [name for name, attribute in site.content.attributes.items() if attribute.required]
        if required:
            yield from _missing(site, required)


def _missing(site: BodySite, required: Sequence[str]) -> Iterator[Hit]:
    written = {attribute.name for attribute in site.body.attributes} | site.written.keys()
    missing = [name for name in required if name not in written]
    if missing:
        yield Hit(site.header, site.address, lacking(missing, "argument", site.where))
    for name in required:
        attribute = site.body.attribute(name)
        if (site.kind, name) == ("output", "value") or site.kind == "module":
            continue  # null is a value like others
        if attribute is not None and not never_null(attribute.expr):
            for instance in site.instances:
                value = instance.value(name)
                if value.data is None and not instance.optional:
                    values = {"where": site.where, "needed": f"argument {name}, which is null"}
                    yield Hit(attribute.expr.span, site.address, values, attribute_origins(instance, attribute))
                    break
