"""The resources of a stack that a value names: by reference, ARN, URL, name or id; certainly or possibly.

An unknown is equal only to itself, so that the same name is found however often it is built from the same variable,
and two `uuid()` are two. What comes from outside (a variable without default) is taken to lead outside, unless the
expression mentions resources that it may stand for: `var.own ? aws_sqs_queue.a.arn : var.arn`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from ..aws.arns import ArnFormat, arn_format
from ..aws.names import naming
from ..hcl.nodes import Expr
from ..records import dataclass, field
from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from .mentions import Mentions
from .names import MOST_POSSIBLE, Found, NameIndex
from .parts import Parts, fields, in_text, name_in, parts_in, text_of, whole_symbols, without_end, without_lead

_ARN = "arn:"
_BORDERS = ":/?#,"  # of what may be an id in an ARN, a path or a list
_MOST_STEPS = 5  # from an alias to what it stands for


@dataclass(frozen=True, slots=True)
class Named:
    """The resources that a value names.

    `certain` are instances that it names, `possible` those that it may name, each with the reason why that isn't
    known. `outside`: it certainly names something that isn't in the stack. `doubt` is why it isn't known what it
    names, None where it is. `may_be` are the types of which it may name any instance: so many fit that they aren't
    listed. With none of all that it names something of another type than was asked for, or nothing.
    """

    certain: tuple[Instance, ...] = ()
    possible: tuple[tuple[Instance, str], ...] = ()
    outside: bool = False
    doubt: str | None = None
    may_be: tuple[str, ...] = ()

    @property
    def instances(self) -> tuple[tuple[Instance, str | None], ...]:
        """All of them, each with the doubt about it."""
        return (*((instance, None) for instance in self.certain), *self.possible)

    def __bool__(self) -> bool:
        return bool(self.certain or self.possible or self.outside or self.doubt is not None)


NOTHING = Named()
OUTSIDE = Named(outside=True)


@dataclass(eq=False)
class Resolver:
    """The resources of a module by all that may name them. What it has looked up of a type is kept."""

    evaluator: Evaluator
    _indexes: dict[tuple[str, str], NameIndex] = field(default_factory=dict)

    @property
    def comparisons(self) -> int:
        """How many pairs of texts were looked at."""
        return sum(index.comparisons for index in self._indexes.values())

    @cached_property
    def mentions(self) -> Mentions:
        """The resources that the module's expressions mention."""
        return Mentions(self.evaluator.module)

    @cached_property
    def _by_type(self) -> dict[str, tuple[Instance, ...]]:
        found: dict[str, list[Instance]] = {}
        for declaration in self.evaluator.module.of_kind("resource"):
            found.setdefault(declaration.type, []).extend(self.evaluator.instances(declaration))
        return {name: tuple(made) for name, made in found.items()}

    def types(self) -> tuple[str, ...]:
        """The types of the managed resources that the module has."""
        return tuple(self._by_type)

    def instances(self, type_: str) -> tuple[Instance, ...]:
        """The instances of a type of managed resource."""
        return self._by_type.get(type_, ())

    def argument(self, holder: Instance, argument: str, types: tuple[str, ...] = (), how: str = "any") -> Named:
        """The resources that an argument of a resource or nested block names."""
        attribute = holder.attribute(argument)
        return NOTHING if attribute is None else self.named(holder.value(argument), attribute.expr, holder, types, how)

    def named(self, value: Value, expr: Expr, holder: Instance, types: tuple[str, ...] = (), how: str = "any") -> Named:
        """The resources that a value names which this expression in that block writes.

        `types` are those asked for, none meaning any; `how` is the form of a text: `arn`, `url`, `name`, `id`, `any`,
        or with a `*` what surrounds a name (`/aws/lambda/*`). With `found` a text of any form may as well name nothing:
        what isn't in the stack isn't told.
        """
        if how == "found":
            named = self.named(value, expr, holder, types)
            return Named(named.certain, named.possible)
        data = value.data
        if data is None or data == "":
            return NOTHING
        if isinstance(data, Symbol):
            return self._behind(data, types, _MOST_STEPS)
        if isinstance(data, (str, PartialString)):
            named = self._by_text(data, types, how)
            if not named.instances:
                named = self._by_stand_in(data, types, how) or named
            return self._among_mentioned(named, expr, holder)
        if isinstance(data, Unknown):
            same = self._same_name(data, types) if how in ("name", "any") else ()
            if same:
                return self._among_mentioned(Named(same), expr, holder)
        reason = value.reason
        return NOTHING if reason is None else self._mentioned(value, reason, expr, holder, types)

    def meant(self, value: Value, types: tuple[str, ...] = ()) -> Named:
        """The resources that an ARN names, whatever expression gave it: nothing else that this mentions counts."""
        data = value.data
        if isinstance(data, Symbol):
            return self._behind(data, types, _MOST_STEPS)
        if isinstance(data, (str, PartialString)) and data != "":
            return self._by_text(data, types, "arn")
        return NOTHING if value.reason is None else Named(doubt=value.reason)

    # -- references ----------------------------------------------------------------------------------------

    def _behind(self, symbol: Symbol, types: tuple[str, ...], steps: int) -> Named:
        """The resources that a reference leads to."""
        declaration = self.evaluator.module.declarations.get(symbol.block_address)
        if declaration is None or declaration.kind not in ("resource", "data"):
            return Named(doubt=symbol.reason)  # a module's output, a provider's function
        made = self.evaluator.instances(declaration)
        chosen = tuple(instance for instance in made if instance.address == symbol.address)
        if symbol.address.endswith("[?]") and len(made) > 1:  # some of them, nobody knows which
            doubt = next((instance.doubt for instance in made if instance.doubt is not None), symbol.reason)
            found = [self._as_wanted(instance, types, steps) for instance in made]
            return Named(possible=tuple((instance, doubt) for named in found for instance, _ in named.instances))
        return _together([self._as_wanted(instance, types, steps) for instance in chosen])

    def _as_wanted(self, instance: Instance, types: tuple[str, ...], steps: int) -> Named:
        """An instance if it is of the types that are asked for, else what it stands for."""
        type_ = instance.declaration.type
        if instance.declaration.kind == "data":
            return self._looked_up(instance, types)
        if not types or type_ in types:
            return Named((instance,))
        format_ = arn_format(type_)
        if format_ is None or format_.stands_for is None or not steps:
            return NOTHING
        value = instance.value(format_.stands_for)
        if isinstance(value.data, Symbol):
            return self._behind(value.data, types, steps - 1)
        return self.argument(instance, format_.stands_for, types)

    def _looked_up(self, source: Instance, types: tuple[str, ...]) -> Named:
        """The resources that a data source finds, by the same arguments that name a resource of its type."""
        type_ = source.declaration.type
        if types and type_ not in types:
            return NOTHING
        for argument in (_name_argument(type_), "name", "arn", "id"):
            if argument is not None and source.attribute(argument) is not None:
                named = self.argument(source, argument, (type_,))
                return named if named else OUTSIDE
        return OUTSIDE

    # -- texts ---------------------------------------------------------------------------------------------

    def _by_text(self, data: str | PartialString, types: tuple[str, ...], how: str) -> Named:
        parts = parts_in(data)
        held = _together([self._behind(symbol, types, _MOST_STEPS) for symbol in whole_symbols(parts, _BORDERS)])
        if held.certain or held.possible:
            return held
        if "*" in how:
            lead, _, end = how.partition("*")
            rest = without_lead(parts, lead)
            rest = without_end(rest, end) if rest is not None else None
            if rest is not None and len(rest) == 1 and isinstance(rest[0], Symbol):
                return self._behind(rest[0], types, _MOST_STEPS)
            return self._of_name(rest, types, data) if rest else NOTHING
        if without_lead(parts, _ARN) is not None:
            return self._by_arn(parts, types, data)
        if in_text(parts, "://"):
            return self._by_url(parts, types, data)
        if not isinstance(parts[0], str) and in_text(parts, ":"):
            return self._by_arn_without_head(parts, types, data)
        if how in ("name", "any"):
            return self._of_name(parts, types, data)
        return OUTSIDE if isinstance(data, str) else Named(doubt=data.reason)

    def _by_stand_in(self, data: str | PartialString, types: tuple[str, ...], how: str) -> Named:
        """The resources that a text names by what stands for them, where only AWS names them: a key by its alias."""
        if not types or not self._stand_ins or any(_is_named(type_) for type_ in types):
            return NOTHING
        named = self._by_text(data, self._stand_ins, how)
        behind = [(self._as_wanted(instance, types, _MOST_STEPS), doubt) for instance, doubt in named.instances]
        certain = [instance for wanted, doubt in behind if doubt is None for instance in wanted.certain]
        possible = [
            (instance, doubt or own)
            for wanted, doubt in behind
            for instance, own in wanted.instances
            if doubt is not None or own is not None
        ]
        return Named(tuple(certain), tuple((instance, doubt) for instance, doubt in possible if doubt is not None))

    @cached_property
    def _stand_ins(self) -> tuple[str, ...]:
        """The types of the stack's resources that have names and stand for others."""
        formats = [(type_, arn_format(type_)) for type_ in self.types()]
        return tuple(type_ for type_, format_ in formats if format_ and format_.stands_for and format_.resource)

    def _by_arn(self, parts: Parts, types: tuple[str, ...], data: str | PartialString) -> Named:
        """The resources that an ARN names: none if its service has none of the types."""
        cut = fields(parts, ":", 5)
        if len(cut) < 6:
            return OUTSIDE if isinstance(data, str) else Named(doubt=data.reason)
        if cut[4] == ("aws",):  # one that AWS manages
            return OUTSIDE
        if cut[2] == ("apigateway",):
            return self._by_integration(cut[4], cut[5], types, data)
        return self._by_resource(cut[2], [cut[5]], types, data)

    def _by_integration(self, service: Parts, path: Parts, types: tuple[str, ...], data: str | PartialString) -> Named:
        """The target of an integration of API Gateway: `path/…/functions/ARN/invocations`, `path/ACCOUNT/NAME`."""
        behind = fields(path, "/functions/", 1)
        if len(behind) == 2:
            arn = text_of(fields(behind[1], "/", 1)[0])
            return self._by_text(arn, types, "arn") if isinstance(arn, (str, PartialString)) else NOTHING
        return self._by_resource(service, [fields(path, "/")[-1]], types, data)

    def _by_resource(
        self, service: Parts, resources: list[Parts], types: tuple[str, ...], data: str | PartialString
    ) -> Named:
        """The things that a part of an ARN may name: nothing where its form is that of none of the types."""
        known = service[0] if len(service) == 1 and isinstance(service[0], str) else None
        formats = [(type_, format_) for type_, format_ in self._formats(types) if known in (None, format_.service)]
        names = [
            (type_, name)
            for type_, format_ in formats
            if format_.resource is not None
            for resource in resources
            for name in name_in(resource, format_.resource)
        ]
        if not names and types and all(format_.resource is not None for _, format_ in formats):
            return NOTHING
        return self._first(names, data)

    def _by_arn_without_head(self, parts: Parts, types: tuple[str, ...], data: str | PartialString) -> Named:
        """An ARN whose beginning isn't known: any tail of it may be its resource."""
        cut = fields(parts, ":")
        tails = [_with_colons(cut[start:]) for start in range(1, len(cut))]
        names: list[tuple[str, Parts]] = []
        for type_, format_ in self._formats(types):
            if format_.resource is not None:
                possible = tails if format_.resource.lead else tails[-1:]
                names += [(type_, name) for tail in possible for name in name_in(tail, format_.resource)]
        return self._first(names, data)

    def _by_url(self, parts: Parts, types: tuple[str, ...], data: str | PartialString) -> Named:
        names = (
            (type_, name)
            for type_, format_ in self._formats(types)
            if format_.url is not None
            for name in name_in(parts, format_.url)
        )
        return self._first(names, data)

    def _of_name(self, parts: Parts, types: tuple[str, ...], data: str | PartialString) -> Named:
        """The things of a name; a function's may be followed by a qualifier, or be the end of an ARN."""
        names: list[tuple[str, Parts]] = []
        for type_ in types:
            names.append((type_, parts))
            format_ = arn_format(type_)
            if format_ is not None and format_.resource is not None and in_text(parts, ":"):
                pattern = format_.resource
                behind = fields(parts, f":{pattern.lead}", 1)[-1] if pattern.lead else parts
                names += [(type_, fields(behind, ":", 1)[0])] if pattern.end == ":" else []
        return self._first(((type_, name) for type_, name in names if name), data)

    def _first(self, names: Iterable[tuple[str, Parts]], data: str | PartialString) -> Named:
        """The resources whose names a text may hold: all that are certain, else all that are possible."""
        certain: list[Instance] = []
        possible: dict[str, tuple[Instance, str]] = {}
        too_many: list[str] = []
        for type_, name in names:
            found, argument = self._named_so(type_, name)
            certain += found.certain
            too_many += [type_] if found.too_many else []
            for instance in found.possible:
                own = instance.value(argument).reason or instance.doubt or "it isn't known"
                possible.setdefault(instance.address, (instance, _reason_of(data) or own))
        if certain:
            return Named(tuple(dict.fromkeys(certain)))
        reason = _reason_of(data)
        if too_many:
            reason = reason or f"more than {MOST_POSSIBLE} things may have that name"
            return Named((), tuple(possible.values()), False, reason, tuple(dict.fromkeys(too_many)))
        if possible:
            return Named(possible=tuple(possible.values()), doubt=reason or next(iter(possible.values()))[1])
        return OUTSIDE  # whatever isn't known of it, none of the stack's names can be it

    def _named_so(self, type_: str, name: Parts) -> tuple[Found, str]:
        argument = _name_argument(type_)
        if argument is None or not self.instances(type_):
            return Found(), ""
        return self._index(type_, argument).find(name), argument

    def _same_name(self, data: Unknown, types: tuple[str, ...]) -> tuple[Instance, ...]:
        """The instances whose name is this very unknown."""
        found: list[Instance] = []
        for type_ in types:
            argument = _name_argument(type_)
            if argument is not None and self.instances(type_):
                found += self._index(type_, argument).exactly((data,))
        return tuple(found)

    def _index(self, type_: str, argument: str) -> NameIndex:
        if (type_, argument) not in self._indexes:
            self._indexes[type_, argument] = NameIndex(self.instances(type_), argument)
        return self._indexes[type_, argument]

    def _formats(self, types: tuple[str, ...]) -> Iterator[tuple[str, ArnFormat]]:
        """The ARN formats of these types, of all that the stack has where none are given."""
        for type_ in types or self.types():
            format_ = arn_format(type_)
            if format_ is not None:
                yield type_, format_

    # -- what isn't known ----------------------------------------------------------------------------------

    def _among_mentioned(self, named: Named, expr: Expr, holder: Instance) -> Named:
        """Choose, of several resources with the same name, those that the expression refers to, if it does to any."""
        several = named.certain
        if len(several) < 2:
            return _as_doubtful_as(named, holder)
        mentioned = self.mentions.of(None, expr, holder)
        chosen = tuple(instance for instance in several if instance.declaration.address in mentioned)
        if chosen:
            return _as_doubtful_as(Named(chosen), holder)
        if len({instance.declaration.type for instance in several}) > 1:
            return Named(possible=tuple((instance, "things of several types have that name") for instance in several))
        return _as_doubtful_as(named, holder)

    def _mentioned(self, value: Value, reason: str, expr: Expr, holder: Instance, types: tuple[str, ...]) -> Named:
        """The resources that an expression mentions, through locals, and of which it may give any."""
        found: list[Named] = []
        mentioned = self.mentions.of(value, expr, holder)
        for address in sorted(mentioned) if len(mentioned) <= MOST_POSSIBLE else ():
            declaration = self.evaluator.module.declarations[address]
            found += [
                self._as_wanted(instance, types, _MOST_STEPS)
                for instance in self.evaluator.instances(declaration)
                if declaration.kind == "resource" or not types or declaration.type in types
            ]
        every = dict.fromkeys(instance for named in found for instance, _ in named.instances)
        # one for each of the same unknown keys
        certain = tuple(instance for instance in every if instance.doubt is not None and instance.doubt == holder.doubt)
        possible = tuple((instance, instance.doubt or reason) for instance in every if instance not in certain)
        if certain and not possible:
            return Named(certain)
        may_be = types if len(mentioned) > MOST_POSSIBLE else ()
        return Named(certain, possible, doubt=reason, may_be=may_be)


