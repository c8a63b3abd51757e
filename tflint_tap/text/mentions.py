"""How Terraform code names files: the ends of texts that name one, one of its kind, or a folder that it lies in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname, splitext

_NAME = re.compile(r'[^"/\n]+"')
_FOLDER = re.compile(r'([^"/\n]+/)[*$]')


def mentions_of(path: str) -> Iterator[str]:
    """What names `src/index.py`: `index.py"`; `*.py"`, `}.py"` (a computed name); of its folder `src"`, `src/`."""
    name, extension = basename(path), splitext(path)[1]
    yield f'{name}"'
    if extension:
        yield f'*{extension}"'
        yield f'}}{extension}"'
    for folder in dirname(path).split("/"):
        if folder:
            yield from (f'{folder}"', f"{folder}/")


def mentions_in(text: str) -> set[str]:
    """All in a text that may be such a mention. What stands before `/*` and `/${` is a folder."""
    found = set(_FOLDER.findall(text))
    for name in _NAME.findall(text):
        found.add(name)
        found.add(name[name.rfind("}") :] if "}" in name else name)
        found.add(name[name.rfind("*") :] if "*" in name else name)
    return found
