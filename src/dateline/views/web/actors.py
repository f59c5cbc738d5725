"""Actors: the list of them, and a page for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dateline.store.corpus import Row
from dateline.store.filters import Filters
from dateline.store.queries import Values, What, conditions, has_words, select_ids
from dateline.views.web.address import Asked, allowed, link
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, Pages, Paging, render

router = APIRouter(include_in_schema=False)

# Conditions that the list of actors has; others in an address are left alone.
CONDITIONS = ("actor", "country", "since", "until")
_KINDS = ("person", "country", "organisation", "group", "role")
_COUNTED = frozenset(f"n_{kind}" for kind in _KINDS)
# Rows of each kind on an actor's page.
_SHOWN = 8
_COUNTERPARTS = 12

_LIST = """
SELECT actor, arg_max(name, day) AS name, arg_max(country, day) AS country,
       arg_max(sector, day) AS sector, arg_max_null(office, day) AS office,
       arg_max(kind, day) AS kind, count(*) AS n_articles,
       min(published) AS first_published, max(published) AS last_published
FROM (
    SELECT a.*, d.published, coalesce(d.published, '-infinity'::TIMESTAMPTZ) AS day,
           strftime(d.published AT TIME ZONE 'UTC', '%Y-%m-%d') AS first,
           strftime(d.published AT TIME ZONE 'UTC', '%Y-%m-%d') AS last
    FROM actors a JOIN articles d ON d.id = a.article
) x WHERE {where} GROUP BY actor
"""
# An act counts once, whoever tells it; statements and positions as often as they are told.
_PARTS = """
SELECT p.actor, count(DISTINCT t.act) FILTER (p.role = 'actor') AS n_given,
       count(DISTINCT t.act) FILTER (p.role = 'recipient') AS n_received,
       count(DISTINCT p.owner) FILTER (p.role = 'speaker') AS n_statements,
       count(DISTINCT p.owner) FILTER (p.role = 'party') AS n_positions
FROM parties p LEFT JOIN act_events t ON t.event = p.owner
WHERE p.actor IN (SELECT unnest($actors)) GROUP BY p.actor
"""


@router.get("/actors")
def actors(
    request: Request,
    db: Db,
    pages: Pages,
    asked: Asked,
    kind: Annotated[str, Query(max_length=20)] = "",
    unknown: bool = False,
) -> HTMLResponse:
    """Who is in the corpus, most often told of first. Those known from the articles alone are left
    out unless ``unknown`` is set."""
    filters = allowed(asked, CONDITIONS)
    wanted = page_of(pages, kind if kind in _KINDS else "", unknown)
    found = find_actors(db, filters, wanted)
    rows, more = pages.cut(list(found.rows))
    context = {"rows": rows, "more": more, "pages": pages, "asked": filters, "found": found}
    return render(request, "actors.html", context | {"kind": wanted.kind, "unknown": unknown})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actors: with all ``terms`` in the name, of a ``kind`` ('': any), and whether with those
    ``unknown`` to the registry, known from their article alone."""

    terms: tuple[str, ...] = ()
    kind: str = ""
    unknown: bool = True
    limit: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """Actors, the most often told of first: ``n`` of the kind wanted, ``kinds`` of each kind."""

    rows: Sequence[Row]
    n: int
    kinds: Mapping[str, int]

    @property
    def n_all(self) -> int:
        return sum(self.kinds.values())


def page_of(pages: Paging, kind: str = "", unknown: bool = False) -> Wanted:
    """The actors of a page of the list, one more than are shown."""
    return Wanted((), kind, unknown, pages.limit, pages.offset)


def find_actors(db: Database, filters: Filters, wanted: Wanted) -> Listed:
    """Actors that meet ``filters``, each in one row as of the last article that names it."""
    found: Listed = db.cached(("actors", filters, wanted), lambda: _find(db, filters, wanted))
    return found


