"""Where the parties of a network stand: the same network gives the same drawing.

Stress majorization (Gansner, Koren and North 2004): parties that deal with one another often stand
close, those that have no dealings far apart. It starts from a circle in the order the parties come in,
and has no chance in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Point = tuple[float, float]

_ROUNDS = 120
_SPREADS = 60
_ENOUGH = 1e-4  # change of the stress, as a share of it, at which to stop


def layout(
    size: int, ties: Mapping[tuple[int, int], float], width: float, height: float
) -> list[Point]:
    """Places for ``size`` parties in a box of ``width`` by ``height`` pixels. ``ties`` says how
    strongly two of them are tied, in any unit; the order of a pair does not matter."""
    if size == 0:
        return []
    if size == 1:
        return [(width / 2, height / 2)]
    wanted = _distances(size, ties)
    return _fitted(_majorized(wanted, width / height), width, height)


def spread(
    points: Sequence[Point], boxes: Sequence[tuple[float, float]], width: float, height: float
) -> list[Point]:
    """Points moved apart until their boxes (half width, half height) do not meet, or nearly so."""
    at = np.array(points, dtype=np.float64).reshape(-1, 2)
    half = np.array(boxes, dtype=np.float64).reshape(-1, 2)
    for _ in range(_SPREADS):
        if not _push(at, half):
            break
        low, high = half, np.array([width, height]) - half
        np.clip(at, np.minimum(low, high), np.maximum(low, high), out=at)
    return [(float(x), float(y)) for x, y in at]


def _push(at: Array, half: Array) -> bool:
    """Move each two boxes that meet apart by half of what they share, the shorter way."""
    moved = False
    for i in range(len(at)):
        for j in range(i + 1, len(at)):
            gap = at[j] - at[i]
            over = half[i] + half[j] - np.abs(gap)
            if over[0] <= 0 or over[1] <= 0:
                continue
            axis = 0 if over[0] < over[1] else 1
            step = math.copysign(over[axis] / 2 + 0.5, gap[axis] or (1 if (i + j) % 2 else -1))
            at[i, axis] -= step
            at[j, axis] += step
            moved = True
    return moved


def _distances(size: int, ties: Mapping[tuple[int, int], float]) -> Array:
    """How far apart any two should stand: along the shortest path, strong ties being short. Groups
    without a tie between them stand a little further apart than the longest path."""
    far: Array = np.full((size, size), math.inf)
    np.fill_diagonal(far, 0)
    strongest = max(ties.values(), default=1.0)
    for (a, b), strength in ties.items():
        if a != b:
            length = 1.6 - 0.8 * math.sqrt(strength / strongest)
            far[a, b] = far[b, a] = min(far[a, b], length)
    for k in range(size):
        far = np.minimum(far, far[:, k : k + 1] + far[k : k + 1, :])
    longest = far[np.isfinite(far)].max() or 1.0
    return np.where(np.isfinite(far), far, min(longest + 0.6, 3.5))


def _majorized(wanted: Array, aspect: float) -> Array:
    size = len(wanted)
    turn = 2 * math.pi * np.arange(size) / size
    at: Array = np.column_stack([np.cos(turn) * aspect, np.sin(turn)]) * wanted.max() / 2
    weights = np.where(wanted > 0, 1 / np.maximum(wanted, 1e-9) ** 2, 0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse: Array = np.linalg.pinv(laplacian)
    before = math.inf
    for _ in range(_ROUNDS):
        apart = np.hypot(*(at[:, None] - at[None]).T)
        stress = float((weights * (apart - wanted) ** 2).sum())
        if before - stress < _ENOUGH * max(stress, 1e-12):
            break
        before = stress
        pull = np.where(apart > 1e-9, weights * wanted / np.maximum(apart, 1e-9), 0)
        at[:] = inverse @ ((np.diag(pull.sum(axis=1)) - pull) @ at)
    return at


def _fitted(at: Array, width: float, height: float) -> list[Point]:
    """Turned so that the longer side lies across, and stretched to the box, by no more than twice as
    much in one direction as in the other."""
    at = at - at.mean(axis=0)
    _, _, axes = np.linalg.svd(at, full_matrices=False)
    at = at @ axes.T
    # The axes of a decomposition may point either way: the first party stands on the left, above.
    at *= np.where(at[0] > 0, -1.0, 1.0)
    if height > width:
        at = at[:, ::-1]
    low, high = at.min(axis=0), at.max(axis=0)
    scale = np.array([width, height]) / np.maximum(high - low, 1e-9)
    scale = np.minimum(scale, scale.min() * 2)
    middle = (low + high) / 2
    placed = (at - middle) * scale + np.array([width, height]) / 2
    return [(float(x), float(y)) for x, y in placed]
