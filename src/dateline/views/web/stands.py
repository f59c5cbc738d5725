"""Where parties stand: the latest stance of each on each issue, and how it came to be.

A party is a *side* or somebody of its own. A side is a state (or the United Nations or the European
Union) with all who speak for it: its government, forces and services. Rebels, parties, companies and
people in no such office stand for themselves. ``key`` is a country's code, an id of the registry, or,
for those known from one article alone, the name. Copies of one story count once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, get_args

from dateline.knowledge.tables import KnowledgeError, numbered_rows
from dateline.record.model import Stance
from dateline.store.corpus import Row
from dateline.store.countries import country_code, country_names
from dateline.store.filters import Filters
from dateline.store.queries import Query, Values, hits
from dateline.views.web.database import Database

Grouping = Literal["side", "actor"]
Relation = Literal["agree", "differ", "near"]
STANCES: tuple[str, ...] = get_args(Stance)
# As charts list them: from giving to refusing.
STANCE_ORDER = (
    "accepts", "offers", "supports", "conditions", "demands", "doubts", "rejects", "rules_out",
)  # fmt: skip

_PAIR_COLUMNS = ("a", "b", "relation", "note")
# PLOVER sectors whose people speak for the state: the country as such, government, forces, services,
# and the staff of the bodies that stand for several states.
_SPEAK_FOR_STATE = ("", "GOV", "MIL", "SPY", "IGO")
_NO_SIDE = ("", "IGO")  # no country, and bodies of many countries, which are each their own

_OWN = """CASE WHEN p.actor IS NOT NULL AND NOT starts_with(p.actor, '~') THEN p.actor
         ELSE coalesce(a.name, p.text) END"""
_KEYS: dict[Grouping, str] = {
    "actor": _OWN,
    "side": f"""CASE WHEN a.country NOT IN {_NO_SIDE} AND a.sector IN {_SPEAK_FOR_STATE}
         THEN a.country ELSE {_OWN} END""",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """The latest stance of a party on an issue, with its words. ``n_stands`` counts stances by
    independent stories; ``before`` is the last one of an earlier day that differs, None when there
    is none."""

    party: str
    issue: str
    stance: str
    content: str | None
    article: str
    spans: list[list[int]]
    first: str | None
    last: str | None
    basis: str | None
    confidence: float
    n_stands: int
    before: str | None
    before_day: str | None


@dataclass(frozen=True, slots=True)
class Party:
    """A party with its name and the number of its stances by independent stories."""

    key: str
    name: str
    n_stands: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Parties and issues, most stances first, and the cells that are not empty by both."""

    parties: list[Party]
    issues: list[str]
    cells: dict[tuple[str, str], Cell]


def matrix(
    db: Database, filters: Filters, grouping: Grouping, limit: int, offset: int = 0
) -> Matrix:
    """The latest stances of ``limit`` parties from ``offset`` on."""
    values = Values()
    latest = _latest(filters, values, _KEYS[grouping], limit=limit, offset=offset)
    rows = db.rows(_CELLS.format(latest=latest), values.named)
    parties = {
        row["party"]: Party(row["party"], _named(row["party"], row["name"]), row["n"])
        for row in rows
    }
    cells = {(row["party"], row["issue"]): _cell(row) for row in rows}
    return Matrix(list(parties.values()), _issues(cells.values()), cells)


def cells_of(db: Database, filters: Filters, party: str) -> dict[str, Cell]:
    """The latest stances of one party, as a side or on its own, by issue."""

    def make() -> dict[str, Cell]:
        values = Values()
        key = values.add(party)
        latest = _latest(filters, values, key, party=key)
        rows = db.rows(_CELLS.format(latest=latest), values.named)
        return {row["issue"]: _cell(row) for row in rows}

    found: dict[str, Cell] = db.cached(("cells", filters, party), make)
    return found


