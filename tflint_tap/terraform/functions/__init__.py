"""Terraform's functions: what there is, what each takes, and in which module it is written.

The signatures are those that `terraform metadata functions -json` of Terraform 1.11 gives; a test compares them.
`can` and `try` aren't here, since they don't evaluate their arguments first. A module is imported when one of its
functions is called first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Literal, cast

from ...records import dataclass, replace
from ...text.source import Span
from ..evaluation.conversion import EvaluationError, TooLarge
from ..evaluation.values import Data, ErrorValue, ListValue, MapValue, Unknown, Value, contents, is_sensitive
from ..typing import ANY, BOOL, NUMBER, STRING, TypeConstraint, convert, list_of, map_of, set_of
from .environment import Environment

__all__ = ["FUNCTIONS", "Environment", "Function", "Parameter", "call", "signature"]

_TYPES: Mapping[str, TypeConstraint] = {
    "string": STRING,
    "number": NUMBER,
    "bool": BOOL,
    "dynamic": ANY,
    "list(bool)": list_of(BOOL),
    "list(string)": list_of(STRING),
    "list(dynamic)": list_of(ANY),
    "set(dynamic)": set_of(ANY),
    "map(list(string))": map_of(list_of(STRING)),
}


@dataclass(frozen=True, slots=True)
class Function:
    """One row of the table.

    `parameters` reads `name: type, …`; after a type, `?` lets null pass, `~` lets what isn't known pass (else the
    call is unknown then), `...` makes it the last, for any number of arguments. With `environment`, the function
    takes the Environment first. `marks` says what becomes of sensitivity: mostly the result is sensitive as a whole
    where anything within the arguments is; with "kept", where an argument itself is (its elements keep their own
    marks); with "own" the function sees to it.
    """

    module: str
    parameters: str
    environment: bool = False
    marks: Literal["all", "kept", "own"] = "all"


FUNCTIONS: Mapping[str, Function] = {
    "abs": Function("arithmetic", "num: number"),
    "abspath": Function("files", "path: string", environment=True),
    "alltrue": Function("queries", "list: list(bool)"),
    "anytrue": Function("queries", "list: list(bool)"),
    "base64decode": Function("encodings", "str: string"),
    "base64encode": Function("encodings", "str: string"),
    "base64gzip": Function("encodings", "str: string"),
    "base64sha256": Function("digests", "str: string"),
    "base64sha512": Function("digests", "str: string"),
    "basename": Function("files", "path: string~"),
    "bcrypt": Function("digests", "str: string, cost: number..."),
    "ceil": Function("arithmetic", "num: number"),
    "chomp": Function("strings", "str: string~"),
    "chunklist": Function("lists", "list: list(dynamic), size: number", marks="kept"),
    "cidrhost": Function("networks", "prefix: string, hostnum: number"),
    "cidrnetmask": Function("networks", "prefix: string"),
    "cidrsubnet": Function("networks", "prefix: string, newbits: number, netnum: number"),
    "cidrsubnets": Function("networks", "prefix: string, newbits: number..."),
    "coalesce": Function("queries", "vals: dynamic?~..."),
    "coalescelist": Function("queries", "vals: dynamic?~..."),
    "compact": Function("lists", "list: list(string)"),
    "concat": Function("lists", "seqs: dynamic~...", marks="kept"),
    "contains": Function("queries", "list: dynamic, value: dynamic~"),
    "csvdecode": Function("encodings", "str: string"),
    "dirname": Function("files", "path: string~"),
    "distinct": Function("lists", "list: list(dynamic)"),
    "element": Function("lists", "list: dynamic, index: number", marks="kept"),
    "endswith": Function("strings", "str: string~, suffix: string~"),
    "ephemeralasnull": Function("conversions", "value: dynamic?~", marks="own"),
    "file": Function("files", "path: string", environment=True),
    "filebase64": Function("files", "path: string", environment=True),
    "filebase64sha256": Function("files", "path: string", environment=True),
    "filebase64sha512": Function("files", "path: string", environment=True),
    "fileexists": Function("files", "path: string", environment=True),
    "filemd5": Function("files", "path: string", environment=True),
    "fileset": Function("files", "path: string, pattern: string", environment=True),
    "filesha1": Function("files", "path: string", environment=True),
    "filesha256": Function("files", "path: string", environment=True),
    "filesha512": Function("files", "path: string", environment=True),
    "flatten": Function("lists", "list: dynamic", marks="kept"),
    "floor": Function("arithmetic", "num: number"),
    "format": Function("formatting", "format: string, args: dynamic?~..."),
    "formatdate": Function("times", "format: string, time: string"),
    "formatlist": Function("formatting", "format: string, args: dynamic?~..."),
    "indent": Function("strings", "spaces: number, str: string~"),
    "index": Function("queries", "list: dynamic, value: dynamic~"),
    "issensitive": Function("conversions", "value: dynamic?~", marks="own"),
    "join": Function("strings", "separator: string~, lists: list(string)~..."),
    "jsondecode": Function("jsons", "str: string~"),
    "jsonencode": Function("jsons", "val: dynamic?~"),
    "keys": Function("maps", "inputMap: dynamic", marks="kept"),
    "length": Function("lists", "value: dynamic", marks="kept"),
    "list": Function("conversions", "vals: dynamic?~..."),
    "log": Function("arithmetic", "num: number, base: number"),
    "lookup": Function("maps", "inputMap: dynamic~, key: string~, default: dynamic?~...", marks="own"),
    "lower": Function("strings", "str: string~"),
    "map": Function("conversions", "vals: dynamic?~..."),
    "matchkeys": Function("queries", "values: list(dynamic), keys: list(dynamic), searchset: list(dynamic)"),
    "max": Function("arithmetic", "numbers: number~..."),
    "md5": Function("digests", "str: string"),
    "merge": Function("maps", "maps: dynamic?~...", marks="kept"),
    "min": Function("arithmetic", "numbers: number~..."),
    "nonsensitive": Function("conversions", "value: dynamic?~", marks="own"),
    "one": Function("queries", "list: dynamic"),
    "parseint": Function("arithmetic", "number: dynamic, base: number"),
    "pathexpand": Function("files", "path: string"),
    "plantimestamp": Function("times", "", environment=True),
    "pow": Function("arithmetic", "num: number, power: number"),
    "range": Function("lists", "params: number..."),
    "regex": Function("strings", "pattern: string, string: string"),
    "regexall": Function("strings", "pattern: string, string: string"),
    "replace": Function("strings", "str: string~, substr: string, replace: string"),
    "reverse": Function("lists", "list: dynamic", marks="kept"),
    "rsadecrypt": Function("digests", "ciphertext: string, privatekey: string"),
    "sensitive": Function("conversions", "value: dynamic?~", marks="own"),
    "setintersection": Function("sets", "first_set: set(dynamic)~, other_sets: set(dynamic)~..."),
    "setproduct": Function("sets", "sets: dynamic...", marks="kept"),
    "setsubtract": Function("sets", "a: set(dynamic)~, b: set(dynamic)~"),
    "setunion": Function("sets", "first_set: set(dynamic)~, other_sets: set(dynamic)~..."),
    "sha1": Function("digests", "str: string"),
    "sha256": Function("digests", "str: string"),
    "sha512": Function("digests", "str: string"),
    "signum": Function("arithmetic", "num: number"),
    "slice": Function("lists", "list: dynamic~, start_index: number, end_index: number", marks="kept"),
    "sort": Function("lists", "list: list(string)"),
    "split": Function("strings", "separator: string, str: string~"),
    "startswith": Function("strings", "str: string~, prefix: string~"),
    "strcontains": Function("strings", "str: string~, substr: string~"),
    "strrev": Function("strings", "str: string"),
    "substr": Function("strings", "str: string~, offset: number, length: number"),
    "sum": Function("arithmetic", "list: dynamic"),
    "templatefile": Function("files", "path: string, vars: dynamic", environment=True),
    "templatestring": Function("files", "template: string, vars: dynamic", environment=True),
    "textdecodebase64": Function("encodings", "source: string, encoding: string"),
    "textencodebase64": Function("encodings", "string: string, encoding: string"),
    "timeadd": Function("times", "timestamp: string, duration: string"),
    "timecmp": Function("times", "timestamp_a: string, timestamp_b: string"),
    "timestamp": Function("times", ""),
    "title": Function("strings", "str: string"),
    "tobool": Function("conversions", "v: dynamic?~", marks="own"),
    "tolist": Function("conversions", "v: dynamic?~", marks="own"),
    "tomap": Function("conversions", "v: dynamic?~", marks="own"),
    "tonumber": Function("conversions", "v: dynamic?~", marks="own"),
    "toset": Function("conversions", "v: dynamic?~", marks="own"),
    "tostring": Function("conversions", "v: dynamic?~", marks="own"),
    "transpose": Function("maps", "values: map(list(string))"),
    "trim": Function("strings", "str: string~, cutset: string"),
    "trimprefix": Function("strings", "str: string~, prefix: string"),
    "trimspace": Function("strings", "str: string~"),
    "trimsuffix": Function("strings", "str: string~, suffix: string"),
    "upper": Function("strings", "str: string~"),
    "urlencode": Function("encodings", "str: string"),
    "uuid": Function("digests", ""),
    "uuidv5": Function("digests", "namespace: string, name: string"),
    "values": Function("maps", "mapping: dynamic", marks="kept"),
    "yamldecode": Function("yaml_reading", "src: string"),
    "yamlencode": Function("yaml_writing", "value: dynamic?~"),
    "zipmap": Function("maps", "keys: list(string)~, values: dynamic~", marks="own"),
    "provider::terraform::decode_tfvars": Function("tfvars", "src: string", environment=True),
    "provider::terraform::encode_expr": Function("tfvars", "value: dynamic~"),
    "provider::terraform::encode_tfvars": Function("tfvars", "value: dynamic~"),
}

# The types of results, whatever the arguments are; those of all other functions depend on these.
_RETURNED: Mapping[str, tuple[TypeConstraint, str]] = {
    "string": (
        STRING,
        "abspath base64decode base64encode base64gzip base64sha256 base64sha512 basename bcrypt chomp cidrhost "
        "cidrnetmask cidrsubnet dirname file filebase64 filebase64sha256 filebase64sha512 filemd5 filesha1 filesha256 "
        "filesha512 formatdate indent join jsonencode lower md5 pathexpand plantimestamp replace rsadecrypt sha1 "
        "sha256 sha512 strrev substr templatestring textdecodebase64 textencodebase64 timeadd timestamp title "
        "tostring trim trimprefix trimspace trimsuffix upper urlencode uuid uuidv5 yamlencode",
    ),
    "number": (NUMBER, "abs ceil floor length log max min pow signum timecmp tonumber"),
    "bool": (BOOL, "alltrue anytrue endswith fileexists issensitive startswith strcontains tobool"),
    "list(string)": (list_of(STRING), "cidrsubnets compact sort split"),
    "list(number)": (list_of(NUMBER), "range"),
    "list(dynamic)": (list_of(ANY), "distinct matchkeys regexall tolist"),
    "list(list(dynamic))": (list_of(list_of(ANY)), "chunklist"),
    "set(string)": (set_of(STRING), "fileset"),
    "set(dynamic)": (set_of(ANY), "setintersection setsubtract setunion toset"),
    "map(dynamic)": (map_of(ANY), "tomap"),
    "map(list(string))": (map_of(list_of(STRING)), "transpose"),
}

# The kinds of values that functions take where their table says that they take any, of arguments that aren't known:
# the first argument, or all of them.
_SEQUENCES, _MAPPINGS = ("list", "tuple"), ("map", "object")
_TAKEN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("keys", "values", "lookup", "merge"), _MAPPINGS),
    **dict.fromkeys(("element", "concat", "slice", "coalescelist", "index"), _SEQUENCES),
    **dict.fromkeys(("reverse", "flatten", "one", "setproduct", "contains", "sum"), (*_SEQUENCES, "set")),
    "length": (*_SEQUENCES, *_MAPPINGS, "set", "string"),
}
_ALIKE = ("merge", "concat", "coalescelist", "setproduct")  # whose arguments are all of these kinds
_MOST_VALUES = 200_000
_OF_TEXTS = frozenset({"endswith", "lower", "regex", "replace", "startswith", "strcontains", "upper"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """The parameter of a function at one place (the last may stand for any number of places)."""

    name: str
    type: str
    nullable: bool
    open: bool  # takes what isn't known
    variadic: bool


@cache
def _returned_types() -> Mapping[str, TypeConstraint]:
    return {name: type_ for type_, names in _RETURNED.values() for name in names.split()}


def returned(name: str) -> str:
    """The type of a function's results as Terraform says it; `dynamic` where it depends on the arguments."""
    return next((text for text, (_, names) in _RETURNED.items() if name in names.split()), "dynamic")


