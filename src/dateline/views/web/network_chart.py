"""Who acts toward whom, as a drawing.

An arrow leads from the one who acts to the one acted upon; it grows with the reports of independent
sources. Cooperation is an even line, conflict a dashed one, each in its colour.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from dateline.views.web.network_layout import Point, layout, spread
from dateline.views.web.svg import Paint, cut, drawing, el, label, link, number, paint, text_width

Side = Literal["cooperation", "conflict"]


@dataclass(frozen=True, slots=True)
class Node:
    """A party: ``key`` tells it apart, ``weight`` counts independent reports it has part in."""

    key: str
    name: str
    weight: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """Acts of one kind by ``actor`` toward ``recipient`` (keys of nodes)."""

    actor: str
    recipient: str
    side: Side
    acts: int
    independent: int
    href: str | None = None


_SIZE = 12.0
_BOLD = 1.15  # how much wider bold letters are
_WIDEST, _THINNEST = 7.0, 1.2
_FEW = 25  # reports of the widest arrow at least, so that one report is never a thick line
_MARGIN_X, _MARGIN_Y = 60.0, 34.0
_BEND: dict[Side, float] = {"cooperation": 0.10, "conflict": 0.24}
_COLOUR: dict[Side, Paint] = {"cooperation": "coop", "conflict": "conflict"}


def network_svg(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    title: str,
    width: int = 960,
    height: int = 620,
    key: str = "network",
) -> Markup:
    """Nodes and the edges between them; an edge to a node that is not there is left out."""
    index = {node.key: i for i, node in enumerate(nodes)}
    drawn = [
        e for e in edges if e.actor in index and e.recipient in index and e.actor != e.recipient
    ]
    places = _places(nodes, drawn, index, width, height)
    most = max((edge.independent for edge in drawn), default=1)
    radius = {node.key: _radius(node, nodes) for node in nodes}
    parts = [
        _edge(e, places[index[e.actor]], places[index[e.recipient]], radius, most, nodes, index)
        for e in sorted(drawn, key=lambda e: (e.independent, e.actor, e.recipient, e.side))
    ]
    parts += [
        _node(node, place, radius[node.key], width)
        for node, place in zip(nodes, places, strict=True)
    ]
    return drawing(
        parts, width=width, height=height, title=title, desc=_told(nodes, drawn), key=key,
        class_="network",
    )  # fmt: skip


def _places(
    nodes: Sequence[Node], edges: Sequence[Edge], index: Mapping[str, int], width: int, height: int
) -> list[Point]:
    ties: dict[tuple[int, int], float] = {}
    for edge in edges:
        a, b = sorted((index[edge.actor], index[edge.recipient]))
        ties[a, b] = ties.get((a, b), 0.0) + edge.independent
    inner = layout(len(nodes), ties, width - 2 * _MARGIN_X, height - 2 * _MARGIN_Y)
    points = [(x + _MARGIN_X, y + _MARGIN_Y) for x, y in inner]
    return spread(points, [_half_box(node, nodes, width) for node in nodes], width, height)


def _half_box(node: Node, nodes: Sequence[Node], width: int) -> tuple[float, float]:
    """Half of the room that a node and its name under it take."""
    words = text_width(_shown(node, width), _SIZE) * _BOLD
    return max(words / 2 + 4, _radius(node, nodes) + 8), _radius(node, nodes) + 18


def _shown(node: Node, width: int) -> str:
    return cut(node.name, 150 if width >= 600 else 96, _SIZE)


def _radius(node: Node, nodes: Sequence[Node]) -> float:
    most = max(n.weight for n in nodes) or 1
    return 5 + 11 * math.sqrt(node.weight / most)


def _edge(
    edge: Edge,
    start: Point,
    end: Point,
    radius: Mapping[str, float],
    most: int,
    nodes: Sequence[Node],
    index: Mapping[str, int],
) -> Markup:
    wide = _THINNEST + (_WIDEST - _THINNEST) * math.sqrt(edge.independent / max(most, _FEW))
    head = 5 + wide * 1.3
    bend = _bent(start, end, _BEND[edge.side])
    first = _toward(start, bend, radius[edge.actor] + 2)
    tip = _toward(end, bend, radius[edge.recipient] + 2)
    base = _toward(tip, bend, head)
    dash = f"{number(wide + 3)} {number(wide * 0.6 + 2)}" if edge.side == "conflict" else None
    colour = _COLOUR[edge.side]
    path = f"M{_at(first)}Q{_at(bend)} {_at(base)}"
    line = el(
        "path", d=path, stroke_width=wide, stroke_dasharray=dash, stroke_opacity=0.75,
        **paint("none", colour),
    )  # fmt: skip
    actor, recipient = nodes[index[edge.actor]].name, nodes[index[edge.recipient]].name
    told = (
        f"{actor} → {recipient}: {edge.acts} acts of {edge.side}, "
        f"{edge.independent} independent reports"
    )
    arrow = _head(tip, base, head, colour)
    return link(edge.href, line, arrow, title=told, class_=f"edge is-{edge.side}")


def _bent(start: Point, end: Point, bend: float) -> Point:
    """The point that pulls the line to its right as seen along the way, so that there and back, and
    both kinds, are four lines."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    return (start[0] + end[0]) / 2 - dy * bend, (start[1] + end[1]) / 2 + dx * bend


def _toward(start: Point, end: Point, pixels: float) -> Point:
    """The point so many pixels from one to the other; never beyond the middle."""
    length = math.hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    share = min(pixels / length, 0.5)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _head(tip: Point, base: Point, size: float, colour: Paint) -> Markup:
    dx, dy = tip[0] - base[0], tip[1] - base[1]
    length = math.hypot(dx, dy) or 1.0
    ox, oy = -dy / length * size * 0.45, dx / length * size * 0.45
    left, right = (base[0] + ox, base[1] + oy), (base[0] - ox, base[1] - oy)
    return el("path", d=f"M{_at(tip)}L{_at(left)}L{_at(right)}Z", **paint(colour))


def _node(node: Node, place: Point, radius: float, width: int) -> Markup:
    x, y = place
    return link(
        node.href,
        el("circle", cx=x, cy=y, r=radius, stroke_width=1.75, **paint("raised", "ink")),
        label(
            _shown(node, width), x, y + radius + 13, halo=True, text_anchor="middle",
            font_size=_SIZE, font_weight=600,
        ),
        title=f"{node.name}: part in {node.weight} independent reports",
        class_="node",
    )  # fmt: skip


def _at(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _told(nodes: Sequence[Node], edges: Sequence[Edge]) -> str:
    if not edges:
        return "Nobody acts toward anybody here."
    names = {node.key: node.name for node in nodes}
    first = sorted(edges, key=lambda e: (-e.independent, e.actor, e.recipient))[:8]
    told = "; ".join(
        f"{names[e.actor]} toward {names[e.recipient]}, {e.side}: {e.acts} acts" for e in first
    )
    more = f"; and {len(edges) - 8} more" if len(edges) > 8 else ""
    return f"{told}{more}. The table after the drawing has them all."
