"""Questions to the store as SQL. What a user gives goes into parameters, never into the SQL.

Each kind of row has a *base*: a relation with the kind's own columns and, under the same names for
all kinds, ``owner`` (whose parties to look at), ``article``, ``statement`` (that reports it),
``first``/``last`` (ISO days, cut to what is known) and ``words``. Conditions are written on these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from dateline.store.countries import country_code
from dateline.store.filters import Filters, QueryError

What = Literal["events", "reports", "statements", "positions", "actors", "articles"]
KINDS: tuple[What, ...] = get_args(What)

_PUBLISHED = "strftime(d.published AT TIME ZONE 'UTC', '%Y-%m-%d')"

# One row an act, with the telling that stands for it. A telling that no act has yet (a build that
# was stopped before it merged) stands for itself. A connection has this as the view ``act_lines``
# (``store.corpus.connect``); a server makes it a table, as nearly all that it is asked begins here.
ACT_LINES = f"""
SELECT t.id, e.id AS owner, e.article, e.statement, t.act_type AS type, t.act_mode AS mode,
       t.contexts, t.cameo, t.quad, t.intensity, t.status, t.confidence, t.first_day, t.last_day,
       t.place_name AS place, t.place_country, t.lat, t.lon, t.geonameid,
       t.n_reports, t.n_articles, t.n_outlets, t.n_independent,
       e.when_granularity, e.when_basis, e.evidence, e.evidence_spans, e.trigger_start,
       e.evidence AS words,
       coalesce(t.first_day::VARCHAR, {_PUBLISHED}) AS first,
       coalesce(t.last_day::VARCHAR, {_PUBLISHED}) AS last
FROM (
    SELECT id, event, type AS act_type, mode AS act_mode, contexts, cameo, quad, intensity, status,
           confidence, first_day, last_day, place_name, place_country, lat, lon, geonameid,
           n_events AS n_reports, n_articles, n_outlets, n_independent
    FROM acts
    UNION ALL
    SELECT id, id, type, mode, contexts, cameo, quad, intensity, status,
           confidence, first_day, last_day, place_name, place_country, lat, lon, geonameid,
           1, 1, 1, 1
    FROM events WHERE id NOT IN (SELECT event FROM act_events)
) t JOIN events e ON e.id = t.event JOIN articles d ON d.id = e.article
"""

_EVENT_BASE = "SELECT * FROM act_lines"

_REPORT_BASE = f"""
SELECT e.id, coalesce(m.act, e.id) AS act, e.id AS owner, e.article, e.statement, e.type, e.mode,
       e.contexts, e.cameo, e.quad, e.intensity, e.status, e.confidence, e.first_day, e.last_day,
       e.when_start, e.when_end, e.when_granularity, e.when_basis,
       e.place_name AS place, e.place_country, e.lat, e.lon, e.geonameid,
       e.evidence, e.evidence_spans, e.trigger, e.trigger_start, e.trigger_end, e.evidence AS words,
       coalesce(e.first_day::VARCHAR, {_PUBLISHED}) AS first,
       coalesce(e.last_day::VARCHAR, {_PUBLISHED}) AS last
FROM events e JOIN articles d ON d.id = e.article LEFT JOIN act_events m ON m.event = e.id
"""

_STATEMENT_BASE = f"""
SELECT s.id, s.id AS owner, s.article, s.id AS statement, s.kind, s.channel, s.when_start,
       s.when_end, s.when_granularity, s.when_basis, s.content, s.content_spans, s.cue_spans,
       s.confidence, s.content AS words, s.content_spans[1][1] AS passage_start,
       s.content_spans[-1][2] AS passage_end,
       coalesce(s.when_start, {_PUBLISHED}) AS first, coalesce(s.when_end, {_PUBLISHED}) AS last
FROM statements s JOIN articles d ON d.id = s.article
"""

_POSITION_BASE = f"""
SELECT s.id, s.id AS owner, s.article, s.statement, s.issue, s.stance, s.content, s.content_start,
       s.content_end, s.when_start, s.when_end, s.when_granularity, s.when_basis, s.via,
       s.confidence, s.content AS words, s.content_start AS passage_start,
       s.content_end AS passage_end, coalesce(s.when_start, {_PUBLISHED}) AS first,
       coalesce(s.when_end, {_PUBLISHED}) AS last