@cache
def signature(name: str) -> tuple[Parameter, ...]:
    """The parameters of a function of the table."""
    parameters = []
    for text in FUNCTIONS[name].parameters.split(", ") if FUNCTIONS[name].parameters else ():
        parameter, _, type_ = text.partition(": ")
        word = type_.rstrip("?~.")
        marks = type_[len(word) :]
        parameters.append(Parameter(parameter, word, "?" in marks, "~" in marks, "..." in marks))
    return tuple(parameters)


def call(name: str, arguments: tuple[Value, ...], span: Span, environment: Environment) -> Value:
    """The result of a function call. EvaluationError if Terraform would report an error.

    What can't be known is Unknown with its reason, as is what would cost too much to compute. What the function
    makes itself gets the call's span; elements that it only moves keep theirs.
    """
    name = name.removeprefix("core::")
    function = FUNCTIONS.get(name)
    if function is None:
        raise EvaluationError(f'there is no function named "{name}"')
    if name in _OF_TEXTS and all(type(argument.data) is str and not argument.sensitive for argument in arguments):
        known = _of_texts(name, tuple([cast("str", argument.data) for argument in arguments]))
        if isinstance(known, EvaluationError):
            raise EvaluationError(str(known))  # one that is raised keeps the frames that it went through alive
        return _placed(known, span)
    return _called(name, function, arguments, span, environment)


