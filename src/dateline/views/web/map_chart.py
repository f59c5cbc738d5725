"""The map of events: marks on the land, as a drawing.

A mark grows with the acts it stands for. One whose place is known is filled; one whose place may be
another is hollow and dashed; a country is a dashed circle of about the country's size, because the act
was somewhere in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from markupsafe import Markup

from dateline.views.web.country_marks import country_marks
from dateline.views.web.geometry.land import QUARTERS, land_path
from dateline.views.web.geometry.projection import KM_PER_DEGREE, View
from dateline.views.web.svg import cut, drawing, el, label, link, number, paint, text_width

Certainty = Literal["sure", "unsure", "area"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Acts at a place. ``independent`` counts reports of independent sources; ``reach_km`` is the
    radius of a circle as large as the country, for an 'area'; ``names`` are further places that the
    mark stands for at this scale."""

    key: str
    name: str
    lat: float
    lon: float
    acts: int
    independent: int
    cooperation: int
    conflict: int
    certainty: Certainty = "sure"
    reach_km: float = 0.0
    names: tuple[str, ...] = ()


_LARGEST, _SMALLEST = 20.0, 4.0
_MOST = 500  # marks drawn
_SQUARE = 2 * _LARGEST  # side of the squares in which neighbours are looked for
_LABELS = {True: 34, False: 12}  # most names on a wide and on a narrow map
_NARROW = 600
_NAMED = 45.0  # degrees across a map on which countries are still named
_GRID = (30.0, 20.0, 10.0, 5.0, 2.0, 1.0)
_AROUND = [(column, row) for column in (-1, 0, 1) for row in (-1, 0, 1)]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark on the drawing: its middle and radius in pixels."""

    mark: Mark
    x: float
    y: float
    r: float

    def covers(self, other: Placed) -> bool:
        """Whether most of a smaller mark of the same kind lies on this one."""
        return (
            self.mark.certainty == other.mark.certainty != "area"
            and math.hypot(self.x - other.x, self.y - other.y) < max(self.r, other.r) * 0.75
        )


def map_svg(
    marks: Sequence[Mark],
    view: View,
    *,
    title: str,
    href: Callable[[str], str] | None = None,
    key: str = "map",
    chosen: str | None = None,
) -> Markup:
    """The marks that lie in ``view``. ``href`` gives the address that the mark of a key leads to;
    ``chosen`` is the key of the one that is looked at."""
    placed = gathered(marks, view)[:_MOST]
    parts = _ground(view)
    # Small marks over large ones, so that none is hidden.
    for one in sorted(placed, key=lambda p: (p.mark.certainty != "area", -p.r)):
        parts.append(_mark(one, view, href, one.mark.key == chosen))
    taken = [_reach(one) for one in placed]
    parts += _labels(placed, view, taken)
    parts += _countries(view, taken)
    if view.radius is not None:
        parts.append(_scale_bar(view))
    told = _told([one.mark for one in placed])
    return drawing(
        parts, width=view.width, height=view.height, title=title, desc=told, key=key, class_="map"
    )


def gathered(marks: Sequence[Mark], view: View) -> list[Placed]:
    """The marks in a view, most acts first; those that would lie on one another are one mark."""
    kept: list[Placed] = []
    squares: dict[tuple[int, int], list[int]] = {}
    for one in _placed(marks, view):
        column, row = int(one.x // _SQUARE), int(one.y // _SQUARE)
        near = [i for c, r in _AROUND for i in squares.get((column + c, row + r), ())]
        host = min((i for i in near if kept[i].covers(one)), default=None)
        if host is None:
            squares.setdefault((column, row), []).append(len(kept))
            kept.append(one)
        else:
            kept[host] = replace(kept[host], mark=_joined(kept[host].mark, one.mark))
    size = _Radius([one.mark for one in kept], view)
    return [replace(one, r=size(one.mark)) for one in kept]


def _placed(marks: Sequence[Mark], view: View) -> list[Placed]:
    """Marks in the view, most acts first."""
    if not marks:
        return []
    size = _Radius(marks, view)
    ordered = sorted(marks, key=lambda m: (-m.acts, m.name, m.key))
    x, y = view.project(np.array([m.lat for m in ordered]), np.array([m.lon for m in ordered]))
    points = zip(ordered, x.tolist(), y.tolist(), strict=True)
    return [Placed(m, px, py, size(m)) for m, px, py in points if view.shows(px, py)]


def _joined(host: Mark, mark: Mark) -> Mark:
    return replace(
        host,
        acts=host.acts + mark.acts,
        independent=host.independent + mark.independent,
        cooperation=host.cooperation + mark.cooperation,
        conflict=host.conflict + mark.conflict,
        names=(*host.names, mark.name, *mark.names),
    )


class _Radius:
    """Pixels of a mark's radius: its area grows with its acts."""

    def __init__(self, marks: Iterable[Mark], view: View) -> None:
        most = max((mark.acts for mark in marks), default=1)
        share = 0.7 if view.width < _NARROW else 1.0
        self._unit = min(5.0, _LARGEST / math.sqrt(most)) * share
        self._least = _SMALLEST * share

    def __call__(self, mark: Mark) -> float:
        return max(self._least, self._unit * math.sqrt(mark.acts))


