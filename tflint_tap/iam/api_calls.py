"""The actions that calls of AWS's APIs need, by the names that state machines have for them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ..aws.table import Table, open_table
from .actions import action
from .misnomers import misnomer

_SERVICES = Path(__file__).parent.parent / "aws" / "sdk_services.tsv"
_CALL = re.compile(r"arn:[^:]*:states:[^:]*:[^:]*:(?:aws-sdk:)?([a-z0-9-]+):([A-Za-z0-9]+)(?:\.[\w:]+)?")
# Integrations of which the action isn't called as the API is: the pages of each service in
# https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
_OTHERWISE = {
    "lambda:invoke": "lambda:InvokeFunction",
    "http:invoke": "states:InvokeHTTPEndpoint",
    "apigateway:invoke": "execute-api:Invoke",
}


def called(resource: str) -> str | None:
    """The action of IAM that a Task's Resource calls: `states:::sqs:sendMessage` needs sqs:SendMessage.

    None where it is no integration, or where that isn't known.
    """
    match = _CALL.fullmatch(resource)
    if match is None:
        return None
    service, call = match.groups()
    otherwise = _OTHERWISE.get(f"{service}:{call}")
    if otherwise is not None:
        return otherwise
    prefix = (_services().fields(service) or (service,))[0]
    name = f"{prefix}:{call[0].upper()}{call[1:]}"
    found = action(name)
    if found is not None:
        return found.name
    needed = misnomer(name).actions
    return needed[0] if len(needed) == 1 else None


@cache
def _services() -> Table:
    return open_table(_SERVICES)
