"""Where a finding stands: in which module's folder, block and argument, however often the text around it moves."""

from __future__ import annotations

import os
from bisect import bisect_right

from ..hcl.nodes import Block, Body
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
            block = self._block_at(body, span)
            if block is None:
                break
            blocks.append(block)
            body = block.body
        argument = next((one.name for one in body.attributes if one.span.contains(span)), "")
        is_header = not argument and bool(blocks) and span.start == blocks[-1].span.start
        return Standing(tuple(blocks), argument, is_header)

    def block(self, span: Span) -> Block | None:
        """The outermost block around a place."""
        return self._block_at(self.report.tree(span.source).body, span)

    def whole(self, span: Span) -> Span:
        """A place, or all of the block whose header it is."""
        standing = self.standing(span)
        return standing.blocks[-1].span if standing.is_header else span

    def folder(self, finding: Finding) -> str:
        """The folder of the module that a finding lies in, with links resolved."""
        path = finding.span.source.path
        if path not in self._folders:
            self._folders[path] = os.path.dirname(os.path.realpath(path))
        return self._folders[path]

    def _block_at(self, body: Body, span: Span) -> Block | None:
        if not body.blocks:
            return None
        starts = self._starts.get(id(body))  # the trees, and so the bodies, live as long as this
        if starts is None:
            starts = self._starts[id(body)] = [block.span.start for block in body.blocks]
        index = bisect_right(starts, span.start) - 1
        found = body.blocks[index] if index >= 0 else None
        return found if found is not None and found.span.contains(span) else None
