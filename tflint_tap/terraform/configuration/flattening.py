"""A root module and the modules that it calls, at any depth, as one module.

Each instance of a call has its module's declarations under names of its own (`module/marks.py`), so that whoever walks
the declarations, evaluates an expression or follows a reference needs to know nothing of modules, but for two places:
the variable of a called module is what its call gives, and `module.x.y` is the output of the module that is called.

Source: https://developer.hashicorp.com/terraform/language/modules/configuration
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ...hcl.nodes import Block, Expr, File, Object, Template
from ...records import dataclass, field
from ...text.source import Span
from ..evaluation.evaluator import Evaluator
from ..evaluation.expansion import Instance
from ..evaluation.inputs import Inputs
from ..functions import Environment
from ..module import Declaration, Module, build_module
from ..module.calls import Calls, CallSite, Passed
from ..module.graph import provider_address
from ..module.marks import displayed, mark
from ..module.overrides import merged
from ..module.pins import Pin
from .renaming import Renaming

MOST_CALLS = 1_000  # instances of calls in a configuration; beyond, calls aren't followed
MOST_BLOCKS = 20_000  # blocks that called modules may have together


@dataclass(frozen=True, slots=True)
class Opened:
    """A called module's files. `folder` is its place, the same for all that lead there; `shown_as` is `path.module`."""

    folder: str
    shown_as: str
    files: tuple[File, ...]
    unread: tuple[str, ...] = ()
    is_local: bool = True


# (the calling module's folder, the source as written, the call's address without keys: `net.subnets`) → the module,
# the reason why there is none, or None where it isn't at hand: in a registry
Open = Callable[[str, str, str], "Opened | str | None"]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A call's block that is still to be followed, and the module that it stands in."""

    declaration: Declaration
    block: Block
    around: _Around


@dataclass(frozen=True, slots=True)
class _Around:
    """The module that a call stands in: its folder, its names, the calls around it, what providers it is given."""

    folder: str
    call: str = ""
    key: str = ""  # the call without instance keys, as in modules.json: `net.subnets`
    folders: tuple[str, ...] = ()
    headers: tuple[Span, ...] = ()
    providers: Mapping[str, Expr] = field(default_factory=dict)
    doubt: str | None = None
    is_local: bool = True


