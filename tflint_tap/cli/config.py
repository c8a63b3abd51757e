"""`tap-lint config`: what settings are in force for a path, and where they come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .main import all_rules, give_up

if TYPE_CHECKING:
    from ..settings.telling import Told


@click.command("config")
@click.argument("path", default=".")
@click.option("--format", "-f", "format_", type=click.Choice(("text", "json")), default="text", show_default=True,
              help="What to print.")  # fmt: skip
@click.option("--schema", is_flag=True, help="Print the JSON Schema of .tap-lint.yaml, for editors.")
@click.option("--config", metavar="FILE", help="The file of settings that holds, in place of those that are found.")
@click.option("--no-config", is_flag=True, help="No file of settings holds.")
@click.option("--select", multiple=True, metavar="RULE_OR_FAMILY", help="As for check.")
@click.option("--ignore", multiple=True, metavar="RULE_OR_FAMILY", help="As for check.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="As for check.")
@click.option("--inputs", multiple=True, metavar="FILE", help="As for check.")
@click.option("--contract", metavar="NAME|FILE|none", help="As for check.")
@click.option("--provider-version", metavar="VERSION", help="As for check.")
@click.option("--fail-on", type=click.Choice(("note", "warning", "error")), help="As for check.")
@click.option("--strict", is_flag=True, help="As for check.")
def command(
    path: str,
    format_: str,
    schema: bool,
    config: str | None,
    no_config: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    exclude: tuple[str, ...],
    inputs: tuple[str, ...],
    contract: str | None,
    provider_version: str | None,
    fail_on: str | None,
    strict: bool,
) -> None:
    """Print what is in force for a file or folder, and where each value comes from.

    That is a line of a .tap-lint.yaml or pyproject.toml, an option (those of check are options here, too), or the
    default.
    """
    from ..settings import Options, RunSettings, SettingsError
    from ..settings.forms import Item
    from ..settings.keys import schema_text
    from ..settings.telling import told
    from .judging import named_rules, refuse_unknown

    if schema:
        click.echo(schema_text(), nl=False)
        return
    if not Path(path).exists():
        give_up(f"{path}: there is no such file or folder")
    wanted, unwanted = named_rules("--select", select), named_rules("--ignore", ignore)
    said = {
        "select": sorted(wanted),
        "ignore": sorted(unwanted),
        "exclude": exclude,
        "inputs": inputs,
        "contract": [contract],
        "provider-version": [provider_version],
        "fail-on": [fail_on],
    }
    given = {key: [Item(text, f"--{key}") for text in texts if text is not None] for key, texts in said.items()}
    given["doubts"] = [Item("fail", "--strict")] if strict else []
    options = Options(wanted or None, unwanted, exclude, fail_on, strict, config, no_config)
    try:
        settings = RunSettings(all_rules(), options, (path,))
        folder = Path(path) if Path(path).is_dir() else Path(path).parent
        refuse_unknown(options, settings.known_in((folder,)))
        found = told(settings, path, given)
    except SettingsError as error:
        give_up(str(error))
    click.echo(_json(found) if format_ == "json" else _text(found), nl=False)


def _text(found: Told) -> str:
    from ..report.excerpts import harmless

    width = max(len(row.key) for row in found.rows)
    longest = max(len(row.value) for row in found.rows if len(row.value) <= 60)
    lines = [f"{found.path}: {', '.join(found.files) or 'no file of settings'}", ""]
    lines += [f"{row.key:<{width}}  {row.value:<{longest}}  {row.place}" for row in found.rows]
    lines += ["", f"{len(found.rules)} rules report here"]
    if found.excluded:
        lines[-1] = "excluded: nothing is reported here, unless the path is named and --force-exclude isn't given"
    return "".join(f"{harmless(line)}\n" for line in lines)


def _json(found: Told) -> str:
    content = {
        "version": 1,
        "path": found.path,
        "files": list(found.files),
        "excluded": found.excluded,
        "settings": [{"key": row.key, "value": row.value, "from": row.place} for row in found.rows],
        "rules": [
            {"id": rule, "severity": None if severity is None else str(severity)}
            for rule, severity in sorted(found.rules.items())
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
