"""`tap-lint explain`: print a rule's page."""

from __future__ import annotations

import click

from .main import all_rules, give_up


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Say what a rule is about: why it matters, what breaks it, what would be right."""
    from ..rulebook.page import page

    found = {item.id: item for item in all_rules()}
    if rule not in found:
        from ..text.nearest import nearest

        near = nearest(rule, found)
        give_up(f"there is no rule {rule}" + (f"; {near} comes near" if near else ""))
    click.echo(page(found[rule]), nl=False)
