"""The demands of a contract in words, for those whose requirement the contract doesn't put into its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..text.listing import listed, with_article
from .edge_words import stated
from .settings import condition_text
from .terms import (
    OF_NAMES,
    Ban,
    Count,
    Grant,
    LocalTerm,
    Naming,
    Part,
    ProviderTerm,
    Setting,
    Tags,
    Term,
    Terms,
    VariableTerm,
)

_GRANTS = {"at_least": "may", "at_most": "may do nothing but", "exactly": "may do this and nothing else:"}


def worded_terms(terms: Terms) -> Iterator[tuple[Term, str]]:
    """Every term that has to hold, in the contract's order, with what it demands."""
    for variable in terms.variables:
        yield variable.term, _variable(variable)
        yield from ((item.term, _has_to(f"variable {variable.name}", item)) for item in variable.settings)
    for local in terms.locals:
        yield local.term, _local(local)
        yield from ((item.term, _has_to(f"local {local.name}", item)) for item in local.settings)
    for part in terms.parts:
        if not part.may_lack or (part.count is not None and part.count.most is not None):
            yield part.term, _presence(part)
        yield from ((item.term, _has_to(part.shown, item)) for item in part.settings)
        yield from ((item.term, f"{item.argument} of {part.shown} comes from {item.of}") for item in part.origins)
    for rule in terms.universals:
        yield from ((item.term, _has_to(f"each {_shown(terms, rule.of)}", item)) for item in rule.settings)
    yield from ((ban.term, _ban(terms, ban)) for ban in terms.bans)
    told = {rule.id for rule in terms.rules if any(rule.rule in rules for rules in OF_NAMES.values())}
    if terms.naming is not None and (terms.naming.suffix or terms.naming.pattern or terms.naming.term.id in told):
        yield terms.naming.term, _naming(terms.naming)
    if terms.tags is not None and (terms.tags.values or terms.tags.term.id in told):
        yield terms.tags.term, _tags(terms.tags)
    for wire in terms.wires:
        ends = [_shown(terms, (end,)) for end in (wire.source, wire.target)]
        yield wire.term, wire.term.says or f"{ends[0]} {stated(wire.edge)} {ends[1]}"
    yield from ((grant.term, _grant(terms, grant)) for grant in terms.grants)
    for denial in terms.denials:
        yield (
            denial.term,
            denial.term.says or f"the policy of {_shown(terms, denial.of)} denies everyone {denial.shown}",
        )
    for reach in terms.reaches:
        at = (
            f" at port {reach.port}{f'/{reach.protocol}' * (reach.protocol != 'tcp')}" if reach.port is not None else ""
        )
        who = _shown(terms, reach.sources)
        yield reach.term, reach.term.says or f"{'only ' * reach.only}{who} reaches {_shown(terms, (reach.target,))}{at}"
    yield from ((relation.term, _has_to("the stack", relation)) for relation in terms.relations)
    yield from ((one.term, one.term.says or f"{one.path} is beside the stack") for one in terms.around.artefacts)
    for file in terms.around.files:
        holds = f"{_and(file.holds)} blocks{' alone' * file.is_only}"
        yield file.term, file.term.says or f"{file.name} holds {holds}"
    for version in terms.around.versions:
        of = "Terraform" if version.provider is None else f"provider {version.provider}"
        yield version.term, version.term.says or f"the version of {of} is constrained to {version.constraint}"
    yield from ((provider.term, _provider(provider)) for provider in terms.around.providers)
    for output in terms.outputs:
        what = f"output of {_or(output.refers_to)}" if output.refers_to else f"output {output.name}"
        yield output.term, f"there is {with_article(output.term.says or what)}"
    for comment in terms.comments:
        words = _and(f'"{_or(alternatives)}"' for alternatives in comment.mentions)
        yield comment.term, comment.term.says or f"a comment mentions {words}"
    for bound in terms.agreements:
        yield bound.setting.term, _has_to(_shown(terms, bound.of), bound.setting)


def _variable(wanted: VariableTerm) -> str:
    if wanted.term.says:
        return f"there is {with_article(wanted.term.says)}"
    parts = [f"of the type {_or(wanted.types)}"] if wanted.types else []
    if wanted.defaults is not None:
        defaults = [*map(_plain, wanted.defaults), *(["none"] if wanted.may_lack else [])]
        parts.append(f"default {_or(defaults)}")
    parts += ["validated"] if wanted.is_validated else []
    parts += ["sensitive"] if wanted.is_sensitive else []
    return ", ".join([f"there is a variable {wanted.name}", *parts])


def _local(wanted: LocalTerm) -> str:
    if wanted.term.says:
        return wanted.term.says
    is_what = f', which is "{wanted.equals.span.code}"' if wanted.equals is not None else ""
    return f"there is a local {wanted.name}{is_what}"


def _presence(part: Part) -> str:
    if part.count is None:
        return f"there is {with_article(part.shown)}"
    return f"of {part.shown} there {'is' if part.count == Count(1, 1) else 'are'} {part.count}"


def _has_to(what: str, item: Setting) -> str:
    return f"{what} has to {item.term.says or f'hold {condition_text(item.that)}'}"


def _ban(terms: Terms, ban: Ban) -> str:
    if ban.term.says:
        return ban.term.says
    names = "" if "*" in ban.names else f" {_or(ban.names)}"
    but = f" but {_shown(terms, ban.exempt)}" if ban.exempt else ""
    where = f" with {condition_text(ban.where)}" if ban.where is not None else ""
    return f"there is no {ban.kind}{names}{but}{where}"


def _naming(wanted: Naming) -> str:
    parts = [f"begins with {wanted.prefix}"] if wanted.prefix is not None else []
    parts += [f"ends with {wanted.suffix.span.code}"] if wanted.suffix is not None else []
    parts += [f"matches {wanted.pattern}"] if wanted.pattern is not None else []
    return wanted.term.says or f"every name {_and(parts)}"


def _tags(wanted: Tags) -> str:
    parts = [f"the tags {_and(wanted.required)}"] if wanted.required else []
    parts += [f"{_or(values)} as its tag {key}" for key, values in wanted.values.items()]
    return wanted.term.says or f"each resource that has tags has {_and(parts)}"


def _provider(wanted: ProviderTerm) -> str:
    parts = [f"in the region {wanted.region}"] if wanted.region is not None else []
    parts += [f"default tags {_and(wanted.default_tags)}"] if wanted.default_tags else []
    return wanted.term.says or ", ".join([f"there is a provider {wanted.name}", *parts])


def _grant(terms: Terms, grant: Grant) -> str:
    if grant.term.says:
        return grant.term.says
    actions = _or(grant.actions) if grant.is_any else _and(grant.actions)
    on = f" on {_and(grant.resources)}" if grant.resources else ""
    return f"{_shown(terms, grant.of)} {_GRANTS[grant.kind]} {actions}{on}"


def _shown(terms: Terms, names: Iterable[str]) -> str:
    """Parts and types as messages call them."""
    parts = [(terms.part(name), name) for name in names]
    shown = ["resource" if name == "*" else name if part is None else part.shown for part, name in parts]
    return _and(dict.fromkeys(shown))


def _plain(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _and(words: Iterable[str]) -> str:
    return listed(words, "and")


def _or(words: Iterable[str]) -> str:
    return listed(words, "or")
