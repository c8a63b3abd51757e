"""The inputs of commands: paths → targets, --var and --var-file → the inputs of each module."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .main import all_rules, give_up

if TYPE_CHECKING:
    from ..contract import Contract
    from ..discovery import Target
    from ..settings import RunSettings
    from ..terraform.evaluation.inputs import Inputs
    from ..text.source import Source, SourceError

_ORDER = "tap_lint.order"


contract_option = click.option(
    "--contract", metavar="NAME|FILE|none", help="The contract that has to be held, whatever is recognised."
)

provider_option = click.option(
    "--provider-version",
    metavar="VERSION",
    help="The version of the AWS provider to judge by, or a constraint: 5.31.0, ~> 5.0.",
)


class InOrder(click.Command):
    """A command that knows in which order --var, --var-file and --inputs were given: the later one wins."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = [arg.partition("=")[0] for arg in args]
        ctx.meta[_ORDER] = [option for option in options if option in ("--var", "--var-file", "--inputs")]
        return super().parse_args(ctx, args)


def with_provider(targets: list[Target], version: str | None, settings: RunSettings | None = None) -> list[Target]:
    """The modules, as limited to a version of the AWS provider, or to those that a constraint admits.

    Where no version is given, that is what the settings of each module say.
    """
    if version is None:
        return targets if settings is None else [_with_own_provider(target, settings) for target in targets]
    from ..terraform.module.versions import range_of

    found = range_of(version)
    if found is None or found.is_empty:
        give_up(f"--provider-version {version}: not a version, such as 5.31.0, nor a constraint, such as ~> 5.0")
    return [_with_version(target, version, "--provider-version") for target in targets]


def _with_own_provider(target: Target, settings: RunSettings) -> Target:
    found = settings.values(target.folder, "provider-version")
    return _with_version(target, found[0].text, f"{found[0].place}: provider-version") if found else target


def _with_version(target: Target, version: str, where: str) -> Target:
    from ..aws.provider import PROVIDER
    from ..records import replace
    from ..terraform.module.pins import Pin

    return replace(target, pins=(*target.pins, Pin(PROVIDER, version, f"{where} is {version}")))


def targets_of(
    paths: tuple[str, ...],
    stdin_filename: str | None,
    contract: str | None = None,
    settings: RunSettings | None = None,
    *,
    sifts_named: bool = False,
) -> list[Target]:
    """The modules of the paths; `contract` is the name or the file of the one that they have to hold, or `none`.

    What `settings` exclude is left out where folders are searched, and with `sifts_named` among the paths, too.
    """
    from ..contract import ContractError, contract_named, load_contracts
    from ..discovery import decoded, targets
    from ..rulebook.loader import BUNDLED
    from ..settings import SettingsError
    from ..text.source import SourceError

    try:
        stdin = None
        if "" in paths:
            give_up("a path is empty")
        if "-" in paths:
            name = stdin_filename or "<stdin>"
            stdin = decoded(name, sys.stdin.buffer.read())
            if not stdin.text:
                give_up("standard input is empty")
        elif stdin_filename is not None:
            give_up("--stdin-filename needs - among the paths")
        if contract == "none":
            return targets(paths, (), stdin, None, settings, sifts_named=sifts_named, settles=False)
        contracts = load_contracts(BUNDLED)
        given = contract_named(contract, contracts) if contract is not None else None
        if given is not None and given not in contracts:
            _refuse_mistakes(given)
        return targets(paths, contracts, stdin, given, settings, sifts_named=sifts_named)
    except (SourceError, ContractError, SettingsError) as error:
        give_up(str(error))


def target_of(targets: list[Target], path: str) -> Target:
    """The one module of a path that is told of: that of the folder itself, whatever modules lie below it.

    Give up where something of it can't be read.
    """
    if len({target.folder for target in targets}) > 1:
        targets = [target for target in targets if target.folder is not None and target.folder.samefile(path)]
        if not targets:
            give_up(f"{path}: it holds several modules; name the folder of one")
    refuse_unread(targets[-1:])
    return targets[-1]


def refuse_unread(targets: list[Target]) -> None:
    """Give up where something that was asked for can't be read."""
    for unread in (unread for target in targets for unread in target.unread if unread.is_wanted):
        give_up(str(unread))


