"""Which words of a text name a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dateline.analysis.places.evidence import ACCEPT, evidence
from dateline.analysis.places.matching import Mention, matches
from dateline.analysis.places.unlisted import add_nearby, add_unlisted
from dateline.analysis.places.words import Marks, Words, split_words

# A name with that much evidence once needs less of it elsewhere in the text.
_SURE, _REPEAT = 1.8, 1.2
# How much it speaks for a place that one of that name lies among the text's other places.
_NEAR_BY = 1.0
# A name needs that much less evidence right after a place: 'in London and Windsor'.
_LISTED, _LISTING = 0.5, (" and ", ", ", ", and ", " or ")

Near = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Scan:
    """The words of a text, the gazetteer matches in it with the evidence for each, and the mentions
    accepted: in text order, none overlapping another."""

    words: Words
    scored: list[tuple[Mention, float]]
    found: list[Mention]


def find_mentions(text: str) -> Scan:
    """Mentions by the gazetteer and the words around."""
    words = split_words(text)
    scored = [(m, evidence(words, m)) for m in matches(words)]
    return Scan(words, scored, add_unlisted(words, _accepted(text, scored)))


def find_more(scan: Scan, near: Near) -> list[Mention]:
    """The mentions with further names of places that lie where the text plays: names that alone say
    too little ('Lancaster', a surname as well) and names of small places without a preposition."""
    scored = [
        (m, score + (_NEAR_BY if not m.demonym and near(m.surface) else 0.0))
        for m, score in scan.scored
    ]
    taken = Marks(scan.words.text, (m.span for m in scan.found))
    more = [m for m in _accepted(scan.words.text, scored) if not taken.touches(m.span)]
    return add_nearby(scan.words, sorted((*scan.found, *more), key=lambda m: m.span), near)


def _accepted(text: str, scored: Sequence[tuple[Mention, float]]) -> list[Mention]:
    sure = {m.surface for m, score in scored if score >= _SURE}
    accepted: list[Mention] = []
    for mention, score in scored:
        least = _least(mention.surface in sure)
        if accepted and text[accepted[-1].span[1] : mention.span[0]] in _LISTING:
            least -= _LISTED
        if score >= least:
            accepted.append(mention)
    return accepted


def _least(sure: bool) -> float:
    return ACCEPT - _REPEAT if sure else ACCEPT
