"""Account ids, regions and partitions that are written out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...hcl.nodes import Expr, File
from ...records import dataclass
from ...rule import Hit, Rule, Severity
from ...stack import Stack
from ...text.source import Related, Span
from .written import Written, written_at

ACCOUNT, REGION, PARTITION = "account", "region", "partition"
# The form of a region's name, as botocore's partitions have it, with those that came later.
_REGION = (
    r"(?:af|ap|ca|cn|eu|eusc|il|me|mx|sa|us|us-gov|us-iso[bf]?)-(?:[a-z]{2}-)?(?:north|south|east|west|central){1,2}-\d"
)
_CANDIDATE = re.compile(
    rf"(?P<{ACCOUNT}>(?<![\w.-])\d{{12}}(?![\w-]))|(?P<{REGION}>(?:(?<![a-z0-9-])|(?<=s3-)){_REGION}(?!\d))"
    rf"|(?<=arn:)(?P<{PARTITION}>aws(?:-[a-z-]+)?)(?=:)"
)
# What a line with one of them has: quicker to find than to try each place in the text.
_SIGNS = (re.compile(r"\d{12}"), re.compile("-(?:north|south|east|west|central)"), re.compile("arn:aws"))
_S3_HOST = "s3-"  # s3-us-west-2.amazonaws.com
_GLOBAL = "us-east-1"  # where CloudFront, billing and the like keep what they use
_TESTED = ("aws:RequestedRegion",)
_OF_ACCOUNTS = re.compile(r"(?i)account|^aws$|^identifiers$|owner$|^principals?$")
_IN_ARN = {
    ACCOUNT: re.compile(r"arn:[^:\s\"]*:[^:\s\"]*:[^:\s\"]*:\Z"),
    REGION: re.compile(r"arn:[^:\s\"]*:[^:\s\"]*:\Z"),
}
_LAYER = re.compile(r":lambda:[^:\s\"]*:\Z")
_MOST_RELATED = 5


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each account, region and partition, at the first place that has it."""
    found: dict[tuple[str, str], list[_Place]] = {}
    for file in stack.shown:
        for kind, place in _identities(file):
            if kind != PARTITION or stack.is_contract_file:
                found.setdefault((kind, place.span.text), []).append(place)
    for (kind, value), places in found.items():
        first, *more = places
        yield Hit(
            first.span,
            first.address,
            {"kind": kind, "value": value, "more": len(more)},
            tuple(Related("it is written here, too", place.span) for place in more[:_MOST_RELATED]),
            None if kind == ACCOUNT or stack.is_contract_file else Severity.NOTE,
        )


@dataclass(frozen=True, slots=True)
class _Place:
    span: Span
    address: str


def _identities(file: File) -> Iterator[tuple[str, _Place]]:
    known: dict[Expr, tuple[Expr, ...]] = {}
    for match in _candidates(file.source.text):
        kind = match.lastgroup
        assert kind is not None
        written = written_at(file, match.start(kind), match.end(kind), known)
        if written is None or written.is_tested or not _JUDGED[kind](written):
            continue
        yield kind, _Place(Span(file.source, match.start(kind), match.end(kind)), written.address)


def _candidates(text: str) -> Iterator[re.Match[str]]:
    """What has the form of an account, region or partition, in the order of the text."""
    starts = {text.rfind("\n", 0, match.start()) + 1 for sign in _SIGNS for match in sign.finditer(text)}
    for start in sorted(starts):
        end = text.find("\n", start)
        yield from _CANDIDATE.finditer(text, start, len(text) if end < 0 else end)


def _is_account(written: Written) -> bool:
    before, after = written.before, written.after
    if _IN_ARN[ACCOUNT].search(before):
        # layers are mostly taken from those who publish them
        return _ends_part(after) and not (after.startswith(":layer:") and _LAYER.search(before))
    if after.startswith(".dkr.ecr."):
        return True
    if before.endswith((".amazonaws.com/", ".amazonaws.com.cn/")):
        return after.startswith("/")
    return written.is_whole and any(_OF_ACCOUNTS.search(name) for name in written.names)


def _is_region(written: Written) -> bool:
    before, after = written.before, written.after
    if any(name in _TESTED for name in written.names):
        return False
    if _IN_ARN[REGION].search(before):
        return _ends_part(after)
    if re.match(r"\.(?:amazonaws|api\.aws|on\.aws)|\.[a-z0-9.-]*amazonaws\.", after):
        return before.endswith((".", _S3_HOST))
    if before.endswith("com.amazonaws."):
        return after.startswith(".")
    is_zone = re.match(r"[a-z](?:\Z|\")", after) is not None and written.is_whole_but(1)
    if not (written.is_whole or is_zone):
        return False
    return not (written.text == _GLOBAL and written.names[-1:] == ("region",) and not is_zone)


def _ends_part(after: str) -> bool:
    """Return True if a part of an ARN ends there: what begins an ARN may be completed elsewhere."""
    return not after or after.startswith((":", '"', '\\"'))


def _is_partition(written: Written) -> bool:
    return True


_JUDGED = {ACCOUNT: _is_account, REGION: _is_region, PARTITION: _is_partition}
