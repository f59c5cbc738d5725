"""What must hold of the record of any page, however hostile."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dateline.article.html_source import shown_text
from dateline.article.model import Article
from dateline.record.model import Party, Record
from dateline.spans import Span

_TAG = re.compile(r"<[^<>]*>")


def faults(record: Record, page: str) -> list[str]:
    """What is wrong with the record of ``page`` (its decoded text), each kind of fault once."""
    found = [*_without_evidence(record), *_outside(record), *_wrong_words(record)]
    found += [*map_faults(record.article, page), *_unmapped(record, page), *_not_explained(record)]
    return sorted(set(found))


def spans_of(record: Record) -> Iterator[tuple[str, Span]]:
    """Every span of a record that counts in the article's text, with the field it is in."""
    for event in record.events:
        yield "trigger", event.trigger
        yield from (("evidence", span) for span in event.evidence)
        if event.place is not None:
            yield "place", event.place.span
    for statement in record.statements:
        yield from (("cue", span) for span in statement.cue)
        yield from (("content", span) for span in statement.content)
        if statement.channel_span is not None:
            yield "channel", statement.channel_span
    yield from (("party", party.span) for party in parties_of(record))
    yield from (("position", p.content) for p in record.positions)
    yield from (("timeline", t.span) for t in record.timeline)
    yield from (("quantity", q.span) for q in record.quantities)
    yield from (("dropped", d.span) for d in record.dropped if d.span is not None)
    for told in [*record.events, *record.statements, *record.positions, *record.timeline]:
        if told.when is not None and told.when.span is not None:
            yield "when", told.when.span
    for discrepancy in record.discrepancies:
        for passage in discrepancy.passages:
            if passage.where == "text":
                yield "passage", passage.span


def parties_of(record: Record) -> Iterator[Party]:
    for event in record.events:
        yield from [*event.actors, *event.recipients]
    for statement in record.statements:
        yield from (p for p in (statement.speaker, statement.addressee) if p is not None)
    yield from (position.party for position in record.positions)


def _without_evidence(record: Record) -> Iterator[str]:
    if any(not event.evidence for event in record.events):
        yield "event without evidence"
    if any(not statement.content for statement in record.statements):
        yield "statement without content"
    statements = {statement.id for statement in record.statements}
    told = [*record.events, *record.positions]
    if any(x.statement is not None and x.statement not in statements for x in told):
        yield "a statement is named that is not there"
    actors = {actor.id for actor in record.actors}
    if any(p.actor is not None and p.actor not in actors for p in parties_of(record)):
        yield "an actor is named that is not there"


def _outside(record: Record) -> Iterator[str]:
    size = len(record.article.text)
    for field, (start, end) in spans_of(record):
        if not 0 <= start < end <= size:
            yield f"{field} outside the text"


def _wrong_words(record: Record) -> Iterator[str]:
    text = record.article.text
    parties = ((text[p.span[0] : p.span[1]], p.text) for p in parties_of(record))
    if any(there.split() != told.split() for there, told in parties):
        yield "party's text is not at its span"
    if any(text[q.span[0] : q.span[1]] != q.text for q in record.quantities):
        yield "quantity's text is not at its span"


def _not_explained(record: Record) -> Iterator[str]:
    problem = record.article.problem
    if problem is not None and not record.dropped:
        yield "no story and no reason"
    if problem is None and not record.article.text:
        yield "no text and no problem"
    if problem is not None and (record.events or record.statements or record.positions):
        yield "records of a page with a problem"


def map_faults(article: Article, page: str) -> Iterator[str]:
    """Faults of the segments: order, places, and whether the words there are the article's."""
    end = 0
    for segment in article.segments:
        if segment.start < end or not segment.start < segment.end <= len(article.text):
            yield "segments overlap or leave the text"
        if not 0 <= segment.page_start < segment.page_end <= len(page):
            yield "segment outside the page"
        ours = article.text[segment.start : segment.end]
        if not _same_words(ours, page[segment.page_start : segment.page_end]):
            yield "segment's words are not the page's"
        if article.text[end : segment.start].strip():
            yield "text without a place on the page"
        end = segment.end
    if article.segments and article.text[end:].strip():
        yield "text without a place on the page"
    places = [f.span for f in article.furniture] + [c.span for c in article.copies]
    places += [c.span for c in article.captions if c.span is not None]
    if any(not 0 <= a < b <= len(page) for a, b in places):
        yield "furniture outside the page"


def _same_words(ours: str, theirs: str) -> bool:
    """Whether a piece of text is what a reader sees at its place on the page. The space between two
    words may stand for markup."""
    if not ours.strip():
        return True
    if len(ours) == len(theirs):
        return ours == theirs or ours.split() == theirs.split()
    return ours.split() == shown_text(_TAG.sub(" ", theirs)).split()


def _unmapped(record: Record, page: str) -> Iterator[str]:
    text = record.article.text
    for field, span in spans_of(record):
        if not text[span[0] : span[1]].strip():
            yield f"{field} is blank"
        elif not record.article.page_spans(span):
            yield f"{field} has no place on the page"
