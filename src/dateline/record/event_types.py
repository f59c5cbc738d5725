"""The PLOVER type of what one party does to another in a sentence."""

from __future__ import annotations

from dateline.analysis import network
from dateline.analysis.model import Token
from dateline.analysis.network import ActOutput
from dateline.analysis.sentences import split_sentences
from dateline.analysis.tokens import tokenize
from dateline.spans import Span, overlaps

_NONE = "NONE"


def type_probabilities(text: str, actor: Span | None, recipient: Span | None) -> dict[str, float]:
    """See ``dateline.event_type``. The sentence read is the one that holds the parties; when they
    stand in different ones, the words from the first party's sentence to the last's. An empty text
    gives equal probabilities."""
    return probabilities_in(read_pair(text, actor, recipient))


def read_pair(text: str, actor: Span | None, recipient: Span | None) -> ActOutput | None:
    """What the act reader says of the sentence of two parties, no act marked; None for no text."""
    tokens = tokenize(text)
    if not tokens:
        return None
    marked = {*_indices(tokens, actor), *_indices(tokens, recipient)}
    sentences = [
        s
        for s in split_sentences(text, tokens)
        if not marked or any(s.first <= i < s.last for i in marked)
    ]
    first, last = sentences[0].first, sentences[-1].last
    words = [t.text for t in tokens[first:last]]
    return network.run_act(
        words,
        network.word_pieces(words),
        [i - first for i in _indices(tokens, actor)],
        [i - first for i in _indices(tokens, recipient)],
    )


def probabilities_in(told: ActOutput | None) -> dict[str, float]:
    """Probability of each of the 16 types, given that some act is told; equal ones for None."""
    types = network.labels()["type"]
    if told is None:
        return {t: 1 / (len(types) - 1) for t in types if t != _NONE}
    some = {t: float(p) for t, p in zip(types, told.type, strict=True) if t != _NONE}
    total = sum(some.values())
    return {t: p / total for t, p in some.items()}


def _indices(tokens: list[Token], span: Span | None) -> list[int]:
    if span is None:
        return []
    return [t.i for t in tokens if overlaps(t.span, span)]
