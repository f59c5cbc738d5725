"""Which words of a text name a place."""

from __future__ import annotations

from collections.abc import Sequence

from dateline.analysis.model import Name
from dateline.analysis.places.evidence import ACCEPT, evidence
from dateline.analysis.places.matching import Mention, matches
from dateline.analysis.places.tagged import with_names
from dateline.analysis.places.unlisted import add_unlisted
from dateline.analysis.places.words import Words, split_words

# A name with that much evidence once needs less of it elsewhere in the text.
_SURE, _REPEAT = 1.8, 1.2


def find_mentions(text: str, names: Sequence[Name] | None) -> list[Mention]:
    """Mentions in text order, none overlapping another. With ``names`` the kind of name decides;
    without, the gazetteer and the words around."""
    words = split_words(text)
    return _without_names(words) if names is None else with_names(words, names)


def _without_names(words: Words) -> list[Mention]:
    scored = [(m, evidence(words, m)) for m in matches(words)]
    sure = {m.surface for m, score in scored if score >= _SURE}
    found = [m for m, score in scored if score >= _least(m.surface in sure)]
    return add_unlisted(words, found)


def _least(sure: bool) -> float:
    return ACCEPT - _REPEAT if sure else ACCEPT
