"""The table of functions holds what Terraform has, and a function costs nothing until it is called."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib import import_module

import pytest

from tests.terraform.evaluation.calling import call
from tflint_tap.terraform.evaluation.conversion import EvaluationError
from tflint_tap.terraform.evaluation.values import Value
from tflint_tap.terraform.functions import FUNCTIONS, returned, signature

# What only the evaluator can do, without evaluating all arguments first.
LAZY = {"can", "try"}
# Functions that Terraform leaves out of its metadata, since they only ever fail.
GONE = {"list", "map"}
PROVIDER = {f"provider::terraform::{name}" for name in ("decode_tfvars", "encode_expr", "encode_tfvars")}


@pytest.fixture(scope="module")
def signatures() -> dict[str, dict[str, object]]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on the PATH")
    run = subprocess.run(["terraform", "metadata", "functions", "-json"], capture_output=True, check=True)
    found: dict[str, dict[str, object]] = json.loads(run.stdout)["function_signatures"]
    return {name: signature for name, signature in found.items() if not name.startswith("core::")}


def test_the_table_names_terraforms_functions(signatures: dict[str, dict[str, object]]) -> None:
    assert set(FUNCTIONS) - GONE - PROVIDER == set(signatures) - LAZY


def type_text(type_: object) -> str:
    return type_ if isinstance(type_, str) else f"{type_[0]}({type_text(type_[1])})"  # type: ignore[index]


def test_the_parameters_are_terraforms(signatures: dict[str, dict[str, object]]) -> None:
    theirs = {
        name: [
            (each["name"], type_text(each["type"]), each.get("is_nullable", False), variadic)
            for variadic, listed in (
                (False, found.get("parameters", [])),
                (True, [found["variadic_parameter"]] if "variadic_parameter" in found else []),
            )
            for each in listed  # type: ignore[attr-defined]
        ]
        for name, found in signatures.items()
    }
    ours = {
        name: [(each.name, each.type, each.nullable, each.variadic) for each in signature(name)] for name in FUNCTIONS
    }
    assert {name: ours[name] for name in theirs.keys() & ours} == {name: theirs[name] for name in theirs.keys() & ours}


def test_the_types_of_results_are_terraforms(signatures: dict[str, dict[str, object]]) -> None:
    theirs = {name: type_text(found["return_type"]) for name, found in signatures.items() if name not in LAZY}
    assert {name: returned(name) for name in theirs} == theirs


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_is_written_in_the_module_that_the_table_names(name: str) -> None:
    module = import_module(f"tflint_tap.terraform.functions.{FUNCTIONS[name].module}")
    short = name.rpartition("::")[2]
    assert hasattr(module, f"{short}_") or hasattr(module, short)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - PROVIDER))
def test_each_function_is_also_in_the_core_namespace(name: str) -> None:
    def outcome(named: str) -> object:
        try:
            return call(named, *(None,) * 9)
        except EvaluationError as error:
            return error.reason

    assert outcome(f"core::{name}") == outcome(name)


def test_modules_of_functions_are_imported_only_when_one_is_called() -> None:
    code = (
        "import sys; import tflint_tap.terraform.functions; "
        "print([name for name in sys.modules if name.startswith('tflint_tap.terraform.functions.')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert run.stdout.strip() == "['tflint_tap.terraform.functions.environment']"


@pytest.mark.parametrize(
    ("name", "count", "reason"),
    [
        ("upper", 0, 'function "upper" expects 1 argument(s), missing value for "str"'),
        ("upper", 2, 'function "upper" expects only 1 argument(s)'),
        ("setunion", 0, 'function "setunion" expects at least 1 argument(s), missing value for "first_set"'),
        ("nosuch", 0, 'there is no function named "nosuch"'),
    ],
)
def test_a_wrong_number_of_arguments_is_refused(name: str, count: int, reason: str) -> None:
    with pytest.raises(EvaluationError) as error:
        call(name, *(Value("a"),) * count)
    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("name", "argument", "reason"),
    [
        ("upper", None, 'invalid value for "str" parameter of upper: argument must not be null'),
        ("abs", "x", 'invalid value for "num" parameter of abs: a number is required'),
        ("abs", True, 'invalid value for "num" parameter of abs: number required'),
        ("sort", "x", 'invalid value for "list" parameter of sort: list of string required'),
    ],
)
def test_a_wrong_argument_is_refused_by_its_name(name: str, argument: str | bool | None, reason: str) -> None:
    with pytest.raises(EvaluationError) as error:
        call(name, Value(argument))
    assert error.value.reason == reason