@lru_cache(maxsize=4096)
def _of_texts(name: str, texts: tuple[str, ...]) -> Value | EvaluationError:
    """The result, or the error, of a function of texts alone: conditions ask the same again and again."""
    try:
        _parameters(name, len(texts))
        made = _implementation(FUNCTIONS[name].module, name)(*map(Value, texts))
    except EvaluationError as error:
        return EvaluationError(str(error))
    except TooLarge as error:
        made = Unknown(error.reason)
    return made if isinstance(made, Value) else Value(made)


def _called(name: str, function: Function, arguments: tuple[Value, ...], span: Span, environment: Environment) -> Value:
    given = []
    marked = _survey(arguments)
    if isinstance(marked, Unknown):
        return Value(marked, span)
    for parameter, argument in zip(_parameters(name, len(arguments)), arguments, strict=True):
        if isinstance(argument.data, ErrorValue):
            return Value(argument.data, span)
        given.append(_taken(name, parameter, argument))
        type_ = argument.type
        if type_ is not None and not argument.is_known and (len(given) == 1 or name in _ALIKE):
            kinds = _TAKEN.get(name)
            if kinds is not None and type_.kind not in (*kinds, "any"):
                raise EvaluationError(f"{name} takes no {type_.kind} as {parameter.name}")
    sensitive = False
    if function.marks == "kept":
        sensitive = any(argument.sensitive for argument in given)
    elif function.marks == "all" and marked:
        sensitive = True
        given = [unmarked(argument) for argument in given]
    for parameter, argument in zip(_parameters(name, len(given)), given, strict=True):
        if not parameter.open and argument.reason is not None:
            open_ = Value(Unknown(argument.reason), span, sensitive or argument.sensitive)
            return replace(open_, type=_returned_types().get(name))
    implementation = _implementation(function.module, name.rpartition("::")[2])
    try:
        made = implementation(environment, *given) if function.environment else implementation(*given)
    except TooLarge as error:
        made = Unknown(error.reason)
    except RecursionError:
        made = Unknown("the value is nested too deeply")
    result = _placed(made if isinstance(made, Value) else Value(made), span)
    if result.type is None and isinstance(result.data, Unknown):
        result = replace(result, type=_returned_types().get(name))
    return replace(result, sensitive=True) if sensitive else result