@dataclass(slots=True)
class _Flattening:
    root: tuple[File, ...]
    unread: tuple[str, ...]
    inputs: Inputs
    environment: Environment
    open: Open
    pins: tuple[Pin, ...] = ()
    calls: Calls = field(default_factory=Calls)
    files: list[File] = field(default_factory=list)
    modules: dict[str, Module] = field(default_factory=dict)  # by their folders
    blocks: int = 0

    def module(self) -> Module:
        """What is put together so far."""
        return build_module((*self.root, *self.files), tuple(dict.fromkeys(self.unread)), self.pins, self.calls)

    def own_module(self, opened: Opened) -> Module:
        """A called module by itself: one for all that call it."""
        if opened.folder not in self.modules:
            self.modules[opened.folder] = build_module(opened.files, opened.unread)
        return self.modules[opened.folder]

    def follow_all(self, waiting: list[_Waiting]) -> None:
        """Follow calls, nested ones as well: those first whose instances are known."""
        while waiting:
            single = [call for call in waiting if not _is_repeated(call.block)]
            if single:
                waiting = [call for call in waiting if _is_repeated(call.block)]
                for call in single:
                    waiting += self._follow(call, None)
                continue
            evaluator = Evaluator(self.module(), self.inputs, self.environment)
            made = [(call, evaluator.instances(call.declaration)) for call in waiting]
            certain = [(call, found) for call, found in made if all(instance.doubt is None for instance in found)]
            now = certain or made
            done = {id(call) for call, _ in now}
            waiting = [call for call in waiting if id(call) not in done]
            for call, found in now:
                for instance in found:
                    waiting += self._follow(call, instance)

    def _follow(self, call: _Waiting, instance: Instance | None) -> list[_Waiting]:
        """Take an instance of a call in; the calls in its module."""
        address = call.declaration.address
        around = call.around
        opened = self._opened(call)
        if not isinstance(opened, Opened):
            if isinstance(opened, str):
                self.calls.missing[address] = opened
            return []
        own = self.own_module(opened)
        self.calls.modules[address] = own
        self.blocks += sum(len(file.body.blocks) for file in own.files)
        if opened.folder in around.folders:
            self.calls.missing[address] = "it would call itself without end"
            self.calls.endless.add(address)
            return []
        if len(self.calls.sites) >= MOST_CALLS or self.blocks > MOST_BLOCKS:
            self.calls.left_out.append(address)
            self.calls.modules.pop(address, None)
            return []
        site_address = address if instance is None else instance.address
        site = CallSite(
            displayed(site_address),
            address,
            mark(displayed(site_address)),
            call.block.header,
            around.headers,
            around.doubt or (instance.doubt if instance is not None else None),
            around.is_local and opened.is_local,
        )
        providers = _providers(call.block, around.providers)
        configured = {
            provider_address(block).removeprefix("provider.") for block in own.blocks() if block.type == "provider"
        }
        renaming = Renaming(site.call, opened.shown_as, providers, configured)
        try:
            files = renaming.files(own.files)
        except RecursionError:
            return []
        self.calls.sites[site_address] = site
        self.calls.by_call[site.call] = site
        self.calls.by_block.setdefault(address, []).append(site)
        self.calls.files[site.mark] = files
        self.files += files
        self.unread += opened.unread
        for variable in own.of_kind("variable"):
            argument = call.block.body.attribute(variable.name)
            expr = argument.expr if argument is not None else None
            self.calls.passed[variable.address + site.mark] = Passed(expr, address, site_address)
        name = call.declaration.name
        inner = _Around(
            opened.folder,
            site.call,
            f"{around.key}.{name}" if around.key else name,
            (*around.folders, opened.folder),
            (call.block.header, *around.headers),
            providers,
            site.doubt,
            site.is_local,
        )
        return list(_calls_in(files, inner))

    def _opened(self, call: _Waiting) -> Opened | str | None:
        source = call.block.body.attribute("source")
        text = source.expr.literal if source is not None and isinstance(source.expr, Template) else None
        if text is None:
            return None
        key = call.around.key
        name = call.declaration.name
        return self.open(call.around.folder, text, f"{key}.{name}" if key else name)


def flattened(
    files: Iterable[File],
    unread: tuple[str, ...],
    folder: str,
    inputs: Inputs,
    environment: Environment,
    open_: Open,
    pins: tuple[Pin, ...] = (),
) -> Module:
    """A root module with the modules that it calls; `folder` is its place, as `open_` knows it."""
    made = _Flattening(tuple(files), unread, inputs, environment, open_, pins)
    first = merged(made.root)
    made.follow_all(list(_calls_in(first, _Around(folder, folders=(folder,)))))
    return made.module()


def _calls_in(files: Iterable[File], around: _Around) -> Iterator[_Waiting]:
    """The calls of modules in files; of several with one name the first."""
    seen: set[str] = set()
    for file in files:
        for block in file.body.blocks:
            if block.type == "module" and len(block.labels) == 1:
                address = f"module.{block.labels[0].value}"
                if address not in seen:
                    seen.add(address)
                    yield _Waiting(Declaration(address, "module", block.header, block), block, around)


def _is_repeated(block: Block) -> bool:
    return block.body.attribute("count") is not None or block.body.attribute("for_each") is not None


def _providers(block: Block, inherited: Mapping[str, Expr]) -> dict[str, Expr]:
    """The provider configurations that a call gives: those it names, else the default ones of its module.

    Source: https://developer.hashicorp.com/terraform/language/meta-arguments/module-providers
    """
    written = block.body.attribute("providers")
    if written is None or not isinstance(written.expr, Object):
        return {name: expr for name, expr in inherited.items() if "." not in name}
    return {
        item.key.span.text.strip('"'): inherited.get(item.value.span.text.strip('"'), item.value)
        for item in written.expr.items
    }
