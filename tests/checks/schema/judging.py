"""What the rules say of a mutant, at which lines; only the block that the mutation touches is parsed anew."""

from __future__ import annotations

from dataclasses import dataclass

from tflint_tap.hcl import parse
from tflint_tap.hcl.nodes import File
from tflint_tap.lint import judge
from tflint_tap.rule import Finding, Severity
from tflint_tap.rulebook.loader import BUNDLED, load_rules
from tflint_tap.stack import Stack
from tflint_tap.terraform.module import build_module
from tflint_tap.text.source import Source

from .mutants import Mutant

FAMILIES = ("syntax", "references", "schema", "variables", "outputs")
# What the provider's own code checks, and what its schema can't say: `terraform validate` with a stand-in is silent.
_OF_THE_PROVIDER = ("schema/invalid-value", "schema/conflicting-arguments")
RULES = tuple(rule for rule in load_rules(BUNDLED) if rule.family in FAMILIES and rule.id not in _OF_THE_PROVIDER)


@dataclass(frozen=True, slots=True)
class Said:
    """A finding: its rule and message, its line, and the lines of its related places."""

    rule: str
    message: str
    line: int
    related: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    file: File


class Stacks:
    """A text's top-level blocks, parsed once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        blocks = parse(source).body.blocks
        self.pieces = [
            _Piece(block.span.start, block.span.end, self._file(block.span.start, block.span.text)) for block in blocks
        ]

    def _file(self, start: int, text: str) -> File:
        """A piece of the text as a file in which it stands at its own line."""
        line = self.source.position(start)[0]
        return parse(Source("tap_stack.tf", "\n" * (line - 1) + text))

    def errors(self, mutant: Mutant) -> list[Said]:
        """The errors in the mutant, in the order of its text."""
        piece = next(piece for piece in self.pieces if piece.start <= mutant.start and mutant.end <= piece.end)
        before, after = self.source.text[piece.start : mutant.start], self.source.text[mutant.end : piece.end]
        changed = self._file(piece.start, before + mutant.text + after)
        shift = mutant.text.count("\n") - self.source.text.count("\n", mutant.start, mutant.end)
        shifted = {other.file.source: shift for other in self.pieces if other.start > piece.start}
        files = [changed if other is piece else other.file for other in self.pieces]
        stack = Stack.of(build_module(files))
        found = [finding for rule in RULES for finding in judge(rule, stack)]
        errors = [finding for finding in found if finding.severity is Severity.ERROR and finding.doubt is None]
        return sorted((_said(finding, shifted) for finding in errors), key=lambda said: said.line)


def _said(finding: Finding, shifted: dict[Source, int]) -> Said:
    lines = [span.line + shifted.get(span.source, 0) for span in (finding.span, *(r.span for r in finding.related))]
    return Said(finding.rule, finding.message, lines[0], tuple(lines[1:]))
