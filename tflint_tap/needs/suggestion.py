"""The least policies that a stack's wiring needs, as Terraform code.

Of what a role is granted, that is kept which something needs or allows, on the resources that it needs it on and under
the same conditions; what is missing is added. Nothing is granted that wasn't, but for what is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from ..iam.actions import action, is_pattern
from ..iam.statements import Condition
from ..iam.wildcards import covers_action
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from .arn_texts import covers
from .needs import Need
from .overview import Grant, RoleOverview
from .rights import arn_texts
from .wording import written

_WORD = re.compile(r"[^a-zA-Z0-9]+")
_REFERENCE = re.compile(r"(?:var|local|data|each)\.[\w.\[\]\"-]+")
_LONGEST = 90  # characters of a list in one line
_CHOICE = "what the code does with what its environment names"


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement to write: actions, resources as Terraform code, conditions as (operator, key, values in code)."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    why: tuple[str, ...]


def suggested(stack: Stack, roles: Iterable[RoleOverview]) -> str:
    """A data source for each role, with comments that say what each statement is for."""
    parts = [_document(stack, role) for role in roles]
    return "\n".join(parts) if parts else "# the stack has no roles\n"


def _document(stack: Stack, role: RoleOverview) -> str:
    lines = [f"# What {role.role.address} needs."]
    if role.doubt is not None:
        lines.append(f"# It may be granted more: {role.doubt}.")
    statements = list(_statements(stack, role))
    if not statements:
        return "\n".join([*lines, "# Nothing in the stack needs any permission of it.", ""])
    label = _WORD.sub("_", role.role.address.partition(".")[2]).strip("_")
    lines.append(f'data "aws_iam_policy_document" "{label}" {{')
    for number, statement in enumerate(statements):
        if number:
            lines.append("")
        lines += [f"  # {why}" for why in statement.why]
        lines += ["  statement {", *_arguments([json.dumps(one) for one in statement.actions], statement.resources)]
        for operator, key, values in statement.conditions:
            lines += ["", "    condition {", f'      test     = "{operator}"', f'      variable = "{key}"']
            lines += [f"      values   = [{', '.join(values)}]", "    }"]
        lines.append("  }")
    return "\n".join([*lines, "}", ""])


def _arguments(actions: Sequence[str], resources: Sequence[str]) -> Iterator[str]:
    """The arguments actions and resources: aligned where both stand in a line, as terraform fmt does."""
    broken = [len(items) > 1 and sum(len(item) + 2 for item in items) > _LONGEST for items in (actions, resources)]
    for name, items, is_broken in zip(("actions", "resources"), (actions, resources), broken, strict=True):
        if is_broken:
            yield f"    {name} = ["
            yield from (f"      {item}," for item in items)
            yield "    ]"
        else:
            yield f"    {name if any(broken) else name.ljust(9)} = [{', '.join(items)}]"


def _statements(stack: Stack, role: RoleOverview) -> Iterator[_Statement]:
    by_statement: dict[int, list[Grant]] = {}
    for grant in role.grants:
        if not grant.is_unneeded:
            by_statement.setdefault(id(grant.right.statement), []).append(grant)
    made: dict[tuple[object, ...], _Statement] = {}
    for grants in by_statement.values():
        kept = _kept(stack, grants)
        if kept is not None:
            _add(made, kept)
    for lack in role.lacking:
        if lack.doubt is None:
            _add(made, _lacking(lack.need, lack.actions))
    yield from made.values()


def _add(made: dict[tuple[object, ...], _Statement], new: _Statement) -> None:
    """Join a statement to one with the same resources and conditions."""
    key = (new.resources, new.conditions)
    known = made.get(key)
    if known is None:
        made[key] = new
        return
    actions = tuple(dict.fromkeys((*known.actions, *new.actions)))
    made[key] = _Statement(actions, known.resources, known.conditions, tuple(dict.fromkeys((*known.why, *new.why))))


def _kept(stack: Stack, grants: list[Grant]) -> _Statement | None:
    """What is kept of a statement: wildcards become the actions that are needed."""
    statement = grants[0].right.statement
    actions: dict[str, None] = {}
    needs: dict[int, Need] = {}
    for grant in grants:
        text = grant.action.data
        if not isinstance(text, str):
            continue
        needs.update((id(need), need) for need in grant.needs)
        if is_pattern(text):
            actions.update(dict.fromkeys(one for one in _wanted(grant.needs) if covers_action(text, one)))
        else:
            actions[text] = None
    if not actions:
        return None
    resources = tuple(dict.fromkeys(_resources(stack, grants, list(needs.values()), actions)))
    conditions = tuple(_condition(entry) for entry in statement.conditions.entries)
    why = tuple(dict.fromkeys(reason for grant in grants for reason in grant.reasons)) or (_CHOICE,)
    if any(is_pattern(str(grant.action.data)) for grant in grants) and any(n.kind == "any" for n in needs.values()):
        why = (*why, "keep the actions that its code calls")
    if statement.resources is not None and statement.resources.doubt is not None:
        why = (*why, f"and on what isn't known here: {statement.resources.doubt}")
    return _Statement(tuple(actions), resources, conditions, why)


def _wanted(needs: Iterable[Need]) -> Iterator[str]:
    for need in needs:
        if need.kind != "allowed":
            yield from need.actions


def _resources(stack: Stack, grants: list[Grant], needs: list[Need], actions: Iterable[str]) -> Iterator[str]:
    """The resources of a statement that its needs are about; those of the needs where it grants all."""
    items = grants[0].right.statement.resources
    texts = arn_texts(stack)
    arns = [arn for need in needs for arn in need.arns or ()]
    limited = arns and all(need.arns is not None for need in needs) and any(map(_is_limitable, actions))
    for item in items.items if items is not None else ():
        text = texts.of(item)
        if text.everything and limited:
            yield from map(code, arns)
        elif not limited or any(
            covers(texts.of(arn), text) is not False or covers(text, texts.of(arn)) is not False for arn in arns
        ):
            yield code(item)


def _is_limitable(name: str) -> bool:
    found = action(name)
    return found is None or found.is_limitable


def _lacking(need: Need, actions: tuple[str, ...]) -> _Statement:
    wanted = actions if need.kind == "needed" else actions[:1]
    why = need.why if need.kind == "needed" else f"{need.why}: choose what its code calls"
    resources = tuple(code(arn) for arn in need.arns) if need.arns is not None else ('"*"',)
    return _Statement(wanted, resources, (), (why,))


def _condition(entry: Condition) -> tuple[str, str, tuple[str, ...]]:
    return str(entry.operator.data), str(entry.key.data), tuple(code(value) for value in entry.values.items)


def code(value: Value) -> str:
    """A value as Terraform code: a reference, a template or a string."""
    data = value.data
    if isinstance(data, Symbol):
        return str(data)
    if isinstance(data, Unknown):
        return _named(data)
    if isinstance(data, PartialString):
        parts = (
            json.dumps(part, ensure_ascii=False)[1:-1].replace("${", "$${")
            if isinstance(part, str)
            else f"${{{part if isinstance(part, Symbol) else _named(part)}}}"
            for part in data.parts
        )
        return f'"{"".join(parts)}"'
    return json.dumps(written(value), ensure_ascii=False)


def _named(unknown: Unknown) -> str:
    """The name of what isn't known, by its reason: `var.name has no default`."""
    found = _REFERENCE.match(unknown.reason)
    return found[0] if found is not None else f'"{unknown.reason}"'
