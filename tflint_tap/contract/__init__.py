"""Contracts: what a stack written from a specification has to hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..records import dataclass, field
from ..text.cache import OWN_RULES, prepared, remembered
from ..text.looking import look
from ..text.nearest import suggestion
from ..text.yaml_text import YamlError, load


class ContractError(Exception):
    """A contract that can't be used: `path:line: what is wrong`."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The files that a contract is for.

    `file` is their name, None where only the command line says which file has to hold the contract. A file of that
    name is claimed if it has one of the signs `recognised_by`: names that only this specification has. With `alone` it
    has to stand by itself, else the whole module holds the contract.
    """

    file: str | None = None
    recognised_by: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Contract:
    """A contract by the file that states it.

    The text behind the claims is parsed when it is needed: `sections.sections_of`. It is None where a wheel has it
    parsed already.
    """

    name: str
    claims: Claims
    path: Path
    text: str | None = field(repr=False, default=None)


_OWN_NAME = re.compile(r"""^contract:[ \t]*(["']?)([^"'#\n]+?)\1[ \t]*(?:#.*)?$""", re.MULTILINE)
_CLAIMS = r"(?m)^claims:.*\n?(?:^(?:[ \t-].*)?\n?)*?(?=^[^\s#-]|\Z)"
_SIGN = re.compile(r"\w[\w-]*")


def load_contracts(*directories: Path) -> tuple[Contract, ...]:
    """The contracts of these rule folders. Of each only what it claims is read: this is part of every run."""
    return tuple(contract for directory in directories for contract in _contracts(directory))


def contract_named(given: str, contracts: tuple[Contract, ...]) -> Contract:
    """The contract of a name, or else of a file: by the name in it, if it has one.

    ContractError where there is none, or its claims can't be read.
    """
    for contract in contracts:
        if contract.name == given:
            return contract
    path = Path(given)
    look(path)
    if not path.is_file():
        names = [contract.name for contract in contracts]
        raise ContractError(f"{given}: there is no such contract or file{suggestion(given, names)}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ContractError(f"{given}: not valid UTF-8") from None
    except OSError as error:
        raise ContractError(f"{given}: {(error.strerror or str(error)).lower()}") from None
    own = _OWN_NAME.search(text)
    return Contract(own[2] if own is not None else path.stem, claims_of(given, text), path, text)


def _contracts(directory: Path) -> Iterator[Contract]:
    own: dict[str, dict[str, Any]] | None = prepared("claims") if directory == OWN_RULES else None
    if own is not None:
        for name, plain in own.items():
            yield Contract(name, _claims(plain), directory / "contracts" / f"{name}.yaml")
        return
    texts = contract_texts(directory)
    made = remembered("claims", directory, texts, lambda: {path: plain_claims(path, texts[path]) for path in texts})
    for path, text in texts.items():
        yield Contract(Path(path).stem, _claims(made[path]), Path(path), text)


def contract_texts(directory: Path) -> dict[str, str]:
    """The texts of a rule folder's contracts, by their paths."""
    return {str(path): path.read_text(encoding="utf-8") for path in sorted(directory.glob("contracts/*.yaml"))}


def claims_of(path: str, text: str) -> Claims:
    """The claims of a contract. ContractError with the line of what is wrong in them."""
    return _claims(plain_claims(path, text))


def _claims(plain: dict[str, Any]) -> Claims:
    return Claims(plain.get("file"), tuple(plain.get("recognised_by", ())), plain.get("alone", False))


def plain_claims(path: str, text: str) -> dict[str, Any]:
    """The claims as the contract's text has them: plain data for caches. ContractError where they are wrong."""
    match = re.search(_CLAIMS, text)
    if match is None:
        return {}
    line = text.count("\n", 0, match.start()) + 1
    try:
        claims = load(match[0])["claims"]
    except YamlError as error:
        raise ContractError(f"{path}:{line}: {error}") from None
    problem = _problem(claims)
    if problem is not None:
        raise ContractError(f"{path}:{line}: {problem}")
    return dict(claims)


def _problem(claims: object) -> str | None:
    """The reason why claims can't be used."""
    keys = ("file", "recognised_by", "alone")
    if not isinstance(claims, dict) or not claims:
        return f"claims is a mapping of {', '.join(keys)}"
    for key in claims:
        if key not in keys:
            return f"there is no {key} in claims{suggestion(str(key), keys)}"
    if not isinstance(claims.get("alone", False), bool):
        return "alone is true or false"
    if "file" in claims and not _is_name(claims["file"]):
        return "file is the name of a .tf file, without a folder"
    signs = claims.get("recognised_by", [])
    if not isinstance(signs, list) or not all(isinstance(sign, str) and _SIGN.fullmatch(sign) for sign in signs):
        return "recognised_by is a list of names"
    return "recognised_by needs the file that it recognises" if signs and "file" not in claims else None


def _is_name(file: object) -> bool:
    return isinstance(file, str) and file.endswith(".tf") and "/" not in file and file != ".tf"
