"""A record as its reader sees it: the text in pieces, and what the template asks about records."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from dateline.analysis.model import Place, TimeExpression
from dateline.page.model import PageKind
from dateline.record.model import Dropped, Event, Party, Record
from dateline.spans import Span, overlaps
from dateline.views.layout import clean, clip
from dateline.views.web.folds import BEFORE, Fold, folds
from dateline.views.web.index import Index
from dateline.views.web.marks import Mark, Piece, pieces

if TYPE_CHECKING:
    from dateline.views.web.corrected import Fix

_SHOWN = 220  # characters of a record's words on its card
_SPAN = re.compile(r"(\d{1,8})-(\d{1,8})")
MOST_SPANS = 50  # that an address may ask for
# Key of the words that an address asks for by their offsets.
ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the story: its number from 1, its pieces, and what stood after it on the page."""

    number: int
    pieces: list[Piece]
    after: list[Fold]


@dataclass(frozen=True, slots=True)
class Who:
    """A party as shown: the actor's name, else the words. ``key`` is the actor's, None for none;
    ``said_as`` the words where they differ from the name."""

    name: str
    codes: str
    key: str | None
    said_as: str


@dataclass(frozen=True, slots=True)
class DroppedGroup:
    """What was dropped at one stage for one reason, with keys."""

    stage: str
    reason: str
    items: list[tuple[str, Dropped]]


@dataclass
class Reading:
    """A record with what is needed to show it.

    ``page`` is the page's text and its kind, None when it was not kept. ``lit`` are keys of records,
    ``asked`` spans, to show lit. ``ids`` are the store's ids of its rows by key, ``acts`` those of
    the acts that its events belong to with their counts, ``fixes`` what was corrected in them; all empty
    without a store.
    """

    record: Record
    page: tuple[str, PageKind] | None = None
    places: Sequence[Place] = ()
    times: Sequence[TimeExpression] = ()
    lit: frozenset[str] = frozenset()
    asked: Sequence[Span] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    acts: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    fixes: Mapping[str, Sequence[Fix]] = field(default_factory=dict)

    @cached_property
    def index(self) -> Index:
        return Index(self.record, self.places, self.times)

    @property
    def text(self) -> str:
        return self.record.article.text

    # The text

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """The story with its marks."""
        spans = self.record.article.paragraphs
        return [
            Paragraph(
                number, pieces(self.text, span, marks, self._lit), self._folds.get(number - 1, [])
            )
            for number, (span, marks) in enumerate(
                zip(spans, self._by_paragraph(spans), strict=True), start=1
            )
        ]

    def _by_paragraph(self, spans: Sequence[Span]) -> list[list[Mark]]:
        """The marks that touch each paragraph."""
        found: list[list[Mark]] = [[] for _ in spans]
        ends = [end for _, end in spans]
        for mark in (*self.index.marks, *(Mark(span, ASKED, "words") for span in self.asked)):
            number = bisect_right(ends, mark.span[0])
            while number < len(spans) and overlaps(mark.span, spans[number]):
                found[number].append(mark)
                number += 1
        return found

    def line(self, where: str, text: str | None) -> list[Piece]:
        """The headline, standfirst or a caption, with the passages of discrepancies in it."""
        if not text:
            return []
        marks = [
            Mark(passage.span, key, "words")
            for key, told in self.index.discrepancies
            for passage in told.passages
            if passage.where == where and passage.text in text
        ]
        return pieces(text, (0, len(text)), marks, self._lit)

    @property
    def above(self) -> list[Fold]:
        """What stood above the story on the page."""
        return self._folds.get(BEFORE, [])

    @cached_property
    def _folds(self) -> dict[int, list[Fold]]:
        return folds(self.record.article, *self.page) if self.page else {}

    @property
    def _lit(self) -> frozenset[str]:
        return self.lit | {ASKED} if self.asked else self.lit

    # Records

    def is_wrong(self, key: str) -> bool:
        """Whether a record was marked wrong."""
        return any(fix.field == "wrong" for fix in self.fixes.get(key, ()))

    @cached_property
    def events(self) -> list[Event]:
        """Events that are news in the article."""
        return [e for e in self.record.events if e.status != "background"]

    @cached_property
    def background(self) -> list[Event]:
        """Events that it tells as background."""
        return [e for e in self.record.events if e.status == "background"]

    @cached_property
    def dropped(self) -> list[DroppedGroup]:
        """What was seen and not coded, by stage and reason."""
        ordered = sorted(self.index.dropped, key=lambda row: (row[1].stage, row[1].reason))
        return [
            DroppedGroup(stage, reason, list(items))
            for (stage, reason), items in groupby(
                ordered, key=lambda row: (row[1].stage, row[1].reason)
            )
        ]

    def words(self, spans: Iterable[Span], focus: Span | None = None) -> str:
        """The words at spans on one line, cut around ``focus`` when they are long."""
        listed = list(spans)
        if len(listed) == 1 and focus is not None:
            start, end = listed[0]
            inner = (focus[0] - start, focus[1] - start)
            return clip(" ".join(self.text[start:end].split("\n")), _SHOWN, inner)
        return clip(" … ".join(clean(self.text[start:end]) for start, end in listed), _SHOWN)

    def who(self, party: Party | None) -> Who | None:
        """A party as shown."""
        if party is None:
            return None
        words = clean(party.text)
        if party.actor not in self.index.actors:
            return Who(words, "", None, "")
        key, actor = self.index.actors[party.actor]
        codes = " ".join(code for code in (actor.country, actor.sector, actor.sector2) if code)
        name = clean(actor.name)
        return Who(name, codes, key, "" if words.casefold() == name.casefold() else words)

    def paragraph_of(self, key: str) -> int:
        """Number of the paragraph with the words of a record; 1 when it has none."""
        offset = self.index.first.get(key, 0)
        spans = self.record.article.paragraphs
        return next((n for n, (_, end) in enumerate(spans, start=1) if offset < end), 1)


def spans_asked(text: str, limit: int) -> list[Span]:
    """Spans of an address ('120-180,200-210') that lie within a text of ``limit`` characters; what
    is no span is passed over."""
    found = [(int(a), int(b)) for a, b in _SPAN.findall(text)]
    return [(a, min(b, limit)) for a, b in found if a < min(b, limit)][:MOST_SPANS]
