"""`dataclass`, `field` and `replace`, with the standard library's meaning, made in a fraction of the time.

The library compiles half a dozen methods for every class when its module is imported: half a millisecond each, and a
run imports over a hundred classes, a sixth of all its time. Here nothing is compiled: all methods but `__init__` are
shared, and that one is a template of as many parameters under the names of the class's own, made when the class makes
its first instance, if it ever does. To type checkers these are the library's own.

With TAP_LINT_STRICT_RECORDS in the environment, as under the tests, frozen records refuse changes, and classes that
would mean something else than the library's are refused: inheritance between records, methods of one's own in place of
those that are made, `ClassVar`, `InitVar`. A run does without: type checkers and tests have seen its code, and an
attribute that may be set is set in a fifth of the time. `order`, `kw_only` and copies by `copy` and `pickle` aren't
there at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from operator import attrgetter
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

_T = TypeVar("_T")
_MISSING: Any = object()
_FIELDS = "__record_fields__"
STRICT = bool(os.environ.get("TAP_LINT_STRICT_RECORDS"))


class _Field:
    """The specification of one attribute."""

    __slots__ = ("compare", "default", "default_factory", "init", "name", "repr")

    def __init__(
        self,
        *,
        default: Any = _MISSING,
        default_factory: Any = _MISSING,
        init: bool = True,
        repr: bool = True,
        compare: bool = True,
    ) -> None:
        self.name = ""
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare


def _record(*, frozen: bool = False, slots: bool = False, eq: bool = True) -> Callable[[type[_T]], type[_T]]:
    """A decorator that makes a class of a body that names its attributes."""

    def made(body: type[_T]) -> type[_T]:
        written = vars(body)
        found = {name: _field_of(name, written.get(name, _MISSING)) for name in body.__annotations__}
        if STRICT:
            _refuse(body, found.values())
        members = {name: value for name, value in written.items() if name not in found}
        if slots:
            members = {name: value for name, value in members.items() if name not in ("__dict__", "__weakref__")}
            members["__slots__"] = tuple(found)
        else:
            members |= {item.name: item.default for item in found.values() if item.default is not _MISSING}
        members[_FIELDS] = tuple(found.values())
        members["__match_args__"] = tuple(item.name for item in found.values() if item.init)
        members["__init__"] = _first_init
        members.setdefault("__repr__", _repr)
        if eq:
            members["__eq__"], hashed = _comparing([item.name for item in found.values() if item.compare])
            members["__hash__"] = hashed if frozen else None
        if frozen and STRICT:
            members["__setattr__"], members["__delattr__"] = _refuse_set, _refuse_delete
        if slots:
            anew: type[_T] = type(body.__name__, body.__bases__, {**members, "__qualname__": body.__qualname__})
            return anew
        for name, value in members.items():
            if written.get(name, _MISSING) is not value:
                setattr(body, name, value)
        for item in found.values():
            if item.default is _MISSING and item.name in written:
                delattr(body, item.name)
        return body

    return made


def _refuse(body: type, found: Iterable[_Field]) -> None:
    """TypeError, or ValueError as the library has it, for what would mean something else here."""
    own = {"__init__", "__eq__", "__hash__", "__setattr__", "__delattr__"} & vars(body).keys()
    if own:
        raise TypeError(f"{body.__qualname__} has {', '.join(sorted(own))} of its own")
    if any(hasattr(base, _FIELDS) for base in body.__bases__):
        raise TypeError(f"{body.__qualname__} inherits from a record")
    optional = ""
    for item in found:
        if str(body.__annotations__[item.name]).startswith(("ClassVar", "InitVar")):
            raise TypeError(f"{item.name} of {body.__qualname__} is no attribute of its instances")
        if isinstance(item.default, (list, dict, set)):
            raise ValueError(f"the default of {item.name} in {body.__qualname__} would be shared: use default_factory")
        if item.default is not _MISSING or item.default_factory is not _MISSING:
            optional = item.name
        elif optional and item.init:
            raise TypeError(f"{item.name} of {body.__qualname__} has no default, but {optional} before it has")


def _field_of(name: str, written: Any) -> _Field:
    found = written if isinstance(written, _Field) else _Field(default=written)
    found.name = name
    return found


# -- methods that all share -----------------------------------------------------------------------------------


def _first_init(self: Any, /, *args: Any, **kwargs: Any) -> None:
    """Stands for `__init__` until there is an instance: the call that makes it puts the real one in its place."""
    kind = next(kind for kind in type(self).__mro__ if _FIELDS in vars(kind))
    init = _init_of(kind)
    type.__setattr__(kind, "__init__", init)
    init(self, *args, **kwargs)


def _init_of(kind: type) -> Callable[..., None]:
    """The `__init__` of a class: the template's where it fits, followed by what else there is to do."""
    found: tuple[_Field, ...] = getattr(kind, _FIELDS)
    taken = [item for item in found if item.init]
    constants = [item for item in found if not item.init and item.default is not _MISSING]
    names = tuple(item.name for item in (*taken, *constants))
    # _MISSING stands for what a factory makes
    optional = [item for item in taken if item.default is not _MISSING or item.default_factory is not _MISSING]
    defaults = tuple(item.default for item in optional)
    code = _TEMPLATES[len(names)].replace(
        co_names=names,
        co_varnames=("self", *names),
        co_name="__init__",
        co_argcount=1 + len(taken),
        co_kwonlyargcount=len(constants),  # nobody gives them: the template sets them without a further call
    )
    init: Callable[..., None] = FunctionType(code, {}, "__init__", defaults)
    init.__kwdefaults__ = {item.name: item.default for item in constants}
    init.__qualname__ = f"{kind.__qualname__}.__init__"
    is_frozen = vars(kind).get("__setattr__") is _refuse_set
    return _followed(kind, _unfrozen(init, names) if is_frozen else init, found)


