"""Requirements in words, where the contract doesn't put them into its own: each section has some."""

from __future__ import annotations

from pathlib import Path

import yaml

from tflint_tap.contract import Claims, Contract
from tflint_tap.contract.format import contract_schema
from tflint_tap.demands.requirements import Requirement, requirements_of

TEXT = """\
contract: all
claims: {file: main.tf}
requirements: {own: It is said by the contract., parts.queue: "A queue,  in its own words."}
also: [README.md]
files: {variables.tf: {holds: [variable, output], only: true}}
terraform: {required_version: ">= 1.4", providers: {aws: ">= 5"}}
providers: {aws.west: {region: var.region, default_tags: [Owner]}}
under: {prod: {environment: prod}}
descriptions: {aws_cloudwatch_metric_alarm: alarm_description}
variables:
  region: {type: [string, any], default: [none, eu-west-1], validated: true, sensitive: true}
  secret: {says: "variable with a secret's ARN", where: 'can(self.default)'}
locals: {prefix: {equals: "${var.region}-x", require: ['self.value != ""']}}
naming: {prefix: local.prefix, suffix: '"-x"', pattern: "[a-z]+"}
tags: {required: [Owner, Project], values: {Owner: [me, you]}}
parts:
  queue: {type: aws_sqs_queue, named: jobs, from: {delay_seconds: {id: own, of: var.delay}}}
  alarms: {type: aws_cloudwatch_metric_alarm, count: ">= 2", level: should, require: [{that: self.threshold > 0}]}
  topic: {type: aws_sns_topic, says: HTTP topic}
  bucket: {type: aws_s3_bucket, level: may}
each: [{of: [queue, aws_sns_topic], require: [{that: given(self.name), says: be named}]}]
forbid:
  - {resource: aws_nat_gateway, except: [bucket]}
  - {block: module, says: modules hide what is there}
  - {any: "*", where: 'try(self.force_destroy, null) == true'}
wiring: [{from: queue, edge: triggers, to: aws_lambda_function}]
policies:
  - {of: queue, actions: ["sqs:SendMessage", "sqs:GetQueueUrl"], any: true, resource: topic.arn}
  - {of: bucket, denies: {actions: ["s3:PutObject"], when: {"aws:SecureTransport": false}}}
reach: [{to: queue, from: [topic], port: 443, only: true}]
relate: ['queue.delay_seconds > 0']
outputs: [{refers_to: [queue.url, queue.id]}, {name: url}]
comments: [{at: queue, mentions: [[fan out, fans out], TTL]}]
rules: {own: [states/invalid-definition], other: ["iam/*"]}
figures:
  - {id: sla, about: the queue, states: [["<5 s", "<5 min"]], comment: "<5 s", words: [x], belongs_to: [aws_sqs_queue]}
person: [people look at it]
"""
EXPECTED = """\
own (must)
  It is said by the contract.
parts.queue (must)
  A queue, in its own words.
variables.region (must)
  there is a variable region, of the type string or any, default "eu-west-1" or none, validated, sensitive
variables.secret (must)
  there is a variable with a secret's ARN
locals.prefix (must)
  there is a local prefix, which is "${var.region}-x";
  local prefix has to hold value != ""
parts.alarms (should)
  of aws_cloudwatch_metric_alarm there are at least 2;
  aws_cloudwatch_metric_alarm has to hold threshold > 0
parts.topic (must)
  there is an HTTP topic
each.0 (must)
  each aws_sqs_queue named jobs and aws_sns_topic has to be named
forbid.0 (must)
  there is no resource aws_nat_gateway but aws_s3_bucket
forbid.1 (must)
  modules hide what is there
forbid.2 (must)
  there is no resource with try(force_destroy, null) == true
naming (must)
  every name begins with local.prefix, ends with "-x" and matches [a-z]+;
  no finding of naming/missing-prefix (Name lacks it)
tags (must)
  each resource that has tags has the tags Owner and Project and me or you as its tag Owner;
  no finding of tagging/missing-tag;
  no finding of tagging/untagged
wiring.0 (must)
  aws_sqs_queue named jobs triggers aws_lambda_function
policies.0 (must)
  aws_sqs_queue named jobs may sqs:SendMessage or sqs:GetQueueUrl on topic.arn
policies.1 (must)
  the policy of aws_s3_bucket denies everyone s3:PutObject where aws:SecureTransport is false
reach.0 (must)
  only HTTP topic reaches aws_sqs_queue named jobs at port 443
relate.0 (must)
  the stack has to hold queue.delay_seconds > 0
also.0 (must)
  README.md is beside the stack
files.variables.tf (must)
  variables.tf holds variable and output blocks alone
terraform.required_version (must)
  the version of Terraform is constrained to >= 1.4
terraform.providers.aws (must)
  the version of provider aws is constrained to >= 5
providers.aws.west (must)
  there is a provider aws.west, in the region var.region, default tags Owner
outputs.0 (must)
  there is an output of queue.url or queue.id
outputs.1 (must)
  there is an output url
comments.0 (must)
  a comment mentions "fan out or fans out" and "TTL"
sla (must)
  a comment states <5 s or <5 min for the queue
other (must)
  no finding of iam/*
person.0 (must)
  people look at it
"""


def found() -> list[Requirement]:
    contract = Contract("all", Claims(), Path("all.yaml"), TEXT)
    return list(requirements_of(contract, {"naming/missing-prefix": "Name lacks it"}))


def test_the_contract_has_every_section() -> None:
    assert set(yaml.safe_load(TEXT)) == set(contract_schema()["properties"])


def test_requirements_are_told_in_words() -> None:
    assert "".join(f"{one.id} ({one.level})\n  {one.text}\n".replace("; ", ";\n  ") for one in found()) == EXPECTED