def _ground(view: View) -> list[Markup]:
    """Sea, lines of latitude and longitude, land."""
    return [
        el("rect", width=view.width, height=view.height, **paint("sea")),
        el("path", d=_grid(view), stroke_width=0.6, **paint("none", "line")),
        el(
            "path",
            d=land_path(view),
            transform=f"scale({number(1 / QUARTERS)})",
            fill_rule="evenodd",
            **paint("land"),
        ),
    ]


@lru_cache(maxsize=128)
def _grid(view: View) -> str:
    """Lines of latitude and longitude, some four to a side."""
    reach = 180.0 if view.radius is None else view.radius
    step = next((s for s in _GRID if s <= max(reach / 2, 1.0)), 1.0)
    along = np.arange(-90, 90.1, min(step / 4, 2.5))
    parts = []
    for lon in np.arange(-180, 180 if view.radius else 181, step):
        parts.append(_line(view, along[(along > -85) & (along < 85)], lon, meridian=True))
    around = np.arange(-180, 180.1, min(step / 4, 2.5))
    for lat in np.arange(-90 + step, 90, step):
        parts.append(_line(view, around, lat, meridian=False))
    return "".join(parts)


def _line(view: View, along: np.ndarray, at: float, *, meridian: bool) -> str:
    """The part of a line that lies in the view, as a path."""
    other = np.full(len(along), at)
    x, y = view.project(along, other) if meridian else view.project(other, along)
    inside = (x > -40) & (x < view.width + 40) & (y > -40) & (y < view.height + 40)
    path, pen_down = [], False
    for px, py, shown in zip(np.rint(x), np.rint(y), inside, strict=True):
        if shown:
            path.append(f"{'L' if pen_down else 'M'}{int(px)} {int(py)}")
        pen_down = bool(shown)
    return "".join(path) if len(path) > 1 else ""


def _mark(one: Placed, view: View, href: Callable[[str], str] | None, chosen: bool) -> Markup:
    mark, x, y, r = one.mark, one.x, one.y, one.r
    shapes: list[Markup] = []
    if mark.certainty == "area":
        shapes.append(_area(x, y, max(mark.reach_km / KM_PER_DEGREE * view.scale, r + 4)))
    shapes += _pie(mark, x, y, r) if mark.certainty == "sure" else _ring(mark, x, y, r)
    if chosen:
        shapes.append(el("circle", cx=x, cy=y, r=r + 4, stroke_width=2, **paint("none", "ink")))
    address = href(mark.key) if href else None
    return link(address, *shapes, title=_mark_told(mark), class_=f"mark is-{mark.certainty}")


def _area(x: float, y: float, reach: float) -> Markup:
    return el(
        "circle", cx=x, cy=y, r=reach, stroke_width=1, stroke_dasharray="3 4", fill_opacity=0.06,
        **paint("ink", "muted"),
    )  # fmt: skip


def _pie(mark: Mark, x: float, y: float, r: float) -> list[Markup]:
    """A filled mark: cooperation and conflict as its two parts."""
    share = mark.cooperation / max(1, mark.cooperation + mark.conflict)
    colour = paint("coop" if share == 1 else "conflict", "paper", stroke_width=1)
    shapes = [el("circle", cx=x, cy=y, r=r, fill_opacity=0.85, **colour)]
    if 0 < share < 1:
        wedge = f"M{number(x)} {number(y)}{_arc(x, y, r, 0, share)}Z"
        shapes.append(el("path", d=wedge, stroke_width=1, **paint("coop", "paper")))
    return shapes


