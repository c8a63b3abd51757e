"""Replicas of a table in the table's own region: as the stack stands, or for another choice of its variables.

The choices are tried: the variable that gives the region gets each region that a replica is in, and the table is
evaluated anew. So any filter counts, however it is written, and so do validations and preconditions that refuse it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...hcl import parse_expression
from ...hcl.nodes import Block, Expr
from ...records import dataclass
from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ...terraform.evaluation.conversion import EvaluationError
from ...terraform.evaluation.evaluator import Evaluator
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import Data, ListValue, Symbol, Unknown, Value
from ...terraform.module import Declaration
from ...terraform.module.references import walk
from ...terraform.provenance import place
from ...terraform.typing import ANY, convert, parse_type
from ...text.source import Related, Source
from ..regions import Region, region_of

_TABLE, _REPLICA = "aws_dynamodb_table", "aws_dynamodb_table_replica"
_REGIONS = ("us-east-1", "eu-west-1")  # what is tried for variables without a value


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """An error for each replica in the table's region; a warning for a table where a choice makes one."""
    for declaration in stack.module.of_kind("resource", _TABLE):
        choices = _Choices(stack, declaration)
        for table in stack.evaluator.instances(declaration):
            replicas = table.blocks("replica")
            region = region_of(stack, table)
            if not replicas or region is None:
                continue
            hits = [hit for replica in replicas if (hit := _own(stack, table, replica, region)) is not None]
            yield from hits
            if not hits:
                yield from choices.hits(table, region)
    for replica in stack.resources(_REPLICA):
        yield from _separate(stack, replica)


def _own(stack: Stack, table: Instance, replica: Instance, region: Region) -> Hit | None:
    """A hit if a replica is certainly in the table's region."""
    written, home = replica.value("region_name"), region.value(stack.evaluator)
    by_default = table.attribute("region") is None and table.attribute("provider") is None
    if not _is_same(written.data, home.data) and not (by_default and _is_current(stack, written.data)):
        return None
    where = place(replica, "region_name")
    values = {"where": str(written.data) if written.is_known else replica.span_of("region_name").text, "variable": None}
    return Hit(where.span, table.address, values, where.related, doubt=replica.doubt if replica.optional else None)


def _is_same(left: Data, right: Data) -> bool:
    """Return True if two values are certainly the same region; an unknown is equal only to itself."""
    if isinstance(left, Unknown) and isinstance(right, Unknown):
        return left.identity == right.identity
    return isinstance(left, (str, Symbol)) and left == right


def _is_current(stack: Stack, data: Data) -> bool:
    """Return True for an attribute of a data source that tells the region of the default provider."""
    if not isinstance(data, Symbol) or not data.block_address.startswith("data.aws_region."):
        return False
    source = stack.symbol_target(data)
    return source is not None and not any(source.attribute(name) for name in ("provider", "region", "name", "endpoint"))


def _separate(stack: Stack, replica: Instance) -> Iterator[Hit]:
    """A hit if a replica of its own is made where its table is."""
    named = stack.wiring.resolver.argument(replica, "global_table_arn", (_TABLE,))
    for table, doubt in named.instances:
        if _provider(replica) == _provider(table) and not replica.attribute("region") and not table.attribute("region"):
            where = None
        else:
            one, other = region_of(stack, replica), region_of(stack, table)
            left = one.value(stack.evaluator) if one is not None else None
            right = other.value(stack.evaluator) if other is not None else None
            if left is None or right is None or not _is_same(left.data, right.data):
                continue
            where = str(left.data) if left.is_known else None
        related = (Related(f"{table.address} is here", table.header),)
        values = {"where": where, "variable": None}
        span = replica.span_of("region") if replica.attribute("region") else replica.header
        yield Hit(span, table.address, values, related, doubt=doubt)


def _provider(instance: Instance) -> str | None:
    attribute = instance.attribute("provider")
    return None if attribute is None else attribute.expr.span.text