FROM positions s JOIN articles d ON d.id = s.article
"""

_ARTICLE_BASE = f"""
SELECT d.id, d.id AS article, d.url, d.headline, d.standfirst, d.published,
       d.published_granularity, d.outlet, d.source, d.agency, d.section, d.language, d.words AS n_words,
       d.bylines, d.datelines,
       concat_ws(' ', d.headline, d.standfirst, page_text(d.text)) AS words,
       {_PUBLISHED} AS first, {_PUBLISHED} AS last
FROM articles d
"""

_ACTOR_BASE = f"""
SELECT a.article, a.actor, a.name, a.country, a.sector, a.sector2, a.office, a.kind,
       d.published, {_PUBLISHED} AS first, {_PUBLISHED} AS last
FROM actors a JOIN articles d ON d.id = a.article
"""

_BASES: dict[What, str] = {
    "events": _EVENT_BASE,
    "reports": _REPORT_BASE,
    "statements": _STATEMENT_BASE,
    "positions": _POSITION_BASE,
    "articles": _ARTICLE_BASE,
    "actors": _ACTOR_BASE,
}
# Conditions that mean nothing for a kind.
_NOT_FOR: dict[What, frozenset[str]] = {
    "positions": frozenset({"pair"}),
    "actors": frozenset({"pair", "type", "place", "issue", "status", "text"}),
}

_SOURCE_COLUMNS = "h.article, d.url, d.outlet, d.published, d.headline"


def _side(role: str, *, many: bool = True) -> str:
    """Columns of the parties in a role: names, countries and sectors, in the order they are told."""
    parts = []
    for suffix, value in (("", "name"), ("_countries", "country"), ("_sectors", "sector")):
        if many:
            listed = f"list({value} ORDER BY ordinal) FILTER (role = '{role}')"
            parts.append(f"{listed} AS {role}s{suffix or '_names'}")
        else:
            name = suffix.replace("ies", "y").rstrip("s")
            parts.append(f"min({value}) FILTER (role = '{role}' AND ordinal = 0) AS {role}{name}")
    return ", ".join(parts)


_EVENT_CAST = f"{_side('actor')}, {_side('recipient')}"
_SPEAKERS = f"{_side('speaker', many=False)}, {_side('addressee', many=False)}"
_PARTY = _side("party", many=False)

_EVENT_PARTIES = """
    coalesce(c.actors_names, []) AS actors, coalesce(c.actors_countries, []) AS actor_countries,
    coalesce(c.actors_sectors, []) AS actor_sectors,
    coalesce(c.recipients_names, []) AS recipients,
    coalesce(c.recipients_countries, []) AS recipient_countries,
    coalesce(c.recipients_sectors, []) AS recipient_sectors"""
_COLUMNS: dict[What, str] = {
    "events": f"""h.id, h.type, h.mode, h.contexts, h.cameo, h.quad, h.intensity, h.status,
    h.confidence, h.first_day, h.last_day, h.when_basis AS day_basis, {_EVENT_PARTIES},
    r.reported_by, h.place, h.place_country, h.lat, h.lon, h.geonameid, h.n_reports,
    h.n_articles, h.n_outlets, h.n_independent, h.evidence, h.evidence_spans, {_SOURCE_COLUMNS}""",
    "reports": f"""h.id, h.act AS event, h.type, h.mode, h.contexts, h.cameo, h.quad, h.intensity,
    h.status, h.confidence, h.when_start, h.when_end, h.when_granularity, h.when_basis,
    {_EVENT_PARTIES}, r.reported_by, h.place, h.place_country, h.lat, h.lon, h.geonameid,
    h.evidence, h.evidence_spans, h.trigger, h.trigger_start, h.trigger_end, {_SOURCE_COLUMNS}""",
    "statements": f"""h.id, c.speaker, c.speaker_country, c.speaker_sector, c.addressee,
    c.addressee_country, c.addressee_sector, h.kind, h.channel, h.when_start, h.when_end,
    h.when_granularity, h.when_basis, h.content, h.content_spans, h.cue_spans, h.confidence,
    {_SOURCE_COLUMNS}""",
    "positions": f"""h.id, c.party, c.party_country, c.party_sector, h.issue, h.stance, h.content,
    h.content_start, h.content_end, h.when_start, h.when_end, h.when_granularity, h.when_basis,
    h.via, h.statement, h.confidence, {_SOURCE_COLUMNS}""",
}
_CASTS: dict[What, str] = {
    "events": _EVENT_CAST,
    "reports": _EVENT_CAST,
    "statements": _SPEAKERS,
    "positions": _PARTY,
}


class Values:
    """Parameters of one statement; ``add`` gives the name that stands for a value in the SQL."""

    def __init__(self) -> None:
        self.named: dict[str, Any] = {}

    def add(self, value: object) -> str:
        """The placeholder of ``value``."""
        name = f"v{len(self.named)}"
        self.named[name] = value
        return f"${name}"

    def list(self, values: Iterable[str]) -> str:
        """Placeholders of several values, in brackets."""
        return f"({', '.join(self.add(value) for value in values)})"


@dataclass(frozen=True, slots=True)
class Query:
    """SQL and its parameters."""

    sql: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cut:
    """Which of the rows: ``limit`` of them from ``offset`` (None: all that follow), in order of their
    day and id; ``newest``: the last day first. Actors have an order of their own."""

    limit: int | None = None
    offset: int = 0
    newest: bool = False

    def order(self, row: str) -> str:
        """The order of the rows of a relation named ``row``."""
        return f"ORDER BY {row}.first {'DESC' if self.newest else 'ASC'}, {row}.id"

    def bounds(self, values: Values) -> str:
        """LIMIT and OFFSET, '' for all rows."""
        limit = "" if self.limit is None else f" LIMIT {values.add(self.limit)}"
        return limit + (f" OFFSET {values.add(self.offset)}" if self.offset else "")


ALL = Cut()


def select(what: What, filters: Filters, limit: int | Cut | None = None) -> Query:
    """Rows of a kind that meet ``filters``, in order of their day and id; ``limit`` is the most of
    them, or says which (``Cut``). Raises QueryError for a condition that the kind does not have."""
    values = Values()
    cut = limit if isinstance(limit, Cut) else Cut(limit)
    if what == "actors":
        return Query(_actors(filters, values, cut), values.named)
    return _whole(what, hits(what, filters, values, cut), values, cut)


def select_ids(what: What, ids: Sequence[str]) -> Query:
    """The rows of a kind (none of actors) with these ids, in order of their day and id."""
    values = Values()
    wanted = f"x.id IN (SELECT unnest({values.add(ids)}))"
    found = f"SELECT {_kept(what)} FROM ({_BASES[what]}) x WHERE {wanted}"
    return _whole(what, found, values, ALL)


def count(what: What, filters: Filters) -> Query:
    """How many rows of a kind meet ``filters``: one row with ``n``. Raises QueryError."""
    values = Values()
    if what == "actors":
        return Query(f"SELECT count(*) AS n FROM ({_actor_rows(filters, values)})", values.named)
    return Query(f"SELECT count(*) AS n FROM ({hits(what, filters, values)})", values.named)


def _whole(what: What, found: str, values: Values, cut: Cut) -> Query:
    """The base rows ``found`` with their parties and article."""
    if what == "articles":
        return Query(_articles(found, cut), values.named)
    # Parties and actors are cut to those of the rows before they meet: joined as they are, they take
    # three times as long as all else for a page of rows.
    sql = f"""
