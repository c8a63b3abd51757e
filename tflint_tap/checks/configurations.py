"""Configurations of providers that nothing uses: Terraform leaves them out before it evaluates anything."""

from __future__ import annotations

from ..stack import Stack
from ..terraform.module.graph import provider_address
from ..terraform.module.marks import is_marked
from ..terraform.module.references import steps_of
from ..text.source import Span

_MADE = ("resource", "data", "ephemeral", "action")
IDLE = "though nothing uses this provider configuration, and Terraform leaves it out"


def unused(stack: Stack) -> tuple[Span, ...]:
    """The provider blocks that certainly nothing uses, asked once by `stack.once`."""
    blocks = [block for block in stack.module.blocks() if block.type == "provider" and len(block.labels) == 1]
    if not blocks or not stack.module.is_whole or next(stack.module.of_kind("module"), None) is not None:
        return ()  # a module that is called may use any of them
    used: set[str] = set()
    for block in stack.module.blocks():
        made = [block, *block.body.blocks_of("data")] if block.type in (*_MADE, "check") else []
        for item in (*made, *([block] if block.type == "import" else [])):
            written = item.body.attribute("provider")
            if written is not None:
                found = steps_of(written.expr)
                text = written.expr.span.text.strip('"')
                used.add(f"provider.{text}" if found is not None or '"' in written.expr.span.text else "")
            elif len(item.labels) == 2:
                used.add(f"provider.{item.labels[0].value.partition('_')[0]}")
        for attribute in block.body.attributes:
            used.update(
                f"provider.{call.name.split('::')[1]}"
                for call in stack.module.calls(attribute.expr)
                if call.name.startswith("provider::")
            )
    return tuple(
        block.span for block in blocks if provider_address(block) not in used and not is_marked(block.labels[0].value)
    )