@dataclass(eq=False)
class _Choices:
    """What becomes of the tables of a block for other values of the stack's variables."""

    stack: Stack
    declaration: Declaration

    def hits(self, table: Instance, region: Region) -> Iterator[Hit]:
        """A warning for the first choice of the region that puts a replica of the table there."""
        variables = [
            declaration
            for _, declaration in self.stack.reached([region.expr])
            if declaration is not None and declaration.kind == "variable"
        ]
        for variable in variables:
            for chosen, written in self._regions(table).items():
                if self._clashes(table, region, variable, chosen):
                    where = place(written, "region_name")
                    span = where.span if where.span != written.header else table.header
                    values = {"where": chosen, "variable": variable.address}
                    yield Hit(span, table.address, values, where.related, Severity.WARNING)
                    return

    def _regions(self, table: Instance) -> dict[str, Instance]:
        """The regions of a table's replicas as the stack stands, and one that is tried where they aren't known."""
        found: dict[str, Instance] = {}
        for replica in table.blocks("replica"):
            written = replica.value("region_name")
            found.setdefault(written.data if isinstance(written.data, str) else _REGIONS[0], replica)
        return found

    def _clashes(self, table: Instance, region: Region, variable: Declaration, chosen: str) -> bool:
        """Return True if the choice is admitted and certainly puts a replica into the table's region."""
        supposed = _supposing(self.stack, self.declaration, variable, chosen)
        if supposed is None or region.value(supposed).data != chosen:
            return False
        made = supposed.instance(self.declaration, table.address)
        replicas = made.blocks("replica") if made is not None else ()
        return any(replica.value("region_name").data == chosen and not replica.optional for replica in replicas)


def _supposing(stack: Stack, table: Declaration, variable: Declaration, chosen: str) -> Evaluator | None:
    """The evaluator of a choice; None if the stack refuses it. Made once for each region and set of variables."""
    read = [declaration for declaration in _read_by(stack, table) if declaration is not variable]
    values = {variable.address: Value(chosen)}
    for other in read:
        if isinstance(stack.evaluator.evaluate(_reference(other)).data, Unknown):
            value = _tried(other, chosen)
            if value is not None:
                values[other.address] = value
    made = stack.once(_made)
    key = (variable.address, chosen, *sorted(values))
    if key not in made:
        supposed = stack.evaluator.supposing(values)
        made[key] = None if _is_refused(supposed, [variable, *read], table) else supposed
    return made[key]


def _made(stack: Stack) -> dict[tuple[str, ...], Evaluator | None]:
    return {}


def _read_by(stack: Stack, table: Declaration) -> Iterator[Declaration]:
    """The variables that a table's replicas are made of."""
    blocks = table.block.body.blocks if table.block is not None else ()
    held = [block for block in blocks if "replica" in (block.type, *(label.value for label in block.labels))]
    exprs = [attribute.expr for block in held for attribute, _ in walk(block.body)]
    for _, declaration in stack.reached(exprs):
        if declaration is not None and declaration.kind == "variable":
            yield declaration


def _reference(variable: Declaration) -> Expr:
    return parse_expression(Source(variable.address, variable.address))


def _tried(variable: Declaration, chosen: str) -> Value | None:
    """A value of a variable that nobody has given: the chosen region, among others where it is a list."""
    type_ = variable.block.body.attribute("type") if variable.block is not None else None
    others = tuple(Value(name) for name in dict.fromkeys((chosen, *_REGIONS)))
    for value in (Value(ListValue(others)), Value(chosen)):
        try:
            return convert(value, parse_type(type_.expr) if type_ is not None else ANY)
        except EvaluationError:
            continue
    return None


def _is_refused(supposed: Evaluator, variables: Iterable[Declaration], table: Declaration) -> bool:
    """Return True if a validation of a variable, or a precondition of the table, refuses the choice."""
    return any(supposed.evaluate(condition).data is False for condition in _conditions(variables, table))


def _conditions(variables: Iterable[Declaration], table: Declaration) -> Iterator[Expr]:
    blocks: list[Block] = []
    for variable in variables:
        blocks += variable.block.body.blocks_of("validation") if variable.block is not None else ()
    for lifecycle in table.block.body.blocks_of("lifecycle") if table.block is not None else ():
        blocks += lifecycle.body.blocks_of("precondition")
    for block in blocks:
        condition = block.body.attribute("condition")
        if condition is not None:
            yield condition.expr
