"""HCL conditions as checks: `match` says which blocks, `where` which of them, `require` what has to hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import cast

from ..hcl.nodes import Expr
from ..records import dataclass, replace
from ..rule import Hit, Rule
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError, to_bool
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Data, ErrorValue, ListValue, MapValue, Unknown, Value
from ..terraform.module.references import references
from ..terraform.provenance import place
from ..text.source import Span
from ..vocabulary.values import VOCABULARY


@dataclass(frozen=True, slots=True)
class Condition:
    """A card's judgement in HCL.

    `kind` and `types` come from `match` (`resource.aws_sqs_queue`); `each` names nested blocks to judge in the
    block's stead; `at` names the arguments to point at (`mode`, `tracing_config.mode`): the first that is
    written, by default the header.
    """

    kind: str
    types: tuple[str, ...]
    require: Expr
    where: Expr | None = None
    each: str | None = None
    at: tuple[str, ...] = ()

    def __call__(self, stack: Stack, rule: Rule) -> Iterator[Hit]:
        """Every block that breaks the condition, or for which it can't be told."""
        params = _parameters(rule.params)
        evaluator = replace(stack.evaluator, vocabulary=VOCABULARY)
        asked = _asked(self.require) | (_asked(self.where) if self.where is not None else set())
        for instance in stack.resources(*self.types) if self.kind == "resource" else stack.data_sources(*self.types):
            for judged in instance.blocks(self.each) if self.each is not None else (instance,):
                yield from self._judged(judged, evaluator, asked, params)

    def _judged(
        self, judged: Instance, evaluator: Evaluator, asked: set[str], params: Mapping[str, Value]
    ) -> Iterator[Hit]:
        names = {"self": as_object(judged, asked), **params}
        if self.where is not None and _verdict(evaluator.evaluate(self.where, names)) is not True:
            return
        verdict = _verdict(evaluator.evaluate(self.require, names))
        if verdict is True:
            return
        found = place(judged, *self.at)
        yield Hit(
            found.span,
            judged.address,
            {"self": judged.address},
            found.related,
            doubt=verdict if isinstance(verdict, str) else judged.doubt if self.each is not None else None,
        )


def _verdict(value: Value) -> bool | str:
    """Whether it holds, or why that can't be told."""
    try:
        flag = to_bool(value)
    except EvaluationError as error:
        return error.reason
    if isinstance(flag.data, bool):
        return flag.data
    return flag.reason or "it is null"


def _asked(expr: Expr) -> set[str]:
    """Every name that a condition asks of something: those that are absent stand as null."""
    return {
        step
        for reference in references(expr)
        for step in (*reference.address.split(".")[1:], *reference.path)
        if isinstance(step, str)
    }


def as_object(instance: Instance, asked: set[str]) -> Value:
    """The block as Terraform would see the object: arguments by name, nested blocks as lists.

    What is `asked` for and absent is null. A block that a dynamic block may make or not isn't among the certain.
    """
    items: dict[str, Value] = {}
    for attribute in instance.body.attributes:
        items[attribute.name] = instance.value(attribute.name)
    for type_ in dict.fromkeys(type_ for type_, _ in instance.block_types()):
        made = instance.blocks(type_)
        certain = tuple(as_object(block, asked) for block in made if not block.optional)
        rest = next((Unknown(block.doubt or "") for block in made if block.optional), None)
        count = None if rest is None else next(at for at, block in enumerate(made) if block.optional)
        items[type_] = Value(ListValue(certain, "list", rest, count), instance.header)
    for name in asked - items.keys():
        items[name] = Value(None, instance.header)
    return Value(MapValue(items), instance.header)


def _parameters(params: Mapping[str, object]) -> Mapping[str, Value]:
    """A card's params as `param.name`."""
    return {"param": Value(MapValue({name: plain(value) for name, value in params.items()}))}


def plain(value: object, span: Span | None = None) -> Value:
    """A value from plain Python data, as YAML gives it."""
    data: Data
    if isinstance(value, (list, tuple)):
        data = ListValue(tuple(plain(item, span) for item in value))
    elif isinstance(value, Mapping):
        data = MapValue({str(key): plain(item, span) for key, item in value.items()})
    elif isinstance(value, float):
        data = Fraction(str(value))
    elif value is None or isinstance(value, (bool, int, str)):
        data = value
    elif isinstance(value, Value):
        return value
    else:
        data = cast("Data", value) if isinstance(value, ErrorValue) else str(value)
    return Value(data, span)
