"""The contracts that settings name."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from ..contract import Contract, ContractError, contract_named, load_contracts
from ..rulebook.contracts import mistakes_of
from ..rulebook.loader import BUNDLED
from ..text.yaml_text import YamlError, compose, expanded_size
from . import SettingsError, shown_path
from .forms import Item

NONE = "none"
_LARGEST = 1_000_000  # bytes
_MOST_PARTS = 100_000  # of its YAML, as aliases repeat them


def contract_at(named: Item, rules: Collection[str]) -> tuple[Contract, ...]:
    """The contract of a path or name, empty for `none`. SettingsError where there is none, or it is wrong."""
    if named.text == NONE:
        return ()
    own = load_contracts(BUNDLED)
    is_path = os.path.isabs(named.text)
    if not is_path and named.text not in [contract.name for contract in own]:
        raise SettingsError(f"{named.place}: contract: {_unknown(named.text, own)}")
    return (_contract(shown_path(named.text), rules) if is_path else contract_named(named.text, own),)


def _unknown(name: str, own: tuple[Contract, ...]) -> str:
    try:
        contract_named(name, own)
    except ContractError as error:
        return str(error)
    return f"{name} is a file: write ./{name}"


def _contract(path: str, rules: Collection[str]) -> Contract:
    try:
        if Path(path).stat().st_size > _LARGEST:
            raise SettingsError(f"{path}: larger than {_LARGEST:,} bytes")
        contract = contract_named(path, ())
        if expanded_size(compose(contract.text or "")) > _MOST_PARTS:
            raise SettingsError(f"{path}:1: more than {_MOST_PARTS:,} values, as its aliases repeat them")
    except (ContractError, OSError) as error:
        raise SettingsError(str(error)) from None
    except YamlError as error:
        raise SettingsError(f"{path}:{error.line}: {error}") from None
    for mistake in mistakes_of(contract, set(rules)):
        raise SettingsError(f"{path}:{mistake.line}: {mistake.message}")
    return contract
