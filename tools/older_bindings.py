"""What releases of `@cdktf/provider-aws` say of each type, read from their TypeScript as text; nothing is executed.

The JavaScript of a release holds its TypeScript in a source map. It tells less than `bindings.py` reads in newer
releases: whether objects are blocks or values of attributes is said only since provider 5.30 or so. Before, what only
the provider sets is taken for an attribute, and what can be set for a block. In still older releases (before provider
4.20) blocks of which there may be many tell only what can be set; such a node is `partial`.
"""

from __future__ import annotations

import base64
import json
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

_MAP = re.compile(r"//# sourceMappingURL=data:application/json;base64,(\S+)")
_VERSION = re.compile(r"providerVersion: '([\d.]+)'")
_DECLARED = re.compile(
    r"^export (?:class (?P<class>\w+) extends cdkt[fn]\.(?P<kind>\w+)|interface (?P<interface>\w+)[^\n]*?"
    r"|function (?P<function>\w+?)(?P<writer>ToHclTerraform|ToTerraform)\([^\n]*) ?\{\n(?P<body>.*?)^\}",
    re.MULTILINE | re.DOTALL,
)
_ACCESSOR = re.compile(
    r"^  // (\S+) - computed: (true|false), optional: (true|false), required: (true|false)\n", re.MULTILINE
)
_FIELD = re.compile(r"\A  private _\w+\??(?::| =) ([^;\n]+);")
_MADE = re.compile(r'new ([\w.]+)\(this(?: as any)?, "\w+"(?:, (true|false))?')
_GETTER = re.compile(r"\.get(\w+)Attribute\(")
_LISTED = re.compile(r"(\w+)\[\](?: \| cdkt[fn]\.IResolvable)?\Z")
_INDEXED = re.compile(r"public \w+\(index: string\) \{\s+return new (\w+)\(")
_ELEMENT = re.compile(r"return new (?:\w+\.)?(\w+)\(this\.terraformResource")
_TYPE_NAME = re.compile(r'static readonly tfResourceType(?:: string)? = "(\w+)"')
_HCL = re.compile(
    r'^\s+"?([\w-]+)"?: \{\n\s+value: (.*),\n\s+isBlock: (true|false),\n\s+type: "(\w+)",\n', re.MULTILINE
)
_WRITTEN = re.compile(r"^    (\w+): (?:struct!\.\w+ === undefined \? null : )?(.*)\(struct!\.(\w+)\),$", re.MULTILINE)
_MEMBER = re.compile(r"^  readonly (\w+)(\??): ", re.MULTILINE)
_SCALARS = {"String": "s", "Number": "n", "Boolean": "b", "StringMap": "{s}", "NumberMap": "{n}", "BooleanMap": "{b}"}
_SCALARS |= {"List": "[s]", "NumberList": "[n]", "AnyMap": "{a}", "BooleanList": "[b]"}
_MAPS = {"StringMap": "{s}", "NumberMap": "{n}", "BooleanMap": "{b}", "AnyMap": "{a}"}
_MAPPERS = {"stringToTerraform": "s", "numberToTerraform": "n", "booleanToTerraform": "b", "anyToTerraform": "a"}
_KINDS = {"TerraformResource": "", "TerraformDataSource": "data.", "TerraformEphemeralResource": "ephemeral."}


@dataclass(slots=True)
class Tree:
    """A block's content: names of attributes with flag and type as in schema.txt, nested blocks.

    `partial`: attributes that only the provider sets aren't among them.
    """

    attributes: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, tuple[str, Tree]] = field(default_factory=dict)  # `list0-1`, content
    partial: bool = False
    told: bool = True  # what are blocks and what attributes is said, not guessed


@dataclass(frozen=True)
class _Class:
    kind: str
    text: str

    @cached_property
    def type_name(self) -> str | None:
        match = _TYPE_NAME.search(self.text)
        return match[1] if match else None


@dataclass(frozen=True)
class _Texts:
    """What the files of one folder declare, by name."""

    classes: Mapping[str, _Class]
    interfaces: Mapping[str, str]
    writers: Mapping[str, str]  # by the interface's name in lower case
    hcl: Mapping[str, str]


