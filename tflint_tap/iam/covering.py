"""What elements of one statement cover of another's: all its actions, all its resources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..terraform.evaluation.values import Value
from ..terraform.module import Module
from .resource_patterns import Pattern, covers
from .resource_texts import resource_text
from .statements import ElementValues
from .wildcards import covers_action


def actions_cover(wide: ElementValues | None, narrow: ElementValues | None) -> bool:
    """Return True if an Action element certainly covers all that are listed in another one."""
    patterns = [text for text, _ in wide.known()] if wide is not None else []
    items = narrow.items if narrow is not None else ()
    return all(
        isinstance(item.data, str) and any(covers_action(pattern, item.data) for pattern in patterns) for item in items
    )


def resources_cover(wide: ElementValues | None, narrow: ElementValues | None, module: Module) -> bool:
    """Return True if a Resource element covers all that are listed in another one, as far as their forms tell."""
    if wide is None or narrow is None:
        return wide is narrow
    patterns = list(_patterns(wide.items, module))
    texts = [resource_text(item, module) for item in narrow.items]
    return all(text is not None and any(covers(pattern, text.narrow) for pattern in patterns) for text in texts)


def _patterns(items: Iterable[Value], module: Module) -> Iterator[Pattern]:
    for item in items:
        text = resource_text(item, module)
        if text is not None:
            yield text.narrow
