"""A contract's YAML, each part of which knows its line, so that a mistake is reported with its place."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from ..records import dataclass
from ..text.cache import prepared, remembered
from ..text.yaml_text import Node, YamlError, compose
from . import Contract, ContractError
from .format import contract_schema

SECTIONS = tuple(contract_schema()["properties"])


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of a contract. What it is asked to be and isn't is a ContractError."""

    contract: Contract
    node: Node

    def wrong(self, what: str) -> ContractError:
        return ContractError(f"{self.contract.path}:{self.node[0]}: {what}")

    @property
    def is_list(self) -> bool:
        return self.node[1] == "list"

    @property
    def is_mapping(self) -> bool:
        return self.node[1] == "mapping"

    def text(self) -> str:
        """A scalar's text, which isn't empty."""
        _, kind, value = self.node
        if kind != "text" or not value:
            raise self.wrong("this has to be text")
        return str(value)

    def items(self) -> tuple[Part, ...]:
        """The parts of a list, at least one."""
        if not self.is_list or not self.node[2]:
            raise self.wrong("this has to be a list")
        return tuple(Part(self.contract, node) for node in self.node[2])

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def entries(self) -> dict[str, Part]:
        """The parts of a mapping by their keys."""
        if not self.is_mapping:
            raise self.wrong("this has to be a mapping")
        made: dict[str, Part] = {}
        for key_node, value in self.node[2]:
            key = Part(self.contract, key_node)
            if key.text() in made:
                raise key.wrong(f"{key.text()} stands here twice")
            made[key.text()] = Part(self.contract, value)
        return made

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Part]:
        """The parts of a mapping that has these keys and no others."""
        made = self.entries()
        for key, part in made.items():
            if key not in required and key not in optional:
                raise part.wrong(f"there is no {key} here; there are {', '.join((*required, *optional))}")
        for key in required:
            if key not in made:
                raise self.wrong(f"{key} is missing")
        return made


def sections_of(contract: Contract) -> dict[str, Part]:
    """A contract's sections by their names. ContractError with the line of what is wrong."""
    try:
        node = _node(contract)
    except YamlError as error:
        raise ContractError(f"{contract.path}:{error.line}: {error}") from None
    if node is None:
        raise ContractError(f"{contract.path}:1: it is empty")
    return Part(contract, node).fields((), SECTIONS)


def _node(contract: Contract) -> Node | None:
    text = contract.text
    if text is None:
        return cast("Node", prepared("contracts")[contract.name])
    return cast("Node | None", remembered("contract", contract.path, text, lambda: compose(text)))
