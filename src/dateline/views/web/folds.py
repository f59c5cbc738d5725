"""What stood on the page around and between the story: where it was, and its words."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from dateline.article.html_source import scan_html
from dateline.article.model import Article
from dateline.page.model import PageKind
from dateline.spans import Span, overlaps

BEFORE = -1


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the page that is not the story. ``lines`` are its words as shown, ``span`` its
    offsets in the page's text; ``share`` is set for a second printing: how much of the story's
    paragraphs (0..1) it repeats."""

    kind: str
    span: Span
    lines: tuple[str, ...]
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Fold:
    """Stretches that stood in a row, shown and hidden together; a second printing is alone in its."""

    stretches: tuple[Stretch, ...]

    @property
    def copy_share(self) -> float | None:
        """Share of the story that a second printing repeats; None when it is none."""
        return self.stretches[0].share

    @property
    def kinds(self) -> list[str]:
        """What the stretches are, each kind once."""
        return list(dict.fromkeys(s.kind for s in self.stretches))

    @property
    def n_words(self) -> int:
        return sum(len(line.split()) for s in self.stretches for line in s.lines)


def folds(article: Article, page: str, kind: PageKind) -> dict[int, list[Fold]]:
    """The folds by the index of the paragraph that stood before them (``BEFORE``: above the first),
    in the order of the page. ``page`` is the page's text, which for an HTML page is its source."""
    found: dict[int, list[Stretch]] = defaultdict(list)
    starts = sorted((s.page_start, s.end) for s in article.segments)
    ends = [end for _, end in article.paragraphs]
    for stretch in _stretches(article, page, kind):
        before = bisect_right(starts, (stretch.span[0], len(article.text) + 1)) - 1
        place = BEFORE if before < 0 else _paragraph_of(ends, starts[before][1])
        found[place].append(stretch)
    return {place: list(_folded(stretches)) for place, stretches in found.items()}


def _folded(stretches: list[Stretch]) -> Iterator[Fold]:
    for is_copy, row in groupby(stretches, key=lambda s: s.share is not None):
        if is_copy:
            yield from (Fold((stretch,)) for stretch in row)
        else:
            yield Fold(tuple(row))


def _paragraph_of(ends: list[int], offset: int) -> int:
    return min(bisect_right(ends, offset - 1), len(ends) - 1)


def _stretches(article: Article, page: str, kind: PageKind) -> list[Stretch]:
    copies = [c.span for c in article.copies]
    found = [
        Stretch(f.kind, f.span, shown_lines(page, f.span, kind))
        for f in article.furniture
        # A copy's stretch is noted twice: as a copy with its share, and piece by piece.
        if not (f.kind == "copy" and any(overlaps(f.span, c) for c in copies))
    ]
    found += [
        Stretch("copy", c.span, shown_lines(page, c.span, kind), c.share) for c in article.copies
    ]
    return sorted((s for s in found if s.lines), key=lambda s: s.span)


def shown_lines(page: str, span: Span, kind: PageKind) -> tuple[str, ...]:
    """The words of a stretch of the page, a line a block; without tags when the page is HTML."""
    raw = page[span[0] : span[1]]
    lines = [b.text for b in scan_html(raw).blocks] if kind == "html" else raw.split("\n")
    return tuple(line.strip() for line in lines if line.strip())
