"""Required arguments that aren't there, or are null."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...aws.provider import differs
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module import Module
from ...terraform.provenance import attribute_origins
from .bodies import BodySite, bodies
from .values import never_null
from .wording import by_doubt, lacking


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for all that a body lacks, at its header; one for each argument that is null, at its value."""
    for site in bodies(stack):
        required = [name for name, attribute in site.content.attributes.items() if attribute.required]
        if required:
            yield from _missing(site, required, stack.module)


def _missing(site: BodySite, required: Sequence[str], module: Module) -> Iterator[Hit]:
    written = {attribute.name for attribute in site.body.attributes} | site.written.keys()
    missing = [name for name in required if name not in written]
    for doubt, names in by_doubt(module, site, missing):
        yield Hit(site.header, site.address, lacking(names, "argument", site.where), doubt=doubt)
    for name in required:
        attribute = site.body.attribute(name)
        if (site.kind, name) in (("output", "value"), ("variable", "error_message")) or site.kind == "module":
            continue  # null is a value like others, and a validation's message isn't asked for before it fails
        if attribute is not None and not never_null(attribute.expr):
            for instance in site.instances:
                value = instance.value(name)
                if value.data is None and not instance.optional:
                    values = {"where": site.where, "needed": f"argument {name}, which is null"}
                    doubt = differs(module, site.key, site.path, name, absence=True)
                    origins = attribute_origins(instance, attribute)
                    yield Hit(attribute.expr.span, site.address, values, origins, doubt=doubt)
                    break
