"""Which place lies in which, and what the text says about it ('Paris, Texas')."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from dateline.analysis.places import gazetteer
from dateline.analysis.places.gazetteer import Entry
from dateline.analysis.places.matching import Mention

Container = Entry | None

_EARTH_KM = 6371.0
# How far a part may lie from the middle of a whole that we know no outline of.
_STATE_KM, _SMALL_KM, _VAST = 900.0, 350.0, ("RUS", "CAN", "AUS")
_JOIN = re.compile(r"(?:,\s+|\s+\(|,?\s+in\s+(?:the\s+)?|,?\s+in\s+\w+ern\s+)\Z")
_LONGEST_JOIN = 16
_OWNERS = ("'s ", "’s ")


def distance_km(a: Entry, b: Entry) -> float:
    """Great-circle distance in kilometres."""
    lat1, lat2 = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def within(inner: Entry, outer: Entry) -> bool:
    """True when ``inner`` can lie in ``outer``."""
    if inner.kind in ("country", "continent"):
        return outer.kind == "continent"
    if outer.kind in ("country", "historic"):
        return inner.country == outer.country and bool(inner.country)
    if outer.admin and outer.country == "USA":
        return inner.country == "USA" and inner.admin == outer.admin
    if outer.country and inner.country and inner.country != outer.country:
        return False
    reach = _STATE_KM if outer.kind in ("state", "region") else _SMALL_KM
    return distance_km(inner, outer) < reach * (2 if outer.country in _VAST else 1)


def contain(text: str, mentions: Sequence[Mention]) -> tuple[list[Mention], list[Container]]:
    """The mentions and, for each, the larger place that the words beside it put it in. A mention
    that none of its entries fits gets the small places of its name that do."""
    larger = [_larger(text, mentions, i) for i in range(len(mentions))]
    lacking = {
        m.surface
        for m, wholes in zip(mentions, larger, strict=True)
        if wholes and not m.demonym and _fitting(m.entries, wholes) is None
    }
    small = gazetteer.small_entries(sorted(lacking)) if lacking else {}
    results = [
        _placed(mention, wholes, small.get(mention.surface, []) if wholes else [])
        for mention, wholes in zip(mentions, larger, strict=True)
    ]
    return [mention for mention, _ in results], [container for _, container in results]


def _placed(
    mention: Mention, wholes: Sequence[Entry], small: Sequence[Entry]
) -> tuple[Mention, Container]:
    container = _fitting(mention.entries, wholes)
    if container is not None or mention.demonym:
        return mention, container
    container = _fitting(small, wholes)
    if container is None:
        return mention, None
    added = tuple(entry for entry in small if within(entry, container))
    return replace(mention, entries=(*mention.entries, *added)), container


def _fitting(entries: Sequence[Entry], wholes: Sequence[Entry]) -> Container:
    """The first of ``wholes`` that one of ``entries`` can lie in."""
    for whole in wholes:
        if any(entry != whole and within(entry, whole) for entry in entries):
            return whole
    return None


def _larger(text: str, mentions: Sequence[Mention], i: int) -> list[Entry]:
    """What the words beside mention ``i`` may put it in: 'Ukraine's Kharkiv', 'Paris, Texas'."""
    here = mentions[i]
    if i > 0 and text[mentions[i - 1].span[1] : here.span[0]] in _OWNERS:
        owners = [e for e in mentions[i - 1].entries if e.kind in ("country", "state", "disputed")]
        if owners and not mentions[i - 1].demonym:
            return owners
    if i + 1 >= len(mentions):
        return []
    after = mentions[i + 1]
    gap = text[here.span[1] : after.span[0]]
    if after.demonym or not gap.strip() or len(gap) > _LONGEST_JOIN or not _JOIN.match(gap):
        return []
    listing = any(e.kind == "country" for e in here.entries)  # 'China, Japan and Korea'
    kinds = ("state", "county") if listing else ("country", "state", "disputed", "county")
    larger = [e for e in after.entries if e.kind in kinds]
    return larger or [e for e in after.entries if e.kind in ("region", "island", "peninsula")]
