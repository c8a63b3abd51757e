"""References: names that exist only in some places, and places where only some names exist.

Source: https://developer.hashicorp.com/terraform/language/expressions/references, the pages on each block type, and
what Terraform 1.11 refuses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ...hcl.nodes import Attribute, Block, Body
from ...records import dataclass, field, replace
from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ...terraform.module import Module
from ...terraform.module.expressions import expressions
from ...terraform.module.graph import is_for_destruction
from ...terraform.module.references import Reference, iterator_name
from ...text.source import Related, Span
from ..configurations import IDLE, unused

# What stands behind these names; `self` has what the block has.
_MEMBERS = {
    "each": ("key", "value"),
    "count": ("index",),
    "path": ("module", "root", "cwd"),
    "terraform": ("workspace", "applying"),
}
_REPEATED = ("resource", "data", "ephemeral", "action", "module")  # may have for_each or count
_WITH_EACH = (*_REPEATED, "import", "provider")  # a provider in OpenTofu only, where for_each says so
_JUDGED = (*_WITH_EACH, "locals", "output", "variable", "check", "moved", "removed")
_ARGUMENT_OF = {"each": "for_each", "count": "count"}
# Arguments whose value Terraform needs before it evaluates anything.
_CONSTANTS = {
    "variable": ("default", "description", "sensitive", "nullable", "ephemeral", "deprecated"),
    "output": ("description", "sensitive", "ephemeral", "deprecated"),
    "provider": ("alias", "version"),
}
_CONSTANTS_OF_LIFECYCLE = ("create_before_destroy", "prevent_destroy")
_IN_DESTRUCTION = ("self", "path", "terraform", "count")  # and each.key


@dataclass(frozen=True, slots=True)
class _Misuse:
    """A misuse of a reference: the fact, the remedy, and another place that tells why."""

    what: str
    right: str
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scope:
    """A top-level block and what is so at places in it."""

    block: Block
    address: str | None
    declared: Collection[str]
    with_self: tuple[Span, ...] = ()
    in_destruction: tuple[Span, ...] = ()
    constant: tuple[Span, ...] = ()
    iterators: dict[str, Block] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.address or f"the {self.block.type} block"


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each name in each block that doesn't exist there; the further uses are related places."""
    for file in stack.shown:
        for block in file.body.blocks:
            if block.type in (*_JUDGED, "terraform"):
                is_idle = block.type == "provider" and block.span in stack.once(unused)
                for hit in _in_block(_place(block, stack.module), stack.module):
                    yield _in_idle(hit) if is_idle else hit


def _in_idle(hit: Hit) -> Hit:
    """Of a configuration that Terraform leaves out: no error."""
    return replace(hit, values={**hit.values, "what": f"{hit.values['what']}, {IDLE}"}, severity=Severity.WARNING)


def _in_block(place: _Scope, module: Module) -> Iterator[Hit]:
    found: dict[tuple[str, str], list[tuple[Reference, _Misuse]]] = {}
    for attribute, bound in _attributes(place.block):
        for reference in module.references_in(attribute, bound):
            problem = _judged(reference, attribute, place)
            if problem is not None:
                found.setdefault((_subject(reference, problem), problem.what), []).append((reference, problem))
    for uses_ in found.values():
        uses_.sort(key=lambda pair: pair[0].span.start)
        reference, problem = uses_[0]
        others = (Related(f"{other.name_span.code} stands here too", other.name_span) for other, _ in uses_[1:])
        values = {"name": reference.name_span.code, "what": problem.what, "right": problem.right}
        yield Hit(reference.name_span, _address(reference, place), values, (*problem.related, *others))


def _address(reference: Reference, place: _Scope) -> str | None:
    """Of what a reference stands in."""
    if place.block.type != "locals":
        return place.address
    written = (item for item in place.block.body.attributes if item.span.contains(reference.span))
    return next((f"local.{item.name}" for item in written), None)  # none in a block, where none belongs


def _attributes(block: Block) -> Iterator[tuple[Attribute, frozenset[str]]]:
    """All arguments with a value in which there may be references."""
    if block.type == "terraform":
        for nested in block.body.blocks:
            if nested.type in ("backend", "cloud"):
                yield from _plain(nested.body)
        return
    yield from expressions(block)
    if block.type == "import":
        to = block.body.attribute("to")
        if to is not None:
            yield to, frozenset()


def _plain(body: Body) -> Iterator[tuple[Attribute, frozenset[str]]]:
    yield from ((attribute, frozenset()) for attribute in body.attributes)
    for block in body.blocks:
        yield from _plain(block.body)


def _place(block: Block, module: Module) -> _Scope:
    names = [label.value for label in block.labels]
    prefix = {"variable": ["var"], "resource": []}.get(block.type, [block.type])
    with_self: list[Span] = []
    in_destruction: list[Span] = []
    constant = [item.expr.span for item in block.body.attributes if item.name in _CONSTANTS.get(block.type, ())]
    if block.type == "terraform":
        constant.append(block.span)
    at_end = block.type == "removed" or any(map(is_for_destruction, block.body.blocks_of("provisioner")))
    for nested in block.body.blocks:
        if block.type in ("resource", "removed") and nested.type in ("provisioner", "connection"):
            with_self.append(nested.span)
            if at_end and (nested.type == "connection" or block.type == "removed" or is_for_destruction(nested)):
                in_destruction.append(nested.span)
        elif nested.type == "lifecycle" and block.type in _REPEATED:
            with_self += [condition.span for condition in nested.body.blocks_of("postcondition")]
            constant += [item.expr.span for item in nested.body.attributes if item.name in _CONSTANTS_OF_LIFECYCLE]
    return _Scope(
        block,
        ".".join([*prefix, *names]) if names else None,
        module.declarations,
        tuple(with_self),
        tuple(in_destruction),
        tuple(constant),
        dict(iterators(block.body)),
    )


