"""Shapes of expressions: what references and their steps lead to, before anything is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from ..aws.schema import BlockSchema
from ..hcl.children import parts
from ..hcl.nodes import (
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
    Tuple,
    Variable,
)
from ..records import dataclass, field, replace
from ..terraform.module import Declaration, Module
from ..terraform.module.graph import needed_locals
from ..terraform.module.references import literal_key, steps_of, unwound
from ..text.source import Span
from .called import outputs_of_call
from .shapes import (
    Collection,
    Instances,
    Members,
    Shape,
    Single,
    Wrong,
    attribute,
    common,
    deprecation,
    element,
    index,
    passes_secret,
    shape_of,
    splatted,
    value_of,
    variable_shape,
)
from .versions import explained

_LISTING = {"tolist": "list", "toset": "set", "distinct": "list", "reverse": "list", "concat": "list", "slice": "list"}
_AS_IT_IS = ("nonsensitive", "sensitive", "ephemeralasnull")
_ITEM = "[*]"
LONGEST_SUBJECT = 60
Names = Mapping[str, Shape | None]
Place: TypeAlias = tuple[str, str]  # a type's key (empty where it isn't known), nested blocks separated by dots
_NOWHERE: Place = ("", "")


@dataclass(frozen=True, slots=True)
class WrongStep:
    """A step that leads nowhere: where, what is so, what would be right; the doubt, if it may lead somewhere.

    `caught`: try or can around it catches the error, and so always gives what it gives for one.
    """

    span: Span
    what: str
    right: str
    doubt: str | None = None
    caught: bool = False


@dataclass(frozen=True, slots=True)
class OldStep:
    """A step to a deprecated attribute: its name, what it is taken from, what to use instead.

    `place` is where the schema has it: the type's key, and the nested blocks down to it.
    """

    span: Span
    name: str
    subject: str
    instead: str
    place: Place


@dataclass(slots=True)
class Shapes:
    """Finds what expressions are.

    `problems` collects the steps that lead nowhere, `secrets` those to secrets, `outdated` those to what is deprecated
    (within try and can they may be there for older versions of the provider).
    """

    module: Module
    problems: list[WrongStep] = field(default_factory=list)
    secrets: list[Expr] = field(default_factory=list)
    outdated: list[OldStep] = field(default_factory=list)
    _locals: dict[str, Shape | None] = field(default_factory=dict)

    def apart(self) -> Shapes:
        """The same, for expressions that are judged where they are written."""
        return Shapes(self.module, _locals=self._locals)

    def of(self, expr: Expr, names: Names, *, lenient: bool = False) -> Shape | None:
        """The shape of an expression. With `lenient` (within try and can) only what Terraform checks even there.

        `names` are the shapes of each, count, self and the iterators and variables of dynamic blocks and `for`s.
        """
        if isinstance(expr, (Variable, GetAttr, Index, Splat)):
            return self._traversal(expr, names, lenient)
        if isinstance(expr, Literal) or (isinstance(expr, Template) and expr.literal is not None):
            return None
        if isinstance(expr, Item):
            return names.get(_ITEM)
        if isinstance(expr, Parentheses):
            return value_of(self.of(expr.expr, names, lenient=lenient))
        if isinstance(expr, For):
            return self._for(expr, names, lenient)
        if isinstance(expr, Call):
            return self._call(expr, names, lenient)
        if isinstance(expr, Object):
            items = {}
            for item in expr.items:
                name = item.key.literal if isinstance(item.key, Template) else None
                if name is None:
                    self.of(item.key, names, lenient=lenient)
                shape = value_of(self.of(item.value, names, lenient=lenient))
                if name is not None:
                    items[name] = shape
            return Members(items)
        shapes = [self.of(part, names, lenient=lenient) for part in parts(expr)]
        if isinstance(expr, Tuple):
            return Collection("tuple", common(shapes))
        return common(shapes[1:]) if isinstance(expr, Conditional) else None

    # -- traversals ----------------------------------------------------------------------------------------

    def _traversal(self, expr: Variable | GetAttr | Index | Splat, names: Names, lenient: bool) -> Shape | None:
        found = steps_of(expr)
        if found is None:
            start, steps = unwound(expr)
            shape = value_of(self.of(start, names, lenient=lenient))
            return self._follow(shape, steps, names, lenient, direct=False)
        root, steps = found
        if root.name in names:
            direct = root.name == "self"
            return self._follow(names[root.name], steps, names, lenient, direct=direct)
        shape, taken = self._declared(root, steps)
        return self._follow(shape, steps[taken:], names, lenient, direct=root.name not in ("local", "var"))

    def of_own(self, expr: Expr, own: Single) -> None:
        """Judge an attribute that is named without its resource, as in ignore_changes."""
        found = steps_of(expr)
        if found is None:
            return
        root, steps = found
        shape = attribute(own, root.name)
        if isinstance(shape, Wrong):
            wrong = self._explained(shape, (own.block.of, ""), root.name)
            self.problems.append(WrongStep(root.span, f"{own.address} {wrong.what}", wrong.right, wrong.doubt))
        else:
            self._follow(shape, steps, {}, lenient=False, direct=True)

    def _declared(self, root: Variable, steps: list[GetAttr | Index | Splat]) -> tuple[Shape | None, int]:
        """The shape of the thing that a reference names, and the number of steps that the name takes."""
        first = 1 if root.name == "resource" else 0
        wanted = first + (2 if root.name in ("data", "ephemeral") else 1)
        labels = [step.name for step in steps[:wanted] if isinstance(step, GetAttr)]
        if len(labels) < wanted:
            return None, 0
        if root.name == "module":
            return self._call_of_module(f"module.{labels[0]}"), wanted
        declaration = self.module.declarations.get(".".join(labels if first else [root.name, *labels]))
        if declaration is None:
            return None, wanted
        if declaration.kind in ("local", "variable"):
            return self._local(declaration) if declaration.kind == "local" else variable_shape(declaration), wanted
        return shape_of(self.module, declaration), wanted

    def _call_of_module(self, address: str) -> Shape | None:
        """The shape of a call: its outputs, of one instance or of each."""
        outputs = outputs_of_call(self.module, address)
        declaration = self.module.declarations.get(address)
        if outputs is None or declaration is None or declaration.block is None:
            return None
        single = Members({output.name: None for output in outputs}, closed=True)
        body = declaration.block.body
        if body.attribute("count") is not None:
            return Collection("tuple", single)
        return Collection("map", single) if body.attribute("for_each") is not None else single

    def _local(self, declaration: Declaration) -> Shape | None:
        """The shape of a local, none of one in a circle; what is wrong in it is found where it is written."""
        for needed in needed_locals(self.module, declaration.address, self._locals):
            self._locals[needed.address] = value_of(self.apart().of(needed.expr, {}))
        return self._locals.get(declaration.address)

    def _follow(
        self,
        shape: Shape | None,
        steps: list[GetAttr | Index | Splat],
        names: Names,
        lenient: bool,
        *,
        direct: bool,
    ) -> Shape | None:
        """Take the steps. `direct`: Terraform checks them before it evaluates anything, so also within try."""
        computed = False
        place = _NOWHERE
        for step in steps:
            before = shape
            place = _place_of(shape) or place
            if isinstance(step, GetAttr):
                if shape is not None and passes_secret(shape, step.name):
                    self.secrets.append(step)
                instead = None if shape is None or lenient else deprecation(shape, step.name)
                if instead is not None:
                    self.outdated.append(OldStep(step.name_span, step.name, _subject(step.operand), instead, place))
                taken = attribute(shape, step.name) if shape is not None else None
                if isinstance(taken, Wrong):
                    taken = self._explained(taken, place, step.name)
                place = (place[0], f"{place[1]}.{step.name}" if place[1] else step.name)
            elif isinstance(step, Index):
                self.of(step.key, names, lenient=lenient)
                key = literal_key(step.key)
                if key is None and direct:  # Terraform checks no more of it before it evaluates it
                    direct, computed = False, True
                taken = index(shape, key) if shape is not None else None
            else:
                direct = False
                taken = self._splat(shape, step, names, lenient)
            if isinstance(taken, Wrong):
                if direct or computed or not lenient:
                    what = f"{_subject(step.operand)} {taken.what}"
                    caught = lenient and not direct
                    self.problems.append(WrongStep(_span(step, before), what, taken.right, taken.doubt, caught))
                taken = None
            shape = taken
        return shape

    def _explained(self, wrong: Wrong, place: Place, name: str) -> Wrong:
        """A wrong step with what the versions of the provider say of it."""
        key, path = place
        if not key or wrong.name != name:
            return wrong
        found = explained(self.module, key, path, name)
        return replace(wrong, what=wrong.what + found.suffix, right=found.right or wrong.right, doubt=found.doubt)

    def _splat(self, shape: Shape | None, step: Splat, names: Names, lenient: bool) -> Shape | Wrong | None:
        asks = not isinstance(step.each, Item)
        inner = splatted(shape, asks) if shape is not None else None
        if isinstance(inner, Wrong):
            return inner
        return Collection("list", value_of(self.of(step.each, {**names, _ITEM: inner}, lenient=lenient)))

    # -- the rest ------------------------------------------------------------------------------------------

    def _for(self, expr: For, names: Names, lenient: bool) -> Shape | None:
        collection = self.of(expr.collection, names, lenient=lenient)
        inner: Names = {**names, expr.value: element(collection) or member_shape(collection)}
        if expr.key is not None:
            inner = {**inner, expr.key: None}
        for part in (expr.key_expr, expr.condition):
            if part is not None:
                self.of(part, inner, lenient=lenient)
        shape = value_of(self.of(expr.value_expr, inner, lenient=lenient))
        if expr.key_expr is None:
            return Collection("tuple", shape)
        return Collection("map", Collection("tuple", shape) if expr.group else shape)

    def _call(self, expr: Call, names: Names, lenient: bool) -> Shape | None:
        name = expr.name.removeprefix("core::")
        quiet = lenient or name in ("try", "can")
        shapes = [value_of(self.of(argument, names, lenient=quiet)) for argument in expr.arguments]
        if not shapes or expr.expand:
            return None
        if name in _AS_IT_IS:
            return shapes[0]
        if name == "values":
            return Collection("list", element(shapes[0]) or member_shape(shapes[0]))
        if name in ("one", "element"):
            return element(shapes[0])
        if name in _LISTING:
            kind = "set" if _LISTING[name] == "set" else "list"
            return Collection("set" if kind == "set" else "list", common(element(shape) for shape in shapes[:1]))
        return None


def member_shape(shape: Shape | None) -> Shape | None:
    """The shape that all members of an object have."""
    return common(shape.items.values()) if isinstance(shape, Members) and not shape.closed else None


def _subject(expr: Expr) -> str:
    """The operand of a step, as written."""
    text = " ".join(expr.span.code.split())
    if isinstance(expr, Item):
        return "an element"
    return text if len(text) <= LONGEST_SUBJECT else "it"


def _place_of(shape: Shape | None) -> Place | None:
    """Where the schema has a type's own content; None of all else."""
    block = shape.block if isinstance(shape, (Single, Instances)) else shape
    return (block.of, "") if isinstance(block, BlockSchema) and block.of else None


def _span(step: GetAttr | Index | Splat, shape: Shape | None) -> Span:
    """The name that isn't there; where an instance key is wrong or missing, the reference with it."""
    if isinstance(shape, Instances):
        return step.operand.span if not isinstance(step, Splat) else step.span
    if isinstance(shape, Single) and isinstance(step, Index):
        return step.span
    if isinstance(step, GetAttr):
        return step.name_span
    return step.key.span if isinstance(step, Index) else step.span


def given_shape(module: Module, expr: Expr) -> Shape | None:
    """The shape of a variable or a part of one by the variable's type, whatever is given; None of all else."""
    root, steps = unwound(expr)
    if not isinstance(root, Variable) or root.name != "var" or any(isinstance(step, Splat) for step in steps):
        return None
    return value_of(Shapes(module).of(expr, {}))
