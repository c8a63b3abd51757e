"""The reason why one thing waits for another, in words."""

from __future__ import annotations

from ...terraform.module.graph import Dependency


def worded(step: Dependency) -> str:
    """`local.a refers to local.b here`: the words for the place that a dependency stems from."""
    source, target = step.addresses
    if step.by == "provider":
        return f"{source} is made by {target}"
    if step.by == "import":
        return f"{source} is imported by an id that needs {target}"
    return f"{source} refers to {target} here"
