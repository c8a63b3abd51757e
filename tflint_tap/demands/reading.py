"""A contract → its terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ..contract import Contract
from ..contract.format import ANY, NONE
from ..hcl.nodes import Expr
from ..hcl.packing import unpacked
from ..records import replace
from .packing import plain_terms
from .terms import (
    MUST,
    OF_NAMES,
    Agreement,
    ArtefactTerm,
    Ban,
    CommentTerm,
    Count,
    Denial,
    FileTerm,
    Grant,
    KeyTest,
    LocalTerm,
    Naming,
    Origin,
    OutputTerm,
    Part,
    ProviderTerm,
    Reach,
    RuleOf,
    Setting,
    Surroundings,
    Tags,
    Term,
    Terms,
    Universal,
    VariableTerm,
    VersionTerm,
    Wire,
    Wired,
)

_ARN = re.compile(r"([\w.-]+)\.(\w+)(\W.*)?")
_COUNT = re.compile(r"(>=|<=)? *(\d+)(?: *\.\. *(\d+))?")
_BANNED = (("resource", "resource"), ("any", "resource"), ("data", "data"), ("block", "block"))


@lru_cache(maxsize=8)  # a run may judge many files by one contract
def terms_of(contract: Contract) -> Terms:
    """The terms of a contract. ContractError where its text can't be read."""
    return read_terms(plain_terms(contract))


def read_terms(content: Mapping[str, Any]) -> Terms:
    """Terms from their plain form."""
    reader = _Reader(content.get("under", {}))
    listed = {
        name: list(enumerate(content.get(name, ())))
        for name in ("each", "forbid", "wiring", "policies", "reach", "outputs", "comments", "person")
    }
    denying = [(number, item) for number, item in listed["policies"] if "denies" in item]
    granting = [(number, item) for number, item in listed["policies"] if "denies" not in item]
    naming, tags = content.get("naming"), content.get("tags")
    return Terms(
        under=content.get("under", {}),
        variables=tuple(reader.variable(name, item) for name, item in content.get("variables", {}).items()),
        locals=tuple(reader.local(name, item) for name, item in content.get("locals", {}).items()),
        parts=tuple(reader.part(name, item) for name, item in content.get("parts", {}).items()),
        universals=tuple(reader.universal(f"each.{number}", item) for number, item in listed["each"]),
        bans=tuple(ban for number, item in listed["forbid"] for ban in reader.bans(f"forbid.{number}", item)),
        wires=tuple(reader.wire(f"wiring.{number}", item) for number, item in listed["wiring"]),
        grants=tuple(reader.grant(f"policies.{number}", item) for number, item in granting),
        denials=tuple(reader.denial(f"policies.{number}", item) for number, item in denying),
        reaches=tuple(reader.reach(f"reach.{number}", item) for number, item in listed["reach"]),
        relations=reader.settings(content.get("relate", ()), reader.term("relate", {}), numbered=True),
        outputs=tuple(reader.output(f"outputs.{number}", item) for number, item in listed["outputs"]),
        comments=tuple(reader.comment(f"comments.{number}", item) for number, item in listed["comments"]),
        agreements=tuple(made for item in content.get("figures", ()) for made in reader.agreements(item)),
        around=reader.surroundings(content),
        naming=reader.naming(naming) if naming is not None else None,
        tags=reader.tags(tags) if tags is not None else None,
        rules=tuple(_rules(content)),
        people=tuple(_person(number, item) for number, item in listed["person"]),
        texts={id_: " ".join(str(text).split()) for id_, text in content.get("requirements", {}).items()},
    )


def _rules(content: Mapping[str, Any]) -> Iterator[RuleOf]:
    """The rules that break requirements: those that the contract names, and those that report what it says of names."""
    rules: Mapping[str, Any] = content.get("rules", {})
    for id_, items in rules.items():
        for item in items:
            if isinstance(item, str):
                yield RuleOf(id_, item)
            else:
                of, needs = _texts(item.get("of")), _texts(item.get("need"))
                yield RuleOf(id_, item["rule"], of, needs, bool(item.get("yields")))

    named = {item if isinstance(item, str) else item["rule"] for items in rules.values() for item in items}
    for (section, key), implied in OF_NAMES.items():
        if key in content.get(section, {}):
            id_ = content[section].get("id", section)
            yield from (RuleOf(id_, rule) for rule in implied if rule not in named)


