"""The contract drafted from a specification in Markdown: what it says, where from, and what it leaves to people."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import Result

from tests.cards import CONTRACTS, RULES
from tests.commands import runner
from tests.stacks import SHARED
from tests.work import LINEAR, growth
from tflint_tap.cli.main import cli
from tflint_tap.contract import Claims, Contract
from tflint_tap.contract.format import contract_schema
from tflint_tap.drafting.holding import sound_text
from tflint_tap.drafting.markdown import codes_in, markdown
from tflint_tap.drafting.spec_draft import spec_draft
from tflint_tap.drafting.writing import written
from tflint_tap.rulebook.contracts import checked

BOOKING = SHARED / "spec" / "tap_stack_spec.md"
ORDERS = Path(__file__).parent / "specs" / "orders.md"
RIGHT = re.compile(r"  # line (\d+)$")


@cache
def text_of(text: str) -> str:
    return sound_text(spec_draft(text, "drafted", "SPEC.md"), RULES)


def draft_of(text: str) -> dict[str, Any]:
    """The draft, which is right as a contract, says where each of its lines is from, and is sound as it is."""
    made = text_of(text)
    assert "left out" not in made
    found = checked(Contract("drafted", Claims(), Path("drafted.yaml"), made), {rule.id for rule in RULES})
    assert found.mistakes == ()
    content: dict[str, Any] = yaml.safe_load(made)
    jsonschema.Draft202012Validator(contract_schema()).validate(content)
    lines = text.count("\n") + 1
    for line in made.splitlines():
        if line.startswith("  ") and not line.lstrip().startswith("#"):
            place = RIGHT.search(line)
            assert place is not None, line
            assert 1 <= int(place[1]) <= lines
    return content


def parts_of(content: dict[str, Any]) -> set[tuple[str, str | None]]:
    return {(part["type"], part.get("named")) for part in content["parts"].values()}


@cache
def booking() -> dict[str, Any]:
    if not BOOKING.is_file():
        pytest.skip("the booking specification is not at hand")
    return draft_of(BOOKING.read_text(encoding="utf-8"))


def contract() -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load(CONTRACTS[0].text or "")
    return held


def test_the_booking_draft_has_the_contract_s_variables() -> None:
    wanted = {name: item for name, item in contract()["variables"].items() if "where" not in item}
    drafted = booking()["variables"]
    assert len(wanted) == 12
    assert drafted.keys() == wanted.keys()
    for name, item in wanted.items():
        assert drafted[name].get("default") == item.get("default"), name
        types = item["type"] if isinstance(item["type"], list) else [item["type"]]
        assert drafted[name].get("type", types[0]) in types, name


def test_the_booking_draft_has_the_resources_of_all_sections() -> None:
    drafted = parts_of(booking())
    types = {type_ for type_, _ in drafted}
    sections = re.split(r"^### \d+\. ", BOOKING.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert len(sections) == 13
    for section in sections:
        assert set(re.findall(r"\baws_[a-z0-9_]+", section)) - {"aws_region"} <= types, section.partition("\n")[0]
    for name, part in contract()["parts"].items():
        if part.get("level") == "may":
            continue
        for each in part.get("for", [""]):
            for inner in part["parts"].values() if "parts" in part else [part]:
                named = inner.get("named")
                found = (inner["type"], named.replace("${each}", each) if named else None)
                assert found in drafted or (named is None and inner["type"] in types), (name, found)


def test_the_booking_draft_has_the_contract_s_outputs() -> None:
    held, drafted = contract(), booking()

    def attribute(content: dict[str, Any], text: str) -> tuple[str, str | None, str]:
        name, _, attribute = text.rpartition(".")
        return content["parts"][name]["type"], content["parts"][name].get("named"), attribute

    given = {attribute(drafted, output["refers_to"]) for output in drafted["outputs"]}
    assert len(drafted["outputs"]) == len(held["outputs"]) == 8
    for output in held["outputs"]:
        refers_to = output["refers_to"]
        alternatives = refers_to if isinstance(refers_to, list) else [refers_to]
        assert given & {attribute(held, text) for text in alternatives}, output["id"]


def test_the_booking_draft_has_settings_tags_figures_and_bans() -> None:
    drafted = booking()
    assert drafted["locals"] == {"name_prefix": {"equals": "${var.project_name}-${var.environment}"}}
    assert drafted["naming"] == {"prefix": "local.name_prefix"}
    assert drafted["tags"]["required"] == ["Project", "Environment", "Owner", "CostCenter", "Name"]
    assert drafted["parts"]["table"]["require"][:2] == [
        "self.stream_enabled == true",
        'self.stream_view_type == "NEW_AND_OLD_IMAGES"',
    ]
    assert drafted["parts"]["hotel_pms_queue"]["from"] == {
        "visibility_timeout_seconds": "var.pms_queue_visibility_timeout_seconds"
    }
    each = next(item for item in drafted["each"] if item["of"] == "aws_lambda_function")
    assert 'self.tracing_config[0].mode == "Active"' in each["require"]
    assert {"block": "provider", "id": "forbid.provider"} in drafted["forbid"]
    assert {"block": "module", "id": "forbid.module"} in drafted["forbid"]
    states = [figure for item in drafted["figures"] for figure in item["states"]]
    assert {"<400ms", "<5 seconds", ">10s", "<1s", "<60 seconds", "every 5 minutes", "under 2 minutes"} <= set(states)
    assert any("secrets in plain text" in text for text in drafted["person"])


def test_another_style_is_understood_as_well() -> None:
    """Tables, numbered and nested lists, bold, underlined headings, quotes, code, prose."""
    drafted = draft_of(ORDERS.read_text(encoding="utf-8"))
    assert drafted["variables"] == {
        "region": {"type": "string", "default": "eu-central-1"},
        "retention_days": {"type": "number", "default": 1095},
        "zones": {"type": "list(string)"},
        "debug": {"type": "bool", "default": False},
        "owner_email": {"type": "string", "default": "none"},
        "shop_ids": {},
        "batch_size": {},
        "max_receives": {"type": "number", "default": 5},
    }
    assert drafted["parts"] == {
        "orders_archive": {
            "type": "aws_s3_bucket",
            "named": "orders-archive",
            "require": ["self.force_destroy == false"],
        },
        "orders": {
            "type": "aws_dynamodb_table",
            "named": "orders",
            "require": [
                'self.billing_mode == "PAY_PER_REQUEST"',
                "self.deletion_protection_enabled == true",
                "exists(self.point_in_time_recovery)",
            ],
        },
        "key": {"type": "aws_kms_key", "require": ["self.enable_key_rotation == true"]},
        "intake": {"type": "aws_sqs_queue", "named": "intake"},
        "intake_dlq": {"type": "aws_sqs_queue", "named": "intake_dlq"},
        "orders_placed": {
            "type": "aws_sns_topic",
            "named": "orders_placed",
            "require": ["given(self.name)", "self.fifo_topic == false", 'self.display_name == "Orders"'],
        },
    }
    assert [item["require"] for item in drafted["each"]] == [["self.message_retention_seconds == 1209600"]]
    assert sorted(drafted["tags"]["required"]) == ["CostCentre", "Stage", "Team"]
    assert [item.get("resource") or item.get("block") or item["data"] for item in drafted["forbid"]] == [
        "aws_nat_gateway",
        "module",
        "*",
    ]
    assert [item["refers_to"] for item in drafted["outputs"]] == [
        "orders_archive.bucket",
        "key.arn",
        "orders.name",
        "intake.url",
        "orders_placed.arn",
    ]
    assert [item["states"] for item in drafted["figures"]] == [["less than 2 s"]]
    assert drafted["person"] == [
        "The night's work ends within 30 minutes.",
        "aws_sqs_que is no resource type: Use aws_sqs_que for retries.",
        "Operators must be able to sleep.",
    ]


def test_code_in_a_text_is_read_as_a_stack() -> None:
    text = (
        'Two queues:\n\n```terraform\nresource "aws_sqs_queue" "a" {\n  redrive_policy = jsonencode({\n'
        "    deadLetterTargetArn = aws_sqs_queue.b.arn\n    maxReceiveCount     = 3\n  })\n}\n```\n"
        'and\n```\nresource "aws_sqs_queue" "b" {\n}\n```\n'
    )
    assert draft_of(text)["wiring"] == [{"id": "a.redrives_to.b", "from": "a", "edge": "redrives_to", "to": "b"}]
    lines = text_of(text).splitlines()
    assert "  b: {type: aws_sqs_queue, named: b}  # line 13" in lines
    assert "  - {id: a.redrives_to.b, from: a, edge: redrives_to, to: b}  # line 4" in lines


def test_each_line_says_where_it_is_from() -> None:
    text = ORDERS.read_text(encoding="utf-8").splitlines()
    made = text_of(ORDERS.read_text(encoding="utf-8")).splitlines()
    assert made[0].startswith("# A draft, made from SPEC.md, to be read before it is used")
    for told, said in {
        "retention_days: {": "| retention_days | number",
        '"self.force_destroy == false"': "**force_destroy = false**",
        "orders_placed:": 'resource "aws_sns_topic"',
        "forbid.aws_nat_gateway": "Do not create an `aws_nat_gateway`",
        "outputs.intake_url": "`intake_url`: the URL",
    }.items():
        place = RIGHT.search(next(line for line in made if told in line))
        assert place is not None
        assert said in text[int(place[1]) - 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        "# Nothing\n",
        "plain words\n" * 3,
        "| a | b |\n|---|---|\n| c |\n||||\n",
        "```hcl\nvariable \"a\" {\n",
        "```hcl\nresource \"aws_sqs_queue\" {\n}}}\n```\n",
        "~~~\na = \n~~~\n",
        "- " * 50 + "x\n",
        "".join(f"{' ' * depth}- must `aws_sqs_queue` `q{depth}`\n" for depth in range(0, 60, 2)),
        "`" * 99 + "\n" + "*" * 99 + "\n" + "[" * 99 + "\n",
        "Variables:\n- `a` (string, default \"\x07\u2028: # 'x\")\n- `b` (number, default c)\n- `c` (default [1])\n",
        "- an `aws_sqs_queue` named `yes`, `delay_seconds = 999999999999999999999999`\n- `aws_sqs_queue` `no`\n",
        "Do not. Never. No aws_. No \u202e aws_instance!\n",
        "\ufeff## Outputs\n- `a\\b`\n- ARN\n- the ARN of the ARN and\n",
        "Tags: `Owner = \"x\"`, `Owner`, `${Owner}`\nlocal.prefix = \"${var.}\"\n",
    ],
    ids=range(16),
)  # fmt: skip
def test_odd_text_makes_a_sound_draft(text: str) -> None:
    made = text_of(text)
    found = checked(Contract("drafted", Claims(), Path("drafted.yaml"), made), {rule.id for rule in RULES})
    assert found.mistakes == ()
    assert "contract: drafted" in made


ROW = """\
## Part {n}

