#!/usr/bin/env python3
"""Medians of looking up the types of a stack in the schema's table, each run in a process of its own (cold).

benchmarks/schema_lookup.py [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

TYPES = """
aws_apigatewayv2_api aws_apigatewayv2_integration aws_apigatewayv2_route aws_apigatewayv2_stage
aws_cloudwatch_dashboard aws_cloudwatch_event_rule aws_cloudwatch_event_target aws_cloudwatch_log_group
aws_cloudwatch_metric_alarm aws_db_subnet_group aws_dynamodb_table aws_elasticache_replication_group
aws_elasticache_subnet_group aws_iam_policy aws_iam_role aws_iam_role_policy_attachment aws_kms_alias aws_kms_key
aws_lambda_event_source_mapping aws_lambda_function aws_lambda_permission aws_pipes_pipe aws_rds_cluster
aws_rds_cluster_instance aws_s3_bucket aws_s3_bucket_lifecycle_configuration aws_s3_bucket_public_access_block
aws_s3_bucket_versioning aws_scheduler_schedule aws_secretsmanager_secret aws_secretsmanager_secret_version
aws_security_group aws_sfn_state_machine aws_sns_topic aws_sns_topic_policy aws_sns_topic_subscription aws_sqs_queue
aws_sqs_queue_policy aws_ssm_parameter aws_vpc_security_group_ingress_rule
"""

RUN = """
import sys, time
from tflint_tap.aws import constraints, schema
types = sys.argv[1:]
clock = time.perf_counter
start = clock()
schema._table()
opened = clock()
found = [schema.resource(type_) for type_ in types]
looked_up = clock()
def walk(block):
    for nested in block.blocks.values():
        walk(nested.block)
for block in found:
    walk(block)
walked = clock()
names = schema.resource_types()
listed = clock()
for type_, block in zip(types, found):
    for name in block.attributes:
        constraints.constraint(type_, name)
constrained = clock()
print(opened - start, looked_up - opened, walked - looked_up, listed - walked, constrained - listed)
"""

LABELS = (
    "open the table",
    f"look up {len(TYPES.split())} types",
    "read them with all their nested blocks",
    "list all resource types",
    "look up the constraints of all their top-level arguments",
)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    command = [sys.executable, "-c", RUN, *TYPES.split()]
    lines = [subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout for _ in range(runs)]
    columns = zip(*([float(field) for field in line.split()] for line in lines), strict=True)
    for label, times in zip(LABELS, columns, strict=True):
        print(f"{statistics.median(times) * 1000:8.2f} ms  {label}")


if __name__ == "__main__":
    main()
