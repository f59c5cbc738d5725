"""Country and actor codes of other data sets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dateline.knowledge.tables import KnowledgeError, numbered_rows, read_csv
from dateline.store.countries import country_names

_CODE_COLUMNS = ("iso3", "fips", "cow", "note")
_CAMEO_COLUMNS = ("sector", "column", "code", "note")
# Bodies of many countries: CAMEO's country or region code, group code, and the two joined.
_GROUPS = {"UNO": ("", "UNO", "IGOUNO"), "EUR": ("EUR", "EEC", "IGOEUREEC"), "IGO": ("", "", "IGO")}
_PALESTINE = "PSE"
# FIPS has no code for Palestine, only for its two parts, between which no longitude is in doubt:
# Gaza ends at 34.57 E, the West Bank begins at 34.87 E.
_EAST_OF_GAZA = 34.7


@cache
def _codes() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for line, row in numbered_rows("country_codes.csv", _CODE_COLUMNS):
        if len(row["iso3"]) != 3 or len(row["fips"]) != 2 or row["iso3"] in found:
            raise KnowledgeError(f"country_codes.csv, line {line}: {row['iso3']}, {row['fips']}")
        found[row["iso3"]] = (row["fips"], row["cow"])
    return found


def fips(iso3: str, lon: float | None = None) -> str:
    """The FIPS 10-4 code of a country; '' when it has none. ``lon`` (degrees east) tells the parts
    of Palestine apart: without it they have no code."""
    if iso3 == _PALESTINE:
        return "" if lon is None else "GZ" if lon < _EAST_OF_GAZA else "WE"
    return _codes().get(iso3, ("", ""))[0]


def iso3_of_fips(code: str) -> str:
    """The ISO 3166-1 alpha-3 code of a FIPS 10-4 code; '' when there is none."""
    return _PALESTINE if code == "GZ" else _of_fips().get(code, "")


@cache
def _of_fips() -> dict[str, str]:
    return {code: iso3 for iso3, (code, _) in _codes().items()}


def cow(iso3: str) -> str:
    """The Correlates of War number of a state, as of today; '' when it has none."""
    return _codes().get(iso3, ("", ""))[1]


def country_name(iso3: str) -> str:
    """The name of a country; '' for an unknown code."""
    return country_names().get(iso3, "")


@dataclass(frozen=True, slots=True)
class CameoActor:
    """CAMEO codes of an actor, '' for what it has none of. ``code`` joins the others."""

    code: str = ""
    country: str = ""
    group: str = ""
    religion: str = ""
    types: tuple[str, ...] = ()


def cameo_actor(country: str, *sectors: str) -> CameoActor:
    """CAMEO codes for a country and PLOVER sectors of ``Actor``. Sectors that CAMEO lacks are left
    out (``knowledge/codebook/cameo_actors.csv``)."""
    known = [_sectors()[sector] for sector in sectors if sector in _sectors()]
    types = tuple(dict.fromkeys(code for column, code in known if column == "Type"))
    religion = next((code for column, code in known if column == "Religion"), "")
    if country not in _GROUPS:
        return CameoActor("".join((country, religion, *types)), country, "", religion, types)
    place, group, joined = _GROUPS[country]
    rest = tuple(code for code in types if code != "IGO")
    code = "".join((joined, religion, *rest))
    return CameoActor(code, place, group, religion, ("IGO", *rest))


@cache
def _sectors() -> dict[str, tuple[str, str]]:
    """PLOVER sector -> CAMEO's column and code."""
    rows = read_csv("codebook/cameo_actors.csv", _CAMEO_COLUMNS)
    return {row["sector"]: (row["column"], row["code"]) for row in rows if row["code"]}
