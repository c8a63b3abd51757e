"""Files → trees, in whichever of Terraform's two syntaxes they are written.

It stands here because the JSON syntax can't be read without the schema: an object is a block or a value as that says.
"""

from __future__ import annotations

from ..hcl import parse as parse_native
from ..hcl.nodes import File
from ..text.source import Source


def is_json(source: Source) -> bool:
    """Return True if a file is in the JSON syntax, as its name says."""
    return source.path.endswith(".json")


def parse(source: Source) -> File:
    """The file's tree, by its name: JSON or the native syntax. What is wrong with the text is in its diagnostics."""
    if not is_json(source):
        return parse_native(source)
    from ..hcl.json_bodies import parse_json  # most stacks have no such file
    from .json_shapes import ROOT

    return parse_json(source, ROOT)
