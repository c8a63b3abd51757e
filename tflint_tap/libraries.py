"""Modules for others to call that no call of the run leads to: what a default alone decides is no fault of theirs.

A caller gives its own values. What holds whatever it gives is told as ever; what holds by the defaults of variables
alone is a note.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from .judgement import Judgement
from .judging import judge
from .merging import cause_of
from .records import replace
from .rule import Finding, Rule, Severity
from .stack import Stack

# Source: https://developer.hashicorp.com/terraform/language/modules/develop/structure (nested modules)
_FOLDER = "modules"
_OF_ROOTS = ("backend", "cloud", "state_store")  # blocks that only a root module has
_CALLER = "the call of the module decides it"


def is_library(stack: Stack, folder: Path | None) -> bool:
    """Return True if a module is one for others to call: it lies below `modules` and configures no provider."""
    if folder is None or stack.contract is not None or next(stack.module.of_kind("variable"), None) is None:
        return False
    if _FOLDER not in os.path.realpath(folder).split(os.sep)[:-1]:
        return False
    blocks = [block for block in stack.module.blocks() if block.type in ("provider", "terraform")]
    return not any(
        block.type == "provider" or any(inner.type in _OF_ROOTS for inner in block.body.blocks) for block in blocks
    )


def softened(judgement: Judgement, stack: Stack, rules: Iterable[Rule]) -> Judgement:
    """A judgement in which what the defaults of variables alone decide is a note."""
    speaking = {finding.rule for finding in judgement.findings if finding.severity > Severity.NOTE}
    if not speaking:
        return judgement
    inputs = replace(stack.evaluator.inputs, doubt=_CALLER)
    undecided = Stack.of(stack.module, inputs, stack.evaluator.environment, None, stack.shown, stack.today)
    certain = {
        cause_of(finding)
        for rule in rules
        if rule.id in speaking
        for finding in judge(rule, undecided)
        if finding.doubt is None
    }
    findings = [one if cause_of(one) in certain else _as_note(one) for one in judgement.findings]
    return replace(judgement, findings=findings)


def _as_note(finding: Finding) -> Finding:
    if finding.severity <= Severity.NOTE:
        return finding
    return replace(finding, severity=Severity.NOTE, message=f"{finding.message}, by the defaults of variables")