def _survey(arguments: tuple[Value, ...]) -> bool | Unknown:
    """Return True if anything within is sensitive; Unknown if there is too much within to look at.

    Locals that hold each other twice come to more elements than anything could go through.
    """
    marked = False
    within = 0
    for value in arguments:
        marked = marked or value.sensitive
        if isinstance(value.data, (ListValue, MapValue)):
            size, _, is_marked = contents(value.data)
            marked = marked or is_marked
            within += size - 1
    return Unknown(f"the value has more than {_MOST_VALUES} elements") if within > _MOST_VALUES else marked


@cache
def _implementation(module: str, name: str) -> Callable[..., Value | Data]:
    names = vars(import_module(f".{module}", __name__))
    # Names that mean something in Python itself are written with an underscore.
    return cast("Callable[..., Value | Data]", names.get(f"{name}_") or names[name])


@lru_cache(maxsize=1024)
def _parameters(name: str, count: int) -> tuple[Parameter, ...]:
    """One parameter for each argument."""
    parameters = signature(name)
    if parameters and parameters[-1].variadic:
        fixed = parameters[:-1]
        if count >= len(fixed):
            return fixed + parameters[-1:] * (count - len(fixed))
        at_least = "at least "
    else:
        fixed = parameters
        if count == len(fixed):
            return fixed
        at_least = ""
    if count < len(fixed):
        raise EvaluationError(
            f'function "{name}" expects {at_least}{len(fixed)} argument(s), missing value for "{fixed[count].name}"'
        )
    raise EvaluationError(f'function "{name}" expects only {len(fixed)} argument(s)')


