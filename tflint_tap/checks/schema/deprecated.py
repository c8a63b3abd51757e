"""Types, arguments and blocks that aren't to be used any more."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from ...aws.provider import limits_versions, some_lack
from ...hcl.nodes import Attribute, Block
from ...records import dataclass
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...text.listing import listed
from ...text.source import Related, Span
from ..expression_shapes import OldStep
from ..readings import Reading, readings
from ..shapes import schema_of
from .bodies import BodySite, bodies, made_type, typed_blocks

_NAME = re.compile(
    r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
)  # in advice: a type, or a name that stands beside the deprecated one
_DATA = re.compile(r"(aws_\w+) data source")


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each body with what is deprecated in it, and for each block and attribute that it reads."""
    for block, declaration in typed_blocks(stack):
        content = schema_of(stack.module, declaration) if declaration.type.startswith("aws_") else None
        instead = content.deprecated if content is not None else None
        if content is not None and instead is not None and _is_there(stack, instead, content.of, ""):
            values = _values([(declaration.type, instead)], declaration.address)
            yield Hit(block.labels[0].span, declaration.address, values)
    for site in bodies(stack):
        yield from _written(stack, site)
    for reading in readings(stack):
        yield from _read(stack, reading)


def _read(stack: Stack, reading: Reading) -> Iterator[Hit]:
    """The deprecated attributes that a block reads, each once."""
    known: dict[tuple[str, str], list[OldStep]] = {}
    for step in reading.old:
        key, path = step.place
        if _is_there(stack, step.instead, key, path):
            known.setdefault((step.subject, step.name), []).append(step)
    for (subject, name), steps in known.items():
        related = tuple(Related(f"{name} is read here, too", step.span) for step in steps[1:])
        yield Hit(steps[0].span, reading.address, _values([(name, steps[0].instead)], subject), related)


def _written(stack: Stack, site: BodySite) -> Iterator[Hit]:
    """What is deprecated of that which stands in a body, in one hit.

    The hit is at the first of the names; at the resource's header where blocks of the resource itself are among them,
    as Terraform reports these.
    """
    blocks = [item for item in _old(site) if _is_there(stack, item.instead, site.key, site.path)]
    arguments = [item for item in _arguments(site) if _is_there(stack, item.instead, site.key, site.path)]
    old = [*arguments, *blocks]
    if not old:
        return
    has_blocks = not site.path and bool(blocks)
    span = site.header if has_blocks else old[0].span
    related = tuple(Related(f"{item.name} stands here", item.span) for item in old if item.span != span)
    yield Hit(span, site.address, _values([(item.name, item.instead) for item in old], site.where), related)


def _is_there(stack: Stack, instead: str, key: str, path: str) -> bool:
    """Return True if every version that the module admits has what is to be used instead.

    What that is stands in the advice: types, and names of the body that the deprecated one stands in. Advice that names
    nothing, as where AWS has ended a service, holds for every version.
    """
    module = stack.module
    if not limits_versions(module):
        return True
    sources = _DATA.findall(instead)
    for name in _NAME.findall(instead):
        if name.startswith("aws_"):
            lacks = some_lack(module, f"data.{name}" if name in sources else name)
        else:
            lacks = some_lack(module, key, path, name)
        if lacks:
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Old:
    """A deprecated argument or block: where its name stands, and what to use instead."""

    name: str
    span: Span
    instead: str


def _arguments(site: BodySite) -> Iterator[_Old]:
    if site.dynamic or site.content.deprecated is not None:  # it is told of the whole type
        return
    for attribute, known in site.arguments:
        if known is None or not known.settable or known.deprecated is None:
            continue
        if not _is_null(attribute, site.instances):
            yield _Old(attribute.name, attribute.name_span, known.deprecated)


def _is_null(attribute: Attribute, instances: Sequence[Instance]) -> bool:
    return bool(instances) and all(instance.value(attribute.name).data is None for instance in instances)


def _old(site: BodySite) -> Iterator[_Old]:
    """The deprecated blocks that are there for sure."""
    for nested in site.blocks:
        schema = nested.schema
        if schema is None or nested.dynamic:
            continue
        instead = schema.deprecated if schema.deprecated is not None else schema.block.deprecated
        is_made = not nested.is_dynamic or any(not instance.optional for instance in nested.instances)
        if instead is not None and is_made:
            yield _Old(made_type(nested.block), _made_span(nested.block), instead)


def _made_span(block: Block) -> Span:
    """The span of the type of the block that a block makes."""
    return block.labels[0].span if block.type == "dynamic" and block.labels else block.type_span


def _values(old: Sequence[tuple[str, str]], where: str) -> dict[str, object]:
    words = dict(old)
    instead = "; ".join(dict.fromkeys(words.values()))
    return {"what": listed(tuple(words), "and"), "where": where, "instead": instead, "are": _are(words)}


def _are(words: Collection[str]) -> str:
    return "are" if len(words) > 1 else "is"
