"""Who needs whom: what has to be made before what, as Terraform orders it, and the loops that make that impossible.

Source: https://developer.hashicorp.com/terraform/internals/graph, and what Terraform 1.11 says of modules with loops.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from ...hcl.nodes import Block, Expr, Template, Variable
from ...records import dataclass
from ...text.source import Span
from . import Declaration, Module
from .expressions import expressions
from .marks import call_of, is_marked
from .references import Reference, reference_of, steps_of

_WHOLE = " as a whole"  # behind a module call's address: all that is in it, while the address alone is its outputs
# Arguments and blocks by which a resource may name itself: Terraform leaves that out of its order.
_LENIENT_BLOCKS = ("provisioner", "connection")
_LENIENT_ARGUMENTS = ("depends_on", "replace_triggered_by")
_EVALUATED = ("local", "resource", "data", "output")  # what has a value that others' values are made of
_ORDER_ALONE = ("depends_on", "replace_triggered_by", "provider", "import")
_ORDER_OF_MODULE = ("count", "for_each", "depends_on")  # what all of a module call waits for


@dataclass(frozen=True, slots=True)
class Dependency:
    """The need of one declaration for another: the addresses, and the reference that says so.

    `by` is the argument in which it stands, or what else it is due to: "provider" for the configuration of the
    resource's provider, "import" for an import block. `doubt` is why it isn't certain, None where it is.
    """

    source: str
    target: str
    span: Span
    by: str
    doubt: str | None = None

    @property
    def addresses(self) -> tuple[str, str]:
        """Source and target as a reader knows them."""
        return self.source.removesuffix(_WHOLE), self.target.removesuffix(_WHOLE)


@dataclass(frozen=True, slots=True)
class Loop:
    """The shortest way from a declaration back to itself, beginning with the first in the text.

    `others` are further dependencies that are caught in loops with these: one of each declaration.
    """

    steps: tuple[Dependency, ...]
    others: tuple[Dependency, ...] = ()


def dependencies(module: Module) -> tuple[Dependency, ...]:
    """All of a module's dependencies between what it declares, in the order of the text."""
    return tuple(
        dependency
        for found in (_of_declarations(module), _of_providers(module), _of_imports(module))
        for dependency in found
    )


def _of_declarations(module: Module) -> Iterator[Dependency]:
    for declaration in module.declarations.values():
        block = declaration.block
        if declaration.kind == "local":
            for reference in module.references(declaration.expr):
                yield from _dependency(module, declaration.address, reference, declaration.name)
        elif block is not None and declaration.kind in ("resource", "data", "ephemeral"):
            yield from _of_resource(module, declaration.address, block)
        elif block is not None and declaration.kind == "variable":
            yield from _of_validation(module, declaration, block)
            yield from _of_passed(module, declaration)
        elif block is not None and declaration.kind == "output" and is_marked(declaration.address):
            yield from _of_output(module, declaration, block)
        elif block is not None and declaration.kind == "module":
            yield from _of_call(module, declaration.address, block)


def _dependency(
    module: Module, source: str, reference: Reference, by: str, *, itself: bool = True, doubt: str | None = None
) -> Iterator[Dependency]:
    """The dependency that a reference makes: none if it isn't declared, or is the source `itself`."""
    declaration = module.declarations.get(reference.address)
    if declaration is None or declaration.kind in ("output", "check", "provider", "action"):
        return
    if not itself and reference.address == source:
        return
    target = reference.address
    if declaration.kind == "module" and _is_whole(reference):
        target += _WHOLE
    elif target in module.called.modules:
        for output in outputs_of(module, reference):
            yield Dependency(source, output.address, reference.span, by, doubt)
        return
    yield Dependency(source, target, reference.span, by, doubt)


def outputs_of(module: Module, reference: Reference) -> list[Declaration]:
    """The outputs of called modules that a reference to a call names, of each instance that it may be."""
    sites = module.called.of(reference.address)
    names = [step for step in reference.path if isinstance(step, str)]
    found = (module.declarations.get(f"output.{name}{site.mark}") for site in sites for name in names[:2])
    return [output for output in found if output is not None]


