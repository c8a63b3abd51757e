"""The texts that are secrets, and the names of secrets. The words and forms are in texts.yaml."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from ..records import dataclass
from ..text.cache import prepared, remembered
from ..text.yaml_text import load

DATA = Path(__file__).with_name("texts.yaml")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PATH = re.compile(r"/?[\w.@+-]+(?:/[\w.@+-]+)+/?|/[\w.@+-]+")
_SEVERAL_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.:][A-Za-z0-9]+)+")
_NAME = re.compile(r"(?:[A-Za-z]+\d{0,3}|\d+)(?:[-_.:/@!](?:[A-Za-z]+\d{0,3}|\d+))*")  # as a secret or key may have
_SEQUENCES = ("0123456789", "1234567890", "abcdefghij", "9876543210")
_NEARBY = 400  # characters around an access key id in which its secret is looked for
_SHORTEST_RANDOM = 10
_LONGEST_AVERAGE = 3  # characters of a random text's words, as capitals and digits cut it
_SHORTEST_HOLDER = 6  # a shorter single word behind `token =` is a setting that the list lacks
_SHORTEST_NUMERIC_PASSWORD = 6
_LONGEST_PHRASE = 4  # words
_SHORTEST_END = 5  # of a name's end that needs nothing before it: not `pass`, as in BYPASS
_DOCUMENTED = ("EXAMPLE", "EXAMPLEKEY")  # how the keys in AWS's own documentation end
_FEWEST_CHARACTERS = 5  # different ones, in a text of a known form that isn't made up

Kind = Literal["password", "holder", "store", "key", "perhaps"]


@dataclass(frozen=True, slots=True)
class Form:
    """A text that is a secret wherever it stands. One of the `marks` is in each.

    With `random` the secret part has to look so, with `decoded` it has to be base64 of a user's name and password.
    """

    name: str
    marks: tuple[str, ...]
    pattern: str
    random: bool = False
    decoded: bool = False

    def search(self, text: str) -> Iterator[re.Match[str]]:
        """The matches of the form in a text; the pattern is only compiled if a mark is there."""
        return re.finditer(self.pattern, text) if any(mark in text for mark in self.marks) else iter(())


@dataclass(frozen=True, slots=True)
class Match:
    """A secret of a known form: what it is, where it starts and ends in the text."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=4096)  # the same names and literals come by again and again: half of the rule's time
def known_secrets(text: str) -> tuple[Match, ...]:
    """The secrets of known form in a text, in no particular order; examples and placeholders aren't."""
    return tuple(_known_secrets(text))


def _known_secrets(text: str) -> Iterator[Match]:
    if not any(map(text.__contains__, _marks())):
        return
    for form in _forms():
        for match in form.search(text):
            if not _made_for_show(form, match["secret"]):
                yield Match(form.name, match.start(), match.end())
                if form is _forms()[0]:
                    yield from _secret_access_keys(text, match)


def _secret_access_keys(text: str, id_: re.Match[str]) -> Iterator[Match]:
    """The texts that look like the secret of an access key, near its id."""
    start = max(0, id_.start() - _NEARBY)
    for match in _secret_access_key().finditer(text, start, id_.end() + _NEARBY):
        found = match.group()
        classes = (any(map(str.islower, found)), any(map(str.isupper, found)), any(map(str.isdigit, found)))
        if all(classes) and not _is_for_show(found):
            yield Match("an AWS secret access key", match.start(), match.end())


def _made_for_show(form: Form, secret: str) -> bool:
    if form.decoded:
        secret = _password_of(secret)
        if not secret or is_placeholder(secret):
            return True
    if form.random and not looks_random(secret):
        return True
    return _is_for_show(secret) or secret.lower() in _words("example_passwords")


