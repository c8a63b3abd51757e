"""`tap-lint test-rules`: try cards on their own examples and cases."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .main import FINDINGS, give_up

if TYPE_CHECKING:
    from ..rule import Rule


@click.command("test-rules")
@click.argument("which", nargs=-1, metavar="[DIR|RULE]...")
@click.option("--update", is_flag=True, help="Write the marks of the examples from what is reported.")
@click.option("--mutate", is_flag=True, help="Show what could be changed in a condition without a case noticing it.")
def command(which: tuple[str, ...], update: bool, mutate: bool) -> None:
    """Try cards on their own examples and cases.

    DIR is a folder of rules (FAMILY/NAME.yaml), RULE the id of a bundled rule or a family; by default all bundled
    rules are tried. In an example a comment line with ^^^^ under a line of code marks a finding, ???? a doubt,
    each with words of what is said.

    Exit codes: 0 all is as marked, 1 something isn't, 2 the tool couldn't do its work.
    """
    from ..authoring.trial import differences, examples_of

    wrong = tried = 0
    cards = list(_cards(which or (None,)))
    for rule, path in cards:
        if update:
            _update(rule, path)
            continue
        for example in examples_of(rule):
            tried += 1
            for difference in differences(example, rule):
                wrong += 1
                click.echo(f"{rule.id}: {example.name}: {difference}")
        if mutate:
            wrong += _mutate(rule, path)
    if not update:
        found = f"{wrong} differences" if wrong != 1 else "1 difference"
        click.echo(f"{len(cards)} rules, {tried} examples and cases: {found if wrong else 'all is as marked'}")
    sys.exit(FINDINGS if wrong else 0)


def _cards(which: tuple[str | None, ...]) -> Iterator[tuple[Rule, Path]]:
    """The rules that the arguments name, each with the path of its card."""
    from ..rulebook.loader import BUNDLED, CardError, load_rules

    for name in which:
        folder = Path(name) if name is not None and Path(name).is_dir() else BUNDLED
        try:
            rules = [rule for rule in load_rules(folder) if rule.family != "suppressions"]  # which have no judgement
        except (CardError, OSError) as error:
            give_up(str(error))
        meant = [rule for rule in rules if folder is not BUNDLED or name in (None, rule.id, rule.family)]
        if not meant:
            from ..text.nearest import suggestion

            if folder is not BUNDLED:
                give_up(f"{name}: the folder has no rules")
            known = {rule.id for rule in rules} if "/" in str(name) else {rule.family for rule in rules}
            give_up(f"there is no rule, family or folder {name}{suggestion(str(name), known)}")
        yield from ((rule, folder / f"{rule.id}.yaml") for rule in meant)


def _update(rule: Rule, path: Path) -> None:
    from ..authoring.marking import updated

    try:
        text = updated(path, rule)
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
            click.echo(f"{path}: marks written")
    except (ValueError, OSError) as error:
        give_up(f"{path}: {error}")


def _mutate(rule: Rule, path: Path) -> int:
    from ..authoring.mutation import survivors
    from ..text.yaml_text import load

    left, count = survivors(rule, load(path.read_text(encoding="utf-8")))
    for mutant in left:
        click.echo(f"{rule.id}: no case notices {mutant.what}")
    if count:
        click.echo(f"{rule.id}: {count - len(left)} of {count} mutants are noticed")
    return len(left)
