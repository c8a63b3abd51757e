"""Paths, files of the module's folder, and templates. Nothing outside the folder is ever read."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path

from ...text.looking import look
from ..evaluation.conversion import EvaluationError, as_set, normal, quoted
from ..evaluation.values import Data, MapValue, Unknown, Value
from .environment import Environment
from .parts import parts_of, text
from .regular_expressions import find

# How it begins, or ends, to say that there is no such file, that it is a folder, or that it is nobody's business.
NO_FILE = "no file exists at"
IS_FOLDER = "is a directory, not a file"
IS_OUTSIDE = "is outside the module's folder"

_LARGEST = 5_000_000  # bytes
_MOST_ENTRIES = 20_000
_MOST_STEPS = 1_000_000  # of matching names against a pattern


def basename(path: Value) -> Data:
    last = parts_of(path)[-1:]
    if isinstance(path.data, str):
        stripped = path.data.rstrip("/")
        return stripped.rpartition("/")[2] if stripped else ("/" if path.data else ".")
    if last and isinstance(last[0], str) and "/" in last[0].rstrip("/"):
        return last[0].rstrip("/").rpartition("/")[2]
    return Unknown(path.reason or "")


def dirname(path: Value) -> Data:
    if not isinstance(path.data, str):
        return Unknown(path.reason or "")
    folder = path.data.rpartition("/")
    return clean(folder[0] + folder[1])


def clean(path: str) -> str:
    """The shortest path to the same place, as Go's path/filepath has it."""
    rooted = path.startswith("/")
    made: list[str] = []
    for step in path.split("/"):
        if step == ".." and made and made[-1] != "..":
            made.pop()
        elif step == ".." and rooted:
            continue
        elif step not in ("", "."):
            made.append(step)
    return ("/" if rooted else "") + "/".join(made) or "."


def abspath(environment: Environment, path: Value) -> Data:
    if text(path).startswith("/"):
        return clean(text(path))
    return Unknown("an absolute path depends on where Terraform runs")


def pathexpand(path: Value) -> Data:
    known = text(path)
    if not known.startswith("~"):
        return known
    if known == "~" or known.startswith("~/"):
        return Unknown("the home folder depends on who runs Terraform")
    raise EvaluationError("cannot expand user-specific home dir")


def file(environment: Environment, path: Value) -> Data:
    content = _read(environment, path)
    return content if isinstance(content, Unknown) else _decoded(content, path)


def filebase64(environment: Environment, path: Value) -> Data:
    content = _read(environment, path)
    return content if isinstance(content, Unknown) else base64.b64encode(content).decode()


def fileexists(environment: Environment, path: Value) -> Data:
    found = located(environment, text(path))
    if isinstance(found, Unknown):
        return found
    if found.is_dir():
        raise EvaluationError(f"{quoted(text(path))} {IS_FOLDER}")
    return found.is_file()


def filemd5(environment: Environment, path: Value) -> Data:
    return _digest(environment, path, "md5", encode=False)


def filesha1(environment: Environment, path: Value) -> Data:
    return _digest(environment, path, "sha1", encode=False)


def filesha256(environment: Environment, path: Value) -> Data:
    return _digest(environment, path, "sha256", encode=False)


def filesha512(environment: Environment, path: Value) -> Data:
    return _digest(environment, path, "sha512", encode=False)


def filebase64sha256(environment: Environment, path: Value) -> Data:
    return _digest(environment, path, "sha256", encode=True)


def filebase64sha512(environment: Environment, path: Value) -> Data:
    return _digest(environment, path, "sha512", encode=True)


def _digest(environment: Environment, path: Value, algorithm: str, *, encode: bool) -> Data:
    content = _read(environment, path)
    if isinstance(content, Unknown):
        return content
    digest = hashlib.new(algorithm, content, usedforsecurity=False)
    return base64.b64encode(digest.digest()).decode() if encode else digest.hexdigest()


def templatefile(environment: Environment, path: Value, variables: Value) -> Value | Data:
    content = _read(environment, path)
    if isinstance(content, Unknown):
        return content
    name = Path(environment.folder or "", text(path)).as_posix()
    return _rendered(environment, _decoded(content, path), variables, name)


def templatestring(environment: Environment, template: Value, variables: Value) -> Value | Data:
    return _rendered(environment, text(template), variables, "<templatestring argument>")


def _rendered(environment: Environment, template: str, variables: Value, name: str) -> Value | Data:
    data = variables.data
    if not isinstance(data, MapValue):
        raise EvaluationError("invalid vars value: must be a map")
    for key in data.items:
        if not re.fullmatch(r"[^\W\d][\w-]*", key):
            raise EvaluationError(f"invalid template variable name {quoted(key)}: must start with a letter")
    if data.doubt is not None:
        return data.doubt
    return environment.render(template, data.items, name)


