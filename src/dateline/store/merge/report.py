"""An event as one article tells it, with what merging needs to know of the article."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateline.analysis.places.tables import centroids
from dateline.record.model import (
    Actor,
    Event,
    EventType,
    Party,
    PlaceMention,
    Record,
    Status,
    When,
)
from dateline.spans import contains
from dateline.store.copies.sources import Printing
from dateline.store.copies.words import word_codes

_SAME_DEGREES = 0.02  # the gazetteer's rounding


@dataclass(frozen=True, slots=True)
class Who:
    """A party. ``id`` is the registry's, begins with '~' when known from the article alone, and is
    None for words tied to no actor; ``country`` and ``sector`` '' when unknown."""

    id: str | None
    name: str
    country: str = ""
    sector: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as told; ``lat``/``lon`` WGS84 degrees, None when unsure. ``whole`` is True for a
    country as such."""

    name: str
    lat: float | None = None
    lon: float | None = None
    country: str = ""
    geonameid: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number told of the act; ``value`` None for a vague one."""

    text: str
    value: float | None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One event of one article. ``event`` is its id in the store. ``first`` and ``last`` are the
    days it lies between (the publication day for ``basis`` 'published'), None when no time is
    known; ``granularity`` and ``basis`` as in ``When``, '' when there is none. ``words`` are codes
    of the evidence's words without those of its parties, empty when they were not kept."""

    event: str
    printing: Printing
    type: EventType
    status: Status
    mode: str | None = None
    actors: tuple[Who, ...] = ()
    recipients: tuple[Who, ...] = ()
    first: date | None = None
    last: date | None = None
    granularity: str = ""
    basis: str = ""
    place: Spot | None = None
    numbers: tuple[Number, ...] = ()
    words: frozenset[int] = frozenset()
    confidence: float = 0.0


def reports_of(record: Record, printing: Printing, event_id: Callable[[str], str]) -> list[Report]:
    """The events of ``record`` as reports; ``event_id`` turns an id of the record ('e3') into the
    store's."""
    actors = {actor.id: actor for actor in record.actors}
    return [_report(record, event, printing, event_id(event.id), actors) for event in record.events]


def _report(
    record: Record, event: Event, printing: Printing, id: str, actors: dict[str, Actor]
) -> Report:
    first, last = days_of(event.when)
    return Report(
        event=id,
        printing=printing,
        type=event.type,
        status=event.status,
        mode=event.mode,
        actors=_sides(event.actors, actors),
        recipients=_sides(event.recipients, actors),
        first=first,
        last=last,
        granularity=event.when.granularity if event.when else "",
        basis=event.when.basis if event.when else "",
        place=_spot(event.place),
        numbers=tuple(
            Number(q.text, q.value, q.unit)
            for q in record.quantities
            if any(contains(span, q.span) for span in event.evidence)
        ),
        words=evidence_words(record.article.text, event),
        confidence=event.confidence,
    )


def days_of(when: When | None) -> tuple[date | None, date | None]:
    """First and last day of a time as told ('2022-02' gives 1 and 28 February 2022); None, None
    when there is none or it is no date."""
    if when is None:
        return None, None
    try:
        first, last = _day(when.start, end=False), _day(when.end or when.start, end=True)
    except ValueError:
        return None, None
    return (first, last) if first <= last else (None, None)


def _day(text: str, *, end: bool) -> date:
    parts = [int(part) for part in text[:10].split("-")]
    if len(parts) == 3:
        return date(*parts)
    if len(parts) == 2:
        year, month = parts
        following = date(year + month // 12, month % 12 + 1, 1)
        return following - timedelta(1) if end else date(year, month, 1)
    return date(parts[0], 12, 31) if end else date(parts[0], 1, 1)


def _sides(parties: Sequence[Party], actors: dict[str, Actor]) -> tuple[Who, ...]:
    return tuple(_who(party, actors.get(party.actor or "")) for party in parties)


def _who(party: Party, actor: Actor | None) -> Who:
    if actor is None:
        return Who(None, party.text)
    return Who(actor.id, actor.name, actor.country, actor.sector, actor.kind)


def evidence_words(text: str, event: Event) -> frozenset[int]:
    """Word codes of the event's evidence, the words of its parties left out: those are compared as
    actors."""
    names = [text[p.span[0] : p.span[1]] for p in [*event.actors, *event.recipients]]
    told = " ".join(text[start:end] for start, end in event.evidence)
    codes = set(word_codes(told).tolist()) - set(word_codes(" ".join(names)).tolist())
    return frozenset(codes)


def _spot(place: PlaceMention | None) -> Spot | None:
    if place is None:
        return None
    at = place.name, place.lat, place.lon, place.country, place.geonameid
    return Spot(*at, whole=_whole(place))


def _whole(place: PlaceMention) -> bool:
    """True for a country as such: it has the country's middle for coordinates."""
    middle = centroids().get(place.country)
    if middle is None or place.lat is None or place.lon is None:
        return False
    return abs(place.lat - middle[0]) + abs(place.lon - middle[1]) < _SAME_DEGREES
