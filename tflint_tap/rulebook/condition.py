"""HCL conditions as checks: a subject of `match` for which `where` holds breaks the rule unless `require` holds.

Conditions are three-valued. An unknown `require` is a doubt; so is one that fails where `where` is unknown, where it
isn't certain that the block or edge exists, or for elements that may be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..formulas.formula import Formula
from ..formulas.scope import Scope
from ..hcl.nodes import Expr
from ..records import dataclass, field
from ..rule import Hit, Rule, Severity
from ..stack import Stack
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, Unknown, Value, View
from ..terraform.module.references import references
from ..text.source import Related, Span
from ..vocabulary import evaluator_of
from ..vocabulary.subjects import Match, Subject, subjects
from ..vocabulary.views import instance_view
from ..wiring.edges import place_of_end
from .places import Place, place_of
from .wording import plain, template, worded


@dataclass(frozen=True, slots=True)
class Condition:
    """A judgement in HCL, as the keys of a card give it.

    `let` names values for the other expressions. `each` is a list (or nested blocks): each element is judged by
    itself; `of_each` are `each` and the names of `let` that need it, `is_late` is if `where` does, and `each_path` are
    the names of a plain path, root first. `telling` gives what is needed only where something is found.
    """

    match: tuple[Match, ...]
    require: Formula
    telling: Callable[[], Telling]
    where: Formula | None = None
    let: Mapping[str, Formula] = field(default_factory=dict)
    each: Formula | None = None
    of_each: frozenset[str] = frozenset()
    is_late: bool = False
    each_path: tuple[str, ...] = ()

    def __call__(self, stack: Stack, rule: Rule) -> Iterator[Hit]:
        """A hit for everything that breaks the condition, or for which that can't be told."""
        judge = _Judge(self, stack, rule, evaluator_of(stack))
        parameters = {"param": plain(rule.params)} if rule.params else {}
        for subject in subjects(stack, self.match):
            names = {**subject.names, **parameters} if parameters else subject.names
            yield from judge.subject(subject, Scope(names, judge.evaluator, self.let, self.of_each))


