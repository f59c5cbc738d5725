"""The lines of a text page, each with its place on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dateline.article.model import Segment
from dateline.spans import Span

_PHYSICAL = re.compile(r"[^\n\r\v\f\u2028\u2029\x85]+")
# What printers and scrapers put between words: blanks of all widths, soft hyphens, zero-width marks.
# A single plain space is left out: it needs no folding, and there are a thousand of them.
_INVISIBLE = r"\u00ad\u200b-\u200f\u2060\ufeff"
_BLANK = re.compile(rf"[\s{_INVISIBLE}]{{2,}}|[^\S ]|[{_INVISIBLE}]")
_EDGE = " \t\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u3000\u00ad\u2002\u2003\u2009\u202f"
_SENTENCE_END = re.compile(
    r"[.!?。！？][\"'”’)\]»]*\s+(?=[\"'“‘(\[«]?[A-ZÀ-ÞА-ЯЁ0-9])|[。！？][」』）]?"
)
_WRAP_WIDTH = 100  # RFC 5322 and wire copy wrap at 72 to 80; nobody wraps prose wider than this
_SINGLE_LINE_WORDS = 350  # longer than any paragraph in the 102 pages of training; see split_lines


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. ``text`` has its blanks folded to single spaces; ``span`` is where it
    stands on the page."""

    text: str
    span: Span
    follows_blank: bool = False
    continues: bool = (
        False  # a sentence cut out of an over-long line that also holds the one before
    )


def split_lines(page: str) -> list[Line]:
    """The lines of ``page`` that hold something.

    Hard-wrapped paragraphs (short lines, blank line between paragraphs) are joined into one Line;
    a line of more than 350 words, which is a page printed without line breaks, is cut at the ends
    of sentences.
    """
    spans = _stripped(page)
    blocks = _blocks(page, spans)
    lines: list[Line] = []
    for block in blocks:
        joined = [(block[0][0], block[-1][1])] if _is_wrapped(page, block) else block
        for i, span in enumerate(joined):
            lines.extend(_line(page, span, i == 0))
    return lines


def fold(page: str, span: Span, start: int) -> tuple[str, list[Segment]]:
    """``page[span]`` with runs of blanks folded to one space, and the segments that map it back;
    ``start`` is where the folded text will stand in the article."""
    text: list[str] = []
    segments: list[Segment] = []
    at = position = span[0]
    length = 0
    for blank in _BLANK.finditer(page, *span):
        single = blank.end() - blank.start() == 1 and page[blank.start()].isspace()
        text.append(page[position : blank.start()])
        length += blank.start() - position
        gap = " " if any(ch.isspace() for ch in blank.group()) else ""
        if not single:
            segments.append(_segment(start, length, at, blank.start()))
            at = blank.end()
        text.append(gap)
        length += len(gap)
        if not single:
            start, length = start + length, 0
        position = blank.end()
    text.append(page[position : span[1]])
    segments.append(_segment(start, length + span[1] - position, at, span[1]))
    return "".join(text), [s for s in segments if s.end > s.start]


def _segment(start: int, length: int, page_start: int, page_end: int) -> Segment:
    return Segment(start=start, end=start + length, page_start=page_start, page_end=page_end)


def _stripped(page: str) -> list[Span]:
    spans = []
    for match in _PHYSICAL.finditer(page):
        text = match.group()
        start = match.start() + len(text) - len(text.lstrip(_EDGE))
        end = match.end() - len(text) + len(text.rstrip(_EDGE))
        if start < end:
            spans.append((start, end))
    return spans


def _blocks(page: str, spans: list[Span]) -> list[list[Span]]:
    """Runs of lines with no blank line inside."""
    blocks: list[list[Span]] = []
    for span in spans:
        gap = page[blocks[-1][-1][1] : span[0]] if blocks else ""
        if blocks and gap.count("\n") <= 1 and "\f" not in gap:
            blocks[-1].append(span)
        else:
            blocks.append([span])
    return blocks


def _is_wrapped(page: str, block: list[Span]) -> bool:
    """Is this block one paragraph printed over several lines of about the same width?"""
    if len(block) < 2:
        return False
    widths = [end - start for start, end in block]
    widest = max(widths)
    if widest > _WRAP_WIDTH or widest < 40 or min(widths[:-1]) < 0.6 * widest:
        return False
    # Lines that end their sentences are paragraphs or headlines of their own.
    ended = sum(page[end - 1] in ".!?”\"'’:" for _, end in block[:-1])
    return ended <= 0.4 * (len(block) - 1)


def _line(page: str, span: Span, follows_blank: bool) -> list[Line]:
    text, _ = fold(page, span, 0)
    if not text.strip():
        return []
    if text.count(" ") <= _SINGLE_LINE_WORDS:
        return [Line(text, span, follows_blank)]
    return _sentences(page, span, follows_blank)


def _sentences(page: str, span: Span, follows_blank: bool) -> list[Line]:
    cuts = [match.end() for match in _SENTENCE_END.finditer(page, *span)]
    lines: list[Line] = []
    for start, end in zip([span[0], *cuts], [*cuts, span[1]], strict=True):
        piece = page[start:end]
        inner = (start, start + len(piece.rstrip()))
        if inner[0] < inner[1]:
            text, _ = fold(page, inner, 0)
            lines.append(Line(text, inner, follows_blank and not lines, bool(lines)))
    return lines
