"""Acts in the store: the reports of one act by several articles are merged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import duckdb

from dateline.store.merge import Act, Member, Report, merge_reports
from dateline.store.merge.fit import LATE_DAYS
from dateline.store.model import Row
from dateline.store.reports import report_of
from dateline.store.sql import fetch
from dateline.store.stories import printings
from dateline.store.writer import insert

# Reports that are merged in one go, some 2 kB each. A store with fewer is merged as a whole.
_AT_ONCE = 50_000

_NEW_DAYS = """
    SELECT DISTINCT r.day FROM reports r LEFT JOIN act_events m USING (event)
    LEFT JOIN story_articles t ON t.article = r.article
    WHERE m.event IS NULL OR t.story IN (SELECT unnest(?))
"""
_REPORTS = """
    SELECT r.event, r.report, t.story, r.article, p.outlet, p.agency, p.quotes
    FROM reports r JOIN printings p USING (article) LEFT JOIN story_articles t USING (article)
"""
# Reports of days, and those of articles that print the same text as one of theirs.
_OF_DAYS = """
    WHERE r.day IN (SELECT unnest(?)) OR t.story IN (
        SELECT u.story FROM reports q JOIN story_articles u USING (article)
        JOIN stories s ON s.id = u.story AND s.n_articles > 1 WHERE q.day IN (SELECT unnest(?)))
    ORDER BY r.event
"""
_LEFT = "WHERE r.event NOT IN (SELECT event FROM act_events) ORDER BY t.story, r.event"
_ACTS_OF_DAYS = """
    SELECT m.act FROM act_events m JOIN reports r USING (event)
    LEFT JOIN story_articles t ON t.article = r.article
    WHERE r.day IN (SELECT unnest(?)) OR t.story IN (SELECT unnest(?))
"""
_ACTS_OF_EVENTS = "SELECT act FROM act_events WHERE event IN (SELECT unnest(?))"


def update_acts(connection: duckdb.DuckDBPyConnection, stories: set[str]) -> None:
    """Merge the reports of new articles, and of those whose ``stories`` changed, with what is there.
    To be called inside a transaction, after the stories were brought up to date.

    Merging depends on the reports of a day and its neighbours and on copies of one text, so in a
    large store only the days that new reports can reach are merged anew.
    """
    changed = sorted(stories)
    days = {row[0] for row in fetch(connection, _NEW_DAYS, [changed])}
    if not days:
        return
    if fetch(connection, "SELECT count(*) FROM reports")[0][0] <= _AT_ONCE:
        connection.execute("DELETE FROM acts")
        connection.execute("DELETE FROM act_events")
    else:
        reached = _near(days, 2 * LATE_DAYS)
        _delete(connection, _ACTS_OF_DAYS, [sorted(reached), changed])
        for core in _chunks(connection, sorted(reached)):
            _merge_days(connection, core)
    _merge_left(connection)


def _near(days: set[Any], reach: int) -> set[date]:
    """The days and those up to ``reach`` before and after them."""
    around = range(-reach, reach + 1)
    return {day + timedelta(n) for day in days if day is not None for n in around}


def _chunks(connection: duckdb.DuckDBPyConnection, days: Sequence[date]) -> Iterator[set[date]]:
    """The days in groups of about ``_AT_ONCE`` reports."""
    query = "SELECT day, count(*) FROM reports WHERE day IN (SELECT unnest(?)) GROUP BY day ORDER BY day"
    chunk: set[date] = set()
    size = 0
    for day, count in fetch(connection, query, [list(days)]):
        if chunk and size + count > _AT_ONCE:
            yield chunk
            chunk, size = set(), 0
        chunk.add(day)
        size += count
    if chunk:
        yield chunk


def _merge_days(connection: duckdb.DuckDBPyConnection, core: set[date]) -> None:
    """Merge the reports around the days of ``core`` and keep the acts of those days."""
    window = sorted(_near(core, 2 * LATE_DAYS))
    reports = _reports(fetch(connection, _REPORTS + _OF_DAYS, [window, window]))
    acts = [act for act in merge_reports(reports) if _day(act) in core]
    # Should two groups of days see an act differently, the later view holds, and what is left of the
    # earlier one is merged in the end: each event is in exactly one act whatever happens.
    events = [report.event for act in acts for report in act.reports]
    _delete(connection, _ACTS_OF_EVENTS, [events])
    _write(connection, acts)


def _merge_left(connection: duckdb.DuckDBPyConnection) -> None:
    """Merge the reports that are in no act: all of them in a small store; in a large one those that
    give no day, which can only meet others of their story."""
    rows: list[tuple[Any, ...]] = []
    for _, story in groupby(fetch(connection, _REPORTS + _LEFT), key=lambda row: row[2] or row[0]):
        listed = list(story)
        if rows and len(rows) + len(listed) > _AT_ONCE:
            _write(connection, merge_reports(_reports(rows)))
            rows = []
        rows += listed
    _write(connection, merge_reports(_reports(rows)))


def _reports(rows: Sequence[tuple[Any, ...]]) -> list[Report]:
    """Reports from rows of ``_REPORTS``."""
    found = zip(rows, printings(row[2:] for row in rows), strict=True)
    return [report_of(row[0], row[1], printing) for row, printing in found]


def _day(act: Act) -> date | None:
    """The first day that a member states or infers; else the first that one was published on."""
    told = [r.first for r in act.reports if r.first is not None and r.basis != "published"]
    days = told or [report.first for report in act.reports if report.first is not None]
    return min(days, default=None)


def _delete(connection: duckdb.DuckDBPyConnection, acts: str, values: Sequence[Any]) -> None:
    """Delete the acts that the query ``acts`` names."""
    ids = [row[0] for row in fetch(connection, f"SELECT DISTINCT act FROM ({acts})", values)]
    connection.execute("DELETE FROM acts WHERE id IN (SELECT unnest(?))", [ids])
    connection.execute("DELETE FROM act_events WHERE act IN (SELECT unnest(?))", [ids])


def _write(connection: duckdb.DuckDBPyConnection, acts: Sequence[Act]) -> None:
    best = {act.best.event: act for act in acts}
    columns = (
        "id, type, mode, contexts, cameo, quad, intensity, status, confidence, place_name, lat, lon, "
        "place_country, geonameid, first_day, last_day"
    )
    query = f"SELECT {columns} FROM events WHERE id IN (SELECT unnest(?)) ORDER BY id"
    names = columns.split(", ")
    rows = []
    for found in fetch(connection, query, [list(best)]):
        row = dict(zip(names, found, strict=True))
        rows.append(row | _act_row(best[row["id"]]))
    insert(connection, "acts", rows)
    insert(connection, "act_events", [_member_row(m, act) for act in acts for m in act.members])


def _act_row(act: Act) -> Row:
    """What an act has beside the columns of the event that stands for it."""
    counted, best = act.sources, act.best
    return {
        "id": act.id,
        "event": best.event,
        "actors": [who.id or f'"{who.name}"' for who in best.actors],
        "recipients": [who.id or f'"{who.name}"' for who in best.recipients],
        "n_events": len(act.members),
        "n_articles": counted.n_articles,
        "n_outlets": counted.n_outlets,
        "n_independent": counted.n_independent,
        "spread": json.dumps(act.spread, ensure_ascii=False, separators=(",", ":")),
    }


def _member_row(member: Member, act: Act) -> Row:
    why = f"{member.nearest} ({member.points:.1f}): {'; '.join(member.why)}"
    return {
        "event": member.report.event,
        "act": act.id,
        "reason": why if member.nearest else "alone" if len(act.members) == 1 else "first",
    }
