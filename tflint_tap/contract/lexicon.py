"""The words in which people write down a target: units of time, rates, bounds, percentiles; and text → tokens."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Units of time in seconds. A letter alone counts only where it is glued to its number or stands behind a slash.
SECONDS = {
    Fraction(1, 1_000_000): ("µs", "μs", "microsecond", "microseconds"),
    Fraction(1, 1000): ("ms", "msec", "msecs", "millis", "millisec", "millisecs", "millisecond", "milliseconds"),
    Fraction(1): ("s", "sec", "secs", "second", "seconds"),
    Fraction(60): ("min", "mins", "minute", "minutes"),
    Fraction(3600): ("hr", "hrs", "hour", "hours"),
    Fraction(86400): ("day", "days"),
}
TIMES = {word: seconds for seconds, words in SECONDS.items() for word in words}
GLUED_TIMES = {**TIMES, "m": Fraction(60), "h": Fraction(3600), "d": Fraction(86400)}
RATE_UNITS = {Fraction(1): "/s", Fraction(60): "/min", Fraction(3600): "/h", Fraction(86400): "/day"}
RATES = {"rps": "/s", "qps": "/s", "tps": "/s", "rpm": "/min", "qpm": "/min", "tpm": "/min", "rph": "/h"}
SHARES = words("% percent pct")
PER = words("per / a an each every")
MULTIPLIERS = {"k": 1000, "thousand": 1000, "million": 1_000_000}

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_WORDS = {
    **{word: number for number, word in enumerate(f"{_ONES} eighteen nineteen".split(), 1)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}

# Bounds, by the words directly before a number; the longest that fits counts.
AT_MOST = (
    "< <= \u2264 under below beneath within inside in sub max maximum upto|up to|at most|at the most|capped at|cap of"
    "|limited to|less than|fewer than|lower than|smaller than|shorter than|faster than|quicker than|sooner than"
    "|earlier than"
)
AT_LEAST = (
    "> >= \u2265 over above beyond past after exceeds exceed exceeded exceeding min minimum|at least|at the least"
    "|upwards of|more than|greater than|longer than|larger than|bigger than|higher than|slower than|later than"
    "|older than"
)
EVERY = "every each per rate( interval intervals cadence frequency"
ABOUT = "~ \u2248 \u223c about around approximately approx roughly circa ca some nearly almost|on the order of"
# Behind a figure.
OR_LESS = words("less fewer under below faster sooner quicker better lower shorter")
OR_MORE = words("more longer later above over greater higher slower")
AFTER_AT_MOST = "max maximum tops|at most"
AFTER_AT_LEAST = "+ minimum|at least"
# Between a bound and its number: "within the SLA of 60 s", "under a p95 of 400 ms".
FILLERS = words(
    "the a an its of : = is are sla sla's slo target targets limit budget goal deadline promised agreed total only "
    "just p# burst sustained"
)
NEGATIONS = words("no not never cannot can't mustn't won't doesn't don't isn't nor without")
TAKING = words("be take takes taking exceed last lasts get gets go goes run runs wait waits")
# "a 5-minute schedule" is one that runs every 5 minutes; so is "a 5-minute audit", but not "a 2-minute audit limit".
SCHEDULES = words("schedule schedules interval intervals cadence cycle cycles cron timer trigger tick")
RUNS = words("audit audits sweep sweeps reconciliation reconciliations")
LIMITS = words("limit limits budget target deadline timeout window sla slo maximum max")

BURST = words("burst bursts bursting peak peaks spike spikes")
SUSTAINED = words("sustained sustain steady steady-state continuous continuously constant average avg")
# Between two figures: what stands before it goes with the first, what stands behind it with the second.
PARTING = words("and or but with plus / \u2014")
DASHES = words("- \u2013 \u2014")
# No part of what is counted: "2 retries within 60 requests per minute" isn't 2 per minute.
NOT_COUNTED = words(
    "and or but in within inside at for after before to from with by under over below above then when while if"
)
# What may follow "a second" where it is a time and not an ordinal.
AFTER_A_TIME = words(
    "of after at for from in on and or but to by with when once so even than before since until if as per p# "
    "latency lag delay response end"
)


class Token(NamedTuple):
    """A word, number or sign, lower case. `number` where it is one, with what is `glued` to it: 400 and "ms".

    A percentile's text is `p#`, its own `qualifier` says which: p95.
    """

    kind: str  # number, word, percentile, sign, stop
    text: str
    start: int
    end: int
    number: Fraction | None = None
    glued: str = ""
    qualifier: str = ""


# Every alternative takes text in a single pass, so that the whole is linear. Behind a number's digits: separators
# of thousands (the escapes are an apostrophe and narrow spaces) and decimal signs; what fits is decided later.
_TOKEN = re.compile(
    r"""
    (?P<junk>\w{1,20}://\S+|\barn:\S+|<[a-z_][\w-]{0,30}>|=>|-{1,2}>|<-)
  | (?P<percentile>
        \bt?p[-\s]?(?P<p>\d{2}(?:\.\d{1,3})?)\b
      | (?<![\w.,])(?P<th>\d{2}(?:\.\d{1,3})?)(?:th|st|nd|rd)?
        (?:[-\s]{0,2}(?:percentiles?\b|pctl?\b|%-?ile\b)|[ ]?(?:%|percent)\s{1,3}of\b)
      | \bmedian\b
    )
  | (?P<number>(?<![\w.])(?:\d+(?:[.,_'\u2019\u00a0\u202f\u2009]\d+)*|\.\d+)(?P<glued>[^\W\d_]*)(?!\w))
  | (?P<rate>\brate\()
  | (?P<word>(?:approx|max|min|ca)\.(?=\s{0,3}[~\d])|steady-state\b|[^\W\d][\w]*(?:['\u2019][a-z]+)?)
  | (?P<sign><=|>=|[<>~/+:=%-]|[\u2264\u2265\u2248\u223c\u2013\u2014])
  | (?P<stop>[,;.!?()\[\]{}|\u2192\u2022\u2026])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WHOLE = re.compile(r"\d{1,3}(?:[,_'\u2019\u00a0\u202f\u2009]\d{3})+(?:\.\d+)?")
_DECIMAL = re.compile(r"\d+(?:\.\d+)?|\.\d+|\d+,\d{1,2}")
_SEPARATORS = re.compile(r"[,_'\u2019\u00a0\u202f\u2009]")
_LONGEST_NUMBER = 24  # characters


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text in their order; quotes, emphasis and other signs are passed over."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span()
        if match["percentile"] is not None:
            rank = match["p"] or match["th"] or "50"
            found.append(Token("percentile", "p#", start, end, qualifier=f"p{rank}"))
        elif match["number"] is not None:
            glued = match["glued"]
            number = _number(match["number"][: len(match["number"]) - len(glued)])
            if number is None:
                found.append(Token("stop", "", start, end))
            else:
                found.append(Token("number", match[0].lower(), start, end, number, glued))
        elif kind == "junk":
            found.append(Token("stop", "", start, end))
        elif kind == "rate":
            found.append(Token("word", "rate(", start, end))
        else:
            found.append(Token(kind, match[0].lower().rstrip(".").replace("\u2019", "'") or ".", start, end))
    return found


def _number(text: str) -> Fraction | None:
    """1,200 or 1_200 or 0.4 or 0,4; None where it is a version, an address or anything else."""
    if len(text) > _LONGEST_NUMBER:
        return None
    if _WHOLE.fullmatch(text):
        return Fraction(_SEPARATORS.sub("", text))
    if _DECIMAL.fullmatch(text):
        return Fraction(text.replace(",", "."))
    return None


def phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of one of the lists above, as words, the longest first."""
    single, *several = text.split("|")
    made = [(word,) for word in single.split()] + [tuple(phrase.split()) for phrase in several]
    return tuple(sorted(made, key=len, reverse=True))
