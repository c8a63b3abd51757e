"""What people call resource types, and the attributes of resources, in prose.

Most names are the types' own words: an SQS queue is aws_sqs_queue. Others are in a table: names of services and things
as AWS writes them, by the type of the provider. (source: docs.aws.amazon.com and the provider's registry, 2026-11-28)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ..aws import schema
from ..aws.schema import BlockSchema
from ..records import dataclass

_TYPE = re.compile(r"\baws_[a-z0-9_]+\b")
_WORD = re.compile(r"[a-z0-9]+")
_WHOLE = re.compile(r"(?<![\w.$])[a-z0-9]+(?![\w])")  # no part of an identifier
_MOST_WORDS = 5
_OTHERS: Mapping[str, str] = {
    "lambda": "aws_lambda_function",
    "state machine": "aws_sfn_state_machine",
    "step functions state machine": "aws_sfn_state_machine",
    "eventbridge rule": "aws_cloudwatch_event_rule",
    "eventbridge schedule": "aws_scheduler_schedule",
    "cloudwatch alarm": "aws_cloudwatch_metric_alarm",
    "metric alarm": "aws_cloudwatch_metric_alarm",
    "log group": "aws_cloudwatch_log_group",
    "aurora cluster": "aws_rds_cluster",
    "rds instance": "aws_db_instance",
    "http api": "aws_apigatewayv2_api",
    "rest api": "aws_api_gateway_rest_api",
    "api gateway": "aws_apigatewayv2_api",
    "load balancer": "aws_lb",
    "application load balancer": "aws_lb",
    "alb": "aws_lb",
    "target group": "aws_lb_target_group",
    "event source mapping": "aws_lambda_event_source_mapping",
    "replication group": "aws_elasticache_replication_group",
    "dlq": "aws_sqs_queue",
    "dead letter queue": "aws_sqs_queue",
    "sqs": "aws_sqs_queue",
    "queue": "aws_sqs_queue",
    "sns": "aws_sns_topic",
    "topic": "aws_sns_topic",
    "dynamodb global table": "aws_dynamodb_table",
    "global table": "aws_dynamodb_table",
    "dynamodb": "aws_dynamodb_table",
    "step functions": "aws_sfn_state_machine",
    "elasticache": "aws_elasticache_replication_group",
    "aurora": "aws_rds_cluster",
    "bucket": "aws_s3_bucket",
    "vpc": "aws_vpc",
    "public subnet": "aws_subnet",
    "private subnet": "aws_subnet",
    "batch compute environment": "aws_batch_compute_environment",
    "cloudfront": "aws_cloudfront_distribution",
    "hosted zone": "aws_route53_zone",
    "acm certificate": "aws_acm_certificate",
    "web acl": "aws_wafv2_web_acl",
}
# Words that tell what a sentence is about, not that it asks for a resource of its own.
_SERVICES = frozenset(
    ("sqs", "sns", "dynamodb", "step functions", "elasticache", "aurora", "cloudfront", "api gateway")
)
_LOOSE = _SERVICES | {"queue", "topic", "bucket", "vpc"}
_OF_ANOTHER = frozenset(("id", "ids", "arn", "arns", "name", "names"))  # VPC IDs aren't a VPC
_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "url": ("url", "invoke_url", "api_endpoint", "function_url"),
    "invoke url": ("invoke_url", "api_endpoint"),
    "endpoint": ("endpoint", "api_endpoint", "primary_endpoint_address"),
    "domain": ("domain_name",),
    "address": ("address", "primary_endpoint_address"),
    "name": ("name", "bucket", "function_name"),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A type that a text speaks of, and where.

    `is_exact`: by its own name. `is_loose`: by words that ask for nothing. `is_service`: by the service's name alone.
    """

    type: str
    start: int
    end: int
    is_exact: bool = False
    is_loose: bool = False
    is_service: bool = False


def mentions_in(text: str) -> list[Mention]:
    """The resource types that a text speaks of, in its order; of several readings the longest."""
    made: list[Mention] = []
    for match in _TYPE.finditer(text):
        if schema.resource(match[0]) is not None:
            made.append(Mention(match[0], match.start(), match.end(), is_exact=True))
    words = list(_WHOLE.finditer(_TYPE.sub(lambda match: " " * len(match[0]), text.lower())))
    position = 0
    while position < len(words):
        for count in range(min(_MOST_WORDS, len(words) - position), 0, -1):
            run = words[position : position + count]
            found = _called([word[0] for word in run])
            if found is not None:
                behind = words[position + count][0] if position + count < len(words) else ""
                is_loose = found[1] in _LOOSE or behind in _OF_ANOTHER
                type_, start, end = found[0], run[0].start(), run[-1].end()
                made.append(Mention(type_, start, end, is_loose=is_loose, is_service=found[1] in _SERVICES))
                position += count - 1
                break
        position += 1
    return sorted(made, key=lambda mention: mention.start)


def unknown_types(text: str) -> Iterator[str]:
    """Names that look like types and are none."""
    for match in _TYPE.finditer(text):
        if schema.resource(match[0]) is None and schema.data_source(match[0]) is None:
            yield match[0]


def _called(words: list[str]) -> tuple[str, str] | None:
    """The type that words name, in the singular or the plural, and these words."""
    for last in dict.fromkeys((words[-1], *_singulars(words[-1]))):
        said = [*words[:-1], last]
        text = " ".join(said)
        if text in _OTHERS:
            return _OTHERS[text], text
        if len(said) > 1 and schema.resource(f"aws_{'_'.join(said)}") is not None:
            return f"aws_{'_'.join(said)}", text
    return None


def _singulars(word: str) -> Iterator[str]:
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]


def attribute_called(type_: str, text: str) -> str | None:
    """The attribute of a type that a text names: `primary endpoint address`; the one of the most words."""
    content = schema.resource(type_)
    if content is None:
        return None
    words = _WORD.findall(text.lower())
    best: str | None = None
    for name in content.attributes:
        parts = name.split("_")
        if set(parts) <= set(words) and (best is None or len(parts) > len(best.split("_"))):
            best = name
    if best is None or best == "name":
        for said, names in sorted(_ATTRIBUTES.items(), key=lambda item: -len(item[0])):
            if set(said.split()) <= set(words):
                best = next((name for name in names if name in content.attributes), best)
                if best is not None:
                    break
    return best


def argument_for(content: BlockSchema, variable: str) -> str | None:
    """The argument that a variable is for by its name: subnet_ids for private_subnet_ids; the longest that fits."""
    fitting = [
        name
        for name, attribute in content.attributes.items()
        if attribute.settable and name not in _COMMON and (variable == name or variable.endswith(f"_{name}"))
    ]
    return max(fitting, key=len, default=None)


_COMMON = frozenset(("id", "tags", "tags_all", "region", "type", "description"))


def words_in(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def has_argument(type_: str, path: Iterable[str]) -> bool:
    """Return True if a type has an argument, or a block with one."""
    content = schema.resource(type_)
    *blocks, name = path
    for block in blocks:
        nested = content.blocks.get(block) if content is not None else None
        content = nested.block if nested is not None else None
    return content is not None and name in content.attributes and content.attributes[name].settable
