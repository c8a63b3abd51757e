"""The JSON Schema of a card, as editors use it, says what the loader says."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.cards import RULES
from tests.stacks import ROOT
from tflint_tap.rulebook.keys import card_schema
from tflint_tap.rulebook.loader import BUNDLED
from tflint_tap.text.yaml_text import load


def test_the_published_schema_is_current() -> None:
    published = json.loads((ROOT / "rules" / "card.schema.json").read_text(encoding="utf-8"))
    assert published == card_schema(), "run tools/build_card_schema.py"


def _card(id_: str) -> dict[str, Any]:
    content: dict[str, Any] = load((BUNDLED / f"{id_}.yaml").read_text(encoding="utf-8"))
    return content


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_card_is_valid(rule: Any) -> None:
    jsonschema.Draft202012Validator(card_schema()).validate(_card(rule.id))


@pytest.mark.parametrize(
    "change",
    [
        {"remedies": "x"},
        {"title": 1},
        {"match": None},
        {"conditions": []},
        {"check": "messaging.x"},
        {"security_severity": 11},
        {"cases": [{"name": "x"}]},
        {"let": {"a": [1]}},
        {"bad": []},
    ],
)
def test_a_card_with_a_mistake_is_not(change: dict[str, Any]) -> None:
    content = {**_card("encryption/unencrypted-queue"), **change}
    content = {key: value for key, value in content.items() if value is not None}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(card_schema()).validate(content)
