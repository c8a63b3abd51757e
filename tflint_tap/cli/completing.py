"""What a shell is told of the arguments that rules and files can be; only completion imports this."""

from __future__ import annotations

from collections.abc import Mapping

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType

from .main import all_rules

_RULES = ("select", "ignore", "rule", "which")
_FILES = ("paths", "path", "files", "variable_files", "sets", "inputs", "baseline", "write_baseline", "config",
          "contract", "given_outputs", "stdin_filename")  # fmt: skip


class _Rules(StringParamType):
    """The id of a rule or a family, the last of several with commas."""

    name = "rule"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, begun = incomplete.rpartition(",")
        names: dict[str, str | None] = {rule.id: rule.title for rule in all_rules()}
        if param.name != "rule":
            names |= dict.fromkeys(id_.split("/")[0] for id_ in list(names))
        return [
            CompletionItem(before + comma + name, help=title) for name, title in names.items() if name.startswith(begun)
        ]


class _Files(StringParamType):
    name = "file"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(incomplete, type="file")]


_TYPES: Mapping[str, StringParamType] = {
    **dict.fromkeys(_RULES, _Rules()),
    **dict.fromkeys(_FILES, _Files()),
}


def prepare(command: click.Command) -> click.Command:
    """The command, whose parameters, and those of its own commands, know what they can be."""
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        prepare(inner)
    for parameter in command.params:
        parameter.type = _TYPES.get(parameter.name or "", parameter.type)
    return command


def merged(first: list[CompletionItem], second: list[CompletionItem]) -> list[CompletionItem]:
    """Both, without what is there already."""
    known = {item.value for item in first}
    return [*first, *(item for item in second if item.value not in known)]
