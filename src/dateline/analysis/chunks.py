"""Chunks of tokens from per-token BIO probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dateline.analysis.network import Floats

_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tokens ``first:last`` (window indices) of one kind, with the mean probability of that kind."""

    kind: str
    first: int
    last: int
    score: float


def chunks(
    probabilities: Floats,
    label_set: Sequence[str],
    costs: Mapping[str, float] | None = None,
    bonus: Floats | None = None,
) -> list[Chunk]:
    """Maximal chunks: a token belongs to the kind whose B- and I- probabilities add up highest, and
    opens a new chunk when its kind changes or B- outweighs I-.

    ``costs`` (kind -> log-probability) is paid at each end of a chunk and keeps one odd word from
    breaking a long chunk; the best path is then found over the whole window. ``bonus`` [n,kinds] is
    added to the log-probabilities of the kinds.
    """
    kinds = [label[2:] for label in label_set[1::2]]
    if not len(probabilities):
        return []
    begin, inside = probabilities[:, 1::2], probabilities[:, 2::2]
    mass = begin + inside
    scores = np.log(np.concatenate([probabilities[:, :1], mass], axis=1) + _TINY)
    if bonus is not None:
        scores[:, 1:] += bonus
    if costs is None:
        path = scores.argmax(axis=1).tolist()
    else:
        path = _best_path(scores, [0.0, *(costs[k] for k in kinds)])
    opens = (begin > inside).tolist()
    return _cut([k - 1 for k in path], opens, mass, kinds)


def _best_path(scores: Floats, costs: Sequence[float]) -> list[int]:
    """The best sequence of states when leaving or entering a state costs ``costs`` of it. Where one
    state leads by more than entering and leaving it can cost, it is on the best path whatever the
    tokens around; only between such tokens is there anything to search."""
    best = scores.argmax(axis=1)
    ordered = np.sort(scores, axis=1)
    dearest = 2 * (max(costs) + np.array(costs)[best])
    path: list[int] = best.tolist()
    unsure = np.flatnonzero(ordered[:, -1] - ordered[:, -2] <= dearest).tolist()
    for start, end in _runs(unsure):
        first, last = max(0, start - 1), end + 2  # with the sure tokens beside it
        path[first:last] = _searched(scores[first:last].tolist(), costs)
    return path


def _runs(indices: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive indices."""
    runs: list[tuple[int, int]] = []
    for index in indices:
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


def _searched(scores: list[list[float]], costs: Sequence[float]) -> list[int]:
    """The best sequence of states (Viterbi). Changing is the same for all pairs but for the two costs,
    so one maximum serves every state."""
    total, back = scores[0], []
    for row in scores[1:]:
        leaving = [score - cost for score, cost in zip(total, costs, strict=True)]
        best = max(leaving)
        source = leaving.index(best)
        came, reached = [], []
        for k, stayed in enumerate(total):
            entered = best - costs[k]
            came.append(source if entered > stayed else k)
            reached.append((entered if entered > stayed else stayed) + row[k])
        total = reached
        back.append(came)
    path = [total.index(max(total))]
    for came in reversed(back):
        path.append(came[path[-1]])
    return path[::-1]


def _cut(
    chosen: Sequence[int], opens: Sequence[Sequence[bool]], mass: Floats, kinds: Sequence[str]
) -> list[Chunk]:
    """Runs of one kind (-1: none), cut also where a token opens a chunk of its own kind."""
    found: list[Chunk] = []
    start, held = 0, -1
    for i, kind in enumerate([*chosen, -1]):
        if kind == held and (kind < 0 or not opens[i][kind]):
            continue
        if held >= 0:
            found.append(Chunk(kinds[held], start, i, _mean(mass[start:i, held])))
        start, held = i, kind
    return found


def _mean(values: Floats) -> float:
    """``values.mean()``, quicker for the few values of a chunk."""
    return float(values[0] if len(values) == 1 else np.add.reduce(values) / np.float32(len(values)))
