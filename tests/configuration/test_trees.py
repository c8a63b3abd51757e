"""A tree of modules is judged as the one module that says the same."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

import pytest

from tests.cards import RULES
from tflint_tap.hcl import parse
from tflint_tap.hcl.nodes import File
from tflint_tap.judging import judge
from tflint_tap.stack import Stack
from tflint_tap.terraform.configuration.flattening import Opened, flattened
from tflint_tap.terraform.evaluation.inputs import Inputs
from tflint_tap.terraform.functions import Environment
from tflint_tap.terraform.module import Module, build_module
from tflint_tap.terraform.module.marks import displayed
from tflint_tap.text.source import Source

from .trees import Maker

WITH_POLICIES = ("iam/wildcard-action", "iam/unattached-policy", "messaging/queue-without-dlq")
JUDGED = [rule for rule in RULES if rule.family in ("encryption", "logging", "schema") or rule.id in WITH_POLICIES]
KEY = re.compile(r"\[[^\]]*\]$")


def configuration(texts: Mapping[str, str]) -> Module:
    """The configuration of these files, the root's without a folder."""
    files = {path: parse(Source(path, text)) for path, text in texts.items()}

    def opened(folder: str, source: str, key: str) -> Opened | str | None:
        place = posixpath.normpath(posixpath.join(folder, source))
        found: tuple[File, ...] = tuple(file for path, file in files.items() if posixpath.dirname(path) == place)
        return Opened(place, place, found) if found else f"there is no folder {source}"

    roots = [file for path, file in files.items() if "/" not in path]
    return flattened(roots, (), "", Inputs(), Environment(), opened)


def said(stack: Stack) -> list[tuple[str, str, bool]]:
    """All that the rules say: the rule, the address, and if it is a doubt."""
    return [
        (finding.rule, displayed(finding.address or ""), finding.doubt is not None)
        for rule in JUDGED
        for finding in judge(rule, stack)
    ]


def in_tree(found: Iterable[tuple[str, str, bool]], addresses: Mapping[str, str]) -> set[tuple[str, str, bool]]:
    """What is said of the one module, of the tree's resources."""
    return {
        (rule, addresses[KEY.sub("", address)] + "".join(KEY.findall(address)), is_doubt)
        for rule, address, is_doubt in found
    }


def apart(found: Iterable[tuple[str, str, bool]]) -> set[tuple[str, str, bool]]:
    """What is said of each resource by itself."""
    return {one for one in found if not one[0].startswith("iam/")}


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 120, 20))
def test_a_tree_of_modules_is_judged_as_one_module(first: int) -> None:
    compared = 0
    for seed in range(first, first + 20):
        tree = Maker(seed).tree()
        wanted = in_tree(said(Stack.of(build_module([parse(Source("flat.tf", tree.flat))]))), tree.addresses)
        found = set(said(Stack.of(configuration(tree.files))))
        assert apart(found) == apart(wanted), f"seed {seed}"
        # what several policies have from one place is one finding, which names the first
        assert found <= wanted, f"seed {seed}"
        assert {rule for rule, _, _ in found} == {rule for rule, _, _ in wanted}, f"seed {seed}"
        compared += len(wanted)
    assert compared > 100
