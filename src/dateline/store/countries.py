"""Countries by name, for filters and exports."""

from __future__ import annotations

from functools import cache

from dateline.knowledge.tables import read_csv
from dateline.record.actors.countries import COUNTRY_COLUMNS

# What ``Actor.country`` holds for bodies of many countries.
_RANKS = {"state": 0, "territory": 1, "disputed": 2, "former": 3}
_BODIES = {"UNO": "United Nations", "EUR": "European Union", "IGO": "intergovernmental"}


@cache
def country_names() -> dict[str, str]:
    """Code -> name, for countries, territories and the bodies that ``Actor.country`` knows."""
    return {row["iso3"]: row["name"] for row in _rows()} | _BODIES


@cache
def _rows() -> list[dict[str, str]]:
    """One row a code: the table also lists entities whose actors count for a country's code."""
    rows: dict[str, dict[str, str]] = {}
    table = read_csv("countries.csv", COUNTRY_COLUMNS)
    for row in sorted(table, key=lambda row: _RANKS.get(row["status"], len(_RANKS))):
        rows.setdefault(row["iso3"], row)
    return list(rows.values())


def country_code(text: str) -> str | None:
    """The code of a country given as a code or as a name ('RUS', 'russia', 'Côte d’Ivoire'); None
    when it names none."""
    wanted = text.strip()
    if wanted.upper() in country_names():
        return wanted.upper()
    return _by_name().get(wanted.casefold())


@cache
def _by_name() -> dict[str, str]:
    codes: dict[str, str] = {}
    for row in _rows():
        for name in (row["name"], *row["aliases"].split("|")):
            codes.setdefault(name.casefold(), row["iso3"])
    codes.pop("", None)
    return codes | {name.casefold(): code for code, name in _BODIES.items()}
