"""The resources that an expression mentions: directly, through locals, or by what `each` and iterators stand for."""

from __future__ import annotations

from collections.abc import Iterable

from ..hcl.nodes import Expr
from ..records import dataclass, field
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import Value
from ..terraform.module import Module
from ..terraform.module.graph import leading
from ..terraform.module.references import Reference, references, walk
from ..terraform.provenance import repetitions
from ..text.source import Span

_NONE: frozenset[str] = frozenset()


@dataclass(eq=False)
class Mentions:
    """A module's mentions; what each local leads to is kept."""

    module: Module
    _of_locals: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, value: Value | None, expr: Expr, holder: Instance) -> frozenset[str]:
        """The addresses of resources and data sources that an expression mentions, written in that block.

        With a value it is what the part of the expression mentions that gave the value, as far as its span tells.
        """
        if value is not None and value.span is not None and value.span != expr.span:
            written = expr.span.contains(value.span)
            around = holder.declaration.address
            inside = references(expr) if written else self._references_around(value.span, around)
            inside = tuple(reference for reference in inside if value.span.contains(reference.span))
            if inside or not written:
                return self._closed(inside)
        found = list(references(expr))
        block = holder.declaration.block
        repeated = dict(repetitions(block)) if block is not None else {}
        for reference in tuple(found):
            if reference.address not in self.module.declarations and reference.root in repeated:
                found += references(repeated.pop(reference.root))
        return self._closed(found)

    def _references_around(self, span: Span, address: str) -> tuple[Reference, ...]:
        """The references of the local or block that a span lies in; of several calls' the one nearest to an address."""
        declaration = self.module.declaration_at(span, address)
        if declaration is None:
            return ()
        if declaration.block is None:
            return references(declaration.expr)
        return tuple(found for attribute, _ in walk(declaration.block.body) for found in references(attribute.expr))

    def _closed(self, found: Iterable[Reference]) -> frozenset[str]:
        """The resources and data sources among references, and those that their locals lead to."""
        sets = []
        for reference in found:
            declaration = self.module.declarations.get(reference.address)
            if declaration is None:
                continue
            if declaration.kind in ("resource", "data"):
                sets.append(frozenset((reference.address,)))
                continue
            sets += [self._of(address, expr) for address, expr in leading(self.module, reference)]
        return sets[0] if len(sets) == 1 else _NONE.union(*sets)

    def _of(self, name: str, expr: Expr) -> frozenset[str]:
        """The resources and data sources that a local or the like leads to."""
        if name not in self._of_locals:
            reached, pending, seen = set[str](), [expr], {name}
            while pending:
                for reference in references(pending.pop()):
                    declaration = self.module.declarations.get(reference.address)
                    if declaration is not None and declaration.kind in ("resource", "data"):
                        reached.add(reference.address)
                        continue
                    for address, further in leading(self.module, reference):
                        if address not in seen:
                            seen.add(address)
                            pending.append(further)
            self._of_locals[name] = frozenset(reached)
        return self._of_locals[name]