def _refuse_mistakes(contract: Contract) -> None:
    """Give up where a contract that isn't one of the rulebook's is wrong: its demands couldn't be trusted."""
    from ..rulebook.contracts import mistakes_of

    found = mistakes_of(contract, {rule.id for rule in all_rules()})
    if found:
        more = f" (and {len(found) - 1} more: tap-lint contract check {contract.path})" if len(found) > 1 else ""
        give_up(f"{contract.path}:{found[0].line}: {found[0].message}{more}")


def inputs_of(
    targets: list[Target], variables: tuple[str, ...], variable_files: tuple[str, ...]
) -> dict[Target, Inputs]:
    """The inputs of each module's variables."""
    (made,) = input_sets_of(targets, variables, variable_files, ()).values()
    return made


def sets_by_module(
    targets: list[Target], sets: tuple[str, ...], settings: RunSettings
) -> dict[Target, tuple[str, ...]]:
    """The files of the sets of inputs that each module is judged with: those of the options, else of its settings."""
    from ..settings import shown_path

    return {
        target: sets or tuple(shown_path(item.text) for item in settings.values(target.folder, "inputs"))
        for target in targets
    }


def input_sets_of(
    targets: list[Target],
    variables: tuple[str, ...],
    variable_files: tuple[str, ...],
    sets: tuple[str, ...],
    own: Mapping[Target, tuple[str, ...]] | None = None,
) -> dict[str, dict[Target, Inputs]]:
    """The inputs of each module's variables, by the file of each set of inputs; without sets by "".

    A set's file counts as one of --var-file at its place, and those of the other sets don't count. Where modules have
    sets of their `own`, which aren't the same for all, the sets are numbered: "1", "2"; what a module has fewer of
    than others is its first.
    """
    from ..discovery import read_source
    from ..terraform.evaluation.inputs import InputError, read_inputs
    from ..text.source import SourceError

    values = {"--var": iter(variables), "--var-file": iter(variable_files), "--inputs": iter(sets)}
    given = [(option, next(values[option])) for option in click.get_current_context().meta[_ORDER]]
    held = own or {}
    if not sets:
        given = [*(("--inputs", name) for name in dict.fromkeys(name for of in held.values() for name in of)), *given]
    try:
        read = {name: read_source(Path(name)) for option, name in given if option != "--var"}
        files_of = {target: _own_files(target.folder) for target in targets}
        made: dict[str, dict[Target, Inputs]] = {}
        for number, set_ in enumerate(_names_of_sets(sets, held)):
            inputs = made[set_] = {}
            for target, (files, ignored) in files_of.items():
                chosen_set = _nth(held.get(target) or sets, number)
                chosen = [
                    text if option == "--var" else read[text]
                    for option, text in given
                    if option != "--inputs" or text == chosen_set
                ]
                inputs[target] = read_inputs(files, chosen, ignored, os.environ)
        return made
    except (SourceError, InputError) as error:
        give_up(str(error))


def _names_of_sets(sets: tuple[str, ...], own: Mapping[Target, tuple[str, ...]]) -> tuple[str, ...]:
    """The names of the sets of inputs of a run: numbers, where modules have several that aren't the same."""
    different = tuple(dict.fromkeys(own.values())) or (sets,)
    most = max(1, *map(len, different))
    if len(different) == 1 or most == 1:
        return tuple(dict.fromkeys(different[0])) or ("",)
    return tuple(map(str, range(1, most + 1)))


def _nth(sets: tuple[str, ...], number: int) -> str:
    """A module's set of inputs in a judgement: its first where it has fewer than others."""
    return sets[number] if number < len(sets) else sets[0] if sets else ""


def _own_files(folder: Path | None) -> tuple[list[Source | SourceError], list[Source]]:
    """The files of values that Terraform reads in a folder by itself, and those of them that git ignores."""
    from ..terraform.evaluation.inputs import automatic_files
    from ..text.ignored import Ignored
    from ..text.source import Source

    automatic = automatic_files(folder) if folder is not None else []
    git = Ignored()
    sources = {file: _read(file) for file in automatic}
    ignored = [source for file, source in sources.items() if isinstance(source, Source) and git.file(file)]
    return list(sources.values()), ignored


def _read(file: Path) -> Source | SourceError:
    from ..discovery import read_source
    from ..text.source import SourceError

    try:
        return read_source(file)
    except SourceError as error:
        return error
