"""Policy documents, however written: JSON text, jsonencode, data.aws_iam_policy_document.

How the data source builds and merges documents is as in the provider's own code (6.x, `internal/service/iam`,
`policy_document_data_source.go` and `policy_model.go`): source documents, then the own statements, then overrides;
a statement takes the place of an earlier one with the same Sid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..hcl.nodes import Call, Expr, Template
from ..records import dataclass, field, replace
from ..terraform.evaluation.conversion import EvaluationError, TooLarge, equal
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.templates import render
from ..terraform.evaluation.values import REFERS_TO_ITSELF, Data, ErrorValue, PartialString, Symbol, Unknown, Value
from ..terraform.functions.json_reading import NotJson, decode
from ..terraform.module.references import reference_of, steps_of
from ..text.source import Span
from .statements import (
    Condition,
    Conditions,
    Document,
    ElementValues,
    Principal,
    Principals,
    Problem,
    Statement,
    document_from,
    terms_from,
)

_TYPE = "aws_iam_policy_document"
_LONGEST_CHAIN = 20  # of locals that stand for one another
_DEEPEST = 100  # documents within documents
_OUTPUTS = (("json",), ("minified_json",))


@dataclass(eq=False)
class DocumentReader:
    """Reads the documents of a module; what it has made of a data source is kept."""

    evaluator: Evaluator
    _made: dict[str, Document] = field(default_factory=dict)
    _depth: int = 0

    def read(self, value: Value, span: Span) -> Document:
        """The document that an argument's value is; `span` is where the argument is written."""
        if value.decoded is not None:
            return document_from(value.decoded, self.evaluator.module, span)
        data = _lone(value.data)
        if isinstance(data, Symbol):
            instance = self._source(data)
            return self.built(instance) if instance is not None else Document(doubt=data.reason)
        if data == "":  # an argument that is left empty is none
            return Document()
        if not isinstance(data, (str, PartialString)):
            reason = value.reason or "the policy is no string"
            return Document(doubt=reason, problem=Problem(reason, span) if value.is_known else None)
        try:
            decoded = decode(value)
        except NotJson as error:
            return Document(doubt=error.reason, problem=Problem(error.reason, error.span or span))
        except (EvaluationError, TooLarge) as error:
            return Document(doubt=error.reason)
        return document_from(decoded, self.evaluator.module, span)

    def read_argument(self, holder: Instance, argument: str) -> Document:
        """The document that an argument of a block holds.

        Where a part of it is an error, such as a reference to what isn't declared, the rest still counts.
        """
        value = holder.value(argument)
        span = holder.span_of(argument)
        attribute = holder.attribute(argument)
        if isinstance(value.data, ErrorValue) and attribute is not None:
            value = self._lenient(attribute.expr, holder.names) or value
        return self.read(value, span)

    def _lenient(self, expr: Expr, names: Mapping[str, Value]) -> Value | None:
        """The value of a jsonencode call or a template, directly or in a local, errors within it left aside."""
        for _ in range(_LONGEST_CHAIN):
            steps = steps_of(expr)
            declaration = self.evaluator.module.declarations.get(reference_of(*steps).address) if steps else None
            if declaration is None or declaration.kind != "local":
                break
            expr, names = declaration.expr, {}
        if isinstance(expr, Call) and expr.name == "jsonencode" and len(expr.arguments) == 1:
            return Value("", expr.span, decoded=self.evaluator.evaluate(expr.arguments[0], names))
        if isinstance(expr, Template):
            known = names
            try:
                return render(expr, lambda part, bound: self._part(part, {**known, **bound}))
            except (EvaluationError, TooLarge):
                return None
        return None

    def _part(self, expr: Expr, names: Mapping[str, Value]) -> Value:
        """A part of a template; where it is an error, what stands for it."""
        value = self.evaluator.evaluate(expr, names)
        if not isinstance(value.data, ErrorValue):
            return value
        steps = steps_of(expr)
        if steps is None:
            return Value(Unknown(value.data.reason), expr.span)
        reference = reference_of(*steps)
        return Value(Symbol(reference.address, reference.path), expr.span)

    def _source(self, symbol: Symbol) -> Instance | None:
        """The data source whose JSON a reference is."""
        declaration = self.evaluator.module.declarations.get(symbol.block_address)
        if declaration is None or declaration.kind != "data" or declaration.type != _TYPE:
            return None
        if symbol.path not in _OUTPUTS:
            return None
        made = self.evaluator.instances(declaration)
        return next((instance for instance in made if instance.address == symbol.address), None)

    def built(self, instance: Instance) -> Document:
        """The document that a data source builds."""
        address = instance.address
        if address not in self._made:
            if self._depth == _DEEPEST:
                return Document(doubt=f"{address} is nested too deeply to be read")
            self._depth += 1
            try:
                self._made[address] = self._build(instance)
            finally:
                self._depth -= 1
        return self._made[address]

    def _build(self, instance: Instance) -> Document:
        document = Document()
        for source in self._documents(instance, "source_policy_documents"):
            document = merged(document, source)
        document = merged(document, _own(instance))
        for override in self._documents(instance, "override_policy_documents"):
            document = merged(document, override)
        return document

    def _documents(self, instance: Instance, argument: str) -> Iterable[Document]:
        """The documents that a list argument holds, and one of which nothing is known where there may be more."""
        span = instance.span_of(argument)
        if self.evaluator.goes_round(instance.declaration, argument):
            yield Document(doubt=f"{instance.declaration.address} {REFERS_TO_ITSELF}")
            return
        value = instance.value(argument)
        if value.data is None:
            return
        listed = terms_from(value, span)
        for item in listed.items:
            if item.data is not None and item.data != "":
                yield self.read(item, item.span or span)
        if listed.doubt is not None:
            yield Document(doubt=listed.doubt)


