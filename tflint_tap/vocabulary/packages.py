"""Functions on the packages of Lambda functions: what is in them, and where a handler has to be.

A package is an archive that the module makes, or one that lies beside it; nothing in it is read but the names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..aws.handlers import handler_files as files_of_handler
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError, quoted
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, Unknown, Value
from ..terraform.functions.files import clean, is_match, located
from ..text.source import Span
from .files import ignored, program, writers
from .views import subject_of

_ARCHIVE = "archive_file"
_BUCKET = ("aws_s3_bucket",)
_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object")
_MOST = 20_000  # entries of a folder or archive
_LARGEST = 250_000_000  # bytes: what Lambda takes at most, unpacked


def handler_files(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`handler_files(self.runtime, self.handler)`: the files that a runtime looks for its handler in.

    There are none where the runtime's handlers are in no files of the package.
    """
    runtime, handler = arguments
    if not isinstance(runtime.data, str) or not isinstance(handler.data, str):
        return Value(ListValue((), "list"), span)
    found = files_of_handler(runtime.data, handler.data)
    return Value(ListValue(tuple(map(Value, found)), "list"), span)


@dataclass(frozen=True, slots=True)
class _Package:
    """What is in a package: what it is called, the names of its files, and why there may be more."""

    name: str
    files: tuple[str, ...]
    doubt: str | None = None


def package(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`package(self)`: the package of a function, as {name, files}; null where nothing is known of it.

    It is an `archive_file` of the module, a zip file beside it, or an object in S3 that is made of one.
    """
    function = subject_of(arguments[0])
    if function is None:
        raise EvaluationError("package takes a function")
    found = _of_file(stack, function.value("filename"))
    if found is None and function.value("filename").data is None:
        found = next((one for source in _uploaded(stack, function) if (one := _of_file(stack, source))), None)
    if found is None:
        return Value(None, span)
    rest = None if found.doubt is None else Unknown(found.doubt)
    files = ListValue(tuple(map(Value, found.files)), "list", rest, None if rest is None else len(found.files))
    return Value(MapValue({"name": Value(found.name), "files": Value(files)}), span)


def _uploaded(stack: Stack, function: Instance) -> Iterator[Value]:
    """The files that are uploaded to where a function's package is."""
    key = function.value("s3_key").data
    for one in stack.resources(*_OBJECTS):
        if key is not None and one.value("key").data == key and _in_one_bucket(stack, one, function):
            yield one.value("source")


def _in_one_bucket(stack: Stack, uploaded: Instance, function: Instance) -> bool:
    """Return True if an object is certainly in the bucket that a function's package is in."""
    if uploaded.value("bucket").data == function.value("s3_bucket").data:
        return True
    resolver = stack.wiring.resolver
    own = resolver.argument(uploaded, "bucket", _BUCKET).certain
    return any(one in own for one in resolver.argument(function, "s3_bucket", _BUCKET).certain)


def _of_file(stack: Stack, path: Value) -> _Package | None:
    """The package that a file is."""
    target = stack.target(path)
    if target is not None and target.declaration.type == _ARCHIVE:
        return _of_archive(stack, target)
    if not isinstance(path.data, str):
        return None
    wanted = clean(path.data)
    for archive in (*stack.data_sources(_ARCHIVE), *stack.resources(_ARCHIVE)):
        made = archive.value("output_path").data
        if isinstance(made, str) and clean(made) == wanted:
            return _of_archive(stack, archive)
    found = located(stack.evaluator.environment, path.data)
    return None if isinstance(found, Unknown) else _of_zip(found, path.data)


def _of_zip(path: Path, named: str) -> _Package | None:
    """The names in a zip file beside the module."""
    import zipfile  # rarely needed

    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        with zipfile.ZipFile(path) as file:
            names = tuple(file.namelist()[: _MOST + 1])
    except (OSError, ValueError, zipfile.BadZipFile):
        return None
    return None if len(names) > _MOST else _Package(named, names)


def _of_archive(stack: Stack, archive: Instance) -> _Package | None:
    """What an `archive_file` packs: one file, a folder, or texts under names."""
    if archive.doubt is not None:
        return None
    file, folder = archive.value("source_file"), archive.value("source_dir")
    if file.data is not None:
        return _Package(archive.address, (os.path.basename(file.data),)) if isinstance(file.data, str) else None
    if folder.data is not None:
        return _of_folder(stack, archive, folder)
    names = [archive.value("source_content_filename"), *(one.value("filename") for one in archive.blocks("source"))]
    names += _in_json(archive.value("source"))
    doubt = next((one.doubt for one in archive.blocks("source") if one.optional), None)
    doubt = doubt or next((one.reason for one in names if not one.is_known), None)
    known = tuple(clean(one.data) for one in names if isinstance(one.data, str))
    return _Package(archive.address, known, doubt) if known or doubt is not None else None


def _in_json(source: Value) -> Iterator[Value]:
    """The names in `source` of the JSON syntax: an argument there, as the schema of another provider isn't known."""
    if not source.is_known:
        yield source
        return
    for one in source.elements() if isinstance(source.data, ListValue) else (source,):
        if not one.is_known:
            yield one
        elif isinstance(one.data, MapValue) and "filename" in one.data.items:
            yield one.data.items["filename"]


def _of_folder(stack: Stack, archive: Instance, folder: Value) -> _Package | None:
    """What is in a folder, or is put there by blocks of the module, without what is excluded."""
    if not isinstance(folder.data, str):
        return None
    found = located(stack.evaluator.environment, folder.data)
    if isinstance(found, Unknown):
        return None
    doubt = stack.once(program)
    names: list[str] = []
    lead = "" if clean(folder.data) == "." else f"{clean(folder.data)}/"
    for writer, path in stack.once(writers):
        if not isinstance(path.data, str):
            doubt = doubt or f"{writer.address} may write a file: {path.reason}"
        elif clean(path.data).startswith(lead):
            names.append(clean(path.data).removeprefix(lead))
    if not found.is_dir() and not names:
        return None  # references/missing-file has it
    for base, folders, files in os.walk(found):
        folders.sort()
        names += (os.path.relpath(os.path.join(base, name), found).replace(os.sep, "/") for name in sorted(files))
        if len(names) > _MOST:
            return _Package(archive.address, (), f"{quoted(folder.data)} has more than {_MOST} files")
    if stack.once(ignored).file(found / "_"):
        doubt = doubt or f"git ignores {quoted(folder.data)}, which may be built before"
    excluded = archive.value("excludes")
    if not excluded.is_known:
        return _Package(archive.address, (), excluded.reason)
    patterns = [one.data for one in excluded.elements() if isinstance(one.data, str)]
    return _Package(archive.address, tuple(name for name in names if not _is_excluded(name, patterns)), doubt)


def _is_excluded(name: str, patterns: list[str]) -> bool:
    return any(name.startswith(f"{pattern.rstrip('/')}/") or is_match(pattern, name) for pattern in patterns)
