"""Values in files for variables that the module doesn't declare."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module.marks import is_marked
from ...text.nearest import nearest, question


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each such value, at its name; values of the environment are nobody's mistake."""
    inputs = stack.evaluator.inputs
    variables = (item for item in stack.module.of_kind("variable") if not is_marked(item.address))  # of the root module
    declared = {declaration.name for declaration in variables}
    for file in (*inputs.files, *inputs.given):
        for name, span in file.names.items():
            if name in declared:
                continue
            near = nearest(name, declared)
            right = question(near) if near else "declare the variable, or remove the value"
            yield Hit(span, values={"name": name, "right": right})
