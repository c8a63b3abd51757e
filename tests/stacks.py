"""Where things lie, and stacks made for tests."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from tflint_tap.aws.syntax import parse
from tflint_tap.contract import Contract
from tflint_tap.discovery import Target, Unread
from tflint_tap.lint import Report, lint
from tflint_tap.rule import Rule
from tflint_tap.stack import Stack
from tflint_tap.terraform.evaluation.inputs import Inputs, read_inputs
from tflint_tap.terraform.functions import Environment
from tflint_tap.terraform.module import Module, build_module
from tflint_tap.text.source import Source

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"  # for development alone: tests that use it are skipped where it is absent
REFERENCE = ROOT / "reference" / "tap_stack.tf"
EXHAUSTIVE = bool(os.environ.get("TAP_LINT_EXHAUSTIVE"))  # the longest tests try all that they have (nox -s exhaustive)
NO_FILES: Mapping[str, str] = {}


def module_of(text: str | Mapping[str, str], path: str = "main.tf") -> Module:
    """The module of one file, or of several by their names."""
    files = {path: text} if isinstance(text, str) else text
    return build_module([parse(Source(name, content)) for name, content in files.items()])


def stack_of(
    text: str | Mapping[str, str],
    *,
    path: str = "main.tf",
    given: Sequence[str] = (),
    values: Mapping[str, str] = NO_FILES,
    folder: Path | None = None,
) -> Stack:
    """The stack of one file, or of several by their names.

    `given` are variables' values as `NAME=VALUE`, `values` the texts of files with such by their names; `folder` is
    where file() looks.
    """
    return Stack.of(module_of(text, path), inputs_of(given, values), Environment(folder=folder))


def inputs_of(given: Sequence[str] = (), values: Mapping[str, str] = NO_FILES) -> Inputs:
    return read_inputs([Source(name, content) for name, content in values.items()], given)


def target_of(
    text: str | Mapping[str, str],
    *,
    path: str = "main.tf",
    shown: Collection[str] | None = None,
    contract: Contract | None = None,
    unread: tuple[str, ...] = (),
) -> Target:
    """A module to judge: one file, as a contract's file where a contract is given, or several by their names.

    `shown` are the names of the files that findings are wanted for: all, unless said otherwise.
    """
    name = path if contract is None else contract.claims.file or path
    files = {name: text} if isinstance(text, str) else text
    sources = tuple(Source(file, content) for file, content in files.items())
    wanted = tuple(source for source in sources if shown is None or source.path in shown)
    return Target(sources, wanted, None, contract, tuple(Unread(path, "too large", is_wanted=False) for path in unread))


def lint_text(
    text: str | Mapping[str, str],
    *rules: Rule,
    path: str = "main.tf",
    shown: Collection[str] | None = None,
    contract: Contract | None = None,
    unread: tuple[str, ...] = (),
    given: Sequence[str] = (),
    values: Mapping[str, str] = NO_FILES,
    known: Collection[str] | None = None,
    today: date | None = None,
) -> Report:
    """What rules say of such a module on a day; `known` are the ids of all rules there are."""
    target = target_of(text, path=path, shown=shown, contract=contract, unread=unread)
    return lint([target], rules, {target: inputs_of(given, values)}, known, today)
