"""The records of an article by key, and the words that each rests on.

A statement, event or position has its id in the record for its key ('s1', 'e3', 'p2'); the others
are numbered: 'actor-1', 'time-1', 'place-1', 'number-1', 'conflict-1' (a discrepancy), 'entry-1' (of
the timeline), 'dropped-1'.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from dateline.analysis.model import Place, TimeExpression
from dateline.record.model import (
    Actor,
    Discrepancy,
    Dropped,
    Party,
    PlaceMention,
    Quantity,
    Record,
    TimelineEntry,
    When,
)
from dateline.spans import Span
from dateline.views.layout import clean
from dateline.views.web.marks import Layer, Mark, Role
from dateline.views.web.words import days_words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """A time expression or toponym: its words, how they were read ('' for not at all), where."""

    key: str
    text: str
    reading: str
    spans: tuple[Span, ...]


class Index:
    """Keys and marks of a record. ``places`` and ``times`` are all of the text; where they are not
    at hand, those that the record uses."""

    def __init__(
        self, record: Record, places: Sequence[Place] = (), times: Sequence[TimeExpression] = ()
    ) -> None:
        self.record = record
        self._all_places = places
        self._all_times = times
        self.timeline: list[tuple[str, TimelineEntry]] = _numbered("entry", record.timeline)
        self.quantities: list[tuple[str, Quantity]] = _numbered("number", record.quantities)
        self.discrepancies: list[tuple[str, Discrepancy]] = _numbered(
            "conflict", record.discrepancies
        )
        self.dropped: list[tuple[str, Dropped]] = _numbered("dropped", record.dropped)
        self.actors: dict[str, tuple[str, Actor]] = {
            a.id: (key, a) for key, a in _numbered("actor", record.actors)
        }

    @cached_property
    def mentions(self) -> dict[str, list[Span]]:
        """Key of an actor -> where the record mentions it."""
        found: dict[str, set[Span]] = defaultdict(set)
        for party in _parties(self.record):
            if party.actor in self.actors:
                found[self.actors[party.actor][0]].add(party.span)
        return {key: sorted(spans) for key, spans in found.items()}

    @cached_property
    def times(self) -> list[Seen]:
        """Time expressions, one entry for each text and reading."""
        read = [(t.span, _time_reading(t)) for t in self._all_times] or [
            (w.span, days_words(w.start, w.end)) for w in _whens(self.record) if w.span
        ]
        return self._seen("time", read)

    @cached_property
    def places(self) -> list[Seen]:
        """Toponyms, one entry for each text and reading."""
        read = [(p.span, _place_reading(p)) for p in self._all_places] or [
            (e.place.span, _place_reading(e.place)) for e in self.record.events if e.place
        ]
        return self._seen("place", read)

    def _seen(self, kind: str, read: Iterable[tuple[Span, str]]) -> list[Seen]:
        spans: dict[tuple[str, str], set[Span]] = defaultdict(set)
        for span, reading in read:
            text = clean(self.record.article.text[span[0] : span[1]])
            spans[text, reading].add(span)
        ordered = sorted(spans.items(), key=lambda item: min(item[1]))
        return [
            Seen(f"{kind}-{n}", text, reading, tuple(sorted(where)))
            for n, ((text, reading), where) in enumerate(ordered, start=1)
        ]

    @cached_property
    def marks(self) -> list[Mark]:
        """Every mark on the article's text."""
        return [*self._statement_marks(), *self._event_marks(), *self._other_marks()]

    def _statement_marks(self) -> Iterator[Mark]:
        for s in self.record.statements:
            yield from _marks(s.id, "content", s.content, "statement")
            yield from _marks(s.id, "cue", s.cue, "cue")
            yield from _marks(s.id, "who", _spans([s.speaker, s.addressee]))
            yield from _marks(s.id, "channel", [s.channel_span])
            yield from _when_marks(s.id, s.when)

    def _event_marks(self) -> Iterator[Mark]:
        for e in self.record.events:
            yield from _marks(e.id, "evidence", e.evidence, "event")
            yield Mark(e.trigger, e.id, "trigger", "trigger")
            yield from _marks(e.id, "who", _spans([*e.actors, *e.recipients]))
            yield from _marks(e.id, "place", _spans([e.place]))
            yield from _when_marks(e.id, e.when)

    def _other_marks(self) -> Iterator[Mark]:
        for p in self.record.positions:
            yield Mark(p.content, p.id, "content")
            yield Mark(p.party.span, p.id, "who")
            yield from _when_marks(p.id, p.when)
        for key, spans in self.mentions.items():
            yield from _marks(key, "who", spans, "actor")
        for seen in self.times:
            yield from _marks(seen.key, "when", seen.spans, "time")
        for seen in self.places:
            yield from _marks(seen.key, "place", seen.spans, "place")
        for key, entry in self.timeline:
            yield Mark(entry.span, key, "content")
            yield from _when_marks(key, entry.when)
        for key, quantity in self.quantities:
            yield Mark(quantity.span, key, "words")
        for key, dropped in self.dropped:
            yield from _marks(key, "words", [dropped.span])
        for key, told in self.discrepancies:
            yield from _marks(key, "words", [p.span for p in told.passages if p.where == "text"])

    @cached_property
    def first(self) -> dict[str, int]:
        """Key -> offset of the first words of the record, those it turns on before others."""
        found: dict[str, tuple[bool, int]] = {}
        for mark in self.marks:
            place = (mark.role in ("who", "when", "place", "channel"), mark.span[0])
            found[mark.key] = min(found.get(mark.key, place), place)
        return {key: offset for key, (_, offset) in found.items()}


def _numbered(kind: str, items: Sequence[T]) -> list[tuple[str, T]]:
    return [(f"{kind}-{number}", item) for number, item in enumerate(items, start=1)]


def _marks(
    key: str, role: Role, spans: Iterable[Span | None], layer: Layer | None = None
) -> Iterator[Mark]:
    return (Mark(span, key, role, layer) for span in spans if span is not None)


def _when_marks(key: str, when: When | None) -> Iterator[Mark]:
    return _marks(key, "when", [when.span if when else None])


def _spans(found: Iterable[Party | PlaceMention | None]) -> list[Span]:
    return [each.span for each in found if each is not None]


def _parties(record: Record) -> Iterator[Party]:
    for s in record.statements:
        yield from (party for party in (s.speaker, s.addressee) if party is not None)
    for e in record.events:
        yield from (*e.actors, *e.recipients)
    for p in record.positions:
        yield p.party


def _whens(record: Record) -> Iterator[When]:
    whens = [s.when for s in record.statements] + [e.when for e in record.events]
    whens += [p.when for p in record.positions] + [t.when for t in record.timeline]
    return (when for when in whens if when is not None)


def _time_reading(time: TimeExpression) -> str:
    """'12 Feb 2025'; the TIMEX3 value for what is no calendar time; '' for what is not resolved."""
    return days_words(time.start, time.end) if time.start else time.value


def _place_reading(place: Place | PlaceMention) -> str:
    """'Kyiv, UKR, 50.45° N 30.52° E'; without coordinates when the reading is unsure."""
    parts = [clean(place.name), place.country]
    if place.lat is not None and place.lon is not None:
        north, east = "NS"[place.lat < 0], "EW"[place.lon < 0]
        parts.append(f"{abs(place.lat):.2f}° {north} {abs(place.lon):.2f}° {east}")
    else:
        parts.append("which one is unsure")
    return ", ".join(part for part in parts if part)
