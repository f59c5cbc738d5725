"""Questions to the store as SQL. What a user gives goes into parameters, never into the SQL.

Each kind of row has a *base*: a relation with the kind's own columns and, under the same names for
all kinds, ``owner`` (whose parties to look at), ``article``, ``statement`` (that reports it),
``first``/``last`` (ISO days, cut to what is known) and ``words``. Conditions are written on these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from dateline.store.countries import country_code
from dateline.store.filters import Filters, QueryError

What = Literal["events", "reports", "statements", "positions", "actors", "articles"]
KINDS: tuple[What, ...] = get_args(What)

_PUBLISHED = "strftime(d.published AT TIME ZONE 'UTC', '%Y-%m-%d')"

# One row an act, with the telling that stands for it. A telling that no act has yet (a build that
# was stopped before it merged) stands for itself.
_EVENT_BASE = f"""
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
    columns = (
        ("", "coalesce(a.name, p.text)"),
        ("_countries", "coalesce(a.country, '')"),
        ("_sectors", "coalesce(a.sector, '')"),
    )
    parts = []
    for suffix, value in columns:
        if many:
            listed = f"list({value} ORDER BY p.ordinal) FILTER (p.role = '{role}')"
            parts.append(f"{listed} AS {role}s{suffix or '_names'}")
        else:
            name = suffix.replace("ies", "y").rstrip("s")
            parts.append(
                f"min({value}) FILTER (p.role = '{role}' AND p.ordinal = 0) AS {role}{name}"
            )
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
_REPORTED_BY = """
    (SELECT min(coalesce(a.name, p.text)) FROM parties p
     LEFT JOIN actors a ON a.article = p.article AND a.actor = p.actor
     WHERE p.owner = h.statement AND p.role = 'speaker') AS reported_by"""

