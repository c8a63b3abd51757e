"""Who reads an attribute: the declarations whose expressions refer to it, directly and through locals."""

from __future__ import annotations

from ...records import dataclass, field
from . import Declaration, Module
from .references import Reference, walk

_ORDER = ("depends_on", "replace_triggered_by", "ignore_changes", "provider")  # arguments that read no attribute


@dataclass(eq=False)
class Readers:
    """The declarations that refer to others: by address and attribute, and to a local by its address alone.

    What refers to a resource as a whole, or to an instance by a computed key, may read any attribute: its key has "".
    """

    by_attribute: dict[tuple[str, str], list[Declaration]] = field(default_factory=dict)
    of_locals: dict[str, list[Declaration]] = field(default_factory=dict)

    def of(self, address: str, attribute: str) -> tuple[Declaration, ...]:
        """The readers of an attribute of a declaration; a local stands for those that read it."""
        found: dict[str, Declaration] = {}
        pending = [reader for name in (attribute, "") for reader in self.by_attribute.get((address, name), ())]
        seen = set[str]()
        while pending:
            reader = pending.pop(0)
            if reader.address in seen:
                continue
            seen.add(reader.address)
            if reader.kind == "local":
                pending += self.of_locals.get(reader.address, ())
            else:
                found[reader.address] = reader
        return tuple(found.values())


def readers(module: Module) -> Readers:
    """The readers of all attributes: each expression of the module is looked at once."""
    made = Readers()
    for declaration in module.declarations.values():
        if declaration.kind == "local":
            exprs = [declaration.expr]
        else:
            items = walk(declaration.block.body) if declaration.block is not None else ()
            exprs = [item.expr for item, _ in items if item.name not in _ORDER]
        for expr in exprs:
            for reference in module.references(expr):
                if reference.address.startswith("local."):
                    made.of_locals.setdefault(reference.address, []).append(declaration)
                made.by_attribute.setdefault((reference.address, _attribute(reference)), []).append(declaration)
    return made


def _attribute(reference: Reference) -> str:
    """The attribute that a reference reads: the last of its names that are written out, "" if there is none."""
    names = [step for step in reference.path if isinstance(step, str)]
    return names[-1] if names else ""
