"""Second look at the lines of a page: each line's first score among the scores around it.

A story stands in one region of its page, so a table or a list between its paragraphs belongs to it,
and a well-formed sentence among reader comments does not.
"""

from __future__ import annotations

import numpy as np

from dateline.article.trees import Floats

# Columns of the first feature row that the second look uses again.
CARRIED = [
    "log_words",
    "ended",
    "furniture",
    "prompt",
    "heading",
    "function_share",
    "theme",
    "copies",
    "since_heading",
    "date",
]
REGION_FEATURES = (
    "score inside way far mass_before mass_after region_share near_before near_after near_both "
    "wide_before wide_after wide_both other_before other_after one_before one_after two_before "
    "two_after one_both inside_score outside_score " + " ".join(CARRIED)
).split()
_MOST_WORDS = 40.0  # a line counts for its words up to here, so one long line is not a region
_LINE_COST = 0.5
_FARTHEST = 40.0
_NO_LINE = -5.0  # log-odds that stand in beyond the ends of the page


def region_features(log_odds: Floats, carried: Floats, words: Floats) -> Floats:
    """One row of ``REGION_FEATURES`` a line. ``log_odds`` are the first scores, ``carried`` the
    columns ``CARRIED`` of the first features, ``words`` the lengths of the lines in words."""
    chance = 1 / (1 + np.exp(-log_odds))
    size = np.minimum(words, _MOST_WORDS)
    start, stop, weight = heaviest_run(size * (2 * chance - 1) - _LINE_COST)
    place = np.arange(len(log_odds), dtype=np.float64)
    inside = ((place >= start) & (place < stop)).astype(float)
    way = _way(place, start, stop)
    mass = size * chance * (chance > 0.5)
    total = mass.sum() + 1e-6
    before = np.cumsum(mass) - mass
    signals: list[tuple[Floats, float]] = [
        (log_odds, 0.5),
        (chance * size, 0.8),
        ((chance < 0.5).astype(np.float64), 0.8),
    ]
    near, wide, other = (_both_ways(values, rate) for values, rate in signals)
    padded = np.concatenate([[_NO_LINE] * 2, log_odds, [_NO_LINE] * 2])
    one, two = (padded[1:-3], padded[3:-1]), (padded[:-4], padded[4:])
    columns = [
        log_odds,
        inside,
        way,
        np.log1p(np.abs(way)) * np.sign(way),
        before / total,
        (total - before - mass) / total,
        np.full(len(log_odds), weight / total),
        *near,
        np.minimum(*near),
        *wide,
        np.minimum(*wide),
        *other,
        *one,
        *two,
        np.minimum(*one),
        log_odds * inside,
        np.maximum(log_odds, 0) * (1 - inside),
    ]
    return np.column_stack([*columns, carried])


def heaviest_run(weights: Floats) -> tuple[int, int, float]:
    """Start, end (half-open) and sum of the run with the greatest sum; the first of equals, and
    (0, 0, 0.0) when no weight is positive."""
    best = (0, 0, 0.0)
    start, current = 0, 0.0
    for i, weight in enumerate(weights.tolist()):
        if current <= 0:
            start, current = i, 0.0
        current += weight
        if current > best[2]:
            best = (start, i + 1, current)
    return best


def _way(place: Floats, start: int, stop: int) -> Floats:
    """Lines to the region: negative above it, 0 inside, positive below."""
    above, below = start - place, place - stop + 1
    far = np.where(place < start, -above, np.where(place >= stop, below, 0))
    return np.clip(far, -_FARTHEST, _FARTHEST).astype(float)


def _both_ways(values: Floats, rate: float) -> tuple[Floats, Floats]:
    """For each line the sums of the values before it and after it, fading by ``rate`` a line."""
    return _faded(values, rate), _faded(values[::-1], rate)[::-1]


def _faded(values: Floats, rate: float) -> Floats:
    sums, current = [], 0.0
    for value in values.tolist():
        sums.append(current)
        current = current * rate + value
    return np.array(sums)
