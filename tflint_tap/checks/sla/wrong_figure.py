"""Comments of a stack that state another figure than the contract promises."""

from __future__ import annotations

from collections.abc import Iterator

from ...demands.figures import figures_of
from ...rule import Hit, Rule
from ...stack import Stack
from ...text.source import Related


def check(stack: Stack, rule: Rule) -> Iterator[Hit]:
    """One hit for each sentence; where the figure is stated rightly as well, that is shown."""
    for promise in figures_of(stack):
        for other in promise.wrong:
            right = {sentence.span: sentence.quoted for sentence, _, each in promise.stated if each == other.wanted}
            values = {
                "stated": other.sentence.quoted,
                "wanted": " or ".join(one.text for one in other.wanted),
                "about": promise.sla_target.about,
                "requirement": promise.sla_target.id,
            }
            related = tuple(Related(f"{quoted} is stated here", span) for span, quoted in list(right.items())[:1])
            yield Hit(other.sentence.span, None, values, related, requirement=promise.sla_target.id)