def trees(package: Path, opaque: Iterable[tuple[str, str]]) -> tuple[str, dict[str, Tree]]:
    """The provider's version and the content of each type, `aws_x`, `data.aws_x` or `ephemeral.aws_x`.

    `opaque` has the paths, by type, whose content isn't wanted. ValueError where no version of the provider is named.
    """
    version, found = "", dict[str, Tree]()
    closed = frozenset(opaque)
    for texts in _folders(package):
        version = version or next((match[1] for text in texts for match in [_VERSION.search(text)] if match), "")
        declared = _declared(texts)
        for class_ in declared.classes.values():
            if class_.type_name is not None and class_.kind in _KINDS:
                key = _KINDS[class_.kind] + class_.type_name
                found[key] = _Reader(declared, key, closed).tree(class_, "", class_.text)
    if not version:
        raise ValueError(f"{package} names no version of the provider")
    return version, found


def _folders(package: Path) -> Iterator[list[str]]:
    files: dict[str, list[str]] = defaultdict(list)
    with tarfile.open(package) as archive:
        for member in archive:
            parts = member.name.split("/")
            if (
                parts[:2] != ["package", "lib"]
                or not member.name.endswith(".js")
                or member.name.endswith("lib/index.js")
            ):
                continue
            content = archive.extractfile(member)
            assert content is not None  # a file, not a folder
            match = _MAP.search(content.read().decode())
            if match is not None:
                files[parts[2] if len(parts) > 3 else ""] += json.loads(base64.b64decode(match[1]))["sourcesContent"]
    for folder in sorted(files):
        yield files[folder]


def _declared(texts: Iterable[str]) -> _Texts:
    found = _Texts({}, {}, {}, {})
    for text in texts:
        for match in _DECLARED.finditer(text):
            if match["class"]:
                found.classes[match["class"]] = _Class(match["kind"], match["body"])  # type: ignore[index]
            elif match["interface"]:
                found.interfaces[match["interface"]] = match["body"]  # type: ignore[index]
            else:
                table = found.hcl if match["writer"] == "ToHclTerraform" else found.writers
                table[match["function"].lower()] = match["body"]  # type: ignore[index]
    return found