def history(db: Database, filters: Filters, party: str, issue: str) -> list[Row]:
    """The stances of a party on an issue, oldest first: one row a stance and story, with who took it
    (``name``, ``office``), the chain to the party (``via``), who reports it, and ``n_articles`` that
    print it."""

    def make() -> list[Row]:
        values = Values()
        found = hits("positions", replace(filters, issue=(issue,)), values)
        where = _is_party(values.add(party))
        sql = _HISTORY.format(found=found, place=_PLACE, where=where)
        return db.query(Query(sql, values.named))

    asked_for_another = filters.issue and issue not in filters.issue
    rows: list[Row] = (
        [] if asked_for_another else db.cached(("stands", filters, party, issue), make)
    )
    return rows


def known_parties(db: Database, limit: int = 300) -> list[Party]:
    """Parties to choose from, most stances first."""

    def make() -> list[Party]:
        values = Values()
        latest = _latest(Filters(), values, _KEYS["side"], limit=limit)
        rows = db.rows(_CHOSEN.format(latest=latest), values.named)
        return [Party(row["party"], _named(row["party"], row["name"]), row["n"]) for row in rows]

    found: list[Party] = db.cached(("parties", limit), make)
    return found


def party_key(db: Database, written: str) -> str:
    """The key of a party that a person wrote: a country by code or name, a key, or a name."""
    code = country_code(written)
    if code is not None:
        return code
    plain = written.casefold()
    return next((p.key for p in known_parties(db) if p.name.casefold() == plain), written)


def party_name(db: Database, key: str) -> str:
    """The name of a party as shown."""
    named = country_names().get(key)
    if named is not None:
        return named
    row = db.one("SELECT min(name) AS name FROM actors WHERE actor = $key", {"key": key})
    return (row and row["name"]) or key


def relation(one: str, other: str) -> Relation:
    """How two stances on an issue lie to one another: agree, differ, or near: only their words tell."""
    return _relations()[frozenset((one, other))]


@cache
def _relations() -> dict[frozenset[str], Relation]:
    """``knowledge/stance_pairs.csv``. Raises KnowledgeError."""
    found: dict[frozenset[str], Relation] = {}
    name = "stance_pairs.csv"
    for line, row in numbered_rows(name, _PAIR_COLUMNS):
        if row["a"] not in STANCES or row["b"] not in STANCES:
            raise KnowledgeError(f"{name}, line {line}: {row['a']} or {row['b']} is no stance")
        if row["relation"] not in get_args(Relation):
            raise KnowledgeError(f"{name}, line {line}: {row['relation']} is no relation")
        found[frozenset((row["a"], row["b"]))] = row["relation"]  # type: ignore[assignment]
    missing = [(a, b) for a in STANCES for b in STANCES if frozenset((a, b)) not in found]
    if missing:
        raise KnowledgeError(f"{name}: expected every pair of stances, {missing[0]} is missing")
    return found


# Of a story that says the same several times, the first telling stands. ``place`` orders tellings by
# day, then by where they stand in their articles, and tells them apart.
# Day (10 characters), offset (9) and id, so that parts are cut out by their places.
_PLACE = """rpad(coalesce(left(h.first, 10), ''), 10, ' ')
    || lpad(h.content_start::VARCHAR, 9, '0') || h.id"""
