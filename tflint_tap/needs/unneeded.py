"""What roles are granted and nothing in the stack needs.

Only roles count of which everyone who acts as them is in the stack, and is of a type whose needs the table tells
wholly. What a function's environment carries counts as needed: which of the actions on it the code calls is the
author's choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..asl.states import State, states_of
from ..iam.actions import action
from ..iam.statements import Statement
from ..iam.wildcards import covers_action
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import MapValue, PartialString, Symbol, Unknown, Value
from ..vocabulary.subjects import Match
from .arn_texts import ArnText, covers
from .need import Need
from .needs import needs_of
from .rights import Right, arn_texts, rights_of
from .table import need_rows, used_types

# The types of blocks that name a role, and whose needs of it the table tells wholly.
_TOLD = frozenset({"aws_lambda_function", "aws_api_gateway_account", "aws_db_proxy"})
_TARGETING = frozenset({"aws_cloudwatch_event_target", "aws_scheduler_schedule"})  # told of the targets that have a row
_MACHINE = "aws_sfn_state_machine"
# Integrations of state machines that the table tells: https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
_INTEGRATIONS = frozenset({"lambda", "sqs", "sns", "events", "states", "dynamodb"})
# Beginnings of actions that change or remove a resource itself, or who may use it: no environment asks for them.
_ADMINISTRATION = (
    *("Create", "Delete", "Update", "Modify", "Attach", "Detach", "Set", "Tag", "Untag", "Enable", "Disable", "Pass"),
    *("Associate", "Disassociate", "Register", "Deregister", "Reset", "Restore", "Remove", "Add"),
)
_DATA = frozenset({"object", "item", "message", "document"})  # resource types that are what a resource holds
_AROUND = ("data.aws_caller_identity", "data.aws_region", "data.aws_partition")
_USE = frozenset({"Read", "List", "Write"})  # access levels
_SHORTEST = 4  # characters of a text in an environment that may name a resource


@dataclass(frozen=True, slots=True)
class Unneeded:
    """Actions of a statement that no need accounts for.

    `resources` are those of the statement that they are about, empty where all are; `doubt` is why that isn't certain.
    """

    role: Instance
    right: Right
    actions: tuple[Value, ...]
    resources: tuple[Value, ...] = ()
    doubt: str | None = None

    @property
    def address(self) -> str:
        """The address of the resource that holds the statement's policy."""
        return self.role.address if self.right.policy is None else self.right.policy.address


def unneeded(stack: Stack) -> tuple[Unneeded, ...]:
    """What isn't needed, by roles in the order of the text; one for each statement, or for resources of it."""
    return stack.once(_unneeded)


def _unneeded(stack: Stack) -> tuple[Unneeded, ...]:
    return tuple(_of_roles(stack))


def _of_roles(stack: Stack) -> Iterator[Unneeded]:
    needs: dict[str, list[Need]] = {}
    for need in needs_of(stack):
        if need.role is not None:
            needs.setdefault(need.role.address, []).append(need)
    for role in stack.resources("aws_iam_role"):
        actors = judged_actors(stack, role)
        if actors:
            environment = _environment(stack, actors)
            for right in rights_of(stack, role).allowed:
                if right.statement.allows and right.doubt is None and right.policy is not None:
                    yield from _of_right(stack, role, right, needs.get(role.address, []), environment)


def judged_actors(stack: Stack, role: Instance) -> list[Instance]:
    """Everyone who acts as a role; nobody where that, or what they need, can't be told wholly."""
    running = stack.wiring.incoming(role, "runs_as")
    if running.doubt is not None or running.ends or any(stack.passed(role)):
        return []
    if any(edge.doubt is not None or not _is_told_wholly(stack, edge.via) for edge in running.edges):
        return []
    others = stack.wiring.incoming(role, "attached_to").edges
    if any(edge.source.declaration.type == "aws_iam_instance_profile" for edge in others):
        return []
    return [edge.source for edge in running.edges]


def _is_told_wholly(stack: Stack, holder: Instance) -> bool:
    """Return True if the table tells all that a block needs of its role."""
    type_ = holder.declaration.type
    if type_ == _MACHINE:
        return all(map(_is_told_state, states_of(holder.value("definition"))))
    if type_ in _TARGETING:
        rows = need_rows(frozenset(declaration.type for declaration in stack.module.of_kind("resource")))
        types = {target for row in rows if row.match == Match("edge", "targets") for target in row.targets}
        edges = [edge for edge in stack.wiring.edges("targets") if edge.via.header == holder.header]
        return bool(edges) and all(edge.target.declaration.type in types for edge in edges)
    return type_ in _TOLD


def _is_told_state(state: State | Unknown) -> bool:
    """Return True if a state calls nothing, a function, or a service of which the table tells what a call needs."""
    if isinstance(state, Unknown) or state.doubt is not None or state.type is None:
        return False
    resource = state.given("Resource")
    if resource is None or state.type != "Task":
        return True
    data = resource.data
    if isinstance(data, Symbol):
        return data.address.startswith(("aws_lambda_", "aws_sfn_activity."))
    parts = data.parts if isinstance(data, PartialString) else (data,)
    text = "".join(part for part in parts if isinstance(part, str))
    integration = text.partition(":states:::")[2].partition(":")[0]
    return integration in _INTEGRATIONS if integration else ":states:" not in text and ":lambda:" in text


