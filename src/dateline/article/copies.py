"""The same lines twice on one page: found by an index of word shingles, in time linear in the
page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_WORD = re.compile(r"\w+")
_SHINGLE = 4
_FEWEST_WORDS = 6  # shorter lines repeat on a page by chance
_SAME = 0.7  # share of a line's shingles seen before: a reprint with a word changed stays above it
_GAP = 4  # lines that may stand between two repeated lines of one copy (links, pictures)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A run of lines that repeats earlier lines: ``pairs`` maps line number to the earlier one."""

    pairs: dict[int, int]

    @property
    def first(self) -> int:
        return min(self.pairs)

    @property
    def last(self) -> int:
        return max(self.pairs)


def earlier_twins(texts: list[str]) -> dict[int, int]:
    """Line number -> number of the earlier line whose words it repeats."""
    index: dict[tuple[str, ...], int] = {}
    twins: dict[int, int] = {}
    for number, text in enumerate(texts):
        words = [word.lower() for word in _WORD.findall(text)]
        if len(words) < _FEWEST_WORDS:
            continue
        shingles = [tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)]
        seen = Counter(index[s] for s in shingles if s in index)
        if seen and sum(seen.values()) >= _SAME * len(shingles):
            twins[number] = min(seen, key=lambda line: (-seen[line], line))
        for shingle in shingles:
            index.setdefault(shingle, number)
    return twins


def repeats(twins: dict[int, int]) -> list[Repeat]:
    """Group repeated lines into runs that go through the page in the same order as before."""
    runs: list[dict[int, int]] = []
    previous = (-10, -10)
    for number in sorted(twins):
        original = twins[number]
        near = number - previous[0] <= _GAP + 1
        if runs and near and previous[1] <= original < min(runs[-1]):
            runs[-1][number] = original
        else:
            runs.append({number: original})
        previous = (number, original)
    return [Repeat(run) for run in runs]