@dataclass(frozen=True)
class _Reader:
    texts: _Texts
    type: str
    opaque: frozenset[tuple[str, str]]
    made: dict[str, Tree] = field(default_factory=dict)

    def tree(self, class_: _Class, path: str, writer: str | None) -> Tree:
        """The content of a class. `writer` has the table for writing HCL, as far as there is one."""
        entries = {name: (value, block == "true", type_) for name, value, block, type_ in _HCL.findall(writer or "")}
        found = Tree(told=bool(entries))
        starts = list(_ACCESSOR.finditer(class_.text))
        for match, following in zip(starts, [*(item.start() for item in starts[1:]), len(class_.text)], strict=False):
            name = match[1]
            flag = {"falsefalsetrue": "!", "falsetruefalse": "?", "truetruefalse": "~"}.get(
                "".join(match.groups()[1:]), "="
            )
            body = class_.text[match.end() : following]
            self._accessor(found, name, flag, body, entries.get(name), f"{path}.{name}" if path else name)
        return found

    def _accessor(
        self, found: Tree, name: str, flag: str, body: str, entry: tuple[str, bool, str] | None, path: str
    ) -> None:
        declared = _FIELD.match(body)
        text = declared[1] if declared else ""
        made = _MADE.search(text)
        in_set = "Fn.tolist(" in body.partition("public set ")[0]
        inner: Tree | None = None
        mode = ""
        if made is not None:
            holder = made[1].rpartition(".")[2]
            if holder in _MAPS:
                found.attributes[name] = flag + _MAPS[holder]
                return
            kind = self.texts.classes[holder].kind
            many = kind in ("ComplexList", "ComplexMap")
            mode = "map" if kind == "ComplexMap" else ("set" if made[2] == "true" else "list") if many else ""
            inner = Tree() if (self.type, path) in self.opaque else self._inner(holder, many, path)
        elif _LISTED.match(text) and _LISTED.match(text)[1] in self.texts.interfaces:  # type: ignore[index]
            mode = "set" if in_set else "list"
            inner = self._struct(_LISTED.match(text)[1], path)  # type: ignore[index]
        elif (indexed := _INDEXED.search(body)) is not None:  # provider-set lists of objects, in the oldest releases
            inner = self.tree(self.texts.classes[indexed[1]], path, None)
            mode = "list"
        if inner is None:
            write_only = "markWriteOnlyAttribute" in entry[0] if entry else "Write-only" in body
            found.attributes[name] = flag + ("^" if write_only else "") + _plain(body, entry, in_set)
            return
        if entry is not None:
            is_block = entry[1] and ", false)(" not in entry[0] and mode != "map"
            is_block = is_block and not (flag == "~" and entry[2] == "struct")
        else:
            is_block = flag in "!?" and mode != "map"
        if not is_block:
            found.attributes[name] = flag + _collection(mode, _object(inner))
            return
        single = (entry is not None and entry[2] == "struct") or name == "timeouts"
        if entry is not None and not single and not mode:
            mode = entry[2]
            limit = "1"
        else:
            limit = "" if mode else "1"
        least = "1" if flag == "!" else "0"
        limits = "" if single or (least == "0" and not limit) else f"{least}-{limit}"
        found.blocks[name] = (("single" if single else mode or "list") + limits, inner)

    def _inner(self, holder: str, many: bool, path: str) -> Tree:
        name = holder
        if many:
            element = _ELEMENT.search(self.texts.classes[holder].text)
            assert element is not None, holder
            name = element[1]
        if name not in self.made:
            self.made[name] = Tree()  # a recursive one refers to itself
            read = self.tree(
                self.texts.classes[name], path, self.texts.hcl.get(name.removesuffix("OutputReference").lower())
            )
            tree = self.made[name]
            tree.attributes, tree.blocks, tree.told = read.attributes, read.blocks, read.told
        return self.made[name]

    def _struct(self, interface: str, path: str) -> Tree:
        if (self.type, path) in self.opaque:
            return Tree()
        required = {name for name, mark in _MEMBER.findall(self.texts.interfaces[interface]) if not mark}
        found = Tree(partial=True, told=False)
        for name, mapper, member in _WRITTEN.findall(self.texts.writers.get(interface.lower(), "")):
            flag = "!" if member in required else "?"
            inner = re.search(r"(\w+)ToTerraform\)?(?:, \w+\))?\Z", mapper)
            of = inner[1] if inner and not mapper.endswith(tuple(_with_brackets())) else ""
            interface_name = of[:1].upper() + of[1:]
            if interface_name in self.texts.interfaces:
                many = "listMapper" in mapper
                tree = self._struct(interface_name, f"{path}.{name}")
                limits = f"{int(flag == '!')}-" + ("" if many else "1")
                found.blocks[name] = ("list" + ("" if limits == "0-" else limits), tree)
            else:
                found.attributes[name] = flag + _mapped(mapper)
        return found


def _with_brackets() -> Iterator[str]:
    for name in _MAPPERS:
        yield from (name, f"{name})", f"{name}, false)", f"{name}, true)")


def _plain(body: str, entry: tuple[str, bool, str] | None, in_set: bool) -> str:
    match = _GETTER.search(body)
    if match is not None and match[1] in _SCALARS:
        type_ = _SCALARS[match[1]]
        return f"<{type_[1]}>" if in_set and type_[0] == "[" else type_
    return _mapped(entry[0]) if entry is not None else "a"


def _mapped(mapper: str) -> str:
    """The type that mappers such as `cdktf.listMapper(cdktf.stringToTerraform, false)` stand for."""
    mapper = mapper.replace("Hcl", "")
    for prefix, mode in (("listMapper(", "list"), ("hashMapper(", "map")):
        name = mapper.removeprefix("cdktf.").removeprefix("cdktn.")
        if name.startswith(prefix):
            return _collection(mode, _mapped(name.removeprefix(prefix)))
    match = re.match(r"(?:cdkt[fn]\.)?(\w+ToTerraform)", mapper)
    return _MAPPERS.get(match[1], "a") if match else "a"


def _collection(mode: str, element: str) -> str:
    return {"list": f"[{element}]", "set": f"<{element}>", "map": f"{{{element}}}", "": element}[mode]


def _object(tree: Tree) -> str:
    """An object type; blocks within are objects in it."""
    parts = {name: spec.lstrip("!?~=^") for name, spec in tree.attributes.items()}
    for name, (mode, inner) in tree.blocks.items():
        parts[name] = _collection("set" if mode.startswith("set") else "list", _object(inner))
    return "(" + ",".join(f"{name}:{type_}" for name, type_ in sorted(parts.items())) + ")"
