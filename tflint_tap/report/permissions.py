"""The permissions of a stack's roles for people and programs: text, Markdown, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..needs.missing import Missing
from ..needs.overview import Grant, RoleOverview
from ..needs.rights import Right
from ..needs.wording import written
from ..terraform.evaluation.values import Value

FORMATS = ("text", "markdown", "json")
_WORDS = {"+": "needed", "!": "not needed", "·": "not judged", "x": "denied"}


def permissions(roles: Iterable[RoleOverview], format_: str) -> str:
    """The report of these roles, ending in a newline."""
    if format_ == "json":
        return json.dumps({"roles": [_as_data(role) for role in roles]}, indent=2, ensure_ascii=False) + "\n"
    lines = _markdown(roles) if format_ == "markdown" else _text(roles)
    return "\n".join(lines) + "\n"


def _text(roles: Iterable[RoleOverview]) -> Iterator[str]:
    empty = True
    for role in roles:
        if not empty:
            yield ""
        empty = False
        yield f"{role.role.address}{_used_by(role)}"
        for grants in _alike(role.grants):
            first = grants[0]
            yield f"  {_mark(first)} {', '.join(map(_action, grants))} on {_resources(first)}"
            yield f"      {_reason(first)} ({_place(first.right)})"
        for sign, right in _others(role):
            yield f"  {sign} {_whole(right)}"
            yield f"      ({_place(right)})"
        for lack in role.lacking:
            yield f"  - {_lack(lack)}"
            yield f"      {'not certain: ' + lack.doubt if lack.doubt is not None else 'missing: ' + lack.need.why}"
        if role.doubt is not None:
            yield f"  ? it may be granted more: {role.doubt}"
    if empty:
        yield "the stack has no roles"


def _alike(grants: Iterable[Grant]) -> list[list[Grant]]:
    """The grants of a statement together that are there for the same."""
    groups: dict[tuple[object, ...], list[Grant]] = {}
    for grant in grants:
        key = (id(grant.right.statement), _mark(grant), grant.reasons)
        groups.setdefault(key, []).append(grant)
    return list(groups.values())


def _markdown(roles: Iterable[RoleOverview]) -> Iterator[str]:
    for role in roles:
        yield f"## `{role.role.address}`"
        yield ""
        if role.actors:
            yield f"Acts for {', '.join(f'`{actor.address}`' for actor in role.actors)}."
            yield ""
        yield "| | action | on | why | where |"
        yield "| --- | --- | --- | --- | --- |"
        for grants in _alike(role.grants):
            first, actions = grants[0], ", ".join(map(_action, grants))
            cells = (
                _WORDS[_mark(first)],
                f"`{actions}`",
                f"`{_resources(first)}`",
                _reason(first),
                _place(first.right),
            )
            yield f"| {' | '.join(cells)} |"
        for sign, right in _others(role):
            yield f"| {_WORDS[sign]} | {_whole(right)} | | | {_place(right)} |"
        for lack in role.lacking:
            why = lack.need.why if lack.doubt is None else f"not certain: {lack.doubt}"
            yield f"| missing | `{', '.join(lack.actions)}` | `{_arns(lack.arns)}` | {why} | |"
        yield ""
        if role.doubt is not None:
            yield f"It may be granted more: {role.doubt}."
            yield ""


def _as_data(role: RoleOverview) -> dict[str, object]:
    return {
        "role": role.role.address,
        "actors": [actor.address for actor in role.actors],
        "granted": [
            {
                "action": _action(grant),
                "resources": [written(item) for item in _items(grant)],
                "needed": True if grant.needs else False if grant.is_unneeded else None,
                "why": list(grant.reasons),
                **_holder(grant.right),
            }
            for grant in role.grants
        ],
        "others": [_statement(right) for right in role.others],
        "denied": [_statement(right) for right in role.denied],
        "missing": [
            {
                "actions": list(lack.actions),
                "all": lack.need.kind == "needed",
                "resources": [written(arn) for arn in lack.arns or ()],
                "why": lack.need.why,
                "doubt": lack.doubt,
            }
            for lack in role.lacking
        ],
        "doubt": role.doubt,
    }


def _statement(right: Right) -> dict[str, object]:
    return {"statement": _whole(right), **_holder(right)}


def _holder(right: Right) -> dict[str, object]:
    """The policy of a statement: its address in the stack, or the ARN of one that AWS manages; and its place."""
    span = right.statement.span
    policy = right.policy.address if right.policy is not None else right.managed
    return {"policy": policy, "path": span.source.path, "line": span.line}


def _used_by(role: RoleOverview) -> str:
    return f", for {', '.join(actor.address for actor in role.actors)}" if role.actors else ", which nothing acts as"


def _mark(grant: Grant) -> str:
    return "+" if grant.needs else "!" if grant.is_unneeded else "·"


def _action(grant: Grant) -> str:
    data = grant.action.data
    return data if isinstance(data, str) else written(grant.action)


def _items(grant: Grant) -> tuple[Value, ...]:
    return grant.right.statement.resources.items if grant.right.statement.resources is not None else ()


def _resources(grant: Grant) -> str:
    return ", ".join(map(written, _items(grant))) or "what isn't known"


def _arns(arns: tuple[Value, ...] | None) -> str:
    return ", ".join(map(written, arns)) if arns is not None else "any resource"


def _reason(grant: Grant) -> str:
    if grant.needs:
        return "; ".join(grant.reasons)
    return "nothing in the stack needs it" if grant.is_unneeded else "the code's own choice, or not judged"


def _place(right: Right) -> str:
    span = right.statement.span
    policy = right.policy.address if right.policy is not None else right.managed or "a policy that AWS manages"
    return f"{policy}, {span.source.path}:{span.line}"


def _others(role: RoleOverview) -> Iterator[tuple[str, Right]]:
    """The statements that aren't judged action by action: those that allow all but some actions, and denials."""
    yield from (("·", right) for right in role.others)
    yield from (("x", right) for right in role.denied)


def _whole(right: Right) -> str:
    """`all actions but iam:* on *`."""
    statement = right.statement
    elements = (
        ("", statement.actions),
        ("all actions but ", statement.not_actions),
        (" on ", statement.resources),
        (" on all resources but ", statement.not_resources),
    )
    return "".join(f"{word}{', '.join(map(written, one.items))}" for word, one in elements if one is not None)


def _lack(lack: Missing) -> str:
    words = ", ".join(lack.actions) if lack.need.kind == "needed" else f"one of {', '.join(lack.actions)}"
    return f"{words} on {_arns(lack.arns)}"
