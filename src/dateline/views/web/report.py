"""``dateline report``: a view of a corpus as a single page that asks nothing of the network.

It holds what the explorer shows of the same conditions: acts over time, who acts toward whom, where,
who stands where, the acts with their words, and the articles they are from. There is no script in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from markupsafe import Markup

from dateline.store.corpus import Row
from dateline.store.filters import Filters
from dateline.store.queries import Cut, count, select
from dateline.version import __version__
from dateline.views.web import stands
from dateline.views.web.address import allowed, chips
from dateline.views.web.atlas import NARROW, WIDE, Atlas, atlas_of, view_of
from dateline.views.web.database import Database
from dateline.views.web.environment import environment, static_text
from dateline.views.web.map_chart import map_svg
from dateline.views.web.network import MOST, ON_NARROW, Network, network, network_chart
from dateline.views.web.network import NARROW as NETWORK_NARROW
from dateline.views.web.network import WIDE as NETWORK_SIZE
from dateline.views.web.positions import CONDITIONS, SIGNS
from dateline.views.web.svg import without_links
from dateline.views.web.timeline import BACKGROUND, Summary, chart, summary, with_status
from dateline.views.web.words import days_words

_STYLES = ("base.css", "charts.css", "report.css")
ACTS = 200  # told one by one, unless more are asked for
_PARTIES, _ISSUES = 12, 7  # of the matrix: what fits on a sheet across
_PLACES, _PAIRS = 30, 20


@dataclass(frozen=True, slots=True)
class Told:
    """Acts of a day, each with the numbers of its articles in the list of sources."""

    day: str
    rows: list[Row]


def report_page(db: Database, filters: Filters, *, acts: int = ACTS) -> str:
    """The page as HTML. ``acts`` are told one by one, the latest first; charts and counts hold all.

    Raises QueryError for conditions that cannot be met, QueryTimeout and StoreError as ``Database``.
    """
    style = "".join(static_text(name) for name in _STYLES)
    shown = with_status(filters)
    rows = db.query(select("events", shown, Cut(acts, newest=True)))
    background = _background(db, filters, acts)
    sources = _sources([*rows, *background])
    context = {
        "policy": f"default-src 'none'; style-src {_hashed(style)}; base-uri 'none'; form-action 'none'",
        "style": Markup(style),
        "version": __version__,
        "corpus": db.path.name,
        "chips": list(chips(filters)),
        "days": _days(rows),
        "background": _days(background),
        "n_told": len(rows),
        "sources": list(sources.values()),
        "numbers": {id: number for number, id in enumerate(sources, start=1)},
        "signs": SIGNS,
        **_charts(db, filters, shown),
        **_positions(db, filters),
    }
    return environment().get_template("report.html").render(context).lstrip()


def _background(db: Database, filters: Filters, acts: int) -> list[Row]:
    """What is told as background, when no status is asked for."""
    if filters.status:
        return []
    only = replace(filters, status=BACKGROUND)
    return db.query(select("events", only, Cut(acts // 4, newest=True)))


def _charts(db: Database, filters: Filters, shown: Filters) -> dict[str, Any]:
    found: Summary = summary(db, shown)
    pairs, places = network(db, filters, "country"), atlas_of(db, filters)
    return {
        "found": found,
        "bars": without_links(chart(found, shown)),
        "networks": _network_drawn(pairs, filters),
        "pairs": pairs.rows[:_PAIRS],
        "pair_name": pairs.pair,
        "maps": _map_drawn(places),
        "places": places.places[:_PLACES],
        "n_places": len(places.places),
        "nowhere": places.nowhere,
    }


def _network_drawn(found: Network, filters: Filters) -> list[Markup]:
    """The network for wide and for narrow pages; none when there is nobody in it."""
    if not found.rows:
        return []
    wide = network_chart(found, filters, MOST, NETWORK_SIZE)
    narrow = network_chart(found, filters, ON_NARROW, NETWORK_NARROW, key="network-small")
    return [without_links(wide), without_links(narrow)]


def _map_drawn(found: Atlas) -> list[Markup]:
    """The map for wide and for narrow pages; none when nothing has a place."""
    if not found.places:
        return []
    sizes = {"map": WIDE, "map-small": NARROW}
    return [
        map_svg(found.marks, view_of("", found.places, size), title="Where it happened", key=key)
        for key, size in sizes.items()
    ]


def _positions(db: Database, filters: Filters) -> dict[str, Any]:
    """The matrix. A pair is no condition on positions: both its parties are shown."""
    kept = allowed(filters, CONDITIONS)
    matrix = stands.matrix(db, kept, "side", _PARTIES)
    issues = matrix.issues[:_ISSUES]
    shown = {party for party, issue in matrix.cells if issue in issues}
    return {
        "cells": matrix.cells,
        "parties": [party for party in matrix.parties if party.key in shown],
        "issues": issues,
        "n_positions": db.query(count("positions", kept))[0]["n"],
        "pair": filters.pair,
    }


def _days(rows: Iterable[Row]) -> list[Told]:
    named = [(days_words(row["first_day"], row["last_day"]), row) for row in rows]
    return [
        Told(day, [r for _, r in group]) for day, group in groupby(named, key=lambda pair: pair[0])
    ]


def _sources(rows: Sequence[Row]) -> dict[str, Row]:
    """The articles whose words are quoted, in the order of their first quotation."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row["article"], row)
    return found


def _hashed(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
