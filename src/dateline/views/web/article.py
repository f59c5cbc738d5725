"""Articles: the list of them, and one with its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from dateline.analysis.model import Place, TimeExpression
from dateline.page.model import PageKind
from dateline.record.model import Record
from dateline.store.corpus import Row
from dateline.store.filters import Filters
from dateline.store.packing import unpack
from dateline.store.queries import Query as StoreQuery
from dateline.store.queries import Values, What, hits, select
from dateline.views.web.address import Asked
from dateline.views.web.corrected import corrected_record, fixes_of, machine_ids
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, Pages, Paging, render
from dateline.views.web.folds import shown_lines
from dateline.views.web.reading import Reading, spans_asked

router = APIRouter(include_in_schema=False)

_PAGE = (
    "SELECT id, url, location, part, kind, outcome, reason, message, text FROM pages WHERE id = $id"
)
_ARTICLE = """
SELECT a.text, r.record FROM articles a LEFT JOIN records r ON r.article = a.id WHERE a.id = $id
"""
_PLACES = """
SELECT span_start, span_end, name, kind, lat, lon, country, geonameid, confidence
FROM places WHERE article = $id ORDER BY span_start
"""
_TIMES = """
SELECT span_start, span_end, text, type, value, first_day, last_day, modifier, anchored
FROM times WHERE article = $id ORDER BY span_start
"""
_ACTS = """
SELECT e.local_id, a.id, a.n_articles, a.n_independent
FROM events e JOIN act_events m ON m.event = e.id JOIN acts a ON a.id = m.act WHERE e.article = $id
"""
_PRINTINGS = """
SELECT d.id, d.headline, d.outlet, d.published, s.evidence, s.similarity
FROM story_articles mine
JOIN story_articles s ON s.story = mine.story AND s.article <> mine.article
JOIN articles d ON d.id = s.article
WHERE mine.article = $id ORDER BY d.published NULLS LAST, d.id LIMIT 50
"""


@router.get("/article/{id}")
def article(
    request: Request,
    db: Db,
    id: str,
    record: Annotated[list[str] | None, Query(max_length=20)] = None,
    at: Annotated[str, Query(max_length=2000)] = "",
) -> HTMLResponse:
    """An article with its records. ``record`` are keys or store ids of records, ``at`` spans, to
    light up."""
    page = db.one(_PAGE, {"id": id})
    if page is None:
        raise HTTPException(404, "this corpus has no such article")
    stored = db.one(_ARTICLE, {"id": id})
    if stored is None:
        return _without_story(request, db, page)
    if stored["record"] is None:
        return _without_words(request, db, id)
    reading = _reading(db, id, page, stored, record or [], at)
    context = {"r": reading, "id": id, "printings": db.rows(_PRINTINGS, {"id": id})}
    return render(request, "article.html", context)


def _reading(
    db: Database, id: str, page: Row, stored: Row, wanted: Sequence[str], at: str
) -> Reading:
    fixes = fixes_of(db, id)
    record = corrected_record(db, id, stored_record(stored), fixes)
    ids = machine_ids(db, id)
    keys = {store_id: key for key, store_id in ids.items()}
    return Reading(
        record,
        page=_page_text(page),
        places=[_place(row) for row in db.rows(_PLACES, {"id": id})],
        times=[_time(row) for row in db.rows(_TIMES, {"id": id})],
        lit=frozenset(keys.get(key, key) for key in wanted),
        asked=spans_asked(at, len(record.article.text)),
        ids=ids,
        acts={row["local_id"]: row for row in db.rows(_ACTS, {"id": id})},
        fixes=fixes,
    )


def stored_record(stored: Mapping[str, Any]) -> Record:
    """The record of a row with the columns ``record`` (records) and ``text`` (articles), both set."""
    bare = Record.model_validate_json(unpack(stored["record"]))
    whole = bare.article.model_copy(update={"text": unpack(stored["text"])})
    return bare.model_copy(update={"article": whole})


def _page_text(page: Row) -> tuple[str, PageKind] | None:
    if page["text"] is None or page["kind"] not in ("html", "text"):
        return None
    return unpack(page["text"]), cast(PageKind, page["kind"])


def _place(row: Row) -> Place:
    named = {name: row[name] for name in ("name", "kind", "lat", "lon", "country", "geonameid")}
    return Place((row["span_start"], row["span_end"]), confidence=row["confidence"], **named)


def _time(row: Row) -> TimeExpression:
    return TimeExpression(
        (row["span_start"], row["span_end"]),
        row["type"],
        row["value"],
        text=row["text"] or "",
        mod=row["modifier"],
        start=row["first_day"],
        end=row["last_day"],
        anchored=row["anchored"],
    )


_DROPPED = """
SELECT stage, reason, message FROM dropped WHERE page = $id ORDER BY ordinal LIMIT 200
"""


def _without_story(request: Request, db: Database, page: Row) -> HTMLResponse:
    """A page that gave no article: why, and what it says."""
    text = _page_text(page)
    lines = shown_lines(text[0], (0, len(text[0])), text[1]) if text else ()
    dropped = db.rows(_DROPPED, {"id": page["id"]})
    context = {"page": page, "lines": lines, "dropped": dropped}
    return render(request, "page_without_story.html", context)


_KINDS: tuple[What, ...] = ("reports", "statements", "positions")


def _without_words(request: Request, db: Database, id: str) -> HTMLResponse:
    """An article of a store that keeps no words: what is known about it."""
    article = db.one("SELECT * EXCLUDE (text) FROM articles WHERE id = $id", {"id": id})
    found: dict[str, list[Row]] = {}
    for what in _KINDS:
        query = select(what, Filters())
        sql = f"SELECT * FROM ({query.sql}) WHERE article = $id"
        found[what] = db.query(StoreQuery(sql, query.values | {"id": id}))
    return render(request, "article_without_words.html", {"article": article, **found})


_LIST = """
SELECT d.id, d.headline, d.outlet, d.source, d.published, d.published_granularity, d.agency,
       d.words, t.n_articles AS printings,
       CASE WHEN coalesce(d.headline, '') = '' THEN left(page_text(d.text), 400) END AS beginning,
       (SELECT count(*) FROM events e WHERE e.article = d.id) AS n_events,
       (SELECT count(*) FROM statements e WHERE e.article = d.id) AS n_statements,
       (SELECT count(*) FROM positions e WHERE e.article = d.id) AS n_positions
