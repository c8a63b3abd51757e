"""How many of tap-lint's rules are about something that checkov also tells, by the rules' own examples.

    python benchmarks/overlap_with_checkov.py PATH/TO/checkov

The first bad and the first good example of each card lie in a folder each, and checkov judges them all. It tells the
two apart where it fails a check on the bad one that it doesn't fail on the good one. The examples are tap-lint's own,
made to show what its rules are about: the figure says how far the two overlap, not which of them finds more. Rules
about contracts and tap:ignore comments are left out, as are examples of several files.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from tflint_tap.rule import Rule
from tflint_tap.rulebook.examples import unmarked
from tflint_tap.rulebook.loader import BUNDLED, load_rules

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "reference" / "tap_stack.tf"


def compared(rule: Rule) -> bool:
    """Return True if checkov could tell what a rule is about: it has an example of one file."""
    own = rule.contract_only or rule.family == "suppressions"
    return (
        not own and bool(rule.bad and rule.good) and not any("# --- " in text for text in (rule.bad[0], rule.good[0]))
    )


def failed_checks(checkov: str, *target: str) -> dict[str, set[str]]:
    """The ids of the checks that fail, by the file; the key of a single file is its name."""
    done = subprocess.run(
        [checkov, *target, "--output", "json", "--compact", "--quiet"],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        sys.exit(done.stderr[-2000:])
    found: dict[str, set[str]] = defaultdict(set)
    told = json.loads(done.stdout)  # of a framework, or of each of those that apply
    for framework in told if isinstance(told, list) else [told]:
        for check in framework["results"]["failed_checks"]:
            found[check["file_path"].lstrip("/")].add(check["check_id"])
    return found


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    checkov = sys.argv[1]
    rules = [rule for rule in load_rules(BUNDLED) if compared(rule)]
    with tempfile.TemporaryDirectory() as folder:
        for rule in rules:
            for kind, examples in (("bad", rule.bad), ("good", rule.good)):
                path = Path(folder, rule.id, kind, "main.tf")
                path.parent.mkdir(parents=True)
                path.write_text(unmarked(examples[0])[0], encoding="utf-8")
        failed = failed_checks(checkov, "-d", folder)
    told: dict[str, list[str]] = defaultdict(list)
    families: dict[str, int] = defaultdict(int)
    for rule in rules:
        families[rule.family] += 1
        if failed.get(f"{rule.id}/bad/main.tf", set()) - failed.get(f"{rule.id}/good/main.tf", set()):
            told[rule.family].append(rule.id)
    for family, count in sorted(families.items()):
        print(f"{family:15} {len(told[family]):3} of {count:3}  {' '.join(told[family])}")
    print(f"{'all':15} {sum(map(len, told.values())):3} of {len(rules):3}")
    (ids,) = failed_checks(checkov, "-f", str(REFERENCE)).values()
    print(f"fails on the reference stack, which tap-lint passes: {' '.join(sorted(ids))}")


if __name__ == "__main__":
    main()
