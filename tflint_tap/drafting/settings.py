"""The telling settings of a resource as conditions of a contract, and where the values of its arguments come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from ..aws import names as aws_names
from ..aws.schema import AttributeSchema, BlockSchema
from ..hcl import parse_expression
from ..hcl.nodes import Attribute, Call
from ..records import dataclass, field
from ..secrets.texts import is_secret, kind_of_name, known_secrets
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError, TooLarge, quoted
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import (
    ListValue,
    MapValue,
    PartialString,
    Symbol,
    Unknown,
    Value,
    View,
    is_sensitive,
)
from ..terraform.functions.jsons import jsondecode
from ..terraform.module.references import Reference
from ..terraform.provenance import repetitions
from ..text.source import Source
from ..vocabulary import evaluator_of
from ..vocabulary.verdicts import verdict
from ..vocabulary.views import instance_view, nested_schema, schema_of_type
from .names import Prefix
from .parts import Parts

# What Terraform itself reads, and tags, which a section of their own tells.
_META = frozenset(
    (
        "count",
        "for_each",
        "provider",
        "depends_on",
        "lifecycle",
        "provisioner",
        "connection",
        "timeouts",
        "tags",
        "tags_all",
    )
)
_PROSE = frozenset(("description", "comment", "alarm_description", "documentation", "user_data"))
_LONGEST_TEXT = 80  # characters that a setting's text may have
_MOST_SPACES = 3
# Data sources of facts about the caller: what is made of them says nothing of its own.
_FACTS = frozenset(
    (
        "aws_caller_identity",
        "aws_region",
        "aws_partition",
        "aws_availability_zones",
        "aws_default_tags",
        "aws_service_principal",
    )
)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a resource's settings are read in.

    `wired` are the arguments that wires tell of, each with the part at the other end (`place_of` makes its place);
    `prefix` is what names begin with.
    """

    stack: Stack
    parts: Parts
    wired: frozenset[tuple[str, str]]
    prefix: Prefix | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What a resource's body says.

    `conditions` are expressions over `self`; `origins` the variable or the part's attribute that the value of an
    argument comes from, by the argument's path; `left_out` are arguments of which nothing is said, each with the
    reason.
    """

    conditions: list[str] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def settings_of(instance: Instance, around: Surroundings) -> Settings:
    """The settings of a resource or data source."""
    reader = _Reader(instance, around)
    content = schema_of_type(instance.declaration.kind, instance.declaration.type)
    reader.found.conditions.extend(reader.conditions(instance, content, "self", ()))
    return reader.found


def place_of(holder: Instance, argument: str) -> str:
    """The place of an argument: which instance, which block, which argument."""
    return f"{holder.address} {holder.header.start} {argument}"


def _others(stack: Stack) -> dict[str, Evaluator]:
    """Evaluators of a stack to which one variable is not known, by its address."""
    return {}


class _Reader:
    """Reads a block and what is nested in it."""

    def __init__(self, owner: Instance, around: Surroundings) -> None:
        self.around, self.stack = around, around.stack
        self.found = Settings()
        known = aws_names.naming(owner.declaration.type)
        self.names = known.arguments if known is not None else ()
        assert owner.declaration.block is not None
        # `each`, `count` and the iterators of dynamic blocks that run over what a variable gives
        self.given = {
            root: variables
            for root, expr in repetitions(owner.declaration.block)
            if (variables := self._variables([reference for reference, _ in self.stack.reached([expr])]))
        }

    def conditions(self, holder: Instance, content: BlockSchema, ref: str, path: tuple[str, ...]) -> Iterator[str]:
        """The conditions that a block meets, which `ref` names in them."""
        view = instance_view(self.stack, holder).data
        assert isinstance(view, View)
        for attribute in holder.body.attributes:
            if not path and attribute.name in _META:
                continue
            known = content.attributes.get(attribute.name)
            yield from self._of_attribute(holder, attribute, view.member(attribute.name), known, ref, path)
        for name in dict.fromkeys(type_ for type_, _ in holder.block_types()):
            inner = nested_schema(content, name)
            if inner is not None and not (not path and name in _META):
                yield from self._nested(holder, content, name, inner, f"{ref}.{name}", (*path, name))

    def _nested(
        self, holder: Instance, content: BlockSchema, name: str, inner: BlockSchema, ref: str, path: tuple[str, ...]
    ) -> Iterator[str]:
        made = holder.blocks(name)
        if not made or any(block.doubt is not None for block in made):
            self.found.left_out.append(f"{'.'.join(path)} (it isn't known which there are)")
            return
        limits = content.blocks.get(name)
        if limits is not None and limits.max_items == 1:
            listed = list(self.conditions(made[0], inner, f"{ref}[0]", path))
            yield from listed or [f"exists({ref})"]
            return
        item = name.rpartition("_")[2]
        found = [
            " && ".join(
                text
                for text in dict.fromkeys(self.conditions(block, inner, item, path))
                if self._holds(text, item, block)
            )
            for block in made
        ]
        for text in dict.fromkeys(filter(None, found)):
            yield f"anytrue([for {item} in {ref} : {text}])"
        if not any(found):
            yield f"exists({ref})"

    def _holds(self, text: str, item: str, block: Instance) -> bool:
        """Return True if a block certainly meets a condition: one that isn't decided would leave all others open."""
        expr = parse_expression(Source("condition", text))
        return verdict(evaluator_of(self.stack).evaluate(expr, {item: instance_view(self.stack, block)})) is True

    # -- where values come from ----------------------------------------------------------------------------

    def _origins(self, holder: Instance, attribute: Attribute, value: Value) -> tuple[bool, list[str]]:
        """The parts' attributes or variables that an argument's value comes from; first, if a wire tells of any."""
        reached = [reference for reference, _ in self.stack.reached([attribute.expr])]
        ends = dict(self._ends(reached, value))
        if ends:
            wired = [part for part in ends if (place_of(holder, attribute.name), part) in self.around.wired]
            return bool(wired), [end for part, end in ends.items() if part not in wired]
        variables = self._variables(reached)
        for root in {reference.root for reference in reached} & self.given.keys():
            variables += self.given[root]
        return False, [one for one in dict.fromkeys(variables) if self._depends(holder, attribute, one)]

    def _depends(self, holder: Instance, attribute: Attribute, variable: str) -> bool:
        """Return True if an argument's value may be another one where a variable's is.

        Of a map with settings of several resources, each takes its own: what another one's has from a variable says
        nothing of it.
        """
        others = self.stack.once(_others)
        if variable not in others:
            others[variable] = self.stack.evaluator.supposing({variable: Value(Unknown(f"{variable} is open"))})
        whole = others[variable].instance(holder.declaration, holder.address)
        if whole is None or whole.names.keys() != holder.names.keys():
            return True  # what the block is made for depends on it, or a dynamic block makes it
        value = others[variable].evaluate(attribute.expr, whole.names)
        return value.data != holder.value(attribute.name).data

    def _variables(self, reached: Iterable[Reference]) -> list[str]:
        """The variables among references, but for those that every name is made of."""
        of_names = self.around.prefix.variables if self.around.prefix is not None else ()
        found = dict.fromkeys(reference.address for reference in reached if reference.root == "var")
        return [address for address in found if address not in of_names and self.stack.declared(address) is not None]

    def _ends(self, reached: Iterable[Reference], value: Value) -> Iterator[tuple[str, str]]:
        """The parts that a value is made of, each with the attribute: `queue`, `queue.arn`."""
        for symbol in symbols_in(value):
            yield from self._end(symbol.address, symbol.path)
        for reference in reached:
            yield from self._end(reference.address, reference.path)

    def _end(self, address: str, path: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
        part = self.around.parts.by_address.get(address)
        step = next((step for step in path if isinstance(step, str)), None)
        if part is not None and step is not None and part.declaration.type not in _FACTS:
            yield part.name, f"{part.name}.{step}"

    def _from(self, where: str, ends: list[str]) -> bool:
        """Note an argument's origin; False where there is none, or another block's has the path already.

        The format has room for one.
        """
        if not ends or where in self.found.origins:
            return False
        self.found.origins[where] = ends[0]
        self.found.left_out.extend(f"{where} (it comes from {end} as well)" for end in ends[1:])
        return True

    # -- values --------------------------------------------------------------------------------------------

    def _of_attribute(
        self,
        holder: Instance,
        attribute: Attribute,
        value: Value,
        known: AttributeSchema | None,
        ref: str,
        path: tuple[str, ...],
    ) -> Iterator[str]:
        """What an argument has to be; that it is set, where no more can be said and Terraform doesn't ask for it."""
        name, where = attribute.name, ".".join((*path, attribute.name))
        ref = f"{ref}.{name}"
        if value.data is None:
            return
        is_document = _is_document(attribute, value)
        is_wired, origins = (False, []) if is_document else self._origins(holder, attribute, value)
        is_told = self._from(where, origins) or is_wired
        made: list[str] = []
        if is_sensitive(value) or (known is not None and (known.sensitive or known.write_only)) or hides(name, value):
            self.found.left_out.append(f"{where} (it may be a secret)")
        elif not is_wired and not origins and name not in _PROSE and where not in self.names:
            made = list(_comparisons(ref, value, self.around.prefix, _document(value)))
            if not made:
                why = "a document" if is_document else value.reason
                self.found.left_out.append(f"{where} ({why})" if why is not None else where)
        yield from made
        yield from _keys(ref, value, made)
        if not made and not is_told and (known is None or not known.required):
            yield f"given({ref})"


def _keys(ref: str, value: Value, made: list[str]) -> Iterator[str]:
    """The keys of a map of whose values nothing is said."""
    if isinstance(value.data, MapValue):
        for key in value.data.items:
            if not any(text.startswith(f"{ref}{_step(key)} ") for text in made):
                yield f"contains(keys({ref}), {quoted(key)})"


def hides(name: str, value: Value) -> bool:
    """Return True if a text is a secret, by its name or by its form."""
    data = value.data
    kind = kind_of_name(name)
    return isinstance(data, str) and (bool(known_secrets(data)) or (kind is not None and is_secret(data, kind)))


def _is_document(attribute: Attribute, value: Value) -> bool:
    """Return True if an argument holds JSON, known or not."""
    is_call = isinstance(attribute.expr, Call) and attribute.expr.name == "jsonencode"
    return is_call or _document(value) is not None


def _document(value: Value) -> MapValue | None:
    """The object that a text is, as JSON."""
    data = value.data
    start = data.parts[0] if isinstance(data, PartialString) else data
    if not isinstance(start, str) or not start.lstrip().startswith("{"):
        return None
    try:
        decoded = jsondecode(value).data
    except (EvaluationError, TooLarge):
        return None
    return decoded if isinstance(decoded, MapValue) else None


def _comparisons(ref: str, value: Value, prefix: Prefix | None, document: MapValue | None = None) -> Iterator[str]:
    """Conditions that a known value meets; none for what isn't known, and for texts that are prose.

    Of a document only what stands at its top is told: wires and permissions tell what policies and definitions do.
    """
    data = value.data
    if document is not None:
        for key, item in document.items.items():
            if isinstance(item.data, (bool, int)):
                yield from _comparisons(f"jsondecode({ref}){_step(key)}", item, prefix)
    elif isinstance(data, ListValue):
        yield from _of_list(ref, data, prefix)
    elif isinstance(data, MapValue):
        for key, item in data.items.items():
            if not isinstance(item.data, (ListValue, MapValue)) and not hides(key, item):
                yield from _comparisons(f"{ref}{_step(key)}", item, prefix)
    elif (text := literal(value, prefix)) is not None:
        yield f"{ref} == {text}"


def _of_list(ref: str, data: ListValue, prefix: Prefix | None) -> Iterator[str]:
    for item in data.items:
        text = literal(item, prefix)
        if text is not None:
            yield f"contains({ref}, {text})"
        elif isinstance(item.data, MapValue):
            listed = list(_comparisons("item", item, prefix))
            if listed:
                yield f"anytrue([for item in {ref} : {' && '.join(listed)}])"


def literal(value: Value, prefix: Prefix | None) -> str | None:
    """A bool, number or short text as HCL, behind the prefix of names as a template; None for all else, and prose."""
    data = value.data
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int):
        return str(data)
    if isinstance(data, Fraction):
        return str(float(data)) if Fraction(str(float(data))) == data else None
    if not isinstance(data, str) or len(data) > _LONGEST_TEXT or not data.isprintable():
        return None
    if prefix is not None and prefix.text in data:
        start, _, rest = data.partition(prefix.text)
        return f'"{quoted(start)[1:-1]}${{{prefix.address}}}{quoted(rest)[1:-1]}"'
    return quoted(data) if data.count(" ") <= _MOST_SPACES else None


def _step(key: str) -> str:
    return f".{key}" if _IDENTIFIER.fullmatch(key) else f"[{quoted(key)}]"


def symbols_in(value: Value) -> Iterator[Symbol]:
    """The attributes of resources in a value, at any depth."""
    pending = [value]
    while pending:
        item = pending.pop()
        data = item.data
        if isinstance(data, Symbol):
            yield data
        elif isinstance(data, PartialString):
            yield from (part for part in data.parts if isinstance(part, Symbol))
        if item.decoded is not None:
            pending.append(item.decoded)
        pending += reversed(list(item.elements()))