def _as_doubtful_as(named: Named, holder: Instance) -> Named:
    """Move a text's instances that may not exist to the possible ones, unless the holder has the same doubt."""
    unsure = [instance for instance in named.certain if instance.doubt not in (None, holder.doubt)]
    if not unsure:
        return named
    certain = tuple(instance for instance in named.certain if instance not in unsure)
    return Named(certain, (*named.possible, *((instance, instance.doubt or "") for instance in unsure)))


def _together(found: list[Named]) -> Named:
    if len(found) == 1:
        return found[0]
    certain = tuple(dict.fromkeys(instance for named in found for instance in named.certain))
    possible = tuple((instance, doubt) for named in found for instance, doubt in named.possible)
    doubt = next((named.doubt for named in found if named.doubt is not None), None)
    return Named(certain, possible, any(named.outside for named in found), doubt)


def _reason_of(data: str | PartialString) -> str | None:
    return None if isinstance(data, str) else data.reason


def _with_colons(cut: list[Parts]) -> Parts:
    made: list[str | Symbol | Unknown] = []
    for number, field_ in enumerate(cut):
        if number:
            made.append(":")
        made += field_
    return parts_in(text_of(made))


def _is_named(type_: str) -> bool:
    """Return True if the ARNs of a type hold a name rather than an id that AWS gives, or that isn't known."""
    format_ = arn_format(type_)
    return format_ is None or format_.resource is not None


def _name_argument(type_: str) -> str | None:
    """The argument that names a thing of a type."""
    format_ = arn_format(type_)
    if format_ is not None and format_.resource is not None:
        return format_.resource.argument
    found = naming(type_)
    return found.argument if found is not None else None
