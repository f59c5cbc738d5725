"""From places on the globe to places on a drawing.

Two projections, both true to area, so that marks lie as densely as the places do: Equal Earth
(Šavrič, Patterson and Jenny 2018) for the whole world, Lambert's azimuthal projection (1772) for the
surroundings of a place. Angles are degrees, WGS84 taken as a sphere; x grows to the right and y down,
in pixels of the drawing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]

EARTH_KM = 6371.0
KM_PER_DEGREE = EARTH_KM * math.pi / 180
# Beyond these the whole world shows ice and no news.
WORLD_SOUTH, WORLD_NORTH = -57.0, 84.0
# From this angle between the middle and the rim on, the world map shows it better.
MAX_RADIUS = 62.0
MIN_RADIUS = 2.0
# Equal Earth's polynomial.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_ROOT = math.sqrt(3) / 2


@dataclass(frozen=True, slots=True)
class View:
    """What a map shows: ``radius`` degrees round (``lat``, ``lon``), fitted into ``width`` by
    ``height`` pixels; ``radius`` None is the whole world."""

    width: int
    height: int
    lat: float = 0.0
    lon: float = 0.0
    radius: float | None = None

    @property
    def scale(self) -> float:
        """Pixels a degree, in the middle of the map."""
        if self.radius is None:
            return self.width / (2 * _equal_earth_x(180.0, 0.0)) * math.pi / 180
        half = min(self.width, self.height) / 2
        return half / (2 * math.sin(math.radians(self.radius) / 2)) * math.pi / 180

    def project(self, lat: Array, lon: Array) -> tuple[Array, Array]:
        """Pixels of places. Those on the far side of the globe lie outside the drawing."""
        if self.radius is None:
            return self._world(lat, lon)
        return self._azimuthal(lat, lon)

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        """Pixels of one place."""
        x, y = self.project(np.array([lat]), np.array([lon]))
        return float(x[0]), float(y[0])

    def shows(self, x: float, y: float, margin: float = 0.0) -> bool:
        """Whether a point is on the drawing, with ``margin`` pixels around it."""
        return -margin <= x <= self.width + margin and -margin <= y <= self.height + margin

    def _world(self, lat: Array, lon: Array) -> tuple[Array, Array]:
        scale = self.width / (2 * _equal_earth_x(180.0, 0.0))
        theta = np.arcsin(_ROOT * np.sin(np.radians(lat)))
        x = np.radians(lon) * np.cos(theta) / (_ROOT * _slope(theta))
        top = _height(math.asin(_ROOT * math.sin(math.radians(WORLD_NORTH))))
        return self.width / 2 + scale * x, scale * (top - _height(theta))

    def _azimuthal(self, lat: Array, lon: Array) -> tuple[Array, Array]:
        """Lambert's projection; directions from the middle are true."""
        phi, dlon = np.radians(lat), np.radians(lon - self.lon)
        sin0, cos0 = math.sin(math.radians(self.lat)), math.cos(math.radians(self.lat))
        cos_c = sin0 * np.sin(phi) + cos0 * np.cos(phi) * np.cos(dlon)
        factor = np.sqrt(2 / np.maximum(1 + cos_c, 1e-9)) * self.scale * 180 / math.pi
        x = factor * np.cos(phi) * np.sin(dlon)
        y = factor * (cos0 * np.sin(phi) - sin0 * np.cos(phi) * np.cos(dlon))
        return self.width / 2 + x, self.height / 2 - y


def world(width: int) -> View:
    """The whole world, ``width`` pixels wide."""
    return View(width, world_height(width))


def world_height(width: int) -> int:
    """The height of the world map between WORLD_SOUTH and WORLD_NORTH, in pixels."""
    top, bottom = (
        _height(math.asin(_ROOT * math.sin(math.radians(lat))))
        for lat in (WORLD_NORTH, WORLD_SOUTH)
    )
    return round(float(top - bottom) * width / (2 * _equal_earth_x(180.0, 0.0)))


def around(
    places: Sequence[tuple[float, float]], width: int, height: int, *, widest: float = MAX_RADIUS
) -> View:
    """The view that shows all (lat, lon) ``places`` with some room around them; the world when there
    are none or they lie too far apart. Middle and radius are rounded, so that few views are drawn."""
    if not places:
        return world(width)
    middle_lat, middle_lon = middle(places)
    reach = max(distance(middle_lat, middle_lon, lat, lon) for lat, lon in places)
    radius = MIN_RADIUS
    while radius < reach * 1.25:
        radius *= 1.25
    if radius > widest:
        return world(width)
    step = radius / 8
    return View(
        width, height, round(middle_lat / step) * step, round(middle_lon / step) * step, radius
    )


def middle(places: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the places on the globe: that of the box round them as seen from their mean."""
    lat, lon = np.radians(np.array(places, dtype=np.float64)).T
    x, y, z = (
        (np.cos(lat) * np.cos(lon)).mean(),
        (np.cos(lat) * np.sin(lon)).mean(),
        np.sin(lat).mean(),
    )
    mean_lon = math.degrees(math.atan2(y, x))
    offsets = (np.degrees(lon) - mean_lon + 180) % 360 - 180
    lats = np.degrees(lat)
    if math.hypot(x, y, z) < 0.2:
        return 0.0, 0.0
    middle_lon = mean_lon + (offsets.min() + offsets.max()) / 2
    return float((lats.min() + lats.max()) / 2), float((middle_lon + 180) % 360 - 180)


def distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The angle between two places, in degrees."""
    a, b, turn = math.radians(lat), math.radians(other_lat), math.radians(other_lon - lon)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return math.degrees(2 * math.asin(min(1.0, math.sqrt(half))))


def _equal_earth_x(lon: float, theta: float) -> float:
    return math.radians(lon) * math.cos(theta) / (_ROOT * float(_slope(theta)))


def _slope(theta: Any) -> Any:
    return 9 * _A4 * theta**8 + 7 * _A3 * theta**6 + 3 * _A2 * theta**2 + _A1


def _height(theta: Any) -> Any:
    return theta * (_A1 + _A2 * theta**2 + _A3 * theta**6 + _A4 * theta**8)