def located(environment: Environment, path: str) -> Path | Unknown:
    """The place that a path means, if it is within the folder of a module with all links followed."""
    if environment.folder is None:
        return Unknown(f"{quoted(path)} can't be read: the module's folder isn't known")
    if path.startswith("~") or "\0" in path or len(path) > 4096:
        return Unknown(f"{quoted(path)} {IS_OUTSIDE}")
    folder = environment.folder.resolve()
    look(folder / path)
    try:
        found = (folder / path).resolve()
    except (OSError, RuntimeError):
        return Unknown(f"{quoted(path)} can't be read")
    if not any(found == place or place in found.parents for place in (folder, *environment.called)):
        return Unknown(f"{quoted(path)} {IS_OUTSIDE}")
    return found


def _read(environment: Environment, path: Value) -> bytes | Unknown:
    name = text(path)
    found = located(environment, name)
    if isinstance(found, Unknown):
        return found
    if found.is_dir():
        raise EvaluationError(f"{quoted(name)} {IS_FOLDER}")
    if not found.exists():
        raise EvaluationError(f"{NO_FILE} {quoted(name)}")
    if not found.is_file():
        return Unknown(f"{quoted(name)} is not a regular file")
    try:
        if found.stat().st_size > _LARGEST:
            return Unknown(f"{quoted(name)} is larger than {_LARGEST} bytes")
        return found.read_bytes()
    except OSError as error:
        return Unknown(f"{quoted(name)} can't be read: {error.strerror}")


def _decoded(content: bytes, path: Value) -> str:
    try:
        return normal(content.decode())
    except UnicodeDecodeError:
        raise EvaluationError(f"contents of {quoted(text(path))} are not valid UTF-8; use filebase64") from None


def fileset(environment: Environment, path: Value, pattern: Value) -> Data:
    """The regular files below a folder that match a glob: `*`, `**`, `?`, `[a-z]`, `{a,b}`."""
    folder = located(environment, text(path))
    if isinstance(folder, Unknown):
        return folder
    wanted = _glob(clean(text(pattern)))
    if clean(text(pattern)).startswith(("/", "..")):
        return Unknown(f"the pattern {quoted(text(pattern))} leads outside the folder")
    found: list[str] = []
    budget = [_MOST_STEPS]
    seen = 0
    for base, folders, files in os.walk(folder):
        folders.sort()
        seen += len(folders) + len(files)
        if seen > _MOST_ENTRIES:
            return Unknown(f"{quoted(text(path))} has more than {_MOST_ENTRIES} entries")
        for name in files:
            place = os.path.join(base, name)
            relative = os.path.relpath(place, folder).replace(os.sep, "/")
            if find(wanted, relative, budget=budget) and os.path.isfile(place):
                found.append(normal(relative))
    return as_set([Value(name) for name in found])


def is_match(pattern: str, path: str) -> bool:
    """Return True if a glob matches a path; False where it is none."""
    try:
        return find(_glob(pattern), path, budget=[_MOST_STEPS]) is not None
    except EvaluationError:
        return False


def _glob(pattern: str) -> str:
    """A glob as a regular expression of RE2, for a whole path."""
    error = EvaluationError(f"failed to glob pattern {quoted(pattern)}: syntax error in pattern")
    made = [r"\A(?:"]
    position = 0
    depth = 0
    while position < len(pattern):
        character = pattern[position]
        position += 1
        if pattern.startswith("**/", position - 1) and (position == 1 or pattern[position - 2] in "/{,"):
            made.append("(?:[^/]+/)*")
            position += 2
        elif pattern.startswith("**", position - 1):
            made.append(".*")
            position += 1
        elif character == "*":
            made.append("[^/]*")
        elif character == "?":
            made.append("[^/]")
        elif character == "[":
            end = pattern.find("]", position + 1)
            if end < 0:
                raise error
            body = pattern[position:end].replace("\\", "\\\\").replace("[", "\\[")
            made.append("[^" + body[1:] + "]" if body[0] in "!^" else f"[{body}]")
            position = end + 1
        elif character == "{":
            made.append("(?:")
            depth += 1
        elif character == "}" and depth:
            made.append(")")
            depth -= 1
        elif character == "," and depth:
            made.append("|")
        elif character == "\\" and position < len(pattern):
            made.append(re.escape(pattern[position]))
            position += 1
        else:
            made.append(re.escape(character))
    if depth:
        raise error
    return "".join([*made, r")\z"])
