"""`tap-lint rules`: list the rules."""

from __future__ import annotations

import click

from .main import all_rules


@click.command("rules")
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
def command(format_: str) -> None:
    """List the rules."""
    found = all_rules()
    if format_ == "json":
        import json

        rows = [{"rule": rule.id, "severity": str(rule.severity), "title": rule.title} for rule in found]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    width = max(len(rule.id) for rule in found)
    for rule in found:
        click.echo(f"{rule.id:{width}}  {rule.severity!s:7}  {rule.title}")