Variables:

- `name_{n}` (string, default "x{n}")

1. An SQS queue `queue_{n}`
   - `delay_seconds = {n}`, `visibility_timeout_seconds = var.name_{n}`
2. Do not use `aws_instance`. It must answer in less than {n} s. You must think about {n}.

### Outputs of {n}

- URL of the SQS queue queue_{n}

"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    [
        ROW,
        "must use `aws_sqs_queue` `q{n}` ",
        "`a{n} ** [b{n}]( <!-- ",
        "- must `q{n}` \n",
        "| a{n} | b |\n",
        "  - x{n}\n",
        "\n```hcl\nresource \"aws_sqs_queue\" \"q{n}\" {{\n}}\n```\n",
    ],
    ids=lambda pattern: pattern[:12],
)  # fmt: skip
def test_four_times_the_text_is_four_times_the_work(pattern: str) -> None:
    def draft(size: int) -> None:
        written(spec_draft("".join(pattern.format(n=n) for n in range(size)), "x", "x"))

    assert growth(draft, 25 if "\n" in pattern else 200) < LINEAR  # a paragraph is read in pieces


def test_what_markdown_marks_as_code() -> None:
    text = 'use ``a b``, **c_d**, **`e` and f**, some_words, `g`: "no_code" var.h_i'
    assert [code.text for code in codes_in(text)] == ["a b", "c_d", "e", "some_words", "g", "var.h_i"]