def _password_of(credentials: str) -> str:
    """The password of HTTP's basic authentication; "" where it isn't base64 of user:password."""
    try:
        text = b64decode(credentials, validate=True).decode("ascii")
    except ValueError:
        return ""
    return text.partition(":")[2] if text.isprintable() else ""


def _is_for_show(text: str) -> bool:
    """Return True if a text of a known form is an example: few characters, in a row, or saying so."""
    lowered = text.lower()
    few = len(text) >= _SHORTEST_RANDOM and len(set(text)) < _FEWEST_CHARACTERS
    in_a_row = any(row in text or row.upper() in text for row in _SEQUENCES)
    return few or in_a_row or any(word in lowered for word in _words("examples"))


@lru_cache(maxsize=4096)
def kind_of_name(name: str) -> Kind | None:
    """The kind of secret by a name: it is given a password, holds a secret, or perhaps does; None: neither.

    `DB_PASSWORD`, `clientSecret`, `api-key` do, `SECRET_NAME`, `TOKEN_TTL_SECONDS`, `PARTITION_KEY` don't;
    `token_github` may. `DB_SECRET` may as well be given a secret's name (store), `ENCRYPTION_KEY` a key's id (key).
    Of a dotted name or a path only the last part counts.
    """
    words = [word.lower() for word in _WORD.findall(re.split(r"[.:/]", name)[-1])]
    ending = list(words)
    while ending and (ending[-1].isdigit() or ending[-1] in _words("qualifiers")):
        ending.pop()
    if _ends(ending, "harmless_names"):
        return None
    for kind, phrases in (("password", "passwords"), ("holder", "holders")):
        if _ends(ending, phrases) or _ends(words, phrases) or _runs_into(ending, phrases):
            return "store" if kind == "holder" and _is_store(ending) else cast("Kind", kind)
    if _ends(ending, "keys"):
        return "key"
    if not words or words[-1] in _words("harmless_endings"):
        return None
    inner = any(_ends(words[:end], phrases) for end in range(1, len(words)) for phrases in ("passwords", "holders"))
    return "perhaps" if inner else None


def _is_store(words: list[str]) -> bool:
    """Return True if a name that ends in secret or credentials doesn't say which kind of secret it is: DB_SECRET."""
    return len(words) > 1 and words[-1] in _words("stores") and words[-2] not in _words("kinds")


def kind_within(name: str) -> Kind | None:
    """The same for a key of what is a secret as a whole: any but one that tells about it may hold a part of it."""
    words = _WORD.findall(name)
    return kind_of_name(name) or ("perhaps" if words and words[-1].lower() not in _words("harmless_endings") else None)


def _ends(words: list[str], phrases: str) -> bool:
    known = _phrases(phrases)
    return any(" ".join(words[start:]) in known for start in range(max(0, len(words) - _LONGEST_PHRASE), len(words)))


def _runs_into(words: list[str], phrases: str) -> bool:
    """Return True if the last word ends in one of these without anything between: PGPASSWORD, authtoken."""
    return bool(words) and words[-1].endswith(_sure_ends(phrases))


def is_secret(text: str, kind: Kind) -> bool:
    """Return True if a text that is given to something of such a name is a secret in plain text.

    It isn't where it is a reference, an ARN, a path, a URL, a setting, a number (but for a password) or a
    placeholder. A URL with a password in it is found by its form.
    """
    text = _bare(text)
    if not text or text.lower().strip("!?[]") in _words("settings") or is_reference(text):
        return False
    if _URL.match(text) or is_placeholder(text) or text.endswith(_DOCUMENTED):
        return False
    if _NUMBER.fullmatch(text):
        return kind == "password" and len(text) >= _SHORTEST_NUMERIC_PASSWORD
    if kind == "key" and _matches("key_ids", text):
        return False
    if kind == "perhaps" or _PATH.fullmatch(text):
        return looks_random(text)
    if kind in ("store", "key"):
        return looks_random(text) or not _NAME.fullmatch(text) or _is_made_up(text)
    return kind == "password" or not _names_a_secret(text)


