"""The command. The only place that prints, writes files or exits."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from ..discovery import Target
    from ..rule import Rule
    from ..terraform.evaluation.inputs import Inputs

FINDINGS, TROUBLE = 1, 2
_DEEP = 8000  # frames: the deepest nesting that the parser admits, several times over
_FORMATS = ("text", "json", "sarif")
_ORDER = "tap_lint.order"


class _DefaultGroup(click.Group):
    """A group whose first subcommand may be left out: `tap-lint FILE` is `tap-lint check FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "-h", "--version")):
            args = ["check", *args]
        return super().parse_args(ctx, args)


def main() -> None:
    """The entry point: exit 0 nothing to report, 1 findings, 2 the tool couldn't do its work."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _DEEP))
    gc.disable()  # a run is short, and what it makes it keeps: to look for garbage in it again and again is in vain
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that can't show a character gets a stand-in, not a crash
            stream.reconfigure(errors="backslashreplace")
    try:
        sys.exit(cli(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(TROUBLE)
    except (click.Abort, KeyboardInterrupt):
        _give_up("interrupted")
    except OSError as error:  # the report couldn't be printed: the reader has gone (`| head`), or the disk is full
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (python flushes it at the end)
        _give_up(f"the report can't be printed: {(error.strerror or str(error)).lower()}")
    except Exception as error:  # python would exit with 1, which says that there are findings
        import traceback

        traceback.print_exc()
        click.echo(f"tap-lint: it crashed ({type(error).__name__}), so nothing is known about these files", err=True)
        sys.exit(TROUBLE)


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"tap-lint {_version()}")
        ctx.exit()


@click.group(cls=_DefaultGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
              help="Print the version.")  # fmt: skip
def cli() -> None:
    """Policy and compliance checks for Terraform AWS stacks, offline.

    `tap-lint [PATHS]...` checks files and folders: `tap-lint check --help` says how.
    """


class _InOrder(click.Command):
    """A command that knows in which order --var and --var-file were given: the later one wins."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        options = [arg.partition("=")[0] for arg in args]
        ctx.meta[_ORDER] = [option for option in options if option in ("--var", "--var-file")]
        return super().parse_args(ctx, args)


@cli.command(cls=_InOrder)
@click.argument("paths", nargs=-1)
@click.option(
    "--format", "format_", type=click.Choice(_FORMATS), default="text", show_default=True, help="What to print."
)
@click.option("--output", metavar="FILE", help="Write the report there instead of printing it.")
@click.option("--select", multiple=True, metavar="RULE_OR_FAMILY", help="Judge only these rules (repeatable).")
@click.option("--ignore", multiple=True, metavar="RULE_OR_FAMILY", help="Leave these rules out (repeatable).")
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable, as terraform does.")
@click.option("--var-file", "variable_files", multiple=True, metavar="FILE", help="Set variables from a file.")
@click.option(
    "--fail-on",
    type=click.Choice(("note", "warning", "error")),
    default="warning",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option("--strict", is_flag=True, help="Doubts make the exit code 1, too.")
@click.option("--quiet", "-q", is_flag=True, help="A line for each finding, nothing else.")
@click.option("--no-color", is_flag=True, help="No colours (as does the environment's NO_COLOR).")
@click.option("--stdin-filename", metavar="FILE", help="The path that standard input (-) is to be taken for.")
def check(
    paths: tuple[str, ...],
    format_: str,
    output: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    variables: tuple[str, ...],
    variable_files: tuple[str, ...],
    fail_on: str,
    strict: bool,
    quiet: bool,
    no_color: bool,
    stdin_filename: str | None,
) -> None:  # fmt: skip
    """Check Terraform files, or the .tf files in folders (by default: this one).

    The files of one folder are one module: a file given alone is read together with its siblings, and only
    findings in it are shown. A file that a contract claims (tap_stack.tf) has to stand by itself. - reads
    standard input.

    Exit codes: 0 nothing to report, 1 findings, 2 the tool couldn't do its work.
    """
    from ..lint import lint
    from ..report import FORMATS, RenderOptions
    from ..rule import Severity
    from ..terraform.evaluation.inputs import InputError

    rules = _rules()
    chosen = _chosen(rules, select, ignore)
    targets = _targets(paths or (".",), stdin_filename)
    inputs = _inputs(targets, variables, variable_files)
    try:
        report = lint(targets, chosen, inputs, {rule.id for rule in rules})
    except InputError as error:
        _give_up(str(error))
    color = output is None and format_ == "text" and not no_color and not os.environ.get("NO_COLOR")
    color = color and sys.stdout is not None and sys.stdout.isatty()
    here = Path.cwd().as_posix()
    if format_ == "sarif":
        options = RenderOptions(_repository(here), _version(), folder=here)
    else:  # looking the version up takes longer than judging a file
        options = RenderOptions(here, "", color, quiet, strict=strict)
    text = FORMATS[format_](report, options)
    _write(text, output)
    if report.failures:
        for failure in report.failures if format_ != "text" or output is not None else ():
            _complain(failure)
        sys.exit(TROUBLE)
    least = Severity[fail_on.upper()]
    failing = any(finding.severity >= least for finding in report.findings)
    sys.exit(FINDINGS if failing or (strict and report.doubts) else 0)


@cli.command("eval", cls=_InOrder)
@click.argument("path")
@click.argument("expressions", nargs=-1)
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable, as terraform does.")
@click.option("--var-file", "variable_files", multiple=True, metavar="FILE", help="Set variables from a file.")
def evaluate(
    path: str, expressions: tuple[str, ...], variables: tuple[str, ...], variable_files: tuple[str, ...]
) -> None:
    """Print what the linter sees in expressions, as JSON lines.

    PATH is a file or folder; without EXPRESSIONS they are read from standard input, one a line.

    {"value": …}, {"unknown": "why"}, {"reference": "aws_sqs_queue.q.arn"}, or {"error": "…"} for what
    Terraform would refuse.
    """
    from ..lint import answers
    from ..terraform.evaluation.inputs import InputError

    targets = _targets((path,), None)
    if len({target.folder for target in targets}) > 1:
        _give_up(f"{path}: it holds several modules; name the folder of one")
    given = expressions or (line.rstrip("\r\n") for line in sys.stdin)
    try:
        for line in answers(targets[-1], given, _inputs(targets, variables, variable_files)[targets[-1]]):
            click.echo(line)
    except InputError as error:
        _give_up(str(error))


@cli.command(cls=_InOrder)
@click.argument("path", default=".")
@click.option("--format", "format_", type=click.Choice(("mermaid", "dot", "json")), default="mermaid",
              show_default=True, help="What to print.")  # fmt: skip
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Draw only edges of this kind (repeatable).")
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a variable, as terraform does.")
@click.option("--var-file", "variable_files", multiple=True, metavar="FILE", help="Set variables from a file.")
def graph(
    path: str, format_: str, kinds: tuple[str, ...], variables: tuple[str, ...], variable_files: tuple[str, ...]
) -> None:
    """Draw what is wired to what: which queue redrives to which, what triggers a function.

    PATH is a file or folder. Resources are grouped by service, those with findings are marked, and edges that
    aren't certain are dashed.
    """
    from ..terraform.evaluation.inputs import InputError
    from .graph import drawing

    targets = _targets((path,), None)
    if len({target.folder for target in targets}) > 1:
        _give_up(f"{path}: it holds several modules; name the folder of one")
    try:
        inputs = _inputs(targets, variables, variable_files)[targets[-1]]
        text, complaints = drawing(targets[-1], inputs, _rules(), format_, kinds)
    except (InputError, ValueError) as error:
        _give_up(str(error))
    _write(text, None)
    for complaint in complaints:
        _complain(complaint)


@cli.command()
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
def rules(format_: str) -> None:
    """List the rules."""
    found = _rules()
    if format_ == "json":
        import json

        rows = [{"rule": rule.id, "severity": str(rule.severity), "title": rule.title} for rule in found]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    width = max(len(rule.id) for rule in found)
    for rule in found:
        click.echo(f"{rule.id:{width}}  {rule.severity!s:7}  {rule.title}")


@cli.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Say what a rule is about: why it matters, what breaks it, what would be right."""
    from ..rulebook import page as docs

    found = {item.id: item for item in _rules()}
    if rule not in found:
        from ..text.nearest import nearest

        near = nearest(rule, found)
        _give_up(f"there is no rule {rule}" + (f"; {near} comes near" if near else ""))
    click.echo(docs.page(found[rule]), nl=False)


def _repository(folder: str) -> str:
    """The folder that code scanning takes relative paths from: the repository's that this one lies in, else itself."""
    path = Path(folder)
    return next((parent.as_posix() for parent in (path, *path.parents) if (parent / ".git").exists()), folder)


def _version() -> str:
    from importlib.metadata import version

    return version("tap-lint")


def _give_up(message: str) -> NoReturn:
    _complain(message)
    sys.exit(TROUBLE)


def _complain(message: str) -> None:
    """One line on standard error, harmless to a terminal whatever the names of files hold."""
    from ..report.text import harmless

    click.echo(f"tap-lint: {harmless(message)}", err=True)


def _rules() -> tuple[Rule, ...]:
    from ..rulebook.loader import BUNDLED, CardError, load_rules

    try:
        return load_rules(BUNDLED)
    except (CardError, OSError) as error:
        _give_up(str(error))


def _chosen(rules: tuple[Rule, ...], select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules to judge. A name that stands for none is a mistake, not an empty choice."""
    from ..suppressions.all_ import UNREADABLE  # always judged: what isn't read can't pass

    names = {name for rule in rules for name in (rule.id, rule.family)}
    wanted, unwanted = _split(select), _split(ignore)
    for option, given, texts in (("--select", wanted, select), ("--ignore", unwanted, ignore)):
        if texts and not given:
            _give_up(f"{option} names no rule")
        for name in given:
            if name not in names:
                from ..text.nearest import nearest

                near = nearest(name, names)
                _give_up(f"{option} {name}: there is no such rule or family" + (f"; {near} comes near" if near else ""))
    if UNREADABLE in unwanted:
        _give_up(f"--ignore {UNREADABLE}: what can't be read can't be judged, so this rule can't be left out")
    chosen = [
        rule
        for rule in rules
        if (not wanted or wanted & {rule.id, rule.family}) and not unwanted & {rule.id, rule.family}
    ]
    if not chosen:
        _give_up("--select and --ignore leave no rule")
    return tuple(rule for rule in rules if rule in chosen or rule.id == UNREADABLE)


def _split(given: tuple[str, ...]) -> set[str]:
    """Names, also several in one option, separated by commas."""
    return {name.strip() for text in given for name in text.split(",") if name.strip()}


def _targets(paths: tuple[str, ...], stdin_filename: str | None) -> list[Target]:
    from ..contract import ContractError, load_contracts
    from ..discovery import decoded, targets
    from ..rulebook.loader import BUNDLED
    from ..text.source import SourceError

    try:
        stdin = None
        if "" in paths:
            _give_up("a path is empty")
        if "-" in paths:
            name = stdin_filename or "<stdin>"
            stdin = (name, decoded(name, sys.stdin.buffer.read()).text)
            if not stdin[1]:
                _give_up("standard input is empty")
        elif stdin_filename is not None:
            _give_up("--stdin-filename needs - among the paths")
        return targets(paths, load_contracts(BUNDLED), stdin)
    except (SourceError, ContractError) as error:
        _give_up(str(error))


def _inputs(targets: list[Target], variables: tuple[str, ...], variable_files: tuple[str, ...]) -> dict[Target, Inputs]:
    """What is given to each module's variables."""
    from ..discovery import read_source
    from ..terraform.evaluation.inputs import InputError, automatic_files, read_inputs
    from ..text.source import SourceError

    try:
        files, texts = iter(variable_files), iter(variables)
        given = [
            next(texts) if option == "--var" else read_source(Path(next(files)))
            for option in click.get_current_context().meta[_ORDER]
        ]
        made: dict[Target, Any] = {}
        for target in targets:
            automatic = automatic_files(target.folder) if target.folder is not None else []
            made[target] = read_inputs([read_source(file) for file in automatic], given)
        return made
    except (SourceError, InputError) as error:
        _give_up(str(error))


def _write(text: str, output: str | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        _give_up(f"{output}: {(error.strerror or str(error)).lower()}")
