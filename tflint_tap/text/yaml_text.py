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
    """The content of a text: mappings, lists and scalars. YamlError if it isn't YAML."""
    return _read(text, "load")


def compose(text: str) -> Node | None:
    """The same with each part's line, scalars as they are written; None where there is nothing."""
    node = _read(text, "compose")
    return None if node is None else _plain(node, {})


def _read(text: str, how: str) -> Any:
    import yaml

    try:
        return getattr(yaml, how)(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it isn't YAML"
        raise YamlError(mark.line + 1 if mark is not None else 1, problem) from None
    except ValueError as error:  # a date that isn't one, a character that isn't one
        raise YamlError(1, str(error)) from None
    except RecursionError:
        raise YamlError(1, "it is nested too deeply") from None


def _plain(node: Any, made: dict[int, Node | None]) -> Node:
    """A node as plain data; what an alias names is made once. None stands for what is being made."""
    import yaml

    line = node.start_mark.line + 1
    if id(node) in made:
        known = made[id(node)]
        if known is None:
            raise YamlError(line, "an alias stands within what it names")
        return known
    made[id(node)] = None
    plain: Node
    if isinstance(node, yaml.MappingNode):
        plain = line, "mapping", tuple((_plain(key, made), _plain(value, made)) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        plain = line, "list", tuple(_plain(item, made) for item in node.value)
    else:
        plain = line, "text", node.value
    made[id(node)] = plain
    return plain


def repeated_key(node: Node | None) -> tuple[int, str] | None:
    """Line and name of the first key that a mapping has twice: YAML would take the last one in silence."""
    pending = [] if node is None else [node]
    for _, kind, content in pending:
        if kind == "mapping":
            seen: set[str] = set()
            for key, value in content:
                if key[1] == "text" and key[2] in seen:
                    return key[0], key[2]
                seen.add(str(key[2]))
                pending.append(value)
        elif kind == "list":
            pending += content
    return None


def expanded_size(node: Node | None) -> int:
    """The number of parts of a text when each alias is replaced by what it names."""
    sizes: dict[int, int] = {}

    def size(one: Node) -> int:
        known = sizes.get(id(one))
        if known is None:
            _, kind, content = one
            parts = content if kind == "list" else (part for pair in content for part in pair)
            known = sizes[id(one)] = 1 if kind == "text" else 1 + sum(map(size, parts))
        return known

    return 0 if node is None else size(node)
