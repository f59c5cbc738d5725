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
        path = _best_path(scores.tolist(), [0.0, *(costs[k] for k in kinds)])
    opens = (begin > inside).tolist()
    return _cut([k - 1 for k in path], opens, mass, kinds)


def _best_path(scores: list[list[float]], costs: list[float]) -> list[int]:
    """The best sequence of states when leaving or entering a state costs ``costs`` of it (Viterbi).
    Changing is the same for all pairs but for the two costs, so one maximum serves every state."""
    states = range(len(costs))
    total, back = list(scores[0]), []
    for row in scores[1:]:
        leaving = [total[k] - costs[k] for k in states]
        source = max(states, key=leaving.__getitem__)
        best = leaving[source]
        came = [source if best - costs[k] > total[k] else k for k in states]
        total = [max(best - costs[k], total[k]) + row[k] for k in states]
        back.append(came)
    path = [max(states, key=total.__getitem__)]
    for came in reversed(back):
        path.append(came[path[-1]])
    return path[::-1]


def _cut(
    chosen: Sequence[int], opens: Sequence[Sequence[bool]], mass: Floats, kinds: Sequence[str]
) -> list[Chunk]:
    """Runs of one kind (-1: none), cut also where a token opens a chunk of its own kind."""
    found: list[Chunk] = []
    start: int | None = None
    for i in range(len(chosen) + 1):
        kind = chosen[i] if i < len(chosen) else -1
        if start is not None and (kind != chosen[start] or opens[i][kind]):
            score = float(mass[start:i, chosen[start]].mean())
            found.append(Chunk(kinds[chosen[start]], start, i, score))
            start = None
        if start is None and kind >= 0:
            start = i
    return found
