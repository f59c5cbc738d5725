"""Acts whose tellings were corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dateline.store.copies import count_sources
from dateline.store.corrections.parties import PartyRows
from dateline.store.corrections.resolve import Resolved
from dateline.store.corrections.targets import Ask
from dateline.store.model import Row
from dateline.store.stories import printings

_ACTS = "SELECT * FROM machine.acts WHERE id IN (SELECT unnest($ids))"
_EVENTS = "SELECT * FROM machine.events WHERE id IN (SELECT unnest($ids))"
_SOURCES = """
SELECT t.story, e.article, p.outlet, p.agency, p.quotes
FROM machine.events e JOIN machine.printings p USING (article)
LEFT JOIN machine.story_articles t USING (article)
WHERE e.id IN (SELECT unnest($ids)) ORDER BY e.id"""
_PARTIES = (
    "SELECT role, actor, text FROM machine.parties WHERE owner = $owner ORDER BY role, ordinal"
)
_SIDES = {"actors": "actor", "recipients": "recipient"}
# What an act takes from the telling that stands for it.
_OF_EVENT = (
    "type",
    "mode",
    "contexts",
    "cameo",
    "quad",
    "intensity",
    "status",
    "confidence",
    "place_name",
    "lat",
    "lon",
    "place_country",
    "geonameid",
    "first_day",
    "last_day",
)


class ActRows:
    """Rows of the acts that corrections reach. An act shows the telling that stands for it, as
    corrected; without those that are wrong another stands for it, and they are not counted. One with
    no telling left is no act. ``events`` are corrected rows, ``wrong`` ids of those marked so."""

    def __init__(
        self,
        ask: Ask,
        found: Resolved,
        events: Mapping[str, Row],
        wrong: set[str],
        parties: PartyRows,
    ) -> None:
        self._ask = ask
        self._events = events
        self._wrong = wrong
        self._parties = parties
        self._members = found.members
        self.touched = frozenset(found.members)

    def rows(self) -> list[Row]:
        """The new rows, none for an act that is wrong."""
        found = []
        for act in self._ask(_ACTS, {"ids": sorted(self.touched)}):
            left = [event for event in self._members[act["id"]] if event not in self._wrong]
            if left:
                found.append(self._row(act, left))
        return found

    def _row(self, act: Row, left: Sequence[str]) -> Row:
        event = self._standing(act["event"], left)
        new = act | {name: event[name] for name in _OF_EVENT} | {"event": event["id"]}
        if event["id"] != act["event"]:
            new |= self._sides(event["id"])
        for column, role in _SIDES.items():
            ids = self._parties.ids(event["id"], role)
            new |= {} if ids is None else {column: ids}
        if len(left) < len(self._members[act["id"]]):
            new |= self._counts(left)
        return new

    def _standing(self, event: str, left: Sequence[str]) -> Row:
        """The telling that stands for an act: the one that did, else the surest of those left."""
        rows: list[Row] = [self._events[id] for id in left if id in self._events]
        plain = [id for id in left if id not in self._events]
        rows += self._ask(_EVENTS, {"ids": plain}) if plain else []
        return max(rows, key=lambda row: (row["id"] == event, row["confidence"], row["id"]))

    def _sides(self, event: str) -> dict[str, list[str]]:
        """The parties of a telling as an act lists them."""
        rows = self._ask(_PARTIES, {"owner": event})
        return {
            column: [row["actor"] or f'"{row["text"] or ""}"' for row in rows if row["role"] == role]
            for column, role in _SIDES.items()
        }

    def _counts(self, left: Sequence[str]) -> dict[str, Any]:
        rows = self._ask(_SOURCES, {"ids": list(left)})
        counted = count_sources(printings(tuple(row.values()) for row in rows))
        return {
            "n_events": len(left),
            "n_articles": counted.n_articles,
            "n_outlets": counted.n_outlets,
            "n_independent": counted.n_independent,
        }
