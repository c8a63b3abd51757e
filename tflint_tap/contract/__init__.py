"""Contracts: what a stack written from a specification has to hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..records import dataclass, field
from ..text.cache import OWN_RULES, prepared, remembered
from ..text.yaml_text import YamlError, load


class ContractError(Exception):
    """A contract that can't be used: `path:line: what is wrong`."""


@dataclass(frozen=True, slots=True, eq=False)
class Contract:
    """A contract by the file in rules/contracts that states it.

    `claims` are names of files: a file of such a name has to stand by itself and to hold the contract. The rest
    of the text is parsed when it is needed: `sections.sections_of`. It is None where a wheel has it parsed already.
    """

    name: str
    claims: tuple[str, ...]
    path: Path
    text: str | None = field(repr=False, default=None)


_CLAIMS = re.compile(r"^claims:.*\n?(?:^(?:[ \t-].*)?\n?)*?(?=^[^\s#-]|\Z)", re.MULTILINE)


def load_contracts(*directories: Path) -> tuple[Contract, ...]:
    """The contracts of these rule folders. Of each only what it claims is read: this is part of every run."""
    return tuple(contract for directory in directories for contract in _contracts(directory))


def _contracts(directory: Path) -> Iterator[Contract]:
    own: dict[str, tuple[str, ...]] | None = prepared("claims") if directory == OWN_RULES else None
    if own is not None:
        for name, claimed in own.items():
            yield Contract(name, claimed, directory / "contracts" / f"{name}.yaml")
        return
    texts = contract_texts(directory)
    claims = remembered("claims", directory, texts, lambda: {path: claims_of(path, texts[path]) for path in texts})
    for path, text in texts.items():
        yield Contract(Path(path).stem, claims[path], Path(path), text)


def contract_texts(directory: Path) -> dict[str, str]:
    """The texts of a rule folder's contracts, by their paths."""
    return {str(path): path.read_text(encoding="utf-8") for path in sorted(directory.glob("contracts/*.yaml"))}


def claims_of(path: str, text: str) -> tuple[str, ...]:
    """The names of files that a contract claims. ContractError where it says none."""
    match = _CLAIMS.search(text)
    if match is None:
        raise ContractError(f"{path}:1: it has no list of the file names that it claims")
    line = text.count("\n", 0, match.start()) + 1
    try:
        claims = load(match[0])["claims"]
    except YamlError as error:
        raise ContractError(f"{path}:{line}: {error}") from None
    if not isinstance(claims, list) or not claims or not all(isinstance(claim, str) for claim in claims):
        raise ContractError(f"{path}:{line}: claims is a list of file names")
    return tuple(claims)