def is_reference(text: str) -> bool:
    """Return True if a text says where a secret is kept (an ARN, `{{resolve:…}}`, `$TOKEN`), or is encrypted."""
    text = _bare(text)
    return text.lower().strip("!?[]").startswith(tuple(_words("references"))) or _matches("ciphertexts", text)


def _matches(patterns: str, text: str) -> bool:
    return any(re.fullmatch(pattern, text, re.DOTALL) for pattern in _content()[patterns])


def _is_made_up(text: str) -> bool:
    return not {word.lower() for word in _WORD.findall(text)}.isdisjoint(_words("made_up"))


def _bare(text: str) -> str:
    return text.strip().strip("\"'")


def _names_a_secret(text: str) -> bool:
    """Return True if a text is a word or the name of a secret kept elsewhere, such as `booking-db-credentials`."""
    if looks_random(text):
        return False
    if text.isalpha() and text.isupper():  # a state: WAITING
        return True
    if _NAME.fullmatch(text) and kind_of_name(text) == "password":  # the key of a secret's part: db_password
        return not _is_made_up(text)
    if text.isalpha() and text.islower():
        return len(text) < _SHORTEST_HOLDER
    named = kind_of_name(text) in ("password", "holder", "store", "key")
    return bool(_SEVERAL_WORDS.fullmatch(text)) and named and not _is_made_up(text)


def is_placeholder(text: str) -> bool:
    """Return True if a text stands for a secret to come: CHANGEME, <token>, your-api-key, xxxx."""
    if _placeholder().fullmatch(text) or len(set(text)) == 1:
        return True
    rest, count = _placeholder_words().subn("", text)
    return count > 0 and not looks_random(rest)


def looks_random(text: str) -> bool:
    """Return True if a text has a long stretch of letters and digits that no one would take for words."""
    return any(
        len(run) >= _SHORTEST_RANDOM and len(run) <= _LONGEST_AVERAGE * len(_WORD.findall(run))
        for run in re.findall(r"[A-Za-z0-9+=!@#$%^&*]+", text)
    )


def masked(text: str) -> str:
    """At most the first four characters, and those only of what is long."""
    return f"{text[:4]}…" if len(text) >= 16 and "-----" not in text else ""


def assignments(text: str) -> Iterator[tuple[str, str, int]]:
    """Names, values and the values' offsets in a script, a command, a URL's query or a connection string.

    `export DB_PASSWORD=…`, `Password=…;`, `?password=…`, `--password=…`. What a program assigns counts where it is a
    literal, in quotes.
    """
    lines = "\n" in text
    if "=" not in text and not (lines and ":" in text):
        return
    patterns = [_LINE] if lines else [_PAIR, _SETTING] if ";" in text else [_SETTING]
    for pattern in (*patterns, _QUERY, _OPTION):
        for match in pattern.finditer(text):
            is_bare = not match["mark"]
            if not (is_bare and lines and _is_expression(match["name"], match["value"], match["end"], text)):
                yield match["name"], match["value"], match.start("value")


def _is_expression(name: str, value: str, end: str, text: str) -> bool:
    """Return True if what a program assigns without quotes is computed there: a call, a variable of its own."""
    if _CALL.match(value):
        return True
    if not _VARIABLE.fullmatch(value) or name.isupper():  # an environment's variables are given texts without quotes
        return False
    is_assigned = re.search(rf"(?:^|[\s(,]){re.escape(value.partition('.')[0])}\s*[=,:)]", text) is not None
    return is_assigned or bool(end) or "." in value or kind_of_name(value) in ("password", "holder", "store")


