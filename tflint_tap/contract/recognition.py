"""Recognising a specification's stack by the names in a text, before it is parsed."""

from __future__ import annotations

import re
from functools import cache

from . import Claims

# Comments, and strings, so that what stands in a string isn't taken for the start of a comment: "${local.arn}/*".
_COMMENT_OR_STRING = re.compile(
    r"""(?P<comment> (?:\#|//)[^\n]* | /\* .*? (?:\*/|\Z) )
      | " (?: [^"\\\n$] | \\. | \$(?!\{) | \$\{ (?: [^{}"\n] | "[^"\n]*" )* \} )* "
    """,
    re.VERBOSE | re.DOTALL,
)


def recognises(claims: Claims, text: str) -> bool:
    """Return True if a text has one of the claims' signs outside of comments.

    A sign is a label, a key, or the end of a string behind a prefix; case, - and _ make no difference. The text may be
    one that Terraform refuses: a broken stack is one of this specification all the same.
    """
    if not claims.recognised_by:
        return False
    sign = _pattern(claims.recognised_by)
    # most texts have none at all, which is quicker to see than what is a comment
    return sign.search(text) is not None and sign.search(_COMMENT_OR_STRING.sub(_without_comment, text)) is not None


def _without_comment(match: re.Match[str]) -> str:
    return " " if match["comment"] is not None else match[0]


@cache
def _pattern(signs: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join("[-_]?".join(map(re.escape, re.split("[-_]", sign))) for sign in signs)
    return re.compile(rf'(?im)(?<=["/}}_-])(?:{names})(?=")|(?:^|[\s{{,(])(?:{names})[ \t]*[={{:]')
