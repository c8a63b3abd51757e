"""Hashes, identifiers, and what of cryptography isn't the same twice."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid as uuids

from ..evaluation.conversion import EvaluationError, quoted
from ..evaluation.values import Data, Unknown, Value
from .parts import text, whole

_NAMESPACES = {
    "dns": uuids.NAMESPACE_DNS,
    "url": uuids.NAMESPACE_URL,
    "oid": uuids.NAMESPACE_OID,
    "x500": uuids.NAMESPACE_X500,
}
_HEX = "[0-9a-fA-F]"
_UUID = re.compile(
    rf"(?:urn:uuid:)?{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
    rf"|\{{{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}\}}|{_HEX}{{32}}"
)


def md5(value: Value) -> Data:
    return hashlib.md5(text(value).encode(), usedforsecurity=False).hexdigest()


def sha1(value: Value) -> Data:
    return hashlib.sha1(text(value).encode(), usedforsecurity=False).hexdigest()


def sha256(value: Value) -> Data:
    return hashlib.sha256(text(value).encode()).hexdigest()


def sha512(value: Value) -> Data:
    return hashlib.sha512(text(value).encode()).hexdigest()


def base64sha256(value: Value) -> Data:
    return base64.b64encode(hashlib.sha256(text(value).encode()).digest()).decode()


def base64sha512(value: Value) -> Data:
    return base64.b64encode(hashlib.sha512(text(value).encode()).digest()).decode()


def uuid() -> Data:
    return Unknown("the result of uuid() is different each time", fresh=True)


def uuidv5(namespace: Value, name: Value) -> Data:
    given = text(namespace)
    space = _NAMESPACES.get(given)
    if space is None and _UUID.fullmatch(given):
        space = uuids.UUID(given.removeprefix("urn:uuid:").strip("{}"))
    if space is None:
        raise EvaluationError(f"uuidv5() doesn't support namespace {given}")
    digest = hashlib.sha1(space.bytes + text(name).encode(), usedforsecurity=False).digest()
    return str(uuids.UUID(bytes=digest[:16], version=5))


def bcrypt(value: Value, *cost: Value) -> Data:
    if len(cost) > 1:
        raise EvaluationError("bcrypt() takes no more than two arguments")
    if cost and not whole(cost[0], "cost") <= 31:
        raise EvaluationError(f"cost {whole(cost[0], 'cost')} is outside allowed range (4,31)")
    if len(text(value).encode()) > 72:
        raise EvaluationError("the string is longer than 72 bytes")
    return Unknown("the result of bcrypt() is different each time", fresh=True)


def rsadecrypt(ciphertext: Value, private_key: Value) -> Data:
    """Unknown but for its errors: no key is ever used."""
    try:
        base64.b64decode(text(ciphertext).replace("\n", "").replace("\r", ""), validate=True)
    except ValueError:
        raise EvaluationError(
            f"failed to decode input {quoted(text(ciphertext))}: cipher text must be base64-encoded"
        ) from None
    if "-----BEGIN" not in text(private_key):
        raise EvaluationError("invalid private key: no key found")
    return Unknown("the result of rsadecrypt is not computed")
