"""What a contract says of Terraform's own settings: versions, and the configurations of providers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..hcl.nodes import Template
from ..records import replace
from ..stack import Stack
from ..tagging import tags_of_provider
from ..terraform.evaluation.equality import equal
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.providers import configurations
from ..terraform.evaluation.values import Value
from ..terraform.module.pins import provider_constraints, terraform_constraints
from ..terraform.module.versions import Range, range_of
from ..text.listing import listed
from ..text.nearest import nearest
from ..text.source import Span
from .demand import Demand, broken, first_line, met
from .settings import origin
from .standing import Standing
from .terms import Origin, ProviderTerm, VersionTerm

WRONG_PROVIDER = "wrong-provider"
REFERENCES = ("var", "local")
_TERRAFORM = "terraform"


def version(standing: Standing, wanted: VersionTerm) -> Iterator[Demand]:
    """That a module admits no version of Terraform, or of a provider, that the contract doesn't admit."""
    stack, term = standing.stack, wanted.term
    admitted = range_of(wanted.constraint)
    assert admitted is not None, "the check of contracts admits no other text"
    if wanted.provider is None:
        exprs, what = list(terraform_constraints(stack.module)), "required_version"
    else:
        name = wanted.provider if "/" in wanted.provider else f"hashicorp/{wanted.provider}"
        exprs, what = list(provider_constraints(stack.module, name)), f"the version of provider {wanted.provider}"
    own, doubt = Range(), None
    for expr in exprs:
        text = expr.literal if isinstance(expr, Template) else None
        found = range_of(text) if text is not None else None
        if found is None:
            doubt = f"{expr.span.code} can't be read as a version constraint"
        else:
            own = own.both(found)
    place = exprs[0].span if exprs else _settings(stack)
    if exprs and doubt is None and own.is_within(admitted) and not own.is_empty:
        yield met(term, WRONG_PROVIDER, place)
        return
    said = f"{what} is not constrained; the contract asks for {wanted.constraint}"
    if exprs:
        written = " and ".join(expr.span.code for expr in exprs)
        said = f"{what} = {written} admits more than {wanted.constraint}"
        if own.is_empty:
            said = f"{what} = {written} admits nothing; the contract asks for {wanted.constraint}"
    remedy = f'constrain it to "{wanted.constraint}"'
    yield broken(term, WRONG_PROVIDER, place, what=what, said=said, remedy=remedy, doubt=doubt)


def _settings(stack: Stack) -> Span:
    """The place for a constraint that isn't there: the terraform block, if there is one."""
    blocks = (block.header for block in stack.module.blocks() if block.type == _TERRAFORM)
    return next(blocks, first_line(stack))


def provider(standing: Standing, wanted: ProviderTerm) -> Iterator[Demand]:
    """The configuration of a provider: that there is one, its region, and its default tags."""
    stack, term = standing.stack, wanted.term
    known = configurations(stack.evaluator)
    found = known.get(wanted.name)
    if found is None:
        if term.level != "may":
            yield _missing(stack, wanted, known)
        return
    yield met(term, WRONG_PROVIDER, found.header, found.address)
    if wanted.region is not None:
        yield from _region(standing, wanted, found, wanted.region)
    if wanted.default_tags:
        yield from _default_tags(standing, wanted, found)


def _missing(stack: Stack, wanted: ProviderTerm, known: Mapping[str, Instance]) -> Demand:
    name, _, alias = wanted.name.partition(".")
    alike = [other for other in known if other.partition(".")[0] == name]
    near = nearest(wanted.name, alike) or next(iter(alike), None)
    place = known[near].header if near is not None else first_line(stack)
    closest = f" (provider.{near} comes closest)" if near is not None else ""
    remedy = f'configure provider "{name}"{f" with alias = {alias}" if alias else ""}'
    what = f"provider {wanted.name}"
    said = f"there is no {what}{closest}"
    return broken(wanted.term, WRONG_PROVIDER, place, what=what, said=said, remedy=remedy)


def _region(standing: Standing, wanted: ProviderTerm, found: Instance, region: str) -> Iterator[Demand]:
    if region.partition(".")[0] in REFERENCES:
        for demand in origin(standing, Origin(wanted.term, "region", region), found):
            yield replace(demand, kind=WRONG_PROVIDER)
        return
    value = found.value("region")
    same = equal(value, Value(region))
    place = found.span_of("region")
    if same is True:
        yield met(wanted.term, WRONG_PROVIDER, place, found.address)
        return
    what = f"region of {found.address} has to be {region}"
    doubt = None if same is False else value.reason or "its value isn't known"
    remedy = f'set region = "{region}"'
    yield broken(wanted.term, WRONG_PROVIDER, place, found.address, what=what, remedy=remedy, doubt=doubt)


def _default_tags(standing: Standing, wanted: ProviderTerm, found: Instance) -> Iterator[Demand]:
    tags = tags_of_provider(standing.stack, wanted.name)
    missing = [key for key in wanted.default_tags if tags is None or key not in tags.values]
    place = tags.span if tags is not None else found.header
    if not missing:
        yield met(wanted.term, WRONG_PROVIDER, place, found.address)
        return
    keys = listed(missing, "and")
    yield broken(
        wanted.term,
        WRONG_PROVIDER,
        place,
        found.address,
        what=f"default_tags of {found.address} have to hold {keys}",
        remedy=f"add {keys} to its default_tags",
        doubt=tags.doubt if tags is not None else None,
    )
