"""Versions of Terraform and of providers, and how these are configured, as entries of a contract."""

from __future__ import annotations

from collections.abc import Iterator

from ..hcl.nodes import Expr, Template
from ..stack import Stack
from ..tagging import tags_of_provider
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.providers import configurations
from ..terraform.module.pins import provider_constraints, terraform_constraints
from ..terraform.module.references import reference_of, steps_of
from ..terraform.module.versions import range_of
from .comments import where
from .draft import Content, Entry

_NAMED = ("var", "local")


def versions_of(stack: Stack) -> Iterator[Entry]:
    """The versions that a stack admits, where it has one constraint for each that can be read."""
    of_terraform = _constraint(list(terraform_constraints(stack.module)))
    if of_terraform is not None:
        yield Entry("terraform.required_version", of_terraform, "required_version")
    made: dict[str, Content] = {}
    for name in dict.fromkeys(_required(stack)):
        constraint = _constraint(list(provider_constraints(stack.module, f"hashicorp/{name}")))
        if constraint is not None:
            made[name] = constraint
    if made:
        yield Entry("terraform.providers", made, "providers")


def _required(stack: Stack) -> Iterator[str]:
    for block in stack.module.blocks():
        for required in block.body.blocks_of("required_providers") if block.type == "terraform" else ():
            yield from (attribute.name for attribute in required.body.attributes)


def _constraint(exprs: list[Expr]) -> str | None:
    text = exprs[0].literal if len(exprs) == 1 and isinstance(exprs[0], Template) else None
    return text if text is not None and range_of(text) is not None else None


def providers_of(stack: Stack) -> Iterator[Entry]:
    """The configurations of providers: where each gets its region, and the keys of its default tags."""
    for name, instance in configurations(stack.evaluator).items():
        content: dict[str, Content] = {}
        region = _region(instance)
        if region is not None:
            content["region"] = region
        tags = tags_of_provider(stack, name)
        if tags is not None and tags.values:
            content["default_tags"] = list(tags.values)
        yield Entry(f"providers.{name}", content, name, (where(stack, instance.header),))


def _region(instance: Instance) -> str | None:
    """The region as a text, or the variable or local that it is."""
    attribute = instance.attribute("region")
    if attribute is None:
        return None
    found = steps_of(attribute.expr)
    reference = reference_of(*found) if found is not None else None
    if reference is not None:
        return reference.address if reference.root in _NAMED and not reference.path else None
    data = instance.value("region").data
    return data if isinstance(data, str) and data.partition(".")[0] not in _NAMED else None
