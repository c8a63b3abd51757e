"""The arguments of calls that aren't followed, by the declarations that they refer to, directly and through locals."""

from __future__ import annotations

from ...hcl.nodes import Attribute
from ...records import dataclass, field
from . import Declaration, Module

Argument = tuple[Declaration, Attribute]  # of a module call


@dataclass(eq=False)
class PassedArguments:
    """The arguments of a module's calls; `named_by` and `locals_of` tell by an address what names it directly."""

    arguments: list[Argument] = field(default_factory=list)
    named_by: dict[str, list[int]] = field(default_factory=dict)  # the places of arguments
    locals_of: dict[str, list[str]] = field(default_factory=dict)
    _found: dict[str, tuple[Argument, ...]] = field(default_factory=dict)

    def of(self, address: str) -> tuple[Argument, ...]:
        """The arguments that refer to a declaration, in the order of the text; kept."""
        if address not in self._found:
            places, pending, seen = set[int](), [address], {address}
            while pending:
                named = pending.pop()
                places.update(self.named_by.get(named, ()))
                found = [local for local in self.locals_of.get(named, ()) if local not in seen]
                seen.update(found)
                pending += found
            self._found[address] = tuple(self.arguments[place] for place in sorted(places))
        return self._found[address]


def passed_arguments(module: Module) -> PassedArguments:
    """The arguments of all calls: each expression of a call or local is looked at once."""
    made = PassedArguments()
    for call in module.unfollowed_calls():
        for attribute in call.block.body.attributes if call.block is not None else ():
            for address in dict.fromkeys(reference.address for reference in module.references(attribute.expr)):
                made.named_by.setdefault(address, []).append(len(made.arguments))
            made.arguments.append((call, attribute))
    for local in module.of_kind("local"):
        for address in dict.fromkeys(reference.address for reference in module.references(local.expr)):
            made.locals_of.setdefault(address, []).append(local.address)
    return made
