"""The region that a resource is in: by its own argument, by the provider configuration, or by the stack's variable."""

from __future__ import annotations

from ..hcl import parse_expression
from ..hcl.nodes import Expr
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.providers import configurations, provider_of
from ..terraform.evaluation.values import Value
from ..text.source import Source

# What a provider configuration that lies elsewhere reads by convention.
_VARIABLES = ("var.aws_region", "var.region")


@dataclass(frozen=True, slots=True)
class Region:
    """The expression that gives a resource's region, and the instance in whose scope it stands, if it is in one."""

    expr: Expr
    instance: Instance | None = None

    def value(self, evaluator: Evaluator) -> Value:
        """The region, as an evaluator of the module sees it."""
        if self.instance is None:
            return evaluator.evaluate(self.expr)
        made = evaluator.instance(self.instance.declaration, self.instance.address)
        return Value(None, self.expr.span) if made is None else made.value("region")


def region_of(stack: Stack, instance: Instance) -> Region | None:
    """The region of a resource; None where nothing in the module tells it."""
    own = instance.attribute("region")
    if own is not None:
        return Region(own.expr, instance)
    provider = provider_of(instance)
    if provider is not None:
        return _configured(stack, provider)
    return _configured(stack, None) or stack.once(_by_variable)


def _configured(stack: Stack, name: str | None) -> Region | None:
    """The region of a provider configuration, such as `aws.west`; of the default one without a name."""
    provider = stack.once(_configurations).get(name or "aws")
    attribute = provider.attribute("region") if provider is not None else None
    return None if attribute is None else Region(attribute.expr)


def _configurations(stack: Stack) -> dict[str, Instance]:
    return configurations(stack.evaluator)


def _by_variable(stack: Stack) -> Region | None:
    for address in _VARIABLES:
        if stack.declared(address) is not None and "aws" not in stack.once(_configurations):
            return Region(parse_expression(Source(address, address)))
    return None
