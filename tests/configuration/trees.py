"""Trees of modules that call each other, made at random, each with the one module that says the same without calls."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

# An expression: its text where it stands, and its text where all variables are replaced by what they are given.
Names = Mapping[str, str]
Expr = Callable[[Names | None], str]
Resource = tuple[str, str, Expr]

VARIABLES = {
    "title": "string",
    "encrypted": "bool",
    "days": "number",
    "actions": "list(string)",
    "names": "set(string)",
    "key": "string",
}


def literal(text: str) -> Expr:
    return lambda _: text


def given(name: str) -> Expr:
    """A variable, a local of that value, or `each.key` and the like: all are names of the module's scope."""
    return lambda names: name if names is None else names[name]


def text(prefix: str, name: str) -> Expr:
    return lambda names: f'"{prefix}-${{{name if names is None else names[name]}}}"'


def chosen(name: str, one: str, other: str) -> Expr:
    return lambda names: f"{name if names is None else names[name]} ? {one} : {other}"


@dataclass
class Call:
    name: str
    module: Module
    repeat: tuple[str, str] | None  # ("for_each", 'toset(["a", "b"])') or ("count", "2")
    keys: tuple[str, ...]  # as Terraform writes them: `["a"]`, `[0]`
    arguments: dict[str, Expr]


@dataclass
class Module:
    folder: str
    resources: list[Resource] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    is_root: bool = False


@dataclass
class Tree:
    """`files` by path; `flat` is the one module; `addresses` leads from its resources to those of the tree."""

    files: dict[str, str]
    flat: str
    addresses: dict[str, str]


class Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.folders = 0
        self.left = 14  # instances of modules that a tree may still have

    def tree(self, depth: int = 5) -> Tree:
        root = self.module(depth, is_root=True)
        files: dict[str, str] = {}
        _write(root, files)
        flat: list[str] = []
        addresses: dict[str, str] = {}
        _flatten(root, {f"var.{name}": value for name, value in _DEFAULTS.items()}, "", "", flat, addresses)
        return Tree(files, "\n".join(flat), addresses)

    def module(self, depth: int, instances: int = 1, *, is_root: bool = False) -> Module:
        """A module that there are so many instances of."""
        self.left -= instances
        made = Module(f"m{self.folders}" if not is_root else "", is_root=is_root)
        self.folders += 1
        for number in range(self.random.randint(1, 2)):
            made.resources.append(self.resource(number))
        for number in range(self.random.choice((1, 1, 2)) if depth else 0):
            if instances <= self.left:
                made.calls.append(self.call(number, depth, instances))
        return made

    def call(self, number: int, depth: int, instances: int) -> Call:
        repeats = [None, None, ("for_each", 'toset(["x", "y"])'), ("count", "2"), ("count", "0")]
        repeat = self.random.choice(repeats)
        keys = {None: ("",), "for_each": ('["x"]', '["y"]')}.get(repeat and repeat[0])
        if keys is None:
            keys = ("[0]", "[1]") if repeat == ("count", "2") else ()
        own = {"for_each": "each.key", "count": "tostring(count.index)"}.get(repeat[0]) if repeat else None
        arguments = {name: self.argument(name, own) for name in VARIABLES if self.random.random() < 0.8}
        return Call(f"c{number}", self.module(depth - 1, instances * len(keys)), repeat, keys, arguments)

    def argument(self, name: str, own: str | None) -> Expr:
        pick = self.random.random()
        if own is not None and name in ("title", "key") and pick < 0.4:
            return given(own)
        if pick < 0.6:
            return given(f"var.{name}")
        return literal(self.random.choice(_VALUES[name]))

    def resource(self, number: int) -> Resource:
        make = self.random.choice([_queue, _topic, _logs, _policy, _each])
        return make(f"r{number}")


