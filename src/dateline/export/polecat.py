"""POLECAT: 40 columns with a header, one row for each actor and recipient of an act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dateline.export.acts import Dyad, Side, acts, dyads, known_day
from dateline.export.cells import number
from dateline.export.codes import cow
from dateline.store.filters import Filters

if TYPE_CHECKING:
    from dateline.store.corpus import Corpus


def _party_columns(who: str) -> tuple[str, ...]:
    return (
        f"{who} Name",
        f"{who} Country",
        f"{who} COW",
        f"Primary {who} Sector",
        f"{who} Sectors",
        f"{who} Title",
        f"{who} Name Raw",
        f"Wikipedia {who} ID",
    )


COLUMNS: tuple[str, ...] = (
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    *_party_columns("Actor"),
    *_party_columns("Recipient"),
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
)
_SEPARATOR = ";"


def rows(corpus: Corpus, filters: Filters) -> Iterator[list[str]]:
    """Rows in the order of ``COLUMNS``. An act with several parties has several rows, all with its
    id."""
    for act in acts(corpus, filters):
        shared = _shared(act)
        for dyad in _pairs(act["parties"]):
            row = shared | _party("Actor", dyad.actor) | _party("Recipient", dyad.recipient)
            yield [row.get(name, "") for name in COLUMNS]


def _pairs(parties: list[Side]) -> list[Dyad]:
    """Each actor with each recipient, and no mirrored rows: PLOVER has all who meet as actors."""
    return dyads(parties, None)


def _shared(act: dict[str, Any]) -> dict[str, str]:
    day = known_day(act)
    return {
        "Event ID": act["id"],
        "Event Date": "" if day is None else day.isoformat(),
        "Event Type": act["type"],
        "Event Mode": act["mode"] or "",
        "Intensity": number(act["intensity"]),
        "Quad Code": str(act["quad"]),
        "Contexts": _SEPARATOR.join(act["contexts"]),
        **_place(act),
        "Source": act["outlet"] or "",
        "Publication Date": (act["published"] or "")[:10],
        "Story People": _listed(act["people"]),
        "Story Organizations": _listed(act["bodies"]),
        "Story Locations": _listed(act["places"]),
        "Language": act["language"],
        "Version": f"dateline {act['code']}, {act['codebook']}" if act["code"] else "",
    }


def _place(act: dict[str, Any]) -> dict[str, str]:
    if not act["place"]:
        return {}
    kind = act["place_kind"] or ""
    return {
        "Placename": act["place"],
        "City": act["place"] if kind == "city" else "",
        "District": act["place"] if kind in ("county", "district") else "",
        "Province": act["place"] if kind == "state" else "",
        "Country": act["place_country"] or "",
        "Latitude": "" if act["lat"] is None else number(act["lat"]),
        "Longitude": "" if act["lon"] is None else number(act["lon"]),
        "GeoNames ID": "" if act["geonameid"] is None else str(act["geonameid"]),
        "Feature Type": kind,
    }


def _party(who: str, side: Side | None) -> dict[str, str]:
    if side is None:
        return {}
    sectors = [sector for sector in (side.sector, side.sector2) if sector]
    return {
        f"{who} Name": side.name or "",
        f"{who} Country": side.country,
        f"{who} COW": cow(side.country),
        f"Primary {who} Sector": side.sector,
        f"{who} Sectors": _SEPARATOR.join(sectors),
        f"{who} Title": side.office or "",
        f"{who} Name Raw": side.text or "",
    }


def _listed(names: list[str] | None) -> str:
    return _SEPARATOR.join(name.replace(_SEPARATOR, ",") for name in names or ())
