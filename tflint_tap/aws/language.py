"""The schema of Terraform itself: top-level blocks, and its own arguments and blocks beside a provider's.

In the notation of schema.txt (provider/schema.py), without its deprecations; `a` is any value, also where Terraform
wants a reference or a keyword rather than a value. Source: https://developer.hashicorp.com/terraform/language (block
reference), what Terraform 1.11 accepts, and what its later versions up to 1.15 add.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..records import dataclass
from .schema import BlockSchema, block_of


@dataclass(frozen=True, slots=True)
class Language:
    """A block type of the language. `content` is None where the provider has all or a part of it."""

    labels: tuple[str, ...]
    content: BlockSchema | None


_CHECKS = "!a condition error_message"
_OPAQUE = "*"

_LIFECYCLE = "?b create_before_destroy prevent_destroy;?a ignore_changes replace_triggered_by;"
_META = "?n count;?a for_each provider depends_on;single lifecycle@1"
# Terraform's own part of a resource, data source and ephemeral resource.
META: Mapping[str, BlockSchema] = {
    "resource": block_of(
        [
            _META + " connection@3;list provisioner@3",
            _LIFECYCLE + "list precondition@2 postcondition@2 action_trigger@3",
            _CHECKS,
            _OPAQUE,
        ]
    ),
    "data": block_of([_META, "list precondition@2 postcondition@2", _CHECKS]),
    "ephemeral": block_of([_META, "list precondition@2 postcondition@2", _CHECKS]),
}

TOP_LEVEL: Mapping[str, Language] = {
    "resource": Language(("type", "name"), None),
    "data": Language(("type", "name"), None),
    "ephemeral": Language(("type", "name"), None),
    "variable": Language(
        ("name",),
        block_of(
            [
                "?s description deprecated;?a default type;?b sensitive ephemeral nullable const;list validation@1",
                _CHECKS,
            ]
        ),
    ),
    "output": Language(
        ("name",),
        block_of(
            [
                "!a value;?s description deprecated;?a depends_on type;?b sensitive ephemeral;list precondition@1",
                _CHECKS,
            ]
        ),
    ),
    "locals": Language((), block_of([_OPAQUE])),
    "module": Language(("name",), block_of([_OPAQUE])),
    "provider": Language(("name",), block_of([_OPAQUE])),
    "terraform": Language(
        (),
        block_of(
            [
                "?s required_version language;?a experiments;single required_providers@1 cloud@1;"
                "list backend@1 provider_meta@1 state_store@1",
                _OPAQUE,
            ]
        ),
    ),
    "moved": Language((), block_of(["!a from to"])),
    "import": Language((), block_of(["!a to;?a id identity for_each provider"])),
    "removed": Language(
        (), block_of(["!a from;single lifecycle@1;list provisioner@2 connection@2", "!b destroy", _OPAQUE])
    ),
    "check": Language(("name",), block_of(["list1- assert@1;list0-1 data@2", _CHECKS, _OPAQUE])),
    "action": Language(("type", "name"), block_of([_OPAQUE])),
}

# What stands in a `dynamic` block, whose label is the type of block that it makes.
DYNAMIC = block_of(["!a for_each;?a iterator;single1- content@1", _OPAQUE])

# Nested blocks that take labels, and how many, by the top-level block's type (None: any) and their own.
LABELLED: Mapping[tuple[str | None, str], tuple[str, ...]] = {
    ("resource", "provisioner"): ("type",),
    ("removed", "provisioner"): ("type",),
    ("terraform", "backend"): ("type",),
    ("terraform", "provider_meta"): ("provider",),
    ("terraform", "state_store"): ("type",),
    ("check", "data"): ("type", "name"),
}

# The resource type that Terraform itself brings.
TERRAFORM_DATA = block_of(["?a input triggers_replace;=a output;=s id"])

# What a variable can't be called, since a module call has an argument or block of that name.
RESERVED_VARIABLES = frozenset(
    ("source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals", "provider")
)

# Terraform's own provisioners, and the connections that they use
# (https://developer.hashicorp.com/terraform/language/resources/provisioners/syntax).
PROVISIONERS: Mapping[str, BlockSchema] = {
    "local-exec": block_of(["!s command;?{s} environment;?[s] interpreter;?s working_dir;?b quiet"]),
    "remote-exec": block_of(["?[s] inline scripts;?s script"]),
    "file": block_of(["!s destination;?s source content"]),
}
CONNECTION = block_of(
    [
        "!s host;?s type user password port timeout script_path target_platform private_key certificate host_key"
        " agent_identity proxy_scheme proxy_host proxy_port proxy_user_name proxy_user_password bastion_host"
        " bastion_host_key bastion_port bastion_user bastion_password bastion_private_key bastion_certificate cacert"
        ";?b agent https insecure use_ntlm"
    ]
)

# The configuration of a provider: names that Terraform keeps for itself, and the nested blocks that the AWS provider
# takes (`terraform providers schema -json`, hashicorp/aws 6.66.0, 2026-11-28).
RESERVED_OF_PROVIDER = frozenset(("count", "depends_on", "for_each", "source"))
RESERVED_BLOCKS_OF_PROVIDER = frozenset(("lifecycle", "locals"))
BLOCKS_OF_PROVIDER: Mapping[str, tuple[str, ...]] = {
    "aws": ("assume_role", "assume_role_with_web_identity", "default_tags", "endpoints", "ignore_tags"),
}
