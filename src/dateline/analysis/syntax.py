"""Dependency trees from the network's head scores."""

from __future__ import annotations

import numpy as np

from dateline.analysis.network import Floats


def heads_of(scores: Floats) -> list[int]:
    """The head of every word of one sentence; a root is its own head.

    ``scores`` [n,n], row points at column, the diagonal scores being root. Each word takes its best
    head; with exactly one root and no cycle this is already the best tree, otherwise the root is fixed
    and cycles are contracted (Chu-Liu/Edmonds).
    """
    n = len(scores)
    heads: list[int] = scores.argmax(axis=1).tolist()
    roots = [i for i, head in enumerate(heads) if head == i]
    if len(roots) == 1 and not _cycle(heads, roots[0]):
        return heads
    diagonal = scores.diagonal()
    margin = diagonal - np.where(np.eye(n, dtype=bool), -np.inf, scores).max(axis=1, initial=-1e9)
    root = int(margin.argmax())
    weights = scores.astype(np.float64).copy()
    np.fill_diagonal(weights, -np.inf)
    weights[root] = -np.inf
    return _edmonds(weights, root)


def _cycle(heads: list[int], root: int) -> list[int]:
    """The words of one cycle, or an empty list."""
    state = [0] * len(heads)
    state[root] = 2
    for start in range(len(heads)):
        path, node = [], start
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = heads[node]
        if state[node] == 1:
            return path[path.index(node) :]
        for passed in path:
            state[passed] = 2
    return []


def _edmonds(weights: np.ndarray, root: int) -> list[int]:
    """Maximum spanning arborescence; ``weights[d, h]`` scores head h for word d."""
    n = len(weights)
    heads = [int(weights[i].argmax()) if i != root else root for i in range(n)]
    cycle = _cycle(heads, root)
    if not cycle:
        return heads
    inside = set(cycle)
    outside = [i for i in range(n) if i not in inside]
    new = len(outside)
    smaller = np.full((new + 1, new + 1), -np.inf)
    smaller[:new, :new] = weights[np.ix_(outside, outside)]
    leaving = weights[np.ix_(outside, cycle)]
    leave = leaving.argmax(axis=1)
    smaller[:new, new] = leaving.max(axis=1)
    gain = weights[np.ix_(cycle, outside)] - weights[cycle, [heads[c] for c in cycle]][:, None]
    enter = gain.argmax(axis=0)
    smaller[new, :new] = gain.max(axis=0)
    np.fill_diagonal(smaller, -np.inf)
    solved = _edmonds(smaller, outside.index(root))
    result = heads[:]
    for a, d in enumerate(outside):
        if d != root:
            result[d] = cycle[leave[a]] if solved[a] == new else outside[solved[a]]
    entry = solved[new]
    result[cycle[enter[entry]]] = outside[entry]
    return result