def iterators(body: Body) -> Iterator[tuple[str, Block]]:
    """The names of a body's dynamic blocks and of their iterators, each with the block."""
    for block in body.blocks:
        if block.type == "dynamic" and block.labels:
            yield block.labels[0].value, block
            yield iterator_name(block), block
        yield from iterators(block.body)


def _judged(reference: Reference, attribute: Attribute, place: _Scope) -> _Misuse | None:
    """The misuse of a reference at its place, None if there is none."""
    root = reference.root
    inside = [part for part in place.constant if part.contains(reference.span)]
    if root not in (*_MEMBERS, "self"):
        if reference.address not in place.declared:
            return _iterator(reference, place)
        return _constant(attribute, place) if inside else _destruction(reference, place)
    if inside:
        return _constant(attribute, place)
    if root in _MEMBERS and reference.address.partition(".")[2] not in _MEMBERS[root]:
        return _member(reference, root)
    if root == "self":
        within = any(part.contains(reference.span) for part in place.with_self)
        return None if within else _self(place)
    return _repeated(reference, root, attribute, place) or _destruction(reference, place)


def _constant(attribute: Attribute, place: _Scope) -> _Misuse:
    what = f"can't be referred to here: {attribute.name} has to be a constant"
    if place.block.type == "variable" and attribute.name == "default":
        return _Misuse(what, "leave the default out or make it null, and choose the value in a local")
    return _Misuse(what, "write the value itself")


def _member(reference: Reference, root: str) -> _Misuse:
    members = [f"{root}.{name}" for name in _MEMBERS[root]]
    right = " or ".join(members) if len(members) < 3 else f"{', '.join(members[:-1])} or {members[-1]}"
    if reference.address == "terraform.env":
        right = "terraform.workspace"
    return _Misuse("is nothing that Terraform has", f"use {right}")


def _self(place: _Scope) -> _Misuse:
    what = "can't be used here: only provisioners, connections and postconditions know self"
    if place.block.type in ("resource", "data", "ephemeral"):
        return _Misuse(what, "refer to what the argument itself is made of, or check it in a postcondition")
    return _Misuse(what, "refer to what is meant by its address")


def _repeated(reference: Reference, root: str, attribute: Attribute, place: _Scope) -> _Misuse | None:
    """The misuse of each or count."""
    if root not in _ARGUMENT_OF or place.block.type == "removed":  # the instances that are removed may have had them
        return None
    block, wanted = place.block, _ARGUMENT_OF[root]
    allowed = _WITH_EACH if root == "each" else _REPEATED
    if block.type not in allowed:
        kinds = "resource, data, ephemeral" + (", module and import" if root == "each" else " and module")
        return _Misuse(f"can't be used here: only {kinds} blocks can have {wanted}", _instead(reference, root, block))
    written = block.body.attribute(wanted)
    if written is None:
        what = f"can't be used here: {place.name} has no {wanted}"
        return _Misuse(what, _of_iterator(reference, place) or _instead(reference, root, block))
    if attribute is written:
        return _Misuse(f"can't be used in {wanted} itself", f"use the expression of {wanted}")
    return None


def _of_iterator(reference: Reference, place: _Scope) -> str | None:
    """`statement.value was meant`: each within a dynamic block, whose iterator has another name."""
    within = [item for item in place.iterators.values() if item.span.contains(reference.span)]
    if reference.root != "each" or not within:
        return None
    innermost = max(within, key=lambda item: item.span.start)
    contents = innermost.body.blocks_of("content")
    if not any(content.span.contains(reference.span) for content in contents):
        return None
    return f"{iterator_name(innermost)}.{reference.address.partition('.')[2]} was meant"


def _instead(reference: Reference, root: str, block: Block) -> str:
    if root == "each" and block.type in _REPEATED and block.body.attribute("count") is not None:
        return "use count.index, which a block with count has"
    if root == "count" and block.type in _WITH_EACH and block.body.attribute("for_each") is not None:
        return "use each.key, which a block with for_each has"
    if block.type in _WITH_EACH:
        return f"give the block a {_ARGUMENT_OF[root]}, or name what is meant"
    return "use a for expression, which binds names of its own"


def _iterator(reference: Reference, place: _Scope) -> _Misuse | None:
    """The misuse of the name of a dynamic block's iterator where it isn't bound."""
    dynamic = place.iterators.get(reference.root)
    if dynamic is None:
        return None
    called = iterator_name(dynamic)
    if called != reference.root:
        what = f"can't be used here: the iterator of this dynamic block is called {called}"
        right = f"use {reference.span.code.replace(reference.root, called, 1)}"
        return _Misuse(what, right, (Related(f"{called} is of this block", dynamic.header),))
    what = "can't be used here: an iterator exists in the content of its dynamic block only"
    return _Misuse(what, "refer to what for_each is made of", (Related(f"{called} is of this block", dynamic.header),))


def _destruction(reference: Reference, place: _Scope) -> _Misuse | None:
    if not any(part.contains(reference.span) for part in place.in_destruction):
        return None
    if reference.root in _IN_DESTRUCTION or reference.address == "each.key":
        return None
    what = "can't be referred to here: when a resource is destroyed, there are self, count.index and each.key only"
    return _Misuse(what, "keep it in an argument of the resource, and read that from self")


def _subject(reference: Reference, problem: _Misuse) -> str:
    """By what uses are one cause: `each.key` and `each.value` where there is no for_each."""
    return reference.root if problem.what.startswith("can't be used") else reference.address
