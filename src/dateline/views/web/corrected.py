"""What people corrected, for the views: the record of an article with it, and how values are shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateline.record.model import Actor, Event, Party, PlaceMention, Record, When
from dateline.store.corpus import Row
from dateline.views.web.database import Database

FIELD_NAMES: Mapping[str, str] = {
    "wrong": "Wrong",
    "type": "Type",
    "mode": "Mode",
    "actors": "Who",
    "recipients": "Toward whom",
    "status": "Status",
    "day": "When",
    "place": "Where",
    "speaker": "Speaker",
    "addressee": "To whom",
    "kind": "Kind",
    "channel": "Channel",
    "party": "Party",
    "issue": "Issue",
    "stance": "Stance",
    "headline": "Headline",
    "outlet": "Outlet",
    "agency": "Agency",
    "published": "Published",
}


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction as shown: ``old`` is what the machine read, ``new`` what holds, as words."""

    id: str
    field: str
    name: str
    old: str
    new: str
    author: str
    made: datetime
    reason: str


def shown(field: str, value: Any) -> str:
    """A value as a form holds it; '' for None."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    if field == "place":
        at = [] if value["lat"] is None else [f"{_degrees(value['lat'])} {_degrees(value['lon'])}"]
        return ", ".join([*(value[key] for key in ("name", "country") if value[key]), *at])
    return str(value)


def _degrees(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


_FIXES = """
SELECT c.id, c.target, c.field, c."old", c."new", c.author, c.made, c.reason, r.local_id
FROM corrections c JOIN (
    SELECT id AS target, 'statements' AS target_table, local_id FROM machine.statements
    WHERE article = $article
    UNION ALL SELECT id, 'positions', local_id FROM machine.positions WHERE article = $article
    UNION ALL SELECT id, 'events', local_id FROM machine.events WHERE article = $article
    UNION ALL SELECT m.act, 'acts', e.local_id FROM machine.events e
    JOIN machine.act_events m ON m.event = e.id WHERE e.article = $article
    UNION ALL SELECT $article, 'articles', ''
) r ON r.target = c.target AND r.target_table = c.target_table
ORDER BY c.made, c.id"""
_IDS = " UNION ALL ".join(
    f"SELECT local_id, id FROM machine.{table} WHERE article = $article"
    for table in ("statements", "events", "positions")
)


def fixes_of(db: Database, article: str) -> dict[str, list[Fix]]:
    """Corrections of an article's records by their key in the record ('e3'), '' for its own; those
    of an act are with its events."""
    found: dict[str, dict[str, Fix]] = {}
    for row in db.rows(_FIXES, {"article": article}) if db.is_corrected else ():
        found.setdefault(row["local_id"], {})[row["field"]] = fix_of(row)
    return {key: list(by_field.values()) for key, by_field in found.items()}


def fix_of(row: Row) -> Fix:
    """A correction from a row of the view ``corrections``."""
    field = row["field"]
    old, new = (shown(field, json.loads(row[name])) for name in ("old", "new"))
    return Fix(
        row["id"], field, FIELD_NAMES[field], old, new, row["author"], row["made"], row["reason"]
    )


def machine_ids(db: Database, article: str) -> dict[str, str]:
    """Store ids of an article's records by key, of those marked wrong too."""
    return {row["local_id"]: row["id"] for row in db.rows(_IDS, {"article": article})}


def corrected_record(
    db: Database, article: str, record: Record, fixes: Mapping[str, Sequence[Fix]]
) -> Record:
    """The record with the values that hold. What is wrong stays in it as the machine read it."""
    if not fixes:
        return record
    made = _Corrector(db, article, record, {key for key in fixes if key})
    return made.record(fixes.get("", ()))


