"""The names of what called modules declare: apart from those of all other calls, and as a reader knows them.

A configuration is judged as one module: what a call of a local module makes is renamed apart, since two calls of a
module, and their caller, may use one name. A marked name is the name with the call behind it, in characters that no
identifier has, and without what has a meaning in an address (dots and brackets), so that whoever takes an address
apart needn't know of calls. What a report shows is what Terraform says: `module.db["a"].aws_sqs_queue.jobs`.
"""

from __future__ import annotations

import re

_BEGIN, _END = "\ue000", "\ue001"
_CODES = {".": "\ue002", "[": "\ue003", "]": "\ue004"}
_ENCODE = str.maketrans(_CODES)
_DECODE = str.maketrans({code: character for character, code in _CODES.items()})
_MARKED = re.compile(
    rf"(?P<kind>(?:(?:data|ephemeral|action)\.)?[\w-]+\.)?(?P<name>[\w-]+){_BEGIN}(?P<call>[^{_END}]*){_END}"
)


def mark(call: str) -> str:
    """What stands behind the names of a call's module; `call` is its address: `module.db["a"]`."""
    return f"{_BEGIN}{call.translate(_ENCODE)}{_END}"


def is_marked(text: str) -> bool:
    """Return True if a text holds a name of a called module."""
    return _BEGIN in text


def call_of(address: str) -> str:
    """The call whose module declares what an address names, "" for the root module's."""
    begin = address.find(_BEGIN)
    return address[begin + 1 : address.index(_END, begin)].translate(_DECODE) if begin >= 0 else ""


def unmarked(name: str) -> str:
    """A name as its module has it."""
    return name.partition(_BEGIN)[0]


def displayed(text: str) -> str:
    """A text with addresses as Terraform says them: `module.db.aws_sqs_queue.jobs`."""
    return _MARKED.sub(_address, text) if _BEGIN in text else text


def as_written(text: str) -> str:
    """A text with addresses as the module that declares them writes them: `aws_sqs_queue.jobs`."""
    return _MARKED.sub(r"\g<kind>\g<name>", text) if _BEGIN in text else text


def _address(match: re.Match[str]) -> str:
    kind, name = match["kind"], match["name"]
    return f"{match['call'].translate(_DECODE)}.{kind}{name}" if kind else name
