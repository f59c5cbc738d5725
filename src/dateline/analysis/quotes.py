"""Quotation marks: the stretches of a text that stand between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter

from dateline.spans import Span, overlap_length

_MARK = re.compile(r"[“”„«»\"]|``|''|(?<!\w)‘|(?<=[.,!?…])’(?!\w)")
_OPEN = {"“", "„", "«", "``", "‘"}
_CLOSE = {"”", "»", "''", "’"}
# A quotation that runs on for more than this many characters without a closing mark is taken as
# one left open; newspapers leave it open at the end of a paragraph when the speech goes on.
_LONGEST = 4000


def quoted_spans(text: str) -> list[Span]:
    """Spans of quoted text, marks included, in order. An opening mark with no closing one reaches the
    end of its paragraph; a stray closing mark is ignored."""
    spans: list[Span] = []
    opened: int | None = None
    for match in _MARK.finditer(text):
        mark, at = match.group(), match.start()
        if opened is not None and (end := text.find("\n\n", opened, at)) >= 0:
            spans.append((opened, end))
            opened = None
        if opened is not None and at - opened > _LONGEST:
            opened = None
        if opened is None:
            opened = at if mark in _OPEN or (mark == '"' and _may_open(text, at)) else None
        elif mark in _CLOSE or mark == '"':
            spans.append((opened, match.end()))
            opened = None
    if opened is not None and (end := text.find("\n\n", opened)) >= 0:
        spans.append((opened, end))
    elif opened is not None:
        spans.append((opened, len(text)))
    return spans


def _may_open(text: str, at: int) -> bool:
    """A straight mark opens when a word follows it directly."""
    return at + 1 < len(text) and not text[at + 1].isspace()


def quotes_near(quotes: Sequence[Span], span: Span) -> Sequence[Span]:
    """Those of ``quoted_spans`` that overlap a span or touch it."""
    first = bisect_left(quotes, span[0], key=itemgetter(1))
    return quotes[first : bisect_right(quotes, span[1], key=itemgetter(0))]


def quoted_share(span: Span, quotes: Sequence[Span]) -> float:
    """Share (0..1) of a span's characters that are in ``quotes``, as ``quoted_spans`` gives them."""
    length = max(1, span[1] - span[0])
    return sum(overlap_length(span, quote) for quote in quotes_near(quotes, span)) / length