class _Corrector:
    """Puts corrected rows into a record. ``keys`` are those of the records that corrections reach."""

    def __init__(self, db: Database, article: str, record: Record, keys: set[str]) -> None:
        self._record = record
        self._rows: dict[str, Row] = {}
        for table in ("events", "statements", "positions"):
            sql = (
                f"SELECT * FROM {table} WHERE article = $id AND local_id IN (SELECT unnest($keys))"
            )
            for row in db.rows(sql, {"id": article, "keys": sorted(keys)}):
                self._rows[row["local_id"]] = row
        self._parties = self._parties_of(db)
        self._actors = self._actors_of(db, article)

    def record(self, own: Sequence[Fix]) -> Record:
        """The record; ``own`` are the corrections of the article itself."""
        record = self._record
        lines = {f.field: f.new or None for f in own if f.field in ("headline", "outlet", "agency")}
        events = [self._event(e) if e.id in self._rows else e for e in record.events]
        positions = [
            p.model_copy(update=self._position(p.id)) if p.id in self._rows else p
            for p in record.positions
        ]
        statements = [
            s.model_copy(update=self._statement(s.id)) if s.id in self._rows else s
            for s in record.statements
        ]
        return record.model_copy(
            update={
                "article": record.article.model_copy(update=lines),
                "actors": self._actors,
                "events": events,
                "statements": statements,
                "positions": positions,
            }
        )

    def _parties_of(self, db: Database) -> dict[tuple[str, str], list[Party]]:
        found: dict[tuple[str, str], list[Party]] = {}
        sql = """SELECT owner, role, actor, span_start, span_end, text FROM parties
            WHERE owner IN (SELECT unnest($ids)) ORDER BY owner, role, ordinal"""
        for row in db.rows(sql, {"ids": [row["id"] for row in self._rows.values()]}):
            span = (row["span_start"], row["span_end"])
            party = Party(span=span, text=row["text"] or "", actor=row["actor"])
            found.setdefault((row["owner"], row["role"]), []).append(party)
        return found

    def _actors_of(self, db: Database, article: str) -> list[Actor]:
        """The article's actors, with those that people added."""
        known = {actor.id for actor in self._record.actors}
        sql = "SELECT * EXCLUDE (article) RENAME (actor AS id) FROM actors WHERE article = $article"
        rows = db.rows(sql, {"article": article})
        new = [Actor.model_validate(row) for row in rows if row["id"] not in known]
        return [*self._record.actors, *new]

    def _side(self, key: str, role: str) -> list[Party]:
        return self._parties.get((self._rows[key]["id"], role), [])

    def _event(self, event: Event) -> Event:
        row = self._rows[event.id]
        same = ("type", "mode", "cameo", "quad", "intensity", "status")
        return event.model_copy(
            update={name: row[name] for name in same}
            | {
                "actors": self._side(event.id, "actor"),
                "recipients": self._side(event.id, "recipient"),
                "when": _when(row),
                "place": _place(row, event),
            }
        )

    def _statement(self, key: str) -> dict[str, Any]:
        row = self._rows[key]
        sides = {role: next(iter(self._side(key, role)), None) for role in ("speaker", "addressee")}
        return {"kind": row["kind"], "channel": row["channel"], "when": _when(row), **sides}

    def _position(self, key: str) -> dict[str, Any]:
        row = self._rows[key]
        party = {"party": side[0]} if (side := self._side(key, "party")) else {}
        return {"issue": row["issue"], "stance": row["stance"], "when": _when(row), **party}


def _when(row: Row) -> When | None:
    if row["when_start"] is None:
        return None
    span = (
        None if row["when_span_start"] is None else (row["when_span_start"], row["when_span_end"])
    )
    return When(
        start=row["when_start"],
        end=row["when_end"],
        granularity=row["when_granularity"],
        basis=row["when_basis"],
        span=span,
    )


def _place(row: Row, event: Event) -> PlaceMention | None:
    """The place of a row. One that the text does not name stands at the words of the act."""
    if row["place_name"] is None:
        return None
    named = row["place_start"] is not None
    return PlaceMention(
        span=(row["place_start"], row["place_end"]) if named else event.trigger,
        name=row["place_name"],
        lat=row["lat"],
        lon=row["lon"],
        country=row["place_country"] or "",
        geonameid=row["geonameid"],
    )
