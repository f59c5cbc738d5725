"""The HTTP API under /api: the rows of the store as JSON, and the record of a page that is posted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import Message
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from dateline.record.model import Record
from dateline.store.corpus import Row
from dateline.store.filters import Filters, QueryError
from dateline.store.queries import Cut, What, count, select, select_ids
from dateline.version import __version__
from dateline.views.web import api_models as models
from dateline.views.web.actors import Wanted, actor_row, find_actors, roles_of
from dateline.views.web.address import parse
from dateline.views.web.article import stored_record
from dateline.views.web.corrected import corrected_record, fixes_of
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, render, settings
from dateline.views.web.event import act_row, sources_of, spread_of

MAX_LIMIT = 500
MAX_OFFSET = 10_000_000

_FAILURES: dict[int | str, dict[str, Any]] = {
    400: {"model": models.Failure, "description": "A condition or value that cannot be met"},
    503: {"model": models.Failure, "description": "The question took too long"},
}
_MISSING: dict[int | str, dict[str, Any]] = {
    404: {"model": models.Failure, "description": "No such record"}
}

router = APIRouter(prefix="/api", responses=_FAILURES)


# -- what is asked ---------------------------------------------------------------------------------


def _asked(
    request: Request,
    actor: Annotated[
        list[str] | None, Query(description="a party with these words in its name, or this id")
    ] = None,
    pair: Annotated[
        str | None, Query(description="two parties of one row, 'A,B': codes, names or ids")
    ] = None,
    country: Annotated[
        list[str] | None, Query(description="country of a party: ISO 3166-1 alpha-3 or a name")
    ] = None,
    type: Annotated[list[str] | None, Query(description="PLOVER type")] = None,
    since: Annotated[
        str | None, Query(description="first day: 2025-02-12, 2025-02 or 2025")
    ] = None,
    until: Annotated[str | None, Query(description="last day, included")] = None,
    place: Annotated[list[str] | None, Query(description="a place or country")] = None,
    issue: Annotated[list[str] | None, Query(description="issue of a position")] = None,
    status: Annotated[list[str] | None, Query(description="status of an act")] = None,
    text: Annotated[
        list[str] | None, Query(description="words as they stand; case does not count")
    ] = None,
) -> Filters:
    """Conditions of a request. All have to hold; of a name given twice, either value."""
    # The parameters are there to be described; values are read as the pages of the explorer do.
    return parse(request.query_params.multi_items())


Asked = Annotated[Filters, Depends(_asked)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="most rows")]
Offset = Annotated[int, Query(ge=0, le=MAX_OFFSET, description="rows to pass over")]
Order = Annotated[Literal["oldest", "newest"], Query(description="by day, then by id")]


def _page(request: Request, total: int, limit: int, offset: int, items: Sequence[Row]) -> Row:
    """A page of rows as ``models.Page``."""
    more = offset + len(items) < total and len(items) > 0
    after = None
    if more:
        url = request.url.include_query_params(offset=offset + len(items))
        after = f"{url.path}?{url.query}"
    return {"total": total, "limit": limit, "offset": offset, "next": after, "items": items}


def _rows(
    request: Request, db: Database, what: What, asked: Filters, limit: int, offset: int, order: str
) -> Row:
    """A page of rows of a kind."""
    total = db.cached(("count", what, asked), lambda: db.query(count(what, asked))[0]["n"])
    query = select(what, asked, Cut(limit, offset, newest=order == "newest"))
    return _page(request, total, limit, offset, db.query(query) if offset < total else [])


def _row(db: Database, what: What, id: str) -> Row:
    """The row of a kind with this id. Raises HTTPException 404."""
    found = db.query(select_ids(what, [id]))
    if not found:
        raise HTTPException(404, f"there is no record {id!r} among {what}")
    return found[0]


# -- the store -------------------------------------------------------------------------------------


@router.get("/summary", response_model=models.Summary)
def summary(db: Db) -> Row:
    """What is in the corpus."""
    row: Row = db.cached("api summary", lambda: db.one(_SUMMARY))
    return row | {"dateline": __version__}


_SUMMARY = """
SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM acts) AS events,
       (SELECT count(*) FROM statements) AS statements,
       (SELECT count(*) FROM positions) AS positions,
       (SELECT count(DISTINCT actor) FROM actors) AS actors,
       (SELECT count(*) FROM stories) AS stories,
       (SELECT min(published) FROM articles) AS first_published,
       (SELECT max(published) FROM articles) AS last_published
