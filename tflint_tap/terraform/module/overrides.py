"""Override files: their blocks are merged into those of the other files, as Terraform does before anything else.

Source: https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

from collections.abc import Sequence

from ...hcl.nodes import Attribute, Block, Body, File
from ...records import replace
from ...text.source import Source
from .file_names import is_override_name

# Blocks of which an override changes single arguments; of all others it replaces the nested blocks of a type.
_BY_ARGUMENT = ("lifecycle",)
_MERGED = ("resource", "data", "ephemeral", "variable", "output", "module", "provider")


def is_override(file: File) -> bool:
    """Return True if Terraform merges a file's blocks into those of the others."""
    return is_override_name(file.source.path.rpartition("/")[2])


def merged(files: Sequence[File]) -> tuple[File, ...]:
    """The files with overrides merged into the blocks they are for; what has no such block stays where it is."""
    overrides = sorted((file for file in files if is_override(file)), key=lambda file: file.source.path)
    if not overrides:
        return tuple(files)
    made = {file.source: file for file in files}
    for override in overrides:
        left: list[Block] = []
        for block in override.body.blocks:
            if block.type == "locals":
                rest = [item for item in block.body.attributes if not _override_local(made, override, item)]
                if rest:
                    left.append(replace(block, body=replace(block.body, attributes=tuple(rest))))
            elif block.type not in _MERGED or not _override_block(made, override, block):
                left.append(block)
        made[override.source] = replace(override, body=replace(override.body, blocks=tuple(left)))
    return tuple(made[file.source] for file in files)


def _override_block(made: dict[Source, File], override: File, block: Block) -> bool:
    """Merge a block into the one of its address, False where there is none."""
    for file in made.values():
        if file.source is override.source:
            continue
        for number, base in enumerate(file.body.blocks):
            if _address(base) == _address(block):
                blocks = (*file.body.blocks[:number], _overridden(base, block), *file.body.blocks[number + 1 :])
                made[file.source] = replace(file, body=replace(file.body, blocks=blocks))
                return True
    return False


def _address(block: Block) -> tuple[str, ...]:
    alias = block.body.attribute("alias") if block.type == "provider" else None
    return (block.type, *(label.value for label in block.labels), *((alias.expr.span.text,) if alias else ()))


def _overridden(base: Block, override: Block) -> Block:
    return replace(base, body=_overridden_body(base.body, override.body))


def _overridden_body(base: Body, override: Body) -> Body:
    names = {attribute.name for attribute in override.attributes}
    attributes = [attribute for attribute in base.attributes if attribute.name not in names]
    types = {_made_type(block) for block in override.blocks}
    blocks: list[Block] = []
    for block in base.blocks:
        if block.type in _BY_ARGUMENT and block.type in types:
            (other,) = (found for found in override.blocks if found.type == block.type)
            blocks.append(_overridden(block, other))
        elif _made_type(block) not in types:
            blocks.append(block)
    kept = {block.type for block in blocks}
    blocks += [block for block in override.blocks if not (block.type in _BY_ARGUMENT and block.type in kept)]
    return replace(base, attributes=(*attributes, *override.attributes), blocks=tuple(blocks))


def _made_type(block: Block) -> str:
    """The type of the blocks that a block is, or makes."""
    return block.labels[0].value if block.type == "dynamic" and block.labels else block.type


def _override_local(made: dict[Source, File], override: File, local: Attribute) -> bool:
    """Put a local in the place of the one of its name, False where there is none."""
    for file in made.values():
        if file.source is override.source:
            continue
        for number, block in enumerate(file.body.blocks):
            if block.type == "locals" and block.body.attribute(local.name) is not None:
                attributes = tuple(local if item.name == local.name else item for item in block.body.attributes)
                changed = replace(block, body=replace(block.body, attributes=attributes))
                blocks = (*file.body.blocks[:number], changed, *file.body.blocks[number + 1 :])
                made[file.source] = replace(file, body=replace(file.body, blocks=blocks))
                return True
    return False
