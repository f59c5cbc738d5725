"""Cutting a text into windows for the network: whole paragraphs packed up to a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dateline.analysis.model import Sentence

# Word pieces a window may hold: training packed paragraphs up to 170 words (about 210 pieces).
WINDOW_PIECES = 216


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens ``first:last`` of a text; ``breaks`` are indices, counted from ``first``, of tokens that
    open a paragraph inside the window."""

    first: int
    last: int
    breaks: frozenset[int]


def cut_windows(
    sentences: Sequence[Sentence], sizes: Sequence[int], limit: int, longest: int
) -> list[Window]:
    """Windows over all sentences, in order, without overlap.

    ``sizes`` gives each token's number of pieces. A window is closed before a paragraph that would
    take it over ``limit``; a paragraph longer than that is cut between sentences, and a sentence
    longer than ``longest`` pieces between tokens.
    """
    windows: list[Window] = []
    current: list[tuple[int, int, int]] = []
    count = 0
    for first, last, paragraph in _stretches(sentences, sizes, limit, longest):
        size = sum(sizes[first:last]) + 1
        if current and count + size > limit:
            windows.append(_window(current))
            current, count = [], 0
        current.append((first, last, paragraph))
        count += size
    if current:
        windows.append(_window(current))
    return windows


def _window(stretches: list[tuple[int, int, int]]) -> Window:
    start = stretches[0][0]
    breaks = {
        first - start
        for (first, _, paragraph), (_, _, before) in zip(stretches[1:], stretches, strict=False)
        if paragraph != before
    }
    return Window(start, stretches[-1][1], frozenset(breaks))


def _stretches(
    sentences: Sequence[Sentence], sizes: Sequence[int], limit: int, longest: int
) -> list[tuple[int, int, int]]:
    """Paragraphs as (first, last, paragraph), split where they exceed the limit."""
    stretches: list[tuple[int, int, int]] = []
    for sentence in sentences:
        for first, last in _token_cuts(sentence, sizes, longest):
            if stretches and stretches[-1][2] == sentence.paragraph:
                start = stretches[-1][0]
                if sum(sizes[start:last]) <= limit:
                    stretches[-1] = (start, last, sentence.paragraph)
                    continue
            stretches.append((first, last, sentence.paragraph))
    return stretches


def _token_cuts(sentence: Sentence, sizes: Sequence[int], longest: int) -> list[tuple[int, int]]:
    cuts, first, count = [], sentence.first, 0
    for index in range(sentence.first, sentence.last):
        if count + sizes[index] > longest and index > first:
            cuts.append((first, index))
            first, count = index, 0
        count += sizes[index]
    cuts.append((first, sentence.last))
    return cuts