def leading(module: Module, reference: Reference) -> Iterator[tuple[str, Expr]]:
    """The expressions that a reference stands for, with the addresses of their declarations.

    Of a local it is its own, of a variable of a called module what the call gives it, of a call its outputs' values.
    """
    declaration = module.declarations.get(reference.address)
    if declaration is None:
        return
    if declaration.kind == "local":
        yield declaration.address, declaration.expr
    elif declaration.kind == "variable" and declaration.address in module.called.passed:
        expr = module.called.passed[declaration.address].expr
        if expr is not None:
            yield declaration.address, expr
    elif declaration.kind == "module" and declaration.address in module.called.modules:
        for output in outputs_of(module, reference):
            value = output.block.body.attribute("value") if output.block is not None else None
            if value is not None:
                yield output.address, value.expr


def _of_passed(module: Module, declaration: Declaration) -> Iterator[Dependency]:
    """A variable of a called module waits for what its call gives it."""
    passed = module.called.passed.get(declaration.address)
    if passed is not None and passed.expr is not None:
        for reference in module.references(passed.expr):
            yield from _dependency(module, declaration.address, reference, declaration.name)


def _of_output(module: Module, declaration: Declaration, block: Block) -> Iterator[Dependency]:
    """An output of a called module waits for its value, and for what decides on its call."""
    for attribute in block.body.attributes:
        for reference in module.references_in(attribute):
            yield from _dependency(module, declaration.address, reference, attribute.name)
    yield Dependency(declaration.address, module.called.by_call[call_of(declaration.address)].block, block.header, "")


def _is_whole(reference: Reference) -> bool:
    """Return True if a reference is to all of a module call: `module.a`, `module.a[0]`, not `module.a[0].id`."""
    return not reference.path or (len(reference.path) == 1 and reference.span.text.endswith("]"))


def _of_resource(module: Module, address: str, block: Block) -> Iterator[Dependency]:
    lenient = [nested.span for nested in block.body.blocks if nested.type in _LENIENT_BLOCKS]
    apart = list(_apart(block))
    for attribute, bound in expressions(block):
        if any(span.contains(attribute.span) for span in apart):
            continue
        itself = attribute.name not in _LENIENT_ARGUMENTS and not any(span.contains(attribute.span) for span in lenient)
        for reference in module.references_in(attribute, bound):
            yield from _dependency(module, address, reference, attribute.name, itself=itself)


def _apart(block: Block) -> Iterator[Span]:
    """The spans in a resource that don't delay its creation: provisioners for its destruction, triggered actions."""
    for nested in block.body.blocks:
        if nested.type == "provisioner" and is_for_destruction(nested):
            yield nested.span
        elif nested.type == "lifecycle":
            yield from (trigger.span for trigger in nested.body.blocks_of("action_trigger"))


def is_for_destruction(provisioner: Block) -> bool:
    """Return True if a provisioner says `when = destroy`."""
    when = provisioner.body.attribute("when")
    return when is not None and when.expr.span.text.strip('"') == "destroy"


def _of_validation(module: Module, declaration: Declaration, block: Block) -> Iterator[Dependency]:
    """A variable can be used when its validation has passed; there it may refer to itself."""
    for validation in block.body.blocks_of("validation"):
        for attribute in validation.body.attributes:
            for reference in module.references(attribute.expr):
                yield from _dependency(module, declaration.address, reference, attribute.name, itself=False)


def _of_call(module: Module, address: str, block: Block) -> Iterator[Dependency]:
    """The dependencies of a module call's outputs, and those of the whole call.

    An output waits for `count`, `for_each` and `depends_on`. Whether it waits for an argument is up to the module.
    """
    yield Dependency(address + _WHOLE, address, block.header, "")
    if address in module.called.modules:
        yield from _of_followed(module, address, block)
        return
    doubt = f"it is not known if the outputs of {address} depend on its inputs"
    for attribute, bound in expressions(block):
        for reference in module.references_in(attribute, bound):
            if attribute.name in _ORDER_OF_MODULE:
                yield from _dependency(module, address, reference, attribute.name)
            else:
                yield from _dependency(module, address + _WHOLE, reference, attribute.name)
                yield from _dependency(module, address, reference, attribute.name, doubt=doubt)