_CALL = re.compile(r"[A-Za-z_][\w.]*[(\[]")
_VARIABLE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_LINE = re.compile(
    r"""^[ \t]*(?:(?:export|set|ENV|-|--env)[ \t]+)?(?P<quote>["']?)(?P<name>[A-Za-z_][\w.-]*)(?P=quote)"""
    r"""(?:=|:[ \t]+|[ \t]+=[ \t]+)(?P<mark>["']?)(?P<value>[^"'\s#;,]+)["']?[ \t]*(?P<end>[;,]?)[ \t]*(?:\#.*)?$""",
    re.MULTILINE,
)
_PAIR = re.compile(r"(?:^|;)[ \t]*(?P<name>[A-Za-z][A-Za-z_ ]*?)[ \t]*=(?P<mark>)[ \t]*(?P<value>[^;\s]+)(?P<end>)")
_QUERY = re.compile(r"[?&](?P<name>[A-Za-z][\w.-]*)=(?P<mark>)(?P<value>[^&\s\"'#;<>]+)(?P<end>)")
_OPTION = re.compile(
    r"""(?:^|(?<=\s))(?:--|-D)(?P<name>[A-Za-z][\w.-]*)=(?P<mark>["']?)(?P<value>[^"'\s=]+)(?P<end>)"""
)
_SETTING = re.compile(
    r"""(?:^|(?<=\s))(?P<name>[A-Z][A-Z0-9_]+)=(?P<mark>["']?)(?P<value>[^"'\s=;]+={0,2})["']?(?P<end>)(?=\s|$)"""
)


# -- the data ------------------------------------------------------------------------------------------------------


@cache
def _content() -> Mapping[str, Any]:
    made = prepared("secrets")
    if made is None:
        state = DATA.stat()
        key = (state.st_size, state.st_mtime_ns)
        made = remembered("secrets", DATA, key, lambda: load(DATA.read_text(encoding="utf-8")))
    return cast("Mapping[str, Any]", made)


@cache
def _forms() -> tuple[Form, ...]:
    """The forms; the first is AWS's access key ids."""
    return tuple(
        Form(
            entry["name"],
            tuple(entry["marks"]),
            entry["pattern"],
            bool(entry.get("random")),
            bool(entry.get("decoded")),
        )
        for entry in _content()["forms"]
    )


@cache
def _marks() -> tuple[str, ...]:
    """The marks of which every secret of a known form has one."""
    return tuple(dict.fromkeys(mark for form in _forms() for mark in form.marks))


@cache
def _secret_access_key() -> re.Pattern[str]:
    return re.compile(_content()["secret_access_key"])


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(_content()[key])


@cache
def _phrases(key: str) -> frozenset[str]:
    """Phrases of at most _LONGEST_PHRASE words."""
    phrases = frozenset(" ".join(phrase.split()) for phrase in _content()[key])
    assert all(phrase.count(" ") < _LONGEST_PHRASE for phrase in phrases)
    return phrases


@cache
def _sure_ends(key: str) -> tuple[str, ...]:
    """The phrases of one word that are long enough to stand behind others without anything between."""
    return tuple(phrase for phrase in sorted(_phrases(key)) if " " not in phrase and len(phrase) >= _SHORTEST_END)


@cache
def _placeholder() -> re.Pattern[str]:
    """Any of the placeholders."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in _content()["placeholders"]), re.IGNORECASE)


@cache
def _placeholder_words() -> re.Pattern[str]:
    """Placeholders that stand as words of their own."""
    return re.compile(rf"(?<![A-Za-z])(?:{_placeholder().pattern})(?![A-Za-z])", re.IGNORECASE)


@cache
def places() -> frozenset[str]:
    """Arguments that hold a secret whatever they are called: `aws_ssm_parameter.value_wo`."""
    return _words("places")


@cache
def taken() -> frozenset[str]:
    """Arguments whose value AWS takes for the password of what it makes: `aws_db_instance.password`."""
    return _words("taken")


@cache
def kept_elsewhere() -> frozenset[str]:
    """Types of environment variables whose value says where the secret is kept."""
    return _words("kept_elsewhere")