def _taken(name: str, parameter: Parameter, argument: Value) -> Value:
    """The argument converted to the parameter's type."""
    as_it_is = parameter.type == "dynamic" or (parameter.type == "string" and type(argument.data) is str)
    if as_it_is and (argument.data is not None or parameter.nullable):
        return argument
    if argument.data is None and not parameter.nullable:
        raise EvaluationError(f'invalid value for "{parameter.name}" parameter of {name}: argument must not be null')
    try:
        return convert(argument, _TYPES[parameter.type])
    except EvaluationError as error:
        raise EvaluationError(f'invalid value for "{parameter.name}" parameter of {name}: {error.reason}') from None


def _placed(value: Value, span: Span) -> Value:
    """With the span of the call on it and on those of its elements that have none."""
    if value.span is not None:
        return value
    data = value.data
    if isinstance(data, ListValue):
        items = tuple([item if item.span is not None else _placed(item, span) for item in data.items])
        data = ListValue(items, data.kind, data.doubt, data.certain)
    elif isinstance(data, MapValue):
        data = MapValue({key: _placed(item, span) for key, item in data.items.items()}, data.kind, data.doubt)
    return Value(data, span, value.sensitive, value.decoded, value.pieces, value.type)


def unmarked(value: Value) -> Value:
    """Without any mark of sensitivity, itself and within."""
    if not is_sensitive(value):
        return value
    data = value.data
    if isinstance(data, ListValue):
        data = replace(data, items=tuple(unmarked(item) for item in data.items))
    elif isinstance(data, MapValue):
        data = replace(data, items={key: unmarked(item) for key, item in data.items.items()})
    return replace(value, data=data, sensitive=False)
