"""What `writers` says of the services that are pointed at a bucket."""

from __future__ import annotations

from pathlib import Path

import pytest

from tflint_tap.aws import schema
from tflint_tap.aws.bucket_writers import BucketWriter, balancer_accounts, bucket_writers
from tflint_tap.aws.edges import ArgumentPath
from tflint_tap.iam.actions import action

from .writing import card, findings

RULE = "match: resource.aws_s3_bucket\neach: writers(self)\nrequire: each.admitted\n"
TRAIL = """
resource "aws_s3_bucket" "logs" {{}}

resource "aws_s3_bucket_policy" "logs" {{
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({{ Statement = [
    {{ Effect = "Allow", Principal = local.trail, Action = "s3:GetBucketAcl", Resource = "*" }},
    {{ Effect = "Allow", Principal = local.trail, Action = "s3:PutObject", Resource = {resource} }},
  ] }})
}}

locals {{
  trail = {{ Service = "cloudtrail.amazonaws.com" }}
}}

variable "x" {{}}

resource "aws_cloudtrail" "t" {{
  s3_bucket_name = aws_s3_bucket.logs.id
  s3_key_prefix  = {prefix}
}}
"""


@pytest.mark.parametrize(
    ("resource", "prefix", "verdict"),
    [
        ('"*"', '"a"', "sound"),
        ('"${aws_s3_bucket.logs.arn}/*"', '"a"', "sound"),
        ('"${aws_s3_bucket.logs.arn}*"', '"a"', "doubt"),
        ('"${aws_s3_bucket.logs.arn}/a/*"', '"a"', "sound"),
        ('"${aws_s3_bucket.logs.arn}/a/AWSLogs/111122223333/*"', '"a/"', "sound"),
        ('"${aws_s3_bucket.logs.arn}/${var.x}/AWSLogs/*"', "var.x", "sound"),
        ('"${aws_s3_bucket.logs.arn}/AWSLogs/*"', "null", "sound"),
        ('"${aws_s3_bucket.logs.arn}/AWSLogs/*"', '"a"', "finding"),
        ('"${aws_s3_bucket.logs.arn}/a"', '"a"', "finding"),
        ("aws_s3_bucket.logs.arn", '"a"', "finding"),
        ('"arn:aws:s3:::other/*"', '"a"', "finding"),
        ('"${aws_s3_bucket.logs.arn}/${var.x}/*"', '"a"', "doubt"),
    ],
)
def test_a_policy_covers_the_objects_below_a_prefix(tmp_path: Path, resource: str, prefix: str, verdict: str) -> None:
    found = findings(card(tmp_path, RULE), TRAIL.format(resource=resource, prefix=prefix))
    severity = found[0][0] if found else "sound"
    assert {"error": "finding"}.get(severity, severity) == verdict


@pytest.mark.parametrize("line", bucket_writers(), ids=lambda line: f"{line.type} {line.bucket.argument}")
def test_a_line_is_about_arguments_and_actions_that_there_are(line: BucketWriter) -> None:
    for path in (line.bucket, line.prefix, *(given.path for given in line.conditions)):
        assert _has(line.type, path)
    assert all(action(name) is not None for name in line.actions)
    assert line.source.startswith("https://docs.aws.amazon.com/")


def test_accounts_have_twelve_digits() -> None:
    assert all(len(account) == 12 and account.isdecimal() for account in balancer_accounts())


def _has(type_: str, path: ArgumentPath) -> bool:
    content = schema.resource(type_)
    assert content is not None
    for name in path.blocks:
        content = content.blocks[name].block
    return path.argument in content.attributes
