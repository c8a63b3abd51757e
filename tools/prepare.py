"""What a wheel brings along instead of making it on its first run: the index of the rulebook, contracts, secrets;
and the parse table in a form that loads faster.

The build of the wheel writes it into tflint_tap/prepared (hatch_build.py); a checkout makes the same when it runs, and
keeps it in the user's cache. The bytes are the same for the same cards.
"""

from __future__ import annotations

import json
import marshal
from pathlib import Path
from typing import Any

from tflint_tap.contract import contract_texts, plain_claims
from tflint_tap.demands.packing import packed_terms
from tflint_tap.hcl.table import BUNDLED as GRAMMAR
from tflint_tap.needs.table import plain_rows
from tflint_tap.rulebook.loader import BUNDLED, index_of
from tflint_tap.secrets.texts import DATA
from tflint_tap.text.yaml_text import compose, load

_VERSION = 2  # of marshal: without references, which would make the bytes differ from build to build


def contents() -> dict[str, Any]:
    """What is prepared, by the names that `tflint_tap.text.cache.prepared` knows. CardError where a card is wrong."""
    contracts = contract_texts(BUNDLED)
    return {
        "rules": index_of(BUNDLED),
        "needs": plain_rows(),
        "claims": {Path(path).stem: plain_claims(path, text) for path, text in contracts.items()},
        "demands": {Path(path).stem: packed_terms(path, text) for path, text in contracts.items()},
        "contracts": {Path(path).stem: compose(text) for path, text in contracts.items()},
        "secrets": load(DATA.read_text(encoding="utf-8")),
        "grammar": json.loads(GRAMMAR.read_text(encoding="utf-8")),
    }


def write(folder: Path) -> list[Path]:
    """The files of that, written into a folder."""
    written = []
    for name, content in contents().items():
        path = folder / f"{name}.marshal"
        path.write_bytes(marshal.dumps(content, _VERSION))
        written.append(path)
    return written
