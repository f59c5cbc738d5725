"""Which words of a text name a place."""

from __future__ import annotations

from dateline.analysis.places.evidence import ACCEPT, evidence
from dateline.analysis.places.matching import Mention, matches
from dateline.analysis.places.unlisted import add_unlisted
from dateline.analysis.places.words import split_words

# A name with that much evidence once needs less of it elsewhere in the text.
_SURE, _REPEAT = 1.8, 1.2


def find_mentions(text: str) -> list[Mention]:
    """Mentions in text order, none overlapping another, by the gazetteer and the words around."""
    words = split_words(text)
    scored = [(m, evidence(words, m)) for m in matches(words)]
    sure = {m.surface for m, score in scored if score >= _SURE}
    found = [m for m, score in scored if score >= _least(m.surface in sure)]
    return add_unlisted(words, found)


def _least(sure: bool) -> float:
    return ACCEPT - _REPEAT if sure else ACCEPT
