"""An article: the clean story of one page, its metadata, and where each part stood on the page."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from operator import attrgetter
from typing import Literal

from pydantic import BaseModel, ConfigDict

from dateline.page.model import ProblemCode
from dateline.spans import Span

FurnitureKind = Literal[
    "offer",  # subscription and support appeals
    "link",  # a lone link or teaser inside the story
    "related",  # lists of other headlines
    "most_read",
    "comment",  # comment prompts and reader comments
    "sign_in",
    "share",  # share, follow, newsletter and app prompts
    "navigation",  # menus, breadcrumbs, section labels
    "advertisement",
    "notice",  # publisher's imprint, copyright, terms
    "copy",  # a second printing of the story
    "other",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Furniture(_Frozen):
    """A stretch of the page that is not the story. ``span`` counts in the page's text."""

    kind: FurnitureKind
    span: Span


class Copy(_Frozen):
    """A second printing of the story on the same page. ``span`` counts in the page's text;
    ``share`` is the fraction (0..1) of the story's paragraphs that it repeats."""

    span: Span
    share: float


class Caption(_Frozen):
    """A picture caption. ``credit`` is the photo credit as printed, or None when there is none.
    ``span`` counts in the page's text, None when the caption stands only in an attribute."""

    text: str
    credit: str | None = None
    span: Span | None = None


class Link(_Frozen):
    """A related headline found on the page. ``url`` is None on a text page."""

    text: str
    url: str | None = None


class Segment(_Frozen):
    """A run of article text copied from the page: ``text[start:end]`` came from
    ``page[page_start:page_end]`` (the lengths differ where entities or whitespace were folded)."""

    start: int
    end: int
    page_start: int
    page_end: int


class ArticleProblem(_Frozen):
    """Why there is no story (or none we can read): see ``dateline.page.model.Problem``."""

    code: ProblemCode
    message: str


class Article(_Frozen):
    """The story of one page.

    ``text`` is the clean body, paragraphs separated by one blank line, and excludes headline,
    standfirst, byline and captions; a dateline ("Geneva —") stays at the head of its paragraph.
    ``published`` is timezone-aware (UTC when the page names no zone) or None when the page gives no
    date. ``language`` is an ISO 639-1 code or '' when too little text to tell. ``agency`` is the
    wire service named on the page, or None. ``problem`` is None for a story that was read.
    """

    id: str
    url: str | None = None
    headline: str | None = None
    standfirst: str | None = None
    bylines: list[str] = []
    published: datetime | None = None
    published_granularity: Literal["day", "minute"] | None = None
    agency: str | None = None
    outlet: str | None = None
    section: str | None = None
    datelines: list[str] = []
    captions: list[Caption] = []
    text: str = ""
    furniture: list[Furniture] = []
    copies: list[Copy] = []
    related: list[Link] = []
    language: str = ""
    segments: list[Segment] = []
    problem: ArticleProblem | None = None

    @property
    def paragraphs(self) -> list[Span]:
        """Spans of the paragraphs of ``text``, in order."""
        spans: list[Span] = []
        start = 0
        for part in self.text.split("\n\n"):
            if part:
                spans.append((start, start + len(part)))
            start += len(part) + 2
        return spans

    def page_spans(self, span: Span) -> list[Span]:
        """Where ``span`` of ``text`` stood on the page: one or more spans of the page's text, in
        page order; empty when that stretch has no place on the page (a blank line we added)."""
        found: list[Span] = []
        index = max(0, bisect_right(self.segments, span[0], key=attrgetter("start")) - 1)
        for segment in self.segments[index:]:
            if segment.start >= span[1]:
                break
            low, high = max(span[0], segment.start), min(span[1], segment.end)
            if low < high:
                found.append(_map_segment(segment, low, high))
        return found


def _map_segment(segment: Segment, low: int, high: int) -> Span:
    """Map article offsets inside one segment to the page; a segment whose two lengths differ (a
    folded entity or run of spaces) maps as a whole."""
    if segment.end - segment.start == segment.page_end - segment.page_start:
        shift = segment.page_start - segment.start
        return low + shift, high + shift
    return segment.page_start, segment.page_end
