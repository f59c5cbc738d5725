"""Sums over the store: what is counted by dyad and month, and how positions change.

An act counts once, whoever tells it. A dyad is one actor and one recipient; both parties of an act
that is done together (a meeting, a phone call, a treaty: ``codebook/cameo_mirror.csv``) are actor and
recipient of it in turn. Parties without a country (or, by actor, without words) make no dyad.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from dateline.knowledge.tables import read_csv
from dateline.store.filters import Filters, QueryError
from dateline.store.queries import Query, Values, hits

By = Literal["country", "actor"]
Aggregate = Literal["dyad-months", "net-cooperation", "position-changes"]
AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)

MIRROR_COLUMNS = ("code", "mirror", "note")
# What has come to pass; plans, denials and background are counted when they are asked for.
HAPPENED = ("happened", "ongoing")

_KEYS: dict[By, str] = {"country": "a.country", "actor": "coalesce(a.name, p.text)"}


def mutual_codes() -> dict[str, str]:
    """CAMEO codes of acts done together -> the code of the other party's part in it."""
    return {
        row["code"]: row["mirror"] for row in read_csv("codebook/cameo_mirror.csv", MIRROR_COLUMNS)
    }


def aggregate(name: Aggregate, filters: Filters, *, by: By = "country") -> Query:
    """An aggregate of what meets ``filters``; parties are told apart ``by`` country or actor.

    Without a condition on status only what has happened or goes on is counted. Raises QueryError.
    """
    if by not in _KEYS:
        raise QueryError(f"by: expected country or actor, found {by!r}")
    if name == "dyad-months":
        return _by_dyad(filters, by, _COUNTS)
    if name == "net-cooperation":
        return _by_dyad(filters, by, _NET)
    return _position_changes(filters, by)


def dyads(filters: Filters, *, by: By = "country") -> Query:
    """Acts by actor and recipient over all months, with the reports of independent stories that tell
    those of cooperation and those of conflict; the best reported first."""
    return _by_dyad(filters, by, _SIDES, keys=("actor", "recipient"), order="n_independent DESC, ")


_SIDES = """
    count(*) AS n_events,
    count(*) FILTER (quad <= 2) AS cooperation,
    count(*) FILTER (quad > 2) AS conflict,
    coalesce(sum(n_independent) FILTER (quad <= 2), 0)::BIGINT AS independent_cooperation,
    coalesce(sum(n_independent) FILTER (quad > 2), 0)::BIGINT AS independent_conflict,
    sum(n_independent)::BIGINT AS n_independent"""
_COUNTS = """
    count(*) AS n_events,
    count(*) FILTER (quad = 1) AS verbal_cooperation,
    count(*) FILTER (quad = 2) AS material_cooperation,
    count(*) FILTER (quad = 3) AS verbal_conflict,
    count(*) FILTER (quad = 4) AS material_conflict,
    sum(n_articles)::BIGINT AS n_articles,
    sum(n_independent)::BIGINT AS n_independent"""
_NET = """
    count(*) AS n_events,
    count(*) FILTER (quad <= 2) AS cooperation,
    count(*) FILTER (quad > 2) AS conflict,
    count(*) FILTER (quad <= 2) - count(*) FILTER (quad > 2) AS net,
    sum(intensity) AS intensity,
    avg(intensity) AS mean_intensity"""


def _by_dyad(
    filters: Filters,
    by: By,
    columns: str,
    *,
    keys: tuple[str, ...] = ("month", "actor", "recipient"),
    order: str = "",
) -> Query:
    """``month`` ('2025-02') is NULL for acts whose days do not lie in one month."""
    values = Values()
    if not filters.status:
        filters = replace(filters, status=HAPPENED)
    found = hits("events", filters, values)
    mutual = values.list(mutual_codes())
    sql = f"""
WITH h AS ({found}),
side AS (
    SELECT h.id, h.cameo, p.role, p.ordinal, {_KEYS[by]} AS party
    FROM h JOIN parties p ON p.owner = h.owner
    LEFT JOIN actors a ON a.article = p.article AND a.actor = p.actor
    WHERE coalesce({_KEYS[by]}, '') <> ''
),
dyad AS (
    SELECT s.id, s.party AS actor, t.party AS recipient FROM side s JOIN side t ON t.id = s.id
    WHERE s.role = 'actor' AND t.role = 'recipient'
    UNION
    SELECT s.id, t.party, s.party FROM side s JOIN side t ON t.id = s.id
    WHERE s.role = 'actor' AND t.role = 'recipient' AND s.cameo IN {mutual}
    UNION
    SELECT s.id, s.party, t.party FROM side s JOIN side t ON t.id = s.id
    WHERE s.role = 'actor' AND t.role = 'actor' AND s.ordinal <> t.ordinal AND s.cameo IN {mutual}
      AND s.id NOT IN (SELECT id FROM side WHERE role = 'recipient')
),
dated AS (
    SELECT d.actor, d.recipient, h.quad, h.intensity, h.n_articles, h.n_independent,
           CASE WHEN strftime(h.first_day, '%Y-%m') = strftime(h.last_day, '%Y-%m')
                THEN strftime(h.first_day, '%Y-%m') END AS month
    FROM dyad d JOIN h ON h.id = d.id
)
SELECT {", ".join(keys)}, {columns}
FROM dated GROUP BY {", ".join(keys)} ORDER BY {order}{", ".join(keys)}"""
    return Query(sql, values.named)


def _position_changes(filters: Filters, by: By) -> Query:
    """Where a party's stance on an issue is another than the last it took on it.

    Copies of one story count once; positions without a day stand on the day of publication.
    """
    values = Values()
    found = hits("positions", filters, values)
    country = "" if by == "country" else "any_value(a.country) AS party_country,"
    kept = "" if by == "country" else "party_country,"
    sql = f"""
WITH h AS ({found}),
taken AS (
    SELECT {_KEYS[by]} AS party, h.id, {country} any_value(h.issue) AS issue,
           any_value(h.stance) AS stance, any_value(left(h.first, 10)) AS day,
           any_value(h.content) AS content, any_value(h.article) AS article,
           any_value(h.content_start) AS start, any_value(s.story) AS story
    FROM h JOIN parties p ON p.owner = h.owner
    LEFT JOIN actors a ON a.article = p.article AND a.actor = p.actor
    LEFT JOIN story_articles s ON s.article = h.article
    WHERE coalesce({_KEYS[by]}, '') <> ''
    GROUP BY {_KEYS[by]}, h.id
),
once AS (
    SELECT * FROM taken QUALIFY row_number() OVER (
        PARTITION BY party, issue, stance, coalesce(story, article) ORDER BY day, article, start) = 1
),
ordered AS (
    SELECT *, lag(stance) OVER w AS previous_stance, lag(day) OVER w AS previous_day,
           lag(content) OVER w AS previous_content, lag(article) OVER w AS previous_article
    FROM once WINDOW w AS (PARTITION BY party, issue ORDER BY day, article, start, stance)
)
SELECT party, {kept} issue, day, stance, content, previous_day, previous_stance, previous_content,
       o.article, d.url, d.outlet, previous_article
FROM ordered o JOIN articles d ON d.id = o.article
WHERE previous_stance <> stance ORDER BY party, issue, day, o.article, start"""
    return Query(sql, values.named)
