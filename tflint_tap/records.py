"""`dataclass`, `field` and `replace`, with the standard library's meaning, made in a tenth of the time.

The library compiles half a dozen methods for every class when its module is imported: half a millisecond each, and a
run imports over a hundred classes, a sixth of all its time. Here all methods but `__init__` are shared, and that one is
compiled when the class makes its first instance, if it ever does. To type checkers these are the library's own. What
isn't used here isn't there and is refused, or fails where it is asked for: inheritance between records, methods of
one's own in place of those that are made, `order`, `kw_only`, `ClassVar`, `InitVar`, copies by `copy` and `pickle`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

_T = TypeVar("_T")
_MISSING: Any = object()
_FIELDS = "__record_fields__"


class _Field:
    """What is said of one attribute."""

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
        if frozen:
            members["__setattr__"], members["__delattr__"] = _refuse_set, _refuse_delete
        if slots:
            anew: type[_T] = type(body.__name__, body.__bases__, {**members, "__qualname__": body.__qualname__})
            return anew
        for name, value in members.items():
            if written.get(name, _MISSING) is not value:
                setattr(body, name, value)
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
    """The `__init__` of a class, compiled."""
    slotted = "__slots__" in vars(kind)
    frozen = vars(kind).get("__setattr__") is _refuse_set
    known: dict[str, Any] = {"_missing": _MISSING}
    parameters, lines = ["self"], []
    for item in getattr(kind, _FIELDS):
        name, value = item.name, item.name
        if item.default_factory is not _MISSING:
            known[f"_make_{name}"] = item.default_factory
            value = f"_make_{name}()" + (f" if {name} is _missing else {name}" if item.init else "")
        elif item.default is not _MISSING:
            known[f"_default_{name}"] = item.default
            value = name if item.init else f"_default_{name}"
        elif not item.init:
            continue  # its __post_init__ sets it
        if item.init:
            default = "_missing" if item.default_factory is not _MISSING else f"_default_{name}"
            optional = item.default_factory is not _MISSING or item.default is not _MISSING
            parameters.append(f"{name}={default}" if optional else name)
        if not frozen:
            lines.append(f"self.{name} = {value}")
        elif slotted:  # the slot's own setter: quicker than object.__setattr__, which has to look for it
            known[f"_set_{name}"] = vars(kind)[name].__set__
            lines.append(f"_set_{name}(self, {value})")
        else:
            lines.append(f"self.__dict__[{name!r}] = {value}")
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    text = f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"])
    exec(text, known)  # of names in this package's own classes, as the standard library does
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{kind.__qualname__}.__init__"
    return init


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
