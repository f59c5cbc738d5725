"""Places that people name, looked up: in the article, then in the corpus, then in the gazetteer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from dateline.store.corrections.targets import Ask
from dateline.store.model import Row

_NAMED = """
SELECT lower(name) AS key, article, name, country, lat, lon, geonameid,
       min(span_start) AS place_start, min_by(span_end, span_start) AS place_end, count(*) AS n
FROM machine.places WHERE lower(name) IN (SELECT unnest($names)) GROUP BY ALL ORDER BY ALL"""


class Places:
    """Readings of place names, as ``value`` objects (name, country, lat, lon) of corrections."""

    def __init__(self, ask: Ask, values: Sequence[Mapping[str, Any]]) -> None:
        self._rows: dict[str, list[Row]] = defaultdict(list)
        names = sorted({value["name"].lower() for value in values})
        for row in ask(_NAMED, {"names": names}) if names else ():
            self._rows[row["key"]].append(row)

    def columns(self, value: Mapping[str, Any] | None, article: str) -> Row:
        """The columns of an event in ``article`` whose place is ``value``; None: it has none. What
        the person gave holds; the rest is that of the place of this name, NULL when none is known."""
        if value is None:
            return _columns({}, None)
        country, position = value["country"], (value["lat"], value["lon"])
        named = [r for r in self._rows[value["name"].lower()] if country in (None, r["country"])]
        here = [row for row in named if row["article"] == article]
        known = _most(here) or _most(named) or _from_gazetteer(value["name"], country)
        found = {"name": value["name"], **known, "country": country or known.get("country", "")}
        if position != (None, None):
            same = position == (known.get("lat"), known.get("lon"))
            found |= {"lat": position[0], "lon": position[1]}
            found |= {} if same else {"geonameid": None}
        return _columns(found | {"name": value["name"]}, here[0] if here else None)


def _columns(found: Mapping[str, Any], mention: Row | None) -> Row:
    return {
        "place_name": found.get("name"),
        "place_country": found.get("country"),
        "lat": found.get("lat"),
        "lon": found.get("lon"),
        "geonameid": found.get("geonameid"),
        "place_start": mention["place_start"] if mention else None,
        "place_end": mention["place_end"] if mention else None,
    }


def _most(rows: Sequence[Row]) -> Row:
    """The reading that most mentions have, one with a position before one without; {} for none."""
    return max(rows, key=lambda row: (row["lat"] is not None, row["n"]), default={})


def _from_gazetteer(name: str, country: str | None) -> Row:
    from dateline.analysis.places.matching import lookup

    entries = [entry for entry in lookup(name) if country in (None, entry.country)]
    if not entries:
        return {}
    best = max(entries, key=lambda entry: (entry.capital, entry.population))
    return {
        "country": best.country,
        "lat": best.lat,
        "lon": best.lon,
        "geonameid": best.geonameid,
    }