_DEFAULTS = {
    "title": '"main"',
    "encrypted": "true",
    "days": "30",
    "actions": '["sqs:SendMessage"]',
    "names": 'toset(["one"])',
    "key": '"alias/main"',
}
_VALUES = {
    "title": ['"shop"', '"store"'],
    "encrypted": ["true", "false"],
    "days": ["0", "7", "null"],
    "actions": ['["s3:*"]', '["sqs:SendMessage", "sqs:ReceiveMessage"]', '["*"]'],
    "names": ["toset([])", 'toset(["p", "q"])'],
    "key": ['"alias/aws/sqs"', "null", '"alias/other"'],
}


def _queue(name: str) -> Resource:
    return resource("aws_sqs_queue", name, name=text(name, "var.title"), kms_master_key_id=given("var.key"))


def _topic(name: str) -> Resource:
    key = chosen("var.encrypted", '"alias/aws/sns"', "null")
    return resource("aws_sns_topic", name, name=text(name, "var.title"), kms_master_key_id=key)


def _logs(name: str) -> Resource:
    days = given("var.days")
    return resource("aws_cloudwatch_log_group", name, name=text(name, "var.title"), retention_in_days=days)


def _policy(name: str) -> Resource:
    actions = given("var.actions")

    def policy(names: Names | None) -> str:
        resources = '"arn:aws:sqs:eu-west-1:123456789012:jobs"'
        statement = f'{{ Effect = "Allow", Action = {actions(names)}, Resource = {resources} }}'
        return f'jsonencode({{ Version = "2012-10-17", Statement = [{statement}] }})'

    return resource("aws_iam_policy", name, name=literal(f'"{name}"'), policy=policy)


def _each(name: str) -> Resource:
    key = given("var.key")
    return resource("aws_sqs_queue", name, for_each=given("var.names"), name=literal("each.key"), kms_master_key_id=key)


def resource(type_: str, label: str, /, **arguments: Expr) -> Resource:
    """A resource's type and label, and its body where all variables are replaced, or none."""

    def body(names: Names | None) -> str:
        return "".join(f"  {argument} = {expr(names)}\n" for argument, expr in arguments.items())

    return type_, label, body


def _write(module: Module, files: dict[str, str]) -> None:
    parts = [
        f'variable "{name}" {{\n  type    = {type_}\n  default = {_plain(_DEFAULTS[name])}\n}}\n'
        for name, type_ in VARIABLES.items()
    ]
    parts += [f'resource "{type_}" "{name}" {{\n{body(None)}}}\n' for type_, name, body in module.resources]
    for call in module.calls:
        up = "" if module.is_root else "../"
        lines = [
            f'  source = "./{up}{call.module.folder}"' if module.is_root else f'  source = "../{call.module.folder}"'
        ]
        lines += [f"  {call.repeat[0]} = {call.repeat[1]}"] if call.repeat else []
        lines += [f"  {name} = {expr(None)}" for name, expr in call.arguments.items()]
        parts.append(f'module "{call.name}" {{\n' + "\n".join(lines) + "\n}\n")
        _write(call.module, files)
    files[f"{module.folder}/main.tf" if module.folder else "main.tf"] = "\n".join(parts)


def _plain(text: str) -> str:
    """A default may call no function."""
    return text.removeprefix("toset(").removesuffix(")")


def _flatten(module: Module, names: Names, path: str, prefix: str, flat: list[str], addresses: dict[str, str]) -> None:
    for type_, name, body in module.resources:
        flat.append(f'resource "{type_}" "{prefix}{name}" {{\n{body(names)}}}\n')
        addresses[f"{type_}.{prefix}{name}"] = f"{path}{type_}.{name}"
    for call in module.calls:
        for key in call.keys:
            index = key.strip("[]")
            scope = {**names, "each.key": index, "tostring(count.index)": f'"{index}"'}
            inner = {
                f"var.{name}": f"({_typed(name, call.arguments[name](scope))})" if name in call.arguments else default
                for name, default in _DEFAULTS.items()
            }
            inside = f"{prefix}{call.name}_{index.strip(chr(34))}_"
            _flatten(call.module, inner, f"{path}module.{call.name}{key}.", inside, flat, addresses)


def _typed(name: str, expr: str) -> str:
    return expr if VARIABLES[name] != "set(string)" else f"toset({expr})"
