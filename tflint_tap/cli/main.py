"""The command: its entry point, its subcommands, and what they share. Only tflint_tap.cli prints, writes or exits."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from ..rule import Rule

FINDINGS, TROUBLE = 1, 2
_DEEP = 8000  # frames: the deepest nesting that the parser admits, several times over
_COMMANDS = (
    "check",
    "config",
    "contract",
    "eval",
    "explain",
    "graph",
    "init",
    "permissions",
    "new-rule",
    "rules",
    "suppressions",
    "test-rules",
    "trace",
)  # each has a module of its name, imported when it runs
_DEFAULT = "check"


class _Group(click.Group):
    """The subcommands. The first may be left out: `tap-lint FILE` is `tap-lint check FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in _COMMANDS and args[0] not in ("--help", "-h", "--version")):
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"tflint_tap.cli.{cmd_name.replace('-', '_')}").command
        return command


def main() -> None:
    """The entry point: exit 0 nothing to report, 1 findings, 2 the tool couldn't do its work."""
    depth = sys.getrecursionlimit()
    sys.setrecursionlimit(max(depth, _DEEP))
    try:
        _run()
    finally:
        sys.setrecursionlimit(depth)


def _run() -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that can't show a character gets a stand-in, not a crash
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(cli(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(TROUBLE)
    except (click.Abort, KeyboardInterrupt):
        give_up("interrupted")
    except OSError as error:  # the report couldn't be printed: the reader has gone (`| head`), or the disk is full
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (python flushes it at the end)
        give_up(f"the report can't be printed: {(error.strerror or str(error)).lower()}")
    except Exception as error:  # python would exit with 1, which says that there are findings
        import traceback

        traceback.print_exc()
        click.echo(f"tap-lint: it crashed ({type(error).__name__}), so nothing is known about these files", err=True)
        sys.exit(TROUBLE)


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from ..aws.provider import PROVIDER, oldest_release, version_text

        click.echo(f"tap-lint {version()}")
        click.echo(f"schema of {PROVIDER} {version_text()}, and of its releases since {oldest_release()}")
        ctx.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
              help="Print the version.")  # fmt: skip
def cli() -> None:
    """Policy and compliance checks for Terraform AWS stacks, offline.

    `tap-lint [PATHS]...` checks files and folders: `tap-lint check --help` says how.
    """


# What the commands share


def version() -> str:
    """The installed version."""
    from importlib.metadata import version as version_of

    return version_of("tap-lint")


def give_up(message: str) -> NoReturn:
    """Exit with a line that says why the tool can't do its work."""
    complain(message)
    sys.exit(TROUBLE)


def complain(message: str) -> None:
    """One line on standard error, harmless to a terminal whatever the names of files hold."""
    from ..report.excerpts import harmless

    click.echo(f"tap-lint: {harmless(message)}", err=True)


def all_rules() -> tuple[Rule, ...]:
    """The rules of the rulebook."""
    from ..rulebook.loader import BUNDLED, CardError, load_rules

    try:
        return load_rules(BUNDLED)
    except (CardError, OSError) as error:
        give_up(str(error))
