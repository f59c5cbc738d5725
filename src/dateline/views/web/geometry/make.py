"""Makes ``land.npz``, the outline of the land, from Natural Earth.

    npm pack world-atlas@2 && tar xf world-atlas-2.*.tgz
    python -m dateline.views.web.geometry.make package/land-50m.json land.npz

The source is TopoJSON. Every point is kept, rounded to a hundredth of a degree, with the size of the
detail that is lost without it (Visvalingam and Whyatt 1993), so that a map of any scale is drawn from
the one file: ``land.py`` takes the points that are large enough to be seen.
"""

from __future__ import annotations

import heapq
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

# Points are kept in hundredths of a degree, about 1.1 km: the source is drawn for 1:50,000,000.
UNITS = 100
# A detail of ``a`` square degrees has level ``STEPS * log2(a) + ZERO``, from 1 to 255.
STEPS, ZERO = 6, 130
_ENDS = 255  # level of points that a ring cannot do without

Point = tuple[float, float]
_Heap = list[tuple[float, int]]


def main(source: Path, target: Path) -> None:
    """Read TopoJSON, write the packed outline."""
    rings = [ring for ring in _rings(json.loads(source.read_bytes())) if len(ring) > 3]
    rings.sort(key=lambda ring: -_area(ring))
    points = [np.rint(np.array(ring) * UNITS).astype(np.int64) for ring in rings]
    starts = np.cumsum([0, *(len(p) for p in points)]).astype(np.int32)
    levels = np.concatenate([_levels(ring) for ring in rings])
    joined = np.concatenate(points)
    # Differences pack better than places; those across rings fit into 16 bits by wrapping round.
    steps = np.diff(joined, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).astype(np.int16)
    np.savez_compressed(target, x=steps[:, 0], y=steps[:, 1], level=levels, starts=starts)


def _rings(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """Rings as open lists of (longitude, latitude); longitudes run on past 180 where they must."""
    arcs = [_decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for indices in polygon:
                yield _unwrapped(_joined(arcs, indices))


def _decoded(arc: Sequence[Sequence[int]], transform: dict[str, Sequence[float]]) -> list[Point]:
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * kx + dx, y * ky + dy))
    return points


def _joined(arcs: Sequence[list[Point]], indices: Sequence[int]) -> list[Point]:
    """A ring of arcs; ``~i`` is arc ``i`` backwards. The closing point is left out."""
    ring: list[Point] = []
    for index in indices:
        ring += (arcs[index] if index >= 0 else arcs[~index][::-1])[:-1]
    return ring


def _unwrapped(ring: list[Point]) -> list[Point]:
    """Longitudes without jumps of a whole turn. A ring round a pole is closed over it."""
    out = [ring[0]]
    for lon, lat in ring[1:]:
        turns = round((out[-1][0] - lon) / 360)
        out.append((lon + 360 * turns, lat))
    turned = round((out[-1][0] - out[0][0]) / 360)
    if turned:
        pole = math.copysign(90, out[0][1])
        out += [(out[0][0] + 360 * turned, out[0][1])]
        out += [(out[-1][0], pole), (out[0][0], pole)]
    shift = 360 * math.floor((min(lon for lon, _ in out) + 180.005) / 360)
    return [(lon - shift, lat) for lon, lat in out]


def _area(ring: Sequence[Point]) -> float:
    """Square degrees, those of a place's own latitude."""
    total = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
    middle = sum(lat for _, lat in ring) / len(ring)
    return abs(total) / 2 * math.cos(math.radians(middle))


def _levels(ring: Sequence[Point]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """How large the detail is that each point makes; points of the polar frame and the three that
    are left at last are never dropped."""
    areas = _visvalingam(ring)
    level = [
        _ENDS if a == math.inf else round(STEPS * math.log2(max(a, 1e-9)) + ZERO) for a in areas
    ]
    return np.clip(level, 1, _ENDS).astype(np.uint8)


def _visvalingam(ring: Sequence[Point]) -> list[float]:
    """The area of the triangle a point makes with its neighbours when its turn comes, smallest
    first, never less than that of one dropped before."""
    size = len(ring)
    before, after = [(i - 1) % size for i in range(size)], [(i + 1) % size for i in range(size)]
    found = [math.inf] * size
    current = [_triangle(ring, before[i], i, after[i]) for i in range(size)]
    heap: _Heap = [(area, i) for i, area in enumerate(current)]
    heapq.heapify(heap)
    left, largest = size, 0.0
    while left > 3 and heap:
        area, i = heapq.heappop(heap)
        if area != current[i] or found[i] != math.inf or area == math.inf:
            continue
        largest = found[i] = max(largest, area)
        left -= 1
        after[before[i]], before[after[i]] = after[i], before[i]
        for j in (before[i], after[i]):
            current[j] = _triangle(ring, before[j], j, after[j])
            heapq.heappush(heap, (current[j], j))
    return found


def _triangle(ring: Sequence[Point], a: int, b: int, c: int) -> float:
    """Square degrees at the latitude of ``b``; endless for the frame that closes a ring over a pole."""
    if abs(ring[b][1]) > 89.9 or ring[a][1] == ring[b][1] == ring[c][1]:
        return math.inf if abs(ring[b][1]) > 89.9 else 0.0
    (ax, ay), (bx, by), (cx, cy) = ring[a], ring[b], ring[c]
    doubled = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    return abs(doubled) / 2 * math.cos(math.radians(by))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
