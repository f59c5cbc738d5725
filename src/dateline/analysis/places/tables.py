"""The project's own place tables, read once and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dateline.analysis.places.folding import fold
from dateline.knowledge.tables import KnowledgeError, numbered_rows

_KIND_NAMES = (
    "continent country region state county city district facility island peninsula sea lake river "
    "strait range mountain desert front disputed historic"
)
KINDS = frozenset(_KIND_NAMES.split())
_PLACE_COLUMNS = (
    "name", "kind", "lat", "lon", "country", "geonameid", "aliases", "demonyms", "note",
)  # fmt: skip
_CUE_NAMES = (
    "locative place_head_before title saying org_tail org_head_before forename common_word surname "
    "blocked alias_skip area_tail place_tail direction civic civic_pair"
)
_CUES = frozenset(_CUE_NAMES.split())


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One row of ``places.csv``, in WGS84 degrees.

    ``country`` is ISO 3166-1 alpha-3, '' for a sea, for a place in several countries, and where
    states dispute whose it is; ``note`` says how a disputed place stands, with dates.
    """

    name: str
    kind: str
    lat: float
    lon: float
    country: str
    geonameid: int | None
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class CountryRow:
    """A country or territory of ``countries.csv`` with its position from our centroids."""

    iso3: str
    name: str
    lat: float
    lon: float
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]


def _rows(name: str, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and fields of each row; extra columns are another module's business."""
    return numbered_rows(name, columns, more=True)


def _split(field: str) -> tuple[str, ...]:
    return tuple([part for part in map(str.strip, field.split("|")) if part]) if field else ()


def _degrees(table: str, line: int, lat: str, lon: str) -> tuple[float, float]:
    try:
        point = float(lat), float(lon)
    except ValueError:
        raise KnowledgeError(f"{table}, line {line}: {lat!r}, {lon!r} are no degrees") from None
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise KnowledgeError(f"{table}, line {line}: {point} is off the globe")
    return point


def _place(line: int, row: dict[str, str]) -> PlaceRow:
    if row["kind"] not in KINDS or not row["name"]:
        raise KnowledgeError(f"places.csv, line {line}: unknown kind {row['kind']!r} or no name")
    if row["kind"] == "disputed" and not row["note"]:
        raise KnowledgeError(
            f"places.csv, line {line}: {row['name']} is disputed: say how and when"
        )
    lat, lon = _degrees("places.csv", line, row["lat"], row["lon"])
    geonameid = int(row["geonameid"]) if row["geonameid"].isdigit() else None
    return PlaceRow(
        row["name"], row["kind"], lat, lon, row["country"], geonameid,
        _split(row["aliases"]), _split(row["demonyms"]), row["note"],
    )  # fmt: skip


@cache
def place_rows() -> tuple[PlaceRow, ...]:
    """Rows of ``places.csv``. Raises KnowledgeError naming the line of a row that does not fit."""
    return tuple(_place(line, row) for line, row in _rows("places.csv", _PLACE_COLUMNS))


@cache
def centroids() -> dict[str, tuple[float, float]]:
    """ISO 3166-1 alpha-3 code -> latitude and longitude of a point inside the country."""
    rows = _rows("country_centroids.csv", ("iso3", "lat", "lon"))
    return {
        row["iso3"]: _degrees("country_centroids.csv", line, row["lat"], row["lon"])
        for line, row in rows
    }


@cache
def country_rows() -> tuple[CountryRow, ...]:
    """The countries and territories of today; former and unrecognised ones are in ``places.csv``.

    A code's first row is the country itself, later rows are parts or former names of it.
    """
    points, seen = centroids(), dict[str, CountryRow]()
    columns = ("iso3", "name", "aliases", "adjectives", "people", "status")
    for _, row in _rows("countries.csv", columns):
        if row["iso3"] in points and row["iso3"] not in seen and row["status"] != "former":
            lat, lon = points[row["iso3"]]
            demonyms = _split(row["adjectives"]) + _split(row["people"])
            seen[row["iso3"]] = CountryRow(
                row["iso3"], row["name"], lat, lon, _split(row["aliases"]), demonyms
            )
    return tuple(seen.values())


@cache
def county_seats() -> dict[tuple[str, str], str]:
    """Postal code of a US state and folded name of a county ('fayette county') -> its seat, or its
    largest town where the seat is too small for GeoNames' list of cities."""
    seats: dict[tuple[str, str], str] = {}
    for line, row in _rows("county_seats.csv", ("state", "counties")):
        for part in _split(row["counties"]):
            county, _, seat = part.partition("=")
            if not county:
                raise KnowledgeError(f"county_seats.csv, line {line}: a seat without its county")
            tail = " parish" if row["state"] == "LA" else " county"
            seats[row["state"], fold(county) + tail] = seat or county
    return seats


@cache
def cue_words(cue: str) -> frozenset[str]:
    """The lower-case words of one row of ``place_cues.csv`` (an underscore there is a space here);
    KeyError for an unknown cue."""
    return _all_cues()[cue]


@cache
def _all_cues() -> dict[str, frozenset[str]]:
    cues = {
        row["cue"]: frozenset(word.replace("_", " ") for word in row["words"].split())
        for _, row in _rows("place_cues.csv", ("cue", "words"))
    }
    if cues.keys() != _CUES:
        raise KnowledgeError(f"place_cues.csv: expected cues {sorted(_CUES)}, found {sorted(cues)}")
    return cues
