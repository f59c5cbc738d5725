"""What a name may stand for: entries of our own tables and of GeoNames' cities."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from dateline.analysis.places.cities import (
    City,
    all_places,
    capitals,
    cities,
    read_data,
)
from dateline.analysis.places.folding import fold, fold_all
from dateline.analysis.places.gazetteers import gazetteer_version, imported
from dateline.analysis.places.geonames import Feature
from dateline.analysis.places.tables import (
    PlaceRow,
    country_rows,
    county_seats,
    cue_words,
    place_rows,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One place. ``admin`` is the postal code of a US state or GeoNames' first-level code;
    ``spelling`` is True when the name looked up is another spelling of ``name``. ``rough`` marks a
    position that is only that of the state around it (US counties). ``fame`` counts GeoNames' other
    spellings of a city."""

    name: str
    kind: str
    lat: float
    lon: float
    country: str
    geonameid: int | None = None
    admin: str = ""
    population: int = 0
    fame: int = 0
    capital: bool = False
    spelling: bool = False
    rough: bool = False


@dataclass(slots=True)
class Table:
    """Names of our own tables. ``folded`` keys are folded; ``exact`` names count only as written
    ('US', 'N.Y.', 'Act' is not 'ACT'); ``postal`` codes count only after a comma."""

    folded: dict[str, list[Entry]] = field(default_factory=dict)
    exact: dict[str, list[Entry]] = field(default_factory=dict)
    postal: dict[str, Entry] = field(default_factory=dict)
    demonyms: dict[str, list[Entry]] = field(default_factory=dict)
    states: dict[str, Entry] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    counties: dict[str, list[str]] = field(default_factory=dict)

    def add_name(self, name: str, entry: Entry) -> None:
        """Register one name of ``entry`` where its form belongs."""
        plain = name.replace(".", "").replace(" ", "")
        if len(name) == 2 and name.isupper() and entry.kind == "state" and name != "DC":
            self.postal[name] = entry
        elif name.endswith(".") or (plain.isupper() and len(plain) <= 5):
            self._append(self.exact, name, entry)
        else:
            self._append(self.folded, fold(name), entry)

    def add_demonym(self, name: str, entry: Entry) -> None:
        """Register an adjective or a name of the people; the plain plural is added."""
        if name.isupper() or "." in name:
            return  # 'US', 'U.S.': the country's own name does it
        forms = {name} if name.endswith(("s", "ese", "ish", "sh", "ch")) else {name, name + "s"}
        for form in forms:
            self._append(self.demonyms, fold(form), entry)

    def _append(self, index: dict[str, list[Entry]], key: str, entry: Entry) -> None:
        entries = index.setdefault(key, [])
        if entry not in entries:
            entries.append(entry)
        first, _, rest = key.partition(" ")
        if rest:
            self.longest[first] = max(key.count(" ") + 1, self.longest.get(first, 1))


@cache
def alpha3() -> dict[str, str]:
    """ISO 3166-1 alpha-2 -> alpha-3."""
    return {code: country["iso3"] for code, country in _countries().items()}


@cache
def _countries() -> dict[str, dict[str, Any]]:
    data = read_data("countries.json")
    assert isinstance(data, dict)
    return data


@cache
def _state_ids() -> dict[str, tuple[str, int]]:
    """Name of a US state -> its postal code and geonameid."""
    data = read_data("us_states.json")
    assert isinstance(data, dict)
    return {state["name"]: (code, state["geonameid"]) for code, state in data.items()}


def _own_entry(row: PlaceRow) -> Entry:
    admin, geonameid = "", row.geonameid
    if row.kind == "state" and row.country == "USA":
        admin, known = _state_ids().get(row.name.replace(" state", ""), ("", None))
        geonameid = geonameid or known
    capital = row.name in ("Washington", "Kyiv", "New Delhi", "Brussels", "Jerusalem", "Sanaa")
    return Entry(
        row.name, row.kind, row.lat, row.lon, row.country, geonameid, admin, capital=capital
    )


