"""Marks on a text that may overlap, as pieces that do not.

A mark says that a span plays a role in a record. Where marks overlap the text is cut at each of
their ends, and a piece carries every mark that covers it, so that no HTML element has to cross
another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from dateline.spans import Span

Role = Literal["trigger", "cue", "who", "when", "place", "channel", "words", "content", "evidence"]
# Where several parts of the lit record cover one piece, the first of these shows.
ROLES: tuple[Role, ...] = get_args(Role)

# What a mark looks like while nothing is lit.
Layer = Literal["statement", "cue", "event", "trigger", "actor", "time", "place"]
LAYERS: tuple[Layer, ...] = get_args(Layer)


@dataclass(frozen=True, slots=True)
class Mark:
    """A span that plays a role in the record ``key`` ('e3'). ``layer`` None: it shows only when the
    record is lit."""

    span: Span
    key: str
    role: Role
    layer: Layer | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same marks. ``refs`` are 'key.role' of each mark, ``layers`` what
    it looks like, ``lit`` the role it plays in what is lit, None for none."""

    text: str
    layers: tuple[Layer, ...] = ()
    refs: tuple[str, ...] = ()
    lit: Role | None = None


def pieces(
    text: str, span: Span, marks: Sequence[Mark], lit: frozenset[str] = frozenset()
) -> list[Piece]:
    """``text[start:end]`` cut at the ends of ``marks``; the pieces joined are the same text.

    Marks may overlap, nest, be empty or reach beyond the span. ``lit`` holds keys of records.
    """
    inside = [m for m in marks if m.span[0] < span[1] and m.span[1] > span[0]]
    opening, closing = defaultdict(list), defaultdict(list)
    for mark in inside:
        if mark.span[0] < mark.span[1]:
            opening[max(mark.span[0], span[0])].append(mark)
            closing[min(mark.span[1], span[1])].append(mark)
    cuts = sorted({*span, *opening, *closing})
    found: list[Piece] = []
    active: Counter[Mark] = Counter()
    for start, end in pairwise(cuts):
        active.update(opening[start])
        active.subtract(closing[start])
        found.append(_piece(text[start:end], [m for m, n in active.items() if n > 0], lit))
    return found


def _piece(text: str, covering: Iterable[Mark], lit: frozenset[str]) -> Piece:
    marks = sorted(covering, key=lambda m: (ROLES.index(m.role), m.key))
    layers = {m.layer for m in marks}
    return Piece(
        text,
        tuple(layer for layer in LAYERS if layer in layers),
        tuple(dict.fromkeys(f"{m.key}.{m.role}" for m in marks)),
        next((m.role for m in marks if m.key in lit), None),
    )
