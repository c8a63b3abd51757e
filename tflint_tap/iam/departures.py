"""Documents that leave the module: by an output, an argument of a module call, or a resource of another provider.

What becomes of them isn't seen here, so they are judged where they are written, as are those that nothing refers to.
A document that a resource of the AWS provider takes is left to that resource: it may be a policy that grants nothing,
such as an endpoint's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..hcl.nodes import Attribute, Expr
from ..records import dataclass
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, Value
from ..terraform.module import Declaration, Module
from ..terraform.module.expressions import expressions
from ..terraform.module.marks import is_marked
from ..terraform.module.references import walk
from ..text.source import Span
from .documents import DocumentReader
from .statements import Document

_TYPE = "aws_iam_policy_document"
_AWS = ("aws_", "awscc_")
_MARK = "Statement"  # without the word no text is a policy document
# Names of what limits only what others grant: boundaries, service control policies, policies of endpoints.
_LIMIT = re.compile(r"boundar|(^|_)scps?(_|$)|service_control|guardrail|endpoint|vpce")
_SETTINGS = ("source", "version", "providers", "count", "for_each", "depends_on", "provider", "lifecycle")


@dataclass(frozen=True, slots=True)
class Departure:
    """A document that leaves the module: the block that it is written in or sent from, and where it is written.

    `attribute` is the argument that it is written in, empty where it is a data source itself.
    """

    owner: Instance
    attribute: str
    span: Span
    value: Value
    document: Document


@dataclass(frozen=True, slots=True)
class _Exit:
    """An argument by which something leaves the module."""

    declaration: Declaration
    attribute: Attribute


def departures(evaluator: Evaluator, reader: DocumentReader) -> Iterator[Departure]:
    """The documents that leave the module and that none of its AWS resources holds."""
    module = evaluator.module
    sources = {declaration.address: declaration for declaration in module.of_kind("data", _TYPE)}
    marked = _marked_locals(module)
    if not sources and not marked and not any(_MARK in file.source.text for file in module.files):
        return
    exits = list(_exits(module))
    if sources:
        held = _reached(module, _held(module), through=sources)
        sent = _reached(module, (item.attribute.expr for item in exits), through={})
        referred = _referred(module)
        for address in sources:
            if (address in sent and address not in held) or address not in referred:
                for instance in evaluator.instances(sources[address]):
                    yield Departure(instance, "", instance.header, Value(None, instance.header), reader.built(instance))
    for item in exits:
        if _MARK in item.attribute.expr.span.text or not marked.isdisjoint(
            _reached(module, [item.attribute.expr], through={})
        ):
            yield from _written(evaluator, reader, item)


def _marked_locals(module: Module) -> frozenset[str]:
    """The addresses of locals in whose text there may be a policy document."""
    return frozenset(local.address for local in module.of_kind("local") if _MARK in local.expr.span.text)


def _exits(module: Module) -> Iterator[_Exit]:
    """The arguments by which documents leave the module, but for those that say they only limit something."""
    for kind in ("output", "module", "resource"):
        for declaration in module.of_kind(kind):
            if kind == "resource" and declaration.type.startswith(_AWS):
                continue
            if declaration.address in module.called.modules or (kind == "output" and is_marked(declaration.address)):
                continue  # what these give is followed
            if declaration.block is None or _LIMIT.search(declaration.name):
                continue
            for attribute, _ in expressions(declaration.block):
                if attribute.name not in _SETTINGS and not _LIMIT.search(attribute.name):
                    yield _Exit(declaration, attribute)


def _held(module: Module) -> Iterator[Expr]:
    """The expressions of the AWS provider's resources."""
    for declaration in module.of_kind("resource"):
        if declaration.block is not None and declaration.type.startswith(_AWS):
            for attribute, _ in expressions(declaration.block):
                yield attribute.expr


def _referred(module: Module) -> set[str]:
    """The addresses that anything refers to."""
    return {
        reference.address
        for block in module.blocks()
        for attribute, bound in walk(block.body)
        for reference in module.references_in(attribute, bound)
    }


def _reached(module: Module, exprs: Iterable[Expr], *, through: dict[str, Declaration]) -> set[str]:
    """The addresses that expressions refer to, directly, through locals and through these data sources."""
    pending, found = list(exprs), set[str]()
    while pending:
        for reference in module.references(pending.pop()):
            if reference.address in found:
                continue
            found.add(reference.address)
            declaration = module.declarations.get(reference.address)
            if declaration is not None and declaration.kind == "local":
                pending.append(declaration.expr)
            elif reference.address in through and declaration is not None and declaration.block is not None:
                pending += (attribute.expr for attribute, _ in expressions(declaration.block))
    return found


def _written(evaluator: Evaluator, reader: DocumentReader, item: _Exit) -> Iterator[Departure]:
    """The documents that an argument's value holds: as text, or as what jsonencode made a text of."""
    attribute = item.attribute
    for owner in evaluator.instances(item.declaration):
        pending = [evaluator.evaluate(attribute.expr, owner.names)]
        while pending:
            value = pending.pop()
            if isinstance(value.data, (ListValue, MapValue)):
                pending += reversed(list(value.elements()))
            elif _is_document(value):
                span = value.span if value.span is not None and attribute.expr.span.contains(value.span) else None
                span = span or attribute.expr.span
                yield Departure(owner, attribute.name, span, value, reader.read(value, span))


def _is_document(value: Value) -> bool:
    """Return True if a text is a policy document, or begins as one of JSON does."""
    if value.decoded is not None:
        return isinstance(value.decoded.data, MapValue) and _MARK in value.decoded.data.items
    text = str(value.data) if value.data is not None else ""
    return text.lstrip().startswith("{") and f'"{_MARK}"' in text
