"""The PLOVER type of what one party does to another in a sentence."""

from __future__ import annotations

from dateline.analysis import network
from dateline.analysis.engine import read_text
from dateline.analysis.model import Token
from dateline.spans import Span, overlaps

_NONE = "NONE"


def type_probabilities(text: str, actor: Span | None, recipient: Span | None) -> dict[str, float]:
    """See ``dateline.event_type``. The sentence read is the one that holds the parties; when they
    stand in different ones, the words from the first party's sentence to the last's. An empty text
    gives equal probabilities."""
    types = network.labels()["type"]
    reading = read_text(text)
    tokens = reading.analysis.tokens
    if not tokens:
        return {t: 1 / (len(types) - 1) for t in types if t != _NONE}
    marked = {*_indices(tokens, actor), *_indices(tokens, recipient)}
    sentences = [
        s
        for s in reading.analysis.sentences
        if not marked or any(s.first <= i < s.last for i in marked)
    ]
    first, last = sentences[0].first, sentences[-1].last
    covered = [s for s in reading.analysis.sentences if first <= s.first < last]
    hidden = network.stack([reading.hidden(s) for s in covered])
    probabilities, _ = network.run_pairs(
        hidden,
        [i - first for i in _indices(tokens, actor)],
        [i - first for i in _indices(tokens, recipient)],
    )
    some = {t: float(p) for t, p in zip(types, probabilities, strict=True) if t != _NONE}
    total = sum(some.values())
    return {t: p / total for t, p in some.items()}


def _indices(tokens: list[Token], span: Span | None) -> list[int]:
    if span is None:
        return []
    return [t.i for t in tokens if overlaps(t.span, span)]
