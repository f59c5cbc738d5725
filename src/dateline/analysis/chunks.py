"""Chunks of tokens from per-token BIO probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.analysis.network import Floats


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tokens ``first:last`` (window indices) of one kind, with the mean probability of that kind."""

    kind: str
    first: int
    last: int
    score: float


def chunks(probabilities: Floats, label_set: Sequence[str]) -> list[Chunk]:
    """Maximal chunks: a token belongs to the kind whose B- and I- probabilities add up highest, and
    opens a new chunk when its kind changes or B- outweighs I-."""
    kinds = [label[2:] for label in label_set[1::2]]
    found: list[Chunk] = []
    begin = probabilities[:, 1::2]
    inside = probabilities[:, 2::2]
    mass = begin + inside
    best = mass.argmax(axis=1)
    chosen = [
        int(k) if mass[i, k] > probabilities[i, 0] else -1 for i, k in enumerate(best.tolist())
    ]
    start = None
    for i in range(len(chosen) + 1):
        kind = chosen[i] if i < len(chosen) else -1
        opens = i < len(chosen) and kind >= 0 and begin[i, kind] > inside[i, kind]
        if start is not None and (kind != chosen[start] or opens):
            score = float(mass[start:i, chosen[start]].mean())
            found.append(Chunk(kinds[chosen[start]], start, i, score))
            start = None
        if start is None and kind >= 0:
            start = i
    return found