@dataclass(frozen=True, slots=True)
class Telling:
    """How a condition tells what it finds.

    `at` are the places to point at: the first that is written counts. `severity`, `message` and `remedy` are set where
    they differ from the card's own. `related` are labels (templates) with the expressions that they label.
    """

    at: tuple[Expr, ...] = ()
    severity: Expr | None = None
    message: str | None = None
    remedy: str | None = None
    related: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class _Element:
    """One of what `each` lists, None where a card has no `each`. `doubt` is why it may not be there.

    The `span` of a list's element is None: it is found where something is to be reported there.
    """

    value: Value | None
    span: Span | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class _Judge:
    """A condition at work on a stack."""

    condition: Condition
    stack: Stack
    rule: Rule
    evaluator: Evaluator

    @property
    def let(self) -> Mapping[str, Formula]:
        return self.condition.let

    def subject(self, subject: Subject, scope: Scope) -> Iterator[Hit]:
        """The hits of one subject."""
        condition = self.condition
        where, late = condition.where, condition.where if condition.is_late else None
        excused: str | None = None
        if where is not None and late is None:
            holds = where.verdict(scope)
            if holds is False:
                return
            excused = holds if isinstance(holds, str) else None
        for element in self._elements(subject, scope):
            inner = scope if element.value is None else scope.element(element.value)
            if late is not None:
                holds = late.verdict(inner)
                if holds is False:
                    continue
                excused = holds if isinstance(holds, str) else None
            holds = condition.require.verdict(inner)
            if holds is not True:
                doubt = holds if isinstance(holds, str) else excused or element.doubt or subject.doubt
                yield self._hit(subject, element, inner, doubt)

    def value(self, expr: Expr, scope: Scope) -> Value:
        """The value of an expression that tells what is found."""
        self._bind(expr, scope)
        return self.evaluator.evaluate(expr, scope)

    def _bind(self, expr: Expr, scope: Scope) -> None:
        """Evaluate the names of `let` that an expression needs."""
        for reference in references(expr):
            if reference.first in self.condition.let:
                scope[reference.first]

    # -- what is judged ------------------------------------------------------------------------------------

    def _elements(self, subject: Subject, scope: Scope) -> Iterator[_Element]:
        each = self.condition.each
        if each is None:
            yield _Element(None, subject.span)
            return
        blocks = _blocks(self.condition.each_path, scope)
        if blocks is not None:
            for block in blocks:
                yield _Element(instance_view(self.stack, block), block.header, block.doubt)
            return
        listed = each.value(scope)
        data = listed.data
        if isinstance(data, (ListValue, MapValue)):
            for item in listed.elements():
                yield _Element(item)
            if data.doubt is not None:
                yield _Element(Value(data.doubt), None, data.doubt.reason)
        elif data is not None:
            reason = listed.reason or "it is no list"
            yield _Element(Value(Unknown(reason)), None, reason)

    def _span_of(self, value: Value, subject: Subject, scope: Scope) -> Span:
        """The span of an element: its own in the subject or a local; of one in another block what leads there."""
        assert self.condition.each is not None
        own = value.span
        where = place_of(self, self.condition.each.expr, scope, subject, Place(subject.span)).span
        if own is None or not self.stack.holds(own):
            return where
        declaration = self.stack.module.declaration_at(own)
        here = where.contains(own) or declaration is self.stack.module.declaration_at(subject.span)
        if here or declaration is None or declaration.kind == "local":
            return own
        from ..checks.sites import site_of  # rarely needed

        return site_of(self.stack, value, where, where).span

    # -- what is found -------------------------------------------------------------------------------------

    def _hit(self, subject: Subject, element: _Element, scope: Scope, doubt: str | None) -> Hit:
        telling, rule = self.condition.telling(), self.rule
        span = element.span
        if span is None:
            span = self._span_of(element.value, subject, scope) if element.value is not None else subject.span
        default = Place(span)
        place = default
        for expr in telling.at:
            place = place_of(self, expr, scope, subject, default)
            if place.is_written:
                break
        return Hit(
            place.span,
            subject.address,
            related=(*self._related(subject, scope, default, place), *place.related),
            severity=self._severity(scope),
            doubt=doubt,
            message=self._words(telling.message or rule.message, scope),
            remedy=self._words(telling.remedy or rule.remedy, scope),
            way=_way(subject) if doubt is None else (),
        )

    def _related(self, subject: Subject, scope: Scope, default: Place, place: Place) -> Iterator[Related]:
        told = {place.span}
        for label, expr in self.condition.telling().related:
            found = place_of(self, expr, scope, subject, default)
            if found.span not in told:  # the instances of one block have one place
                told.add(found.span)
                yield Related(self._words(label, scope), found.span)

    def _severity(self, scope: Scope) -> Severity | None:
        severity = self.condition.telling().severity
        if severity is None:
            return None
        word = self.value(severity, scope).data
        return Severity[word.upper()] if isinstance(word, str) and word.upper() in Severity.__members__ else None

    def _words(self, text: str, scope: Scope) -> str:
        if "${" in text or "%{" in text:
            self._bind(template(text), scope)
        return worded(text, scope, self.evaluator)


def _way(subject: Subject) -> tuple[Related, ...]:
    """The steps of an edge: its source, what names the target there (or the source, where that does so), its target."""
    edge = subject.edge
    if edge is None:
        return ()
    from ..demands.edge_words import stated  # rarely needed

    source, target = edge.source, edge.target
    return (
        Related(f"{source.address} is here", source.header),
        Related(f"{source.address} {stated(edge.kind)} {target.address} here", place_of_end(edge)),
        Related(f"{target.address} is here", target.header),
    )


def _blocks(path: tuple[str, ...], scope: Scope) -> list[Instance] | None:
    """The nested blocks that a plain path names, those included that a `dynamic` block may make or not.

    None where there is no such path, or it leads to something else, such as a list in an argument.
    """
    view = scope[path[0]].data if path and path[0] in scope else None
    if not isinstance(view, View) or not isinstance(view.subject, Instance):
        return None
    made = [view.subject]
    for name in path[1:]:
        if any(block.attribute(name) is not None for block in made):
            return None
        made = [nested for block in made for nested in block.blocks(name)]
    return made
