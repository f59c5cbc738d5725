"""The land as a path of a drawing, with as much detail as its scale can show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import numpy as np

from dateline.views.web.geometry.make import STEPS, UNITS, ZERO
from dateline.views.web.geometry.projection import Array, View

# Details smaller than this many square pixels are left out.
_VISIBLE = 0.7
_SPECK = 1.5  # and islands smaller than this
# Paths are written in quarters of a pixel.
QUARTERS = 4
_MARGIN = 4.0  # pixels around the drawing where outlines are cut
_ARC = math.radians(10)  # longest step along the rim of an azimuthal map
_POLES = 89.9


class Land(NamedTuple):
    """Points of all rings in a row: ``lat``, ``lon`` in degrees, ``level`` of detail, and the
    number of the ring each belongs to."""

    lat: Array
    lon: Array
    level: np.ndarray[Any, np.dtype[np.uint8]]
    ring: np.ndarray[Any, np.dtype[np.int32]]


@cache
def land() -> Land:
    """The packed outline."""
    with as_file(files("dateline.views.web.geometry").joinpath("land.npz")) as path:
        packed = np.load(path, allow_pickle=False)
        starts = packed["starts"]
        lon, lat = (np.cumsum(packed[axis], dtype=np.int16) / UNITS for axis in "xy")
        level = packed["level"]
    ring = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    return Land(lat, lon, level, ring)


@lru_cache(maxsize=128)
def land_path(view: View) -> str:
    """The ``d`` of a path in quarters of a pixel, to be filled by the even-odd rule: the land that
    ``view`` shows."""
    return "".join(_path(ring) for ring in _rings(view))


def _rings(view: View) -> Iterator[Array]:
    """Outlines on the drawing, cut at its edge."""
    outlines = _world_rings(view) if view.radius is None else _region_rings(view)
    low, high = np.array([-_MARGIN, -_MARGIN]), np.array([view.width, view.height]) + _MARGIN
    for points in outlines:
        yield from _cut_to(points, low, high)


def _cut_to(points: Array, low: Array, high: Array) -> Iterator[Array]:
    """A ring cut to a box; none when nothing is left of it."""
    least, most = points.min(axis=0), points.max(axis=0)
    for axis in (0, 1):
        if least[axis] < low[axis]:
            points = _cut(points, axis, low[axis], 1)
        if most[axis] > high[axis]:
            points = _cut(points, axis, high[axis], -1)
    if len(points) > 2:
        yield points


def _kept(view: View) -> Land:
    """Points whose detail shows at the scale of the view, of rings that are large enough to see."""
    whole = land()
    level = STEPS * math.log2(_VISIBLE / view.scale**2) + ZERO
    keep = (whole.level >= level) & (np.abs(_areas())[whole.ring] >= _SPECK / view.scale**2)
    return Land(*(column[keep] for column in whole))


@cache
def _areas() -> Array:
    """Size of each ring in square degrees of its own latitude, less than 0 when it runs clockwise."""
    whole = land()
    starts = np.flatnonzero(np.diff(whole.ring, prepend=-1))
    x = whole.lon * np.cos(np.radians(whole.lat))
    following = np.arange(1, len(x) + 1)
    following[np.append(starts[1:], len(x)) - 1] = starts
    doubled = np.add.reduceat(x * whole.lat[following] - x[following] * whole.lat, starts)
    return doubled / 2


def _world_rings(view: View) -> Iterator[Array]:
    kept = _kept(view)
    low, high = np.array([-180.0, -90.0]), np.array([180.0, 90.0])
    for points in _split(kept.ring, np.column_stack([kept.lon, kept.lat])):
        # A ring that crosses 180 degrees runs on past it and is drawn at both ends of the map.
        for turn in (0.0, -360.0) if points[:, 0].max() > 180 else (0.0,):
            for ring in _cut_to(points + np.array([turn, 0.0]), low, high):
                yield np.column_stack(view.project(ring[:, 1], ring[:, 0]))


def _region_rings(view: View) -> Iterator[Array]:
    kept = _kept(view)
    centre = np.array([view.width / 2, view.height / 2])
    offset = np.column_stack(view.project(kept.lat, kept.lon)) - centre
    far = np.hypot(offset[:, 0], offset[:, 1])
    # What lies beyond the rim is drawn in on the rim, in its own direction: the far side of the globe
    # would otherwise fold over the near one.
    rim = math.hypot(view.width, view.height) / 2 * 1.3 + _MARGIN
    # A ring that comes near shows, and so may one that is larger than the view: it may be all round.
    near = np.abs(_areas()) >= (rim / view.scale) ** 2
    near[kept.ring[far <= rim]] = True
    shown = near[kept.ring]
    numbers = kept.ring[shown]
    for number, points in zip(np.unique(numbers), _split(numbers, offset[shown]), strict=True):
        ring = _rimmed(points, rim)
        size = _signed_area(ring)
        yield ring + centre
        # With y down a ring turns the other way round. One that does not, and fills most of the disc,
        # holds the far side of the globe: what is seen of it is the outside. (The sign of slivers
        # along the rim means nothing.)
        if size * _areas()[number] > 0 and abs(size) > rim**2:
            yield rim * 2 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) + centre


def _signed_area(ring: Array) -> float:
    x, y = ring.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def _split(ring: np.ndarray[Any, np.dtype[np.int32]], points: Array) -> Iterator[Array]:
    """Points ring by ring."""
    return iter(np.split(points, np.flatnonzero(np.diff(ring)) + 1))


def _rimmed(points: Array, rim: float) -> Array:
    """Points (from the middle) beyond the rim put on it, with arcs between them."""
    far = np.hypot(points[:, 0], points[:, 1])
    outside = far > rim
    if not outside.any():
        return points
    points = np.where(outside[:, None], points * (rim / np.maximum(far, 1e-9))[:, None], points)
    angle = np.arctan2(points[:, 1], points[:, 0])
    turned = (np.diff(angle, append=angle[:1]) + math.pi) % (2 * math.pi) - math.pi
    jumps = outside & np.roll(outside, -1) & (np.abs(turned) > _ARC)
    pieces, last = [], 0
    for i in np.flatnonzero(jumps).tolist():
        steps = np.arange(1, int(abs(turned[i]) / _ARC) + 1) * math.copysign(_ARC, turned[i])
        arc = angle[i] + steps
        pieces += [points[last : i + 1], rim * np.column_stack([np.cos(arc), np.sin(arc)])]
        last = i + 1
    return np.concatenate([*pieces, points[last:]])


def _cut(points: Array, axis: int, bound: float, side: int) -> Array:
    """A ring without what lies beyond ``bound`` (Sutherland and Hodgman 1974); ``side`` 1 keeps what
    is greater, -1 what is smaller."""
    if not len(points):
        return points
    over = side * (points[:, axis] - bound)
    inside = over >= 0
    if inside.all():
        return points
    following = np.roll(points, -1, axis=0)
    crossing = inside != np.roll(inside, -1)
    share = over[crossing] / (over[crossing] - np.roll(over, -1)[crossing])
    met = points[crossing] + share[:, None] * (following[crossing] - points[crossing])
    order = np.concatenate([np.flatnonzero(inside) * 2, np.flatnonzero(crossing) * 2 + 1])
    return np.concatenate([points[inside], met])[np.argsort(order, kind="stable")]


def _path(points: Array) -> str:
    """One ring as 'M x y l dx dy ... z' in whole quarters of a pixel."""
    whole = np.rint(points * QUARTERS).astype(np.int64)
    steps = np.diff(whole, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    if len(steps) < 2:
        return ""
    return f"M{whole[0, 0]} {whole[0, 1]}l{_numbers(steps.ravel().tolist())}z"


def _numbers(values: Iterable[int]) -> str:
    """Numbers with the least between them: a minus sign separates as well as a space."""
    return " ".join(map(str, values)).replace(" -", "-")
