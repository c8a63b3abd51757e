#!/usr/bin/env python3
"""The pages about rules: docs/rules.md, which lists them, and those of the site, one a rule.

A rule's page is its card, with what the linter prints for the first bad example. Those pages are made when the site is
built (tools/mkdocs_hook.py); with a folder as argument they are written there, to be looked at. Without one,
docs/rules.md is written, and what README.md shows of the linter's output; with --check nothing is: exit 1 where one of
the two isn't current.
"""

from __future__ import annotations

import posixpath
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tflint_tap.authoring.trial import examples_of, told
from tflint_tap.discovery import Target
from tflint_tap.lint import Report, lint
from tflint_tap.report import FORMATS, RenderOptions
from tflint_tap.rule import Rule
from tflint_tap.rulebook.examples import DAY, unmarked
from tflint_tap.rulebook.loader import BUNDLED, load_rules
from tflint_tap.rulebook.page import fenced, index, page
from tflint_tap.suppressions.complaints import FAMILY, UNREADABLE
from tflint_tap.text.source import Source

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LIST = DOCS / "rules.md"
README = ROOT / "README.md"
BESIDE = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}

_HEAD = """\
# Rules

{count} rules in {families} families. Each links to its card, `rules/<family>/<rule>.yaml`, or on the site to its page.
`tap-lint explain RULE` prints what a rule is about.

"""
_SILENCE = """
## Silence it

Write the reason above the block or the argument, or behind the line:

```hcl
# tap:ignore[{id}] reason: …
```
"""
_OUTPUT = re.compile(r"(?<=^```\n)\$ tap-lint (.*)\n[\s\S]*?(?=^```$)", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s:#]+)(#[^)\s]*)?\)")


def rule_list(rules: Iterable[Rule]) -> str:
    """docs/rules.md: a line a rule, by families."""
    listed = list(rules)
    head = _HEAD.format(count=len(listed), families=len({rule.family for rule in listed}))
    return head + index(listed, lambda rule: f"../rules/{rule.id}.yaml")


def readme() -> str:
    """README.md with what the commands in it print now."""

    def shown(match: re.Match[str]) -> str:
        command = [sys.executable, "-m", "tflint_tap", *shlex.split(match[1])]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
        return f"$ tap-lint {match[1]}\n{done.stdout}"

    return _OUTPUT.sub(shown, README.read_text(encoding="utf-8"))


def page_path(rule: Rule) -> str:
    """The path of a rule's page, within the site's sources."""
    return f"rules/{rule.id}.md"


def rule_page(rule: Rule, rules: tuple[Rule, ...]) -> str:
    """A rule's page, with what is printed for its first bad example."""
    text = page(rule, _shown(rule, rules))
    can_be_silenced = rule.family != FAMILY and rule.id != UNREADABLE
    return text + (_SILENCE.format(id=rule.id) if can_be_silenced else "")


def _shown(rule: Rule, rules: tuple[Rule, ...]) -> str:
    """The first bad example without its marks, and the findings as the text report has them; "" where there is none."""
    if not rule.bad:
        return ""
    printed = printed_findings(rule, rules)
    return "\n".join([*fenced(unmarked(rule.bad[0])[0], "hcl"), "", "tap-lint prints:", "", *fenced(printed, "text")])


def printed_findings(rule: Rule, rules: tuple[Rule, ...]) -> str:
    """What the text report says of a rule's first bad example, without its last lines, the hint and the counts."""
    report = _report(rule, rules)
    text = FORMATS["text"](report, RenderOptions("", ""))
    return text.rpartition("\n\n")[0]


def _report(rule: Rule, rules: tuple[Rule, ...]) -> Report:
    if rule.family == FAMILY:  # these aren't judged by themselves
        source = Source("example.tf", unmarked(rule.bad[0])[0])
        return lint([Target((source,), (source,), None)], rules, known={one.id for one in rules}, today=DAY)
    example = next(examples_of(rule))
    listed = told(rule, example.stack)
    return Report(
        tuple(file.source for file in example.stack.shown),
        (rule,),
        tuple(finding for finding in listed if finding.doubt is None),
        tuple(finding for finding in listed if finding.doubt is not None),
    )


def site_text(text: str, path: str, is_there: Callable[[str], bool]) -> str:
    """The Markdown of a file of this repository as a page of the site: its links lead to pages, or are text.

    `path` is the file's, from the repository's root; `is_there` tells if the site has a page of a path.
    """
    here = posixpath.dirname(site_path(path))

    def linked(match: re.Match[str]) -> str:
        wanted = site_path(posixpath.normpath(posixpath.join(posixpath.dirname(path), match[2])))
        if not is_there(wanted):
            return match[1]
        return f"[{match[1]}]({posixpath.relpath(wanted, here or '.')}{match[3] or ''})"

    return _LINK.sub(linked, text)


def site_path(path: str) -> str:
    """The path of a file of this repository within the site's sources; of one that isn't there, its own."""
    if path in BESIDE:
        return BESIDE[path]
    card = re.fullmatch(r"rules/([\w-]+/[\w-]+)\.yaml", path)
    return f"rules/{card[1]}.md" if card is not None else path.removeprefix("docs/")


def site_pages() -> dict[str, str]:
    """The pages of the site that don't lie in docs/: path → Markdown, with links as the site needs them."""
    rules = load_rules(BUNDLED)
    pages = {page_path(rule): rule_page(rule, rules) for rule in rules}
    there = (path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.*"))
    known = {*pages, *BESIDE.values(), *there}
    for path, name in BESIDE.items():
        pages[name] = site_text((ROOT / path).read_text(encoding="utf-8"), path, known.__contains__)
    return pages


def main() -> int:
    """Write docs/rules.md and README.md, say if they are current, or write the site's pages into a folder."""
    folders = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if folders:
        for name, text in site_pages().items():
            path = Path(folders[0], name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    wanted = {LIST: rule_list(load_rules(BUNDLED)), README: readme()}
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in wanted:
            print(f"{path.relative_to(ROOT)}: {'not current: run tools/build_docs.py' if path in stale else 'current'}")
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
