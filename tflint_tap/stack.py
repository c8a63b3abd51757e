"""Stack: all that a check may look at, each part made on first use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from .hcl.nodes import Attribute, Expr, File
from .records import dataclass, field
from .terraform.evaluation.evaluator import Evaluator
from .terraform.evaluation.expansion import Instance
from .terraform.evaluation.inputs import Inputs
from .terraform.evaluation.values import Symbol, Value
from .terraform.evaluation.variables import some_value
from .terraform.functions import Environment
from .terraform.module import Declaration, Module
from .terraform.module.graph import leading
from .terraform.module.marks import call_of
from .terraform.module.passing import passed_arguments
from .terraform.module.references import Reference
from .text.source import Source, Span

if TYPE_CHECKING:
    from .contract import Contract
    from .iam.policies import Policy
    from .terraform.module.graph import Dependency
    from .wiring.companions import Companions
    from .wiring.graph import Wiring

_T = TypeVar("_T")
_NO_INPUTS = Inputs()
_NO_FILES = Environment()


@dataclass(eq=False)
class Stack:
    """A module with everything that follows from it.

    `contract` is what the file has to hold where a contract claims it (the file is then the whole module);
    `shown` are the files that findings are wanted for, `today` is the day for which it is judged.
    """

    module: Module
    evaluator: Evaluator
    contract: Contract | None = None
    shown: tuple[File, ...] = ()
    today: date = field(default_factory=date.today)
    _made: dict[Callable[[Stack], object], object] = field(default_factory=dict, init=False)

    @classmethod
    def of(
        cls,
        module: Module,
        inputs: Inputs = _NO_INPUTS,
        environment: Environment = _NO_FILES,
        contract: Contract | None = None,
        shown: tuple[File, ...] | None = None,
        today: date | None = None,
    ) -> Stack:
        """The stack of a module with these inputs; all its files are shown unless said otherwise."""
        evaluator = Evaluator(module, inputs, environment)
        return cls(module, evaluator, contract, module.files if shown is None else shown, today or date.today())

    def resources(self, *types: str) -> Iterator[Instance]:
        """The instances of managed resources, of these types if any are given, in the order of the text."""
        for declaration in self.module.of_kind("resource", *types):
            yield from self.evaluator.instances(declaration)

    def data_sources(self, *types: str) -> Iterator[Instance]:
        """The instances of data sources, likewise."""
        for declaration in self.module.of_kind("data", *types):
            yield from self.evaluator.instances(declaration)

    def target(self, value: Value) -> Instance | None:
        """The resource instance that a value refers to by one of its attributes, None where it refers to none.

        `aws_sqs_queue.q.arn` leads to `aws_sqs_queue.q`. A reference to some instance of a block whose instances
        aren't known leads to the one that stands for all.
        """
        return self.symbol_target(value.data) if isinstance(value.data, Symbol) else None

    def symbol_target(self, symbol: Symbol) -> Instance | None:
        """The resource or data source instance that a reference leads to."""
        declaration = self.module.declarations.get(symbol.block_address)
        if declaration is None or declaration.kind not in ("resource", "data"):
            return None
        return self.evaluator.instance(declaration, symbol.address)

    def declared(self, address: str) -> Declaration | None:
        return self.module.declarations.get(address)

    @cached_property
    def whatever_is_given(self) -> Evaluator:
        """An evaluator to which no variable is known but by its type: what it says holds whatever is given."""
        given = {item.address: some_value(item, "it is given") for item in self.module.of_kind("variable")}
        return self.evaluator.supposing(given)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy in the stack, however written."""
        from .iam.policies import policies_of

        return tuple(policies_of(self.evaluator))

    @cached_property
    def wiring(self) -> Wiring:
        """The graph of the stack's edges."""
        from .wiring.graph import Wiring

        return Wiring(self.evaluator, lambda: self.policies)

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        """The dependencies between declarations, as Terraform orders them."""
        from .terraform.module.graph import dependencies

        return self.module.once(dependencies)

    def reached(self, exprs: Iterable[Expr]) -> Iterator[tuple[Reference, Declaration | None]]:
        """The references of expressions, direct and through locals, each use with its declaration; a local once.

        What a call gives a variable of its module, and what an output gives the caller, is followed as a local is.
        """
        pending, seen = list(exprs), set[str]()
        while pending:
            for reference in self.module.references(pending.pop()):
                declaration = self.declared(reference.address)
                for address, expr in leading(self.module, reference):
                    if address not in seen:
                        seen.add(address)
                        pending.append(expr)
                yield reference, declaration

    def passed(self, instance: Instance) -> tuple[tuple[Declaration, Attribute], ...]:
        """The calls of modules that are given something of a resource, with the arguments that refer to it."""
        return self.module.once(passed_arguments).of(instance.declaration.address)

    def once(self, make: Callable[[Stack], _T]) -> _T:
        """The result of `make` for this stack: made on first use, and kept as long as the stack is."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("_T", self._made[make])

    @property
    def texts(self) -> Iterator[File]:
        """The shown files, each text once: a module that is called several times has one."""
        if not self.module.called.sites:
            return iter(self.shown)
        return iter({file.source: file for file in reversed(self.shown)}.values())

    @property
    def is_contract_file(self) -> bool:
        return self.contract is not None

    def companions(self, instance: Instance, *types: str) -> Companions:
        """The resources, of these types if any are given, that hold a part of another one's settings."""
        return self.wiring.companions.of(instance, *types)

    def companion_setting(self, instance: Instance, name: str) -> tuple[Instance, str] | str | None:
        """The companion that sets an argument of a resource, and its own argument; the reason where that isn't known.

        None where no companion sets it.
        """
        return self.wiring.companions.setting(instance, name)

    def holds(self, span: Span) -> bool:
        """Return True if a span lies in a file of the module: not in a card, nor in values given from outside."""
        return span.source in self._sources

    @cached_property
    def _sources(self) -> frozenset[Source]:
        return frozenset(file.source for file in self.module.files)

    def shows(self, span: Span) -> bool:
        """Return True if the report covers the span's file; files of values are what the module is judged with."""
        return span.source in self._shown_sources

    def shows_call(self, address: str | None) -> bool:
        """Return True if an address lies in a module of the repository that a file which the report covers calls."""
        site = self.module.called.by_call.get(call_of(address)) if address is not None else None
        return site is not None and site.is_local and any(self.shows(span) for span in (site.header, *site.outer))

    @cached_property
    def _shown_sources(self) -> frozenset[Source]:
        inputs = self.evaluator.inputs
        values = (file.source for file in (*inputs.files, *inputs.given))
        return frozenset((*(file.source for file in self.shown), *values))

    def is_given(self, span: Span) -> bool:
        """Return True if a span lies in a file of values that belongs to the module: terraform.tfvars."""
        return any(file.source is span.source for file in self.evaluator.inputs.files)
