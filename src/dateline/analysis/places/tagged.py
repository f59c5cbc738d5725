"""Places among the names that a tagger found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dateline.analysis.model import Name
from dateline.analysis.places import gazetteer
from dateline.analysis.places.evidence import ACCEPT, evidence
from dateline.analysis.places.gazetteer import Entry
from dateline.analysis.places.matching import Mention, lookup, matches
from dateline.analysis.places.tables import cue_words
from dateline.analysis.places.words import Marks, Words, split_words
from dateline.spans import Span

# A tagger that saw no place there speaks against a city, but taggers miss one place in ten.
_UNTAGGED = 0.5


def with_names(words: Words, names: Sequence[Name]) -> list[Mention]:
    """Place names as tagged, and names of our own tables outside persons."""
    given = _given([n for n in names if n.kind == "place"])
    persons = {n.span for n in names if n.kind == "person"}
    people = Marks(words.text, persons)
    places = Marks(words.text, (m.span for m in given))
    others = Marks(words.text, (n.span for n in names if n.kind in ("organisation", "other")))
    found: list[Mention] = []
    for match in matches(words):
        if places.touches(match.span):
            continue
        if people.touches(match.span) and not _surely_place(match, persons):
            continue
        own = match.demonym or any(e.kind != "city" for e in match.entries)
        if evidence(words, match) - (0.0 if own else _UNTAGGED) >= ACCEPT:
            found.append(replace(match, embedded=others.touches(match.span)))
    return sorted([*given, *found], key=lambda m: m.span)


def _surely_place(match: Mention, persons: set[Span]) -> bool:
    """A country or its people that can be nothing else ('Russia') is a place even where a tagger
    says person; 'Jordan' in 'Michael Jordan' and a lone 'Chad' are not."""
    country = match.demonym or any(e.kind in ("country", "continent") for e in match.entries)
    return country and match.span in persons and not gazetteer.is_forename(match.surface)


def _given(names: Sequence[Name]) -> list[Mention]:
    """Tagged places with what the gazetteer has on them: the whole name, else its head ('Homs
    Province'), else the small places; nothing at all is an answer too."""
    known = {n.text: lookup(n.text) or _headed(n.text) or _postal(n.text) for n in names}
    rare = gazetteer.small_entries(sorted(name for name, entries in known.items() if not entries))
    mentions = []
    end = -1
    for name in sorted(names, key=lambda n: n.span):
        if name.span[0] < end:
            continue  # two readings of the same words: the first stands
        end = name.span[1]
        entries = known[name.text] or rare.get(name.text, []) or _part(name.text)
        demonym = not entries and bool(gazetteer.demonym_entries(name.text))
        entries = entries or gazetteer.demonym_entries(name.text)
        if not entries and not any(c.isupper() for c in name.text):
            continue  # a tagger's slip: no name
        mentions.append(Mention(name.span, name.text, tuple(entries), demonym, given=True))
    return mentions


def _postal(name: str) -> list[Entry]:
    entry = gazetteer.postal_entry(name)
    return [entry] if entry else []


def _headed(name: str) -> list[Entry]:
    """'Homs Province', 'Republic of Chad', 'the Gaza Strip': what the name without its common noun
    stands for."""
    words = name.split()
    if len(words) > 1 and words[0].lower() == "the":
        return lookup(" ".join(words[1:]))
    if len(words) > 1 and words[-1].lower() in cue_words("area_tail"):
        return lookup(" ".join(words[:-1]))
    if len(words) > 1 and words[0].lower() in cue_words("locative"):
        return lookup(" ".join(words[1:]))
    return []


def _part(name: str) -> list[Entry]:
    """The last country, state or region that the name contains ('Mashonaland West')."""
    inner = [m for m in matches(split_words(name)) if any(e.kind != "city" for e in m.entries)]
    return list(inner[-1].entries) if inner else []