@cache
def table() -> Table:
    """The index of ``places.csv``, ``countries.csv`` and the names of US counties."""
    built = Table()
    ids = {country["iso3"]: country["geonameid"] for country in _countries().values()}
    for country in country_rows():
        entry = Entry(
            country.name, "country", country.lat, country.lon, country.iso3, ids.get(country.iso3)
        )
        _register(built, entry, (country.name, *country.aliases), country.demonyms)
    for row in place_rows():
        entry = _own_entry(row)
        _register(built, entry, (row.name, *row.aliases), row.demonyms)
        if entry.admin:
            built.states[entry.admin] = entry
    _add_counties(built)
    return built


def _register(
    built: Table, entry: Entry, names: tuple[str, ...], demonyms: tuple[str, ...]
) -> None:
    for name in names:
        plain = name.removeprefix("the ")
        if fold(plain) not in cue_words("alias_skip"):
            alias = entry.name not in (name, plain) and entry.kind in ("state", "country")
            built.add_name(plain, replace(entry, spelling=True) if alias else entry)
    for demonym in demonyms:
        built.add_demonym(demonym, entry)


def _add_counties(built: Table) -> None:
    data = read_data("us_counties.json")
    assert isinstance(data, list)
    for key, county in zip(fold_all([county["name"] for county in data]), data, strict=True):
        built.counties.setdefault(key, []).append(county["state"])
        first = key.partition(" ")[0]
        built.longest[first] = max(key.count(" ") + 1, built.longest.get(first, 1))


def own_entries(surface: str) -> list[Entry]:
    """Countries, regions, facilities ... of our own tables called ``surface``."""
    index = table()
    if surface in index.exact:
        return index.exact[surface]
    if surface.endswith(".") or (surface.isupper() and len(surface) <= 4):
        return []
    return index.folded.get(fold(surface), [])


def demonym_entries(surface: str) -> list[Entry]:
    """The places whose adjective or people ``surface`` is."""
    return table().demonyms.get(fold(surface), [])


def postal_entry(code: str) -> Entry | None:
    """The state or province with that postal code, None when there is none."""
    return table().postal.get(code)


@lru_cache(maxsize=1 << 12)
def county_entries(surface: str) -> tuple[Entry, ...]:
    """US counties called ``surface`` ('Laurel County'), one for each state that has one: where an
    imported dump puts them, else at the county seat, else in the middle of the state."""
    index, key = table(), fold(surface)
    known = {f.admin1: f for f in _features(key) if f.code == "ADM2" and f.country == "US"}
    return tuple(
        _feature_entry(known[code]) if code in known else _county(surface, code)
        for code in index.counties.get(key, ())
        if code in index.states
    )


def _county(surface: str, code: str) -> Entry:
    seat = county_seats().get((code, fold(surface)))
    if seat:
        for town in all_entries(seat):
            if town.country == "USA" and town.admin == code and town.kind == "city":
                return Entry(surface, "county", town.lat, town.lon, "USA", admin=code)
    state = table().states[code]
    return Entry(surface, "county", state.lat, state.lon, "USA", admin=code, rough=True)


def _city_entry(city: City, *, spelling: bool = False) -> Entry:
    capital = (city.country, fold(city.name)) in capitals()
    return Entry(
        city.name, "city", city.lat, city.lon, alpha3().get(city.country, ""), city.geonameid,
        city.admin, city.population, city.spellings, capital, spelling,
    )  # fmt: skip


def city_entries(surface: str) -> list[Entry]:
    """Cities of 15,000 people or more called ``surface``."""
    key, tier = fold(surface), cities()
    named = [_city_entry(city) for city in _largest_first(tier.named(key))]
    seen = set[str]()
    for i, entry in enumerate(named):  # the capital is the largest of its name in the country
        if entry.capital and entry.country in seen:
            named[i] = replace(entry, capital=False)
        seen.add(entry.country)
    return named + [_city_entry(city, spelling=True) for city in tier.spelled(key)]


