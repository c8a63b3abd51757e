"""Settings that Terraform reads before it evaluates anything: where a module comes from, where the state is kept.

References in a backend are those of references/out-of-scope, required_providers and meta-arguments those of
schema/invalid-form. Sources: https://developer.hashicorp.com/terraform/language/block/module, /language/backend, and
what Terraform 1.11 refuses; variables with `const` are read since 1.15.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Attribute, Block, Expr
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.module.pins import admits_before, excludes_terraform
from ...terraform.module.references import Reference
from ..variables.declarations import flag

_OF_MODULE = ("source", "version")
_OF_SETTINGS = ("backend", "cloud", "state_store")
_EARLY = (1, 15, 0)  # evaluates the source of a module, of what is constant
_BEFORE = "Terraform before 1.15 reads it as it is written"
_ALWAYS_KNOWN = ("path", "terraform")
_REPEATED = {"each": "for_each", "count": "count"}
_TOFU = (".tofu", ".tofu.json")  # OpenTofu evaluates all of these from 1.8 on


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each argument, at what Terraform can't read."""
    for file in stack.shown:
        if file.source.path.endswith(_TOFU):
            continue
        for block in file.body.blocks:
            if block.type == "module" and len(block.labels) == 1:
                yield from _of_module(block, stack)
            elif block.type == "terraform":
                for settings in block.body.blocks:
                    if settings.type in _OF_SETTINGS:
                        yield from _of_settings(settings, stack)


def _of_module(block: Block, stack: Stack) -> Iterator[Hit]:
    address = f"module.{block.labels[0].value}"
    for name in _OF_MODULE:
        attribute = block.body.attribute(name)
        if attribute is None or any(_is_reported(one, block, stack) for one in stack.module.references(attribute.expr)):
            continue
        changing = _changing(attribute.expr, stack)
        if changing is not None:
            what = f"{name} refers to {changing.address}, which Terraform doesn't know when it fetches modules"
            right = "write a text in quotes"
            yield Hit(attribute.expr.span, address, {"what": what, "right": right})
        elif _is_evaluated(attribute, stack) and admits_before(stack.module, _EARLY):
            is_old = excludes_terraform(stack.module, _EARLY)
            what = f"{name} is no text that is written out, and {_BEFORE}"
            right = "write a text in quotes, or require Terraform 1.15"
            yield Hit(attribute.expr.span, address, {"what": what, "right": right}, doubt=None if is_old else _BEFORE)


def _is_reported(reference: Reference, block: Block, stack: Stack) -> bool:
    """Return True of a name that isn't there at all, which the rules on references report."""
    if reference.root in _REPEATED:
        return block.body.attribute(_REPEATED[reference.root]) is None
    return reference.root not in _ALWAYS_KNOWN and reference.address not in stack.module.declarations


def _changing(expr: Expr, stack: Stack) -> Reference | None:
    """The first reference of an expression to what isn't constant, through locals too."""
    seen: set[str] = set()
    pending = [(reference, reference) for reference in stack.module.references(expr)]
    for reference, written in pending:  # which grows
        declaration = stack.module.declarations.get(reference.address)
        if reference.root in _ALWAYS_KNOWN or reference.address in seen:
            continue
        seen.add(reference.address)
        if declaration is not None and declaration.kind == "local":
            pending += [(inner, written) for inner in stack.module.references(declaration.expr)]
        elif declaration is None or declaration.block is None or not flag(declaration.block, "const"):
            return written
    return None


def _is_evaluated(attribute: Attribute, stack: Stack) -> bool:
    return bool(stack.module.references(attribute.expr) or stack.module.calls(attribute.expr))


def _of_settings(settings: Block, stack: Stack) -> Iterator[Hit]:
    """The functions in a backend's arguments, nested ones too."""
    pending = [settings.body]
    for body in pending:
        pending += [nested.body for nested in body.blocks]
        for attribute in body.attributes:
            calls = stack.module.calls(attribute.expr)
            if calls and not stack.module.references(attribute.expr):
                what = f"{attribute.name} calls {calls[0].name}, and Terraform reads a {settings.type} as it is written"
                yield Hit(calls[0].span, None, {"what": what, "right": "write the value out"})
