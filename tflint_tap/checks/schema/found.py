"""The schema rules: every body is walked once, and each rule takes its kind of what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from ...aws import schema
from ...aws.language import LABELLED, META, TOP_LEVEL
from ...aws.schema import BlockSchema
from ...hcl.nodes import Block, Body
from ...records import replace
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.evaluator import Evaluator
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import Unknown, Value
from ...terraform.module import Declaration
from ...text.nearest import MOST_SUGGESTED, nearest
from ...text.source import Span
from ..causes import by_cause
from ..shapes import schema_of
from .bodies import BodySite, deprecated, walked
from .values import Found, listed

_NO_INSTANCE = "there is no instance"
_LOOKUPS: Mapping[str, tuple[str, Callable[[], tuple[str, ...]]]] = {
    "resource": ("resource type", schema.resource_types),
    "data": ("data source", schema.data_source_types),
    "ephemeral": ("ephemeral resource type", schema.ephemeral_resource_types),
}


def found(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """What is found of the rule's kind, which is the rule's name."""
    yield from _all(stack).get(rule.id.partition("/")[2], ())


@lru_cache(maxsize=1)  # the rules of a stack are judged one after another
def _all(stack: Stack) -> Mapping[str, tuple[Hit, ...]]:
    rules: dict[str, list[tuple[Hit, Hit | None]]] = {}
    unknown: set[str] = set()
    for file in stack.shown:
        for attribute in file.body.attributes:
            values = {"argument": attribute.name, "where": "a file", "right": "put it into a block"}
            rules.setdefault("unknown-argument", []).append((Hit(attribute.name_span, values=values), None))
        for block in file.body.blocks:
            for rule, hit, cause in _block(stack, block, unknown):
                rules.setdefault(rule, []).append((hit, cause))
    return {rule: tuple(by_cause(stack, hits)) for rule, hits in rules.items()}


def _block(stack: Stack, block: Block, unknown: set[str]) -> Iterator[Found]:
    """What is wrong with a top-level block; `unknown` are the types that were found not to be there."""
    language = TOP_LEVEL.get(block.type)
    if language is None:
        yield _unknown_block(block, tuple(TOP_LEVEL))
        return
    wrong = labels_wrong(block, language.labels, None)
    if wrong is not None:
        yield Found("unknown-block", wrong)
        return
    declaration = _declaration(stack, block)
    if language.content is None:
        yield from _resource(stack, block, declaration, unknown)
        return
    place = BodySite(stack, declaration.address if block.labels else None, block.type, declaration.address)
    if block.type == "locals":
        for nested in block.body.blocks:
            what = f"locals holds no blocks, and so no {nested.type}"
            values = {"what": what, "right": f"{nested.type} = {{ … }} if a value is meant"}
            yield Found("unknown-block", Hit(nested.type_span, None, values))
    else:
        yield from walked(block.body, block.header, language.content, place, (_alone(stack, block, declaration),))
    if block.type == "check":
        for nested in block.body.blocks_of("data"):
            if len(nested.labels) == len(LABELLED["check", "data"]):
                yield from _resource(stack, nested, _declaration(stack, nested), unknown)


def _declaration(stack: Stack, block: Block) -> Declaration:
    """What a block declares, be it the first of its address or not."""
    prefix = {"resource": (), "variable": ("var",)}.get(block.type, (block.type,))
    address = ".".join((*prefix, *(label.value for label in block.labels)))
    known = stack.declared(address)
    return known if known is not None and known.block is block else Declaration(address, block.type, block.span, block)


def _resource(stack: Stack, block: Block, declaration: Declaration, unknown: set[str]) -> Iterator[Found]:
    type_ = declaration.type
    if not type_.startswith("aws_"):
        yield from walked(
            _only_language(block),
            block.header,
            META[block.type],
            BodySite(stack, declaration.address, block.type, declaration.address),
            (),
        )
        return
    content = schema_of(declaration)
    words, types = _LOOKUPS[block.type]
    if content is None:
        unknown.add(type_)
        near = nearest(type_, types()) if len(unknown) <= MOST_SUGGESTED else None
        elsewhere = [
            f"{other} is a {_LOOKUPS[kind][0]}"
            for kind, other in (("resource", type_), ("data", type_))
            if kind != block.type and schema_of_type(kind, type_) is not None
        ]
        right = f"{near} was meant" if near else "; ".join(elsewhere) or "a type that the provider has"
        values = {"kind": words, "type": type_, "right": right}
        yield Found("unknown-type", Hit(block.labels[0].span, declaration.address, values))
        return
    if content.deprecated is not None:
        instead = deprecated(type_, declaration.address, content.deprecated)
        yield Found("deprecated", Hit(block.labels[0].span, declaration.address, instead))
    place = BodySite(
        stack, declaration.address, block.type, declaration.address, type_ if block.type == "resource" else "", ""
    )
    instances = _instances(stack, block, declaration)
    yield from walked(block.body, block.header, content, place, instances, META[block.type])


def schema_of_type(kind: str, type_: str) -> BlockSchema | None:
    return schema.resource(type_) if kind == "resource" else schema.data_source(type_)


def _only_language(block: Block) -> Body:
    """The parts of a foreign resource that Terraform itself takes: the others aren't judged."""
    meta = META[block.type]
    body = block.body
    attributes = tuple(item for item in body.attributes if item.name in meta.attributes)
    return replace(body, attributes=attributes, blocks=tuple(item for item in body.blocks if item.type in meta.blocks))


