"""What terraform blocks say: versions, required providers, backends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...hcl.nodes import Attribute, Block, Expr, Object, Template
from .static import Misform, constant, listed, traversal

_FIELDS = ("source", "version", "configuration_aliases")
_VERSIONS = re.compile(
    r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?\d+(\.\d+)*(-[0-9A-Za-z-~]+(\.[0-9A-Za-z-~]+)*)?(\+[0-9A-Za-z-~]+(\.[0-9A-Za-z-~]+)*)?\s*"
)
_SOURCE = re.compile(r"(([\w.-]+(:\d+)?/)?[\w-]+/)?[\w-]+")


def problems(block: Block) -> Iterator[Misform]:
    """What is wrong with a terraform block."""
    if block.type != "terraform":
        return
    required = block.body.attribute("required_version")
    if required is not None:
        yield from _constraint(required.expr, "required_version")
    experiments = block.body.attribute("experiments")
    if experiments is not None:
        what = "a release of Terraform has no experiments"
        yield Misform(experiments.name_span, what, "remove it")
    for requirements in block.body.blocks_of("required_providers"):
        for attribute in requirements.body.attributes:
            yield from _requirement(attribute)
        for nested in requirements.body.blocks:
            what = "required_providers takes no blocks"
            yield Misform(nested.type_span, what, f"write {nested.type} = {{ … }}")


def _constraint(expr: Expr, name: str) -> Iterator[Misform]:
    right = 'write versions in quotes, such as "~> 6.0"'
    text = expr.literal if isinstance(expr, Template) else None
    if text is None:
        if constant(expr).data is not None:
            yield Misform(expr.span, f"{name} is no text that is written out", right)
    elif not all(_VERSIONS.fullmatch(clause) for clause in text.split(",")):
        yield Misform(expr.span, f"{name} names no versions", right)


def _requirement(attribute: Attribute) -> Iterator[Misform]:
    if attribute.name != attribute.name.lower():
        what = f"the provider's name {attribute.name} has capital letters"
        yield Misform(attribute.name_span, what, f"write {attribute.name.lower()}")
    expr = attribute.expr
    if isinstance(expr, Template):
        yield from _constraint(expr, "version")
        return
    if not isinstance(expr, Object):
        what = f"{attribute.name} is neither an object nor a version"
        yield Misform(expr.span, what, "write { source = …, version = … }")
        return
    for item in expr.items:
        name = item.key.literal if isinstance(item.key, Template) else None
        if name not in _FIELDS:
            what = f"a required provider has no {item.key.span.text}"
            yield Misform(item.key.span, what, "use source, version and configuration_aliases only")
        elif name == "version":
            yield from _version(item.value)
        elif name == "source":
            yield from _source(item.value)
        else:
            yield from _aliases(item.value)


def _version(expr: Expr) -> Iterator[Misform]:
    if not isinstance(expr, Template):
        yield Misform(expr.span, "version is no text that is written out", 'write versions in quotes, such as "~> 6.0"')
    else:
        yield from _constraint(expr, "version")


def _source(expr: Expr) -> Iterator[Misform]:
    text = expr.literal if isinstance(expr, Template) else None
    if text is None:
        yield Misform(expr.span, "source is no text that is written out", 'write it in quotes: "hashicorp/aws"')
    elif not _SOURCE.fullmatch(text):
        yield Misform(
            expr.span, "source is no address of a provider", 'write [hostname/]namespace/name: "hashicorp/aws"'
        )


def _aliases(expr: Expr) -> Iterator[Misform]:
    items = listed(expr)
    right = "write a list of configurations: [aws.west]"
    if items is None:
        yield Misform(expr.span, "configuration_aliases is no list that is written out", right)
        return
    for item in items:
        found = traversal(item)
        if found is None or len(found.steps) != 1 or found.keyed:
            yield Misform(item.span, f"{item.span.text} is no provider configuration with an alias", right)
