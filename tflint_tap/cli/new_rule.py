"""`tap-lint new-rule`: write a card to fill in."""

from __future__ import annotations

import re
from pathlib import Path

import click

from .main import give_up

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*/[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


@click.command("new-rule")
@click.argument("rule", metavar="FAMILY/NAME")
@click.option("--type", "type_", metavar="TYPE", default="aws_sqs_queue", show_default=True,
              help="The type of resource that it judges.")  # fmt: skip
@click.option("--argument", metavar="NAME", help="The argument that it judges (by default the first that is optional).")
@click.option("--rules", "folder", metavar="DIR", default="rules", show_default=True, help="The folder of the rules.")
def command(rule: str, type_: str, argument: str | None, folder: str) -> None:
    """Write a card to fill in.

    The card passes its own examples as it is: change it step by step, and try it by `tap-lint test-rules`.
    """
    from ..authoring.template import new_card
    from ..aws import schema
    from ..text.nearest import suggestion

    if not _ID.fullmatch(rule):
        give_up(f"{rule}: a rule id is family/name, in lower case with hyphens: messaging/dlq-loop")
    content = schema.resource(type_)
    if content is None:
        give_up(f"--type {type_}: there is no such resource type{suggestion(type_, schema.resource_types())}")
    texts = [name for name, known in content.attributes.items() if known.settable and str(known.type) == "string"]
    name = argument or next((text for text in texts if text not in ("id", "region")), None)
    if name is None or name not in texts:
        hint = suggestion(name, texts) if name else ""
        give_up(f"--argument {name}: name an argument that takes a string{hint}")
    path = Path(folder) / f"{rule}.yaml"
    if path.exists():
        give_up(f"{path}: the file exists already")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(new_card(rule, type_, name), encoding="utf-8")
    except OSError as error:
        give_up(f"{path}: {(error.strerror or str(error)).lower()}")
    click.echo(f"{path}: fill it in, then `tap-lint test-rules {folder}`")