def _instances(stack: Stack, block: Block, declaration: Declaration) -> tuple[Instance, ...]:
    """The instances of a block; where there are none for sure, one that stands for what there could be.

    What decides whether there are any may be otherwise there: `count = var.name == null ? 0 : 1` sees to it that
    var.name isn't null in an instance. Where there is none, what else is given for it isn't known either.
    """
    if stack.declared(declaration.address) is not declaration:
        return (_alone(stack, block, declaration),)
    made = stack.evaluator.instances(declaration)
    if any(instance.doubt is None for instance in made):
        return made
    if not made:
        given = (item.address for item in stack.module.of_kind("variable"))
        return (replace(_alone(stack, block, declaration), evaluator=_without(stack, given)),)
    undecided = _without(stack, _deciding(stack, block))
    return tuple(replace(instance, evaluator=undecided, _values={}, _blocks={}) for instance in made)


def _without(stack: Stack, addresses: Iterable[str]) -> Evaluator:
    """An evaluator to which these variables and locals aren't known."""
    return stack.evaluator.supposing(dict.fromkeys(addresses, Value(Unknown(_NO_INSTANCE))))


def _deciding(stack: Stack, block: Block) -> set[str]:
    """The variables and locals that count and for_each are made of, by address."""
    written = (item.expr for item in block.body.attributes if item.name in ("count", "for_each"))
    reached = (found for _, found in stack.reached(written))
    return {found.address for found in reached if found is not None and found.kind in ("variable", "local")}


def _alone(stack: Stack, block: Block, declaration: Declaration) -> Instance:
    """A block for itself, as if there were one instance of which nothing is known."""
    unknown = Value(Unknown(_NO_INSTANCE))
    names = {"each": unknown, "count": unknown, "self": unknown}
    return Instance(
        declaration.address, None, declaration, block.body, block.header, names, stack.evaluator, _NO_INSTANCE
    )


def _unknown_block(block: Block, known: tuple[str, ...]) -> Found:
    near = nearest(block.type, known)
    right = f"{near} was meant" if near else f"one of {listed(known, 'or')}"
    values = {"what": f"Terraform knows no block {block.type}", "right": right}
    return Found("unknown-block", Hit(block.type_span, None, values))


def labels_wrong(block: Block, labels: tuple[str, ...], address: str | None) -> Hit | None:
    """A hit where a block has too few or too many labels."""
    count = len(block.labels)
    if count == len(labels):
        return None
    takes = f"{len(labels)} label{'s' if len(labels) > 1 else ''}, {listed(labels, 'and')}" if labels else "no labels"
    span: Span = block.header if count < len(labels) else block.labels[len(labels)].span
    values = {
        "what": f"a block {block.type} takes {takes}, and this one has {count or 'none'}",
        "right": f"give it {takes}",
    }
    return Hit(span, address, values)