_LATEST = """
WITH h AS ({found}),
taken AS (
    SELECT {key} AS party, coalesce(a.name, p.text) AS name, h.issue, h.stance,
           coalesce(s.story, h.article) AS story, {place} AS place
    FROM h JOIN parties p ON p.owner = h.owner AND p.role = 'party'
    LEFT JOIN actors a ON a.article = p.article AND a.actor = p.actor
    LEFT JOIN story_articles s ON s.article = h.article
    WHERE {where}
),
once AS (
    SELECT party, issue, stance, story, min(place) AS place, min(name) AS name
    FROM taken WHERE coalesce(party, '') <> '' GROUP BY party, issue, stance, story
),
chosen AS (
    SELECT party, min(name) AS name, count(*) AS n FROM once
    GROUP BY party ORDER BY n DESC, party LIMIT {limit} OFFSET {offset}
)"""
_CHOSEN = "{latest} SELECT party, name, n FROM chosen ORDER BY n DESC, party"
_CELLS = """{latest},
last AS (
    SELECT party, issue, max(place) AS place, arg_max(stance, place) AS stance, count(*) AS n_stands
    FROM once WHERE party IN (SELECT party FROM chosen) GROUP BY party, issue
),
moved AS (
    SELECT o.party, o.issue, arg_max(o.stance, o.place) AS before, max(o.place) AS place
    FROM once o JOIN last l ON l.party = o.party AND l.issue = o.issue
    WHERE o.stance <> l.stance AND left(o.place, 10) < left(l.place, 10)
    GROUP BY o.party, o.issue
)
SELECT l.party, l.issue, l.stance, l.n_stands, c.name, c.n, m.before,
       rtrim(left(m.place, 10)) AS before_day, x.content, x.content_start, x.content_end, x.article,
       coalesce(x.when_start, rtrim(left(l.place, 10))) AS first,
       coalesce(x.when_end, rtrim(left(l.place, 10))) AS last, x.when_basis, x.confidence
FROM last l JOIN chosen c ON c.party = l.party
JOIN positions x ON x.id = substr(l.place, 20)
LEFT JOIN moved m ON m.party = l.party AND m.issue = l.issue
ORDER BY c.n DESC, l.party, l.issue"""
_HISTORY = """
WITH h AS ({found}),
taken AS (
    SELECT h.id, h.issue, h.stance, h.content, h.content_start, h.content_end, h.article,
           h.first, h.last, h.when_start, h.when_end, h.when_basis, h.via, h.confidence,
           h.statement, coalesce(s.story, h.article) AS story, {place} AS place,
           coalesce(a.name, p.text) AS party, a.country AS party_country, a.sector AS party_sector,
           a.office
    FROM h JOIN parties p ON p.owner = h.owner AND p.role = 'party'
    LEFT JOIN actors a ON a.article = p.article AND a.actor = p.actor
    LEFT JOIN story_articles s ON s.article = h.article
    WHERE {where}
),
once AS (
    SELECT *, count(DISTINCT article) OVER same AS n_articles FROM taken
    WINDOW same AS (PARTITION BY stance, story)
    QUALIFY row_number() OVER (PARTITION BY stance, story ORDER BY place) = 1
)
SELECT o.*, d.outlet, d.headline, d.url, d.published,
       (SELECT min(coalesce(b.name, q.text)) FROM parties q
        LEFT JOIN actors b ON b.article = q.article AND b.actor = q.actor
        WHERE q.owner = o.statement AND q.role = 'speaker') AS reported_by
FROM once o JOIN articles d ON d.id = o.article ORDER BY o.place"""


def _is_party(value: str) -> str:
    """Whether a party is the one of a key, as a side or on its own."""
    # A look-up of the few actors that may be it rules out nearly all parties at once.
    actors = (
        f"SELECT (x.article, x.actor) FROM actors x WHERE {value} IN (x.country, x.actor, x.name)"
    )
    return (
        f"(p.text = {value} OR (p.article, p.actor) IN ({actors}))"
        f" AND ({_KEYS['side']} = {value} OR {_OWN} = {value})"
    )


def _latest(
    filters: Filters,
    values: Values,
    key: str,
    *,
    party: str | None = None,
    limit: int = 1,
    offset: int = 0,
) -> str:
    """SQL of the stances of parties told apart by ``key``, of one ``party`` when it is given."""
    return _LATEST.format(
        found=hits("positions", filters, values),
        key=key,
        place=_PLACE,
        where="TRUE" if party is None else _is_party(party),
        limit=int(limit),
        offset=int(offset),
    )


def _named(key: str, name: str | None) -> str:
    return country_names().get(key) or name or key


def _issues(cells: Iterable[Cell]) -> list[str]:
    counts: dict[str, int] = {}
    for cell in cells:
        counts[cell.issue] = counts.get(cell.issue, 0) + cell.n_stands
    return sorted(counts, key=lambda issue: (-counts[issue], issue))


def _cell(row: Row) -> Cell:
    return Cell(
        party=row["party"],
        issue=row["issue"],
        stance=row["stance"],
        content=row["content"],
        article=row["article"],
        spans=[[row["content_start"], row["content_end"]]],
        first=row["first"] or None,
        last=row["last"] or None,
        basis=row["when_basis"] or ("published" if row["first"] else None),
        confidence=row["confidence"],
        n_stands=row["n_stands"],
        before=row["before"],
        before_day=row["before_day"] or None,
    )
