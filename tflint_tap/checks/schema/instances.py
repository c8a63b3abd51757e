"""The instances that stand for a top-level block where the schema is asked of it."""

from __future__ import annotations

from collections.abc import Iterable

from ...hcl.nodes import Block
from ...records import replace
from ...stack import Stack
from ...terraform.evaluation.evaluator import Evaluator
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import Unknown, Value
from ...terraform.module import Declaration

_NO_INSTANCE = "there is no instance"


def instances_of(stack: Stack, block: Block, declaration: Declaration) -> tuple[Instance, ...]:
    """The instances of a block; where there are none for sure, one that stands for what there could be.

    What decides whether there are any may be otherwise there: `count = var.name == null ? 0 : 1` sees to it that
    var.name isn't null in an instance. Where there is none, what else is given for it isn't known either.
    """
    if stack.declared(declaration.address) is not declaration:
        return (alone(stack, block, declaration),)
    made = stack.evaluator.instances(declaration)
    if any(instance.doubt is None for instance in made):
        return made
    if not made:
        given = (item.address for item in stack.module.of_kind("variable"))
        return (replace(alone(stack, block, declaration), evaluator=_without(stack, given)),)
    undecided = _without(stack, _deciding(stack, block))
    return tuple(replace(instance, evaluator=undecided, _values={}, _blocks={}) for instance in made)


def alone(stack: Stack, block: Block, declaration: Declaration) -> Instance:
    """A block for itself, as if there were one instance of which nothing is known."""
    unknown = Value(Unknown(_NO_INSTANCE))
    names = {"each": unknown, "count": unknown, "self": unknown}
    return Instance(
        declaration.address, None, declaration, block.body, block.header, names, stack.evaluator, _NO_INSTANCE
    )


def _without(stack: Stack, addresses: Iterable[str]) -> Evaluator:
    """An evaluator to which these variables and locals aren't known."""
    return stack.evaluator.supposing(dict.fromkeys(addresses, Value(Unknown(_NO_INSTANCE))))


def _deciding(stack: Stack, block: Block) -> set[str]:
    """The variables and locals that count and for_each are made of, by address."""
    written = (item.expr for item in block.body.attributes if item.name in ("count", "for_each"))
    reached = (found for _, found in stack.reached(written))
    return {found.address for found in reached if found is not None and found.kind in ("variable", "local")}