def _largest_first(places: tuple[City, ...]) -> list[City]:
    return sorted(places, key=lambda city: (-city.population, city.geonameid))


def city_like(own: Entry) -> Entry:
    """``own``, a city of our table, with GeoNames' population, id and district added."""
    for city in city_entries(own.name):
        if abs(city.lat - own.lat) < 0.6 and abs(city.lon - own.lon) < 0.8:
            return replace(
                own, geonameid=city.geonameid, admin=city.admin, population=city.population,
                fame=city.fame, capital=own.capital or city.capital,
            )  # fmt: skip
    return own


def small_entries(surfaces: list[str]) -> dict[str, list[Entry]]:
    """Places of any size and kind in the gazetteers called so, for each of ``surfaces`` that has
    any. What an imported dump adds besides settlements and their areas counts only for a name that
    has neither."""
    found = dict[str, list[Entry]]()
    for surface in surfaces:
        if entries := all_entries(surface) or _other_features(surface):
            found[surface] = list(entries)
    return found


@lru_cache(maxsize=1 << 13)
def all_entries(surface: str) -> tuple[Entry, ...]:
    """Settlements of any size whose own name is ``surface``, the largest first; with an imported
    dump also states and districts, which follow."""
    key = fold(surface)
    named = tuple(city for city, spelling in all_places().find(key) if not spelling)
    cities = [_city_entry(city) for city in _largest_first(named)]
    known = {entry.geonameid for entry in cities}
    more = [
        _feature_entry(feature) for feature in _features(key)
        if feature.geonameid not in known and not feature.alternate
        and (feature.feature_class == "P" or feature.code in _AREA_KINDS)
    ]  # fmt: skip
    return (*cities, *more)


def _features(key: str) -> tuple[Feature, ...]:
    dump = imported()
    return dump.find(key) if dump else ()


def _other_features(surface: str) -> tuple[Entry, ...]:
    """Rivers, mountains, parks, buildings ... of an imported dump, and settlements of which
    ``surface`` is another name."""
    features = _features(fold(surface))
    own = [feature for feature in features if not feature.alternate]
    return tuple(_feature_entry(feature) for feature in own or features)


# GeoNames feature codes, or else classes, and our kinds.
_AREA_KINDS = {"ADM1": "state", "ADM2": "county"}
_CODE_KINDS = {
    **_AREA_KINDS, "STM": "river", "STMI": "river", "LK": "lake", "LKS": "lake", "RSV": "lake",
    "SEA": "sea", "OCN": "sea", "GULF": "sea", "BAY": "sea", "STRT": "strait", "CHN": "strait",
    "ISL": "island", "ISLS": "island", "PEN": "peninsula", "DSRT": "desert", "MTS": "range",
}  # fmt: skip
_CLASS_KINDS = {
    "P": "city", "A": "district", "T": "mountain", "H": "river", "L": "region", "S": "facility",
}  # fmt: skip


def _feature_entry(feature: Feature) -> Entry:
    kind = _CODE_KINDS.get(feature.code) or _CLASS_KINDS[feature.feature_class]
    return Entry(
        feature.name, kind, feature.lat, feature.lon, alpha3().get(feature.country, ""),
        feature.geonameid, feature.admin1, feature.population, feature.fame,
        spelling=feature.alternate,
    )  # fmt: skip


def forget() -> None:
    """Drop what is remembered of the gazetteers, for a process that changes to another one."""
    for remembered in (imported, gazetteer_version, all_entries, county_entries):
        remembered.cache_clear()


def may_go_on(words: str) -> bool:
    """True when a known name of more words begins with the folded ``words``."""
    index = table()
    first = words.partition(" ")[0]
    return index.longest.get(first, 1) > words.count(" ") + 1 or all_places().begins(words + " ")


def is_forename(word: str) -> bool:
    """True for a common English or international first name."""
    return word.lower() in cue_words("forename")
