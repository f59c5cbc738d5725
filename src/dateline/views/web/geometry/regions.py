"""Parts of the world that a map can be asked for by name."""

from __future__ import annotations

from csv import DictReader
from functools import cache
from importlib.resources import files
from io import StringIO

from dateline.knowledge.tables import KnowledgeError
from dateline.views.web.geometry.projection import View

_COLUMNS = ["key", "name", "lat", "lon", "degrees"]


@cache
def regions() -> dict[str, tuple[str, float, float, float]]:
    """Key -> name, latitude and longitude of the middle, and degrees from there to the nearer edge.

    Raises KnowledgeError when ``regions.csv`` does not fit."""
    table = files("dateline.views.web.geometry").joinpath("regions.csv").read_text("utf-8")
    reader = DictReader(StringIO(table))
    if reader.fieldnames != _COLUMNS:
        raise KnowledgeError(f"regions.csv: expected columns {_COLUMNS}, found {reader.fieldnames}")
    found = {}
    for row in reader:
        try:
            numbers = float(row["lat"]), float(row["lon"]), float(row["degrees"])
        except ValueError as error:
            raise KnowledgeError(f"regions.csv, line {reader.line_num}: {error}") from None
        found[row["key"]] = (row["name"], *numbers)
    return found


def region_view(key: str, width: int, height: int) -> View | None:
    """The view of a region; None for a name that is none."""
    known = regions().get(key)
    return None if known is None else View(width, height, *known[1:])
