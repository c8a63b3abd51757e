"""What a contract says of files: which blocks stand in which of them, and what has to be there beside the stack."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from ..aws.language import TOP_LEVEL
from ..hcl.nodes import Block
from ..stack import Stack
from ..text.listing import listed
from ..text.looking import look
from ..text.source import Related, Source, Span
from .demand import Demand, broken, first_line, met
from .standing import Standing
from .terms import ArtefactTerm, FileTerm

WRONG_FILE = "wrong-file"
_STDIN = "<stdin>"


def artefact(standing: Standing, wanted: ArtefactTerm) -> Iterator[Demand]:
    """A file, which isn't empty, or a folder, by its path from the stack's own folder."""
    stack, term, path = standing.stack, wanted.term, wanted.path
    folder = stack.evaluator.environment.folder
    doubt: str | None = None
    said = f"there is no {path} beside the stack"
    if folder is None or any(file.source.path == _STDIN for file in stack.module.files):
        doubt = "the stack's folder isn't known"
    else:
        try:
            for found in sorted(folder.glob(path)):
                look(found)
                if found.is_dir() or found.stat().st_size:
                    yield met(term, WRONG_FILE, _whole(found))
                    return
                said = f"{found.relative_to(folder).as_posix()} is empty"
        except OSError as error:
            doubt = f"{path} can't be looked for: {(error.strerror or str(error)).lower()}"
    remedy = f"write {path}"
    yield broken(term, WRONG_FILE, first_line(stack), what=path, said=said, remedy=remedy, doubt=doubt)


def _whole(path: Path) -> Span:
    """The place of what isn't Terraform's: its path."""
    return Span(Source(path.as_posix(), ""), 0, 0)


def file(standing: Standing, wanted: FileTerm) -> Iterator[Demand]:
    """That the blocks which a file holds stand there, and with `is_only` no others do."""
    stack, term = standing.stack, wanted.term
    own = next((one for one in stack.module.files if _name(one.source) == wanted.name), None)
    if own is None and term.level != "may":
        said = f"there is no {wanted.name}, which holds {_held(wanted)}"
        remedy = f"put {_held(wanted)} into {wanted.name}"
        yield broken(term, WRONG_FILE, first_line(stack), what=wanted.name, said=said, remedy=remedy)
        return
    is_clear = True
    for source, blocks in _astray(standing, wanted).items():
        is_clear = False
        names = [_called(stack, block) for block in blocks]
        if _name(source) == wanted.name:
            said = f"{names[0]} may not stand in {wanted.name}, which holds {_held(wanted)} alone"
            remedy = "move it to another file"
        else:
            homes = " or ".join(_homes(standing, blocks[0]))
            said, remedy = f"{names[0]} has to stand in {homes}", f"move it to {homes}"
        others = (Related(f"so has {name}", block.header) for name, block in zip(names[1:], blocks[1:], strict=True))
        address = _address(stack, blocks[0])
        place, related = blocks[0].header, tuple(others)
        yield broken(term, WRONG_FILE, place, address, what=names[0], said=said, remedy=remedy, related=related)
    if is_clear and own is not None:
        yield met(term, WRONG_FILE, Span(own.source, 0, 0))


def _astray(standing: Standing, wanted: FileTerm) -> dict[Source, list[Block]]:
    """The blocks that stand where they may not, by file: its own in others, and in it those that no file holds."""
    found: dict[Source, list[Block]] = {}
    for one in standing.stack.module.files:
        for block in one.body.blocks:
            homes, here = _homes(standing, block), _name(one.source)
            is_elsewhere = homes[:1] == [wanted.name] and here not in homes
            is_stranger = wanted.is_only and here == wanted.name and not homes
            if is_elsewhere or is_stranger:
                found.setdefault(one.source, []).append(block)
    return found


def _homes(standing: Standing, block: Block) -> list[str]:
    """The files that a block may stand in: those that name its type of resource, else those that name its kind."""
    terms = standing.terms.around.files
    named = [term.name for term in terms if block.type == "resource" and any(_fits(block, one) for one in term.holds)]
    return named or [term.name for term in terms if block.type in term.holds]


def _fits(block: Block, pattern: str) -> bool:
    return pattern not in TOP_LEVEL and fnmatchcase(block.labels[0].value if block.labels else "", pattern)


def _name(source: Source) -> str:
    return source.path.rpartition("/")[2]


def _held(wanted: FileTerm) -> str:
    return f"{listed(wanted.holds, 'and')} blocks"


def _address(stack: Stack, block: Block) -> str | None:
    declaration = stack.module.declaration_at(block.header)
    return declaration.address if declaration is not None else None


def _called(stack: Stack, block: Block) -> str:
    """A block as messages call it."""
    return _address(stack, block) or " ".join([f"the {block.type} block", *(label.value for label in block.labels)])
