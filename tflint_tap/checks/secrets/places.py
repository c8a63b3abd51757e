"""The places of secrets: what is given to them, and what is said of a secret that stands in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...hcl.nodes import Expr
from ...records import dataclass
from ...rule import Hit
from ...secrets.texts import (
    Kind,
    assignments,
    is_reference,
    is_secret,
    kind_of_name,
    kind_within,
    known_secrets,
    masked,
    places,
    taken,
)
from ...text.source import Related, Span

META = frozenset(
    ("depends_on", "for_each", "count", "provider", "providers", "lifecycle", "source", "version", "tags")
)  # fmt: skip
PARAMETER = "aws_ssm_parameter"
DOCUMENT = ("{", "[")
UNKNOWN = "\0"  # in a text's place where a part of it isn't known


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """The target of a value: the argument, variable or key of this name, the block, and the value's expression.

    With `taken` AWS takes the value for the password of what it makes: there, a placeholder is the password.
    """

    name: str
    kind: Kind | None
    address: str
    expr: Expr
    taken: bool = False

    @property
    def what(self) -> str:
        return f"the secret {self.name} of {self.address}" if self.address else f"the secret {self.name}"

    def called(self, name: str) -> SecretPlace:
        kind = kind_within(name) if self.kind in ("password", "perhaps") else kind_of_name(name)
        return SecretPlace(name, kind, self.address, self.expr)

    def holds(self, text: str) -> bool:
        """Return True if the text is a secret in this place."""
        if self.taken:
            return bool(text.strip()) and not is_reference(text)
        return self.kind is not None and is_secret(text, self.kind)


def place_at(path: Iterable[str], name: str, address: str, expr: Expr) -> SecretPlace:
    """The place that an argument is; `path` leads from the resource's type to its block."""
    full = ".".join((*path, name))
    kind: Kind | None = "password" if full in places() else kind_of_name(name)
    return SecretPlace(name, kind, address, expr, full in taken())


def hit(span: Span, what: str, text: str, address: str | None, related: tuple[Related, ...] = ()) -> Hit:
    mask = masked(text)
    return Hit(span, address, {"what": what, "shown": f": {mask}" if mask else ""}, related)


def in_text(span: Span, text: str, place: SecretPlace, related: tuple[Related, ...] = ()) -> Iterator[Hit]:
    """The secrets in a text that is given to a place, wherever it comes from."""
    for match in known_secrets(text):
        what = f"{match.name} in {place.address}" if place.address else match.name
        yield hit(span, what, text[match.start : match.end], place.address or None, related)
    if UNKNOWN not in text:
        yield from judged(span, text, place, related)
    yield from in_script(span, text, place, related)


def judged(span: Span, text: str, place: SecretPlace, related: tuple[Related, ...] = ()) -> Iterator[Hit]:
    """The whole text, if it is a secret."""
    if place.holds(text):
        yield hit(span, place.what, text, place.address or None, related)


def in_script(span: Span, text: str, place: SecretPlace, related: tuple[Related, ...] = ()) -> Iterator[Hit]:
    """Secrets that a script or a connection string sets."""
    for name, value, _ in assignments(text):
        kind = kind_of_name(name)
        if kind is not None and UNKNOWN not in value and is_secret(value, kind):
            yield hit(_narrowed(span, name, value), place.called(name).what, value, place.address or None, related)


def _narrowed(span: Span, name: str, value: str) -> Span:
    """The span of a name's value in the text of a span, else the whole span."""
    pattern = re.escape(name) + r"""\\?["']?\s*[:=]\s*\\?["']?(""" + re.escape(value) + ")"
    found = re.compile(pattern).search(span.source.text, span.start, span.end)
    return Span(span.source, found.start(1), found.end(1)) if found is not None else span