def _find(db: Database, filters: Filters, wanted: Wanted) -> Listed:
    values = Values()
    where = conditions("actors", filters, values)
    where += [has_words("x.name", term, values) for term in wanted.terms]
    if not wanted.unknown:
        where.append("x.actor NOT LIKE '~%'")
    found = _LIST.format(where=" AND ".join(where) or "TRUE")
    chosen = f" WHERE kind = {values.add(wanted.kind)}" if wanted.kind else ""
    kinds_of = ", ".join(
        f"count(*) FILTER (kind = '{kind}') OVER () AS n_{kind}" for kind in _KINDS
    )
    listed = db.rows(
        f"SELECT * FROM (SELECT *, {kinds_of} FROM ({found})){chosen}"
        " ORDER BY n_articles DESC, name, actor"
        f" LIMIT {values.add(wanted.limit)} OFFSET {values.add(wanted.offset)}",
        values.named,
    )
    if not listed and (wanted.kind or wanted.offset):
        counted = find_actors(db, filters, replace(wanted, kind="", offset=0, limit=1))
        return Listed([], counted.kinds.get(wanted.kind, counted.n), counted.kinds)
    kinds = {kind: listed[0][f"n_{kind}"] if listed else 0 for kind in _KINDS}
    rows = [{name: row[name] for name in row if name not in _COUNTED} for row in listed]
    n = kinds[wanted.kind] if wanted.kind else sum(kinds.values())
    return Listed(with_parts(db, rows), n, kinds)


def with_parts(db: Database, rows: Sequence[Row]) -> list[Row]:
    """Rows of actors with how often each is in each part."""
    found = db.rows(_PARTS, {"actors": [row["actor"] for row in rows]})
    parts = {row["actor"]: row for row in found}
    none = {"n_given": 0, "n_received": 0, "n_statements": 0, "n_positions": 0}
    return [row | (parts.get(row["actor"]) or none) for row in rows]


# -- an actor --------------------------------------------------------------------------------------


_ROLES = """
SELECT a.office, a.country, a.sector, a.sector2, a.note, min(d.published) AS first,
       max(d.published) AS last, count(*) AS n_articles, arg_max(a.name, a.article) AS name,
       arg_max(a.kind, a.article) AS kind
FROM actors a JOIN articles d ON d.id = a.article WHERE a.actor = $actor
GROUP BY a.office, a.country, a.sector, a.sector2, a.note
ORDER BY first NULLS LAST, last, a.office, a.country, a.sector
"""
# Everything that an actor is a party to, in one reading of the parties: ``part`` says what a row is,
# ``key`` is an id, a name or words, ``n`` and ``m`` are counts or a rank.
_PARTY_TO = """
WITH mine AS MATERIALIZED (
    SELECT article, owner, role, text FROM parties WHERE actor = $actor
),
acted AS MATERIALIZED (
    SELECT DISTINCT mine.owner, mine.role, t.act
    FROM mine JOIN act_events t ON t.event = mine.owner WHERE role IN ('actor', 'recipient')
),
did AS (SELECT DISTINCT role, act FROM acted),
ranked AS (
    SELECT did.role, did.act, row_number() OVER (
        PARTITION BY did.role ORDER BY a.first DESC NULLS LAST, a.n_independent DESC, a.id) AS place
    FROM did JOIN act_lines a ON a.id = did.act
),
said AS (
    SELECT s.id, coalesce(s.when_start, strftime(d.published AT TIME ZONE 'UTC', '%Y-%m-%d')) AS day
    FROM statements s JOIN articles d ON d.id = s.article
    LEFT JOIN story_articles t ON t.article = s.article
    WHERE s.id IN (SELECT owner FROM mine WHERE role = 'speaker')
    -- A copy of a story says the same again.
    QUALIFY row_number() OVER (
        PARTITION BY coalesce(t.story, s.article), coalesce(s.content, s.id) ORDER BY s.id) = 1
),
stood AS (
    SELECT s.id, s.issue, coalesce(t.story, s.article) AS story,
           coalesce(s.when_start, strftime(d.published AT TIME ZONE 'UTC', '%Y-%m-%d'), '') AS day
    FROM positions s JOIN articles d ON d.id = s.article
    LEFT JOIN story_articles t ON t.article = s.article
    WHERE s.id IN (SELECT owner FROM mine WHERE role = 'party')
)
SELECT role AS part, act AS key, place AS n, 0 AS m FROM ranked WHERE place <= $most
UNION ALL
(SELECT 'said', id, row_number() OVER (ORDER BY day DESC NULLS LAST, id) AS n, 0
 FROM said ORDER BY n LIMIT $most)
UNION ALL
SELECT 'stood', arg_max(id, day || id), count(DISTINCT story), 0 FROM stood GROUP BY issue
UNION ALL
(SELECT 'called', text, count(*) AS n, 0 FROM mine WHERE text IS NOT NULL
 GROUP BY text ORDER BY n DESC, text LIMIT 8)
UNION ALL
(SELECT 'met', q.actor, count(DISTINCT acted.act) FILTER (acted.role = 'actor'),
        count(DISTINCT acted.act) FILTER (acted.role = 'recipient')
 FROM acted JOIN parties q ON q.owner = acted.owner
 WHERE q.actor <> $actor AND q.role <> acted.role GROUP BY q.actor
 ORDER BY count(DISTINCT acted.act) DESC, q.actor LIMIT $others)
"""
_NAMES = """
SELECT actor, any_value(name ORDER BY article) AS name FROM actors
WHERE actor IN (SELECT unnest($actors)) GROUP BY actor
"""


