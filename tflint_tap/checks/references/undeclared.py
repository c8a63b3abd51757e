"""References to names that aren't declared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

from ...aws.provider import schema_of
from ...hcl.nodes import Block, Call, File
from ...records import dataclass
from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ...terraform.evaluation.calls import LENIENT
from ...terraform.functions import FUNCTIONS
from ...terraform.module import Module
from ...terraform.module.expressions import expressions
from ...terraform.module.references import RESOURCE, Reference
from ...text.nearest import MOST_SUGGESTED, nearest, question, suggestion
from ...text.source import Related, Span
from ..configurations import IDLE, unused
from .out_of_scope import iterators

_SCOPED = ("path", "terraform", "each", "count", "self")  # references/out-of-scope has these
_NAMED = {"var": "a name: var.NAME", "local": "a name: local.NAME", "module": "a name: module.NAME"}
_TYPED = ("data", "ephemeral", "action")
_KINDS = {"var": "variable", "local": "local", "module": "module"} | {kind: kind for kind in _TYPED}
_TWINS = {"var": "local", "local": "var"}  # easily confused
_WORDS = ("true", "false", "null")
_TERRAFORM = "1.11"  # whose functions the table of functions has


@dataclass(frozen=True, slots=True)
class _Undeclared:
    """A problem with a name: the name, the problem, the remedy; a doubt if it isn't certain.

    `undeclared`: the report may suggest a declaration of a similar name.
    """

    name: str
    what: str
    right: str
    doubt: str | None = None
    undeclared: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """The names that a module declares, by what stands before them (`var`, `data.aws_region`), by address."""

    names: Mapping[str, Collection[str]]
    providers: frozenset[str]
    scoped: Mapping[str, Span]  # data sources of check blocks

    def has(self, address: str) -> bool:
        prefix, _, name = address.rpartition(".")
        return name in self.names.get(prefix, ())


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each name that isn't declared, at its first use; the further uses are related places."""
    known = _known(stack)
    idle = stack.once(unused)
    found: dict[tuple[str, str], list[tuple[Span, _Undeclared, str | None]]] = {}
    for file in stack.shown:
        for span, problem, address in sorted(_in_file(file, known, stack.module), key=lambda place: place[0].start):
            found.setdefault((problem.name, problem.what), []).append((span, problem, address))
    for number, places in enumerate(found.values()):
        span, problem, address = places[0]
        near = _similar(problem.name, known, stack.module) if problem.undeclared and number < MOST_SUGGESTED else None
        related = [Related(f"{problem.name} is used here too", other) for other, _, _ in places[1:]]
        if problem.name in known.scoped:
            label = "this data source can be used in its check block only"
            related.append(Related(label, known.scoped[problem.name]))
        right = f"{problem.right}; {question(near)}" if near else problem.right
        values = {"name": problem.name, "what": problem.what, "right": right}
        if all(any(block.contains(place) for block in idle) for place, _, _ in places):
            values["what"] = f"{problem.what}, {IDLE}"
            yield Hit(span, address, values, tuple(related), severity=Severity.WARNING, doubt=problem.doubt)
        else:
            yield Hit(span, address, values, tuple(related), doubt=problem.doubt)


def _in_file(file: File, known: _Known, module: Module) -> Iterator[tuple[Span, _Undeclared, str | None]]:
    """The problems with names in a file: the span, the problem, the address of the block."""
    for block in file.body.blocks:
        inner = frozenset(address for address, _ in scoped(block))
        names = frozenset(name for name, _ in iterators(block.body))
        for attribute, bound in expressions(block):
            for span, problem in _problems(
                module.references_in(attribute, bound), module.calls(attribute.expr), known, inner | names
            ):
                yield span, problem, _address(block)


def _known(stack: Stack) -> _Known:
    module = stack.module
    names: dict[str, set[str]] = {}
    for declaration in module.declarations.values():
        prefix, _, name = declaration.address.rpartition(".")
        if declaration.kind in (*_KINDS.values(), "resource"):
            names.setdefault(prefix, set()).add(name)
    of_checks = {address: span for block in module.blocks() for address, span in scoped(block)}
    given = frozenset({"aws"}) if stack.is_contract_file else frozenset()
    return _Known(names, _providers(module) | given, of_checks)


def _providers(module: Module) -> frozenset[str]:
    """The names of the providers that a module requires."""
    return frozenset(
        attribute.name
        for block in module.blocks()
        if block.type == "terraform"
        for requirements in block.body.blocks_of("required_providers")
        for attribute in requirements.body.attributes
    )


