"""Recognising a user's event types from a handful of examples, without training the network.

The act reader turns a sentence with a marked act into a vector. For each of the user's types a logistic
model is fitted to those vectors when the codebook is loaded: the user's examples on one side; his
counterexamples, the examples of his other types and sentences of our own of every PLOVER type
(``knowledge/codebook/background.csv``) on the other. How well that works on types that are left out is
measured by ``training/new_types.py``; figures in docs/codebook.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from dateline.analysis import network
from dateline.analysis.model import Token
from dateline.analysis.network import ActOutput
from dateline.analysis.tokens import tokenize
from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.record.codebook import load_codebook
from dateline.record.user_codebook import (
    OTHER,
    MarkedSentence,
    UserCodebook,
    parse_marked,
)
from dateline.spans import Span, overlaps

Vectors = NDArray[np.float64]

# Strength of the pull towards zero weights, and the share of the user's few sentences in the fit: the
# best of twelve settings on types left out one at a time (training/new_types.py); their neighbours
# score within two points of it.
_RIDGE = 0.001
_SHARE = 0.4
_STEPS = 25  # Newton's method settles in ten
_PARTS = 4  # of a state: the sentence, actor, recipient and trigger
# Least probability of a user's type that an event is marked with (training/new_types.py).
LEAST_CHANCE = 0.5
_TABLE = "codebook/background.csv"


@dataclass(frozen=True, slots=True)
class Head:
    """A logistic model over states."""

    mean: Vectors
    weights: Vectors
    bias: float

    def chance(self, state: Vectors) -> float:
        """Probability (0..1) that an act with this state is of the type."""
        score = float((_scaled(state[None]) - self.mean)[0] @ self.weights) + self.bias
        return float(1 / (1 + np.exp(-np.clip(score, -30, 30))))


def fit_head(shown: Vectors, others: Vectors) -> Head:
    """A head that tells the states ``shown`` [n,1536] from ``others`` [m,1536]: logistic regression with
    a ridge, the few of one side weighing much more than the many of the other."""
    rows = _scaled(np.concatenate([shown, others]))
    mean = rows.mean(axis=0)
    rows = rows - mean
    right = np.r_[np.ones(len(shown)), np.zeros(len(others))]
    share = np.r_[np.full(len(shown), _SHARE / len(shown)),
                  np.full(len(others), (1 - _SHARE) / len(others))]  # fmt: skip
    # The weights are sums of rows, so that a system of n + m unknowns is solved and not one of 1536.
    kernel = rows @ rows.T
    dual, bias = np.zeros(len(rows)), 0.0
    for _ in range(_STEPS):
        dual, bias = _newton(kernel, dual, bias, right, share)
    return Head(mean, rows.T @ dual, bias)


def _newton(
    kernel: Vectors, dual: Vectors, bias: float, right: Vectors, share: Vectors
) -> tuple[Vectors, float]:
    """One step of iteratively reweighted least squares, in the dual."""
    n = len(right)
    score = kernel @ dual + bias
    p = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
    spread = np.maximum(p * (1 - p), 1e-6)
    target = score + (right - p) / spread
    system = np.zeros((n + 1, n + 1))
    system[:n, :n] = kernel + np.diag(_RIDGE / (share * spread))
    system[:n, n] = system[n, :n] = 1.0
    solved = np.linalg.solve(system, np.r_[target, 0.0])
    return np.asarray(solved[:n], dtype=np.float64), float(solved[n])


def _scaled(states: Vectors) -> Vectors:
    """Each part of each state at length 1, an unmarked part at 0."""
    parts = states.reshape(len(states), _PARTS, states.shape[1] // _PARTS).astype(np.float64)
    norms = np.linalg.norm(parts, axis=2, keepdims=True)
    scaled: Vectors = (parts / np.maximum(norms, 1e-9)).reshape(states.shape)
    return scaled / float(np.sqrt(_PARTS))


class TypeReader:
    """Tells the types of one user codebook. Fitted when first asked, about a second."""

    def __init__(self, book: UserCodebook) -> None:
        self.book = book

    def chances(self, state: NDArray[np.float32], *, marked: bool) -> dict[str, float]:
        """Probability (0..1) of each of the user's types for an act with that state, each by itself:
        they need not add up to 1. ``marked``: the word that tells the act was marked."""
        heads = self._with_act if marked else self._without_act
        vector = state.astype(np.float64)
        return {name: head.chance(vector) for name, head in heads.items()}

    def shared_out(self, types: dict[str, float], told: ActOutput | None) -> dict[str, float]:
        """One distribution over the codebook, for an act whose word is not marked. The user's types
        come first; what they leave goes to PLOVER's by ``types``, or to 'OTHER' where the codebook
        takes their place; None tells of no act."""
        none = dict.fromkeys(self.book.types, 0.0)
        found = none if told is None else self.chances(told.state, marked=False)
        total = sum(found.values())
        own = {name: chance / max(1.0, total) for name, chance in found.items()}
        rest = max(0.0, 1.0 - total)
        if self.book.use == "replace":
            return {**own, OTHER: rest}
        return {**{name: chance * rest for name, chance in types.items()}, **own}

    @cached_property
    def _with_act(self) -> dict[str, Head]:
        return self._fitted(marked=True)

    @cached_property
    def _without_act(self) -> dict[str, Head]:
        return self._fitted(marked=False)

    def _fitted(self, marked: bool) -> dict[str, Head]:
        own = {t.name: states_of(t.examples, marked) for t in self.book.types.values()}
        heads = {}
        for kind in self.book.types.values():
            others = [states for name, states in own.items() if name != kind.name]
            others.append(states_of(kind.counterexamples, marked))
            heads[kind.name] = _against_background(
                own[kind.name], np.concatenate(others), kind.type, _background_states(marked)
            )
        return heads


def _against_background(shown: Vectors, others: Vectors, maps_to: str, common: Vectors) -> Head:
    """A head fitted against our own sentences. Those of the PLOVER type that the user's type maps to may
    tell the user's as well (ships seized among COERCE): the quarter of them most like the examples is
    not held against these."""
    mapped = np.array([kind == maps_to for kind, _ in background()])
    rest = np.concatenate([common[~mapped], others])
    first = fit_head(shown, rest)
    near = sorted(common[mapped], key=first.chance)
    return fit_head(
        shown, np.concatenate([rest, *(row[None] for row in near[: len(near) * 3 // 4])])
    )


def states_of(sentences: Sequence[MarkedSentence], marked: bool) -> Vectors:
    """States [n,1536] of marked sentences, with or without the mark on the act."""
    if not sentences:
        return np.zeros((0, _PARTS * 384))
    return np.stack([_state(s, marked) for s in sentences]).astype(np.float64)


def _state(sentence: MarkedSentence, marked: bool) -> NDArray[np.float32]:
    tokens = tokenize(sentence.text)
    words = [t.text for t in tokens]
    act = _indices(tokens, sentence.act) if marked else []
    return network.run_act(
        words, network.word_pieces(words),
        _indices(tokens, sentence.actor), _indices(tokens, sentence.recipient), act,
    ).state  # fmt: skip


def _indices(tokens: Iterable[Token], spans: Iterable[Span]) -> list[int]:
    listed = list(spans)
    return [t.i for t in tokens if any(overlaps(t.span, span) for span in listed)]


@cache
def _background_states(marked: bool) -> Vectors:
    return states_of([sentence for _, sentence in background()], marked)


@cache
def background() -> tuple[tuple[str, MarkedSentence], ...]:
    """Our own sentences with the PLOVER type of their marked act, 'NONE' for words that tell none.
    Raises KnowledgeError naming the row for a type or mark that is wrong."""
    found = []
    for number, row in enumerate(read_csv(_TABLE, ("type", "text")), start=2):
        if row["type"] != "NONE" and row["type"] not in load_codebook().types:
            raise KnowledgeError(f"{_TABLE}, line {number}: no type {row['type']!r}")
        try:
            found.append((row["type"], parse_marked(row["text"])))
        except ValueError as error:
            raise KnowledgeError(f"{_TABLE}, line {number}: {error}") from None
    return tuple(found)
