"""Gazetteer matches: the longest known name at each capitalised word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dateline.analysis.places import gazetteer
from dateline.analysis.places.folding import fold
from dateline.analysis.places.gazetteer import Entry
from dateline.analysis.places.tables import cue_words
from dateline.analysis.places.words import Words
from dateline.spans import Span

_GAP = re.compile(r"(?:[ \t\n\u00a0]|-|\u2011|['’]| & )\Z")
_AFTER_COMMA = re.compile(r",\s*\Z")
_SHORT = {"st": "saint", "ste": "saint", "mt": "mount", "ft": "fort"}


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that may name a place, and what they may stand for. ``demonym``: an adjective or people
    of the place; ``position``: index of its first word."""

    span: Span
    surface: str
    entries: tuple[Entry, ...]
    demonym: bool = False
    position: int = -1


def matches(words: Words) -> list[Mention]:
    """The longest gazetteer match at each word, left to right."""
    found: list[Mention] = []
    end = 0
    for i in words.capitals:
        if i < end:
            continue
        match, used = _match_at(words, i)
        if match is not None and match.entries:
            found.append(match)
        end = i + used
    return found


def _match_at(words: Words, i: int) -> tuple[Mention | None, int]:
    for count in range(_reach(words, i), 0, -1):
        mention = _lookup(words, i, count)
        if mention is not None:
            return mention, count
    return None, 1


def _reach(words: Words, i: int) -> int:
    """How many words from ``i`` can make one name: joined by a space or a hyphen."""
    start, count = words.spans[i][0], 1
    while i + count < len(words.words) and _GAP.match(words.gap(i + count - 1)):
        after = words.spans[i + count][0]
        possessive = words.gap(i + count - 1) in ("'", "’")  # "People's Republic": 's is a word
        if not possessive and not gazetteer.may_go_on(
            _spelt_out(fold(words.text[start:after].rstrip(" -&\u2011")))
        ):
            break
        count += 1
    return count


def _spelt_out(key: str) -> str:
    return _SHORT.get(key, key)


def _lookup(words: Words, i: int, count: int) -> Mention | None:
    start, end = words.spans[i][0], words.spans[i + count - 1][1]
    surface = words.text[start:end]
    if fold(surface) in cue_words("blocked"):
        return Mention((start, end), surface, ())
    if words.text[end : end + 1] == "." and surface + "." in gazetteer.table().exact:
        end, surface = end + 1, surface + "."
    last = words.words[i + count - 1]
    capital = surface[-1] == "." or last[0].isupper() or last[0].isdigit()
    if not capital and not gazetteer.own_entries(surface):
        return None
    entries, demonym = lookup(surface), False
    if not entries and count <= 2:
        entries, demonym = tuple(gazetteer.demonym_entries(surface)), True
    if not entries and count == 1 and _AFTER_COMMA.search(words.text[max(0, start - 4) : start]):
        postal = gazetteer.postal_entry(surface)
        entries, demonym = (postal,) if postal else (), False
    if not entries:
        return None
    return Mention((start, end), surface, entries, demonym, position=i)


@lru_cache(maxsize=1 << 14)
def _cached_lookup(surface: str) -> tuple[Entry, ...]:
    own = [
        gazetteer.city_like(e) if e.kind == "city" else e for e in gazetteer.own_entries(surface)
    ]
    if len(fold(surface)) < 3 or (surface.isupper() and len(surface) < 4):
        return tuple(own)
    listed = own or gazetteer.county_entries(surface)
    cities = [
        city for city in gazetteer.city_entries(surface)
        if not (own and city.spelling) and not any(_same(city, other) for other in own)
    ]  # fmt: skip
    return (*listed, *cities)


def lookup(surface: str) -> tuple[Entry, ...]:
    """Every entry called ``surface``, our own tables first; a city that our tables have too is
    listed once."""
    return _cached_lookup(surface)


def _same(city: Entry, own: Entry) -> bool:
    near = abs(city.lat - own.lat) < 0.6 and abs(city.lon - own.lon) < 0.8
    return near and own.kind not in ("state", "country", "county")
