"""Where reports go: --format and --output, one report in several formats."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from .main import give_up, version
from .writing import refuse_unwritable, write

if TYPE_CHECKING:
    from ..lint import Report
    from ..report import RenderOptions

# Those of report.FORMATS, which takes longer to import.
NAMES = ("text", "json", "sarif", "junit", "github", "gitlab", "checkstyle", "markdown")
_FOR_PEOPLE_HERE = ("text", "json")  # their paths start from the folder at hand, those of others from the repository
_BY_EXTENSION = {".sarif": "sarif", ".sarif.json": "sarif", ".json": "json", ".md": "markdown"}
_NAMED = re.compile(r"([A-Za-z]+)=(.*)", re.DOTALL)


class Output(NamedTuple):
    """A format, and the file that it goes to; None: it is printed."""

    format: str
    file: str | None


def outputs_of(format_: str | None, given: tuple[str, ...]) -> tuple[Output, ...]:
    """What --format and the values of --output stand for, what is printed last.

    `FORMAT=FILE` is written beside what is printed; `FILE` alone takes its place, in the format of --format or, without
    that, of its extension. `-` is printed. Gives up on what can't be meant, and on files that can't be written.
    """
    found: list[Output] = []
    is_printed = True
    for text in given:
        named = _NAMED.fullmatch(text)
        if named is not None:
            found.append(Output(_known(named[1], text), named[2]))
        else:
            is_printed = False
            found.append(Output(format_ or _by_extension(text), text))
    files = [output.file for output in found]
    if "" in files:
        give_up("--output names no file")
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice is not None:
        give_up(f"--output {twice}: two reports can't go to one file")
    for file in files:
        if file is not None and file != "-":
            refuse_unwritable(file)
    written = [output for output in found if output.file != "-"]
    printed = [Output(output.format, None) for output in found if output.file == "-"]
    if printed and format_ is not None and format_ != printed[0].format:
        give_up(f"--output {printed[0].format}=-: --format {format_} is to be printed already")
    if not printed and is_printed:
        printed = [Output(format_ or "text", None)]
    return (*written, *printed)


def _known(name: str, text: str) -> str:
    if name in NAMES:
        return name
    from ..text.nearest import suggestion

    give_up(f"--output {text}: there is no format {name}{suggestion(name, NAMES)}; a file of this name is ./{text}")


def _by_extension(file: str) -> str:
    name = os.path.basename(file).lower()
    if name.endswith(".xml"):
        give_up(f"--output {file}: write junit={file} or checkstyle={file}")
    return next((format_ for extension, format_ in _BY_EXTENSION.items() if name.endswith(extension)), "text")


def emit(
    report: Report,
    outputs: tuple[Output, ...],
    options: RenderOptions,
    printing: Callable[[RenderOptions], RenderOptions],
) -> str | None:
    """Write and print a report; what is printed, None where something is written.

    `options` are those of a file in the folder at hand, `printing` makes them those of a text that is printed.
    """
    from ..records import replace
    from ..report import FORMATS

    printed: str | None = None
    for format_, file in outputs:
        own = options
        if format_ not in _FOR_PEOPLE_HERE:
            own = replace(own, root=_repository(options.root), folder=options.root)
        if format_ == "sarif":  # looking the version up takes longer than judging a file
            own = replace(own, version=version())
        if file is not None:
            write(file, FORMATS[format_](report, own))
        else:
            printed = FORMATS[format_](report, printing(own) if format_ == "text" else own)
            _print(printed)
    return printed if len(outputs) == 1 else None


def _repository(folder: str) -> str:
    """The folder that others take relative paths from: the repository's that this one lies in, else itself."""
    from ..text.ignored import repository_of

    found = repository_of(Path(folder))
    return folder if found is None else found.as_posix()


def _print(text: str) -> None:
    click.echo(text, nl=False, color=True)  # what is printed has its colours only where they are wanted
    if sys.stdout is not None:
        sys.stdout.flush()
