"""Functions on networks: the ways that lead out of a subnet, and the APIs of AWS that what lies there calls."""

from __future__ import annotations

from collections.abc import Iterator

from ..aws.endpoints import Reached, reached_services
from ..iam.statements import Statement
from ..stack import Stack
from ..terraform.evaluation.conversion import EvaluationError
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import ListValue, MapValue, PartialString, Symbol, Unknown, Value
from ..terraform.evaluation.verdicts import Verdict, any_of
from ..text.source import Span
from .views import subject_of

_TABLES = ("aws_route_table", "aws_default_route_table")
_VPCS = ("aws_vpc", "aws_default_vpc")
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_DESTINATIONS = (
    *("destination_cidr_block", "cidr_block", "destination_ipv6_cidr_block", "ipv6_cidr_block"),
    "destination_prefix_list_id",
)
_MAIN = ("default_route_table_id", "main_route_table_id")  # of a VPC
_FUNCTION = "aws_lambda_function"
_DELIVERY = ("fails_over_to", "publishes_to")  # of a function: where Lambda puts what it gives or fails on
_RUN_BY = ("aws_ecs_task_definition", "aws_launch_template")  # what a service or group runs has the role


def way_out(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`way_out(self)`: the ways that lead out of a subnet, as {open, endpoints}.

    `open` is true if a default route leads out of it; `endpoints` are the endpoints of its VPC, as their service names
    end.
    """
    subnet = subject_of(arguments[0])
    if subnet is None:
        raise EvaluationError("way_out takes a subnet")
    vpc = _vpc_of(stack, subnet)
    tables, doubt = _tables(stack, subnet, vpc)
    verdicts = [_is_open(stack, table) for table in tables]
    if vpc is not None and not tables and doubt is None:
        verdicts += [_default(route) for route in _routes_of_main(stack, vpc)]
    is_open = any_of([*verdicts, *([Unknown(doubt)] if doubt is not None else ())])
    return Value(MapValue({"open": Value(is_open), "endpoints": _endpoints(stack, subnet, vpc, tables)}), span)


def remote_calls(stack: Stack, arguments: tuple[Value, ...], span: Span) -> Value:
    """`remote_calls(function)`: the services whose APIs a resource's roles let it call, as {service, endpoints}.

    What Lambda calls for a function from outside its VPC isn't among them, nor what policies of AWS allow.
    """
    resource = subject_of(arguments[0])
    if resource is None:
        raise EvaluationError("remote_calls takes a resource")
    found: dict[str, Reached] = {}
    for role in _roles(stack, resource):
        for statement in stack.once(_statements).get(role.address, ()):
            for service, action in _allowed(statement):
                line = reached_services().get(service)
                if line is not None and not _is_of_others(stack, resource, line, action):
                    found.setdefault(service, line)
    calls = tuple(
        Value(
            MapValue({"service": Value(name), "endpoints": Value(ListValue(tuple(map(Value, line.endpoints))))}), span
        )
        for name, line in sorted(found.items())
    )
    return Value(ListValue(calls, "list"), span)


# -- routes ----------------------------------------------------------------------------------------------------


def _vpc_of(stack: Stack, instance: Instance) -> Instance | None:
    """The VPC that a resource lies in, None where it isn't in the stack."""
    edges = stack.wiring.outgoing(instance, "placed_in").edges
    return next((edge.target for edge in edges if edge.target.declaration.type in _VPCS), None)


def _tables(stack: Stack, subnet: Instance, vpc: Instance | None) -> tuple[list[Instance], str | None]:
    """The route tables of a subnet, and why there may be another: its own, else the main one of its VPC."""
    own = stack.wiring.incoming(subnet, "attached_to")
    tables = [edge.source for edge in own.edges if edge.source.declaration.type in _TABLES and edge.doubt is None]
    doubt = own.doubt or next((edge.doubt for edge in own.edges if edge.doubt is not None), None)
    named = [end for end in own.ends if end.via.declaration.type == "aws_route_table_association"]
    if not tables and named:
        doubt = doubt or named[0].value.reason or "its route table isn't in the stack"
    for passed in (subnet, *tables):
        doubt = doubt or next((f"{call.address} may give it a route" for call, _ in stack.passed(passed)), None)
    if tables or doubt is not None:
        return tables, doubt
    if vpc is None:
        return [], "the main route table of its VPC isn't in the stack"
    if vpc.declaration.type == "aws_default_vpc":
        return [], "the main route table of the default VPC leads to the internet unless it was changed"
    main = stack.wiring.incoming(vpc, "attached_to")
    tables = [edge.source for edge in main.edges if edge.source.declaration.type in _TABLES and edge.doubt is None]
    tables += [
        table
        for table in stack.resources("aws_default_route_table")
        if _is_main(table.value("default_route_table_id"), vpc)
    ]
    return tables, next((f"{call.address} may give it a route" for call, _ in stack.passed(vpc)), None)


def _is_main(value: Value, vpc: Instance) -> bool:
    data = value.data
    return isinstance(data, Symbol) and data.address == vpc.address and data.path[:1] in {(name,) for name in _MAIN}


def _routes_of_main(stack: Stack, vpc: Instance) -> Iterator[Value]:
    """The destinations of the routes that are added to the main route table of a VPC, which no block manages."""
    for route in stack.resources("aws_route"):
        if _is_main(route.value("route_table_id"), vpc):
            yield from map(route.value, _DESTINATIONS)


def _is_open(stack: Stack, table: Instance) -> Verdict:
    """True if a route table has a default route."""
    added = stack.wiring.incoming(table, "attached_to")
    verdicts: list[Verdict] = []
    for edge in added.edges:
        if edge.source.declaration.type == "aws_route":
            found = any_of(_default(edge.source.value(name)) for name in _DESTINATIONS)
            verdicts.append(Unknown(edge.doubt) if found is True and edge.doubt is not None else found)
    for block in table.blocks("route"):
        verdicts.append(any_of(_default(block.value(name)) for name in _DESTINATIONS))
    written = table.value("route")
    for route in written.elements():
        data = route.data
        destinations = data.items if isinstance(data, MapValue) else {}
        verdicts.append(any_of(_default(value) for name, value in destinations.items() if name in _DESTINATIONS))
    doubt = added.doubt or (written.reason if not written.is_known else None)
    gateways = table.value("propagating_vgws")
    if gateways.data is not None or _is_propagated(stack, table):
        doubt = doubt or "a VPN gateway may bring it a default route"
    return any_of([*verdicts, *([Unknown(doubt)] if doubt is not None else ())])


def _is_propagated(stack: Stack, table: Instance) -> bool:
    return any(
        stack.target(one.value("route_table_id")) is table
        for one in stack.resources("aws_vpn_gateway_route_propagation")
    )


def _default(destination: Value) -> Verdict:
    """True if a route's destination is everywhere."""
    if isinstance(destination.data, (Unknown, PartialString)):
        return Unknown(destination.reason or "")
    return destination.data in _EVERYWHERE


# -- endpoints -------------------------------------------------------------------------------------------------


def _endpoints(stack: Stack, subnet: Instance, vpc: Instance | None, tables: list[Instance]) -> Value:
    """The endpoints that serve a subnet: those that its route tables lead to, and those with interfaces in its VPC."""
    found: list[Value] = []
    doubt: str | None = None
    for endpoint in stack.resources("aws_vpc_endpoint"):
        serves = _serves(stack, endpoint, subnet, vpc, tables)
        service = _service(endpoint.value("service_name"))
        if serves is True and isinstance(service, str) and endpoint.doubt is None:
            found.append(Value(service))
        elif serves is not False:
            reason = service.reason if isinstance(service, Unknown) else None
            doubt = doubt or reason or (serves.reason if isinstance(serves, Unknown) else endpoint.doubt)
    if vpc is None:
        doubt = doubt or "its VPC isn't in the stack, and may have endpoints"
    else:
        doubt = doubt or next((f"{call.address} may make endpoints" for call, _ in stack.passed(vpc)), None)
    rest = None if doubt is None else Unknown(doubt)
    return Value(ListValue(tuple(found), "list", rest, None if rest is None else len(found)))


def _serves(
    stack: Stack, endpoint: Instance, subnet: Instance, vpc: Instance | None, tables: list[Instance]
) -> Verdict:
    """True if an endpoint is in a subnet's VPC; of a gateway, if one of the subnet's route tables leads to it."""
    kind = endpoint.value("vpc_endpoint_type")
    if not kind.is_known:
        return Unknown(kind.reason or "")
    if kind.data not in (None, "Gateway"):
        if endpoint.value("private_dns_enabled").data is False:
            return False
        other = _vpc_of(stack, endpoint)
        return other is None or vpc is None or other.address == vpc.address
    attached = stack.wiring.outgoing(endpoint, "attached_to")
    leading = {edge.target.address for edge in attached.edges if edge.doubt is None}
    if any(table.address in leading for table in tables):
        return True
    doubt = attached.doubt or next((edge.doubt for edge in attached.edges if edge.doubt is not None), None)
    return False if doubt is None else Unknown(doubt)


def _service(name: Value) -> str | Unknown:
    """The service of an endpoint, as its name ends: `ecr.api` of `com.amazonaws.eu-west-1.ecr.api`."""
    data = name.data
    if isinstance(data, PartialString):
        *lead, last = data.parts
        begins = [part for part in lead if isinstance(part, str)]
        if isinstance(last, str) and last.startswith(".") and begins and begins[0].rstrip(".").endswith("amazonaws"):
            return last[1:]
        return Unknown(name.reason or "")
    if not isinstance(data, str):
        return Unknown(name.reason or "it has no service name")
    return data.partition("amazonaws.")[2].partition(".")[2]


# -- calls -----------------------------------------------------------------------------------------------------


def _roles(stack: Stack, resource: Instance) -> Iterator[Instance]:
    """The roles that a resource certainly acts as, itself or by what it runs."""
    holders = [resource]
    holders += [
        edge.target
        for edge in stack.wiring.outgoing(resource, "uses").edges
        if edge.target.declaration.type in _RUN_BY and edge.doubt is None
    ]
    for holder in holders:
        for edge in stack.wiring.outgoing(holder, "runs_as").edges:
            if edge.doubt is None:
                yield edge.target


def _statements(stack: Stack) -> dict[str, list[Statement]]:
    """The statements that the stack's own policies certainly give to each role, by its address."""
    found: dict[str, list[Statement]] = {}
    for policy in stack.policies:
        if policy.kind == "identity" and policy.doubt is None:
            attached = stack.wiring.outgoing(policy.owner, "attached_to").edges
            for role in (policy.owner, *(edge.target for edge in attached if edge.doubt is None)):
                found.setdefault(role.address, []).extend(one for one in policy.statements if one.doubt is None)
    return found


def _allowed(statement: Statement) -> Iterator[tuple[str, str]]:
    """The actions that a statement allows, as service and name."""
    if statement.allows is True and statement.actions is not None:
        for text, _ in statement.actions.known():
            service, _, action = text.partition(":")
            yield service.lower(), action.lower()


def _is_of_others(stack: Stack, resource: Instance, line: Reached, action: str) -> bool:
    """Return True if it is Lambda that calls an action for a function, from outside its VPC."""
    if resource.declaration.type != _FUNCTION:
        return False
    if line.is_of_lambda(action):
        return True
    if action not in line.delivering:
        return False
    edges = (edge for kind in _DELIVERY for edge in stack.wiring.outgoing(resource, kind).edges)
    return any(edge.target.declaration.type == line.delivers_to for edge in edges)
