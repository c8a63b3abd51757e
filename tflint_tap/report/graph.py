"""The graph of a stack's edges as a drawing: Mermaid, Graphviz's DOT, or JSON for programs.

Mermaid's text keeps to what GitHub draws: ids of letters and digits, labels in quotes with entity codes for what means
something else there (https://mermaid.js.org/syntax/flowchart.html#special-characters-that-break-syntax).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping

from ..aws.arns import arn_format
from ..records import dataclass
from ..rule import Finding
from ..terraform.evaluation.expansion import Instance
from ..terraform.module.marks import displayed
from ..text.source import Span
from ..wiring.edges import Edge, OpenEnd
from ..wiring.graph import Wiring
from . import relative_path

MOST_DRAWN = 500  # edges that Mermaid draws: https://mermaid.js.org/config/schema-docs/config.html#maxedges
_ENTITIES = {ord(character): f"#{ord(character)};" for character in '"#&<>`;{}|\\'} | {10: " ", 13: " "}
_DOT_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": " ", "\r": " "})


@dataclass(frozen=True, slots=True)
class Graph:
    """The resources that have edges or findings, by the services that they belong to, and the edges.

    `findings` are the rules that found something at a resource, by its address.
    """

    services: Mapping[str, tuple[Instance, ...]]
    edges: tuple[Edge, ...]
    ends: tuple[OpenEnd, ...]
    findings: Mapping[str, tuple[str, ...]]


def graph_of(wiring: Wiring, findings: Iterable[Finding], kinds: Collection[str]) -> Graph:
    """The graph of a stack's edges of these kinds."""
    found: dict[str, dict[str, None]] = {}
    for finding in findings:
        if finding.address is not None:
            found.setdefault(finding.address, {})[finding.rule] = None
    edges = tuple(edge for kind in kinds for edge in wiring.edges(kind))
    wired = {end.address for edge in edges for end in (edge.source, edge.target)}
    services: dict[str, list[Instance]] = {}
    for type_ in wiring.resolver.types():
        for instance in wiring.resolver.instances(type_):
            rules = found.pop(displayed(instance.address), None)  # findings name it as a reader knows it
            if rules is not None:
                found[instance.address] = rules
            if rules is not None or instance.address in wired:
                services.setdefault(_service(type_), []).append(instance)
    return Graph(
        {service: tuple(services[service]) for service in sorted(services)},
        edges,
        tuple(end for kind in kinds for end in wiring.open_ends(kind)),
        {address: tuple(rules) for address, rules in found.items()},
    )


def mermaid(graph: Graph, root: str = "") -> str:
    """A flowchart: resources with findings have a red border, doubtful edges are dashed."""
    ids = _ids(graph)
    lines = ["flowchart LR"]
    for number, (service, instances) in enumerate(graph.services.items()):
        lines.append(f'  subgraph s{number}["{_mermaid_text(service)}"]')
        lines += [f'    {ids[instance.address]}["{_mermaid_text(instance.address)}"]' for instance in instances]
        lines.append("  end")
    for source, target, certain, words in _drawn(graph):
        lines.append(f'  {ids[source]} {"-->" if certain else "-.->"}|"{words}"| {ids[target]}')
    marked = [identifier for address, identifier in ids.items() if address in graph.findings]
    if marked:
        lines.append("  classDef found stroke:#d1242f,stroke-width:3px")
        lines.append(f"  class {','.join(marked)} found")
    return "\n".join(lines) + "\n"


def dot(graph: Graph, root: str = "") -> str:
    """Likewise for Graphviz."""
    ids = _ids(graph)
    lines = ["digraph stack {", "  rankdir=LR", "  node [shape=box]"]
    for number, (service, instances) in enumerate(graph.services.items()):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_dot_text(service)}"]
        for instance in instances:
            mark = " color=red penwidth=3" if instance.address in graph.findings else ""
            lines.append(f"    {ids[instance.address]} [label={_dot_text(instance.address)}{mark}]")
        lines.append("  }")
    for source, target, certain, words in _drawn(graph):
        style = "" if certain else " style=dashed"
        lines.append(f"  {ids[source]} -> {ids[target]} [label={_dot_text(words)}{style}]")
    return "\n".join([*lines, "}"]) + "\n"


def as_json(graph: Graph, root: str = "") -> str:
    """All that is known: nodes, edges, and the ends that lead outside or nobody knows where."""
    nodes = [
        {
            "address": instance.address,
            "type": instance.declaration.type,
            "service": service,
            "doubt": instance.doubt,
            "findings": list(graph.findings.get(instance.address, ())),
            **_place(instance.header, root),
        }
        for service, instances in graph.services.items()
        for instance in instances
    ]
    edges = [
        {
            "kind": edge.kind,
            "source": edge.source.address,
            "target": edge.target.address,
            "via": edge.via.address,
            "argument": edge.argument,
            "doubt": _doubt(edge),
            **_place(edge.via.span_of(edge.argument), root),
        }
        for edge in graph.edges
    ]
    ends = [
        {
            "kind": end.kind,
            "source": end.source.address if end.source is not None else None,
            "target": end.target.address if end.target is not None else None,
            "via": end.via.address,
            "argument": end.argument,
            "outside": end.outside,
            "doubt": end.doubt,
            **_place(end.via.span_of(end.argument), root),
        }
        for end in graph.ends
    ]
    return json.dumps({"nodes": nodes, "edges": edges, "ends": ends}, indent=2, ensure_ascii=False) + "\n"


# Each function returns the whole text; `root` is the folder that paths are made relative to.
FORMATS: dict[str, Callable[[Graph, str], str]] = {"mermaid": mermaid, "dot": dot, "json": as_json}


def _drawn(graph: Graph) -> list[tuple[str, str, bool, str]]:
    """Source, target, whether it is certain, and the kinds: one line for all edges between two resources."""
    found: dict[tuple[str, str, bool], dict[str, None]] = {}
    for edge in graph.edges:
        way = (edge.source.address, edge.target.address, _doubt(edge) is None)
        found.setdefault(way, {})[edge.kind] = None
    return [(source, target, certain, ", ".join(kinds)) for (source, target, certain), kinds in found.items()]


def _doubt(edge: Edge) -> str | None:
    """The doubt of an edge, or of its source."""
    return edge.doubt or edge.source.doubt


def _ids(graph: Graph) -> dict[str, str]:
    addresses = (instance.address for instances in graph.services.values() for instance in instances)
    return {address: f"r{number}" for number, address in enumerate(addresses)}


def _service(type_: str) -> str:
    """The service of a type as its ARNs name it, else the first word behind `aws_`."""
    format_ = arn_format(type_)
    return format_.service if format_ is not None else type_.removeprefix("aws_").partition("_")[0]


def _mermaid_text(text: str) -> str:
    return text.translate(_ENTITIES)


def _dot_text(text: str) -> str:
    return f'"{text.translate(_DOT_ESCAPES)}"'


def _place(span: Span, root: str) -> dict[str, object]:
    return {"file": relative_path(span.source.path, root), "line": span.line}
