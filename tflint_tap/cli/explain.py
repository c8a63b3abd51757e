"""`tap-lint explain`: print what a rule is about, or its page."""

from __future__ import annotations

import click

from .main import all_rules, give_up


@click.command("explain")
@click.argument("rule")
@click.option("--full", is_flag=True, help="Print all of the rule's card, as Markdown.")
def command(rule: str, full: bool) -> None:
    """Explain a rule: why it matters, code that breaks it, code that is right.

    Examples are cut to what they show; --full prints all of them.
    """
    from ..rulebook.page import page, summary

    found = {item.id: item for item in all_rules()}
    if rule not in found:
        from ..text.nearest import suggestion

        give_up(f"there is no rule {rule}{suggestion(rule, found)}")
    click.echo((page if full else summary)(found[rule]), nl=False)
