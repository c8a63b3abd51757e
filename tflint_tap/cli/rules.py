"""`tap-lint rules`: list the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .main import all_rules, give_up

if TYPE_CHECKING:
    from ..rule import Rule


@click.command("rules")
@click.argument("families", nargs=-1, metavar="[FAMILY]...")
@click.option("--format", "-f", "format_", type=click.Choice(("text", "json", "markdown")), default="text",
              show_default=True, help="How to list them.")  # fmt: skip
def command(families: tuple[str, ...], format_: str) -> None:
    """List the rules, or those of some families."""
    found = _of_families(all_rules(), families)
    if format_ == "json":
        import json

        rows = [{"rule": rule.id, "severity": str(rule.severity), "title": rule.title} for rule in found]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if format_ == "markdown":
        from ..rulebook.page import index

        click.echo(index(found), nl=False)
        return
    width = max(len(rule.id) for rule in found)
    for rule in found:
        click.echo(f"{rule.id:{width}}  {rule.severity!s:7}  {rule.title}")


def _of_families(rules: tuple[Rule, ...], families: tuple[str, ...]) -> tuple[Rule, ...]:
    known = {rule.family for rule in rules}
    for family in families:
        if family not in known:
            from ..text.nearest import suggestion

            give_up(f"there is no family {family}{suggestion(family, known)}")
    return tuple(rule for rule in rules if not families or rule.family in families)
