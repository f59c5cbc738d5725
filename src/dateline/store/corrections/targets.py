"""The records that corrections are about, as the machine read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any

from dateline.store.corrections.fields import FIELDS, ROLES, CorrectionError, Target
from dateline.store.model import Row

# Asks a connection of ``dateline.store.corpus.connect``: SQL and its named parameters to rows.
Ask = Callable[[str, Mapping[str, Any]], Sequence[Row]]

_ACT_COLUMNS = (
    "type, mode, status, place_name, place_country, lat, lon, when_start, when_end,"
    " trigger_start AS span_start, trigger_end AS span_end"
)
_TARGETS: Mapping[str, str] = {
    "events": f"SELECT id, id AS anchor, article, {_ACT_COLUMNS} FROM machine.events WHERE id = $id",
    # An event that no act has yet stands for itself, as in queries.
    "acts": f"""
        SELECT a.id, a.event AS anchor, e.article, a.type, a.mode, a.status, a.place_name,
               a.place_country, a.lat, a.lon, e.when_start, e.when_end,
               e.trigger_start AS span_start, e.trigger_end AS span_end
        FROM machine.acts a JOIN machine.events e ON e.id = a.event WHERE a.id = $id
        UNION ALL
        SELECT id, id, article, {_ACT_COLUMNS} FROM machine.events
        WHERE id = $id AND id NOT IN (SELECT event FROM machine.act_events)""",
    "statements": """
        SELECT id, id AS anchor, article, kind, channel, when_start, when_end,
               content_spans[1][1] AS span_start, content_spans[-1][2] AS span_end
        FROM machine.statements WHERE id = $id""",
    "positions": """
        SELECT id, id AS anchor, article, issue, stance, when_start, when_end,
               content_start AS span_start, content_end AS span_end
        FROM machine.positions WHERE id = $id""",
    "articles": """
        SELECT id, id AS anchor, id AS article, headline, outlet, agency, published,
               published_granularity, NULL AS span_start, NULL AS span_end
        FROM machine.articles WHERE id = $id""",
}
_PARTIES = """
SELECT p.role, coalesce(a.name, p.text) AS name
FROM machine.parties p
LEFT JOIN machine.actors a ON a.article = p.article AND a.actor = p.actor
WHERE p.owner = $owner ORDER BY p.role, p.ordinal"""
_MARKS = """
SELECT target, field, "old", "new", reason, author, made, id FROM corrections
WHERE target IN (SELECT unnest($targets)) ORDER BY made, id"""


def find_target(ask: Ask, table: str, id: str) -> Target | None:
    """The record of ``table`` with an id, None when there is none. Raises CorrectionError for a table
    whose records cannot be corrected."""
    if table not in _TARGETS:
        raise CorrectionError(f"table: expected one of {', '.join(FIELDS)}; found {table!r}")
    rows = ask(_TARGETS[table], {"id": id})
    if not rows:
        return None
    row = rows[0]
    span = None if row["span_start"] is None else (row["span_start"], row["span_end"])
    parties = [] if table == "articles" else ask(_PARTIES, {"owner": row["anchor"]})
    values = {name: _value(name, row, parties) for name in FIELDS[table]}
    return Target(table, row["id"], row["anchor"], row["article"], span, values)


def _value(field: str, row: Row, parties: Sequence[Row]) -> Any:
    """What the machine read, as corrections write it."""
    if field == "wrong":
        return False
    if field in ROLES:
        names = [p["name"] for p in parties if p["role"] == ROLES[field]]
        return names if field in ("actors", "recipients") else next(iter(names), None)
    if field == "day":
        return days(row["when_start"], row["when_end"])
    if field == "place":
        return place_value(row)
    if field == "published":
        return _published(row)
    return row[field]


def days(start: str | None, end: str | None) -> str | None:
    """A time as corrections write it."""
    return start if start == end or end is None else f"{start}/{end}"


def place_value(row: Row) -> dict[str, Any] | None:
    """The place of an event as corrections write it."""
    if row["place_name"] is None:
        return None
    country = row["place_country"] or None
    return {"name": row["place_name"], "country": country, "lat": row["lat"], "lon": row["lon"]}


def _published(row: Row) -> str | None:
    moment = row["published"]
    if moment is None:
        return None
    utc = moment.astimezone(UTC)
    day_only = row["published_granularity"] == "day"
    return str(utc.date().isoformat() if day_only else utc.isoformat())


def mark(ask: Ask, rows: Sequence[Row]) -> None:
    """Give each row, by its ``id``, ``corrected``: the corrections that it shows, by field, as objects
    with old, new (JSON), reason, author, made and id. One of an act also shows on its tellings, which
    have the act's id in ``event``."""
    acts = {row.get("event") for row in rows} - {None}
    found: dict[str, dict[str, Row]] = {}
    for row in ask(_MARKS, {"targets": sorted(acts | {row["id"] for row in rows})}):
        found.setdefault(row["target"], {})[row["field"]] = row
    for row in rows:
        row["corrected"] = found.get(str(row.get("event")), {}) | found.get(row["id"], {})