_COLUMNS: dict[What, str] = {
    "events": f"""h.id, h.type, h.mode, h.contexts, h.cameo, h.quad, h.intensity, h.status,
    h.confidence, h.first_day, h.last_day, h.when_basis AS day_basis, {_EVENT_PARTIES},
    {_REPORTED_BY}, h.place, h.place_country, h.lat, h.lon, h.geonameid, h.n_reports,
    h.n_articles, h.n_outlets, h.n_independent, h.evidence, h.evidence_spans, {_SOURCE_COLUMNS}""",
    "reports": f"""h.id, h.act AS event, h.type, h.mode, h.contexts, h.cameo, h.quad, h.intensity,
    h.status, h.confidence, h.when_start, h.when_end, h.when_granularity, h.when_basis,
    {_EVENT_PARTIES}, {_REPORTED_BY}, h.place, h.place_country, h.lat, h.lon, h.geonameid,
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


def select(what: What, filters: Filters, limit: int | None = None) -> Query:
    """Rows of a kind that meet ``filters``, in order of their day and id. Raises QueryError for a
    condition that the kind does not have."""
    values = Values()
    if what == "actors":
        return Query(_actors(filters, values, limit), values.named)
    found = hits(what, filters, values, limit)
    if what == "articles":
        return Query(_articles(found), values.named)
    sql = f"""
WITH h AS ({found}), c AS (
    SELECT p.owner, {_CASTS[what]}
    FROM parties p LEFT JOIN actors a ON a.article = p.article AND a.actor = p.actor
    WHERE p.owner IN (SELECT owner FROM h) GROUP BY p.owner
)
SELECT {_COLUMNS[what]}
FROM h LEFT JOIN c ON c.owner = h.owner JOIN articles d ON d.id = h.article
ORDER BY h.first, h.id"""
    return Query(sql, values.named)


def hits(what: What, filters: Filters, values: Values, limit: int | None = None) -> str:
    """SQL of the base rows that meet ``filters``."""
    where = conditions(what, filters, values)
    cut = f" ORDER BY x.first, x.id LIMIT {values.add(limit)}" if limit is not None else ""
    return f"SELECT x.* FROM ({_BASES[what]}) x WHERE {' AND '.join(where) or 'TRUE'}{cut}"


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
        parts = [_any(_names("x", None, t, values) for t in filters.actor)] if filters.actor else []
        if filters.country:
            parts.append(f"x.country IN {values.list(filters.country)}")
        return " AND ".join(parts)
    key = "article" if what == "articles" else "owner"
    tests = []
    if filters.actor:
        tests.append(_any(_names("a", "p", term, values) for term in filters.actor))
    if filters.country:
        tests.append(f"a.country IN {values.list(filters.country)}")
    parts = [f"x.{key} IN (SELECT p.{key} FROM {_party('p', 'a')} WHERE {test})" for test in tests]
    if filters.pair:
        parts.append(f"x.{key} IN ({_pair(key, filters.pair, values)})")
    return " AND ".join(parts)


def _party(mention: str, actor: str) -> str:
    return (
        f"parties {mention} LEFT JOIN actors {actor}"
        f" ON {actor}.article = {mention}.article AND {actor}.actor = {mention}.actor"
    )


def _pair(key: str, pair: tuple[str, str], values: Values) -> str:
    one, other = (_party_or_country(*names, values) for names in zip("ab", "pq", pair, strict=True))
    return (
        f"SELECT p.{key} FROM {_party('p', 'a')}"
        " JOIN parties q ON q.owner = p.owner AND (q.role <> p.role OR q.ordinal <> p.ordinal)"
        " LEFT JOIN actors b ON b.article = q.article AND b.actor = q.actor"
        f" WHERE {one} AND {other}"
    )


def _party_or_country(actor: str, mention: str, term: str, values: Values) -> str:
    code = country_code(term)
    if code is not None:
        return f"{actor}.country = {values.add(code)}"
    return _names(actor, mention, term, values)


def _names(actor: str, mention: str | None, term: str, values: Values) -> str:
    """Whether an actor has ``term`` for its id, or among the words of its name or mention."""
    value = values.add(term)
    tests = [f"{actor}.actor = {value}", _has_words(f"{actor}.name", value)]
    if mention is not None:
        tests.append(_has_words(f"{mention}.text", value))
    return _any(tests)


def _has_words(column: str, value: str) -> str:
    return f"contains({_plain(column)}, {_plain(value)})"


def _plain(expression: str) -> str:
    """A text as its words: lower case, no accents, one space around each."""
    folded = f"lower(strip_accents({expression}))"
    return f"(' ' || trim(regexp_replace({folded}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g')) || ' ')"


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
    tests = [_has_words(name, values.add(place))]
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


def _articles(found: str) -> str:
    counts = ", ".join(
        f"(SELECT count(*) FROM {table} t WHERE t.article = h.id) AS n_{table}"
        for table in ("statements", "events", "positions")
    )
    return f"""
WITH h AS ({found})
SELECT h.id, h.url, h.headline, h.standfirst, h.published, h.published_granularity, h.outlet,
       h.source, h.agency, h.section, h.language, h.n_words AS words, h.bylines, h.datelines,
       s.story, {counts.replace("n_events", "n_reports")}
FROM h LEFT JOIN story_articles s ON s.article = h.id
ORDER BY h.first, h.id"""


def _actors(filters: Filters, values: Values, limit: int | None) -> str:
    """Actors over all articles. One known from its article alone is told apart by its name."""
    where = conditions("actors", filters, values)
    cut = f"LIMIT {values.add(limit)}" if limit is not None else ""
    roles = ", ".join(
        f"count(DISTINCT p.owner) FILTER (p.role IN ({listed})) AS n_{name}"
        for name, listed in (
            ("reports", "'actor', 'recipient'"),
            ("statements", "'speaker'"),
            ("positions", "'party'"),
        )
    )
    return f"""
WITH h AS (SELECT x.* FROM ({_ACTOR_BASE}) x WHERE {" AND ".join(where) or "TRUE"})
SELECT h.actor, h.name, h.country, h.sector, h.sector2, h.office, h.kind,
       count(DISTINCT h.article) AS n_articles, {roles},
       min(h.published) AS first_published, max(h.published) AS last_published
FROM h LEFT JOIN parties p ON p.article = h.article AND p.actor = h.actor
GROUP BY ALL ORDER BY n_articles DESC, h.name, h.actor, h.country, h.sector, h.sector2, h.office {cut}"""
