"""YAML → plain data. PyYAML is imported when a text is read for the first time: that costs more than the reading."""

from __future__ import annotations

from typing import Any, TypeAlias

# A line from 1, the kind of node ("mapping", "list", "text"), and its pairs of nodes, its nodes or its text.
Node: TypeAlias = tuple[int, str, Any]


class YamlError(Exception):
    """A text that isn't YAML. `line` is from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def load(text: str) -> Any:
    """What a text holds: mappings, lists and scalars. YamlError where it isn't YAML."""
    return _read(text, "load")


def compose(text: str) -> Node | None:
    """The same with each part's line, scalars as they are written; None where there is nothing."""
    node = _read(text, "compose")
    return None if node is None else _plain(node, ())


def _read(text: str, how: str) -> Any:
    import yaml

    try:
        return getattr(yaml, how)(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it isn't YAML"
        raise YamlError(mark.line + 1 if mark is not None else 1, problem) from None


def _plain(node: Any, around: tuple[Any, ...]) -> Node:
    line = node.start_mark.line + 1
    if any(node is outer for outer in around):
        raise YamlError(line, "an alias stands within what it names")
    around = (*around, node)
    if node.tag.endswith(":map"):
        return line, "mapping", tuple((_plain(key, around), _plain(value, around)) for key, value in node.value)
    if isinstance(node.value, list):
        return line, "list", tuple(_plain(item, around) for item in node.value)
    return line, "text", node.value