def split_arn(text: str) -> tuple[str, str, str]:
    """The part, the attribute and what stands behind the ARN: `bucket.arn/*` is bucket, arn and /*."""
    found = _ARN.fullmatch(text)
    return (found[1], found[2], found[3] or "") if found is not None else ("", text, "")


def _person(number: int, item: Any) -> tuple[str, str]:
    return (f"person.{number}", item) if isinstance(item, str) else (item.get("id", f"person.{number}"), item["says"])


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _expr(content: Mapping[str, Any], key: str) -> Expr | None:
    return unpacked(content[key]) if key in content else None


class _Reader:
    """Reads terms; `evaluations` are the contract's own, by their names."""

    def __init__(self, evaluations: Mapping[str, Mapping[str, Any]]) -> None:
        self.evaluations = evaluations

    def term(self, place: str, content: Mapping[str, Any], level: str = MUST, id_: str | None = None) -> Term:
        under = content.get("under")
        if isinstance(under, Mapping):
            values: tuple[Mapping[str, Any], ...] = (under,)
        elif under is not None:
            values = tuple(self.evaluations[name] for name in _texts(under))
        else:
            values = tuple(self.evaluations.values()) or ({},)
        return Term(
            content.get("id", id_ or place),
            content.get("level", level),
            str(content.get("says", "")).strip(),
            str(content.get("remedy", "")).strip(),
            values,
        )

    def settings(self, items: Any, of: Term, *, numbered: bool = False) -> tuple[Setting, ...]:
        made: list[Setting] = []
        for number, item in enumerate(items):
            place = f"{of.id}.{number}" if numbered else of.id
            content = item if isinstance(item, Mapping) else {"that": item}
            term = self.term(place, content, of.level)
            if "under" not in content:
                term = replace(term, under=of.under)
            where, pointed = _expr(content, "where"), _expr(content, "points_at")
            made.append(Setting(term, unpacked(content["that"]), where, content.get("at"), pointed))
        return tuple(made)

    def variable(self, name: str, content: Mapping[str, Any]) -> VariableTerm:
        term = self.term(f"variables.{name}", content)
        default = content.get("default", ANY)
        listed = default if isinstance(default, list) else [default]
        return VariableTerm(
            name,
            term,
            _texts(content.get("type")),
            None if ANY in listed else tuple(value for value in listed if value != NONE),
            ANY in listed or NONE in listed,
            bool(content.get("validated", False)),
            bool(content.get("sensitive", False)),
            _expr(content, "where"),
            _texts(content.get("unless")),
            self.settings(content.get("require", ()), term),
        )

    def local(self, name: str, content: Mapping[str, Any]) -> LocalTerm:
        term = self.term(f"locals.{name}", content)
        return LocalTerm(name, term, _expr(content, "equals"), self.settings(content.get("require", ()), term))

    def part(self, name: str, content: Mapping[str, Any]) -> Part:
        term = self.term(f"parts.{name}", content)
        wired = tuple(
            Wired(item["edge"], _texts(item.get("to", item.get("from"))), "to" in item)
            for item in content.get("wired", ())
        )
        origins = []
        for argument, value in content.get("from", {}).items():
            item = value if isinstance(value, Mapping) else {"of": value}
            origins.append(Origin(self.term(term.id, item, term.level), argument, item["of"]))
        return Part(
            name,
            term,
            _texts(content.get("one_of", content.get("type"))),
            _texts(content.get("named")),
            content.get("ending", ""),
            _expr(content, "where"),
            wired,
            _count(content["count"]) if "count" in content else None,
            tuple(origins),
            self.settings(content.get("require", ()), term),
            bool(content.get("data", False)),
        )

    def universal(self, place: str, content: Mapping[str, Any]) -> Universal:
        term = self.term(place, content)
        exempt = _texts(content.get("except"))
        settings = self.settings(content["require"], term)
        return Universal(term, _texts(content["of"]), exempt, _expr(content, "where"), settings)

    def bans(self, place: str, content: Mapping[str, Any]) -> Iterator[Ban]:
        term = self.term(place, content)
        for key, kind in _BANNED:
            if key in content:
                names, exempt = _texts(content[key]), _texts(content.get("except"))
                yield Ban(term, kind, names, exempt, _expr(content, "where"))

    def wire(self, place: str, content: Mapping[str, Any]) -> Wire:
        term = self.term(place, content)
        every = content.get("every")
        return Wire(term, content["from"], content["edge"], content["to"], _expr(content, "where"), every)

    def grant(self, place: str, content: Mapping[str, Any]) -> Grant:
        return Grant(
            self.term(place, content),
            _texts(content["of"]),
            content.get("grants", "at_least"),
            _texts(content["actions"]),
            _texts(content.get("resource")),
            bool(content.get("any", False)),
        )

    def denial(self, place: str, content: Mapping[str, Any]) -> Denial:
        denied = content["denies"]
        when = tuple(_key_test(key, value) for key, value in denied.get("when", {}).items())
        return Denial(self.term(place, content), _texts(content["of"]), _texts(denied.get("actions")), when)

    def reach(self, place: str, content: Mapping[str, Any]) -> Reach:
        term = self.term(place, content)
        only, protocol = bool(content.get("only")), content.get("protocol", "tcp")
        return Reach(term, content["to"], _texts(content["from"]), content.get("port"), only, protocol)

    def output(self, place: str, content: Mapping[str, Any]) -> OutputTerm:
        term = self.term(place, content)
        return OutputTerm(term, _texts(content.get("refers_to")), content.get("name"), content.get("sensitive"))

    def comment(self, place: str, content: Mapping[str, Any]) -> CommentTerm:
        term = self.term(place, content)
        return CommentTerm(term, _texts(content.get("at")), tuple(_texts(item) for item in content["mentions"]))

    def agreements(self, content: Mapping[str, Any]) -> Iterator[Agreement]:
        for item in content.get("code", ()):
            (bound,) = self.settings([item], self.term(content["id"], item, id_=content["id"]))
            figures = [" or ".join(_texts(each)) for each in content["states"]]
            yield Agreement(_texts(item["of"]), bound, content["about"], _texts(item.get("figure", figures)))

    def surroundings(self, content: Mapping[str, Any]) -> Surroundings:
        return Surroundings(
            artefacts=tuple(self.artefact(number, item) for number, item in enumerate(content.get("also", ()))),
            files=tuple(self.file(name, item) for name, item in content.get("files", {}).items()),
            versions=tuple(self.versions(content.get("terraform", {}))),
            providers=tuple(self.provider(name, item) for name, item in content.get("providers", {}).items()),
        )

    def artefact(self, number: int, item: Any) -> ArtefactTerm:
        content = item if isinstance(item, Mapping) else {"path": item}
        return ArtefactTerm(self.term(f"also.{number}", content), content["path"])

    def file(self, name: str, item: Any) -> FileTerm:
        content = item if isinstance(item, Mapping) else {"holds": item}
        term = self.term(f"files.{name}", content)
        return FileTerm(term, name, _texts(content["holds"]), bool(content.get("only", False)))

    def versions(self, content: Mapping[str, Any]) -> Iterator[VersionTerm]:
        if "required_version" in content:
            place = "terraform.required_version"
            yield VersionTerm(self.term(place, content), None, str(content["required_version"]))
        for name, item in content.get("providers", {}).items():
            own = item if isinstance(item, Mapping) else {"version": item}
            yield VersionTerm(self.term(f"terraform.providers.{name}", own), name, str(own["version"]))

    def provider(self, name: str, content: Mapping[str, Any]) -> ProviderTerm:
        term = self.term(f"providers.{name}", content)
        return ProviderTerm(term, name, content.get("region"), _texts(content.get("default_tags")))

    def naming(self, content: Mapping[str, Any]) -> Naming:
        exempt, suffix = _texts(content.get("except")), _expr(content, "suffix")
        return Naming(self.term("naming", content), content.get("prefix"), suffix, content.get("pattern"), exempt)

    def tags(self, content: Mapping[str, Any]) -> Tags:
        values = {key: _texts(value) for key, value in content.get("values", {}).items()}
        exempt = _texts(content.get("except"))
        return Tags(self.term("tags", content), _texts(content.get("required")), values, exempt)


def _key_test(key: str, value: Any) -> KeyTest:
    kind, wanted = next(iter(value.items())) if isinstance(value, Mapping) else ("is", value)
    return KeyTest(key, kind, tuple(map(_plain_text, wanted if isinstance(wanted, list) else [wanted])))


def _plain_text(value: Any) -> str:
    """A value as JSON writes it in a condition."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _count(value: Any) -> Count:
    if isinstance(value, Mapping):
        return Count(value["is"], value["is"], value["per"])
    found = _COUNT.fullmatch(str(value).strip())
    assert found is not None, "the format of contracts admits no other text"
    sign, first, last = found[1], int(found[2]), found[3]
    if sign == ">=":
        return Count(first, None)
    return Count(0, first) if sign == "<=" else Count(first, first if last is None else int(last))
