"""Records behave as the standard library's data classes do, which are the oracle here: strict ones, and a run's."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Callable
from typing import Any

import pytest

from tflint_tap import records


def _as_in_a_run() -> Any:
    """The module of records as a run imports it, without the environment's flag."""
    spec = importlib.util.spec_from_file_location("records_of_a_run", records.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TAP_LINT_STRICT_RECORDS")
        spec.loader.exec_module(module)
    return module


RUN = _as_in_a_run()


def _kinds(library: Any) -> dict[str, Any]:
    """One class of each kind that the package has, made by a library."""
    dataclass, field = library.dataclass, library.field

    @dataclass(frozen=True, slots=True)
    class Plain:
        """A place."""

        path: str
        line: int = 1
        notes: tuple[str, ...] = ()

        @property
        def place(self) -> str:
            return f"{self.path}:{self.line}"

    @dataclass(frozen=True, slots=True, eq=False)
    class Alone:
        text: str = field(repr=False)
        found: list[int] = field(default_factory=list)

    @dataclass(frozen=True, slots=True)
    class Counted:
        items: tuple[int, ...]
        size: int = field(init=False, default=1, compare=False, repr=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "size", 1 + len(self.items))

    @dataclass(slots=True)
    class Changing:
        name: str
        seen: set[str] = field(default_factory=set)

    @dataclass(eq=False)
    class Open:
        name: str
        rest: dict[str, int] = field(default_factory=dict)
        made: list[str] = field(default_factory=list, init=False)

    @dataclass(frozen=True, eq=False)
    class Sealed:
        name: str = "a"

    @dataclass(frozen=True, slots=True)
    class Empty:
        pass

    @dataclass(frozen=True, slots=True, eq=False)
    class Named:
        name: str

        def __repr__(self) -> str:
            return f"<{self.name}>"

    return {kind.__name__: kind for kind in (Plain, Alone, Counted, Changing, Open, Sealed, Empty, Named)}


STRICT, LOOSE, THEIRS = _kinds(records), _kinds(RUN), _kinds(dataclasses)
OURS = [pytest.param(STRICT, id="strict"), pytest.param(LOOSE, id="in a run")]
ALL = [*OURS, pytest.param(THEIRS, id="the library's")]

CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Plain", ("a.tf",), {}),
    ("Plain", ("a.tf", 2, ("x",)), {}),
    ("Plain", (), {"line": 3, "path": "b.tf"}),
    ("Plain", (), {}),
    ("Plain", ("a.tf", 1, (), 4), {}),
    ("Plain", ("a.tf",), {"column": 1}),
    ("Plain", ("a.tf",), {"path": "b.tf"}),
    ("Alone", ("t",), {}),
    ("Alone", ("t", [1]), {}),
    ("Counted", ((1, 2),), {}),
    ("Counted", ((1, 2), 7), {}),
    ("Changing", ("a",), {}),
    ("Changing", ("a", {"b"}), {}),
    ("Open", ("a", {"b": 1}), {}),
    ("Sealed", (), {}),
    ("Sealed", ("b",), {}),
    ("Empty", (), {}),
    ("Empty", (1,), {}),
    ("Named", ("x",), {}),
]


def _outcome(action: Callable[[], Any]) -> str:
    """What comes of an action, as far as both libraries can say the same."""
    try:
        result = action()
    except TypeError as error:
        return str(error)
    except AttributeError:
        return "an attribute error"
    return repr(result)


