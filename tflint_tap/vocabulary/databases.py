"""Functions on databases: what their engines accept."""

from __future__ import annotations

from ..aws.engine_versions import as_of, support, versions
from ..aws.passwords import PUNCTUATION, RANDOM_SPECIAL, refused
from ..aws.usernames import engines, is_reserved, reserved_names
from ..iam.wildcards import matches
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Symbol, Unknown, Value
from ..text.source import Span


def reserved_username(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`reserved_username("postgres", self.username)`: true if an engine refuses a name for its master user."""
    engine, name = arguments
    if isinstance(name.data, PartialString) and not _may_be_reserved(name.data):
        return Value(False, span)
    if not name.is_known:
        return Value(Unknown(name.reason or "the name isn't known"), span)
    if not isinstance(name.data, str):
        return Value(False, span)
    if not engine.is_known:
        may_be = any(is_reserved(one, name.data) for one in engines())
        return Value(Unknown(engine.reason or "the engine isn't known") if may_be else False, span)
    if engine.data is not None and not isinstance(engine.data, str):
        raise EvaluationError("reserved_username takes an engine and a name")
    return Value(engine.data is not None and is_reserved(engine.data, name.data), span)


def _may_be_reserved(name: PartialString) -> bool:
    """Return True if a name that is known in part can be one that some engine reserves."""
    pattern = "".join(part.lower() if isinstance(part, str) else "*" for part in name.parts)
    reserved = (word for engine in engines() for word in reserved_names(engine))
    return any(matches(pattern, word) or (word.endswith("*") and matches(word, pattern)) for word in reserved)


def refused_characters(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`refused_characters("rds", self.password)`: what a password holds, or its random text may hold, that is refused.

    The kind of store is rds, oracle, docdb, redshift or elasticache. A text that isn't random, and not written, has
    none that are known.
    """
    kind, password = arguments
    if not isinstance(kind.data, str):
        raise EvaluationError("refused_characters takes a kind of store and a password")
    data = password.data
    found: list[str] = []
    for part in data.parts if isinstance(data, PartialString) else (data,):
        characters: str | Unknown = ""
        if isinstance(part, str):
            characters = part
        elif isinstance(part, Symbol):
            characters = _set_of(stack.symbol_target(part))
        if isinstance(characters, Unknown):
            return Value(characters, span)
        found += refused(kind.data, characters)
    return Value(ListValue(tuple(Value(one) for one in dict.fromkeys(found)), "list"), span)


def _set_of(random: Instance | None) -> str | Unknown:
    """The special characters that a random text may hold; none of what isn't one."""
    type_ = random.declaration.type if random is not None else ""
    if random is None or type_ not in ("random_password", "random_string", "aws_secretsmanager_random_password"):
        return ""
    if type_ == "aws_secretsmanager_random_password":
        asked = {name: random.value(name) for name in ("exclude_punctuation", "exclude_characters", "include_space")}
        unsure = next((value for value in asked.values() if not value.is_known), None)
        if unsure is not None:
            return Unknown(unsure.reason or "the set isn't known")
        held = "" if _is_true(asked["exclude_punctuation"]) else PUNCTUATION
        held += " " if _is_true(asked["include_space"]) else ""
        return "".join(one for one in held if one not in str(asked["exclude_characters"].data or ""))
    special, own = random.value("special"), random.value("override_special")
    if not special.is_known or str(special.data).lower() == "false":
        return "" if special.is_known else Unknown(special.reason or "the set isn't known")
    if not own.is_known:
        return Unknown(own.reason or "the set isn't known")
    return str(own.data) if own.data not in (None, "") else RANDOM_SPECIAL


def _is_true(value: Value) -> bool:
    return str(value.data).lower() == "true"


def engine_support(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`engine_support("postgres", "13.4")`: the days `standard` and `withdrawn` of a database engine's version.

    A day that isn't announced is null. All is null where the engine isn't in the table, or no version is given; a
    version that the table doesn't have isn't known.
    """
    engine, version = arguments
    if engine.data is None or version.data is None:
        return Value(None, span)
    if not engine.is_known or not version.is_known:
        return Value(Unknown(engine.reason or version.reason or "the version isn't known"), span)
    name, number = str(engine.data), str(version.data)
    if all(name != known for known, _ in versions()):
        return Value(None, span)
    found = support(name, number)
    if found is None:
        return Value(Unknown(f"the table of {as_of()} doesn't have {name} {number}"), span)
    days = {"standard": found.standard, "withdrawn": found.withdrawn}
    return Value(
        MapValue({key: Value(None if day is None else day.isoformat(), span) for key, day in days.items()}), span
    )
