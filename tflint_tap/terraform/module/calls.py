"""The calls of modules that are followed: what a call is given, and what its module gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...hcl.nodes import Expr, File
from ...records import dataclass, field
from ...text.source import Span
from .marks import call_of

if TYPE_CHECKING:
    from . import Module


@dataclass(frozen=True, slots=True)
class CallSite:
    """An instance of a call that is followed.

    `call` is its address as a reader knows it (`module.db["a"]`), `block` that of its block's declaration, `mark`
    stands behind the names of its module,
    `header` is the header of the call's block, and `outer` those of the calls around it, the nearest first. `doubt` is
    why it isn't certain that there is such an instance. `is_local`: the module belongs to the repository.
    """

    call: str
    block: str
    mark: str
    header: Span
    outer: tuple[Span, ...] = ()
    doubt: str | None = None
    is_local: bool = True


@dataclass(frozen=True, slots=True)
class Passed:
    """What a call gives a variable of its module: the argument's expression, None where it has none.

    `call` is the address of the call's block and `instance` that of its instance, by whose names it is evaluated.
    """

    expr: Expr | None
    call: str
    instance: str


@dataclass(frozen=True, slots=True)
class Calls:
    """The followed calls of a configuration.

    `sites` are the instances of calls by address, `modules` the modules that calls' blocks lead to, by the block's
    address, `missing` the calls whose source names no module, with the reason (`endless`: it would call itself),
    `left_out` those that aren't followed since there are too many;
    `passed` is what variables of called
    modules are given, by the variable's address. Addresses are those of declarations: marked.
    """

    sites: dict[str, CallSite] = field(default_factory=dict)
    modules: dict[str, Module] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    endless: set[str] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)
    passed: dict[str, Passed] = field(default_factory=dict)
    by_call: dict[str, CallSite] = field(default_factory=dict)  # by the address that a reader knows
    by_block: dict[str, list[CallSite]] = field(default_factory=dict)  # by the address of the call's block
    files: dict[str, tuple[File, ...]] = field(default_factory=dict)  # of an instance's module, by its mark

    def of(self, address: str) -> list[CallSite]:
        """The instances of a call's block."""
        return self.by_block.get(address, [])


def call_headers(module: Module, address: str) -> tuple[Span, ...]:
    """The headers of the calls that an address lies in, the nearest first; none in the root module."""
    site = module.called.by_call.get(call_of(address)) if module.called.by_call else None
    return (site.header, *site.outer) if site is not None else ()