def _followed(kind: type, init: Callable[..., None], found: tuple[_Field, ...]) -> Callable[..., None]:
    """An `__init__` that also sets what has a factory, and ends with `__post_init__`."""
    factories = [(item.name, item.default_factory) for item in found if item.default_factory is not _MISSING]
    after = getattr(kind, "__post_init__", None)
    if not (factories or after):
        return init
    set_attribute = object.__setattr__

    def whole(self: Any, /, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        for name, make in factories:
            if getattr(self, name, _MISSING) is _MISSING:
                set_attribute(self, name, make())
        if after is not None:
            after(self)

    return whole


def _unfrozen(init: Callable[..., None], names: tuple[str, ...]) -> Callable[..., None]:
    """An `__init__` for a class that refuses to have its attributes set: it fills a stand-in, which is copied."""

    class StandIn:
        __init__ = init

    def whole(self: Any, /, *args: Any, **kwargs: Any) -> None:
        filled = StandIn(*args, **kwargs)
        for name in names:
            object.__setattr__(self, name, getattr(filled, name))

    return whole


def _repr(self: Any) -> str:
    shown = (item.name for item in getattr(self, _FIELDS) if item.repr)
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"


def _comparing(names: list[str]) -> tuple[Callable[[Any, object], bool], Callable[[Any], int]]:
    """`__eq__` and `__hash__` over these attributes."""
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda self: ()

    def equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    return equal, hashed


def _refuse_set(self: object, name: str, value: object) -> None:
    raise AttributeError(f"{type(self).__qualname__} is frozen: {name} can't be set")


def _refuse_delete(self: object, name: str) -> None:
    raise AttributeError(f"{type(self).__qualname__} is frozen: {name} can't be deleted")


# -- templates of __init__ --------------------------------------------------------------------------------------

# A class has the one with as many parameters, under its own names. One statement an attribute is what python does
# quickest; ruff would spread them over four hundred lines.
# fmt: off


def _0(self):  # type: ignore[no-untyped-def]
    pass

def _1(self, a):  # type: ignore[no-untyped-def]
    self.a = a

def _2(self, a, b):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b

def _3(self, a, b, c):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c

def _4(self, a, b, c, d):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d

def _5(self, a, b, c, d, e):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e

def _6(self, a, b, c, d, e, f):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f

def _7(self, a, b, c, d, e, f, g):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g

def _8(self, a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h

def _9(self, a, b, c, d, e, f, g, h, i):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i

def _10(self, a, b, c, d, e, f, g, h, i, j):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j

def _11(self, a, b, c, d, e, f, g, h, i, j, k):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j; self.k = k

def _12(self, a, b, c, d, e, f, g, h, i, j, k, m):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j; self.k = k; self.m = m

def _13(self, a, b, c, d, e, f, g, h, i, j, k, m, n):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j; self.k = k; self.m = m; self.n = n

def _14(self, a, b, c, d, e, f, g, h, i, j, k, m, n, o):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j; self.k = k; self.m = m; self.n = n; self.o = o

def _15(self, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j; self.k = k; self.m = m; self.n = n; self.o = o; self.p = p

def _16(self, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j; self.k = k; self.m = m; self.n = n; self.o = o; self.p = p; self.q = q

def _17(self, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j; self.k = k; self.m = m; self.n = n; self.o = o; self.p = p; self.q = q
    self.r = r

def _18(self, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j; self.k = k; self.m = m; self.n = n; self.o = o; self.p = p; self.q = q
    self.r = r; self.s = s

def _19(self, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j; self.k = k; self.m = m; self.n = n; self.o = o; self.p = p; self.q = q
    self.r = r; self.s = s; self.t = t

def _20(self, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u):  # type: ignore[no-untyped-def]
    self.a = a; self.b = b; self.c = c; self.d = d; self.e = e; self.f = f; self.g = g; self.h = h
    self.i = i; self.j = j; self.k = k; self.m = m; self.n = n; self.o = o; self.p = p; self.q = q
    self.r = r; self.s = s; self.t = t; self.u = u


# fmt: on
_TEMPLATES = tuple(
    template.__code__
    for template in (_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18, _19, _20)
)


# -- what is asked of records ---------------------------------------------------------------------------------


def _replace(record: _T, /, **changes: Any) -> _T:
    """A copy in which these attributes have other values."""
    for item in getattr(record, _FIELDS):
        if item.init and item.name not in changes:
            changes[item.name] = getattr(record, item.name)
    return type(record)(**changes)


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:
    dataclass, field, replace = _record, _Field, _replace
