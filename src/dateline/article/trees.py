"""Small gradient-boosted trees read from JSON and scored with numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dateline.knowledge.tables import KnowledgeError

Floats = NDArray[np.float64]
_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble of trees of depth three, each laid out as a full tree of 7 splits and 8 leaves:
    the children of split ``n`` are ``2n + 1`` and ``2n + 2``."""

    base: float
    features: NDArray[np.int64]  # trees x 7
    thresholds: Floats  # trees x 7
    leaves: Floats  # trees x 8

    def log_odds(self, rows: Floats) -> Floats:
        """The ensemble's log-odds for each row of features."""
        at = np.zeros((len(rows), len(self.leaves)), dtype=np.int64)
        tree = np.arange(len(self.leaves))
        index = np.arange(len(rows))[:, None]
        for _ in range(_DEPTH):
            values = rows[index, self.features[tree, at]]
            at = 2 * at + 1 + (values > self.thresholds[tree, at])
        votes: Floats = self.leaves[tree, at - (2**_DEPTH - 1)].sum(axis=1)
        return votes + self.base


def parse_trees(data: object, width: int) -> Trees:
    """Trees from ``{"base": number, "trees": [tree, ...]}``, where a tree is a number (a leaf) or
    ``[feature, threshold, left, right]``; rows at or below the threshold go left.

    Raises KnowledgeError when the data has another shape or names a feature at or above ``width``.
    """
    if not isinstance(data, dict) or not isinstance(data.get("trees"), list):
        raise KnowledgeError("weights/lines.json: expected an object with 'base' and 'trees'")
    count, splits = len(data["trees"]), 2**_DEPTH - 1
    features = np.zeros((count, splits), dtype=np.int64)
    thresholds = np.zeros((count, splits))
    leaves = np.zeros((count, splits + 1))
    for number, tree in enumerate(data["trees"]):
        _place(tree, 0, features[number], thresholds[number], leaves[number])
    if features.size and features.max() >= width:
        raise KnowledgeError(f"weights/lines.json: a split names a feature beyond {width - 1}")
    return Trees(float(data["base"]), features, thresholds, leaves)


def _place(
    tree: object, at: int, features: NDArray[np.int64], thresholds: Floats, leaves: Floats
) -> None:
    """Write ``tree`` under node ``at``; a leaf above the last level is repeated below itself."""
    bottom = at >= len(features)
    if bottom and isinstance(tree, int | float):
        leaves[at - len(features)] = tree
        return
    if isinstance(tree, int | float):
        tree = [0, 0.0, tree, tree]
    if bottom or not isinstance(tree, list) or len(tree) != 4:
        raise KnowledgeError(f"weights/lines.json: expected a leaf or a split, found {tree!r}")
    features[at], thresholds[at] = int(tree[0]), float(tree[1])
    for side in (1, 2):
        _place(tree[1 + side], 2 * at + side, features, thresholds, leaves)
