"""The check of a contract, so that no typo makes a demand that nothing can meet, or that everything meets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from ..aws import schema
from ..aws.companions import companions_of
from ..aws.edges import EdgeRow, End, edge_kinds, edge_rows
from ..aws.language import TOP_LEVEL
from ..aws.schema import Type
from ..contract import Contract, ContractError, claims_of
from ..contract.format import Schema, contract_schema
from ..contract.targets import promises_of
from ..contract.validation import Mistake, mistakes_in
from ..demands.packing import packed_terms, with_each
from ..demands.reading import read_terms, split_arn, terms_of
from ..demands.requirements import requirement_ids
from ..demands.terms import Agreement, Part, Terms
from ..hcl import ParseError, parse_expression, parse_template
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
from ..vocabulary.views import schema_of_type
from ..wiring.admissions import ADMITS
from .loader import line_of
from .shapes import Block, Listed, Parts, Shape, ShapeError, edge_shape, element_of, scope_shapes, shape_of

Path_ = tuple[str | int, ...]
_OF_MODULE = ("var", "local", "data", "path", "terraform")
_ANY = "*"
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


class _Checker:
    """A contract of the right format, held to what there is: parts, types, edges, rules, and shapes of expressions."""

    def __init__(self, node: Node, content: Mapping[str, Any], path: str, text: str, rules: Collection[str]) -> None:
        self.node, self.content, self.path, self.text, self.rules = node, content, path, text, rules
        self.found: list[Mistake] = []
        self.terms = Terms()

    def mistakes(self) -> list[Mistake]:
        self._parsed(self.content, contract_schema(), ())
        self._evaluations()
        if self.found:
            return self.found
        self.terms = read_terms(packed_terms(self.path, self.text))
        self._parts()
        self._settings()
        self._figures()
        self._wiring()
        self._others()
        return self.found

    def wrong(self, path: Path_, message: str) -> None:
        self.found.append(Mistake(line_of(self.node, path), message))

    # -- expressions ---------------------------------------------------------------------------------------

    def _parsed(self, value: Any, form: Schema, path: Path_) -> None:
        """Every text that is an expression can be parsed."""
        if isinstance(value, Mapping):
            for key, item in value.items():
                forms = [one for one in _forms(form) if isinstance(one, Mapping)]
                for one in forms:
                    inner = one.get("properties", {}).get(str(key), one.get("additionalProperties"))
                    if isinstance(inner, Mapping):
                        self._parsed(item, inner, (*path, str(key)))
        elif isinstance(value, list):
            for number, item in enumerate(value):
                for one in _forms(form):
                    if "items" in one:
                        self._parsed(item, one["items"], (*path, number))
        else:
            for one in _forms(form):
                parse = parse_expression if "x-expression" in one else parse_template if "x-template" in one else None
                if parse is not None:
                    try:
                        parse(Source("contract", with_each(str(value), "each").strip()))
                    except ParseError as error:
                        self.wrong(path, error.message)

    def _evaluations(self) -> None:
        """Names of evaluations are those that there are."""
        known = self.content.get("under", {})
        for path, value in _walk(self.content, ()):
            if path[-1:] == ("under",) and len(path) > 1 and not isinstance(value, Mapping):
                for name in value if isinstance(value, list) else [value]:
                    if name not in known:
                        self.wrong(path, f"there is no evaluation {name}{suggestion(str(name), known)}")

    def _shape(self, expr: Expr, scope: Mapping[str, Shape | None], path: Path_, *, is_condition: bool = True) -> None:
        try:
            shape = shape_of(expr, {**dict.fromkeys(_OF_MODULE), **self._known_parts(), **scope})
        except ShapeError as error:
            self.wrong(path, str(error))
            return
        if is_condition and (isinstance(shape, (Block, Listed)) or (isinstance(shape, Type) and shape.kind != "bool")):
            self.wrong(path, "this has to be a condition, true or false, and it gives neither")

    def _known_parts(self) -> dict[str, Shape | None]:
        made: dict[str, Any] = {}
        for part in self.terms.parts:
            *groups, name = part.name.split(".")
            inner = made
            for group in groups:
                inner = inner.setdefault(group, {})
            inner[name] = _shape_of(part)
        return {name: _grouped(name, item) for name, item in made.items()}

    # -- sections ------------------------------------------------------------------------------------------

    def _place(self, part: Part) -> Path_:
        """The keys that lead to a part: of a group, to the part that it is written as."""
        names = part.name.split(".")
        return ("parts", names[0], "parts", names[-1]) if len(names) == 3 else ("parts", *names)

    def _type(self, type_: str, path: Path_, *, is_data: bool = False) -> bool:
        known = schema.data_source_types() if is_data else schema.resource_types()
        if type_ in known or type_ == _ANY:
            return True
        what = "data source" if is_data else "resource type"
        self.wrong(path, f"there is no {what} {type_}{suggestion(type_, known)}")
        return False

    def _name(self, name: str, path: Path_) -> bool:
        """A name is a part's."""
        known = [part.name for part in self.terms.parts]
        if name in known:
            return True
        self.wrong(path, f"there is no part {name}{suggestion(name, known)}")
        return False

    def _name_or_type(self, name: str, path: Path_) -> bool:
        if name.startswith("aws_") or name == _ANY:
            return self._type(name, path)
        return self._name(name, path)

    def _parts(self) -> None:
        for part in self.terms.parts:
            path = self._place(part)
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

    def _argument(self, types: tuple[str, ...], argument: str, path: Path_) -> None:
        """An argument, or one of a nested block, is one of the types'."""
        shape: Shape | None = Block(" or ".join(types), tuple(schema_of_type("resource", type_) for type_ in types))
        for name in argument.split("."):
            try:
                shape = shape_of(parse_expression(Source("argument", f"it.{name}")), {"it": shape})
            except ShapeError as error:
                self.wrong(path, str(error).replace("it.", ""))
                return
            shape = element_of(shape) if isinstance(shape, Listed) else shape

    def _attribute(self, text: str, path: Path_) -> None:
        """`topic.arn` is a part with an attribute that its type has."""
        name, _, attribute = text.rpartition(".")
        part = self.terms.part(name)
        if part is None:
            self._name(name or attribute, path)
        else:
            self._argument(part.types, attribute, path)

    def _settings(self) -> None:
        for part in self.terms.parts:
            own = {"self": Block(" or ".join(part.types), tuple(map(_content(part), part.types)))}
            path = self._place(part)
            if part.where is not None:
                self._shape(part.where, own, (*path, "where"))
            for number, item in enumerate(part.settings):
                self._shape(item.that, own, (*path, "require", number, "that"))
                if item.where is not None:
                    self._shape(item.where, own, (*path, "require", number, "where"))
                if item.pointed is not None:
                    self._shape(item.pointed, own, (*path, "require", number, "points_at"), is_condition=False)
                if item.at is not None:
                    self._argument(part.types, item.at, (*path, "require", number, "at"))
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
        own, item = {"self": self._block(wanted.of)}, wanted.setting
        self._shape(item.that, own, (*path, "that"))
        if item.where is not None:
            self._shape(item.where, own, (*path, "where"))
        if item.pointed is not None:
            self._shape(item.pointed, own, (*path, "points_at"), is_condition=False)
        if item.at is not None:
            types = tuple(type_ for name in wanted.of for type_ in self._types(name))
            self._argument(types, item.at, (*path, "at"))

    def _block(self, names: tuple[str, ...]) -> Block:
        """What types or parts have in common."""
        types: list[str] = []
        for name in names:
            part = self.terms.part(name)
            types += [name] if part is None else part.types
        return Block(" or ".join(types), tuple(schema_of_type("resource", type_) for type_ in types))

    def _wiring(self) -> None:
        for number, wire in enumerate(self.terms.wires):
            path: Path_ = ("wiring", number)
            right = [self._name_or_type(end, (*path, key)) for key, end in (("from", wire.source), ("to", wire.target))]
            if all(right):
                self._edge(wire.edge, wire.source, wire.target, path)
            if wire.where is not None and wire.edge in edge_kinds():
                self._shape(wire.where, edge_shape(wire.edge).items, (*path, "where"))

    def _edge(self, kind: str, source: str, target: str, path: Path_) -> None:
        """There is such a kind of edge, and it may lead from one to the other."""
        if kind not in edge_kinds():
            self.wrong((*path, "edge"), f"there is no kind of edge {kind}{suggestion(kind, edge_kinds())}")
            return
        sources, targets = self._types(source), self._types(target)
        rows = list(edge_rows(kind))
        may_be = any(_may_end(row, row.source, sources) and _may_end(row, row.target, targets) for row in rows)
        if not may_be and kind != ADMITS:  # policies make such edges as well
            ends = f"{' or '.join(sources)} to {' or '.join(targets)}"
            self.wrong(path, f"no edge {kind} leads from {ends}, says aws/edges.tsv")

    def _types(self, name: str) -> tuple[str, ...]:
        part = self.terms.part(name)
        return (name,) if part is None else part.types

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
            if entry.rule not in self.rules and (name != _ANY or family not in families):
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
        known = [name for name in names if name != _ANY]
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


def _forms(form: Schema) -> list[Schema]:
    return list(form["anyOf"]) if "anyOf" in form else [form]


def _walk(value: Any, path: Path_) -> Iterator[tuple[Path_, Any]]:
    yield path, value
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _walk(item, (*path, key))


def _content(part: Part) -> Any:
    kind = "data" if part.is_data else "resource"
    return lambda type_: schema_of_type(kind, type_)


def _shape_of(part: Part) -> Shape:
    block = Block(" or ".join(part.types), tuple(map(_content(part), part.types)))
    return Listed(block, part.name) if part.count is not None else block


def _grouped(name: str, item: Any) -> Shape | None:
    if not isinstance(item, dict):
        shape: Shape | None = item
        return shape
    return Parts(f"the group {name}", {inner: _grouped(inner, one) for inner, one in item.items()})


def _may_end(row: EdgeRow, end: End, types: tuple[str, ...]) -> bool:
    """Return True if a resource of one of these types may be an end of the edges of a row."""
    if end.path is None:
        return row.holder in types
    return not end.types or bool(set(end.types) & set(types))


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
