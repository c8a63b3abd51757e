"""The ids of all that a contract demands, in its order."""

from __future__ import annotations

from collections.abc import Iterator

from .terms import Term, Terms


def requirement_ids(terms: Terms) -> tuple[str, ...]:
    """Every id once: of demands, of rules that report breaches, of what only people can tell."""
    ids = [term.id for term in _terms(terms)]
    ids += [rule.id for rule in terms.rules]
    ids += [id_ for id_, _ in terms.people]
    return tuple(dict.fromkeys(ids))


def _terms(terms: Terms) -> Iterator[Term]:
    for variable in terms.variables:
        yield from (variable.term, *(item.term for item in variable.settings))
    for local in terms.locals:
        yield from (local.term, *(item.term for item in local.settings))
    for part in terms.parts:
        if part.term.level != "may" or part.count is not None:
            yield part.term
        yield from (*(item.term for item in part.settings), *(item.term for item in part.origins))
    yield from (item.term for rule in terms.universals for item in rule.settings)
    yield from (ban.term for ban in terms.bans)
    if terms.naming is not None and (terms.naming.suffix is not None or terms.naming.pattern is not None):
        yield terms.naming.term
    if terms.tags is not None and terms.tags.values:
        yield terms.tags.term
    yield from (wire.term for wire in terms.wires)
    yield from (grant.term for grant in terms.grants)
    yield from (reach.term for reach in terms.reaches)
    yield from (relation.term for relation in terms.relations)
    yield from (output.term for output in terms.outputs)
    yield from (comment.term for comment in terms.comments)
