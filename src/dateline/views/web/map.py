"""The map of events. Nothing of it comes from another machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

import numpy as np
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from dateline.store.filters import Filters
from dateline.views.web.address import Asked, link
from dateline.views.web.atlas import NARROW, WIDE, Atlas, Place, acts_at, atlas_of, view_of
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, render
from dateline.views.web.geometry.projection import View
from dateline.views.web.geometry.regions import regions
from dateline.views.web.map_chart import map_svg

router = APIRouter(include_in_schema=False)

_LISTED = 60  # places beside the map
_ACTS = 25  # acts listed of a chosen place
_CLOSER = 2.5  # how much nearer a step is

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """Places that lie in the part of the world shown, those listed first, and the rest counted."""

    places: list[Place]
    elsewhere: int

    @property
    def listed(self) -> list[Place]:
        return self.places[:_LISTED]


@router.get("/map")
def map_page(
    request: Request,
    db: Db,
    asked: Asked,
    view: Annotated[str, Query(max_length=40)] = "",
    at: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """Acts that meet the filters, where they happened."""
    found = atlas_of(db, asked)
    wide = view_of(view, found.places, WIDE)
    context = {
        "wide": map_chart(found, asked, view, at, WIDE),
        "narrow": map_chart(found, asked, view, at, NARROW, key="map-small"),
        "shown": shown_in(found, wide),
        "nowhere": found.nowhere,
        "total": sum(place.acts for place in found.places) + found.nowhere,
        "filters": asked,
        "view": view,
        "steps": steps(wide),
        "regions": [(key, name) for key, (name, *_) in regions().items()],
        **_chosen(db, asked, found, at),
    }
    return render(request, "map.html", context)


def map_chart(
    found: Atlas, filters: Filters, view: str, at: str, size: Size, *, key: str = "map"
) -> Markup:
    """The map as a drawing, each mark a link to its acts."""
    part = view_of(view, found.places, size)
    address = link("/map", filters, view=view or None, at="-").removesuffix("-")
    return map_svg(
        found.marks,
        part,
        title="Where it happened",
        href=lambda place: f"{address}{quote(place, safe=',')}#acts",
        key=key,
        chosen=at or None,
    )


def shown_in(found: Atlas, view: View) -> Shown:
    """The places that a view shows."""
    lat, lon = (np.array([getattr(p, name) for p in found.places]) for name in ("lat", "lon"))
    x, y = view.project(lat, lon)
    points = zip(found.places, x.tolist(), y.tolist(), strict=True)
    inside = [place for place, px, py in points if view.shows(px, py)]
    return Shown(inside, len(found.places) - len(inside))


def steps(view: View) -> dict[str, str]:
    """Views nearer by and farther off, as ``view`` has them in an address."""
    radius = view.radius or 90.0
    near, far = radius / _CLOSER, radius * _CLOSER
    middle = f"{view.lat:.2f},{view.lon:.2f}"
    return {
        "nearer": f"{middle},{max(near, 2):.1f}",
        "farther": f"{middle},{far:.1f}" if far < 60 else "world",
    }


def _chosen(db: Database, filters: Filters, found: Atlas, at: str) -> dict[str, Any]:
    """The place that is looked at, and its acts."""
    place = next((place for place in found.places if place.key == at), None)
    acts = acts_at(db, filters, at, _ACTS) if place else []
    return {"place": place, "acts": acts, "at": at}
