"""Statements that another statement of the same policy covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...iam.covering import actions_cover, resources_cover
from ...iam.policies import Policy
from ...iam.resource_patterns import Pattern, Some, written
from ...iam.resource_texts import resource_text
from ...iam.statements import Conditions, ElementValues, Principals, Statement
from ...records import dataclass, field
from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.values import Value
from ...terraform.module import Module
from ...text.source import Related


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """A hit for each statement that another one covers; of two that say the same, for the later one."""
    for policy in stack.policies:
        if len(policy.statements) > 1:
            yield from _covered(policy, stack.module)


def _covered(policy: Policy, module: Module) -> Iterator[Hit]:
    whole = [statement for statement in policy.statements if _is_whole(statement)]
    index = _Index.of(whole, module)
    for place, statement in enumerate(whole):
        for at in index.candidates(place):
            other = whole[at]
            if at == place or not _covers(other, statement, module):
                continue
            is_same = _covers(statement, other, module)
            if at < place or not is_same:
                label = (
                    f"the one that {'allows' if other.allows else 'denies'} {'the same' if is_same else 'more'} is here"
                )
                values = {"self": policy.address, "more": not is_same}
                yield Hit(statement.span, policy.address, values, (Related(label, other.span),))
                break


@dataclass(eq=False)
class _Index:
    """The statements that may cover another one, without a look at each pair.

    What covers a text begins as that does, up to its own first wildcard: `begins` has the statements by the beginnings
    of their actions and by those of their resources, `firsts` what has to be covered of each.
    """

    begins: tuple[dict[Pattern, list[int]], dict[Pattern, list[int]]] = field(default_factory=lambda: ({}, {}))
    firsts: list[tuple[Pattern | None, Pattern | None]] = field(default_factory=list)

    @classmethod
    def of(cls, statements: Sequence[Statement], module: Module) -> _Index:
        made = cls()
        for place, statement in enumerate(statements):
            patterns = (_actions(statement.actions), _resources(statement.resources, module))
            for listed, known in zip(patterns, made.begins, strict=True):
                for begin in dict.fromkeys(_begin(pattern) for pattern in listed):
                    known.setdefault(begin, []).append(place)
            actions, resources = patterns
            made.firsts.append((next(iter(actions), None), next(iter(resources), None)))
        return made

    def candidates(self, place: int) -> list[int]:
        """The statements that may cover one, in their order."""
        found: list[list[int]] = []
        for first, known in zip(self.firsts[place], self.begins, strict=True):
            if first is not None:
                begin = _begin(first)
                found.append([at for end in range(len(begin) + 1) for at in known.get(begin[:end], ())])
        if not found:
            return list(range(len(self.firsts)))
        fewest: list[int] = min(found, key=len)
        return sorted(set(fewest))


def _actions(values: ElementValues | None) -> list[Pattern]:
    return [written(text.lower()) for text, _ in values.known()] if values is not None else []


def _resources(values: ElementValues | None, module: Module) -> list[Pattern]:
    texts = [resource_text(item, module) for item in values.items] if values is not None else []
    return [text.narrow for text in texts if text is not None]


def _begin(pattern: Pattern) -> Pattern:
    """A pattern up to its first wildcard."""
    end = next((at for at, token in enumerate(pattern) if isinstance(token, Some)), len(pattern))
    return pattern[:end]


def _is_whole(statement: Statement) -> bool:
    """Return True if all of a statement is known."""
    elements = (statement.actions, statement.resources)
    return (
        statement.doubt is None
        and statement.allows is not None
        and statement.not_actions is None
        and statement.not_resources is None
        and statement.not_principals is None
        and statement.conditions.doubt is None
        and all(element is None or element.doubt is None for element in elements)
        and statement.actions is not None
    )


def _covers(wide: Statement, narrow: Statement, module: Module) -> bool:
    """Return True if one statement says all that another one says."""
    return (
        wide.span != narrow.span
        and wide.allows == narrow.allows
        and _who(wide.principals) == _who(narrow.principals)
        and (not wide.conditions.entries or _when(wide.conditions) == _when(narrow.conditions))
        and actions_cover(wide.actions, narrow.actions)
        and resources_cover(wide.resources, narrow.resources, module)
    )


def _who(principals: Principals | None) -> object:
    if principals is None:
        return None
    return (
        principals.doubt,
        sorted((_key(entry.kind), sorted(_keys(entry.identifiers))) for entry in principals.entries),
    )


def _when(conditions: Conditions) -> object:
    entries = conditions.entries
    return sorted((_key(entry.operator), _key(entry.key).lower(), sorted(_keys(entry.values))) for entry in entries)


def _keys(values: ElementValues) -> Iterator[str]:
    yield from map(_key, values.items)
    if values.doubt is not None:  # it is like nothing else
        yield f"{id(values)}"


def _key(value: Value) -> str:
    """The key that two values share if they are certainly equal."""
    return str(value.data) if value.is_known else f"{value.data!r} {id(value.data)}"
