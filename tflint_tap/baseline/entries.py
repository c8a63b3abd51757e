"""The entries of a baseline: what identifies a finding when its lines move, its file is renamed or its block is.

The file is JSON, an entry a line, sorted, so that two branches that change it merge. An entry holds no text of the
stack but the finding's message: the text at its place is told by its hash.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..lint import Report
from ..records import dataclass
from ..rule import Finding
from ..suppressions.complaints import UNREADABLE
from .standing import Places, addresses_of

_FORMAT = 1
_CALLS = re.compile(r"\bmodule\.[\w-]+(?:\[[^\]]*\])?\.")
_KEYS = re.compile(r"(?<=[\w-])\[(?:\d+|\"[^\"]*\"|each\.key|count\.index)\]")
_TEXTS = ("rule", "module", "address", "argument", "content", "message", "block")
_MOST = 100_000  # findings that an entry stands for
_UNFIT = re.compile("[\0\ud800-\udfff]")  # no path and no text has these


class BaselineError(Exception):
    """A file that isn't a baseline: `path:line: what is wrong`."""


class Entry(NamedTuple):
    """What identifies a finding.

    `module` is the folder of its module, from the baseline's own; `address` and `message` name the blocks without
    keys of instances and calls of modules, which come and go; `content` is the hash of the text at its place, blanks
    apart, "" where the place is a block as a whole: then `block` is the hash of that, but for its labels. A doubt that
    stands for others of its reason names them in its message.
    """

    module: str
    address: str
    rule: str
    argument: str
    content: str
    message: str
    block: str = ""
    is_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known findings, each with how often it occurs, and the version of tap-lint that wrote them."""

    entries: Counter[Entry]
    version: str


def entries_of(report: Report, root: str) -> list[tuple[Finding, Entry]]:
    """The findings and doubts of a report that a baseline may hold, each with its entry; `root` is the folder it is in.

    What says that a file can't be read is none of them: nothing is known of such a file.
    """
    places = Places(report)
    folder = os.path.realpath(root)
    relative: dict[str, str] = {}
    made = []
    for finding in (*report.findings, *report.doubts):
        if finding.rule == UNREADABLE:
            continue
        own = places.folder(finding)
        if own not in relative:
            relative[own] = os.path.relpath(own, folder).replace(os.sep, "/")
        made.append((finding, _entry(finding, relative[own], places)))
    return made


def _entry(finding: Finding, module: str, places: Places) -> Entry:
    standing = places.standing(finding.span)
    about = f" ({finding.requirement})" if finding.requirement else ""
    others = sorted({places.label(one.span) for one in finding.related}) if finding.doubt is not None else []
    also = f"; also {', '.join(others)}" if others else ""
    return Entry(
        module,
        plain(finding.address or (addresses_of(standing.blocks[0])[0] if standing.blocks else "")),
        finding.rule,
        standing.path,
        "" if standing.is_header else _hash(finding.span.text),
        plain(finding.message + about + also),
        _hash(standing.blocks[-1].body.span.text) if standing.is_header else "",
        finding.doubt is not None,
    )


def _hash(text: str) -> str:
    """What tells a text from others, blanks apart."""
    flat = " ".join(text.split())
    return hashlib.sha256(flat.encode("utf-8", "surrogatepass")).hexdigest()[:16] if flat else ""


def plain(text: str) -> str:
    """A text with addresses as their module writes them, whatever instance they are about."""
    return _KEYS.sub("", _CALLS.sub("", text))


class Renaming:
    """The addresses that moved blocks of a module give its blocks."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        longest = sorted(names, key=len, reverse=True)
        self._old = re.compile("|".join(rf"(?<![\w.-]){re.escape(old)}(?![\w-])" for old in longest)) if names else None

    def entry(self, entry: Entry) -> Entry:
        """An entry as it is called now."""
        if self._old is None:
            return entry
        return entry._replace(address=self._new(entry.address), message=self._new(entry.message))

    def _new(self, text: str) -> str:
        assert self._old is not None
        return self._old.sub(lambda match: self._names[match[0]], text)


# The file


def written(counted: Counter[Entry], version: str) -> str:
    """The text of a baseline."""
    lines = [json.dumps(_data(entry, counted[entry]), ensure_ascii=True) for entry in sorted(counted)]
    head = f'{{\n "format": {_FORMAT},\n "tap-lint": {json.dumps(version)},\n "findings": ['
    return head + "".join(f"{',' if number else ''}\n  {line}" for number, line in enumerate(lines)) + "\n ]\n}\n"


def _data(entry: Entry, count: int) -> dict[str, object]:
    data: dict[str, object] = {key: getattr(entry, key) for key in _TEXTS if getattr(entry, key)}
    if entry.is_doubt:
        data["doubt"] = True
    return data | ({"count": count} if count > 1 else {})


def read(text: str, path: str) -> Baseline:
    """The baseline that a text is. BaselineError with the place of what is wrong."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise BaselineError(f"{path}:{error.lineno}: not JSON: {error.msg}") from None
    except ValueError:
        raise BaselineError(f"{path}:1: not a baseline: a number in it has too many digits") from None
    except RecursionError:
        raise BaselineError(f"{path}:1: not a baseline: it is nested too deeply") from None
    if not isinstance(content, dict) or not isinstance(content.get("findings"), list):
        raise BaselineError(f"{path}:1: not a baseline, as tap-lint --write-baseline writes it")
    if content.get("format") != _FORMAT:
        raise BaselineError(
            f"{path}:2: the format of this baseline is not {_FORMAT}: write it anew with --write-baseline"
        )
    entries: Counter[Entry] = Counter()
    for entry, count in _read_entries(content["findings"], path):
        entries[entry] += count
    return Baseline(entries, str(content.get("tap-lint", "")))


def _read_entries(listed: list[Any], path: str) -> Iterator[tuple[Entry, int]]:
    for number, data in enumerate(listed, start=1):
        count = data.get("count", 1) if isinstance(data, dict) else 0
        texts = [data.get(key, "") for key in _TEXTS] if isinstance(data, dict) else []
        if not texts or not texts[0] or not all(isinstance(text, str) for text in texts):
            raise BaselineError(f"{path}: finding {number} is not one that tap-lint wrote")
        if type(count) is not int or not 1 <= count <= _MOST:
            raise BaselineError(f"{path}: finding {number}: count is not a number from 1 to {_MOST}")
        named = dict(zip(_TEXTS, texts, strict=True))
        if any(map(_UNFIT.search, texts)):
            raise BaselineError(f"{path}: finding {number} has characters that no finding has")
        yield Entry(**named, is_doubt=data.get("doubt") is True), count
