"""The site: its pages are current, each can be made, and their links lead to pages."""

from __future__ import annotations

import importlib.util
import os
import posixpath
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cards import RULES
from tests.stacks import ROOT
from tools import build_docs

LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """All pages of the site by their paths, as Markdown."""
    made = build_docs.site_pages()
    there = {path.relative_to(build_docs.DOCS).as_posix(): path for path in build_docs.DOCS.glob("*.md")}
    known = {*made, *there}
    own = {
        name: build_docs.site_text(path.read_text(encoding="utf-8"), f"docs/{name}", known.__contains__)
        for name, path in there.items()
    }
    return {**made, **own}


def test_the_list_of_rules_is_current() -> None:
    assert build_docs.LIST.read_text(encoding="utf-8") == build_docs.rule_list(RULES), "run tools/build_docs.py"


def test_every_rule_has_a_page_with_what_is_printed_for_its_example(pages: dict[str, str]) -> None:
    for rule in RULES:
        text = pages[build_docs.page_path(rule)]
        assert text.startswith(f"# {rule.id}: {rule.title}\n")
        printed = text.partition("tap-lint prints:\n\n```text\n")[2].partition("\n```\n")[0]
        assert re.match(rf"(error|warning|note|doubt) {rule.id}: ", printed), rule.id
        assert "--> " in printed


def test_every_link_within_the_site_leads_to_a_page(pages: dict[str, str]) -> None:
    links = 0
    for path, text in pages.items():
        bare = re.sub(r"^(`{3,}).*?^\1$|`[^`\n]+`", "", text, flags=re.MULTILINE | re.DOTALL)
        for target in LINK.findall(bare):
            if ":" not in target and not target.startswith("#"):
                links += 1
                wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), target.partition("#")[0]))
                assert wanted in pages, f"{path}: {target}"
    assert links > len(RULES)  # the list has one for each


def test_every_link_of_the_repository_s_own_pages_leads_to_a_file() -> None:
    for path in (*(ROOT / name for name in build_docs.BESIDE), *build_docs.DOCS.glob("*.md")):
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            if ":" not in target and not target.startswith("#"):
                assert (path.parent / target.partition("#")[0]).exists(), f"{path.name}: {target}"


def test_links_to_files_that_the_site_lacks_become_text() -> None:
    there = {"use.md", "picture.svg", "rules/iam/wildcard-action.md"}
    text = "[a](docs/use.md#b) [b](NOTICE) [c](rules/iam/wildcard-action.yaml) [d](https://x.y) ![e](docs/picture.svg)"
    assert build_docs.site_text(text, "README.md", there.__contains__) == (
        "[a](use.md#b) b [c](rules/iam/wildcard-action.md) [d](https://x.y) ![e](picture.svg)"
    )


@pytest.mark.slow
def test_the_site_is_built_without_warnings(tmp_path: Path) -> None:
    if importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None:
        pytest.skip("mkdocs-material isn't installed: pip install '.[docs]'")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "rules" / "iam" / "wildcard-action" / "index.html").is_file()
