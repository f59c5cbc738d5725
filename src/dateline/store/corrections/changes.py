"""A row with what people changed in it, and with what follows from that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from dateline.record.codebook import load_codebook
from dateline.store.corrections.places import Places
from dateline.store.model import Row
from dateline.store.rows import first_day, last_day

# Length of an ISO date cut to what is known.
_GRANULARITY = {4: "year", 7: "month", 10: "day"}


def changed_row(table: str, row: Row, changes: Mapping[str, Any], places: Places) -> Row:
    """``row`` of ``table`` with ``changes``; parties, which have rows of their own, are left out."""
    new = dict(row)
    for field in ("status", "kind", "channel", "issue", "stance", "headline", "outlet", "agency"):
        if field in changes:
            new[field] = changes[field]
    if "type" in changes or "mode" in changes:
        new |= _coded(row, changes)
    if "day" in changes:
        new |= {name: value for name, value in _times(changes["day"]).items() if name in row}
    if "place" in changes:
        new |= places.columns(changes["place"], row["article"])
    if "published" in changes:
        new |= _published(changes["published"])
    return new


def _coded(row: Row, changes: Mapping[str, Any]) -> Row:
    """Type and mode with what the codebook says of them. A mode that the type does not have goes."""
    book = load_codebook()
    type, mode = changes.get("type", row["type"]), changes.get("mode", row["mode"])
    if mode not in book.modes(type):
        mode = None
    return {
        "type": type,
        "mode": mode,
        "quad": book.quad(type),
        "intensity": book.intensity(type, mode),
        "cameo": book.cameo_for(type, mode, row["contexts"]),
    }


def _times(day: str | None) -> Row:
    """Columns of a time. A person who gives one has it stated, at no span of the text."""
    if day is None:
        return dict.fromkeys(_TIME_COLUMNS)
    start, _, end = day.partition("/")
    end = end or start
    values = (start, end, _GRANULARITY.get(len(start), "hour"), "stated", None, None)
    days = (first_day(start), last_day(end))
    return dict(zip(_TIME_COLUMNS, (*values, *days), strict=True))


_TIME_COLUMNS = (
    "when_start",
    "when_end",
    "when_granularity",
    "when_basis",
    "when_span_start",
    "when_span_end",
    "first_day",
    "last_day",
)


def _published(moment: str | None) -> Row:
    if moment is None:
        return {"published": None, "published_granularity": None}
    if len(moment) == len("2025-02-12"):
        noon = datetime.combine(date.fromisoformat(moment), time(0), UTC)
        return {"published": noon, "published_granularity": "day"}
    read = datetime.fromisoformat(moment)
    zoned = read if read.tzinfo else read.replace(tzinfo=UTC)
    return {"published": zoned, "published_granularity": "minute"}


def timeline_row(row: Row, event: Row) -> Row:
    """An entry of a timeline with the time and status of its corrected event."""
    columns = ("when_start", "when_end", "when_granularity", "when_basis")
    # The table takes no entry without a time; one whose event lost its time keeps the old.
    moved = {name: event[name] for name in columns} if event["when_start"] is not None else {}
    return row | moved | {"background": event["status"] == "background"}
