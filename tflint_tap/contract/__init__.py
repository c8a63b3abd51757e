"""Contracts: what a stack written from a specification has to hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ContractError(Exception):
    """A contract that can't be used: `path: what is wrong`."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract by the file in rules/contracts that states it.

    `claims` are names of files: a file of such a name has to stand by itself and to hold the contract.
    """

    name: str
    claims: tuple[str, ...]
    content: dict[str, Any]


def load_contracts(*directories: Path) -> tuple[Contract, ...]:
    """The contracts of these rule folders."""
    import yaml

    contracts: list[Contract] = []
    for directory in directories:
        for path in sorted(directory.glob("contracts/*.yaml")):
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            try:
                content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
            except yaml.YAMLError as error:
                raise ContractError(f"{path}: {error}") from None
            claims = content.get("claims") if isinstance(content, dict) else None
            if not isinstance(claims, list) or not all(isinstance(claim, str) for claim in claims):
                raise ContractError(f"{path}: it has no list of the file names that it claims")
            contracts.append(Contract(path.stem, tuple(claims), content))
    return tuple(contracts)