_CALLED = "SELECT DISTINCT actor FROM actors WHERE name = $name LIMIT 2"


@router.get("/actor")
def actor_called(db: Db, name: Annotated[str, Query(max_length=300)] = "") -> RedirectResponse:
    """The way from a name to its actor; to all actors with these words in their names when it is not
    the name of exactly one."""
    found = db.rows(_CALLED, {"name": name})
    if len(found) == 1:
        return RedirectResponse(link(f"/actor/{found[0]['actor']}"), status_code=303)
    asked = {"actor": name} if name.strip() else {}
    return RedirectResponse(link("/actors", unknown="true", **asked), status_code=303)


@router.get("/actor/{id:path}")
def actor(request: Request, db: Db, id: str) -> HTMLResponse:
    """What an actor was, said, did and met with."""
    context = db.cached(("actor", id), lambda: _actor(db, id))
    if context is None:
        raise HTTPException(404)
    return render(request, "actor.html", context)


def _actor(db: Database, id: str) -> dict[str, Any] | None:
    roles = roles_of(db, id)
    if not roles:
        return None
    [counts] = with_parts(db, [{"actor": id}])
    found = db.rows(_PARTY_TO, {"actor": id, "most": _SHOWN, "others": _COUNTERPARTS})
    parts: dict[str, list[Row]] = {}
    for row in sorted(found, key=lambda row: row["n"]):
        parts.setdefault(row["part"], []).append(row)
    keys = {part: [row["key"] for row in rows] for part, rows in parts.items()}
    given, received = keys.get("actor", []), keys.get("recipient", [])
    acts = _by_id(db, "events", {*given, *received})
    said = _by_id(db, "statements", keys.get("said", []))
    return {
        "id": id,
        "row": max(roles, key=lambda role: (role["last"] is not None, role["last"])),
        "counts": counts,
        "n_articles": sum(role["n_articles"] for role in roles),
        "roles": roles,
        "mentions": _most(parts.get("called", [])),
        "given": [acts[key] for key in given],
        "received": [acts[key] for key in received],
        "statements": [said[key] for key in keys.get("said", [])],
        "stances": _stances(db, _most(parts.get("stood", []))),
        "met": _met(db, parts.get("met", [])),
    }


def _most(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row["n"] - row["m"], row["key"]))


def _by_id(db: Database, what: What, ids: Iterable[str]) -> dict[str, Row]:
    listed = sorted(ids)
    return {row["id"]: row for row in db.query(select_ids(what, listed))} if listed else {}


def _stances(db: Database, rows: Sequence[Row]) -> list[Row]:
    """The last position on each issue, with the number of stories that tell one."""
    found = _by_id(db, "positions", [row["key"] for row in rows])
    return [found[row["key"]] | {"n": row["n"]} for row in rows if row["key"] in found]


def _met(db: Database, rows: Sequence[Row]) -> list[Row]:
    """Other parties with the acts toward and from them."""
    listed = db.rows(_NAMES, {"actors": [row["key"] for row in rows]}) if rows else []
    names = {row["actor"]: row["name"] for row in listed}
    return [
        {
            "actor": row["key"],
            "name": names[row["key"]],
            "n_given": row["n"],
            "n_received": row["m"],
        }
        for row in _most(rows)
        if row["key"] in names
    ]


def actor_row(db: Database, id: str) -> Row | None:
    """An actor as the list has it, None when there is none with this id."""
    rows = db.rows(_LIST.format(where="x.actor = $actor"), {"actor": id})
    return next(iter(with_parts(db, rows)), None)


def roles_of(db: Database, id: str) -> list[Row]:
    """Each office, country and sector that an actor had, in the order in which they begin, with the
    name and kind it then had; [] for an actor that no article names."""
    return db.rows(_ROLES, {"actor": id})
