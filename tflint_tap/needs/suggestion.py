"""The least policies that a stack's wiring needs, as Terraform code.

Of what a role is granted, that is kept which something needs or allows, on the resources that it needs it on and under
the same conditions; what is missing is added. Nothing is granted that wasn't, but for what is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from ..iam.actions import action, is_pattern
from ..iam.statements import Condition, Statement
from ..iam.wildcards import covers_action
from ..records import dataclass
from ..stack import Stack
from ..terraform.evaluation.values import PartialString, Piece, Symbol, Unknown, Value
from ..terraform.functions.parts import Part
from ..text.source import Span
from .arn_texts import covers
from .need import Need
from .overview import Grant, RoleOverview
from .rights import arn_texts
from .wording import written

_WORD = re.compile(r"[^a-zA-Z0-9]+")
# What means the same anywhere in a module: no name of a loop, no each, count or self.
_REFERENCE = re.compile(r"(?:var|local|module|data|aws_\w+)(?:\.[\w-]+|\[(?:\"[^\"$%]*\"|\d+)\])+")
_LONGEST = 90  # characters of a list in one line
_CHOICE = "what the code does with what its environment names"


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement to write: actions, resources as Terraform code, conditions as (operator, key, values in code).

    `inverse` are the arguments of these that are to be written as not_actions and not_resources.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]
    why: tuple[str, ...]
    is_denial: bool = False
    inverse: tuple[str, ...] = ()


def suggested(stack: Stack, roles: Iterable[RoleOverview]) -> str:
    """A data source for each role, with comments that say what each statement is for."""
    parts = [_document(stack, role) for role in roles]
    return "\n".join(parts) if parts else "# the stack has no roles\n"


def _document(stack: Stack, role: RoleOverview) -> str:
    lines = [f"# What {role.role.address} needs."]
    if role.doubt is not None:
        lines.append(f"# It may be granted more: {role.doubt}.")
    if role.actors and not role.is_judged:
        lines.append("# The table of needs doesn't tell all that its actors do: what it is granted is kept.")
    statements = list(_statements(stack, role))
    if all(statement.is_denial for statement in statements):
        return "\n".join([*lines, "# Nothing in the stack needs any permission of it.", ""])
    label = _WORD.sub("_", role.role.address.partition(".")[2]).strip("_")
    lines.append(f'data "aws_iam_policy_document" "{label}" {{')
    for number, statement in enumerate(statements):
        if number:
            lines.append("")
        lines += [f"  # {why}" for why in statement.why]
        lines += [
            "  statement {",
            *(['    effect = "Deny"', ""] if statement.is_denial else ()),
            *_arguments(statement),
        ]
        for operator, key, values in statement.conditions:
            lines += ["", "    condition {", f'      test     = "{operator}"', f'      variable = "{key}"']
            lines += [f"      values   = [{', '.join(values)}]", "    }"]
        lines.append("  }")
    return "\n".join([*lines, "}", ""])


def _arguments(statement: _Statement) -> Iterator[str]:
    """The arguments actions and resources: aligned where both stand in a line, as terraform fmt does."""
    lists = {"actions": [json.dumps(one) for one in statement.actions], "resources": statement.resources}
    named = {f"not_{name}" if name in statement.inverse else name: items for name, items in lists.items() if items}
    broken = {name: len(items) > 1 and sum(len(one) + 2 for one in items) > _LONGEST for name, items in named.items()}
    width = 0 if any(broken.values()) else max(map(len, named))
    for name, items in named.items():
        if broken[name]:
            yield f"    {name} = ["
            yield from (f"      {item}," for item in items)
            yield "    ]"
        else:
            yield f"    {name.ljust(width)} = [{', '.join(items)}]"


def _statements(stack: Stack, role: RoleOverview) -> Iterator[_Statement]:
    by_statement: dict[int, list[Grant]] = {}
    for grant in role.grants:
        is_spare = grant.is_unneeded or (grant.right.policy is None and not grant.needs)
        if not is_spare:
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
    for right in role.denied:
        yield from _denied(right.statement)


def _denied(statement: Statement) -> Iterator[_Statement]:
    """A denial as it is: what it denies isn't needed, and stays denied."""
    actions, resources = statement.actions or statement.not_actions, statement.resources or statement.not_resources
    if actions is None or resources is None:
        return
    pairs = (("actions", statement.not_actions), ("resources", statement.not_resources))
    yield _Statement(
        tuple(text for text, _ in actions.known()),
        tuple(code(item) for item in resources.items),
        tuple(_condition(entry) for entry in statement.conditions.entries),
        ("what it denies today",),
        is_denial=True,
        inverse=tuple(name for name, inverse in pairs if inverse is not None),
    )


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
    """A value as Terraform code: a reference, a template or a string.

    What a template refers to is written as it is there, as far as that means the same elsewhere in the module.
    """
    data = value.data
    if isinstance(data, Symbol):
        return str(data)
    if isinstance(data, Unknown):
        return _named(data, value.span)
    if value.pieces:
        return f'"{"".join(_piece(piece) for piece in value.pieces)}"'
    if isinstance(data, PartialString):
        return f'"{"".join(map(_part, data.parts))}"'
    return f'"{_escaped(written(value))}"'


def _piece(piece: Piece) -> str:
    data = piece.data
    if data == piece.span.code or not _REFERENCE.fullmatch(piece.span.code):
        return "".join(map(_part, data.parts)) if isinstance(data, PartialString) else _part(data, piece.span)
    return f"${{{piece.span.code}}}"


def _part(part: Part, span: Span | None = None) -> str:
    if isinstance(part, str):
        return _escaped(part)
    return f"${{{part if isinstance(part, Symbol) else _named(part, span)}}}"


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("${", "$${").replace("%{", "%%{")


def _named(unknown: Unknown, span: Span | None) -> str:
    """What isn't known, by the reference that names it, else as a string that says the reason."""
    if span is not None and _REFERENCE.fullmatch(span.code):
        return span.code
    found = _REFERENCE.match(unknown.reason)
    return found[0] if found is not None else f'"{_escaped(unknown.reason)}"'