"""


@router.get("/events", response_model=models.Page[models.EventRow])
def events(
    request: Request,
    db: Db,
    asked: Asked,
    limit: Limit = 50,
    offset: Offset = 0,
    order: Order = "oldest",
) -> Row:
    """Acts, each counted once. Background is among them unless ``status`` leaves it out."""
    return _rows(request, db, "events", asked, limit, offset, order)


@router.get("/events/{id}", response_model=models.EventDetail, responses=_MISSING)
def event(db: Db, id: str) -> Row:
    """An act with every report of it, and how far they agree."""
    row = act_row(db, id)
    if row is None:
        raise HTTPException(404, f"there is no record {id!r} among events")
    sources = sources_of(db, row)
    reports = [told.row for source in sources for told in source.tellings]
    spread = [
        {
            "field": field.name.lower().replace(" ", "_"),
            "differs": field.differs,
            "silent": field.silent,
            "values": [
                {
                    "value": said.words,
                    "reports": [told.row["id"] for told in said.tellings],
                    "n_independent": said.sources,
                }
                for said in field.values
            ],
        }
        for field in spread_of(db, id, sources)
    ]
    return row | {"reports": reports, "spread": spread}


@router.get("/reports", response_model=models.Page[models.ReportRow])
def reports(
    request: Request,
    db: Db,
    asked: Asked,
    limit: Limit = 50,
    offset: Offset = 0,
    order: Order = "oldest",
) -> Row:
    """Acts as each article tells them."""
    return _rows(request, db, "reports", asked, limit, offset, order)


@router.get("/reports/{id}", response_model=models.ReportRow, responses=_MISSING)
def report(db: Db, id: str) -> Row:
    """An act as one article tells it."""
    return _row(db, "reports", id)


@router.get("/statements", response_model=models.Page[models.StatementRow])
def statements(
    request: Request,
    db: Db,
    asked: Asked,
    limit: Limit = 50,
    offset: Offset = 0,
    order: Order = "oldest",
) -> Row:
    """Who said what, to whom, how and when."""
    return _rows(request, db, "statements", asked, limit, offset, order)


@router.get("/statements/{id}", response_model=models.StatementRow, responses=_MISSING)
def statement(db: Db, id: str) -> Row:
    """A statement."""
    return _row(db, "statements", id)


@router.get("/positions", response_model=models.Page[models.PositionRow])
def positions(
    request: Request,
    db: Db,
    asked: Asked,
    limit: Limit = 50,
    offset: Offset = 0,
    order: Order = "oldest",
) -> Row:
    """Where parties stand on issues, and their words. ``pair`` is no condition on them."""
    return _rows(request, db, "positions", asked, limit, offset, order)


@router.get("/positions/{id}", response_model=models.PositionRow, responses=_MISSING)
def position(db: Db, id: str) -> Row:
    """A position."""
    return _row(db, "positions", id)


@router.get("/actors", response_model=models.Page[models.ActorRow])
def actors(request: Request, db: Db, asked: Asked, limit: Limit = 50, offset: Offset = 0) -> Row:
    """Actors, the most often told of first. ``actor``, ``country``, ``since`` and ``until`` are
    conditions on them."""
    found = find_actors(db, asked, Wanted(limit=limit, offset=offset))
    return _page(request, found.n, limit, offset, found.rows)


@router.get("/actors/{id:path}", response_model=models.ActorDetail, responses=_MISSING)
def actor(db: Db, id: str) -> Row:
    """An actor with its roles over time."""
    row = actor_row(db, id)
    if row is None:
        raise HTTPException(404, f"there is no actor {id!r}")
    return row | {"roles": roles_of(db, id)}


@router.get("/articles", response_model=models.Page[models.ArticleRow])
def articles(
    request: Request,
    db: Db,
    asked: Asked,
    limit: Limit = 50,
    offset: Offset = 0,
    order: Order = "oldest",
) -> Row:
    """Articles without their text."""
    return _rows(request, db, "articles", asked, limit, offset, order)


@router.get("/articles/{id}", response_model=models.ArticleRow, responses=_MISSING)
def article(db: Db, id: str) -> Row:
    """An article without its text."""
    return _row(db, "articles", id)


@router.get("/articles/{id}/record", response_model=Record, responses=_MISSING)
def record(db: Db, id: str) -> Record:
    """The whole record of an article with its text, with corrections in the place of what they
    correct."""
    stored = db.one(_RECORD, {"id": id})
    if stored is None or stored["text"] is None:
        raise HTTPException(404, f"there is no record of {id!r}, or its store has no text")
    return corrected_record(db, id, stored_record(stored), fixes_of(db, id))


_RECORD = """
SELECT a.text, r.record FROM articles a JOIN records r ON r.article = a.id WHERE a.id = $id
"""


@router.get("/stories", response_model=models.Page[models.StoryRow])
def stories(
    request: Request,
    db: Db,
    limit: Limit = 50,
    offset: Offset = 0,
    most_printed: Annotated[
        bool, Query(description="those of most articles first, not the oldest")
    ] = False,
) -> Row:
    """Texts of common origin, each with the articles that print it."""
    total = db.cached("stories", lambda: db.rows("SELECT count(*) AS n FROM stories")[0]["n"])
    first = "s.n_articles DESC, " if most_printed else ""
    sql = (
        f"{_STORIES} ORDER BY {first}s.first_published NULLS LAST, s.id LIMIT $limit OFFSET $offset"
    )
    return _page(request, total, limit, offset, db.rows(sql, {"limit": limit, "offset": offset}))


_STORIES = """
SELECT s.id, s.n_articles, s.n_outlets, s.n_independent, s.agency, s.first_published,
       s.first_article, d.headline
