"""Functions on files beside the module: whether they are there, and which calls ask for some that aren't.

Only what lies in the folder of the module, or of one that it calls, is ever looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..hcl.nodes import Call
from ..stack import Stack
from ..terraform.evaluation.conversion import quoted
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ErrorValue, ListValue, MapValue, PartialString, Unknown, Value
from ..terraform.evaluation.written import Written, written_values
from ..terraform.functions.files import IS_FOLDER, IS_OUTSIDE, NO_FILE, clean, located
from ..text.ignored import Ignored
from ..text.source import Span

FILE, FOLDER, MADE = "file", "folder", "made"
# Blocks that write files, with the argument that says where: the documentation of the providers archive 2.7, local 2.5
# and template 2.2.
_MAKERS = {
    "archive_file": "output_path",
    "local_file": "filename",
    "local_sensitive_file": "filename",
    "template_dir": "destination_dir",
}
_RUNNING, _COMMAND = "external", "local-exec"  # what runs programs, which may write any file
_OF_CALL = ("source", "version", "providers", "count", "for_each", "depends_on")
_READING = ("file", "templatefile", "core::file", "core::templatefile")  # how the functions begin that read files
_LONGEST = 60  # characters of a call in a message


def file_at(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`file_at(self.filename)`: what is at a path, as {path, kind}; null where the path isn't known.

    The kind is file, folder, `made` where a block of the module writes it, or null where nothing is there. It isn't
    known outside the module's folder, or where a program may write it.
    """
    path = arguments[0]
    if not isinstance(path.data, str) or stack.evaluator.environment.folder is None:
        return Value(None, span)
    return Value(MapValue({"path": Value(path.data), "kind": Value(_kind(stack, path.data))}), path.span)


def unread(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`unread()`: the calls of functions that read a file where none is, as {call, reason, kind}.

    The kind is null where there certainly is none, else unknown.
    """
    return Value(ListValue(stack.once(_unread), "list"), span)


def _kind(stack: Stack, path: str) -> str | Unknown | None:
    """What is at a path that is known."""
    wanted = clean(path)
    doubt: str | None = None
    for maker, made in stack.once(writers):
        if not isinstance(made.data, str):
            doubt = doubt or f"{maker.address} may write it: {made.reason}"
        elif clean(made.data) == wanted or clean(made.data).startswith(f"{wanted}/"):
            return MADE
    found = located(stack.evaluator.environment, path)
    if isinstance(found, Unknown):
        return None if _has_to_be_inside(stack, found) else found
    try:
        if found.exists():
            return FOLDER if found.is_dir() else FILE
    except OSError as error:
        return Unknown(f"{quoted(path)} can't be read: {error.strerror}")
    if stack.once(ignored).file(found):
        doubt = doubt or f"git ignores {quoted(path)}, which may be built before"
    doubt = doubt or stack.once(program)
    return None if doubt is None else Unknown(doubt)


def _has_to_be_inside(stack: Stack, found: Unknown) -> bool:
    """Return True of a path that leads out of a file which has to stand by itself: nothing else is deployed with it."""
    return stack.contract is not None and stack.contract.claims.alone and found.reason.endswith(IS_OUTSIDE)


def writers(stack: Stack) -> tuple[tuple[Instance, Value], ...]:
    """The blocks that write files, each with the path."""
    made = [*stack.resources(*_MAKERS), *stack.data_sources(*_MAKERS)]
    return tuple((one, one.value(_MAKERS[one.declaration.type])) for one in made)


def ignored(stack: Stack) -> Ignored:
    """What git ignores."""
    return Ignored()


def program(stack: Stack) -> str | None:
    """What a program that the module runs may do, None where it runs none."""
    for one in stack.data_sources(_RUNNING):
        return f"the program that {one.address} runs may write it"
    for one in stack.resources():
        for provisioner in one.body.blocks_of("provisioner"):
            if [label.value for label in provisioner.labels] == [_COMMAND]:
                return f"the command that {one.address} runs may write it"
    return None


def _unread(stack: Stack) -> tuple[Value, ...]:
    """The calls that ask for a file where none is, or outside the folder; each where it is written."""
    found: dict[tuple[Span, str], Value] = {}
    for written in (*written_values(stack.evaluator), *_passed(stack)):
        asking = [call for call in stack.module.calls(written.attribute.expr) if call.name.startswith(_READING)]
        for data in dict.fromkeys(_unsettled(written.value)) if asking else ():
            if _is_of_files(data):
                span = _place(stack, written, asking, data)
                found.setdefault((span, data.reason), _entry(stack, data, span))
    return tuple(found.values())


def _place(stack: Stack, written: Written, asking: list[Call], data: Unknown | ErrorValue) -> Span:
    """The call that asks for the file; the whole argument where that is one of what a `for` makes."""
    names = written.instance.names if written.instance is not None else {}
    for call in reversed(asking):  # the inner ones last
        if stack.evaluator.evaluate(call, names).data == data:
            return call.span
    return written.attribute.expr.span


def _passed(stack: Stack) -> Iterator[Written]:
    """The values that calls of modules are given."""
    for declaration in stack.module.of_kind("module"):
        for attribute in declaration.block.body.attributes if declaration.block is not None else ():
            if attribute.name not in _OF_CALL:
                yield Written(declaration.address, attribute, stack.evaluator.evaluate(attribute.expr))


def _unsettled(value: Value) -> Iterator[Unknown | ErrorValue]:
    """What isn't known in a value, or fails."""
    pending = [value]
    while pending:
        part = pending.pop()
        pending.extend(reversed(list(part.elements())))
        data = part.data
        for one in data.parts if isinstance(data, PartialString) else (data,):
            if isinstance(one, (Unknown, ErrorValue)):
                yield one


def _is_of_files(data: Unknown | ErrorValue) -> bool:
    if isinstance(data, Unknown):
        return data.reason.endswith(IS_OUTSIDE)
    return data.reason.startswith(NO_FILE) or data.reason.endswith(IS_FOLDER)


def _entry(stack: Stack, data: Unknown | ErrorValue, span: Span) -> Value:
    is_certain = isinstance(data, ErrorValue) or _has_to_be_inside(stack, data)
    code = " ".join(span.code.split())
    call = code if len(code) <= _LONGEST else f"{code[: _LONGEST - 1]}…"
    kind = Value(None if is_certain else Unknown(data.reason), span)
    return Value(MapValue({"call": Value(call, span), "reason": Value(data.reason), "kind": kind}), span)
