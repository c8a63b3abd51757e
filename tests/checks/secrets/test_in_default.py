"""Secrets that variables have for their values: in defaults, and in files of values."""

from __future__ import annotations

from tests.cards import judged, rule_named
from tests.stacks import lint_text
from tests.work import LINEAR, growth
from tflint_tap.lint import Report

PLAIN, RULE = rule_named("secrets/plain-text"), rule_named("secrets/in-default")
LOGIN = 'variable "login" {\n  default = null\n}\n\nresource "aws_db_instance" "a" {\n  password = var.login\n}\n'


def _told(report: Report) -> list[tuple[str, int, str]]:
    assert report.failures == ()
    return [(item.span.source.path, item.span.line, item.span.text) for item in report.findings]


def test_a_default_is_reported_once_with_its_use() -> None:
    report = judged(
        RULE,
        'variable "login" {\n  default = "hunter2"\n}\n\n'
        'resource "aws_db_instance" "a" {\n  password = var.login\n}\n\n'
        'resource "aws_db_instance" "b" {\n  password = var.login\n}\n',
    )
    (finding,) = report.findings
    assert (finding.span.line, finding.span.text) == (2, '"hunter2"')
    assert [(related.message, related.span.line) for related in finding.related] == [
        ("password of aws_db_instance.a takes it here", 6)
    ]


def test_a_file_of_values_is_reported_at_the_value() -> None:
    report = lint_text(LOGIN, RULE, PLAIN, values={"terraform.tfvars": 'login = "hunter2"\n'})
    assert _told(report) == [("terraform.tfvars", 1, '"hunter2"')]
    (finding,) = report.findings
    assert finding.rule == RULE.id
    assert finding.message == "the secret password of aws_db_instance.a is in plain text in terraform.tfvars"
    assert [(related.message, related.span.line) for related in finding.related] == [
        ("password of aws_db_instance.a takes it here", 6)
    ]


def test_a_file_of_values_counts_by_names_and_forms_too() -> None:
    values = {
        "terraform.tfvars": '# AKIAQ3EGRZ7KXWTN2VPL\ndb_password = "hunter2"\nname = "x"\n',
        "prod.auto.tfvars": 'db_password = "0ther-hunter"\nlist = ["ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2dE4fG6"]\n',
    }
    report = lint_text('variable "db_password" {}\nvariable "name" {}\nvariable "list" {}\n', RULE, values=values)
    assert sorted(_told(report)) == [
        ("prod.auto.tfvars", 1, '"0ther-hunter"'),
        ("prod.auto.tfvars", 2, "ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC2dE4fG6"),
        ("terraform.tfvars", 1, "AKIAQ3EGRZ7KXWTN2VPL"),
        ("terraform.tfvars", 2, '"hunter2"'),
    ]


def test_a_value_does_not_hide_the_secret_in_the_default() -> None:
    text = LOGIN.replace("null", '"Green Horse 2024"')
    report = lint_text(text, RULE, values={"terraform.tfvars": 'login = "Other Horse 2024"\n'})
    assert _told(report) == [("main.tf", 2, '"Green Horse 2024"'), ("terraform.tfvars", 1, '"Other Horse 2024"')]
    assert _told(lint_text(text, RULE, given=["login=x"])) == [("main.tf", 2, '"Green Horse 2024"')]


def test_what_is_given_on_the_command_line_is_where_secrets_belong() -> None:
    assert lint_text(LOGIN, RULE, PLAIN, given=["login=hunter2"]).findings == ()


def test_json_values_are_reported_at_their_file() -> None:
    report = lint_text(LOGIN, RULE, values={"terraform.tfvars.json": '{"login": "hunter2"}'})
    assert [(path, line) for path, line, _ in _told(report)] == [("terraform.tfvars.json", 1)]


def test_a_comment_in_a_file_of_values_silences_what_stands_there() -> None:
    values = {"terraform.tfvars": '# tap:ignore[secrets/in-default] reason: of a test account\nlogin = "hunter2"\n'}
    assert lint_text(LOGIN, RULE, values=values).findings == ()


def test_the_instances_of_a_resource_take_work_in_proportion() -> None:
    def stack(count: int) -> str:
        return (
            f'resource "aws_sqs_queue" "q" {{\n  for_each = {{ for i in range({count}) : "q${{i}}" => {{ n = i }} }}\n'
            "  name = each.key\n}\n"
        )

    assert growth(lambda count: judged(PLAIN, stack(count)), 20) < LINEAR


def test_many_secrets_take_work_in_proportion() -> None:
    def stack(count: int) -> str:
        return "".join(f'variable "password_{at}" {{\n  default = "hunter{at}"\n}}\n' for at in range(count))

    assert len(judged(RULE, stack(50)).findings) == 50
    assert growth(lambda count: judged(RULE, stack(count)), 50) < LINEAR
