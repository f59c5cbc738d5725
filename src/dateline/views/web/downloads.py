"""Charts as files: the drawing of a view under its address, as SVG or PNG."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import Response
from markupsafe import Markup

from dateline.store.aggregates import By
from dateline.store.filters import Filters
from dateline.views.web import stands
from dateline.views.web.address import Asked, allowed
from dateline.views.web.address import chips as chips_of
from dateline.views.web.atlas import WIDE, atlas_of
from dateline.views.web.database import Database
from dateline.views.web.deps import Db
from dateline.views.web.map import map_chart
from dateline.views.web.network import MOST, network, network_chart
from dateline.views.web.network import WIDE as NETWORK_SIZE
from dateline.views.web.positions import CONDITIONS, history_chart
from dateline.views.web.sheet import png, sheet
from dateline.views.web.timeline import chart as bars_chart
from dateline.views.web.timeline import summary, with_status
from dateline.views.web.words import issue_title

router = APIRouter(include_in_schema=False)

Name = Literal["bars", "map", "network", "history"]
Format = Literal["svg", "png"]
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@router.get("/chart/{name}.{format}")
def chart(
    db: Db,
    asked: Asked,
    name: Name,
    format: Format,
    view: Annotated[str, Query(max_length=40)] = "",
    by: By = "country",
    most: Annotated[int, Query(ge=2, le=60)] = MOST,
    party: Annotated[str, Query(max_length=200)] = "",
    issue_of: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The chart of a view, with its title and what it shows, to keep or to print."""
    made: dict[Name, Callable[[], tuple[str, Markup | None]]] = {
        "bars": lambda: ("Acts over time", _bars(db, asked)),
        "map": lambda: ("Where it happened", map_chart(atlas_of(db, asked), asked, view, "", WIDE)),
        "network": lambda: ("Who acts toward whom", _network(db, asked, by, most)),
        "history": lambda: _history(db, asked, party, issue_of),
    }
    title, drawn = made[name]()
    if drawn is None:
        raise HTTPException(404, "nothing to draw: fewer than two days, or nothing found")
    return _file(sheet(drawn, title, note(db, asked)), name, format)


def note(db: Database, filters: Filters) -> str:
    """What a chart shows, and where it is from."""
    conditions = "; ".join(f"{chip.label}: {chip.words}" for chip in chips_of(filters))
    return " · ".join(part for part in (conditions, f"dateline, {db.path.name}") if part)


def _bars(db: Database, filters: Filters) -> Markup | None:
    shown = with_status(filters)
    return bars_chart(summary(db, shown), shown) or None


def _network(db: Database, filters: Filters, by: By, most: int) -> Markup:
    return network_chart(network(db, filters, by), filters, most, NETWORK_SIZE)


def _history(db: Database, asked: Filters, party: str, issue: str) -> tuple[str, Markup | None]:
    filters = allowed(asked, CONDITIONS)
    name = stands.party_name(db, party)
    rows = stands.history(db, filters, party, issue)
    return f"{name}: {issue_title(issue)}", history_chart(rows, name, issue)


def _file(drawn: Markup, name: str, format: Format) -> Response:
    if format == "png" and find_spec("resvg_py") is None:
        raise HTTPException(501, "PNG needs the package resvg-py: pip install 'dateline[web]'")
    content = str(drawn).encode() if format == "svg" else png(drawn)
    headers = {"Content-Disposition": f'attachment; filename="dateline-{name}.{format}"'}
    return Response(content, media_type=_TYPES[format], headers=headers)
