"""The services that write to a bucket which they are pointed at: a trail's CloudTrail, a balancer's log delivery.

The facts are in bucket_writers.tsv, a line a service and argument. Its columns:

- the type that names the bucket, and the argument that does
- conditions, separated by `|`: an argument that isn't false (`access_logs.enabled`), or has or hasn't a value; `-`
  if none
- the principals, one of which the bucket's policy has to admit; `elb` stands for the accounts of Elastic Load Balancing
- the actions that they need
- the argument that is the prefix of the objects' keys, and what is written below that
- the condition keys that the calls carry, with their values, `-` if none
- `kms` if the service can write to a bucket that encrypts with a key of KMS, `sse-s3` if it can't
- what AWS answers where the policy refuses
- the source
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..records import dataclass
from .edges import ArgumentPath

_PATH = Path(__file__).with_name("bucket_writers.tsv")
_ELB = "# elb: "


@dataclass(frozen=True, slots=True)
class Given:
    """A condition: an argument has, or with `is_not` hasn't, a value; with None it isn't false."""

    path: ArgumentPath
    value: str | None = None
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class BucketWriter:
    """A line of the table; `below` is what every object's key has behind the prefix, `carried` by lower-case keys."""

    type: str
    bucket: ArgumentPath
    conditions: tuple[Given, ...]
    principals: tuple[str, ...]
    actions: tuple[str, ...]
    prefix: ArgumentPath
    below: str
    carried: tuple[tuple[str, str], ...]
    can_use_kms: bool
    answer: str
    source: str


@cache
def bucket_writers() -> tuple[BucketWriter, ...]:
    """All lines of the table."""
    return tuple(_writer(line.split("\t")) for line in _text().splitlines() if not line.startswith("#"))


@cache
def balancer_accounts() -> frozenset[str]:
    """The accounts of Elastic Load Balancing that write the logs of balancers in older regions."""
    line = next(line for line in _text().splitlines() if line.startswith(_ELB))
    return frozenset(line.removeprefix(_ELB).split(" "))


def _writer(fields: list[str]) -> BucketWriter:
    type_, bucket, conditions, principals, actions, prefix, below, carried, encryption, answer, source = fields
    return BucketWriter(
        type_,
        ArgumentPath.of(bucket),
        () if conditions == "-" else tuple(map(_given, conditions.split("|"))),
        tuple(principals.split(" ")),
        tuple(actions.split(" ")),
        ArgumentPath.of(prefix),
        below,
        () if carried == "-" else tuple(_carried(text) for text in carried.split(" ")),
        encryption == "kms",
        answer,
        source,
    )


def _given(text: str) -> Given:
    path, _, value = text.partition("=")
    return Given(ArgumentPath.of(path.removesuffix("!")), value or None, path.endswith("!"))


def _carried(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key.lower(), value


@cache
def _text() -> str:
    return _PATH.read_text(encoding="utf-8")