WITH h AS MATERIALIZED ({found}),
p AS MATERIALIZED (
    SELECT article, owner, role, ordinal, actor, text FROM parties
    WHERE owner IN (SELECT owner FROM h UNION ALL SELECT statement FROM h)
),
m AS MATERIALIZED (
    SELECT p.owner, p.role, p.ordinal, coalesce(a.name, p.text) AS name,
           coalesce(a.country, '') AS country, coalesce(a.sector, '') AS sector
    FROM p LEFT JOIN (
        SELECT article, actor, name, country, sector FROM actors
        WHERE article IN (SELECT article FROM h)
    ) a ON a.article = p.article AND a.actor = p.actor
),
c AS (SELECT owner, {_CASTS[what]} FROM m GROUP BY owner),
r AS (SELECT owner, min(name) AS reported_by FROM m WHERE role = 'speaker' GROUP BY owner)
SELECT {_COLUMNS[what]}
FROM h LEFT JOIN c ON c.owner = h.owner LEFT JOIN r ON r.owner = h.statement
JOIN articles d ON d.id = h.article
{cut.order("h")}"""
    return Query(sql, values.named)


def hits(what: What, filters: Filters, values: Values, cut: Cut = ALL) -> str:
    """SQL of the base rows that meet ``filters``."""
    where = conditions(what, filters, values)
    bounds = cut.bounds(values)
    ordered = f" {cut.order('x')}{bounds}" if bounds else ""
    columns = _kept(what)
    return (
        f"SELECT {columns} FROM ({_BASES[what]}) x WHERE {' AND '.join(where) or 'TRUE'}{ordered}"
    )


def _kept(what: What) -> str:
    """Columns of a base that rows keep: the words of an article are its text, unpacked."""
    return "x.* EXCLUDE (words)" if what == "articles" else "x.*"


def conditions(what: What, filters: Filters, values: Values) -> list[str]:
    """Conditions on the base ``x`` of a kind."""
    wrong = sorted(_NOT_FOR.get(what, frozenset()).intersection(filters.used()))
    if wrong:
        raise QueryError(f"{', '.join(wrong)}: not a condition on {what}")
    found = [_parties(what, filters, values), _place(what, filters, values)]
    found += [_linked(what, name, filters, values) for name in ("type", "status", "issue")]
    if filters.since:
        day = values.add(filters.since.isoformat())
        found.append(f"x.last >= left({day}, length(x.last))")
    if filters.until:
        found.append(f"left(x.first, 10) <= {values.add(filters.until.isoformat())}")
    if filters.text:
        found.append(
            _any(f"contains(lower(x.words), lower({values.add(t)}))" for t in filters.text)
        )
    return [condition for condition in found if condition]


def _any(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"


def _parties(what: What, filters: Filters, values: Values) -> str:
    """Conditions on the parties of a row."""
    if what == "actors":
        parts = [_any(_named("x", t, values) for t in filters.actor)] if filters.actor else []
        if filters.country:
            parts.append(f"x.country IN {values.list(filters.country)}")
        return " AND ".join(parts)
    key = "article" if what == "articles" else "owner"
    tests = []
    if filters.actor:
        tests.append(_any(is_called("p", term, values) for term in filters.actor))
    if filters.country:
        tests.append(_is_actor("p", f"a.country IN {values.list(filters.country)}"))
    parts = [f"x.{key} IN (SELECT p.{key} FROM parties p WHERE {test})" for test in tests]
    if filters.pair:
        parts.append(f"x.{key} IN ({_pair(key, filters.pair, values)})")
    return " AND ".join(parts)


def _pair(key: str, pair: tuple[str, str], values: Values) -> str:
    one, other = (_is_party(name, term, values) for name, term in zip("pq", pair, strict=True))
    return (
        f"SELECT p.{key} FROM parties p"
        " JOIN parties q ON q.owner = p.owner AND (q.role <> p.role OR q.ordinal <> p.ordinal)"
        f" WHERE {one} AND {other}"
    )


def _is_party(mention: str, term: str, values: Values) -> str:
    code = country_code(term)
    if code is not None:
        return _is_actor(mention, f"a.country = {values.add(code)}")
    return is_called(mention, term, values)


def is_called(mention: str, term: str, values: Values) -> str:
    """Whether a party has ``term`` for its actor's id, or among the words of its mention or name."""
    words = has_words(f"{mention}.text", term, values)
    return _any([words, _is_actor(mention, _named("a", term, values))])


