"""The check of a contract, so that no typo makes a demand that nothing can meet, or that everything meets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from ..aws import schema
from ..aws.companions import companions_of
from ..aws.edges import edge_kinds
from ..aws.language import TOP_LEVEL
from ..contract import Contract, ContractError, claims_of
from ..contract.format import contract_schema
from ..contract.targets import promises_of
from ..contract.validation import Mistake, mistakes_in
from ..demands.packing import packed_terms
from ..demands.reading import read_terms, split_arn, terms_of
from ..demands.requirements import requirement_ids
from ..demands.telling import circle_of, in_words
from ..demands.terms import Agreement
from ..hcl import ParseError, parse_expression
from ..hcl.nodes import Expr
from ..iam.actions import action
from ..iam.conditions import key_facts
from ..iam.policies import policy_attributes
from ..needs.table import need_rows
from ..records import dataclass
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.module.versions import range_of
from ..terraform.typing import parse_type
from ..text.nearest import suggestion
from ..text.source import Source
from ..text.yaml_text import Node, YamlError, compose, load
from ..vocabulary.subjects import Match
from .contract_names import ANY, Meanings, Path_, block_of
from .loader import line_of
from .shapes import edge_shape, scope_shapes

_PROVIDER_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)?")


def mistakes_of(contract: Contract, rules: Collection[str]) -> list[Mistake]:
    """What is wrong with a contract, by lines; `rules` are the ids of all rules there are."""
    assert contract.text is not None
    path, text = str(contract.path), contract.text
    try:
        node = compose(text)
    except YamlError as error:
        return [Mistake(error.line, str(error))]
    if node is None or node[1] != "mapping":
        return [Mistake(1, "a contract is a mapping")]
    found = list(mistakes_in(node, contract_schema()))
    if not found:
        found += _Checker(node, load(text), path, text, rules).mistakes()
    for read in (lambda: claims_of(path, text), lambda: promises_of(contract)) if not found else ():
        try:
            read()
        except ContractError as error:
            line, _, message = str(error).removeprefix(f"{path}:").partition(": ")
            found.append(Mistake(int(line) if line.isdigit() else 1, message))
    found = found or list(_needless_texts(contract, node))
    return sorted(set(found), key=lambda mistake: (mistake.line, mistake.message))


def _needless_texts(contract: Contract, node: Node) -> Iterator[Mistake]:
    """The texts of requirements that there aren't."""
    known = requirement_ids(contract)
    for id_ in terms_of(contract).texts:
        if id_ not in known:
            line = line_of(node, ("requirements", id_))
            yield Mistake(line, f"there is no requirement {id_}{suggestion(id_, known)}")


