"""Numbers in digits and words, as token ranges."""

from __future__ import annotations

from collections.abc import Sequence

from dateline.analysis.times.lexer import LARGEST, Lexed


def number(lexed: Lexed, start: int, end: int) -> float | None:
    """The number that tokens ``start`` to ``end`` spell; None when they spell none."""
    total = current = 0.0
    seen = False
    for i in range(start, end):
        value = _value(lexed.values[i])
        if value is None:
            continue
        seen = True
        if value in (100, 1000, 12) and lexed.lower[i].isalpha() and value != 12:
            current = max(current, 1) * value
            if value == 1000:
                total, current = total + current, 0.0
        elif lexed.lower[i] == "dozen":
            current = max(current, 1) * 12
        else:
            current += value
    return min(total + current, LARGEST) if seen else None


def spoken_year(lexed: Lexed, start: int, end: int) -> int | None:
    """A year spoken in pairs ('nineteen ninety-six') or in full ('two thousand')."""
    values = [v for v in (_value(lexed.values[i]) for i in range(start, end)) if v is not None]
    if len(values) >= 2 and values[0] in (17, 18, 19, 20) and values[1] >= 10:
        return _paired([int(v) for v in values])
    if len(values) >= 2 and values[1] == 1000:
        full = number(lexed, start, end)
        return int(full) if full is not None and 1000 <= full < 2100 else None
    return None


def _paired(values: Sequence[int]) -> int | None:
    tail = sum(values[1:])
    return values[0] * 100 + tail if tail < 100 else None


def _value(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None