def _is_actor(mention: str, test: str) -> str:
    """Whether the actor ``a`` of a party passes a test."""
    # A look-up of the few actors that pass is ten times as fast as a join of all parties to theirs.
    return (
        f"({mention}.article, {mention}.actor) IN"
        f" (SELECT (a.article, a.actor) FROM actors a WHERE {test})"
    )


def _named(actor: str, term: str, values: Values) -> str:
    """Whether an actor has ``term`` for its id, or among the words of its name."""
    return _any([f"{actor}.actor = {values.add(term)}", has_words(f"{actor}.name", term, values)])


def has_words(column: str, term: str, values: Values) -> str:
    """Whether a text has the words of ``term`` in a row; case and accents do not count."""
    test = f"contains({_plain(column)}, {_plain(values.add(term))})"
    # The test costs thirty times as much as to look for one of the words, which rules out nearly all.
    longest = max(_WORDS.findall(term), key=len, default="")
    if not longest:
        return test
    return f"(contains({_folded(column)}, {_folded(values.add(longest))}) AND {test})"


_WORDS = re.compile(r"[^\W_]+")


def _folded(expression: str) -> str:
    return f"lower(strip_accents({expression}))"


def _plain(expression: str) -> str:
    """A text as its words: lower case, no accents, one space around each."""
    spaced = f"regexp_replace({_folded(expression)}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g')"
    return f"(' ' || trim({spaced}) || ' ')"


