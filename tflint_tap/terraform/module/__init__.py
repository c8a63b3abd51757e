"""Trees → what a module declares."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar, cast

from ...hcl.nodes import Attribute, Block, Call, Expr, File, Literal
from ...records import dataclass, field
from ...text.source import Source, Span
from .calls import Calls
from .marks import call_of, is_marked, unmarked
from .overrides import is_override, merged
from .references import Reference, Survey, quoted_entries, survey

if TYPE_CHECKING:
    from .pins import Pin

__all__ = ["Declaration", "Module", "build_module", "is_override"]

_T = TypeVar("_T")

# Block types whose labels make an address, and how many labels that takes.
ADDRESSED = {
    "variable": ("var", 1),
    "output": ("output", 1),
    "module": ("module", 1),
    "provider": ("provider", 1),
    "check": ("check", 1),
    "resource": ("", 2),
    "data": ("data", 2),
    "ephemeral": ("ephemeral", 2),
    "action": ("action", 2),
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """Something that a reference can name. A local has an `expr` and no block, all else has a block."""

    address: str
    kind: str  # variable, local, output, resource, data, ephemeral, action, module, provider, check
    span: Span  # the block's header, or the local's name
    block: Block | None = None
    attribute: Attribute | None = None

    @property
    def type(self) -> str:
        """A resource's or data source's type, else ""."""
        assert self.block is not None or self.kind == "local"
        wanted = self.kind in ("resource", "data", "ephemeral")
        return self.block.labels[0].value if wanted and self.block is not None else ""

    @property
    def name(self) -> str:
        return unmarked(self.address.rpartition(".")[2])

    @property
    def expr(self) -> Expr:
        """A local's expression."""
        assert self.attribute is not None
        return self.attribute.expr


