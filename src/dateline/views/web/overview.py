"""The first page: what is in the corpus, and the latest acts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dateline.views.web.database import Database
from dateline.views.web.deps import Db, render
from dateline.views.web.latest import latest_events

router = APIRouter(include_in_schema=False)

_COUNTS = """
SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM acts) AS events,
       (SELECT count(*) FROM statements) AS statements,
       (SELECT count(*) FROM positions) AS positions,
       (SELECT count(DISTINCT actor) FROM actors WHERE actor NOT LIKE '~%') AS actors,
       (SELECT count(*) FROM sources) AS outlets, (SELECT count(*) FROM stories) AS stories,
       (SELECT count(*) FROM pages WHERE outcome <> 'article') AS without_story,
       (SELECT min(published) FROM articles) AS first, (SELECT max(published) FROM articles) AS last
"""
_TYPES = "SELECT type, quad, count(*) AS n FROM acts GROUP BY type, quad ORDER BY n DESC, type"
_SOURCES = "SELECT id, name, articles FROM sources ORDER BY articles DESC, name LIMIT 12"
_ISSUES = """
SELECT issue, count(*) AS n FROM positions GROUP BY issue ORDER BY n DESC, issue LIMIT 12
"""
LATEST = 12


@router.get("/")
def overview(request: Request, db: Db) -> HTMLResponse:
    """What is in the corpus."""
    context = db.cached("overview", lambda: _context(db))
    return render(request, "overview.html", context)


def _context(db: Database) -> dict[str, Any]:
    return {
        "counts": db.one(_COUNTS),
        "types": db.rows(_TYPES),
        "sources": db.rows(_SOURCES),
        "issues": db.rows(_ISSUES),
        "latest": latest_events(db, LATEST),
    }
