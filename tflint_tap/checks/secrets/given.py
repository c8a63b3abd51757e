"""Secrets among the values of variables: in defaults, and in the files of values that Terraform reads by itself."""

from __future__ import annotations

from collections.abc import Iterator

from ...hcl.nodes import Call, Expr, Object
from ...rule import Hit
from ...secrets.texts import kind_of_name
from ...stack import Stack
from .places import SecretPlace
from .written import literals

_VALUES = ("default", "type")


def given(stack: Stack) -> Iterator[Hit]:
    """The secrets that are told by the variable's name, wherever the value goes."""
    for declaration in stack.module.of_kind("variable"):
        assert declaration.block is not None
        name = declaration.name
        for attribute in declaration.block.body.attributes:
            if attribute.name == "default":
                yield from literals(attribute.expr, SecretPlace(name, kind_of_name(name), "", attribute.expr))
            elif attribute.name == "type":
                yield from _optional(attribute.expr, SecretPlace(name, kind_of_name(name), "", attribute.expr))
    for file in stack.evaluator.inputs.files:
        for name, expr in file.exprs.items():
            yield from literals(expr, SecretPlace(name, kind_of_name(name), "", expr))


def _optional(type_: Expr, place: SecretPlace) -> Iterator[Hit]:
    """The defaults of an object's optional attributes, which its type gives."""
    if isinstance(type_, Object):
        for item in type_.items:
            yield from _optional(item.value, place.called(item.key.span.text.strip('"')))
    elif isinstance(type_, Call):
        if type_.name == "optional" and len(type_.arguments) > 1:
            yield from literals(type_.arguments[1], place)
        for argument in type_.arguments[:1]:
            yield from _optional(argument, place)
