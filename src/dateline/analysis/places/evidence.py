"""How much the words around a gazetteer match speak for a place being meant."""

from __future__ import annotations

import re

from dateline.analysis.places import gazetteer
from dateline.analysis.places.gazetteer import Entry
from dateline.analysis.places.matching import Mention
from dateline.analysis.places.tables import cue_words
from dateline.analysis.places.words import (
    WORD,
    Words,
    civic,
    is_name_word,
    of_person,
    sentence_start,
)

_DATELINE_TAIL = re.compile(r"(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?)?\s*(?:\([^)\n]{2,40}\)\s*)?[—–-]")
_INITIAL = re.compile(r"\b[A-Z]\.\s\Z")
# Least evidence for a city name without a neural tagger; set by hand, looking at what LGL, GeoVirus
# and GeoWebNews count as a toponym.
ACCEPT = 1.0
_CIVIC = 1.0


def evidence(words: Words, mention: Mention) -> float:
    """How much speaks for a place: 1 and more is accepted. Size of the place, prepositions,
    containment and datelines speak for it; titles, first names and speech verbs against."""
    own = any(entry.kind != "city" for entry in mention.entries) or mention.demonym
    score = 2.0 if own else _size(mention.entries)
    around = _before(words, mention) + _after(words, mention)
    score += around if not own or around <= -2.5 else max(around, 0.0)
    if _ambiguous_word(words, mention):
        score -= 1.0 if own else 2.5
    elif not own and mention.surface.lower() in cue_words("surname"):
        score -= 1.5 if _size(mention.entries) < 1.5 else 0.4
    if mention.surface in words.surnames and not mention.demonym and (not own or around <= 0):
        score -= 2.0
    return score


def _size(entries: tuple[Entry, ...]) -> float:
    largest = max(entry.population for entry in entries)
    if any(entry.geonameid is None for entry in entries):
        return 1.5  # in our own table because it makes news, however small
    if any(entry.capital for entry in entries) or largest >= 1_000_000:
        return 1.8
    return 1.5 if largest >= 200_000 else 1.1 if largest >= 50_000 else 0.8


def _before(words: Words, mention: Mention) -> float:
    i, start = mention.position, mention.span[0]
    previous, head = words.word(i - 1), words.text[max(0, start - 6) : start]
    if i == 0 or not previous:
        return 0.0
    if of_person(words, i):
        return 1.5
    gap, lower = words.gap(i - 1), previous.lower()
    if gap.strip() == "" and lower in cue_words("locative"):
        return 1.5
    if lower == "of" and words.word(i - 2).lower() in cue_words("place_head_before"):
        return 2.0
    if lower == "of" and words.word(i - 2).lower() in cue_words("org_head_before"):
        return 0.8
    if gap.strip() in ("", ".") and _names_person(previous, gap):
        return -3.0
    if _INITIAL.search(head):
        return -3.0
    if gap == " " and is_name_word(previous) and not sentence_start(words, i - 1):
        return 0.0 if gazetteer.demonym_entries(previous) else -1.0
    return 0.5 if gap == ", " and is_name_word(previous) else 0.0


def _names_person(previous: str, gap: str) -> bool:
    if not is_name_word(previous) or "\n" in gap:
        return False
    lower = previous.lower()
    return gazetteer.is_forename(lower) or lower in cue_words("title")


def _after(words: Words, mention: Mention) -> float:
    last = mention.position + len(WORD.findall(mention.surface)) - 1
    tail = words.text[mention.span[1] : mention.span[1] + 60]
    following, gap = words.word(last + 1), words.gap(last)
    if gap.startswith(",") and following and contains_word(words, last + 1):
        return 2.0
    if sentence_start(words, mention.position) and _DATELINE_TAIL.match(tail):
        return 2.5
    if civic(words, last):
        return _CIVIC
    if gap == " " and following.lower() in cue_words("saying"):
        return 0.0 if _size(mention.entries) > 1.5 or mention.demonym else -1.5
    if gap == " " and is_name_word(following):
        return _after_name(words, mention, following, last)
    return 0.0


def _after_name(words: Words, mention: Mention, following: str, last: int) -> float:
    if following.lower() in cue_words("org_tail"):
        return 0.3
    if mention.demonym or gazetteer.demonym_entries(following):
        return 0.0
    if gazetteer.is_forename(mention.surface):
        return -3.0
    return -0.8


def contains_word(words: Words, index: int) -> bool:
    """True when the word at ``index`` begins the name of a country, state or region."""
    word = words.word(index)
    if gazetteer.postal_entry(word) or gazetteer.own_entries(word + "."):
        return True
    for count in (3, 2, 1):
        if index + count <= len(words.words):
            start, end = words.spans[index][0], words.spans[index + count - 1][1]
            entries = gazetteer.own_entries(words.text[start:end])
            if any(entry.kind in ("country", "state", "disputed") for entry in entries):
                return True
    return False


def _ambiguous_word(words: Words, mention: Mention) -> bool:
    """A first name or everyday word that also names a place ('Nancy', 'Reading')."""
    lower = mention.surface.lower()
    return lower in cue_words("common_word") or gazetteer.is_forename(lower)
