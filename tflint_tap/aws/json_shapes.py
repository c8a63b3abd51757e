"""What the properties of JSON objects are: blocks or arguments, by the schemas of Terraform and of the AWS provider.

Of what the provider's table doesn't know (other providers, modules) all but Terraform's own blocks is an argument. An
attribute that may be written as blocks is an argument in JSON, as Terraform prefers; only a `dynamic` block makes
blocks of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ..hcl.json_bodies import BlockShape, BodyShape
from ..hcl.json_expressions import Reading
from . import schema
from .language import BLOCKS_OF_PROVIDER, LABELLED, META, TOP_LEVEL
from .schema import BlockSchema, as_block

# Arguments that Terraform reads before anything is evaluated, by the block that they stand in. What is read as an
# expression: references, keywords, types. Source: what Terraform itself does (internal/configs).
_EXPRESSIONS: Mapping[str, tuple[str, ...]] = {
    "resource": ("depends_on", "provider"),
    "data": ("depends_on", "provider"),
    "ephemeral": ("depends_on", "provider"),
    "action": ("provider",),
    "module": ("depends_on", "providers"),
    "output": ("depends_on", "type"),
    "variable": ("type",),
    "lifecycle": ("ignore_changes", "replace_triggered_by"),
    "action_trigger": ("events", "actions"),
    "provisioner": ("when", "on_failure"),
    "dynamic": ("iterator",),
    "terraform": ("experiments",),
    "moved": ("from", "to"),
    "import": ("to", "provider"),
    "removed": ("from",),
}
_LITERALS: Mapping[str, tuple[str, ...]] = {
    "variable": ("default", "description", "sensitive", "nullable", "ephemeral", "deprecated", "const"),
    "output": ("description", "sensitive", "ephemeral", "deprecated"),
    "lifecycle": ("create_before_destroy", "prevent_destroy", "destroy"),
    "provider": ("alias", "version"),
    "terraform": ("required_version",),
}
_ALL_LITERAL = ("backend", "cloud", "workspaces", "state_store", "provider_meta")
_REQUIRED = "required_providers"
_SINGLE = ("locals", _REQUIRED)  # of which Terraform takes whatever attributes there are
# Blocks within those of which the language's table says only that anything may stand there.
_WITHIN: Mapping[str, tuple[str, ...]] = {
    "cloud": ("workspaces",),
    "provisioner": ("connection",),
    "action": ("config",),
}
_TYPED = {"resource": schema.resource, "data": schema.data_source, "ephemeral": schema.ephemeral_resource}
_OPAQUE = schema.block_of(["*"])
_DYNAMIC = "dynamic"


def _top_level(name: str) -> BlockShape | None:
    """The blocks of the root."""
    language = TOP_LEVEL.get(name)
    if language is None:
        return None
    if name in _TYPED:
        return _typed(name, language.labels)
    content = language.content or _OPAQUE
    if name == "provider":
        return BlockShape(language.labels, lambda labels: _with_blocks(BLOCKS_OF_PROVIDER.get(labels[0], ()), name))
    return BlockShape(language.labels, lambda _: _of_language(content, name, name))


def _typed(kind: str, labels: tuple[str, ...]) -> BlockShape:
    """Resources and the like: what the provider has of them, and what Terraform has."""

    def body(names: tuple[str, ...]) -> BodyShape:
        content = _of_provider(_TYPED[kind](names[0]) or _OPAQUE)

        def block(name: str) -> BlockShape | None:
            own = META[kind].blocks.get(name)
            return _nested(name, own.block, kind) if own is not None else content.block(name)

        return BodyShape(block, partial(_reading, kind))

    return BlockShape(labels, body)


def _of_provider(content: BlockSchema) -> BodyShape:
    """What a provider's schema says of a body; `dynamic` blocks make what it has."""

    def block(name: str) -> BlockShape | None:
        if name in content.blocks:
            nested = content.blocks[name].block
            return BlockShape((), lambda _: _of_provider(nested))
        if name != _DYNAMIC:
            return None
        return BlockShape(("type",), lambda labels: _dynamic(_made(content, labels[0])))

    return BodyShape(block, partial(_reading, ""))


def _made(content: BlockSchema, type_: str) -> BlockSchema:
    """The schema of the blocks that a `dynamic` block makes."""
    if type_ in content.blocks:
        return content.blocks[type_].block
    return as_block(content, type_) or _OPAQUE


def _dynamic(made: BlockSchema) -> BodyShape:
    def block(name: str) -> BlockShape | None:
        return BlockShape((), lambda _: _of_provider(made)) if name == "content" else None

    return BodyShape(block, partial(_reading, _DYNAMIC))


def _with_blocks(names: tuple[str, ...], kind: str) -> BodyShape:
    """A configuration of a provider, whose blocks have these names."""

    def block(name: str) -> BlockShape | None:
        if name == _DYNAMIC:
            return BlockShape(("type",), lambda _: _dynamic(_OPAQUE))
        return BlockShape((), lambda _: _of_provider(_OPAQUE)) if name in names else None

    return BodyShape(block, partial(_reading, kind))


def _of_language(content: BlockSchema, kind: str, top: str) -> BodyShape:
    """A block of Terraform's own, of a `kind`, within the top-level block `top` or that itself."""

    def block(name: str) -> BlockShape | None:
        if (top, name) == ("check", "data"):
            return _typed(name, LABELLED[top, name])
        if name in content.blocks:
            return _nested(name, content.blocks[name].block, top)
        return _nested(name, _OPAQUE, top) if name in _WITHIN.get(kind, ()) else None

    return BodyShape(block, partial(_reading, kind), is_single=kind in _SINGLE)


def _nested(name: str, content: BlockSchema, top: str) -> BlockShape:
    labels = LABELLED.get((top, name)) or LABELLED.get((None, name), ())
    return BlockShape(labels, lambda _: _of_language(content, name, top))


def _reading(kind: str, name: str) -> Reading:
    """How an argument is read, by the kind of the block of Terraform's that it stands in; "" is a provider's."""
    if kind == _REQUIRED:
        return Reading.REQUIREMENT
    if kind in _ALL_LITERAL or name in _LITERALS.get(kind, ()):
        return Reading.LITERAL
    return Reading.EXPRESSION if name in _EXPRESSIONS.get(kind, ()) else Reading.TEMPLATE


# What no table knows is a block as well, so that it is reported as one.
ROOT = BodyShape(_top_level, partial(_reading, ""), BlockShape((), lambda _: _of_language(_OPAQUE, "", "")))