@dataclass(frozen=True, slots=True)
class _Environment:
    """The texts that the environments of functions hold, and why there may be more."""

    texts: tuple[str, ...]
    addresses: frozenset[str]  # of resources, data sources, and modules
    doubt: str | None

    def mentions(self, text: str) -> bool:
        return any(held in text or text in held for held in self.texts)


def _environment(stack: Stack, actors: Iterable[Instance]) -> _Environment:
    texts: dict[str, None] = {}
    doubt: str | None = None
    for actor in actors:
        for block in actor.blocks("environment"):
            value = block.value("variables")
            doubt = doubt or (value.reason if not value.is_known else None)
            if isinstance(value.data, MapValue) and value.data.doubt is not None:
                doubt = doubt or value.data.doubt.reason
            for item in value.elements():
                made = arn_texts(stack).of(item)
                for text in (made.resource, str(item.data) if isinstance(item.data, str) else ""):
                    if len(text) >= _SHORTEST or not text.isascii():
                        texts[text] = None
    values = (item for actor in actors for block in actor.blocks("environment") for item in _variables(block))
    return _Environment(tuple(texts), frozenset(_addresses(values)), doubt)


def _variables(block: Instance) -> Iterator[Value]:
    yield from block.value("variables").elements()


def _addresses(values: Iterable[Value]) -> Iterator[str]:
    """The addresses of what texts refer to, but for those that stand for the account and region."""
    for value in values:
        data = value.data
        for part in data.parts if isinstance(data, PartialString) else (data,):
            if isinstance(part, Symbol) and not part.address.startswith(_AROUND):
                yield part.block_address


def _of_right(
    stack: Stack, role: Instance, right: Right, needs: list[Need], environment: _Environment
) -> Iterator[Unneeded]:
    statement = right.statement
    if statement.actions is None or statement.resources is None:
        return
    resources = [(item, arn_texts(stack).of(item)) for item in statement.resources.items]
    told = _told(stack, statement, resources)
    untold = (item for item, arn in resources if not _is_told(stack, arn))
    named = not environment.addresses.isdisjoint(_addresses(untold))
    whole: list[Value] = []
    partly: dict[tuple[Value, ...], list[Value]] = {}
    for text, item in statement.actions.known():
        if "*" in text or "?" in text:
            continue  # rules about wildcards say what is so
        of_action = [need for need in needs if any(covers_action(text, action) for action in need.actions)]
        service = text.partition(":")[0].lower()
        about = [word for of, word in told if of in (None, service)]
        if (named or any(map(environment.mentions, about))) and not _administers(text):
            continue
        if not of_action:
            whole.append(item)
            continue
        others = tuple(one for one, arn in resources if not _accounted(stack, arn, of_action))
        if others and len(others) < len(resources):
            partly.setdefault(others, []).append(item)
        elif others:
            whole.append(item)
    if whole:
        yield Unneeded(role, right, tuple(whole), doubt=environment.doubt)
    for others, actions in partly.items():
        yield Unneeded(role, right, tuple(actions), others, environment.doubt)


def _told(stack: Stack, statement: Statement, resources: list[tuple[Value, ArnText]]) -> list[tuple[str | None, str]]:
    """The texts by which a statement says what it is about, each with its service: its resources and conditions.

    Left out are resources of the stack of which the table tells all that code may do with them.
    """
    held = [(arn.service, arn.resource) for _, arn in resources if not arn.everything and not _is_told(stack, arn)]
    for entry in statement.conditions.entries:
        service = str(entry.key.data).partition(":")[0].lower()
        held += [(service, arn_texts(stack).of(value).resource) for value in entry.values.items]
    return [(service, text) for service, text in held if text]


def _is_told(stack: Stack, arn: ArnText) -> bool:
    declaration = stack.declared(arn.owner.partition("[")[0]) if arn.owner is not None else None
    return declaration is not None and declaration.type in used_types()


def _accounted(stack: Stack, arn: ArnText, needs: Iterable[Need]) -> bool:
    """Return True if a need is about a resource, or may be."""
    if arn.everything:
        return True
    for need in needs:
        if need.arns is None:
            return True
        for wanted in map(arn_texts(stack).of, need.arns):
            if covers(wanted, arn) is not False or covers(arn, wanted) is not False:
                return True
    return False


def _administers(name: str) -> bool:
    """Return True if an action changes or removes a resource itself, or who may use it."""
    known = action(name)
    if known is not None and not _USE.issuperset(known.levels):
        return True
    verb = next((verb for verb in _ADMINISTRATION if name.partition(":")[2].startswith(verb)), None)
    if verb is None or known is None:
        return verb is not None
    rest = name.partition(":")[2][len(verb) :].lower()
    types = {re.sub("[^a-z]", "", type_.name.lower()) for type_ in known.types()} - _DATA
    return any(rest.startswith(type_) for type_ in types if type_)
