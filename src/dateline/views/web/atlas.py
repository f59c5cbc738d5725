"""Acts by place, for the map: what happened where, how surely, and what part of the world to show."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dateline.store.aggregates import HAPPENED
from dateline.store.corpus import Row
from dateline.store.filters import Filters
from dateline.store.queries import Values, hits, select_ids
from dateline.views.web.country_marks import REGION_KM, country_reach
from dateline.views.web.database import Database
from dateline.views.web.geometry.projection import (
    KM_PER_DEGREE,
    MAX_RADIUS,
    MIN_RADIUS,
    View,
    around,
    world,
)
from dateline.views.web.geometry.regions import region_view
from dateline.views.web.map_chart import Certainty, Mark

WIDE, NARROW = (960, 560), (360, 380)
# Readings less likely than not, and positions that are only near by (their confidence is halved).
_SURE = 0.5
_AREAS = frozenset({"country", "region", "sea", "demonym"})
_POINT = re.compile(r"(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)(?:,(\d{1,3}(?:\.\d+)?))?")


@dataclass(frozen=True, slots=True)
class Place:
    """Acts at one place. ``kind`` is the gazetteer's, None when unknown; ``n_unsure`` are the acts of
    which the place is more likely another, or that are told of several places."""

    key: str
    name: str
    country: str
    lat: float
    lon: float
    kind: str | None
    acts: int
    n_unsure: int
    independent: int
    cooperation: int
    conflict: int

    @property
    def certainty(self) -> Certainty:
        if self.kind in _AREAS:
            return "area"
        return "unsure" if self.n_unsure * 2 >= self.acts else "sure"

    @property
    def reach_km(self) -> float:
        """How far from its point the place may be, for an 'area'; else 0."""
        if self.certainty != "area":
            return 0.0
        return country_reach(self.country) if self.kind == "country" else REGION_KM

    def mark(self) -> Mark:
        """The place as a mark on a map."""
        return Mark(
            self.key, self.name, self.lat, self.lon, self.acts, self.independent, self.cooperation,
            self.conflict, self.certainty, self.reach_km,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Atlas:
    """Places with acts, most acts first, the number of acts that have no place, and the places as
    marks."""

    places: tuple[Place, ...]
    nowhere: int
    marks: tuple[Mark, ...]


def happened(filters: Filters) -> Filters:
    """What came to pass, unless another status is asked for."""
    return filters if filters.status else replace(filters, status=HAPPENED)


def atlas(db: Database, filters: Filters) -> Atlas:
    """Acts that meet ``filters`` by place. Acts of one place whose name is written in several ways
    are together; a place without a number in the gazetteer is known by its position."""
    values = Values()
    found = hits("events", happened(filters), values)
    rows = db.rows(_PLACES.format(found=found, sure=_SURE), values.named)
    places = tuple(_place(row) for row in rows if row["key"] is not None)
    nowhere = sum(row["acts"] for row in rows if row["key"] is None)
    return Atlas(places, nowhere, tuple(place.mark() for place in places))


def atlas_of(db: Database, filters: Filters) -> Atlas:
    """``atlas``, kept for as long as the store is the same."""
    found: Atlas = db.cached(("atlas", filters), lambda: atlas(db, filters))
    return found


def acts_at(db: Database, filters: Filters, key: str, limit: int) -> list[Row]:
    """The acts at a place, latest first, as rows of ``select('events')``."""
    values = Values()
    found = hits("events", happened(filters), values)
    at = values.add(key)
    sql = _AT.format(found=found, at=at, limit=int(limit))
    chosen = [row["id"] for row in db.rows(sql, values.named)]
    rows = {row["id"]: row for row in db.query(select_ids("events", chosen))}
    return [rows[id] for id in chosen if id in rows]


def view_of(asked: str, places: tuple[Place, ...], size: tuple[int, int]) -> View:
    """The part of the world to show: 'world', a region's key, 'lat,lon' with degrees around it, or,
    for anything else, what holds all the places."""
    width, height = size
    if asked == "world":
        return world(width)
    region = region_view(asked, width, height)
    if region is not None:
        return region
    match = _POINT.fullmatch(asked)
    if match is not None:
        degrees = min(max(float(match[3] or 5), MIN_RADIUS), MAX_RADIUS)
        return View(width, height, float(match[1]), float(match[2]), degrees)
    return around([corner for place in places for corner in _corners(place)], width, height)


def _corners(place: Place) -> Iterator[tuple[float, float]]:
    """The place, or north, south, east and west of an area."""
    reach = place.reach_km / KM_PER_DEGREE
    if not reach:
        yield place.lat, place.lon
        return
    across = min(reach / max(math.cos(math.radians(place.lat)), 0.1), 90.0)
    for lat, lon in ((reach, 0.0), (-reach, 0.0), (0.0, across), (0.0, -across)):
        yield max(-90.0, min(90.0, place.lat + lat)), place.lon + lon


def _place(row: Row) -> Place:
    names = ("key", "name", "country", "lat", "lon", "kind", "acts", "n_unsure", "independent",
             "cooperation", "conflict")  # fmt: skip
    values = {name: row[name] for name in names}
    return Place(**values | {"name": row["name"] or row["key"], "country": row["country"] or ""})


_KEY = """CASE WHEN h.lat IS NULL OR h.lon IS NULL THEN NULL
    ELSE coalesce(h.geonameid::VARCHAR, printf('%.2f,%.2f', h.lat, h.lon)) END"""
# ``told`` are acts that several articles tell of different places.
_PLACES = f"""
WITH h AS ({{found}}),
told AS (
    SELECT m.act FROM act_events m JOIN events e ON e.id = m.event
    WHERE e.lat IS NOT NULL AND m.act IN (SELECT id FROM h WHERE n_reports > 1)
    GROUP BY m.act HAVING count(DISTINCT coalesce(e.geonameid, round(e.lat * 100)::BIGINT)) > 1
),
located AS (
    SELECT {_KEY} AS key, h.place AS name, h.place_country AS country, h.lat, h.lon, h.quad,
           h.n_independent, l.kind,
           coalesce(l.confidence < {{sure}}, false) OR t.act IS NOT NULL AS unsure
    FROM h LEFT JOIN events e ON e.id = h.owner AND e.lat IS NOT NULL
    LEFT JOIN places l ON l.article = h.article AND l.span_start = e.place_start
    LEFT JOIN told t ON t.act = h.id
)
SELECT key, mode(name) AS name, mode(country) AS country, avg(lat) AS lat, avg(lon) AS lon,
       mode(kind) AS kind, count(*) AS acts, count(*) FILTER (unsure) AS n_unsure,
       sum(n_independent)::BIGINT AS independent, count(*) FILTER (quad <= 2) AS cooperation,
       count(*) FILTER (quad > 2) AS conflict
FROM located GROUP BY key ORDER BY acts DESC, name, key"""
_AT = f"""
WITH h AS ({{found}})
SELECT h.id FROM h WHERE {_KEY} = {{at}}
ORDER BY h.first_day DESC NULLS LAST, h.n_independent DESC, h.id LIMIT {{limit}}"""
