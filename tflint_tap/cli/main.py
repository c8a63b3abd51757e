"""The command: its entry point, its subcommands, and what they share. Only tflint_tap.cli prints, writes or exits."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..rule import Rule

FINDINGS, TROUBLE = 1, 2
_DEEP = 8000  # frames: the deepest nesting that the parser admits, several times over
PROGRAM, COMPLETION_VARIABLE = "tap-lint", "_TAP_LINT_COMPLETE"  # in which a shell asks: click's name of it
# What each does, in the order of `tap-lint --help`. Each has a module of its name, imported when it runs.
GROUPS = {
    "Check": {
        "check": "Check files and folders; the word may be left out.",
        "hook": "Check the modules that a commit touches, for pre-commit and git.",
        "init": "Write first settings, with a baseline of what is found today.",
        "config": "Print what settings are in force, and where they come from.",
    },
    "Understand": {
        "explain": "Explain a rule.",
        "rules": "List the rules.",
        "graph": "Draw what is wired to what.",
        "permissions": "Tell what each role is granted, needs and lacks.",
        "trace": "Tell where each requirement of a contract is met.",
        "suppressions": "List the comments that silence findings.",
        "eval": "Print what the linter sees in expressions.",
    },
    "Write rules and contracts": {
        "new-rule": "Write a card to fill in.",
        "test-rules": "Try cards on their own examples and cases.",
        "contract": "Check contracts, and draft them.",
    },
    "Set up": {
        "completion": "Print what completes commands and rules in a shell.",
    },
}
_COMMANDS = {name: summary for group in GROUPS.values() for name, summary in group.items()}
_DEFAULT = "check"
_ASKED = ("help", "version")  # options, which other programs have as commands
_ALIKE = 0.7  # of difflib's ratio: a path that isn't there is no mistaken command because of some letters


class _Group(click.Group):
    """The subcommands. The first may be left out: `tap-lint FILE` is `tap-lint check FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_begun = bool(args) or not ctx.resilient_parsing  # a shell asks what may stand here
        if is_begun and (not args or (args[0] not in _COMMANDS and args[0] not in ("--help", "-h", "--version"))):
            if args and not ctx.resilient_parsing:
                _refuse_mistaken(args[0])
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"tflint_tap.cli.{cmd_name.replace('-', '_')}").command
        if ctx.resilient_parsing:
            from .completing import prepare

            return prepare(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for group, commands in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl(list(commands.items()), col_max=14)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, and what may follow the one that may be left out."""
        from .completing import merged

        default = self.get_command(ctx, _DEFAULT)
        assert default is not None
        inner = click.Context(default, parent=ctx, info_name=_DEFAULT, resilient_parsing=True)
        found = super().shell_complete(ctx, incomplete)
        arguments = [param for param in default.params if isinstance(param, click.Argument)]
        for param in arguments if not incomplete.startswith("-") else ():
            found = merged(found, param.shell_complete(inner, incomplete))
        return merged(found, default.shell_complete(inner, incomplete))


def _refuse_mistaken(word: str) -> None:
    """Give up on a word that is no path, and looks like a command."""
    if word.startswith("-") or os.sep in word or "/" in word or "." in word or os.path.lexists(word):
        return
    from ..text.nearest import nearest, question

    near = nearest(word, (*_COMMANDS, *_ASKED), _ALIKE)
    if near is not None:
        meant = f"--{near}" if near in _ASKED else near
        give_up(f"there is no command, file or folder {word}; {question(meant)}")


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

    `tap-lint [PATHS]...` checks files and folders; `tap-lint check --help` lists its options.
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