def _ring(mark: Mark, x: float, y: float, r: float) -> list[Markup]:
    """A hollow mark, dashed: the place may be another."""
    share = mark.cooperation / max(1, mark.cooperation + mark.conflict)
    fine = {"stroke_width": 2, "stroke_dasharray": "3 2"}
    inside = el("circle", cx=x, cy=y, r=r, fill_opacity=0.75, **paint("paper"))
    if share in (0, 1):
        colour = paint("none", "coop" if share else "conflict", **fine)
        return [inside, el("circle", cx=x, cy=y, r=r, **colour)]
    arcs = [
        el("path", d=_arc(x, y, r, 0, share, "M"), **paint("none", "coop", **fine)),
        el("path", d=_arc(x, y, r, share, 1, "M"), **paint("none", "conflict", **fine)),
    ]
    return [inside, *arcs]


def _arc(x: float, y: float, r: float, start: float, end: float, move: str = "L") -> str:
    """Part of a circle, from one share of the turn to another, clockwise from the top."""
    (x1, y1), (x2, y2) = (
        (x + r * math.sin(2 * math.pi * s), y - r * math.cos(2 * math.pi * s)) for s in (start, end)
    )
    large = int(end - start > 0.5)
    return (
        f"{move}{number(x1)} {number(y1)}A{number(r)} {number(r)} 0 {large} 1 "
        f"{number(x2)} {number(y2)}"
    )


def _reach(one: Placed) -> Box:
    return one.x - one.r, one.y - one.r, one.x + one.r, one.y + one.r


def _labels(placed: Sequence[Placed], view: View, taken: list[Box]) -> list[Markup]:
    """Names beside the largest marks, where they cover nothing that is ``taken``; their boxes are
    added to it."""
    parts: list[Markup] = []
    for one in placed:
        if len(parts) >= _LABELS[view.width >= _NARROW]:
            break
        words = cut(one.mark.name, 180, 11.5)
        for anchor, x, y in _sides(one):
            box = _box(words, anchor, x, y)
            if _inside(box, view) and not any(_meet(box, other) for other in taken):
                taken.append(box)
                parts.append(label(words, x, y, halo=True, text_anchor=anchor, font_size=11.5))
                break
    return parts


def _countries(view: View, taken: list[Box]) -> list[Markup]:
    """Names of countries where there is room, to find one's way by."""
    if view.radius is None or view.radius > _NAMED:
        return []
    parts: list[Markup] = []
    for country in country_marks():
        x, y = view.point(country.lat, country.lon)
        box = _box(country.name, "middle", x, y)
        if _inside(box, view) and not any(_meet(box, other) for other in taken):
            taken.append(box)
            style = "italic" if country.disputed else None
            parts.append(
                label(
                    country.name, x, y, text_anchor="middle", font_size=11, font_style=style,
                    **paint("muted"),
                )
            )  # fmt: skip
    return parts


def _sides(one: Placed) -> Iterable[tuple[str, float, float]]:
    """Where the name of a mark may stand, best first."""
    yield "start", one.x + one.r + 4, one.y + 4
    yield "end", one.x - one.r - 4, one.y + 4
    yield "middle", one.x, one.y - one.r - 6
    yield "middle", one.x, one.y + one.r + 13


def _box(words: str, anchor: str, x: float, y: float) -> Box:
    wide = text_width(words, 11.5)
    left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
    return left, y - 10, left + wide, y + 3


def _inside(box: Box, view: View) -> bool:
    return box[0] >= 2 and box[1] >= 2 and box[2] <= view.width - 2 and box[3] <= view.height - 2


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _scale_bar(view: View) -> Markup:
    """A length on the ground, true in the middle of the map."""
    per_km = view.scale / KM_PER_DEGREE
    km = max(
        (
            n
            for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
            if n * per_km <= view.width / 5
        ),
        default=1,
    )
    x, y, long = 14, view.height - 14, km * per_km
    path = f"M{x} {y - 4}V{y}H{number(x + long)}V{y - 4}"
    return el(
        "g",
        el("path", d=path, stroke_width=1, **paint("none", "muted")),
        label(f"{km} km", x + 4, y - 5, halo=True, font_size=11, class_="f-muted"),
    )


def _mark_told(mark: Mark) -> str:
    others = f" and {len(mark.names)} more places" if len(mark.names) > 1 else ""
    others = f" and {mark.names[0]}" if len(mark.names) == 1 else others
    where = {"sure": "", "unsure": " (place uncertain)", "area": " (somewhere in the country)"}
    return (
        f"{mark.name}{others}{where[mark.certainty]}: {mark.cooperation} cooperation, "
        f"{mark.conflict} conflict, {mark.independent} independent reports"
    )


def _told(marks: Sequence[Mark]) -> str:
    if not marks:
        return "No act with a place in this view."
    first = "; ".join(_mark_told(mark) for mark in marks[:8])
    more = f"; and {len(marks) - 8} more marks" if len(marks) > 8 else ""
    return f"{first}{more}. The list after the map has them all."
