"""What suppressions cover."""

from __future__ import annotations

import pytest

from .reading import complaints, read_one


def covered(text: str) -> str | None:
    """The text in which the findings that are silenced begin."""
    scope = read_one(text).scope
    return None if scope is None else scope.text


BLOCK = 'resource "a" "b" {\n  c = 1\n}'


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        (f"# tap:ignore[iam] reason: x\n{BLOCK}\n\nd = 1\n", BLOCK),
        (f"# tap:ignore[iam] reason: x\r\n{BLOCK}\r\n", BLOCK),
        (f"\ufeff# tap:ignore[iam] reason: x\n{BLOCK}\n", BLOCK),
        (f"# tap:ignore[iam] reason: x\n# more\n// words\n/* and\n\n more */\n{BLOCK}\n", BLOCK),
        ("a {\n  # tap:ignore[iam] reason: x\n  b = [\n    1,\n  ]\n  c = 1\n}\n", "b = [\n    1,\n  ]"),
        ("a {\n  # tap:ignore[iam] reason: x\n  b {\n    c = 1\n  }\n}\n", "b {\n    c = 1\n  }"),
        ("a = [\n  # tap:ignore[iam] reason: x\n  { b = 1 },\n  2\n]\n", "{ b = 1 }"),
        ("a = f({\n  # tap:ignore[iam] reason: x\n  b = [1]\n  c = 2\n})\n", "b = [1]"),
        ("a = f(\n  # tap:ignore[iam] reason: x\n  g(1),\n  2\n)\n", "g(1)"),
        ('a = "${f({\n  # tap:ignore[iam] reason: x\n  b = 1\n})}"\n', "b = 1"),
        ("a = 1 # tap:ignore[iam] reason: x\nb = 2\n", "a = 1 # tap:ignore[iam] reason: x\n"),
        ("a = 1 // tap:ignore[iam] reason: x", "a = 1 // tap:ignore[iam] reason: x"),
        ("a = /* tap:ignore[iam] reason: x */ 1\n", "a = /* tap:ignore[iam] reason: x */ 1\n"),
        ("/* tap:ignore[iam] reason: x */ a = 1\nb = 2\n", "/* tap:ignore[iam] reason: x */ a = 1\n"),
        ("a { # tap:ignore[iam] reason: x\n  b = 1\n}\n", "a { # tap:ignore[iam] reason: x\n"),
        ("/* x */ a = 1 /* y */ # tap:ignore[iam] reason: x\n", "/* x */ a = 1 /* y */ # tap:ignore[iam] reason: x\n"),
        ("/* b\n*/ # tap:ignore[iam] reason: x\na = 1\n", "a = 1"),
        ("# b\n\n# tap:ignore-file[iam] reason: x\n\na = 1\n", "# b\n\n# tap:ignore-file[iam] reason: x\n\na = 1\n"),
        ("# tap:ignore-file[iam] reason: x", "# tap:ignore-file[iam] reason: x"),
    ],
)
def test_it_covers_what_follows_or_its_line_or_the_file(text: str, scope: str) -> None:
    assert covered(text) == scope


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("# tap:ignore[iam] reason: x\n\na = 1\n", "a blank line separates it from the code below"),
        (
            "# tap:ignore[iam] reason: x\n# more\n \t\r\n# words\na = 1\n",
            "a blank line separates it from the code below",
        ),
        ("a = 1\n# tap:ignore[iam] reason: x\n", "no block or argument follows it"),
        ("b {\n  a = 1\n  # tap:ignore[iam] reason: x\n}\n", "no block or argument follows it"),
        ("a = 1\n\n# tap:ignore-file[iam] reason: x\n", "it is below code"),
        ("a = 1 # tap:ignore-file[iam] reason: x\n", "it is below code"),
        ("# see above; tap:ignore[iam] reason: x\na = 1\n", "it is in the middle of a comment"),
        ("/* see\n   tap:ignore[iam] reason: x */\na = 1\n", "it is in the middle of a comment"),
    ],
)
def test_a_misplaced_suppression_silences_nothing_and_is_reported(text: str, because: str) -> None:
    kept, ((rule, place, told, _),) = complaints(text, "a = 1")
    assert kept == ["a = 1"]
    assert (rule, place, told) == ("suppressions/idle", place, f"{place}: {because}")
    assert place in ("tap:ignore[iam]", "tap:ignore-file[iam]")


QUEUE = (
    '"q": {"//": "tap:ignore[iam] until=2027-01-31 reason: x", "tags": {"//": "tap:ignore[iam] reason: no comment"}}'
)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        (f'{{"resource": {{"aws_sqs_queue": {{{QUEUE}, "r": {{}}}}}}}}', QUEUE),
        ('{"locals": [{"//": "tap:ignore[iam] reason: x", "a": 1}, {"b": 2}]}',
         '{"//": "tap:ignore[iam] reason: x", "a": 1}'),
        ('{"resource": {"aws_sqs_queue": {"q": {"lifecycle": {"//": "tap:ignore[iam] reason: x"}}}}}',
         '"lifecycle": {"//": "tap:ignore[iam] reason: x"}'),
        ('{"locals": {}, "//": "tap:ignore-file[iam] reason: x"}',
         '{"locals": {}, "//": "tap:ignore-file[iam] reason: x"}'),
        ('{"//": "tap:ignore[iam] reason: x"}', None),
        ('{"locals": {"//": "tap:ignore-file[iam] reason: x"}}', None),
    ],
)  # fmt: skip
def test_in_json_a_suppression_is_a_property_of_what_it_covers(text: str, scope: str | None) -> None:
    found = read_one(text, "a.tf.json")
    assert (found.scope.text if found.scope is not None else None) == scope
    assert found.reason == "x"
    assert [hit.values["because"] for _, hit in found.faults] == (
        [] if scope is not None else ["it is below code" if "file" in text else "it is in no block"]
    )
