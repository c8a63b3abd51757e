"""ARNs as texts that can be compared, however they are written: by reference, by their parts, by a pattern.

Of an ARN the service and the resource count; partition, region and account are taken to be the stack's own. What isn't
known of a text stands in it as a character of its own: the same thing has the same character wherever it occurs, so
that a pattern covers it where it covers everything there, and nowhere else.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re

from ..aws.arns import arn_format, attribute_arn, id_is_arn
from ..iam.wildcards import is_every_resource, matches
from ..records import dataclass, field
from ..stack import Stack
from ..terraform.evaluation.expansion import Instance
from ..terraform.evaluation.values import PartialString, Symbol, Unknown, Value
from ..terraform.functions.parts import Part
from ..wiring.parts import Parts, fields, in_text, parts_in

_FIRST_MARK = 0xF0000  # a plane for private use: no text of a stack holds its characters
# Attributes that are the ARN of what a resource stands for, by the argument that names this, and what is put behind it.
_STANDING_FOR = {
    ("aws_kms_alias", "target_key_arn"): ("target_key_id", ""),
    ("aws_lambda_alias", "arn"): ("function_name", "name"),
}
_PLACE = re.compile(r"\{/?\}|\*")  # in the table of ARNs what only AWS knows
# Attributes that are the ARN of a part of the resource, or of what the resource makes: what stands behind its own ARN.
_BEHIND = {"stream_arn": "/stream/", "qualified_arn": ":"}


@dataclass(frozen=True, slots=True)
class ArnText:
    """The service and the resource of an ARN. `everything` is `*`; `doubt` is why a part of the text isn't known.

    `owner` is the address of the resource whose ARN it begins with: two resources never have the same.
    """

    service: str | None
    resource: str
    everything: bool = False
    doubt: str | None = None
    owner: str | None = None


EVERYTHING = ArnText(None, "*", everything=True)


@dataclass(eq=False)
class ArnTexts:
    """Makes the texts of a stack's ARNs, and compares them."""

    stack: Stack
    _marks: dict[object, str] = field(default_factory=dict)

    def of(self, value: Value) -> ArnText:
        """The text of an ARN or a pattern of ARNs."""
        data = value.data
        if not isinstance(data, (str, PartialString, Symbol, Unknown)):
            return ArnText(None, self._mark(id(data)), doubt=value.reason or "it is no text")
        if isinstance(data, str) and is_every_resource(data):
            return EVERYTHING
        parts = parts_in(data)
        head = parts[0] if parts else ""
        if isinstance(head, Symbol):
            expanded = self._expanded(head)
            if expanded is not None:
                service, resource = expanded
                text, doubt = self._text((*resource, *parts[1:]))
                return ArnText(service, text, doubt=doubt, owner=head.address)
        cut = fields(parts, ":", 5)
        if len(cut) < 6 or not in_text(cut[0], "arn"):
            text, doubt = self._text(parts)
            return ArnText(None, text, doubt=doubt)
        service_text, _ = self._text(cut[2])
        resource_text, doubt = self._text(cut[5])
        known = service_text if all(isinstance(part, str) for part in cut[2]) else None
        return ArnText(known, resource_text, doubt=doubt)

    def covers(self, pattern: Value, arn: Value) -> bool | Unknown:
        """True if a pattern of a statement covers an ARN, Unknown with its reason where that isn't known."""
        return covers(self.of(pattern), self.of(arn))

    def _expanded(self, symbol: Symbol) -> tuple[str | None, Parts] | None:
        """Service and resource of the ARN that an attribute of a resource is, None if it is none."""
        instance = self.stack.symbol_target(symbol)
        if instance is None or len(symbol.path) != 1:
            return None
        attribute, type_ = str(symbol.path[0]), instance.declaration.type
        if (type_, attribute) in _STANDING_FOR:
            return self._behind(instance, type_, attribute)
        format_ = arn_format(type_)
        if format_ is not None and (attribute in ("arn", *_BEHIND) or (attribute == "id" and id_is_arn(type_))):
            resource = self._resource(instance)
            if resource is not None:
                return format_.service, (*resource, _BEHIND[attribute], symbol) if attribute in _BEHIND else resource
        form = attribute_arn(type_, attribute)
        if form is None:
            return None
        _, _, service, _, _, tail = form.split(":", 5)
        return service, (*((lead,) if (lead := _PLACE.split(tail)[0]) else ()), symbol)

    def _behind(self, instance: Instance, type_: str, attribute: str) -> tuple[str | None, Parts] | None:
        """The ARN of what an alias stands for; that of a function's alias ends in the alias's name."""
        argument, end = _STANDING_FOR[type_, attribute]
        target = self.stack.target(instance.value(argument))
        expanded = self._expanded(Symbol(target.address, ("arn",))) if target is not None else None
        if expanded is None or not end:
            return expanded
        name = instance.value(end).data
        known = name if isinstance(name, str) else Symbol(instance.address, (end,))
        return expanded[0], (*expanded[1], ":", known)

    def _resource(self, instance: Instance) -> Parts | None:
        """The resource part of an instance's ARN, None where only AWS knows its form."""
        format_ = arn_format(instance.declaration.type)
        if format_ is None or format_.resource is None:
            return None
        name = instance.value(format_.resource.argument).data
        if not isinstance(name, (str, PartialString, Symbol, Unknown)) or name == "":
            name = Symbol(instance.address, (format_.resource.argument,))
        made: tuple[Part, ...] = (format_.resource.lead, *parts_in(name))
        return made[1:] if not format_.resource.lead else made

    def _text(self, parts: Parts) -> tuple[str, str | None]:
        """The parts as one text with marks, and why a part isn't known."""
        doubt = next((part.reason for part in parts if isinstance(part, Unknown)), None)
        return "".join(part if isinstance(part, str) else self._mark(_key(part)) for part in parts), doubt

    def _mark(self, key: object) -> str:
        return self._marks.setdefault(key, chr(_FIRST_MARK + len(self._marks)))


def covers(pattern: ArnText, arn: ArnText) -> bool | Unknown:
    """True if one text covers another, Unknown with its reason where that isn't known."""
    if pattern.everything:
        return True
    if arn.everything:
        return False
    if pattern.service is not None and arn.service is not None and not matches(pattern.service, arn.service):
        return False
    if matches(pattern.resource, arn.resource):
        return True
    if arn.service == "lambda" and pattern.resource.startswith(f"{arn.resource}:"):
        return True  # a version or alias, which may be the one that is called
    apart = pattern.owner is not None and arn.owner is not None and pattern.owner != arn.owner
    doubt = None if apart else pattern.doubt or arn.doubt
    return False if doubt is None else Unknown(doubt)


def _key(part: Symbol | Unknown) -> object:
    return part.identity if isinstance(part, Unknown) else (part.address, part.path)
