"""Names of what blocks declare."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.language import RESERVED_VARIABLES, TOP_LEVEL
from ...hcl.nodes import Block
from ...terraform.module.marks import unmarked
from .static import NAME, NAME_RULE, Misform

_NAMED = ("resource", "data", "ephemeral", "variable", "output", "module", "check")


def problems(block: Block) -> Iterator[Misform]:
    """Labels that can't be names, and names that Terraform keeps for itself."""
    language = TOP_LEVEL.get(block.type)
    if language is None or block.type not in _NAMED or len(block.labels) != len(language.labels):
        return
    for label in block.labels:
        name = unmarked(label.value)
        if not NAME.fullmatch(name):
            yield Misform(label.span, f"{label.span.text} can't be a name", NAME_RULE)
        elif block.type == "variable" and name in RESERVED_VARIABLES:
            what = f"a variable can't be called {name}: a module call has an argument or block of this name"
            yield Misform(label.span, what, "choose another name")
