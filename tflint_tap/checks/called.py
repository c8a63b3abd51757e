"""What a call of a module may be given, and what it gives back, by the module that it leads to."""

from __future__ import annotations

from collections.abc import Mapping

from ..aws.schema import BlockSchema, block_of
from ..hcl.nodes import Block
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.module import Declaration, Module
from ..terraform.types import TypeConstraint
from ..terraform.typing import parse_type

# Source: https://developer.hashicorp.com/terraform/language/block/module
_META = "!a source;?a version count for_each providers depends_on"
_NOTATION: Mapping[str, str] = {"string": "s", "number": "n", "bool": "b"}
_COLLECTIONS: Mapping[str, str] = {"list": "[]", "set": "<>", "map": "{}"}


def call_schema(called: Module) -> BlockSchema:
    """The schema of a call's body: Terraform's own arguments, and the variables of the module."""
    groups = [_META]
    for variable in called.of_kind("variable"):
        assert variable.block is not None
        flag = "?" if variable.block.body.attribute("default") is not None else "!"
        groups.append(f"{flag}{_type(variable.block)} {variable.name}")
    return block_of([";".join(groups)])


def _type(variable: Block) -> str:
    """A variable's type in the notation of schemas; `a` where that can't say it."""
    written = variable.body.attribute("type")
    try:
        return (_notation(parse_type(written.expr)) if written is not None else None) or "a"
    except EvaluationError:
        return "a"


def _notation(constraint: TypeConstraint) -> str | None:
    if constraint.kind in _NOTATION:
        return _NOTATION[constraint.kind]
    if constraint.kind not in _COLLECTIONS or constraint.element is None:
        return None
    inner, brackets = _notation(constraint.element), _COLLECTIONS[constraint.kind]
    return None if inner is None else f"{brackets[0]}{inner}{brackets[1]}"


def outputs_of_call(module: Module, address: str) -> list[Declaration] | None:
    """The outputs of the module that a call leads to; None where that isn't known."""
    called = module.called.modules.get(address)
    return list(called.of_kind("output")) if called is not None and called.is_whole else None
