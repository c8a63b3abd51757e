"""Values given to variables from outside: -var, -var-file, terraform.tfvars and *.auto.tfvars."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from pathlib import Path

from ...hcl import ParseError, parse, parse_expression
from ...hcl.nodes import Expr, File, Literal, Object, ObjectItem, Template, Text, Tuple
from ...records import dataclass, field
from ...text.source import Source, SourceError, Span
from ..module.references import calls
from ..typing import TypeConstraint

_PRIMITIVE = ("string", "number", "bool")


class InputError(Exception):
    """An input that can't be used; the message says where and why."""


@dataclass(frozen=True, slots=True, eq=False)
class ValueFile:
    """A file of values: its text, and the expression for each variable. `file` is None where it is JSON."""

    source: Source
    exprs: Mapping[str, Expr]
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """`exprs` come from files of values, `texts` from the command line, which go first.

    `files` are the files that belong to the module: Terraform reads them by itself, and git keeps them. `failures`
    are what is wrong with files that can't be used. Where there are some, `doubt` is the reason why it isn't known
    what a variable is that isn't among `exprs` and `texts`.
    """

    exprs: Mapping[str, Expr] = field(default_factory=dict)
    texts: Mapping[str, Source] = field(default_factory=dict)
    files: tuple[ValueFile, ...] = ()
    failures: tuple[str, ...] = ()
    doubt: str | None = None

    def expr(self, name: str, constraint: TypeConstraint | None) -> Expr | None:
        """The given expression for a variable of this type, None where nothing is given.

        As in Terraform, a text is an expression where the variable's type is a collection or structure, else it
        is the string itself.
        """
        source = self.texts.get(name)
        if source is None:
            return self.exprs.get(name)
        if constraint is None or constraint.kind in _PRIMITIVE:
            span = Span(source, 0, len(source.text))
            return Template((Text(source.text, span),), span)
        try:
            return parse_expression(source)
        except ParseError as error:
            raise InputError(f"{source.path}: {error.message}; {error.remedy}") from None


def automatic_files(folder: Path) -> list[Path]:
    """The files of values that Terraform reads in a folder by itself, in the order in which later ones win."""
    files = [folder / "terraform.tfvars", folder / "terraform.tfvars.json"]
    files += sorted([*folder.glob("*.auto.tfvars"), *folder.glob("*.auto.tfvars.json")])
    return [file for file in files if file.is_file()]


def read_inputs(
    files: Iterable[Source | SourceError], given: Iterable[Source | str], ignored: Collection[Source] = ()
) -> Inputs:
    """Inputs from the files that Terraform reads by itself, then from what is given: later ones win.

    What is given are sources of value files and `name=value` texts, in their order. Files that are `ignored` by git
    give their values, and that is all. A file that can't be used is a failure, and what it could have set isn't
    known. InputError for a text that isn't `name=value`.
    """
    exprs: dict[str, Expr] = {}
    texts: dict[str, Source] = {}
    own = list(files)
    kept: list[ValueFile] = []
    failures: list[str] = []
    doubt: str | None = None
    for item in (*own, *given):
        if not isinstance(item, str):
            read = _read(item)
            if not isinstance(read, ValueFile):
                failures.append(str(read))
                doubt = f"{str(read).partition(':')[0]} can't be read"
                exprs, texts = {}, {}  # it may set any of them anew
                continue
            exprs.update(read.exprs)
            texts = {name: text for name, text in texts.items() if name not in read.exprs}
            if item in own and item not in ignored:
                kept.append(read)
            continue
        text = item
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InputError(f"--var {text}: write a name and a value: name=value")
        texts[name.strip()] = Source(f"--var {name.strip()}", value)
    return Inputs(exprs, texts, tuple(kept), tuple(failures), doubt)


def _read(item: Source | SourceError) -> ValueFile | InputError | SourceError:
    if isinstance(item, SourceError):
        return item
    try:
        return _from_json(item) if item.path.endswith(".json") else _from_hcl(item)
    except (InputError, SourceError) as error:
        return error


def _from_hcl(source: Source) -> ValueFile:
    file = parse(source)
    for diagnostic in file.diagnostics:
        line, column = source.position(diagnostic.span.start)
        raise InputError(f"{source.path}:{line}:{column}: {diagnostic.message}")
    for block in file.body.blocks:
        line, column = source.position(block.span.start)
        raise InputError(f"{source.path}:{line}:{column}: blocks are not allowed in a .tfvars file")
    found: dict[str, Expr] = {}
    for attribute in file.body.attributes:
        line, column = source.position(attribute.span.start)
        if attribute.name in found:
            raise InputError(f"{source.path}:{line}:{column}: {attribute.name} is set twice")
        if calls(attribute.expr):
            raise InputError(f"{source.path}:{line}:{column}: function calls are not allowed in a .tfvars file")
        found[attribute.name] = attribute.expr
    return ValueFile(source, found, file)


def _from_json(source: Source) -> ValueFile:
    try:
        content = json.loads(source.text)
    except json.JSONDecodeError as error:
        raise InputError(f"{source.path}:{error.lineno}:{error.colno}: invalid JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source.path}: invalid JSON: {error}") from None
    if not isinstance(content, dict):
        raise InputError(f"{source.path}: a JSON object is required")
    span = Span(source, 0, len(source.text))
    return ValueFile(source, {name: _expr(value, span) for name, value in content.items()})


def _expr(value: object, span: Span) -> Expr:
    if isinstance(value, str):
        return Template((Text(value, span),), span)
    if isinstance(value, list):
        return Tuple(tuple(_expr(item, span) for item in value), span)
    if isinstance(value, dict):
        return Object(tuple(ObjectItem(_expr(key, span), _expr(item, span), span) for key, item in value.items()), span)
    if value is None or isinstance(value, (bool, int)):
        return Literal(value, span)
    if isinstance(value, float):
        return Literal(Fraction(str(value)), span)
    raise SourceError(f"{span.source.path}: invalid JSON value")
