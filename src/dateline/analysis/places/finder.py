"""The places of a text: found, told apart, and given a position."""

from __future__ import annotations

from collections.abc import Mapping

from dateline.analysis.model import Place, PlaceCandidate
from dateline.analysis.places.gazetteer import Entry
from dateline.analysis.places.matching import Mention
from dateline.analysis.places.mentions import find_mentions, find_more
from dateline.analysis.places.resolution import (
    Reading,
    nearby_names,
    resolve,
    settle_counties,
    settle_unlisted,
    source_hints,
)

_CANDIDATES = 5
_ROUGH = 0.5  # a county put at its state's or a neighbouring town's position is half a guess
_KINDS = {
    "country": "country", "continent": "region", "region": "region", "state": "region",
    "county": "region", "disputed": "region", "historic": "region", "island": "region",
    "peninsula": "region", "range": "region", "mountain": "region", "desert": "region",
    "front": "region", "city": "city", "district": "city", "facility": "facility",
    "sea": "sea", "strait": "sea", "lake": "sea", "river": "other", "unlisted": "other",
}  # fmt: skip


def find_places(
    text: str,
    *,
    dateline: str | None = None,
    outlet_country: str | None = None,
) -> list[Place]:
    """The toponyms of ``text`` in order, with half-open character spans that never overlap.

    They are found by the gazetteer and the words around: the network's names in their place, or as
    a veto on persons, were measured and lose (benchmarks/README.md). ``dateline`` is the place the
    report was filed from, ``outlet_country`` the ISO 3166-1 alpha-3 code of the publisher's country;
    both only weigh on names that several places share. Positions come from our own tables and from
    GeoNames (CC BY 4.0). ``lat`` is None when nothing is known of a name or when two readings far
    apart are about equally likely; the readings are then in ``candidates``.
    """
    hints = source_hints(dateline, outlet_country)
    readings = resolve(text, all_mentions(text, hints), hints)
    return [_place(reading) for reading in settle_unlisted(settle_counties(readings))]


def all_mentions(text: str, hints: Mapping[str, float]) -> list[Mention]:
    """Mentions by the words around, then those that the places so found make likely."""
    scan = find_mentions(text)
    near = nearby_names(resolve(text, scan.found, hints))
    return find_more(scan, near) if near else scan.found


def _place(reading: Reading) -> Place:
    mention, best = reading.mention, reading.best
    candidates = tuple(_candidate(e, p) for e, p in reading.ranked[:_CANDIDATES])
    if best is None:
        return Place(mention.span, mention.surface)
    kind = "demonym" if mention.demonym else _KINDS[best.kind]
    confidence = reading.ranked[0][1] * (_ROUGH if best.rough else 1.0)
    if reading.toss_up:
        return Place(
            mention.span, mention.surface, kind=kind, confidence=confidence, candidates=candidates
        )
    return Place(
        mention.span, best.name, best.lat, best.lon, best.country, best.geonameid, kind,
        confidence, candidates,
    )  # fmt: skip


def _candidate(entry: Entry, probability: float) -> PlaceCandidate:
    return PlaceCandidate(
        entry.name, entry.lat, entry.lon, entry.country, entry.geonameid, probability
    )