def scoped(block: Block) -> Iterator[tuple[str, Span]]:
    """The data sources of a check block, by address."""
    if block.type == "check":
        for nested in block.body.blocks_of("data"):
            if len(nested.labels) == 2:
                yield ".".join(["data", *(label.value for label in nested.labels)]), nested.header


def _address(block: Block) -> str | None:
    """The address of what a block declares, None where it has none."""
    names = [label.value for label in block.labels]
    if not names:
        return None
    kind = {"variable": "var", "resource": None}.get(block.type, block.type)
    return ".".join(([kind] if kind else []) + names)


def _problems(
    found: Iterable[Reference], called: Iterable[Call], known: _Known, inner: frozenset[str]
) -> Iterator[tuple[Span, _Undeclared]]:
    """The problems with names and functions in an argument, each with the span of the name.

    `inner`: addresses and names that exist only inside the block, which references/out-of-scope reports.
    """
    for reference in found:
        problem = _judged(reference, known, inner)
        if problem is not None:
            yield reference.name_span, problem
    for call in called:
        problem = _judged_call(call.name, known)
        if problem is not None:
            yield call.name_span, problem


def _judged(reference: Reference, known: _Known, inner: frozenset[str]) -> _Undeclared | None:
    """The problem with a reference, None if it has none."""
    address, root = reference.address, reference.root
    if root in _SCOPED or known.has(address) or not inner.isdisjoint((address, root)):
        return None
    if address.count(".") < (2 if root in (*_TYPED, RESOURCE) else 1):
        return _incomplete(address, root, known)
    return _Undeclared(address, "is not declared", "declare it", undeclared=True)


def _incomplete(address: str, root: str, known: _Known) -> _Undeclared:
    """A reference that names no declaration."""
    if root in _NAMED:
        return _Undeclared(address, f"is not a reference: it needs {_NAMED[root]}", f"add a name after {root}.")
    if root in (*_TYPED, RESOURCE):
        what = "is not a reference: it needs a type and a name"
        return _Undeclared(address, what, f"write both: {root}.TYPE.NAME")
    what = "is not a reference: a reference to a resource needs a type and a name"
    if address in known.names:
        instead = f"add a name, such as {address}.{min(known.names[address])}"
    elif address.lower() in _WORDS:
        instead = question(address.lower())
    else:
        near = _variable_of_name(address, known)
        instead = f'write "{address}" for a string' + (f"; {question(near)}" if near else "")
    return _Undeclared(address, what, instead)


def _variable_of_name(name: str, known: _Known) -> str | None:
    return next((f"{prefix}.{name}" for prefix in ("var", "local") if name in known.names.get(prefix, ())), None)


def _similar(address: str, known: _Known, module: Module) -> str | None:
    """The declared address most like another: the same name elsewhere, a similar name, a similar type."""
    prefix, _, name = address.rpartition(".")
    twin = _TWINS.get(prefix) or (prefix.removeprefix("data.") if prefix.startswith("data.") else f"data.{prefix}")
    if known.has(f"{twin}.{name}"):
        return f"{twin}.{name}"
    near = nearest(name, known.names.get(prefix, ()))
    if near is not None:
        return f"{prefix}.{near}"
    kind, _, type_ = prefix.rpartition(".")
    if schema_of(module, kind or "resource", type_) is not None:
        return None  # a type that there is isn't another one's typing error
    near = nearest(prefix, (other for other, names in known.names.items() if name in names))
    return f"{near}.{name}" if near is not None else None


def _judged_call(name: str, known: _Known) -> _Undeclared | None:
    """The problem with the name of a function, None if it has none."""
    if name.startswith("provider::"):
        provider = name.split("::")[1]
        if provider in known.providers:
            return None
        instead = f"add {provider} to required_providers{suggestion(provider, known.providers)}"
        return _Undeclared(name, f"is not declared: the module requires no provider {provider}", instead)
    plain = name.removeprefix("core::")
    if plain in FUNCTIONS or plain in LENIENT:
        return None
    near = nearest(plain, _functions())
    if near is not None:
        return _Undeclared(name, "is not a function of Terraform", question(near))
    doubt = f"Terraform {_TERRAFORM} has no function of that name, a later version may"
    return _Undeclared(name, "is not a function of Terraform", "use a function that exists", doubt)


@cache
def _functions() -> tuple[str, ...]:
    return (*(name for name in FUNCTIONS if "::" not in name), *LENIENT)
