"""The principals that statements name: services, accounts, roles, everyone.

What a principal may look like: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
"""

from __future__ import annotations

from ..terraform.evaluation.evaluator import Evaluator
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from .statements import Principals
from .wildcards import matches

_STAND_IN = "zq"  # in the place of what isn't known of a name
_SERVICES = ".amazonaws.com"
_IN_PARTITION = {"dns_suffix": "amazonaws.com", "partition": "aws"}  # of data.aws_partition


def names_principal(principals: Principals, wanted: str, evaluator: Evaluator) -> bool | Unknown:
    """True if a principal is among those of a statement, Unknown if it may be.

    `wanted` is a service, an ARN or an account; a `*` in it stands for any text (`logs.*.amazonaws.com`). An account
    is the same as its root user. What isn't known among the AWS principals is no service, and none of the services
    is an ARN.
    """
    unsure = None if principals.doubt is None else Unknown(principals.doubt)
    for entry in principals.entries:
        comparable = _comparable(entry.kind, wanted)
        for item in entry.identifiers.items:
            verdict = _names(item, wanted, evaluator)
            if verdict is True:
                return True
            if isinstance(verdict, Unknown) and comparable:
                unsure = unsure or verdict
        if entry.identifiers.doubt is not None and comparable:
            unsure = unsure or Unknown(entry.identifiers.doubt)
    return unsure or False


def _comparable(kind: Value, wanted: str) -> bool:
    """Return True if a principal of this kind that isn't known may be the wanted one."""
    is_service = _SERVICES in wanted and not wanted.startswith("arn:")
    return kind.data not in (("AWS", "Federated", "CanonicalUser") if is_service else ("Service",))


def _names(item: Value, wanted: str, evaluator: Evaluator) -> bool | Unknown:
    data = _spelled(item.data) if isinstance(item.data, PartialString) else item.data
    if isinstance(data, str):
        return matches(data, wanted) or _fits(data, wanted)
    if isinstance(data, PartialString):
        if _fits("".join(part if isinstance(part, str) else _STAND_IN for part in data.parts), wanted):
            return True
        return Unknown(data.reason) if _may_be(data, wanted) else False
    if isinstance(data, Symbol):
        arn = _arn(data, evaluator)
        return Unknown(data.reason) if arn is None or "*" not in wanted else _fits(arn, wanted)
    return Unknown(item.reason or "a principal isn't known") if not item.is_known else False


def _spelled(partial: PartialString) -> str | PartialString:
    """A text with the parts that the partition settles: `sns.${data.aws_partition.current.dns_suffix}`."""
    parts = tuple(
        _IN_PARTITION.get(str(part.path[-1]), part) if isinstance(part, Symbol) and part.path else part
        for part in partial.parts
    )
    known = [part for part in parts if isinstance(part, str)]
    return "".join(known) if len(known) == len(parts) else PartialString(parts)


def _fits(identifier: str, wanted: str) -> bool:
    """Return True if an identifier is of the form that is wanted; an account's id is its root user."""
    if "*" not in wanted:
        return False
    return matches(wanted, f"arn:aws:iam::{identifier}:root" if identifier.isdigit() else identifier)


def _may_be(partial: PartialString, wanted: str) -> bool:
    """Return True if a text that is known in part can be the wanted one."""
    if "*" not in wanted:
        return matches("".join(part if isinstance(part, str) else "*" for part in partial.parts), wanted)
    lead, end = wanted[: wanted.index("*")], wanted[wanted.rindex("*") + 1 :]
    begins = partial.prefix.startswith(lead) or lead.startswith(partial.prefix)
    return begins and (partial.suffix.endswith(end) or end.endswith(partial.suffix))


def _arn(symbol: Symbol, evaluator: Evaluator) -> str | None:
    """What an ARN of the stack's looks like that AWS makes; None if that can't be told."""
    if symbol.path and symbol.path[-1] == "account_id":
        return f"arn:aws:iam::{_STAND_IN}:root"
    declaration = evaluator.module.declarations.get(symbol.block_address)
    if declaration is None or declaration.kind != "resource":
        return None
    if declaration.type == "aws_iam_service_linked_role":
        return _of_service(evaluator.instance(declaration, symbol.address))
    return f"arn:aws:iam::{_STAND_IN}:{_STAND_IN}/{_STAND_IN}"


def _of_service(role: Instance | None) -> str | None:
    service = role.value("aws_service_name").data if role is not None else None
    if not isinstance(service, str):
        return None
    return f"arn:aws:iam::{_STAND_IN}:role/aws-service-role/{service}/{_STAND_IN}"