def merged(first: Document, second: Document) -> Document:
    """The first document with the second's statements behind its own or in place of those with the same Sid."""
    statements = list(first.statements)
    if second.doubt is not None:  # any of its unknown statements may take another's place
        statements = [_doubtful(old, second.doubt) if _sid(old) is not None else old for old in statements]
    there = {id(statement) for statement in statements}
    for new in second.statements:
        if id(new) not in there:  # a document may arrive by several ways
            _place(statements, new)
    version = first.version
    if second.version is not None and (version is None or str(second.version.data) > str(version.data)):
        version = second.version
    return Document(
        tuple(statements), version, second.id or first.id, first.doubt or second.doubt, first.problem or second.problem
    )


def _place(statements: list[Statement], new: Statement) -> None:
    """Put a statement in place of the one with its Sid, or behind all where there is none."""
    sid = _sid(new)
    for number, old in enumerate(statements) if sid is not None else ():
        other = _sid(old)
        same = equal(sid, other) if other is not None and sid is not None else False
        if same and new.doubt is None:
            statements[number] = new
            return
        if same is not False:
            reason = new.doubt or (sid.reason if sid is not None else None) or "its Sid isn't known"
            statements[number] = _doubtful(old, f"it may be overridden: {reason}")
    statements.append(new)


def _sid(statement: Statement) -> Value | None:
    """A statement's Sid, None where it has none: such a statement is never replaced."""
    sid = statement.sid
    return None if sid is None or sid.data in (None, "") else sid


def _doubtful(statement: Statement, reason: str) -> Statement:
    return statement if statement.doubt is not None else replace(statement, doubt=reason)


def _own(instance: Instance) -> Document:
    """The statements of the data source's own blocks; of a dynamic one over what isn't known, one for all."""
    blocks = instance.blocks("statement")
    version = instance.value("version")
    if version.data is None:
        version = Value("2012-10-17", instance.header)
    id_ = instance.value("policy_id")
    return Document(
        tuple(_statement(block, instance) for block in blocks),
        version,
        id_ if id_.data not in (None, "") else None,
    )


def _own_doubt(block: Instance, around: Instance) -> str | None:
    """The doubt of a block, given that the block around it exists."""
    return block.doubt if block.doubt != around.doubt else None


def _statement(block: Instance, around: Instance) -> Statement:
    effect, sid = block.value("effect"), block.value("sid")
    return Statement(
        block.header,
        effect if effect.data is not None else Value("Allow", block.header),
        sid if sid.data not in (None, "") else None,
        _terms(block, "actions"),
        _terms(block, "not_actions"),
        _terms(block, "resources", variables=True),
        _terms(block, "not_resources", variables=True),
        _principals(block, "principals"),
        _principals(block, "not_principals"),
        _conditions(block),
        _own_doubt(block, around),
    )


def _terms(block: Instance, argument: str, *, variables: bool = False) -> ElementValues | None:
    """An argument's list; None where it is absent or certainly empty, as the data source then leaves it out."""
    value = block.value(argument)
    if value.data is None:
        return None
    terms = terms_from(value, block.span_of(argument))
    if not terms.items and terms.doubt is None:
        return None
    return replace(terms, items=tuple(_with_variables(item) for item in terms.items)) if variables else terms


def _principals(block: Instance, kind: str) -> Principals | None:
    entries: list[Principal] = []
    rest: str | None = None
    nested = block.blocks(kind)
    for inner in nested:
        if doubt := _own_doubt(inner, block):
            rest = rest or doubt
            continue
        identifiers = _terms(inner, "identifiers", variables=True)
        entries.append(Principal(inner.value("type"), identifiers or ElementValues((), inner.header)))
    return Principals(tuple(entries), nested[0].header, rest) if nested else None


def _conditions(block: Instance) -> Conditions:
    entries: list[Condition] = []
    rest: str | None = None
    for inner in block.blocks("condition"):
        if doubt := _own_doubt(inner, block):
            rest = rest or doubt
            continue
        values = _terms(inner, "values", variables=True)
        entries.append(
            Condition(inner.value("test"), inner.value("variable"), values or ElementValues((), inner.header))
        )
    return Conditions(tuple(entries), rest)


def _with_variables(value: Value) -> Value:
    """With `&{` as the `${` that it stands for."""
    data = value.data
    if isinstance(data, str):
        return replace(value, data=data.replace("&{", "${")) if "&{" in data else value
    if isinstance(data, PartialString):
        parts = tuple(part.replace("&{", "${") if isinstance(part, str) else part for part in data.parts)
        return replace(value, data=PartialString(parts))
    return value


def _lone(data: Data) -> Data:
    """The reference that is all of a text but white space, else the data itself."""
    if isinstance(data, PartialString):
        others = [part for part in data.parts if not (isinstance(part, str) and not part.strip())]
        if len(others) == 1 and isinstance(others[0], Symbol):
            return others[0]
    return data