@pytest.mark.parametrize("of", OURS)
@pytest.mark.parametrize(("kind", "arguments", "named"), CALLS)
def test_instances_are_made_alike(
    of: dict[str, Any], kind: str, arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    results = [_outcome(lambda of=of: of[kind](*arguments, **named)) for of in (of, THEIRS)]
    assert results[0] == results[1]


@pytest.mark.parametrize("library", [records, RUN])
@pytest.mark.parametrize("kind", [kind for kind, _, _ in CALLS])
def test_the_first_instance_is_as_the_next(library: Any, kind: str) -> None:
    fresh = _kinds(library)[kind]
    arguments, named = next((given, names) for name, given, names in CALLS if name == kind)
    assert repr(fresh(*arguments, **named)) == repr(fresh(*arguments, **named))


@pytest.mark.parametrize("of", ALL)
def test_equality_and_hashes(of: dict[str, Any]) -> None:
    plain, counted = of["Plain"], of["Counted"]
    assert plain("a") == plain("a", 1, ())
    assert plain("a") != plain("b")
    assert plain("a") != ("a", 1, ())
    assert hash(plain("a")) == hash(plain("a", 1, ()))
    assert len({plain("a"), plain("a"), plain("b")}) == 2
    assert counted((1,)) == counted((1,))
    assert of["Empty"]() == of["Empty"]()
    assert of["Alone"]("t") != of["Alone"]("t")
    assert isinstance(hash(of["Alone"]("t")), int)
    assert of["Changing"]("a") == of["Changing"]("a")
    with pytest.raises(TypeError, match="unhashable type"):
        hash(of["Changing"]("a"))


@pytest.mark.parametrize("of", ALL)
def test_what_may_be_changed(of: dict[str, Any]) -> None:
    changing, opened, counted = of["Changing"]("a"), of["Open"]("a"), of["Counted"]((1, 2, 3))
    changing.name = opened.name = "b"
    opened.more = 1
    assert (changing.name, opened.name, opened.more, counted.size) == ("b", "b", 1, 4)
    with pytest.raises(AttributeError):
        changing.other = 1
    assert not hasattr(of["Plain"]("a"), "__dict__")
    assert of["Alone"]("t").found is not of["Alone"]("t").found


@pytest.mark.parametrize("of", [STRICT, THEIRS], ids=["strict", "the library's"])
def test_what_is_frozen(of: dict[str, Any]) -> None:
    for kind, name in (("Plain", "path"), ("Sealed", "name"), ("Named", "name")):
        frozen = of[kind]("a")
        with pytest.raises(AttributeError):
            setattr(frozen, name, "c")
        with pytest.raises(AttributeError):
            delattr(frozen, name)
        assert getattr(frozen, name) == "a"


@pytest.mark.parametrize(("library", "of"), [(records, STRICT), (RUN, LOOSE), (dataclasses, THEIRS)])
def test_a_copy_with_changes(library: Any, of: dict[str, Any]) -> None:
    assert repr(library.replace(of["Plain"]("a", 2), line=3)).endswith("Plain(path='a', line=3, notes=())")
    assert library.replace(of["Counted"]((1,)), items=(1, 2)).size == 3
    with pytest.raises(TypeError, match="unexpected keyword argument 'column'"):
        library.replace(of["Plain"]("a"), column=3)


@pytest.mark.parametrize("of", ALL)
def test_what_a_class_says_of_itself(of: dict[str, Any]) -> None:
    plain = of["Plain"]
    assert (plain.__doc__, plain.__slots__, plain.__match_args__) == ("A place.", *[("path", "line", "notes")] * 2)
    assert plain.__qualname__ == "_kinds.<locals>.Plain"
    assert plain("a", 2).place == "a:2"
    assert of["Sealed"].name == "a"


def _refused(body: dict[str, Any], bases: tuple[type, ...] = ()) -> str:
    with pytest.raises((TypeError, ValueError)) as raised:
        records.dataclass(frozen=True, slots=True)(type("A", bases, body))
    return str(raised.value)


@pytest.mark.parametrize("size", range(21))
def test_a_class_may_have_many_attributes(size: int) -> None:
    names = [f"part_{number}" for number in range(size)]
    for library in (records, RUN):
        kind = library.dataclass(frozen=True, slots=True)(
            type("A", (), {"__annotations__": dict.fromkeys(names, "int")})
        )
        made = kind(*range(size))
        assert [getattr(made, name) for name in names] == list(range(size))
        assert made == kind(**dict(zip(names, range(size), strict=True)))


def test_what_would_mean_something_else_is_refused() -> None:
    """Of a text that has annotations, as `from __future__ import annotations` leaves them."""
    number = {"__annotations__": {"x": "int"}}
    assert _refused({**number, "__eq__": lambda self, other: True}) == "A has __eq__, __hash__ of its own"
    assert _refused({**number, "__init__": lambda self: None}) == "A has __init__ of its own"
    assert _refused(number, (STRICT["Sealed"],)) == "A inherits from a record"
    assert _refused({"__annotations__": {"x": "ClassVar[int]"}}) == "x of A is no attribute of its instances"
    assert _refused({**number, "x": []}) == "the default of x in A would be shared: use default_factory"
    order = {"__annotations__": {"x": "int", "y": "int"}, "x": 1}
    assert _refused(order) == "y of A has no default, but x before it has"


@pytest.mark.parametrize("of", ALL)
def test_a_plain_class_may_build_on_a_record(of: dict[str, Any]) -> None:
    for kind in ("Plain", "Sealed", "Changing"):
        derived = type("Derived", (of[kind],), {"word": "b"})
        made = derived("a")
        assert (made.word, getattr(made, "name", None) or made.path) == ("b", "a")
