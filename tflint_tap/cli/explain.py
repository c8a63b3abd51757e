"""`tap-lint explain`: print a rule's page."""

from __future__ import annotations

import click

from .main import all_rules, give_up


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Explain a rule: why it matters, code that breaks it, code that is right."""
    from ..rulebook.page import page

    found = {item.id: item for item in all_rules()}
    if rule not in found:
        from ..text.nearest import suggestion

        give_up(f"there is no rule {rule}{suggestion(rule, found)}")
    click.echo(page(found[rule]), nl=False)
