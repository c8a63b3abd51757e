"""Ask the real Terraform of the forms, and record what it says: `python -m tests.terraform.language.oracle`.

Forms that a called module may have become modules of one configuration, so that Terraform is started a few times
instead of once for each; each round leaves out those that it has refused, since a configuration that can't be read
isn't evaluated. The others are configurations of their own.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.stacks import SHARED
from tests.terraform.language.forms import VERDICTS, Form, Verdict, forms
from tflint_tap.hcl import parse
from tflint_tap.text.source import Source

TFVALIDATE = SHARED / "terraform" / "tfvalidate"
# where the forms lay in this run
_OF_RUN = re.compile(r"\bmodule\.m\d{4}\.|/\S*/(?:m\d{4}|\d+)/")
_HEADER = "# What Terraform 1.11.4 says: family, form, the first error of validate, that of plan. Made by oracle.py.\n"


def asked(wanted: Sequence[Form]) -> Mapping[tuple[str, str], Verdict]:
    """Terraform's verdicts, by the forms' keys."""
    together = [form for form in wanted if not form.alone]
    alone = [form for form in wanted if form.alone]
    with tempfile.TemporaryDirectory(prefix="language-forms-") as folder:
        return {**_together(together, Path(folder) / "together"), **_alone(alone, Path(folder) / "alone")}


def _together(wanted: Sequence[Form], folder: Path) -> Mapping[tuple[str, str], Verdict]:
    names = {f"m{number:04}": form for number, form in enumerate(wanted)}
    for name, form in names.items():
        _write(form, folder / name)
    validate: dict[str, str] = {}
    plan: dict[str, str] = {}
    _refusals(folder, names, validate, {}, plan=False)
    _refusals(folder, names, plan, validate, plan=True)
    return {form.key: Verdict(validate.get(name, ""), plan.get(name, "")) for name, form in names.items()}


def _refusals(
    folder: Path, names: Mapping[str, Form], refused: dict[str, str], left_out: Mapping[str, str], *, plan: bool
) -> None:
    """Find the forms that are refused, round by round: others may be refused once these are away."""
    while True:
        calls = (_call(name, form) for name, form in names.items() if name not in refused and name not in left_out)
        (folder / "main.tf").write_text("".join(calls), encoding="utf-8")
        found = _by_module(_errors(_run(folder, plan=plan)), names)
        refused.update(found)
        if not found:
            return


def _call(name: str, form: Form) -> str:
    """A call of the form's module, which is given what it needs."""
    body = parse(Source("main.tf", form.hcl)).body
    needed = [
        block.labels[0].value
        for block in body.blocks_of("variable")
        if len(block.labels) == 1 and block.body.attribute("default") is None
    ]
    given = "".join(f"  {variable} = null\n" for variable in needed)
    return f'module "{name}" {{\n  source = "./{name}"\n{given}}}\n'


def _alone(wanted: Sequence[Form], folder: Path) -> Mapping[tuple[str, str], Verdict]:
    found: dict[tuple[str, str], Verdict] = {}
    for number, form in enumerate(wanted):
        _write(form, folder / str(number))
        validate = next((_words(item) for item in _errors(_run(folder / str(number)))), "")
        plan = ""
        if not validate:
            plan = next((_words(item) for item in _errors(_run(folder / str(number), plan=True))), "")
        found[form.key] = Verdict(validate, plan)
    return found


def _write(form: Form, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "main.tf").write_text(form.hcl, encoding="utf-8")
    for name, text in form.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _run(folder: Path, *, plan: bool = False) -> str:
    command = [str(TFVALIDATE), "--json", *(["--plan"] if plan else []), str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if "TERRAFORM CRASH" in run.stderr:
        raise ValueError(f"Terraform crashed, so one of the forms has to be left out: {run.stderr}")
    return run.stdout


def _errors(output: str) -> Iterator[Mapping[str, object]]:
    """The errors in what validate prints, one JSON document, and what plan prints, one a line."""
    decoder, start = json.JSONDecoder(), 0
    while (start := output.find("{", start)) >= 0:
        document, start = decoder.raw_decode(output, start)
        for item in [*document.get("diagnostics", ()), *filter(None, [document.get("diagnostic")])]:
            if item["severity"] == "error":
                yield item


def _by_module(errors: Iterable[Mapping[str, object]], names: Collection[str]) -> dict[str, str]:
    """The first error of each module, by its name."""
    found: dict[str, str] = {}
    lost: list[object] = []
    for item in errors:
        place = item.get("range") or {}
        assert isinstance(place, dict)
        said = f"{place.get('filename', '')} {item.get('address', '')} {item['summary']} {item['detail']}"
        words = re.findall(r"\bm\d{4}\b", said)
        module = next((word for word in words if word in names), None)
        if module is None:
            lost.append(item)
        else:
            found.setdefault(module, _words(item))
    if lost and not found:
        raise ValueError(f"errors without a place, so the form has to be alone: {lost}")
    return found


def _words(item: Mapping[str, object]) -> str:
    words = " ".join(f"{item['summary']}: {item['detail']}".split())
    return _OF_RUN.sub("", words)[:200]


def main() -> None:
    """Record the verdicts of all forms."""
    found = asked(forms())
    rows = ["\t".join((form.family, json.dumps(form.text), *_fields(found[form.key]))) for form in forms()]
    VERDICTS.write_text(_HEADER + "\n".join(rows) + "\n", encoding="utf-8")


def _fields(verdict: Verdict) -> tuple[str, str]:
    return verdict.validate, verdict.plan


if __name__ == "__main__":
    main()