def _place(what: What, filters: Filters, values: Values) -> str:
    if not filters.place:
        return ""
    if what in ("events", "reports"):
        return _any(_at_place("x.place", "x.place_country", p, values) for p in filters.place)
    named = _any(_at_place("l.name", "l.country", place, values) for place in filters.place)
    inside = (
        ""
        if what == "articles"
        else " AND l.span_start < x.passage_end AND l.span_end > x.passage_start"
    )
    return f"EXISTS (SELECT 1 FROM places l WHERE l.article = x.article{inside} AND {named})"


def _at_place(name: str, country: str, place: str, values: Values) -> str:
    tests = [has_words(name, place, values)]
    code = country_code(place)
    if code is not None:
        tests.append(f"{country} = {values.add(code)}")
    return _any(tests)


_TABLE_OF = {"type": "events", "status": "events", "issue": "positions"}


def _linked(what: What, name: str, filters: Filters, values: Values) -> str:
    """A condition on a column that the kind has itself, or that what is told in the same statement
    (for an article: in the article) has."""
    wanted: Sequence[str] = getattr(filters, name)
    if not wanted:
        return ""
    own = what == "positions" if name == "issue" else what in ("events", "reports")
    listed = values.list(wanted)
    if own:
        return f"x.{name} IN {listed}"
    key, link = ("article", "id") if what == "articles" else ("statement", "statement")
    return f"x.{link} IN (SELECT {key} FROM {_TABLE_OF[name]} WHERE {name} IN {listed})"


def _articles(found: str, cut: Cut) -> str:
    tables = ("statements", "events", "positions")
    counted = ", ".join(
        f"{table[0]} AS (SELECT article, count(*) AS n FROM {table}"
        " WHERE article IN (SELECT id FROM h) GROUP BY article)"
        for table in tables
    )
    joined = " ".join(f"LEFT JOIN {table[0]} ON {table[0]}.article = h.id" for table in tables)
    return f"""
WITH h AS MATERIALIZED ({found}), {counted}
SELECT h.id, h.url, h.headline, h.standfirst, h.published, h.published_granularity, h.outlet,
       h.source, h.agency, h.section, h.language, h.n_words AS words, h.bylines, h.datelines,
       t.story, coalesce(s.n, 0) AS n_statements, coalesce(e.n, 0) AS n_reports,
       coalesce(p.n, 0) AS n_positions
FROM h LEFT JOIN story_articles t ON t.article = h.id {joined}
{cut.order("h")}"""


_ACTOR_KEYS = "actor, name, country, sector, sector2, office, kind"
_ACTOR_ORDER = (
    "ORDER BY n_articles DESC, name, actor, country, sector, sector2, office NULLS LAST, kind"
)


def _actor_rows(filters: Filters, values: Values) -> str:
    """Actors over all articles. One known from its article alone is told apart by its name."""
    where = conditions("actors", filters, values)
    return f"""
SELECT {_ACTOR_KEYS}, count(DISTINCT x.article) AS n_articles,
       min(x.published) AS first_published, max(x.published) AS last_published
FROM ({_ACTOR_BASE}) x WHERE {" AND ".join(where) or "TRUE"} GROUP BY {_ACTOR_KEYS}"""


def _actors(filters: Filters, values: Values, cut: Cut) -> str:
    """Actors with what they did. Parts are counted for the rows that are given only."""
    found = _actor_rows(filters, values)
    roles = ", ".join(
        f"count(DISTINCT p.owner) FILTER (p.role IN ({listed})) AS n_{name}"
        for name, listed in (
            ("reports", "'actor', 'recipient'"),
            ("statements", "'speaker'"),
            ("positions", "'party'"),
        )
    )
    same = " AND ".join(f"a.{key} IS NOT DISTINCT FROM h.{key}" for key in _ACTOR_KEYS.split(", "))
    return f"""
WITH h AS MATERIALIZED (
    SELECT *, row_number() OVER ({_ACTOR_ORDER}) AS number FROM ({found})
    ORDER BY number{cut.bounds(values)}
),
parts AS (
    SELECT h.number, {roles} FROM h JOIN actors a ON {same}
    JOIN parties p ON p.article = a.article AND p.actor = a.actor GROUP BY h.number
)
SELECT {", ".join(f"h.{key}" for key in _ACTOR_KEYS.split(", "))}, h.n_articles,
       coalesce(n.n_reports, 0) AS n_reports, coalesce(n.n_statements, 0) AS n_statements,
       coalesce(n.n_positions, 0) AS n_positions, h.first_published, h.last_published
FROM h LEFT JOIN parts n ON n.number = h.number ORDER BY h.number"""
