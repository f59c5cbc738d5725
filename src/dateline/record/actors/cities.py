"""The country of a city, from the GeoNames index that places are found with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from string import ascii_lowercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateline.analysis.places.cities import City, CityTier

# Smaller cities are one letter away from too many family names.
_FUZZY_FROM = 1_000_000
_SHORTEST_FUZZY = 5


def _tier() -> CityTier:
    # Imported late: most phrases are settled without a city, and reading the index takes a while.
    from dateline.analysis.places.cities import cities

    return cities()


@cache
def _iso3() -> dict[str, str]:
    from dateline.analysis.places.cities import read_data

    table = read_data("countries.json")
    assert isinstance(table, dict)
    return {str(code): str(row["iso3"]) for code, row in table.items()}


@lru_cache(maxsize=8192)
def city_country(name: str, *, fuzzy: bool = False, smallest: int = 0) -> tuple[str, str] | None:
    """ISO 3166-1 alpha-3 code and GeoNames name of the largest city called ``name``; None when
    there is none. ``fuzzy`` also takes a city of a million or more whose name is one edit away;
    ``smallest`` is the population from which cities count."""
    from dateline.analysis.places.folding import fold

    key = fold(name)
    tier = _tier()
    found = (*tier.named(key), *tier.spelled(key))
    if not found and fuzzy and len(key) >= _SHORTEST_FUZZY and key.isalpha() and key.isascii():
        found = tuple(_near(key))
    found = tuple(city for city in found if city.population >= smallest)
    best = max(found, key=lambda city: (city.population, city.geonameid), default=None)
    iso3 = _iso3().get(best.country, "") if best else ""
    return (iso3, best.name) if best and iso3 else None


def _near(key: str) -> Iterator[City]:
    for other in _one_edit_from(key):
        yield from (city for city in _tier().named(other) if city.population >= _FUZZY_FROM)


def _one_edit_from(key: str) -> Iterator[str]:
    for i in range(len(key)):
        yield key[:i] + key[i + 1 :]
        yield key[:i] + key[i : i + 2][::-1] + key[i + 2 :]
        for letter in ascii_lowercase:
            yield key[:i] + letter + key[i + 1 :]
            yield key[:i] + letter + key[i:]