class _Checker(Meanings):
    """Checks the sections of a contract of the right format."""

    def mistakes(self) -> list[Mistake]:
        self._parsed(self.content, contract_schema(), ())
        self._evaluations()
        if "pattern" in self.content.get("naming", {}):
            self._pattern(str(self.content["naming"]["pattern"]), ("naming", "pattern"))
        if self.found:
            return self.found
        self.terms = read_terms(packed_terms(self.path, self.text))
        self._parts()
        self._settings()
        self._figures()
        self._wiring()
        self._others()
        return self.found

    def _parts(self) -> None:
        for part in self.terms.parts:
            path = self._place(part)
            circle = circle_of(self.terms, part)
            if circle:
                self.wrong(path, f"nothing tells what {part.name} is: {in_words(part, circle)}")
            if not part.types:
                self.wrong(path, "a part has a type, or one_of several")
            types = [self._type(type_, (*path, "type"), is_data=part.is_data) for type_ in part.types]
            if not all(types):
                continue
            for wired in part.wired:
                for name in wired.others:
                    if self._name(name, (*path, "wired")):
                        ends = (part.name, name) if wired.is_outgoing else (name, part.name)
                        self._edge(wired.edge, *ends, (*path, "wired"))
            for item in part.origins:
                self._argument(part.types, item.argument, (*path, "from", item.argument))
                root = item.of.partition(".")[0]
                if root not in ("var", "local"):
                    self._attribute(item.of, (*path, "from", item.argument))

    def _settings(self) -> None:
        for part in self.terms.parts:
            own = {"self": block_of(part)}
            path = self._place(part)
            if part.where is not None:
                self._shape(part.where, own, (*path, "where"))
            for number, item in enumerate(part.settings):
                self._setting(item, part.types, own["self"], (*path, "require", number))
        variable = scope_shapes((Match("variable"),))
        for term in self.terms.variables:
            for text in term.types:
                self._constraint(text, ("variables", term.name, "type"))
            if term.where is not None:
                self._shape(term.where, variable, ("variables", term.name, "where"))
            for number, item in enumerate(term.settings):
                self._shape(item.that, variable, ("variables", term.name, "require", number, "that"))
        for local in self.terms.locals:
            for number, item in enumerate(local.settings):
                self._shape(item.that, scope_shapes((Match("local"),)), ("locals", local.name, "require", number))
        for number, item in enumerate(self.terms.relations):
            self._shape(item.that, {}, ("relate", number))
        for number, rule in enumerate(self.terms.universals):
            path = ("each", number)
            known = [self._name_or_type(name, (*path, "of")) for name in rule.of]
            if all(known):
                own = {"self": self._block(rule.of)}
                for inner, item in enumerate(rule.settings):
                    self._shape(item.that, own, (*path, "require", inner, "that"))
                if rule.where is not None:
                    self._shape(rule.where, own, (*path, "where"))
            for name in rule.exempt:
                self._name_or_type(name, (*path, "except"))

    def _constraint(self, text: str, path: Path_) -> None:
        """A variable's type is one that Terraform has."""
        try:
            parse_type(parse_expression(Source("type", text)))
        except ParseError as error:
            self.wrong(path, f"{text} is no type: {error.message}")
        except EvaluationError as error:
            self.wrong(path, f"{text} is no type: {error.reason}")

    def _figures(self) -> None:
        """The blocks that figures belong to, and the code that they bind."""
        bound = iter(self.terms.agreements)
        for number, figure in enumerate(self.content.get("figures", ())):
            for name in figure["belongs_to"]:
                if not name.startswith("var."):
                    self._name_or_type(name, ("figures", number, "belongs_to"))
            stated = [" or ".join(each) if isinstance(each, list) else each for each in figure["states"]]
            for inner, _ in enumerate(figure.get("code", ())):
                path: Path_ = ("figures", number, "code", inner)
                wanted = next(bound)
                for name in wanted.figures:
                    if name not in stated:
                        self.wrong((*path, "figure"), f"{figure['id']} doesn't state {name}{suggestion(name, stated)}")
                self._bound(wanted, path)

    def _bound(self, wanted: Agreement, path: Path_) -> None:
        known = [self._name_or_type(name, (*path, "of")) for name in wanted.of]
        if not all(known):
            return
        types = tuple(type_ for name in wanted.of for type_ in self._types(name))
        self._setting(wanted.setting, types, self._block(wanted.of), path)

    def _wiring(self) -> None:
        for number, wire in enumerate(self.terms.wires):
            path: Path_ = ("wiring", number)
            right = [self._name_or_type(end, (*path, key)) for key, end in (("from", wire.source), ("to", wire.target))]
            if all(right):
                self._edge(wire.edge, wire.source, wire.target, path)
            if wire.where is not None and wire.edge in edge_kinds():
                self._shape(wire.where, edge_shape(wire.edge).items, (*path, "where"))

    def _others(self) -> None:
        for number, output in enumerate(self.terms.outputs):
            for text in output.refers_to:
                self._attribute(text, ("outputs", number, "refers_to"))
            if not output.refers_to and output.name is None:
                self.wrong(("outputs", number), "an output refers to something, or has a name")
        for number, comment in enumerate(self.terms.comments):
            for name in comment.at:
                self._name(name, ("comments", number, "at"))
        for ban in self.terms.bans:
            self._ban(ban.kind, ban.names, ban.exempt, ban.where)
        numbers = [number for number, item in enumerate(self.content.get("policies", ())) if "denies" not in item]
        for number, grant in zip(numbers, self.terms.grants, strict=True):
            for name in grant.of:
                self._name(name, ("policies", number, "of"))
            for name in grant.actions:
                if "*" not in name and action(name) is None:
                    self.wrong(("policies", number, "actions"), f"there is no action {name}")
            for text in grant.resources:
                name, attribute, _ = split_arn(text)
                self._attribute(f"{name}.{attribute}" if name else text, ("policies", number, "resource"))
        self._denials()
        self._providers()
        self._files()
        for number, reach in enumerate(self.terms.reaches):
            for name in (reach.target, *reach.sources):
                self._name(name, ("reach", number))
        families = {rule.partition("/")[0] for rule in self.rules}
        rows = [row.id for row in need_rows()] if any(entry.needs for entry in self.terms.rules) else []
        for entry in self.terms.rules:
            path = ("rules", entry.id)
            family, _, name = entry.rule.partition("/")
            if entry.rule not in self.rules and (name != ANY or family not in families):
                self.wrong(path, f"there is no rule {entry.rule}{suggestion(entry.rule, self.rules)}")
            for one in entry.of:
                self._name_or_type(one, path)
            for one in entry.needs:
                if one not in rows:
                    self.wrong(path, f"aws/needs.yaml has no row {one}{suggestion(one, rows)}")

    def _providers(self) -> None:
        for version in self.terms.around.versions:
            if range_of(version.constraint) is None:
                own = ("required_version",) if version.provider is None else ("providers", version.provider)
                self.wrong(("terraform", *own), f"{version.constraint} isn't a version constraint, as >= 1.4 is")
        for provider in self.terms.around.providers:
            if not _PROVIDER_NAME.fullmatch(provider.name):
                self.wrong(
                    ("providers", provider.name), f"{provider.name} isn't what a resource calls a provider: aws.west"
                )

    def _files(self) -> None:
        for number, artefact in enumerate(self.terms.around.artefacts):
            steps = artefact.path.split("/")
            if not all(steps) or ".." in steps or "**" in artefact.path or "\\" in artefact.path:
                self.wrong(("also", number), f"{artefact.path} isn't a path from the stack's folder, as README.md is")
        files = self.terms.around.files
        if files and self.content.get("claims", {}).get("alone"):
            self.wrong(("files",), "the file that claims names stands alone: there are no others")
        for file in files:
            path = ("files", file.name)
            if "/" in file.name or not file.name.endswith(".tf"):
                self.wrong(path, f"{file.name} isn't the name of a .tf file, without a folder")
            for one in file.holds:
                if one not in TOP_LEVEL and not any(fnmatchcase(type_, one) for type_ in schema.resource_types()):
                    near = suggestion(one, [*TOP_LEVEL, *schema.resource_types()])
                    self.wrong(path, f"there is no type of block or resource {one}{near}")

    def _denials(self) -> None:
        numbers = [number for number, item in enumerate(self.content.get("policies", ())) if "denies" in item]
        for number, denial in zip(numbers, self.terms.denials, strict=True):
            path: Path_ = ("policies", number)
            known = [self._name(name, (*path, "of")) for name in denial.of]
            for name in denial.of if all(known) else ():
                if not any(_holds_policies(type_) for type_ in self._types(name)):
                    self.wrong((*path, "of"), f"{name} has no policy of its own")
            for one in denial.actions:
                if "*" not in one and action(one) is None:
                    self.wrong((*path, "denies", "actions"), f"there is no action {one}")
            for test in denial.when:
                facts = key_facts(test.key)
                if not facts.is_known:
                    near = f"; did you mean {facts.near}?" if facts.near is not None else ""
                    self.wrong((*path, "denies", "when", test.key), f"there is no condition key {test.key}{near}")

    def _ban(self, kind: str, names: tuple[str, ...], exempt: tuple[str, ...], where: Expr | None) -> None:
        known = [name for name in names if name != ANY]
        for name in known:
            if kind == "block" and name not in TOP_LEVEL:
                self.wrong(("forbid",), f"there is no type of block {name}{suggestion(name, TOP_LEVEL)}")
            elif kind != "block":
                self._type(name, ("forbid",), is_data=kind == "data")
        for name in exempt:
            if self.terms.part(name) is None:
                self._type(name, ("forbid",), is_data=kind == "data")
        if where is not None and not self.found:
            self._shape(where, scope_shapes(tuple(Match(kind, name) for name in names)), ("forbid",))


def _holds_policies(type_: str) -> bool:
    """Return True if a resource of a type has a policy, in an argument or on a resource that holds its settings."""
    holders = {type_, *(row.type for row in companions_of(type_))}
    return any(kind in ("resource", "key") for holder in holders for _, kind in policy_attributes().get(holder, ()))


@dataclass(frozen=True, slots=True)
class Checked:
    """A contract that was checked: how much it says, and what is wrong with it."""

    demands: int
    mistakes: tuple[Mistake, ...]


def checked(contract: Contract, rules: Collection[str]) -> Checked:
    """The check of a contract's text."""
    found = mistakes_of(contract, rules)
    if found:
        return Checked(0, tuple(found))
    return Checked(len(requirement_ids(contract)), ())
