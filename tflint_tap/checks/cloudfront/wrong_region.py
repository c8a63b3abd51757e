"""What CloudFront takes from us-east-1 alone, and certainly lies elsewhere: certificates and web ACLs."""

from __future__ import annotations

from collections.abc import Iterator

from ...rule import Hit, Rule
from ...stack import Stack
from ...terraform.evaluation.expansion import Instance
from ...text.source import Related, Span
from ..regions import region_of

_REGION = "us-east-1"
_CERTIFICATES = ("aws_acm_certificate", "aws_acm_certificate_validation")


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each web ACL of CloudFront, and each certificate of a distribution, that is in another region."""
    for acl in stack.resources("aws_wafv2_web_acl"):
        if acl.value("scope").data == "CLOUDFRONT":
            region, place = _region(stack, acl)
            if region is not None:
                values = {"what": acl.address, "region": region, "certificate": False}
                yield Hit(acl.span_of("scope"), acl.address, values, _related(region, place))
    for distribution in stack.resources("aws_cloudfront_distribution"):
        for viewer in distribution.blocks("viewer_certificate"):
            value = viewer.value("acm_certificate_arn")
            span = viewer.span_of("acm_certificate_arn")
            if isinstance(value.data, str):
                fields = value.data.split(":")
                if len(fields) > 5 and fields[3] not in ("", _REGION):
                    values = {"what": "the certificate", "region": fields[3], "certificate": True}
                    yield Hit(span, distribution.address, values)
                continue
            certificate = stack.target(value)
            if certificate is not None and certificate.declaration.type in _CERTIFICATES:
                region, place = _region(stack, certificate)
                if region is not None:
                    values = {"what": certificate.address, "region": region, "certificate": True}
                    yield Hit(span, distribution.address, values, _related(region, place))


def _region(stack: Stack, instance: Instance) -> tuple[str | None, Span | None]:
    """The region of a resource where it certainly isn't the one that CloudFront takes from, and where that is said."""
    found = region_of(stack, instance)
    value = found.value(stack.evaluator) if found is not None else None
    if value is None or not isinstance(value.data, str) or value.data == _REGION:
        return None, None
    return value.data, value.span


def _related(region: str, place: Span | None) -> tuple[Related, ...]:
    return () if place is None else (Related(f"its region is {region}", place),)