@dataclass(frozen=True, slots=True)
class DeclarationPlaces:
    """The declarations of a file in the order of its text: where each begins and ends."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    declarations: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """The files of one folder as Terraform sees them, together, with those of the modules that they call.

    What called modules declare has names of its own (`marks.py`); `called` has what is known of their calls.
    `declarations` has the first of each address; `duplicates` the later ones, each with the first. What an override
    file declares again is merged by Terraform: it is no duplicate. `unread` are the paths of files that belong to it
    and can't be read. `pins` are what is said of the versions of its providers elsewhere than in its files.
    """

    files: tuple[File, ...]
    declarations: dict[str, Declaration]
    duplicates: tuple[tuple[Declaration, Declaration], ...] = ()
    unread: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()
    called: Calls = field(default_factory=Calls, repr=False)
    # what is found out on first use: the references and calls in expressions; declarations by kind and type, and
    # by where they are written; what others make of the module
    _surveys: dict[Expr, Survey] = field(default_factory=dict, init=False, repr=False, compare=False)
    _types: dict[tuple[str, str], list[Declaration]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _places: dict[Source, dict[str, DeclarationPlaces]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _made: dict[Callable[[Module], object], object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def references(self, expr: Expr, bound: frozenset[str] = frozenset()) -> tuple[Reference, ...]:
        """Every reference in an expression but those to names that a `for` (or the caller) binds."""
        if isinstance(expr, Literal):
            return ()
        found = self._surveyed(expr)[0]
        return tuple(reference for reference in found if reference.first not in bound) if bound and found else found

    def references_in(self, attribute: Attribute, bound: frozenset[str] = frozenset()) -> Iterator[Reference]:
        """Every reference in an argument: also those that `depends_on` has in quotes, as before Terraform 0.12."""
        yield from self.references(attribute.expr, bound)
        yield from quoted_entries(attribute)

    def calls(self, expr: Expr) -> tuple[Call, ...]:
        """Every call of a function in an expression."""
        return self._surveyed(expr)[1]

    def _surveyed(self, expr: Expr) -> Survey:
        found = self._surveys.get(expr)
        if found is None:
            found = self._surveys[expr] = survey(expr)
        return found

    def of_kind(self, kind: str, *types: str) -> Iterator[Declaration]:
        """The declarations of a kind, of these types if any are given, in the order of the text."""
        if not self._types:
            for declaration in self.declarations.values():
                self._types.setdefault((declaration.kind, ""), []).append(declaration)
                if declaration.type:
                    self._types.setdefault((declaration.kind, declaration.type), []).append(declaration)
        if len(types) > 1:
            return (item for item in self._types.get((kind, ""), ()) if item.type in types)
        return iter(self._types.get((kind, types[0] if types else ""), ()))

    def resources(self, *types: str) -> Iterator[Declaration]:
        """Managed resources, of these types if any are given, in the order of the text."""
        return self.of_kind("resource", *types)

    def unfollowed_calls(self) -> Iterator[Declaration]:
        """The calls of modules of which it isn't known what they hold, and do with what they are given."""
        return (call for call in self.of_kind("module") if call.address not in self.called.modules)

    def declaration_at(self, span: Span, address: str = "") -> Declaration | None:
        """The declaration that a span lies in: a variable, a local, a resource, …

        A called module's text is that of all its calls: of these it is the one that is nearest to an `address`.
        """
        if not self._places:
            self._places.update(_places(self.declarations.values()))
        found = self._places.get(span.source, {})
        places = found.get(_nearest_call(found, address)) if found else None
        index = bisect_right(places.starts, span.start) - 1 if places is not None else -1
        if places is None or index < 0 or span.end > places.ends[index]:
            return None
        return places.declarations[index]

    def once(self, make: Callable[[Module], _T]) -> _T:
        """The result of `make` for this module: made on first use, and kept as long as the module is."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("_T", self._made[make])

    def blocks(self) -> Iterator[Block]:
        """All top-level blocks, in the order of the files."""
        for file in self.files:
            yield from file.body.blocks

    @property
    def is_whole(self) -> bool:
        """Return True if all files were read whole, so that a missing declaration is really absent."""
        return not self.unread and not any(file.diagnostics for file in self.files)


def build_module(
    files: Iterable[File], unread: tuple[str, ...] = (), pins: tuple[Pin, ...] = (), calls: Calls | None = None
) -> Module:
    """Collect what the files declare, override files merged into the others (those of calls are that already)."""
    given = tuple(files)
    files = (*merged([file for file in given if not file.call]), *(file for file in given if file.call))
    declarations: dict[str, Declaration] = {}
    duplicates: list[tuple[Declaration, Declaration]] = []
    for file in sorted(files, key=is_override):
        for declaration in _declared(file):
            first = declarations.setdefault(declaration.address, declaration)
            if first is not declaration and not _may_repeat(declaration) and not is_override(file):
                duplicates.append((declaration, first))
    return Module(files, declarations, tuple(duplicates), unread, pins, calls or Calls())


def _places(declarations: Iterable[Declaration]) -> dict[Source, dict[str, DeclarationPlaces]]:
    """The declarations by file and call; no two of these overlap."""
    found: dict[tuple[Source, str], list[tuple[int, int, Declaration]]] = {}
    for declaration in declarations:
        written = declaration.block or declaration.attribute
        if written is not None:
            key = (written.span.source, call_of(declaration.address))
            found.setdefault(key, []).append((written.span.start, written.span.end, declaration))
    made: dict[Source, dict[str, DeclarationPlaces]] = {}
    for (source, call), places in found.items():
        starts, ends, written_there = zip(*sorted(places, key=lambda place: place[0]), strict=True)
        made.setdefault(source, {})[call] = DeclarationPlaces(starts, ends, written_there)
    return made


def _nearest_call(calls: Collection[str], address: str) -> str:
    """Of the calls that a text belongs to the one that an address lies in, else the nearest around it."""
    if len(calls) > 1 and is_marked(address):
        own = call_of(address)
        around = [call for call in calls if own == call or own.startswith(f"{call}.") or not call]
        if around:
            return max(around, key=len)
    return next(iter(calls))


def _may_repeat(declaration: Declaration) -> bool:
    """Provider configurations with an alias of their own share a name."""
    return declaration.kind == "provider"


def _declared(file: File) -> Iterator[Declaration]:
    for block in file.body.blocks:
        if block.type == "locals":
            for attribute in block.body.attributes:
                yield Declaration(f"local.{attribute.name}", "local", attribute.name_span, attribute=attribute)
        elif block.type in ADDRESSED:
            prefix, count = ADDRESSED[block.type]
            if len(block.labels) == count:
                names = [label.value for label in block.labels]
                address = ".".join([prefix, *names] if prefix else names)
                yield Declaration(address, block.type, block.header, block)
            yield from _misplaced(block)


def _misplaced(block: Block) -> Iterator[Declaration]:
    """Resources in a call or provider, as by a brace in the wrong place: an error, but no reason not to judge them."""
    for nested in block.body.blocks if block.type in ("module", "provider") else ():
        if nested.type in ("resource", "data") and len(nested.labels) == 2:
            names = [label.value for label in nested.labels]
            address = ".".join(names if nested.type == "resource" else ["data", *names])
            yield Declaration(address, nested.type, nested.header, nested)