FROM stories s LEFT JOIN articles d ON d.id = s.first_article
"""
_MEMBERS = """
SELECT t.article, d.url, d.outlet, d.headline, d.published, t.similarity, t.evidence
FROM story_articles t JOIN articles d ON d.id = t.article WHERE t.story = $id
ORDER BY d.published NULLS LAST, t.article
"""


@router.get("/stories/{id}", response_model=models.StoryDetail, responses=_MISSING)
def story(db: Db, id: str) -> Row:
    """A story with its articles."""
    row = db.one(f"{_STORIES} WHERE s.id = $id", {"id": id})
    if row is None:
        raise HTTPException(404, f"there is no story {id!r}")
    return row | {"articles": db.rows(_MEMBERS, {"id": id})}


# -- reading a page --------------------------------------------------------------------------------

# Reading takes all of a core; a second page waits for the first.
_reading = threading.Lock()
_PAGE = {
    "requestBody": {
        "required": True,
        "description": "One news page as it is: HTML or plain text. Give an encoding that the page"
        " does not name itself as charset of the Content-Type.",
        "content": {
            "text/html": {"schema": {"type": "string"}},
            "text/plain": {"schema": {"type": "string"}},
        },
    }
}


@router.post(
    "/read",
    response_model=Record,
    openapi_extra=_PAGE,
    responses={413: {"model": models.Failure, "description": "The page is too large"}},
)
async def read(
    request: Request,
    url: Annotated[str | None, Query(max_length=4000, description="address of the page")] = None,
    published: Annotated[
        str | None, Query(max_length=40, description="ISO date, in place of the one on the page")
    ] = None,
) -> Record:
    """The record of a page. Nothing is kept. A page without a story has ``article.problem`` set."""
    page = _decoded(await request.body(), request.headers.get("content-type", ""))
    return await run_in_threadpool(_read, page, url, published, settings(request).query_seconds)


def _decoded(body: bytes, content_type: str) -> bytes | str:
    """The page; as text when the request says in which encoding it is. Raises QueryError."""
    message = Message()
    message["content-type"] = content_type
    charset = message.get_param("charset")
    if not body.strip():
        raise QueryError("the request has no body: post the page itself, HTML or plain text")
    if not isinstance(charset, str):
        return body
    try:
        return body.decode(charset, "replace")
    except (LookupError, ValueError):
        raise QueryError(f"charset: {charset!r} is no encoding that is known here") from None


def _read(page: bytes | str, url: str | None, published: str | None, seconds: float) -> Record:
    from dateline import api

    if isinstance(page, str):
        page += "\n"  # one line alone could name a file of this machine
    with _turn(seconds):
        try:
            return api.read(page, url=url, published=published)
        except ValueError as error:
            raise QueryError(str(error)) from None


@contextmanager
def _turn(seconds: float) -> Iterator[None]:
    """Wait for the page before. Raises HTTPException 503 after ``seconds``."""
    if not _reading.acquire(timeout=seconds):
        raise HTTPException(503, "the server is reading another page; try again")
    try:
        yield
    finally:
        _reading.release()


# -- description -----------------------------------------------------------------------------------


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document. Every failure has one shape, so the framework's own is taken out."""
    if not app.openapi_schema:
        found = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        for operations in found["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            found["components"]["schemas"].pop(name, None)
        # Descriptions are Markdown there, docstrings here are not.
        app.openapi_schema = json.loads(json.dumps(found).replace("``", "`"))
    described: dict[str, Any] = app.openapi_schema
    return described


@router.get("", include_in_schema=False)
def index(request: Request) -> HTMLResponse:
    """What the API has, for people."""
    schema = describe(request.app)
    calls = [
        {"path": path, "method": method.upper(), **operation}
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]
    return render(request, "api.html", {"calls": calls})