FROM articles d
LEFT JOIN story_articles s ON s.article = d.id LEFT JOIN stories t ON t.id = s.story
WHERE d.id IN (SELECT unnest($chosen))
ORDER BY d.published DESC NULLS LAST, d.id
"""
_FAILED = """
SELECT id, url, location, part, outcome, reason, message FROM pages WHERE outcome <> 'article'
ORDER BY outcome, location, part LIMIT $limit OFFSET $offset
"""


@router.get("/articles")
def articles(
    request: Request,
    db: Db,
    pages: Pages,
    asked: Asked,
    outlet: Annotated[str, Query(max_length=300)] = "",
    without: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """The articles that meet the conditions, the newest first; ``without=story`` lists pages that
    gave none."""
    if without == "story":
        limits = {"limit": pages.limit, "offset": pages.offset}
        rows, more = pages.cut(db.rows(_FAILED, limits))
        context: dict[str, Any] = {"rows": rows, "more": more, "pages": pages}
        return render(request, "pages_without_story.html", context)
    chosen, more = pages.cut(_chosen(db, asked, outlet, pages))
    context = {
        "rows": db.rows(_LIST, {"chosen": chosen}),
        "more": more,
        "pages": pages,
        "asked": asked,
        "outlet": db.one(_OUTLET, {"id": outlet}) if outlet else None,
    }
    return render(request, "articles.html", context)


_OUTLET = "SELECT id, name, articles FROM sources WHERE id = $id"


def _chosen(db: Database, asked: Filters, outlet: str, pages: Paging) -> list[str]:
    """Ids of the articles of a page, the newest first."""
    values = Values()
    found = hits("articles", asked, values)
    of_outlet = f"WHERE source = {values.add(outlet)}" if outlet else ""
    cut = f"LIMIT {values.add(pages.limit)} OFFSET {values.add(pages.offset)}"
    sql = f"SELECT id FROM ({found}) {of_outlet} ORDER BY published DESC NULLS LAST, id {cut}"
    return [row["id"] for row in db.rows(sql, values.named)]
