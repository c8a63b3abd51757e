"""A rule's page."""

from __future__ import annotations

from ..rule import Rule


def page(rule: Rule) -> str:
    """All that a card says, as Markdown."""
    lines = [f"# {rule.id}: {rule.title}", "", f"Severity: {rule.severity}"]
    if rule.contract_only:
        named = " and that names the rule" if rule.named_only else ""
        lines += ["", f"It applies to what has to hold a contract{named}."]
    lines += ["", rule.why]
    for title, examples in (("Breaks it", rule.bad), ("Is right", rule.good)):
        for example in examples:
            lines += ["", f"## {title}", "", "```hcl", example.rstrip("\n"), "```"]
    if rule.specification is not None:
        lines += ["", "## The contract of these examples", "", "```yaml", rule.specification.rstrip("\n"), "```"]
    if rule.references:
        lines += ["", "## References", "", *(f"- {reference}" for reference in rule.references)]
    return "\n".join(lines) + "\n"
