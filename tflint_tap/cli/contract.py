"""`tap-lint contract check`: what is wrong with a contract."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .inputs import InOrder, inputs_of, target_of, targets_of
from .main import FINDINGS, all_rules, give_up

_TEXTS = (".md", ".markdown", ".mdown", ".txt")
_LONGEST_TEXT = 5_000_000  # characters
_LARGEST = 4 * _LONGEST_TEXT  # bytes: no text of that many characters has more


def read_text(path: str | Path, name: str | None = None) -> str:
    """The text of a file, or the end of the run with what is wrong with it."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            give_up(f"{name or path}: larger than {_LARGEST:,} bytes")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        give_up(f"{name or path}: not valid UTF-8")
    except OSError as error:
        give_up(f"{name or path}: {(error.strerror or str(error)).lower()}")


@click.group("contract")
def command() -> None:
    """Contracts: what a stack that is written from a specification has to hold."""


@command.command("check", short_help="Tell what is wrong with contracts.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Check contracts: their keys, and the types, parts, edges, rules and expressions that they name.

    FILE is a contract in YAML, or the name of one of those that tap-lint brings along. Exit codes: 0 nothing to report,
    1 mistakes, 2 a file can't be read.
    """
    from ..contract import Claims, Contract, load_contracts
    from ..rulebook.contracts import checked
    from ..rulebook.loader import BUNDLED

    own = {contract.name: contract for contract in load_contracts(BUNDLED)}
    rules = {rule.id for rule in all_rules()}
    wrong = 0
    for name in files:
        known = own.get(name)
        path = known.path if known is not None else Path(name)
        text = read_text(path, name)
        found = checked(Contract(path.stem, Claims(), path, text), rules)
        for mistake in found.mistakes:
            click.echo(f"{name}:{mistake.line}: {mistake.message}")
        if not found.mistakes:
            many = "" if found.demands == 1 else "s"
            click.echo(f"{name}: {found.demands} requirement{many}, nothing wrong")
        wrong += len(found.mistakes)
    if wrong:
        sys.exit(FINDINGS)


@command.command("draft", cls=InOrder, short_help="Draft one from a stack or a specification.")
@click.argument("path")
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable, as terraform does.")
@click.option("--var-file", "variable_files", multiple=True, metavar="FILE", help="Set variables from a file.")
def draft(path: str, variables: tuple[str, ...], variable_files: tuple[str, ...]) -> None:
    """Draft a contract from a stack, or from a specification in Markdown (SPEC.md), and print it.

    What is drafted from a stack holds for that stack. A draft is there to be read and edited: comments say where each
    demand comes from, and what couldn't be said. Exit codes: 0 drafted, 2 PATH can't be read.
    """
    rules = all_rules()
    if Path(path).suffix.lower() in _TEXTS:
        from ..drafting.holding import sound_text
        from ..drafting.spec_draft import spec_draft

        text = read_text(path)
        if len(text) > _LONGEST_TEXT:
            give_up(f"{path}: more than {_LONGEST_TEXT // 1_000_000} million characters, which is no specification")
        click.echo(sound_text(spec_draft(text, Path(path).stem, path), rules), nl=False)
        return
    from ..drafting.holding import held
    from ..drafting.stack_draft import stack_draft
    from ..lint import stack_of
    from ..terraform.evaluation.inputs import InputError

    targets = targets_of((path,), None, "none")
    target = target_of(targets, path)
    inputs = inputs_of([target], variables, variable_files)
    try:
        stack = stack_of(target, inputs[target], follows=False)
    except InputError as error:
        give_up(str(error))
    broken = next((one for file in stack.module.files for one in file.diagnostics), None)
    if broken is not None:
        give_up(
            f"{broken.span.source.path}:{broken.span.line}: {broken.message}: a draft needs a stack that can be read"
        )
    name = Path(path).resolve().stem
    click.echo(held(stack_draft(stack, name, path), stack, rules), nl=False)
