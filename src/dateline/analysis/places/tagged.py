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
from dateline.analysis.places.words import Words, split_words
from dateline.spans import overlaps

# A tagger that saw no place there speaks against a city.
_UNTAGGED = 1.0


def with_names(words: Words, names: Sequence[Name]) -> list[Mention]:
    """Place names as tagged, and names of our own tables outside persons."""
    given = _given([n for n in names if n.kind == "place"])
    people = [n.span for n in names if n.kind == "person"]
    others = [n.span for n in names if n.kind in ("organisation", "other")]
    found: list[Mention] = []
    for match in matches(words):
        if any(overlaps(match.span, span) for span in people):
            continue
        if any(overlaps(match.span, m.span) for m in given):
            continue
        embedded = any(overlaps(match.span, span) for span in others)
        own = match.demonym or any(e.kind != "city" for e in match.entries)
        if evidence(words, match) - (0.0 if own else _UNTAGGED) >= ACCEPT:
            found.append(replace(match, embedded=embedded))
    return sorted([*given, *found], key=lambda m: m.span)


def _given(names: Sequence[Name]) -> list[Mention]:
    """Tagged places with what the gazetteer has on them: the whole name, else its head ('Homs
    Province'), else the small places; nothing at all is an answer too."""
    known = {n.text: lookup(n.text) or _headed(n.text) for n in names}
    rare = gazetteer.small_entries(sorted(name for name, entries in known.items() if not entries))
    mentions = []
    for name in names:
        entries = known[name.text] or rare.get(name.text, []) or _part(name.text)
        demonym = not entries and bool(gazetteer.demonym_entries(name.text))
        entries = entries or gazetteer.demonym_entries(name.text)
        mentions.append(Mention(name.span, name.text, tuple(entries), demonym, given=True))
    return mentions


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