def _of_followed(module: Module, address: str, block: Block) -> Iterator[Dependency]:
    """All of a call is all that its module declares; a followed call itself waits for what decides on it."""
    for attribute, bound in expressions(block):
        if attribute.name in _ORDER_OF_MODULE:
            for reference in module.references_in(attribute, bound):
                yield from _dependency(module, address, reference, attribute.name)
    for site in module.called.of(address):
        for file in module.called.files[site.mark]:
            for made in file.body.blocks:
                if made.type in ("resource", "data", "output") and made.labels:
                    parts = [label.value for label in made.labels]
                    name = ".".join(parts if made.type == "resource" else [made.type, *parts])
                    yield Dependency(address + _WHOLE, name, block.header, "")


def _of_imports(module: Module) -> Iterator[Dependency]:
    """A resource that is imported waits for what its id and the import's `for_each` are made of."""
    for block in module.blocks():
        to = block.body.attribute("to") if block.type == "import" else None
        address = address_of(to.expr) if to is not None else None
        if address in module.declarations:
            assert address is not None
            for attribute, bound in expressions(block):
                for reference in module.references_in(attribute, bound):
                    yield from _dependency(module, address, reference, "import")


def address_of(expr: Expr) -> str | None:
    """The address of the declaration that a traversal names, None where the expression isn't one."""
    found = steps_of(expr)
    return reference_of(*found).address if found is not None else None


def _of_providers(module: Module) -> Iterator[Dependency]:
    """A provider is configured before anything is made by it."""
    blocks = [block for block in module.blocks() if block.type == "provider" and len(block.labels) == 1]
    configured = {provider_address(block) for block in blocks}
    for declaration in module.declarations.values():
        if declaration.block is not None and declaration.kind in ("resource", "data", "ephemeral"):
            target, span = _made_by(declaration, declaration.block)
            if target in configured:
                yield Dependency(declaration.address, target, span, "provider")
    for block in blocks:
        for attribute, bound in expressions(block):
            for reference in module.references_in(attribute, bound):
                yield from _dependency(module, provider_address(block), reference, attribute.name)


def provider_address(block: Block) -> str:
    """`provider.aws`, `provider.aws.east`: by a provider block's label and alias."""
    alias = block.body.attribute("alias")
    name = alias.expr.literal if alias is not None and isinstance(alias.expr, Template) else None
    return ".".join(["provider", block.labels[0].value, *((name,) if name else ())])


def _made_by(declaration: Declaration, block: Block) -> tuple[str, Span]:
    """The provider configuration that a resource names, or has by its type; and where."""
    written = block.body.attribute("provider")
    if written is None:
        return f"provider.{declaration.type.partition('_')[0]}", block.header
    if isinstance(written.expr, Variable):
        return f"provider.{written.expr.name}", written.expr.span
    return f"provider.{address_of(written.expr) or ''}", written.expr.span


def loops(found: Iterable[Dependency]) -> Iterator[Loop]:
    """One loop for each declaration that refers to itself, and one for each knot of declarations, in their order."""
    edges: dict[str, list[Dependency]] = {}
    for dependency in found:
        edges.setdefault(dependency.source, []).append(dependency)
    for source, going in edges.items():
        own = [dependency for dependency in going if dependency.target == source]
        if own:
            yield Loop((own[0],), tuple(own[1:]))
    order = {source: number for number, source in enumerate(edges)}
    for knot in sorted(_knots(edges), key=lambda knot: min(order[node] for node in knot)):
        steps = _shortest(edges, knot, min(knot, key=order.__getitem__))
        on_way = {step.source for step in steps}
        rest = sorted(knot - on_way, key=order.__getitem__)
        others = (next(step for step in edges[node] if step.target in knot and step.target != node) for node in rest)
        yield Loop(steps, tuple(others))


