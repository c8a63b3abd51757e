"""Where a finding stands: in which module's folder, block and argument, however often the text around it moves."""

from __future__ import annotations

import os
from bisect import bisect_right
from typing import TypeVar

from ..hcl.nodes import Attribute, Block, Body
from ..lint import Report
from ..records import dataclass, field
from ..rule import Finding
from ..text.source import Span


@dataclass(frozen=True, slots=True)
class Standing:
    """The blocks around a place, the outermost first, and the argument that it lies in.

    `is_header`: the place is the header of the innermost block, or all of it, as where something is missing.
    """

    blocks: tuple[Block, ...] = ()
    argument: str = ""
    is_header: bool = False

    @property
    def path(self) -> str:
        """The argument, with the nested blocks that it lies in: `environment.variables`."""
        return ".".join(filter(None, (*(block.type for block in self.blocks[1:]), self.argument)))


_Item = TypeVar("_Item", Attribute, Block)
_PREFIXES = {"resource": "", "variable": "var"}  # other blocks: the type of the block


def addresses_of(block: Block) -> tuple[str, ...]:
    """The addresses of what a block declares: `aws_sqs_queue.jobs`, `var.name`, `local.a` and `local.b`."""
    if block.type == "locals":
        return ("locals", *(f"local.{attribute.name}" for attribute in block.body.attributes))
    labels = [label.value for label in block.labels]
    return (".".join(filter(None, (_PREFIXES.get(block.type, block.type), *labels))),)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Finds the blocks around places in the files of a run."""

    report: Report
    _starts: dict[int, list[int]] = field(default_factory=dict)
    _folders: dict[str, str] = field(default_factory=dict)

    def standing(self, span: Span) -> Standing:
        """Where a place stands."""
        blocks: list[Block] = []
        body: Body = self.report.tree(span.source).body
        while True:
            block = self._at(body.blocks, span)
            if block is None:
                break
            blocks.append(block)
            body = block.body
        attribute = self._at(body.attributes, span)
        argument = attribute.name if attribute is not None else ""
        is_header = not argument and bool(blocks) and span.start == blocks[-1].span.start
        return Standing(tuple(blocks), argument, is_header)

    def block(self, span: Span) -> Block | None:
        """The outermost block around a place."""
        return self._at(self.report.tree(span.source).body.blocks, span)

    def whole(self, span: Span) -> Span:
        """A place, or all of the block whose header it is."""
        standing = self.standing(span)
        return standing.blocks[-1].span if standing.is_header else span

    def label(self, span: Span) -> str:
        """The address of the outermost block around a place."""
        block = self.block(span)
        return addresses_of(block)[0] if block is not None else ""

    def folder(self, finding: Finding) -> str:
        """The folder of the module that a finding lies in, with links resolved."""
        path = finding.span.source.path
        if path not in self._folders:
            self._folders[path] = os.path.dirname(os.path.realpath(path))
        return self._folders[path]

    def _at(self, items: tuple[_Item, ...], span: Span) -> _Item | None:
        """The one of a body's blocks, or attributes, that a place lies in; they are in the order of the text."""
        if not items:
            return None
        starts = self._starts.get(id(items))  # the trees, and so what they hold, live as long as this
        if starts is None:
            starts = self._starts[id(items)] = [item.span.start for item in items]
        index = bisect_right(starts, span.start) - 1
        found = items[index] if index >= 0 else None
        return found if found is not None and found.span.contains(span) else None
