"""HCL conditions as checks: a subject of `match` for which `where` holds breaks the rule unless `require` holds.

Conditions are three-valued. An unknown `require` is a doubt; so is one that fails where `where` is unknown, where it
isn't certain that the block or edge exists, or for elements that may be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..hcl.nodes import Expr, GetAttr, Template
from ..records import dataclass, field
from ..rule import Hit, Rule, Severity
from ..stack import Stack
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, Unknown, Value, View
from ..terraform.module.references import references, steps_of
from ..text.source import Related, Span
from ..vocabulary import evaluator_of
from ..vocabulary.subjects import Match, Subject, subjects
from ..vocabulary.verdicts import verdict
from ..vocabulary.views import instance_view
from .places import Place, place_of
from .wording import plain, template, worded


@dataclass(frozen=True, slots=True)
class Condition:
    """A judgement in HCL, as the keys of a card give it.

    `let` names values for the other expressions. `each` is a list (or nested blocks): each element is judged by
    itself. `telling` gives what is needed only where something is found.
    """

    match: tuple[Match, ...]
    require: Expr
    telling: Callable[[], Telling]
    where: Expr | None = None
    let: Mapping[str, Expr] = field(default_factory=dict)
    each: Expr | None = None
    _firsts: dict[Expr, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, stack: Stack, rule: Rule) -> Iterator[Hit]:
        """A hit for everything that breaks the condition, or for which that can't be told."""
        judge = _Judge(self, stack, rule, evaluator_of(stack), self._of_each())
        parameters = plain(rule.params) if rule.params else None
        for subject in subjects(stack, self.match):
            scope: dict[str, Value] = dict(subject.names)
            if parameters is not None:
                scope["param"] = parameters
            yield from judge.subject(subject, scope)

    def _of_each(self) -> frozenset[str]:
        """`each`, and the names of `let` that need it: a name needs only names before it."""
        found = {"each"}
        for name, expr in self.let.items() if self.each is not None else ():
            if not found.isdisjoint(self.named(expr)):
                found.add(name)
        return frozenset(found)

    def named(self, expr: Expr) -> tuple[str, ...]:
        """`each` and the names of `let` that an expression refers to; kept, since it is evaluated for each subject."""
        found = self._firsts.get(expr)
        if found is None:
            firsts = dict.fromkeys(reference.first for reference in references(expr))
            found = self._firsts[expr] = tuple(name for name in firsts if name in self.let or name == "each")
        return found


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
    of_each: frozenset[str]  # the names that differ from element to element

    @property
    def let(self) -> Mapping[str, Expr]:
        return self.condition.let

    def subject(self, subject: Subject, scope: dict[str, Value]) -> Iterator[Hit]:
        """The hits of one subject."""
        condition = self.condition
        excused: str | None = None
        late = condition.where is not None and self._needs_each(condition.where)
        if condition.where is not None and not late:
            holds = verdict(self.value(condition.where, scope))
            if holds is False:
                return
            excused = holds if isinstance(holds, str) else None
        if condition.each is not None:
            self._bind(condition.require, scope, self.of_each)  # what all elements share is evaluated once
        for element in self._elements(subject, scope):
            inner = scope if element.value is None else {**scope, "each": element.value}
            if late and condition.where is not None:
                holds = verdict(self.value(condition.where, inner))
                if holds is False:
                    continue
                excused = holds if isinstance(holds, str) else None
            holds = verdict(self.value(condition.require, inner))
            if holds is not True:
                doubt = holds if isinstance(holds, str) else excused or element.doubt or subject.doubt
                yield self._hit(subject, element, inner, doubt)

    def value(self, expr: Expr, scope: dict[str, Value]) -> Value:
        """An expression's value, the names that it needs from `let` evaluated first."""
        self._bind(expr, scope)
        return self.evaluator.evaluate(expr, scope)

    def _bind(self, expr: Expr, scope: dict[str, Value], left_out: frozenset[str] = frozenset()) -> None:
        """Evaluate the names of `let` that an expression needs, but for those that are left out."""
        let = self.condition.let
        if not let:
            return
        for name in self.condition.named(expr):
            if name in scope or name not in let:
                continue
            if name in left_out:
                self._bind(let[name], scope, left_out)
            else:
                scope[name] = self.value(let[name], scope)

    def _needs_each(self, expr: Expr) -> bool:
        return not self.of_each.isdisjoint(self.condition.named(expr))

    # -- what is judged ------------------------------------------------------------------------------------

    def _elements(self, subject: Subject, scope: dict[str, Value]) -> Iterator[_Element]:
        each = self.condition.each
        if each is None:
            yield _Element(None, subject.span)
            return
        blocks = _blocks(each, scope)
        if blocks is not None:
            for block in blocks:
                yield _Element(instance_view(self.stack, block), block.header, block.doubt)
            return
        listed = self.value(each, scope)
        data = listed.data
        if isinstance(data, (ListValue, MapValue)):
            for item in listed.elements():
                yield _Element(item)
            if data.doubt is not None:
                yield _Element(Value(data.doubt), None, data.doubt.reason)
        elif data is not None:
            reason = listed.reason or "it is no list"
            yield _Element(Value(Unknown(reason)), None, reason)

    def _span_of(self, value: Value, subject: Subject, scope: dict[str, Value]) -> Span:
        """The span of an element: its own in the subject or a local; of one in another block what leads there."""
        assert self.condition.each is not None
        own = value.span
        where = place_of(self, self.condition.each, scope, subject, Place(subject.span)).span
        if own is None or not self.stack.holds(own):
            return where
        declaration = self.stack.module.declaration_at(own)
        here = where.contains(own) or declaration is self.stack.module.declaration_at(subject.span)
        if here or declaration is None or declaration.kind == "local":
            return own
        from ..checks.sites import site_of  # rarely needed

        return site_of(self.stack, value, where, where).span

    # -- what is found -------------------------------------------------------------------------------------

    def _hit(self, subject: Subject, element: _Element, scope: dict[str, Value], doubt: str | None) -> Hit:
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
        )

    def _related(self, subject: Subject, scope: dict[str, Value], default: Place, place: Place) -> Iterator[Related]:
        told = {place.span}
        for label, expr in self.condition.telling().related:
            found = place_of(self, expr, scope, subject, default)
            if found.span not in told:  # the instances of one block have one place
                told.add(found.span)
                yield Related(self._words(label, scope), found.span)

    def _severity(self, scope: dict[str, Value]) -> Severity | None:
        severity = self.condition.telling().severity
        if severity is None:
            return None
        word = self.value(severity, scope).data
        return Severity[word.upper()] if isinstance(word, str) and word.upper() in Severity.__members__ else None

    def _words(self, text: str, scope: dict[str, Value]) -> str:
        if "${" in text or "%{" in text:
            self._bind(template(text), scope)
        return worded(text, scope, self.evaluator)


def _blocks(each: Expr, scope: Mapping[str, Value]) -> list[Instance] | None:
    """The nested blocks that a plain path names, those included that a `dynamic` block may make or not.

    None where the expression is something else, such as a list in an argument.
    """
    found = steps_of(each) if not isinstance(each, Template) else None
    if found is None:
        return None
    root, steps = found
    view = scope[root.name].data if root.name in scope else None
    if not isinstance(view, View) or not isinstance(view.subject, Instance):
        return None
    made = [view.subject]
    for step in steps:
        if not isinstance(step, GetAttr) or any(block.attribute(step.name) is not None for block in made):
            return None
        made = [nested for block in made for nested in block.blocks(step.name)]
    return made
