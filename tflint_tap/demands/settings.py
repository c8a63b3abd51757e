"""Settings that the parts of a contract have to have: conditions, and where values come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..hcl.nodes import Expr
from ..records import replace
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ErrorValue, Value, View, first_reason
from ..terraform.provenance import Place, repetitions
from ..terraform.provenance import place as argument_place
from ..text.source import Related
from ..vocabulary.verdicts import verdict
from .demand import Demand, broken, first_line, met
from .standing import Absent, Standing, Verdict
from .terms import Origin, Setting

WRONG = "wrong-setting"


def setting(standing: Standing, item: Setting, instance: Instance, names: Mapping[str, Value]) -> Iterator[Demand]:
    """One setting of one resource."""
    excused: str | None = None
    if item.where is not None:
        applies = standing.holds(item.where, names)
        if applies is False:
            return
        excused = applies if isinstance(applies, str) else None
    holds = decided(standing, item.that, names)
    found = _pointed(standing, instance, item, names) or place_of(standing, instance, item.at, item.that)
    if holds is True:
        yield met(item.term, WRONG, found.span, instance.address)
        return
    doubt = holds if isinstance(holds, str) else excused or instance.doubt
    yield broken(
        item.term,
        WRONG,
        found.span,
        instance.address,
        what=f"{instance.address} has to {item.term.says or f'hold {condition_text(item.that)}'}",
        remedy=f"make {condition_text(item.that)} hold",
        doubt=doubt,
        related=found.related,
    )


def _pointed(standing: Standing, instance: Instance, item: Setting, names: Mapping[str, Value]) -> Place | None:
    """The place of a value within an argument, where the contract points at one."""
    if item.pointed is None:
        return None
    span = standing.value(item.pointed, names).span
    block = instance.declaration.block
    return Place(span) if span is not None and block is not None and block.span.contains(span) else None


def decided(standing: Standing, expr: Expr, names: Mapping[str, Value]) -> Verdict:
    """The verdict of a condition. One that fails on what is known, as a comparison with null does, isn't met."""
    value = standing.value(expr, names)
    holds = verdict(value)
    if isinstance(holds, str) and isinstance(value.data, ErrorValue) and not _reads_unknown(standing, expr, names):
        return False
    return holds


def _reads_unknown(standing: Standing, expr: Expr, names: Mapping[str, Value]) -> bool:
    """Return True if a condition reads anything of the stack that isn't known, or that is wrong itself."""
    for reference in standing.stack.module.references(expr):
        root, _, name = reference.address.partition(".")
        view = names[root].data if root in names else None
        if not isinstance(view, View) or not name:
            return True
        try:
            if first_reason(view.member(name)) is not None:
                return True
        except EvaluationError:
            return True
    return False


def origin(standing: Standing, item: Origin, instance: Instance) -> Iterator[Demand]:
    """One argument that has to come from somewhere."""
    where = standing.terms.part(item.of.rpartition(".")[0])
    wanted = {item.of}
    if where is not None:
        wanted = {one.declaration.address for one in standing.recognised(where.name).certain}
        if not wanted:
            raise Absent(where.name)
    elif standing.stack.declared(item.of) is None:
        raise Absent(item.of)
    *blocks, _ = item.argument.split(".")
    if blocks and not instance.blocks(blocks[0]):
        return  # that there is such a block is a demand of its own
    found = place_of(standing, instance, item.argument, None)
    reached = set(_reached(standing.stack, instance, item.argument.split(".")))
    for address in sorted(reached):
        if address.startswith(("var.", "local.")) and not standing.stack.declared(address):
            raise Absent(address)
    if wanted & reached:
        yield met(item.term, WRONG, found.span, instance.address)
        return
    yield broken(
        item.term,
        WRONG,
        found.span,
        instance.address,
        what=f"{item.argument} of {instance.address} has to come from {item.of}",
        remedy=f"set {item.argument} from {item.of}",
        doubt=instance.doubt,
        related=found.related,
    )


def _reached(stack: Stack, instance: Instance, path: list[str]) -> Iterator[str]:
    """The addresses that an argument refers to, through locals and through `each` and `count`."""
    *blocks, name = path
    holders = [instance]
    for block in blocks:
        holders = [nested for holder in holders for nested in holder.blocks(block)]
    exprs = [written.expr for holder in holders if (written := holder.attribute(name)) is not None]
    block_ = instance.declaration.block
    repeated = dict(repetitions(block_)) if block_ is not None else {}
    roots = {reference.root for expr in exprs for reference in stack.module.references(expr)}
    exprs += [expr for root, expr in repeated.items() if root in roots]
    yield from (reference.address for reference, _ in stack.reached(exprs))


def place_of(standing: Standing, instance: Instance, at: str | None, expr: Expr | None) -> Place:
    """The first argument that a condition reads and that is written, else the block's header."""
    paths = [at] if at is not None else list(dict.fromkeys(_paths(standing.stack, expr))) if expr is not None else []
    first: Place | None = None
    for path in paths:
        names = path.split(".")
        if instance.attribute(names[0]) is not None:
            names = names[:1]
        elsewhere = _on_companion(standing.stack, instance, names[0])
        found = elsewhere or argument_place(instance, ".".join(names))
        if found.span != instance.header:
            first = first or found
            if _is_written(instance, names) or elsewhere is not None:
                return found
    return first or Place(instance.header)


def _is_written(instance: Instance, names: list[str]) -> bool:
    holders = [instance]
    for name in names[:-1]:
        holders = [nested for holder in holders for nested in holder.blocks(name)]
    return any(holder.attribute(names[-1]) is not None for holder in holders)


def _on_companion(stack: Stack, instance: Instance, name: str) -> Place | None:
    if instance.attribute(name) is not None or instance.blocks(name):
        return None
    companion = stack.companion_setting(instance, name)
    if companion is None or isinstance(companion, str):
        return None
    found = argument_place(*companion)
    return replace(found, related=(Related(f"{instance.address} is here", instance.header), *found.related))


def _paths(stack: Stack, expr: Expr) -> Iterator[str]:
    """The arguments of `self` that a condition reads."""
    for reference in stack.module.references(expr):
        if reference.root == "self" and "." in reference.address:
            names = [reference.address.partition(".")[2], *(step for step in reference.path if isinstance(step, str))]
            yield ".".join(names)


def relation(standing: Standing, item: Setting) -> Iterator[Demand]:
    """What has to hold between parts, told at the first of their arguments that it reads."""
    holds = decided(standing, item.that, {})
    place, address = first_line(standing.stack), None
    for instance, path in standing.reads(item.that):
        found = place_of(standing, instance, path, None) if path else Place(instance.header)
        place, address = found.span, instance.address
        break
    if holds is True:
        yield met(item.term, WRONG, place, address)
        return
    says = item.term.says or f"hold {condition_text(item.that)}"
    doubt = holds if isinstance(holds, str) else None
    remedy = f"make {condition_text(item.that)} hold"
    yield broken(item.term, WRONG, place, address, what=f"the stack has to {says}", remedy=remedy, doubt=doubt)


def condition_text(expr: Expr) -> str:
    """A condition as a message has it: in one line, without `self`."""
    return " ".join(expr.span.text.split()).replace("self.", "")


_LONGEST = 120


def cut(text: str) -> str:
    """A condition's text as far as a message has room for it."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} ..."
