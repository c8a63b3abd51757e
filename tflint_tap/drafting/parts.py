"""The resources and data sources of a stack as parts of a contract: what each is called, and what tells it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from ..aws import names as aws_names
from ..aws import schema
from ..contract.naming import NameReading, names_of, naming_of, normal
from ..hcl.nodes import Call, Expr, For, Object, Variable
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.conversion import quoted
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString
from ..terraform.module import Declaration
from ..terraform.module.references import reference_of, steps_of
from .draft import Content

# Labels that say nothing of what they name: a name that AWS sees, or the type, says more.
_EMPTY_LABELS = frozenset(("this", "main", "default", "example", "it", "self", "current", "resource", "primary"))
_RESERVED = frozenset(("self", "var", "local", "data", "path", "terraform", "each", "count", "module", "true", "false"))
_REPEATED = ("for_each", "count")
_DEEPEST = 20  # locals and calls that are looked through for the keys of one collection


@dataclass(frozen=True, slots=True, eq=False)
class DraftedPart:
    """One resource that the contract demands, or all that a block makes where their number isn't fixed.

    `name` is the contract's own. `signs` are what it is told by: type, name, number.
    """

    name: str
    instances: tuple[Instance, ...]
    signs: Mapping[str, Content]

    @property
    def declaration(self) -> Declaration:
        return self.instances[0].declaration

    @property
    def is_counted(self) -> bool:
        return "count" in self.signs

    @property
    def is_data(self) -> bool:
        return self.declaration.kind == "data"

    @property
    def address(self) -> str:
        return self.declaration.address if self.is_counted else self.instances[0].address


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a stack, by the addresses of their instances; and what can't be one, each with the reason."""

    all: tuple[DraftedPart, ...]
    left_out: tuple[str, ...]
    by_address: Mapping[str, DraftedPart]

    def of(self, instance: Instance) -> DraftedPart | None:
        return self.by_address.get(instance.address)


def parts_of(stack: Stack) -> Parts:
    """The parts that a stack has, in the order of the text."""
    left_out: list[str] = []
    groups: list[tuple[Instance, ...]] = []
    for declaration in (*stack.module.of_kind("data"), *stack.module.of_kind("resource")):
        known = schema.data_source if declaration.kind == "data" else schema.resource
        if known(declaration.type) is None:
            left_out.append(f"{declaration.address}: it is no type of the AWS provider")
            continue
        made = stack.evaluator.instances(declaration)
        certain = tuple(instance for instance in made if instance.doubt is None)
        if len(certain) < len(made):
            doubt = next(instance.doubt for instance in made if instance.doubt is not None)
            left_out.append(f"{declaration.address}: it isn't known how many there are: {doubt}")
        elif not certain:
            left_out.append(f"{declaration.address}: by the variables' defaults there is none")
        elif _is_numbered(stack, declaration):
            groups.append(certain)
        else:
            groups += [(instance,) for instance in certain]
    order = {file.source: number for number, file in enumerate(stack.module.files)}
    groups.sort(key=lambda group: (order[group[0].header.source], group[0].header.start))
    reading = naming_of(stack.evaluator)
    bearers = _bearers(groups, reading)
    parts = tuple(
        DraftedPart(name, group, dict(_signs(stack, group, reading, bearers)))
        for name, group in zip(_names(groups), groups, strict=True)
    )
    by_address = {instance.address: part for part in parts for instance in part.instances}
    return Parts(parts, tuple(left_out), by_address)


_Groups = list[tuple[Instance, ...]]
_Bearers = Mapping[tuple[str, str, str], frozenset[int]]


def _bearers(groups: _Groups, reading: NameReading) -> _Bearers:
    """The groups, by the identity of their first, that a name would find: by kind, type, and the end of a name.

    An empty name finds all of the type. Of several groups two are enough to know.
    """
    found: dict[tuple[str, str, str], frozenset[int]] = {}
    for group in groups:
        ends = {""}
        for name in {name for instance in group for name in names_of(instance, reading)}:
            words = name.split("_")
            ends.update("_".join(words[start:]) for start in range(len(words)))
        for end in ends:
            key = (group[0].declaration.kind, group[0].declaration.type, end)
            known = found.get(key, frozenset())
            found[key] = known if len(known) > 1 else known | {id(group[0])}
    return found


def _is_numbered(stack: Stack, declaration: Declaration) -> bool:
    """Return True if only the number of a block's instances can be asked for: they have numbers, or variables' keys."""
    assert declaration.block is not None
    body = declaration.block.body
    if body.attribute("count") is not None:
        return True
    for_each = body.attribute("for_each")
    return for_each is not None and not _has_fixed_keys(stack, for_each.expr)


