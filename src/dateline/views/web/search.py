"""Search over articles, statements, acts, positions and actors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from dateline.store.corpus import Row
from dateline.store.filters import Filters
from dateline.store.queries import Values, has_words, hits, is_called, select_ids
from dateline.views.layout import clean
from dateline.views.web.actors import Wanted, find_actors
from dateline.views.web.address import Asked, allowed
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, Pages, render
from dateline.views.web.word_index import Hit, folded, pattern_of, search, terms_of, word_index

router = APIRouter(include_in_schema=False)

Told = Literal["statements", "events", "positions"]
Kind = Literal["articles", "statements", "events", "positions", "actors"]
KINDS: Mapping[Kind, str] = {
    "articles": "Articles",
    "statements": "Statements",
    "events": "Acts",
    "positions": "Positions",
    "actors": "Actors",
}
# Results of each kind on the page of all kinds, and which kinds it has.
_FEW = 5
_ALL: Sequence[Kind] = ("actors", "articles", "statements")
# Characters of a text shown around the words found.
_BEFORE, _AROUND = 90, 260
# Conditions of an address that a kind does not have are left aside.
_CONDITIONS: Mapping[Kind, Sequence[str]] = {
    "articles": ("actor", "pair", "country", "type", "since", "until", "place", "issue", "status"),
    "statements": (
        "actor",
        "pair",
        "country",
        "type",
        "since",
        "until",
        "place",
        "issue",
        "status",
    ),
    "events": ("actor", "pair", "country", "type", "since", "until", "place", "issue", "status"),
    "positions": ("actor", "country", "type", "since", "until", "place", "issue", "status"),
    "actors": ("actor", "country", "since", "until"),
}


@dataclass(frozen=True, slots=True)
class Results:
    """What was found of a kind. ``n`` in all; ``exact`` is False when ``n`` is an estimate."""

    kind: Kind
    rows: Sequence[Row]
    n: int
    exact: bool = True


@router.get("/search")
def search_page(
    request: Request,
    db: Db,
    pages: Pages,
    asked: Asked,
    q: Annotated[str, Query(max_length=500)] = "",
    kind: Kind | Literal[""] = "",
) -> HTMLResponse:
    """What holds all words of ``q``, by kind."""
    terms = terms_of(q)
    found = db.cached(
        ("search", tuple(terms), asked, kind, pages.number, pages.size),
        lambda: _results(db, terms, asked, kind, pages.offset, pages.size),
    )
    shown = found[kind] if kind else None
    context = {
        "asked": asked,
        "terms": terms,
        "kind": kind,
        "kinds": KINDS,
        "found": found,
        "more": shown is not None and pages.offset + len(shown.rows) < shown.n,
        "pages": pages,
        "marked": marked,
    }
    return render(request, "search.html", context)


def _results(
    db: Database,
    terms: Sequence[str],
    asked: Filters,
    kind: Kind | Literal[""],
    offset: int,
    size: int,
) -> dict[Kind, Results]:
    """Results of each kind: those of ``kind`` in full, a few of all kinds when it is ''."""
    if not terms and not asked.used() and not kind:
        return {}
    kinds: Sequence[Kind] = [kind] if kind else _ALL
    size, offset = (size, offset) if kind else (_FEW, 0)
    return {name: find(db, name, terms, asked, offset, size) for name in kinds}


def find(
    db: Database, kind: Kind, terms: Sequence[str], asked: Filters, offset: int, size: int
) -> Results:
    """Rows of a kind that hold all ``terms`` and meet ``asked``, the newest first."""
    filters = allowed(asked, _CONDITIONS[kind])
    if kind == "articles":
        return _articles(db, terms, filters, offset, size)
    if kind == "actors":
        return _actors(db, terms, filters, offset, size)
    return _told(db, kind, terms, filters, offset, size)


def _told(
    db: Database, kind: Told, terms: Sequence[str], filters: Filters, offset: int, size: int
) -> Results:
    """Statements, acts and positions: each term in the words of the row or in those of a party."""
    values = Values()
    found = hits(kind, filters, values)
    tests = [
        f"({has_words('x.words', term, values)} OR x.owner IN"
        f" (SELECT p.owner FROM parties p WHERE {is_called('p', term, values)}))"
        for term in terms
    ]
    rows = db.rows(
        f"SELECT x.id, count(*) OVER () AS n FROM ({found}) x WHERE {' AND '.join(tests) or 'TRUE'}"
        f" ORDER BY x.first DESC, x.id LIMIT {values.add(size)} OFFSET {values.add(offset)}",
        values.named,
    )
    ids = [row["id"] for row in rows]
    by_id = {row["id"]: row for row in db.query(select_ids(kind, ids))} if ids else {}
    return Results(kind, [by_id[id] for id in ids if id in by_id], rows[0]["n"] if rows else 0)


def _articles(
    db: Database, terms: Sequence[str], filters: Filters, offset: int, size: int
) -> Results:
    index = word_index(db)
    among = index.flags(_meeting(db, filters)) if filters.used() else index.all
    for term in terms:
        among = among & index.candidates(term)
    found = search(db, terms, among, offset, size)
    ids = [hit.id for hit in found.hits]
    rows = {row["id"]: row for row in db.rows(_HEADS, {"ids": ids})} if ids else {}
    listed = [rows[hit.id] | _excerpt(hit, terms) for hit in found.hits]
    return Results("articles", listed, found.n, found.exact)


_HEADS = """
SELECT id, headline, standfirst, published, outlet, url, language FROM articles
WHERE id IN (SELECT unnest($ids))
"""


def _meeting(db: Database, filters: Filters) -> list[str]:
    """Articles that meet conditions."""
    values = Values()
    rows = db.rows(f"SELECT x.id FROM ({hits('articles', filters, values)}) x", values.named)
    return [row["id"] for row in rows]


def _excerpt(hit: Hit, terms: Sequence[str]) -> dict[str, Any]:
    """Words around the first place of a term, and where the terms stand."""
    if hit.text is None or not hit.spans:
        return {"excerpt": marked((hit.text or "")[:_AROUND], terms), "spans": list(hit.spans)}
    first = hit.spans[0][0]
    start = 0 if first <= _BEFORE else hit.text.find(" ", first - _BEFORE) + 1
    cut = hit.text[start : start + _AROUND]
    words = cut if start + _AROUND >= len(hit.text) else cut.rpartition(" ")[0] + " …"
    return {
        "excerpt": marked(f"… {words}" if start else words, terms),
        "spans": [list(span) for span in hit.spans],
    }


def marked(text: str, terms: Sequence[str]) -> Markup:
    """``text`` on one line with the terms in <mark>; everything in it is escaped."""
    text = clean(text)
    plain = folded(text)
    places = sorted({found.span() for term in terms for found in pattern_of(term).finditer(plain)})
    parts, end = [], 0
    for start, stop in places:
        if start >= end:
            parts += [escape(text[end:start]), Markup("<mark>{}</mark>").format(text[start:stop])]
            end = stop
    return Markup().join([*parts, escape(text[end:])])


def _actors(
    db: Database, terms: Sequence[str], filters: Filters, offset: int, size: int
) -> Results:
    """Actors whose name has all terms."""
    found = find_actors(db, filters, Wanted(tuple(terms), limit=size, offset=offset))
    return Results("actors", found.rows, found.n)