def test_lines_know_what_they_stand_under() -> None:
    text = "Head\n====\nintro\nwrapped:\n\n- a\n  - b\n    more\n- c\n\n## Next\n1. d\n"
    lines = markdown(text).lines
    assert [(line.number, line.kind, line.text, line.parent and line.parent.text) for line in lines] == [
        (1, "heading", "Head", None),
        (3, "prose", "intro wrapped:", "Head"),
        (6, "item", "a", "intro wrapped:"),
        (7, "item", "b more", "a"),
        (9, "item", "c", "intro wrapped:"),
        (11, "heading", "Next", "Head"),
        (12, "item", "d", "Next"),
    ]


def run(*arguments: str) -> Result:
    return runner().invoke(cli, ("contract", *arguments))


def test_the_command_takes_markdown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("SPEC.md").write_text("An SQS queue `jobs` is required.\n", encoding="utf-8")
    done = run("draft", "SPEC.md")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "\n  jobs: {type: aws_sqs_queue, named: jobs}  # line 1\n" in done.stdout
    Path("own.yaml").write_text(done.stdout, encoding="utf-8")
    assert run("check", "own.yaml").stdout == "own.yaml: 1 requirement, nothing wrong\n"
    Path("SPEC.md").write_bytes(b"caf\xe9\n")
    done = run("draft", "SPEC.md")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", "tap-lint: SPEC.md: not valid UTF-8\n")
    Path("SPEC.md").write_text("x" * 5_000_001, encoding="utf-8")
    assert run("draft", "SPEC.md").stderr == (
        "tap-lint: SPEC.md: more than 5 million characters, which is no specification\n"
    )
    assert run("draft", "none.md").stderr == "tap-lint: none.md: no such file or directory\n"


@pytest.mark.parametrize(
    ("sentence", "banned"),
    [
        (
            "Do not create NAT gateways, servers or an RDS instance.",
            ["aws_nat_gateway", "aws_db_instance"],
        ),
        ("Use least-privilege IAM policies; avoid wildcards in IAM policies.", []),
        ("Never store passwords in plain text in the RDS instance.", []),
        ("Do not use the default VPC security group.", []),
        ("Lambda functions must not be publicly accessible.", []),
        ("No public access to the S3 bucket.", []),
    ],
)
def test_what_is_forbidden_is_what_the_word_governs_and_the_rest_is_left_to_a_person(
    sentence: str, banned: list[str]
) -> None:
    drafted = draft_of(f"# Stack\n\n- {sentence}\n")
    assert [item["resource"] for item in drafted.get("forbid", [])] == banned
    assert bool(banned) or any(sentence.split(";")[-1].strip(" .") in str(one) for one in drafted["person"])


def test_a_figure_that_is_not_understood_is_left_to_a_person() -> None:
    drafted = draft_of("# Stack\n\n- 1024 MB of memory and 60 seconds at most\n")
    assert "1024 MB of memory and 60 seconds at most" in drafted["person"]