def _has_fixed_keys(stack: Stack, expr: Expr, depth: int = 0) -> bool:
    """Return True if no variable decides which keys a collection has; its values may be anything."""
    if depth > _DEEPEST:
        return False
    if isinstance(expr, Object):
        return not _reaches_variable(stack, [item.key for item in expr.items])
    if isinstance(expr, For):
        copies_keys = isinstance(expr.key_expr, Variable) and expr.key_expr.name == expr.key and expr.condition is None
        return copies_keys and _has_fixed_keys(stack, expr.collection, depth + 1)
    if isinstance(expr, Call) and expr.name in ("merge", "tomap", "toset"):
        return all(_has_fixed_keys(stack, argument, depth + 1) for argument in expr.arguments)
    found = steps_of(expr)
    reference = reference_of(*found) if found is not None else None
    declaration = stack.declared(reference.address) if reference is not None and not reference.path else None
    if declaration is not None and declaration.kind == "local":
        return _has_fixed_keys(stack, declaration.expr, depth + 1)
    if declaration is not None and declaration.block is not None and declaration.kind in ("resource", "data"):
        return not _is_numbered(stack, declaration)
    return not _reaches_variable(stack, [expr])


def _reaches_variable(stack: Stack, exprs: Iterable[Expr]) -> bool:
    return any(reference.root == "var" for reference, _ in stack.reached(exprs))


def is_of_variable(stack: Stack, declaration: Declaration) -> bool:
    """Return True if a variable decides how many instances there are."""
    assert declaration.block is not None
    written = (declaration.block.body.attribute(name) for name in _REPEATED)
    return _reaches_variable(stack, [attribute.expr for attribute in written if attribute is not None])


def _signs(
    stack: Stack, group: tuple[Instance, ...], reading: NameReading, bearers: _Bearers
) -> Iterator[tuple[str, Content]]:
    first = group[0]
    declaration = first.declaration
    yield "type", declaration.type
    if declaration.kind == "data":
        yield "data", True
    is_numbered = first.key is not None and _is_numbered(stack, declaration)
    yield from _name_sign(first, reading, bearers, is_numbered=is_numbered)
    if is_numbered:
        yield "count", ">= 1" if is_of_variable(stack, declaration) else len(group)


def _name_sign(
    first: Instance, reading: NameReading, bearers: _Bearers, *, is_numbered: bool
) -> Iterator[tuple[str, Content]]:
    """The name that only these resources of their type bear; where there is none, their address."""
    declaration = first.declaration
    is_empty = declaration.name in _EMPTY_LABELS and (is_numbered or not isinstance(first.key, str))
    candidates = tuple(_candidates(first, reading, is_numbered=is_numbered))
    for name in ("", *candidates) if is_empty else candidates:
        if bearers.get((declaration.kind, declaration.type, normal(name))) == frozenset((id(first),)):
            if not name:  # the type is enough
                return
            yield "named", name
            return
    if is_numbered or first.key is None:
        yield "where", f"label(self) == {quoted(declaration.name)}"
    else:
        yield "where", f"address(self) == {quoted(first.address)}"


def _candidates(instance: Instance, reading: NameReading, *, is_numbered: bool) -> Iterator[str]:
    """Names that may tell a resource: its key or label, or what it is called in AWS."""
    label = instance.declaration.name
    if isinstance(instance.key, str) and not is_numbered:
        yield instance.key
    elif label not in _EMPTY_LABELS:
        yield label
    tail = _tail(instance, reading)
    if tail and not is_numbered:
        yield tail


def _tail(instance: Instance, reading: NameReading) -> str:
    """What the name of a thing says behind the stack's prefix, "" where that isn't known."""
    known = aws_names.naming(instance.declaration.type)
    data = instance.value(known.argument).data if known is not None else None
    if isinstance(data, PartialString):
        return data.suffix.lstrip("-_/")
    if not isinstance(data, str):
        return ""
    prefix = normal(reading.prefix or "").rstrip("_")
    return data[len(prefix) :].lstrip("-_/") if prefix and normal(data).startswith(f"{prefix}_") else data


def _names(groups: _Groups) -> list[str]:
    """A name for each part: its label or key, with its type where several have it."""
    firsts = [group[0] for group in groups]
    short = [_short(instance, is_numbered=len(group) > 1) for group, instance in zip(groups, firsts, strict=True)]
    often = Counter(short)
    taken: set[str] = set()
    made: list[str] = []
    for instance, name in zip(firsts, short, strict=True):
        full = name if often[name] == 1 else _with_type(name, instance)
        made.append(unique(full, taken))
        taken.add(made[-1])
    return made


def unique(name: str, taken: Iterable[str]) -> str:
    """A name that isn't taken yet: `queue`, `queue_2`."""
    return next(one for number in count(1) if (one := name if number == 1 else f"{name}_{number}") not in taken)


def _short(instance: Instance, *, is_numbered: bool) -> str:
    label = instance.declaration.name
    has_key = isinstance(instance.key, str) and not is_numbered
    name = re.sub(r"\W+", "_", str(instance.key) if has_key else label, flags=re.ASCII).strip("_").lower()
    if label in _EMPTY_LABELS and not has_key:
        name = kind_of(instance.declaration.type)
    if not name or not name[0].isalpha() or name in _RESERVED or name in ("null", "for", "in", "if"):
        name = f"{kind_of(instance.declaration.type)}_{name}".rstrip("_")
    return name


def _with_type(name: str, instance: Instance) -> str:
    kind = kind_of(instance.declaration.type)
    return name if name.endswith(kind) else f"{name}_{kind}"


def kind_of(type_: str) -> str:
    """The word for a type without its service: `queue` of aws_sqs_queue, `vpc` of aws_vpc."""
    words = type_.removeprefix("aws_").split("_")
    return "_".join(words[1:]) or words[0]
