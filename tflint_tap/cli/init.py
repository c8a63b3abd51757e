"""`tap-lint init`: write a first file of settings."""

from __future__ import annotations

from pathlib import Path

import click

from .check import judged
from .inputs import InOrder, targets_of, with_provider
from .main import all_rules, complain, give_up

SCHEMA_FILE = ".tap-lint.schema.json"


@click.command("init", cls=InOrder)
@click.argument("path", default=".", metavar="[FOLDER]")
def command(path: str) -> None:
    """Write a first .tap-lint.yaml into a folder, and say what is found there now.

    All keys are there, each with what it means; editors that know YAML complete them by the JSON Schema that is written
    beside it.
    """
    from ..settings import OWN_FILE, Options, RunSettings, SettingsError, files_in
    from ..settings.first import first_settings
    from ..settings.keys import schema_text
    from ..terraform.evaluation.inputs import InputError

    folder = Path(path)
    if not folder.is_dir():
        give_up(f"{path}: there is no such folder")
    for known in files_in(path):
        give_up(f"{Path(known).as_posix()}: there are settings already")
    settings = RunSettings(all_rules(), Options(), (path,))
    try:
        report = judged(with_provider(targets_of((path,), None, None, settings), None, settings), settings)
        _write(folder / SCHEMA_FILE, schema_text())
        _write(folder / OWN_FILE, first_settings(SCHEMA_FILE))
    except (InputError, SettingsError) as error:
        give_up(str(error))
    for failure in report.failures:
        complain(failure)
    count = len(report.findings)
    findings = "there is 1 finding" if count == 1 else f"there are {count or 'no'} findings"
    click.echo(f"{(folder / OWN_FILE).as_posix()}: written; {findings} now")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        give_up(f"{path.as_posix()}: {(error.strerror or str(error)).lower()}")
