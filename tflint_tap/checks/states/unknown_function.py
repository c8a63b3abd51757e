"""Task states that call a Lambda function which the stack doesn't have.

A function that a variable, a data source or another module names is another stack's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...asl.states import State, states_of
from ...hcl.nodes import Expr
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...terraform.evaluation.values import MapValue, PartialString, Symbol, Value
from ...text.nearest import suggestion
from ...text.source import Span
from ..sites import site_of

_FUNCTIONS = ("aws_lambda_function", "aws_lambda_alias")
_FUNCTION, _ACTIVITY = "aws_lambda_function", "aws_sfn_activity"
_CALL = re.compile(r"arn:[^:]*:states:[^:]*:[^:]*:(lambda:invoke|aws-sdk:lambda:invoke)(\..*)?")
_ARN = re.compile(r"arn:[^:]*:lambda:[^:]*:[^:]*:function:([^:]*)(:.*)?")
_NAME = re.compile(r"(?:[^:]*:function:)?([A-Za-z0-9_-]+)(?::[A-Za-z0-9$_-]+)?")
_GIVEN = ("arn", "qualified_arn", "function_name", "id")  # attributes of a function that name it


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """Tasks whose function isn't in the stack."""
    if next(stack.resources(_FUNCTION), None) is None:
        return
    for machine in stack.resources("aws_sfn_state_machine"):
        attribute = machine.attribute("definition")
        if attribute is None:
            continue
        for state in states_of(machine.value("definition")):
            if isinstance(state, State) and state.type == "Task":
                yield from _of_task(stack, machine, attribute.expr, state)


def _of_task(stack: Stack, machine: Instance, written: Expr, state: State) -> Iterator[Hit]:
    for value in _functions(state):
        told = _problem(stack, machine, written, value)
        if told is None:
            continue
        problem, hint = told
        values = {"state": state.name, "machine": machine.address, "problem": problem, "hint": hint}
        yield Hit(_place(stack, written, value), machine.address, values, doubt=_doubt(stack, machine))


def _functions(state: State) -> Iterator[Value]:
    """The values by which a Task names a function: its Resource, or what it gives lambda:invoke."""
    resource = state.given("Resource")
    if resource is None:
        return
    text = _text(resource)
    if text is None or _ARN.fullmatch(text):
        yield resource
    elif _CALL.fullmatch(text):
        for name in ("Parameters", "Arguments"):
            given = state.given(name)
            if given is not None and isinstance(given.data, MapValue) and "FunctionName" in given.data.items:
                yield given.data.items["FunctionName"]


def _problem(stack: Stack, machine: Instance, written: Expr, value: Value) -> tuple[str, str] | None:
    """What is wrong with the name of a function, and what was probably meant; None where nothing certainly is."""
    if isinstance(value.data, Symbol):
        return _of_symbol(stack, value.data)
    text = _text(value)
    if text is None or _is_given(stack, value):
        return None
    match = _ARN.fullmatch(text) or _NAME.fullmatch(text)
    if match is None or "?" in match.group(1):
        return None
    named = stack.wiring.resolver.named(value, written, machine, _FUNCTIONS)
    if named.certain or named.possible or named.may_be:
        return None
    names = [name.data for function in stack.resources(_FUNCTION) if (name := function.value("function_name"))]
    near = suggestion(match.group(1), [name for name in names if isinstance(name, str)])
    return f"{match.group(1)}, which is no function of the stack", near


def _of_symbol(stack: Stack, symbol: Symbol) -> tuple[str, str] | None:
    """What is wrong with a reference: it leads to no function, or to an attribute that doesn't name one."""
    instance = stack.symbol_target(symbol)
    if instance is None or instance.declaration.kind != "resource":
        return None
    type_ = instance.declaration.type
    if type_ in _FUNCTIONS and symbol.path and symbol.path[0] not in _GIVEN:
        return f"{symbol}, which does not name the function", f"; use {symbol.address}.arn"
    if symbol.path == ("arn",) and type_ not in (*_FUNCTIONS, _ACTIVITY):
        return f"{symbol}, which is no function", ""
    return None


def _place(stack: Stack, written: Expr, value: Value) -> Span:
    """The span of a value in a definition or in a local that holds a part of it; else that of what leads to it."""
    own = value.span
    declaration = stack.module.declaration_at(own) if own is not None else None
    if own is not None and declaration is not None and declaration.kind == "local":
        return own
    return site_of(stack, value, written.span, written.span).span


def _text(value: Value) -> str | None:
    """A text, with `?` for what isn't known of it; None where nothing is known."""
    data = value.data
    if isinstance(data, PartialString):
        return "".join(part if isinstance(part, str) else "?" for part in data.parts)
    return data if isinstance(data, str) else None


def _is_given(stack: Stack, value: Value) -> bool:
    """Return True if a value comes from a variable, so that it is meant to be another stack's."""
    if value.span is None or not stack.holds(value.span):
        return True
    declaration = stack.module.declaration_at(value.span)
    return declaration is not None and declaration.kind == "variable"


def _doubt(stack: Stack, machine: Instance) -> str | None:
    """The reason why the function may be there after all: a module may make it."""
    call = next(stack.module.unfollowed_calls(), None)
    return machine.doubt if call is None else f"{call.address} may make it"
