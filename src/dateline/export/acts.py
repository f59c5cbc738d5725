"""What the exports of events need of an act: its parties with their codes, its place, its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations, product
from typing import TYPE_CHECKING, Any

from dateline.store.aggregates import mutual_codes
from dateline.store.filters import Filters
from dateline.store.queries import Query, Values, hits

if TYPE_CHECKING:
    from dateline.store.corpus import Corpus

# A meeting of which it is not known who goes to whom.
_MEETING = "040"

_PARTIES = """
    SELECT p.owner, list({'role': p.role, 'text': p.text, 'start': p.span_start, 'actor': p.actor,
                          'name': a.name, 'country': a.country, 'sector': a.sector,
                          'sector2': a.sector2, 'office': a.office}
                         ORDER BY p.role, p.ordinal) AS parties
    FROM parties p LEFT JOIN actors a ON a.article = p.article AND a.actor = p.actor"""

_MEMBERS = """
    SELECT id AS act, owner AS event FROM h WHERE id = owner
    UNION ALL SELECT m.act, m.event FROM act_events m WHERE m.act IN (SELECT id FROM h)
      AND m.act NOT IN (SELECT id FROM h WHERE id = owner)"""


@dataclass(frozen=True, slots=True)
class Side:
    """A party of an act. ``name`` is the actor's, else the words; None when neither is known.
    ``start`` is where it is mentioned in the article's text."""

    role: str
    text: str | None
    start: int
    actor: str | None
    name: str | None
    country: str
    sector: str
    sector2: str
    office: str | None

    @property
    def key(self) -> str:
        """Tells parties of one act apart."""
        return self.actor or self.text or str(self.start)


@dataclass(frozen=True, slots=True)
class Dyad:
    """One actor and one recipient of an act, None for one that nobody names; ``cameo`` is the code
    of the actor's part. ``number`` counts the dyads of an act from 0."""

    number: int
    actor: Side | None
    recipient: Side | None
    cameo: str | None


def acts(corpus: Corpus, filters: Filters) -> Iterator[dict[str, Any]]:
    """Acts that meet ``filters``, each once, with the columns of the telling that stands for it:
    those of ``events``, ``parties`` (Side), ``place_kind``, and those of its article with the
    ``people``, ``bodies`` and ``places`` that it names."""
    values = Values()
    sql = f"""
WITH h AS ({hits("events", filters, values)}),
members AS ({_MEMBERS}),
told AS (
    SELECT m.act, min(d.published) AS first_published
    FROM members m JOIN events e ON e.id = m.event JOIN articles d ON d.id = e.article
    GROUP BY m.act
),
c AS ({_PARTIES} WHERE p.owner IN (SELECT owner FROM h) GROUP BY p.owner),
l AS (
    SELECT e.id AS owner, min(l.kind) AS place_kind
    FROM events e JOIN places l ON l.article = e.article AND l.span_start = e.place_start
    WHERE e.id IN (SELECT owner FROM h) GROUP BY e.id
),
who AS (
    SELECT article, list_sort(list(DISTINCT name) FILTER (kind = 'person')) AS people,
           list_sort(list(DISTINCT name) FILTER (kind = 'organisation')) AS bodies
    FROM actors WHERE article IN (SELECT article FROM h) GROUP BY article
),
locations AS (
    SELECT article, list_sort(list(DISTINCT name)) AS places
    FROM places WHERE article IN (SELECT article FROM h) GROUP BY article
)
SELECT h.*, who.people, who.bodies, locations.places, c.parties,
       l.place_kind, t.first_published, d.url, d.outlet, d.headline, d.published,
       d.language, d.text, v.code, v.codebook,
       (SELECT min(coalesce(a.name, p.text)) FROM parties p
        LEFT JOIN actors a ON a.article = p.article AND a.actor = p.actor
        WHERE p.owner = h.statement AND p.role = 'speaker') AS reported_by
FROM h JOIN articles d ON d.id = h.article
LEFT JOIN told t ON t.act = h.id LEFT JOIN c ON c.owner = h.owner LEFT JOIN l ON l.owner = h.owner
LEFT JOIN who ON who.article = h.article LEFT JOIN locations ON locations.article = h.article
LEFT JOIN pages g ON g.id = h.article LEFT JOIN versions v ON v.id = g.version
ORDER BY h.first, h.id"""
    for row in corpus.stream(Query(sql, values.named)):
        row["parties"] = _sides(row["parties"])
        yield row


def mentions(corpus: Corpus, filters: Filters) -> Iterator[dict[str, Any]]:
    """Every telling of the acts that meet ``filters``, article by article: ``act``, ``cameo`` and
    ``act_parties`` are the act's; ``parties`` and the rest the telling's own."""
    values = Values()
    sql = f"""
WITH h AS ({hits("events", filters, values)}),
members AS ({_MEMBERS}),
c AS ({_PARTIES} WHERE p.owner IN (SELECT event FROM members) OR p.owner IN (SELECT owner FROM h)
      GROUP BY p.owner),
told AS (
    SELECT m.act, min(d.published) AS first_published
    FROM members m JOIN events e ON e.id = m.event JOIN articles d ON d.id = e.article
    GROUP BY m.act
)
SELECT h.id AS act, h.cameo, r.parties AS act_parties, c.parties, e.id AS event, e.article,
       e.trigger_start, e.confidence, d.published, d.source, d.url, d.characters, d.text,
       t.first_published
FROM members m JOIN h ON h.id = m.act JOIN events e ON e.id = m.event
JOIN articles d ON d.id = e.article LEFT JOIN told t ON t.act = m.act
LEFT JOIN c r ON r.owner = h.owner LEFT JOIN c ON c.owner = e.id
ORDER BY e.article, e.trigger_start, e.id"""
    for row in corpus.stream(Query(sql, values.named)):
        row["parties"] = _sides(row["parties"])
        row["act_parties"] = _sides(row["act_parties"])
        yield row


def _sides(parties: list[dict[str, Any]] | None) -> list[Side]:
    return [
        Side(
            role=p["role"],
            text=p["text"],
            start=p["start"],
            actor=p["actor"],
            name=p["name"] or p["text"],
            country=p["country"] or "",
            sector=p["sector"] or "",
            sector2=p["sector2"] or "",
            office=p["office"],
        )
        for p in parties or []
    ]


def dyads(parties: list[Side], cameo: str | None) -> list[Dyad]:
    """The dyads of an act. One done together (``codebook/cameo_mirror.csv``) makes a mirrored dyad
    for each; several parties who all are its actors make one for each of two."""
    actors = [p for p in parties if p.role == "actor"]
    recipients = [p for p in parties if p.role == "recipient"]
    mirror = mutual_codes().get(cameo or "")
    pairs: list[tuple[Side | None, Side | None, str | None]]
    if mirror is not None and not recipients and len(actors) > 1:
        code = cameo if mirror == cameo else _MEETING
        pairs = [(one, other, code) for one, other in permutations(actors, 2)]
    else:
        one_side: Sequence[Side | None] = actors or (None,)
        pairs = [(a, r, cameo) for a, r in product(one_side, recipients or (None,))]
        if mirror is not None:
            pairs += [(r, a, mirror) for a, r, _ in pairs if a is not None and r is not None]
    return [Dyad(number, *pair) for number, pair in enumerate(pairs)]


def known_day(row: dict[str, Any]) -> date | None:
    """The day of an act; None when it is not known to the day."""
    first: date | None = row["first_day"]
    return first if first == row["last_day"] else None
