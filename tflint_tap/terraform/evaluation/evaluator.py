"""Expressions → values. Never raises, always ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from ...hcl import ParseError, parse_template
from ...hcl.children import names_nothing
from ...hcl.nodes import (
    Binary,
    Block,
    Call,
    Conditional,
    Expr,
    For,
    GetAttr,
    Index,
    Item,
    Literal,
    Object,
    Parentheses,
    Splat,
    Template,
    Text,
    Tuple,
    Unary,
    Variable,
)
from ...records import dataclass, field, replace
from ...text.source import Source, Span
from ..functions import Environment
from ..module import Declaration, Module
from ..module.graph import circles, needed_locals
from ..module.references import reference_of, steps_of
from .calls import LENIENT, applied, expanded, lenient
from .conversion import EvaluationError, TooLarge, rounded
from .crossing import given_back, passed_in
from .inputs import Inputs
from .loops import ForLoop, key_text
from .operators import binary, chosen, flag_of, result_type, unary, unsettled
from .stepping import index, member, pairs_of, splatted
from .templates import render
from .values import (
    REFERS_TO_ITSELF,
    Data,
    ErrorValue,
    ListValue,
    MapValue,
    Symbol,
    Unknown,
    Value,
    contents,
)
from .variables import variable_value

if TYPE_CHECKING:
    from .expansion import Instance

# What one evaluation may cost: expressions visited and elements made, which bounds time and memory alike.
MOST_STEPS = 100_000
MOST_BLOCKS = 5_000  # instances and nested blocks of a module; beyond, one stands for all
MOST_ELEMENTS = 100_000  # of a value, counted where they are shared, too
# What isn't an attribute of a resource, but says how Terraform makes it.
_OF_TERRAFORM = ("count", "for_each", "provider", "depends_on", "replace_triggered_by")
Names = Mapping[str, Value]
Vocabulary = Mapping[str, Callable[[tuple[Value, ...], Span], Value]]
_NO_NAMES: Names = {}
_NO_COLLECTION = "a for expression needs a list, set, tuple, map or object"
_T = TypeVar("_T")
_S = TypeVar("_S")


class Spent(Exception):
    """The evaluation has cost too much."""


def given_up(error: Spent | RecursionError) -> Unknown:
    """The value of what costs too much."""
    if isinstance(error, Spent):
        return Unknown("evaluating it would take too long")
    return Unknown("it is nested too deeply to be evaluated")


@dataclass(eq=False)
class Evaluator:
    """Evaluates a module's expressions; what it has found of variables and locals is kept.

    `names` in a call are what exists only in some places: a for's variables, each, count, self, iterators.
    `vocabulary` are functions beyond Terraform's, for conditions of rules.
    """

    module: Module
    inputs: Inputs = field(default_factory=Inputs)
    environment: Environment = field(default_factory=Environment)
    vocabulary: Vocabulary = field(default_factory=dict)
    _known: dict[str, Value] = field(default_factory=dict)
    _made: dict[str, tuple[Instance, ...]] = field(default_factory=dict)
    _by_address: dict[str, Instance] = field(default_factory=dict)
    # plain strings, and calls in conditions; None: it names something
    _constants: dict[Expr, Value | None] = field(default_factory=dict)
    constants: dict[object, Value] = field(default_factory=dict)  # of compiled expressions, by keys of theirs
    _unwound: dict[Expr, tuple[Variable, list[GetAttr | Index | Splat]] | None] = field(default_factory=dict)
    blocks_left: int = MOST_BLOCKS
    _steps: int = 0

    def __post_init__(self) -> None:
        self.environment = replace(self.environment, render=self._render_alone)

    def supposing(self, values: Mapping[str, Value]) -> Evaluator:
        """An evaluator of the same module in which these variables and locals, by address, have these values."""
        return Evaluator(self.module, self.inputs, self.environment, self.vocabulary, dict(values))

    def evaluate(self, expr: Expr, names: Names = _NO_NAMES) -> Value:
        """The expression's value, with the span it was written at.

        It may cost as much as any, also where another waits for it: what is kept doesn't depend on who asks first,
        and what costs too much does so once.
        """
        before, self._steps = self._steps, 0
        try:
            return self._value(expr, names)
        except (Spent, RecursionError) as error:
            return Value(given_up(error), expr.span)
        finally:
            self._steps = before

    def measured(self, ask: Callable[[_T], _S], about: _T) -> _S:
        """What `ask` gives, at a cost of its own, as each `evaluate` has. Spent, RecursionError."""
        before, self._steps = self._steps, 0
        try:
            return ask(about)
        finally:
            self._steps = before

    def spend(self, steps: int) -> None:
        """Count what is evaluated elsewhere. Spent where one evaluation has cost too much."""
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise Spent

    def within(self, expr: Expr, names: Names) -> Value:
        """The value of a part of what is being evaluated, at the whole's cost. Spent, RecursionError."""
        return self._value(expr, names)

    def _value(self, expr: Expr, names: Names) -> Value:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Spent
        try:
            value = _DISPATCH[type(expr)](self, expr, names)
            data = value.data
            if isinstance(data, (ListValue, MapValue)) and contents(data)[0] > MOST_ELEMENTS:
                raise TooLarge(f"the value would have more than {MOST_ELEMENTS:,} elements")
            return value if value.span is not None else value.at(expr.span)
        except EvaluationError as error:
            return Value(ErrorValue(error.reason), expr.span)
        except TooLarge as error:
            return Value(Unknown(error.reason), expr.span)

    # -- plain expressions ---------------------------------------------------------------------------------

    def _literal(self, expr: Literal, names: Names) -> Value:
        number = expr.value
        return Value(rounded(number) if isinstance(number, Fraction) else number, expr.span)

    def _parentheses(self, expr: Parentheses, names: Names) -> Value:
        return self._value(expr.expr, names)

    def _template(self, expr: Template, names: Names) -> Value:
        if len(expr.parts) == 1 and isinstance(expr.parts[0], Text):  # a plain string is the same each time
            known = self._constants.get(expr)
            if known is None:
                known = self._constants[expr] = render(expr, lambda part, bound: self._value(part, names))
            return known
        return render(expr, lambda part, bound: self._value(part, {**names, **bound} if bound else names))

    def _tuple(self, expr: Tuple, names: Names) -> Value:
        return Value(ListValue(tuple(self._value(item, names) for item in expr.items)), expr.span)

    def _object(self, expr: Object, names: Names) -> Value:
        items: dict[str, Value] = {}
        rest: Unknown | None = None
        for item in expr.items:
            key = self._value(item.key, names)
            value = self._value(item.value, names)
            name = key_text(key)
            if isinstance(name, Unknown):
                rest = name
                continue
            items.pop(name, None)
            items[name] = value
        return Value(MapValue(items, "object", rest), expr.span)

    def _unary(self, expr: Unary, names: Names) -> Value:
        operand = self._value(expr.operand, names)
        return Value(unary(expr.operator, operand), expr.span, operand.sensitive)

    def _binary(self, expr: Binary, names: Names) -> Value:
        # a chain of operators leans to the left and can be long: walked, not recursed
        chain = [expr]
        while isinstance(chain[-1].left, Binary):
            chain.append(chain[-1].left)
        value = self._value(chain[-1].left, names)
        for link in reversed(chain):
            right = self._value(link.right, names)
            sensitive = value.sensitive or right.sensitive
            try:
                data = binary(link.operator, value, right)
                type_ = result_type(link.operator) if isinstance(data, Unknown) else None
                value = Value(data, link.span, sensitive, type=type_)
            except EvaluationError as error:
                value = Value(ErrorValue(error.reason), link.span)
        return value

    def _conditional(self, expr: Conditional, names: Names) -> Value:
        condition = self._value(expr.condition, names)
        flag = flag_of(condition)
        then, otherwise = self._value(expr.then, names), self._value(expr.otherwise, names)
        return chosen(flag, (then, otherwise), expr.span)

    def _for(self, expr: For, names: Names) -> Value:
        collection = self._value(expr.collection, names)
        if expr.condition is not None and names_nothing(expr.condition):
            flag_of(self._value(expr.condition, names))  # asked for even where there are no elements
        if not collection.is_known:
            if collection.type is not None and collection.type.kind in ("string", "number", "bool"):
                raise EvaluationError(_NO_COLLECTION)
            return Value(self.loop_over_unknown(collection), expr.span)
        pairs = pairs_of(collection)
        if pairs is None:
            raise EvaluationError(_NO_COLLECTION)
        loop = ForLoop(expr, names, getattr(collection.data, "doubt", None), self._value)
        listed = loop.as_object(pairs) if expr.key_expr is not None else loop.as_tuple(pairs)
        return Value(listed, expr.span, collection.sensitive)

    def loop_over_unknown(self, collection: Value) -> Unknown | ErrorValue:
        """The value of a for expression over what isn't known."""
        made = self._unknown_instances(collection.data) or unsettled(collection)
        if isinstance(made, Unknown) and isinstance(collection.data, Unknown):
            made = replace(made, variable=collection.data.variable)
        return made

    def _unknown_instances(self, data: Data) -> Unknown | None:
        """The reason why the instances of a resource aren't known, if a value is all of them."""
        if not isinstance(data, Symbol) or data.path or not data.address.endswith("[?]"):
            return None
        declaration = self.module.declarations.get(data.block_address)
        made = self.instances(declaration) if declaration is not None else ()
        doubt = next((instance.doubt for instance in made if instance.doubt is not None), None)
        return None if doubt is None else Unknown(doubt)

    # -- traversals ----------------------------------------------------------------------------------------

    def _traversal(self, expr: Variable | GetAttr | Index | Splat, names: Names) -> Value:
        if expr not in self._unwound:
            self._unwound[expr] = steps_of(expr)
        found = self._unwound[expr]
        if found is None:
            assert not isinstance(expr, Variable)
            return self._step(self._value(expr.operand, names), expr, names)
        root, steps = found
        if root.name in names:
            value, taken = names[root.name], 0
        else:
            reference = reference_of(root, steps)
            value = self._declared(reference.address, root)
            taken = reference.taken
        for step in steps[taken:]:
            value = self._step(value, step, names)
        return value

    def _step(self, value: Value, step: GetAttr | Index | Splat, names: Names) -> Value:
        if isinstance(step, Splat):
            each = step.each
            return splatted(value, step.span, lambda item: self._value(each, {**names, _ITEM: item}))
        if isinstance(step, GetAttr):
            return self.resolved(member(value, step.name))
        key = self._value(step.key, names)
        if not key.is_known or isinstance(value.data, ErrorValue):
            return Value(_either_unsettled(value, key), step.span)
        if isinstance(value.data, Unknown):
            return index(Value(value.data, step.span, type=value.type), key)
        return self.resolved(index(value, key))

    def resolved(self, value: Value) -> Value:
        """The argument's written value, if a value is a reference to an argument of a resource; else the value."""
        data = value.data
        if isinstance(data, Symbol) and len(data.path) == 1:
            written = self._argument(data)
            if written is not None:
                return written
        return value

    def _argument(self, symbol: Symbol) -> Value | None:
        """The value of an argument that the file gives, None where only the provider can know it."""
        name = symbol.path[0]
        declaration = self.module.declarations.get(symbol.block_address)
        if declaration is not None and declaration.kind == "module":
            return self._output(symbol.address, name)
        if not isinstance(name, str) or name in _OF_TERRAFORM or declaration is None:
            return None
        block = declaration.block if declaration.kind == "resource" else None
        if block is None or block.body.attribute(name) is None:
            return None
        if self.goes_round(declaration, "count", "for_each", name):
            return Value(ErrorValue(f"{declaration.address} {REFERS_TO_ITSELF}"))
        instance = self.instance(declaration, symbol.address)
        if instance is None:
            return None
        value = instance.value(name)
        return value if value.data is not None else None

    def _output(self, address: str, name: str | int) -> Value | None:
        """The value of an output of a module that is called; None where the call isn't followed."""
        site = self.module.called.sites.get(address)
        if site is None:
            return None
        known = f"output.{name}{site.mark}"
        if known not in self._known:
            value = given_back(self, site, name)
            if value is None:
                return None
            self._known[known] = value
        return self._known[known]

    def _declared(self, address: str, root: Variable) -> Value:
        """The value of a declared name."""
        if root.name == "var":
            return self._remembered(address, self._variable)
        if root.name == "local":
            if address not in self._known:
                for needed in needed_locals(self.module, address, self._known):
                    self._remembered(needed.address, self._local)
            return self._remembered(address, self._local)
        if root.name == "path":
            known = {"path.module": ".", "path.root": "."}
            return Value(known[address] if address in known else self._when_run(address), root.span)
        if root.name == "terraform":
            return Value(self._when_run(address), root.span)
        if root.name in ("each", "count"):
            return Value(ErrorValue(f"{root.name} is not available here"), root.span)
        if root.name == "self":
            return Value(Unknown("self is known only after apply"), root.span)
        declaration = self.module.declarations.get(address)
        if declaration is None:
            return Value(self._undeclared(address), root.span)
        if declaration.kind in ("resource", "data") or address in self.module.called.modules:
            return self._instances(declaration)
        return Value(Symbol(address))

    def _when_run(self, address: str) -> Data:
        """What only Terraform knows: one thing, however often it is named."""
        if address not in self._known:
            self._known[address] = Value(Unknown(f"{address} is known only when Terraform runs"))
        return self._known[address].data

    def variable(self, declaration: Declaration) -> Value:
        """The value of a variable, of the module itself or of one that it calls."""
        try:
            return self.measured(lambda one: self._remembered(one.address, self._variable), declaration)
        except EvaluationError as error:
            return Value(ErrorValue(error.reason), declaration.span)
        except (Spent, RecursionError) as error:
            return Value(given_up(error), declaration.span)

    def _variable(self, declaration: Declaration) -> Value:
        passed = self.module.called.passed.get(declaration.address)
        if passed is not None:
            return passed_in(self, declaration, passed)
        return variable_value(declaration, self.inputs, self.evaluate)

    def _local(self, declaration: Declaration) -> Value:
        if declaration.address in self.module.once(circles):
            return Value(ErrorValue(f"{declaration.address} {REFERS_TO_ITSELF}"), declaration.expr.span)
        return self.evaluate(declaration.expr)

    def _remembered(self, address: str, compute: Callable[[Declaration], Value]) -> Value:
        if address in self._known:
            return self._known[address]
        declaration = self.module.declarations.get(address)
        if declaration is None:
            return Value(self._undeclared(address))
        self._known[address] = compute(declaration)
        return self._known[address]

    def _undeclared(self, address: str) -> ErrorValue | Unknown:
        if self.module.is_whole:
            return ErrorValue(f"{address} isn't declared")
        return Unknown(f"{address} may be declared in a part of the file that can't be parsed")

    # -- resources -----------------------------------------------------------------------------------------

    def instances(self, declaration: Declaration) -> tuple[Instance, ...]:
        """A block's instances, as its count or for_each makes them; kept."""
        from .expansion import expand

        address = declaration.address
        if address not in self._made:
            made = self._made[address] = expand(declaration, self)
            self._by_address.update((instance.address, instance) for instance in made)
        return self._made[address]

    def instance(self, declaration: Declaration, address: str) -> Instance | None:
        """One of a block's instances, by its address."""
        self.instances(declaration)
        return self._by_address.get(address)

    def _instances(self, declaration: Declaration) -> Value:
        """The value of a resource's address: one object, a tuple for count, an object for for_each."""
        block = declaration.block
        assert block is not None
        if block.body.attribute("count") is None and block.body.attribute("for_each") is None:
            return Value(Symbol(declaration.address))
        known = f"{declaration.address}[*]"
        if known not in self._known:
            self._known[known] = self._all_instances(declaration, block)
        return self._known[known]

    def _all_instances(self, declaration: Declaration, block: Block) -> Value:
        goes_round = self.goes_round(declaration, "count", "for_each")
        made = () if goes_round else self.instances(declaration)
        if goes_round or any(instance.doubt for instance in made):
            # the instances aren't known, the block is: any of them is a reference to it
            return Value(Symbol(f"{declaration.address}[?]"))
        items = {instance.key: Value(Symbol(instance.address)) for instance in made}
        if block.body.attribute("count") is not None:
            return Value(ListValue(tuple(items.values())))
        return Value(MapValue({str(key): value for key, value in items.items()}))

    def goes_round(self, declaration: Declaration, *arguments: str) -> bool:
        """Return True if one of these arguments of a block names what needs the block itself."""
        known = self.module.once(circles)
        own, block = known.get(declaration.address), declaration.block
        if own is None or block is None:
            return False
        written = [attribute for name in arguments if (attribute := block.body.attribute(name)) is not None]
        return any(
            known.get(reference.address) == own
            for attribute in written
            for reference in self.module.references(attribute.expr)
        )

    # -- calls ---------------------------------------------------------------------------------------------

    def _call(self, expr: Call, names: Names) -> Value:
        if not self.vocabulary:
            return self._called(expr, names)
        # of a condition; where it names nothing it is the same for every subject
        if expr not in self._constants:
            constant = names_nothing(expr)
            self._constants[expr] = self.measured(self._constant, expr) if constant else None
        known = self._constants[expr]
        return self._called(expr, names) if known is None else known

    def _constant(self, expr: Call) -> Value:
        try:
            return self._called(expr, _NO_NAMES)
        except EvaluationError as error:
            return Value(ErrorValue(error.reason), expr.span)
        except (Spent, RecursionError) as error:
            return Value(given_up(error), expr.span)

    def _called(self, expr: Call, names: Names) -> Value:
        name = expr.name.removeprefix("core::")
        if name in LENIENT:
            return lenient(name, expr.arguments, expr.span, lambda argument: self._value(argument, names))
        arguments = [self._value(argument, names) for argument in expr.arguments]
        if expr.expand:
            arguments = expanded(arguments)
        return applied(self, name, arguments, expr.span, expand=expr.expand)

    def _render_alone(self, text: str, variables: Mapping[str, Value], name: str) -> Value:
        """A template that sees the given variables and nothing of the module."""
        try:
            template = parse_template(Source(name, text))
        except ParseError as error:
            raise EvaluationError(f"{name}: {error.message}") from None
        alone = Evaluator(Module((), {}), environment=self.environment)
        alone._steps = self._steps
        return alone._value(template, variables)


_ITEM = "[*]"  # the name by which a splat's each knows the element; no identifier can be it


def _item(evaluator: Evaluator, expr: Item, names: Names) -> Value:
    return names[_ITEM]


def _either_unsettled(value: Value, key: Value) -> Data:
    return unsettled(value if isinstance(value.data, (Unknown, ErrorValue)) else key)


_DISPATCH: dict[type, Callable[..., Value]] = {
    Literal: Evaluator._literal,
    Template: Evaluator._template,
    Variable: Evaluator._traversal,
    GetAttr: Evaluator._traversal,
    Index: Evaluator._traversal,
    Splat: Evaluator._traversal,
    Item: _item,
    Call: Evaluator._call,
    Tuple: Evaluator._tuple,
    Object: Evaluator._object,
    For: Evaluator._for,
    Conditional: Evaluator._conditional,
    Binary: Evaluator._binary,
    Unary: Evaluator._unary,
    Parentheses: Evaluator._parentheses,
}
