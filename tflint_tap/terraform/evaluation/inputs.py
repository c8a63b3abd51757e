"""Values given to variables from outside: TF_VAR_*, terraform.tfvars, *.auto.tfvars, -var and -var-file.

Source: https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NoReturn

from ...hcl import ParseError, parse, parse_expression
from ...hcl.nodes import Expr, File, Template, Text
from ...records import dataclass, field
from ...text.source import Source, SourceError, Span
from ..module.references import calls
from ..typing import TypeConstraint

ENVIRONMENT = "TF_VAR_"  # begins the names of environment variables that give values, and of their sources
_PRIMITIVE = ("string", "number", "bool")


class InputError(Exception):
    """An input that can't be used; the message says where and why."""


@dataclass(frozen=True, slots=True, eq=False)
class ValueFile:
    """A file of values: its text, and the expression for each variable, with the name's place.

    `file` is None where it is JSON.
    """

    source: Source
    exprs: Mapping[str, Expr]
    names: Mapping[str, Span]
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """`exprs` come from files of values, `texts` from the command line and the environment; a name is in one of them.

    `files` are the files that belong to the module: Terraform reads them by itself, and git keeps them. `given` are
    those of the command line. `failures` are what is wrong with files that can't be used. Where there are some,
    `doubt` is the reason why it isn't known what a variable is that isn't among `exprs` and `texts`.
    """

    exprs: Mapping[str, Expr] = field(default_factory=dict)
    texts: Mapping[str, Source] = field(default_factory=dict)
    files: tuple[ValueFile, ...] = ()
    given: tuple[ValueFile, ...] = ()
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
    files: Iterable[Source | SourceError],
    given: Iterable[Source | SourceError | str],
    ignored: Collection[Source] = (),
    environment: Mapping[str, str] | None = None,
) -> Inputs:
    """Inputs from the environment, the files that Terraform reads by itself, and what is given: later ones win.

    What is given are sources of value files and `name=value` texts, in their order. Files that are `ignored` by git
    give their values, and that is all. A file that can't be used is a failure, and what it could have set isn't
    known. InputError for a text that isn't `name=value`.
    """
    exprs: dict[str, Expr] = {}
    texts = {
        name.removeprefix(ENVIRONMENT): Source(name, value)
        for name, value in (environment or {}).items()
        if name.startswith(ENVIRONMENT)
    }
    own = list(files)
    kept: list[ValueFile] = []
    asked: list[ValueFile] = []
    failures: list[str] = []
    doubt: str | None = None
    for number, item in enumerate((*own, *given)):
        if not isinstance(item, str):
            read = _read(item)
            if not isinstance(read, ValueFile):
                failures.append(str(read))
                doubt = f"{str(read).partition(':')[0]} can't be read"
                exprs, texts = {}, {}  # it may set any of them anew
                continue
            exprs.update(read.exprs)
            texts = {name: text for name, text in texts.items() if name not in read.exprs}
            if number >= len(own):
                asked.append(read)
            elif item not in ignored:
                kept.append(read)
            continue
        text = item
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InputError(f"--var {text}: write a name and a value: name=value")
        texts[name.strip()] = Source(f"--var {name.strip()}", value)
    return Inputs(exprs, texts, tuple(kept), tuple(asked), tuple(failures), doubt)


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
    names: dict[str, Span] = {}
    for attribute in file.body.attributes:
        line, column = source.position(attribute.span.start)
        if attribute.name in found:
            raise InputError(f"{source.path}:{line}:{column}: {attribute.name} is set twice")
        if calls(attribute.expr):
            raise InputError(f"{source.path}:{line}:{column}: function calls are not allowed in a .tfvars file")
        found[attribute.name] = attribute.expr
        names[attribute.name] = attribute.name_span
    return ValueFile(source, found, names, file)


def _from_json(source: Source) -> ValueFile:
    """A file of values in JSON, whose strings are no templates."""
    from ...hcl.json_bodies import COMMENT
    from ...hcl.json_expressions import Expressions, Reading
    from ...hcl.json_text import JsonObject, read

    def refuse(error: ParseError) -> NoReturn:
        line, column = source.position(error.span.start)
        raise InputError(f"{source.path}:{line}:{column}: invalid JSON: {error.message}")

    try:
        content = read(source)
    except ParseError as error:
        refuse(error)
    if not isinstance(content, JsonObject):
        raise InputError(f"{source.path}: a JSON object is required")
    found: dict[str, Expr] = {}
    names: dict[str, Span] = {}
    for member in content.members:
        name = member.name.value
        if name == COMMENT:
            continue
        if name in found:
            line, column = source.position(member.name.span.start)
            raise InputError(f"{source.path}:{line}:{column}: {name} is set twice")
        found[name] = Expressions(refuse).of(member.value, Reading.LITERAL)
        names[name] = member.name.span
    return ValueFile(source, found, names)
