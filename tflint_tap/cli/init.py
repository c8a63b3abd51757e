"""`tap-lint init`: write a first file of settings, with a baseline of what is found."""

from __future__ import annotations

from pathlib import Path

import click

from .inputs import InOrder, targets_of, with_provider
from .judging import judged
from .main import all_rules, complain, give_up
from .writing import write

SCHEMA_FILE, BASELINE_FILE = ".tap-lint.schema.json", ".tap-lint-baseline.json"


@click.command("init", cls=InOrder)
@click.argument("path", default=".", metavar="[FOLDER]")
def command(path: str) -> None:
    """Write a first .tap-lint.yaml into a folder, with a baseline of all that is found there now.

    The next run reports only what is new. All keys are in the file, as comments; editors that know YAML complete them
    by the JSON Schema that is written beside it.
    """
    from ..settings import OWN_FILE, Options, RunSettings, SettingsError, files_in
    from ..settings.first import first_settings
    from ..settings.keys import schema_text
    from ..terraform.evaluation.inputs import InputError
    from .known import write_baseline

    folder = Path(path)
    if not folder.is_dir():
        give_up(f"{path}: there is no such folder")
    for known in files_in(path):
        give_up(f"{Path(known).as_posix()}: there are settings already")
    settings = RunSettings(all_rules(), Options(), (path,))
    try:
        report = judged(with_provider(targets_of((path,), None, None, settings), None, settings), settings)
    except (InputError, SettingsError) as error:
        give_up(str(error))
    if report.failures and report.sources:
        for failure in report.failures:
            complain(failure)
        give_up("nothing is written: not everything could be judged, and a baseline has to know all that is found")
    count, doubts = len(report.findings), len(report.doubts)
    has_baseline = bool(count or doubts)
    if has_baseline:
        write_baseline(report, _within(folder, BASELINE_FILE))
    write(_within(folder, SCHEMA_FILE), schema_text())
    write(_within(folder, OWN_FILE), first_settings(SCHEMA_FILE, BASELINE_FILE if has_baseline else None))
    findings = f"{count} finding{'' if count == 1 else 's'} and {doubts} doubt{'' if doubts == 1 else 's'}"
    told = f"{_within(folder, BASELINE_FILE)} lists {findings} as known" if has_baseline else "nothing is found"
    click.echo(f"{_within(folder, OWN_FILE)} is written; {told}")


def _within(folder: Path, name: str) -> str:
    return (folder / name).as_posix()