def circles(module: Module) -> Mapping[str, int]:
    """The locals, resources and data sources whose value leads back to them, by address, with their circle's number.

    What is only made in a circle isn't among them: a value asks for nothing of `depends_on`, a provider's
    configuration, a variable's validation or a module call's arguments.
    """
    edges: dict[str, list[Dependency]] = {}
    for dependency in module.once(dependencies):
        declaration = module.declarations.get(dependency.source)
        if declaration is None or dependency.by in _ORDER_ALONE:
            continue
        is_passed = dependency.source in module.called.passed and dependency.by == declaration.name
        if declaration.kind in _EVALUATED or is_passed:
            edges.setdefault(dependency.source, []).append(dependency)
    own = [frozenset((source,)) for source, going in edges.items() if any(step.target == source for step in going)]
    return {address: number for number, knot in enumerate((*own, *_knots(edges))) for address in knot}


def needed_locals(module: Module, address: str, known: Container[str]) -> Iterator[Declaration]:
    """The locals that a local is made of and then itself, each behind those that it needs.

    Who makes one's value from these before it goes on needs no recursion: chains of locals can be longer than the
    stack. What is already known by then is left out, and so are locals in circles, which have no value.
    """
    waiting = [address]
    seen: set[str] = set()
    while waiting:
        name = waiting[-1]
        declaration = module.declarations.get(name)
        if name in known or declaration is None or declaration.kind != "local" or name in module.once(circles):
            waiting.pop()
        elif name in seen:
            waiting.pop()
            yield declaration
        else:
            seen.add(name)
            found = module.references(declaration.expr)
            needed = {reference.address for reference in found if reference.root == "local"}
            waiting.extend(sorted(needed - seen))


def _knots(edges: Mapping[str, list[Dependency]]) -> list[frozenset[str]]:
    """The strongly connected components of more than one node: Tarjan's algorithm without recursion."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    standing: set[str] = set()
    made: list[frozenset[str]] = []
    for root in edges:
        if root in number:
            continue
        walk: list[tuple[str, Iterator[Dependency]]] = []
        _enter(root, edges, number, lowest, stack, standing, walk)
        while walk:
            node, going = walk[-1]
            for dependency in going:
                target = dependency.target
                if target not in number:
                    _enter(target, edges, number, lowest, stack, standing, walk)
                    break
                if target in standing:
                    lowest[node] = min(lowest[node], number[target])
            else:
                walk.pop()
                if walk:
                    parent = walk[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[node])
                if lowest[node] == number[node]:
                    knot = {stack.pop()}
                    while node not in knot:
                        knot.add(stack.pop())
                    standing -= knot
                    if len(knot) > 1:
                        made.append(frozenset(knot))
    return made


def _enter(
    node: str,
    edges: Mapping[str, list[Dependency]],
    number: dict[str, int],
    lowest: dict[str, int],
    stack: list[str],
    standing: set[str],
    walk: list[tuple[str, Iterator[Dependency]]],
) -> None:
    number[node] = lowest[node] = len(number)
    stack.append(node)
    standing.add(node)
    walk.append((node, iter(edges.get(node, ()))))


def _shortest(edges: Mapping[str, list[Dependency]], knot: frozenset[str], start: str) -> tuple[Dependency, ...]:
    """The shortest way from a node of a knot back to it; of equals, the first in the text."""
    reached: dict[str, Dependency] = {}
    layer = [start]
    while start not in reached:
        following: list[str] = []
        for node in layer:
            for dependency in edges[node]:
                target = dependency.target
                if target in knot and target not in reached and target != node:
                    reached[target] = dependency
                    following.append(target)
        layer = following
    steps = [reached[start]]
    while steps[-1].source != start:
        steps.append(reached[steps[-1].source])
    return tuple(reversed(steps))
