"""The acts of the last days of a corpus."""

from __future__ import annotations

from dateline.store.corpus import Row
from dateline.store.queries import select_ids
from dateline.views.web.database import Database

_LAST = """
SELECT a.id, a.first_day FROM acts a
WHERE a.status <> 'background' AND a.first_day IS NOT NULL
ORDER BY a.first_day DESC, a.n_independent DESC, a.id LIMIT $most
"""


def latest_events(db: Database, most: int) -> list[Row]:
    """The last acts by day, the best-sourced of a day first, as rows of ``select('events')``."""
    chosen = [row["id"] for row in db.rows(_LAST, {"most": most})]
    rows = {row["id"]: row for row in db.query(select_ids("events", chosen))}
    return [rows[id] for id in chosen if id in rows]
