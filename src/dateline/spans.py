"""Character spans: half-open ``(start, end)`` offsets, counted in Python characters."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]


def overlaps(a: Span, b: Span) -> bool:
    """True when the two spans share at least one character."""
    return a[0] < b[1] and b[0] < a[1]


def contains(outer: Span, inner: Span) -> bool:
    """True when ``inner`` lies wholly inside ``outer``."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def hull(spans: Iterable[Span]) -> Span:
    """The smallest span that covers all of ``spans``; raises ValueError for none."""
    listed = list(spans)
    if not listed:
        raise ValueError("hull of no spans")
    return min(start for start, _ in listed), max(end for _, end in listed)


def overlap_length(a: Span, b: Span) -> int:
    """Number of characters the two spans share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))
