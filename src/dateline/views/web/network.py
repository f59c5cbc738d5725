"""The network of who acts toward whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from dateline.store.aggregates import By, dyads
from dateline.store.corpus import Row
from dateline.store.countries import country_names
from dateline.store.filters import Filters
from dateline.views.layout import clean, clip
from dateline.views.web.address import Asked, link
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, render
from dateline.views.web.network_chart import Edge, Node, Side, network_svg

router = APIRouter(include_in_schema=False)

WIDE, NARROW = (960, 600), (360, 470)
MOST = 24  # parties drawn at first, and at most
_MOST_ASKED = 60
_EDGES = 3.5  # arrows drawn for each party at most; more are no longer told apart
_ROWS = 100  # rows of the table
ON_NARROW = 12
_SIDES: tuple[Side, ...] = ("cooperation", "conflict")


@dataclass(frozen=True, slots=True)
class Network:
    """Dyads, best reported first, with the parties of most reports and how many there are in all."""

    rows: tuple[Row, ...]
    by: By

    def nodes(self, filters: Filters, most: int) -> list[Node]:
        """The parties that have part in most independent reports."""
        weight: dict[str, int] = {}
        for row in self.rows:
            if row["actor"] == row["recipient"]:  # within a country: in the table, no arrow
                continue
            for party in (row["actor"], row["recipient"]):
                weight[party] = weight.get(party, 0) + row["n_independent"]
        chosen = sorted(weight, key=lambda party: (-weight[party], party))[:most]
        return [
            Node(p, self.name(p), weight[p], link("/network", filters, by=self.by, **self._only(p)))
            for p in chosen
        ]

    def edges(self, filters: Filters, nodes: Sequence[Node]) -> list[Edge]:
        """The best reported dyads of these parties, one edge a kind."""
        keys = {node.key for node in nodes}
        found = [
            (row, side)
            for row in self.rows
            if row["actor"] in keys
            and row["recipient"] in keys
            and row["actor"] != row["recipient"]
            for side in _SIDES
            if row[side]
        ]
        found.sort(key=lambda pair: -int(pair[0][f"independent_{pair[1]}"]))
        return [self._edge(*pair, filters) for pair in found[: round(_EDGES * len(nodes))]]

    def name(self, party: str) -> str:
        """A party as shown."""
        return country_names().get(party, party) if self.by == "country" else party

    def pair(self, row: Row) -> str:
        """The two of a row: 'Russia → Ukraine', 'within Russia'."""
        actor, recipient = (clip(clean(self.name(row[who])), 50) for who in ("actor", "recipient"))
        return f"within {actor}" if actor == recipient else f"{actor} → {recipient}"

    def acts_link(self, row: Row, filters: Filters) -> str | None:
        """The acts between the two of a row; None where the address cannot name them."""
        pair = (row["actor"], row["recipient"])
        if any("," in party for party in pair):
            return link("/timeline", filters, actor=row["actor"])
        return link("/timeline", filters, pair=",".join(pair))

    def _only(self, party: str) -> dict[str, str]:
        return {"country" if self.by == "country" else "actor": party}

    def _edge(self, row: Row, side: Side, filters: Filters) -> Edge:
        acts, independent = row[side], row[f"independent_{side}"]
        address = self.acts_link(row, filters)
        return Edge(row["actor"], row["recipient"], side, acts, independent, address)


@router.get("/network")
def network_page(
    request: Request,
    db: Db,
    asked: Asked,
    by: By = "country",
    most: Annotated[int, Query(ge=2, le=_MOST_ASKED)] = MOST,
) -> HTMLResponse:
    """Who acts toward whom, and how."""
    found = network(db, asked, by)
    context = {
        "network": found,
        "wide": network_chart(found, asked, most, WIDE),
        "narrow": network_chart(found, asked, min(most, ON_NARROW), NARROW, key="network-small"),
        "rows": found.rows[:_ROWS],
        "n_parties": len({p for row in found.rows for p in (row["actor"], row["recipient"])}),
        "filters": asked,
        "by": by,
        "most": most,
    }
    return render(request, "network.html", context)


def network(db: Database, filters: Filters, by: By) -> Network:
    """The dyads of what meets ``filters``."""
    found: Network = db.cached(
        ("network", filters, by), lambda: Network(tuple(db.query(dyads(filters, by=by))), by)
    )
    return found


def network_chart(
    found: Network, filters: Filters, most: int, size: tuple[int, int], *, key: str = "network"
) -> Markup:
    """The network as a drawing."""
    nodes = found.nodes(filters, most)
    edges = found.edges(filters, nodes)
    tied = {key for edge in edges for key in (edge.actor, edge.recipient)}
    nodes = [node for node in nodes if node.key in tied]
    return network_svg(
        nodes, edges, title="Who acts toward whom", width=size[0], height=size[1], key=key
    )
