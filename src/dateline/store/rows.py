"""A page and its record as rows of the store's tables. ``schema.sql`` says what the columns are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from dateline.analysis.model import Analysis
from dateline.page.model import Page
from dateline.record.model import (
    Event,
    Party,
    PlaceMention,
    Position,
    Record,
    Statement,
    Version,
    When,
)
from dateline.spans import Span
from dateline.store.copies import Printing, printing, signature
from dateline.store.ids import Ids, content_hash, hash_of, span_key
from dateline.store.merge import reports_of
from dateline.store.model import Outcome, PageResult, RawPage, Row, Rows
from dateline.store.packing import pack
from dateline.store.reports import report_row
from dateline.store.sources import source_of

_WORD = re.compile(r"\w+")
# Stands between the pieces of a discontinuous span.
_GAP = " … "
_DAY = len("2025-02-12")


class RecordRows:
    """Rows of one article. ``keep_text`` False leaves out every column with words of the article."""

    def __init__(self, article_id: str, record: Record, keep_text: bool) -> None:
        self.id = article_id
        self.record = record
        self.keep_text = keep_text
        self.text = record.article.text
        self.ids = Ids(article_id)
        self.statement_ids = {s.id: self._statement_id(s) for s in record.statements}
        self.event_ids = {e.id: self._event_id(e) for e in record.events}
        self.position_ids = {p.id: self._position_id(p) for p in record.positions}

    def all(self, analysis: Analysis) -> Rows:
        """Rows of every table but ``pages`` and ``dropped``."""
        record, article = self.record, self.record.article
        return {
            "articles": [self._article()],
            "records": self._record_rows(),
            "signatures": [self._signature()],
            "printings": [self._printing()],
            "reports": self._reports(),
            "actors": [{"article": self.id, "actor": a.id, **_actor(a)} for a in record.actors],
            "parties": self._party_rows(),
            "statements": [self._statement(s) for s in record.statements],
            "events": [self._event(e) for e in record.events],
            "positions": [self._position(p) for p in record.positions],
            "places": self._places(analysis),
            "times": self._times(analysis),
            "timeline": self._timeline(),
            "quantities": self._quantities(),
            "discrepancies": self._discrepancies(),
            "furniture": [
                {"article": self.id, "kind": f.kind, **_span("page", f.span)}
                for f in article.furniture
            ],
            "copies": [
                {"article": self.id, "share": c.share, **_span("page", c.span)}
                for c in article.copies
            ],
        }

    def _words(self, text: str | None) -> str | None:
        return text if self.keep_text else None

    def _at(self, spans: Iterable[Span]) -> str | None:
        """The words at spans."""
        return self._words(_GAP.join(self.text[start:end] for start, end in spans))

    # Ids

    def _statement_id(self, s: Statement) -> str:
        speaker = s.speaker.span if s.speaker else None
        return self.ids.new("statement", span_key(*s.content), span_key(speaker))

    def _event_id(self, e: Event) -> str:
        parties = (span_key(*(p.span for p in part)) for part in (e.actors, e.recipients))
        return self.ids.new("event", e.type, span_key(e.trigger), *parties)

    def _position_id(self, p: Position) -> str:
        spans = span_key(p.content), span_key(p.party.span)
        return self.ids.new("position", p.issue, p.stance, *spans)

    # Tables

    def _article(self) -> Row:
        a = self.record.article
        source = source_of(a.url, a.outlet)
        return {
            "id": self.id,
            "record_id": a.id,
            "url": a.url,
            "headline": a.headline,
            "standfirst": self._words(a.standfirst),
            "bylines": a.bylines,
            "published": a.published,
            "published_granularity": a.published_granularity,
            "agency": a.agency,
            "outlet": a.outlet,
            "source": source[0] if source else None,
            "section": a.section,
            "datelines": a.datelines,
            "language": a.language,
            "characters": len(a.text),
            "words": len(_WORD.findall(a.text)),
            "text_hash": content_hash(a.text),
            "text": pack(a.text) if self.keep_text else None,
        }

    def _record_rows(self) -> list[Row]:
        """The record without its text, which ``articles`` holds; none when no words are kept."""
        if not self.keep_text:
            return []
        bare = self.record.model_copy(
            update={"article": self.record.article.model_copy(update={"text": ""})}
        )
        return [{"article": self.id, "record": pack(bare.model_dump_json(exclude_defaults=True))}]

    def _signature(self) -> Row:
        found = signature(self.text)
        return {"article": self.id, "digest": found.digest, "signature": found.to_bytes()}

    def _printing(self) -> Row:
        found = self._as_source()
        quotes = list(found.quotes)
        return {
            "article": self.id,
            "outlet": found.outlet,
            "agency": found.agency,
            "quotes": quotes,
        }

    def _as_source(self) -> Printing:
        a = self.record.article
        source = source_of(a.url, a.outlet)
        return printing(a, id=self.id, story="", outlet=source[0] if source else None)

    def _reports(self) -> list[Row]:
        found = reports_of(self.record, self._as_source(), self.event_ids.__getitem__)
        return [report_row(report, keep_text=self.keep_text) for report in found]

    def _party_rows(self) -> list[Row]:
        rows: list[Row] = []
        for s in self.record.statements:
            rows += self._parties(self.statement_ids[s.id], "speaker", _some(s.speaker))
            rows += self._parties(self.statement_ids[s.id], "addressee", _some(s.addressee))
        for e in self.record.events:
            rows += self._parties(self.event_ids[e.id], "actor", e.actors)
            rows += self._parties(self.event_ids[e.id], "recipient", e.recipients)
        for p in self.record.positions:
            rows += self._parties(self.position_ids[p.id], "party", [p.party])
        return rows

    def _parties(self, owner: str, role: str, parties: Sequence[Party]) -> list[Row]:
        return [
            {
                "article": self.id,
                "owner": owner,
                "role": role,
                "ordinal": number,
                "actor": party.actor,
                **_span("span", party.span),
                "text": self._words(party.text),
            }
            for number, party in enumerate(parties)
        ]

    def _statement(self, s: Statement) -> Row:
        return {
            "id": self.statement_ids[s.id],
            "article": self.id,
            "local_id": s.id,
            "kind": s.kind,
            "cue_spans": s.cue,
            "content_spans": s.content,
            "content": self._at(s.content),
            "channel": self._words(s.channel),
            **_span("channel", s.channel_span),
            **_when(s.when),
            "confidence": s.confidence,
        }

    def _event(self, e: Event) -> Row:
        return {
            "id": self.event_ids[e.id],
            "article": self.id,
            "local_id": e.id,
            "type": e.type,
            "mode": e.mode,
            "contexts": e.contexts,
            "cameo": e.cameo,
            "quad": e.quad,
            "intensity": e.intensity,
            "status": e.status,
            "statement": self.statement_ids.get(e.statement) if e.statement else None,
            "confidence": e.confidence,
            **_span("trigger", e.trigger),
            "trigger": self._at([e.trigger]),
            "evidence_spans": e.evidence,
            "evidence": self._at(e.evidence),
            **_place(e.place),
            **_when(e.when),
            **_days(e.when),
        }

    def _position(self, p: Position) -> Row:
        return {
            "id": self.position_ids[p.id],
            "article": self.id,
            "local_id": p.id,
            "issue": p.issue,
            "stance": p.stance,
            **_span("content", p.content),
            "content": self._at([p.content]),
            "statement": self.statement_ids.get(p.statement) if p.statement else None,
            "via": p.via,
            **_when(p.when),
            **_days(p.when),
            "confidence": p.confidence,
        }

    def _places(self, analysis: Analysis) -> list[Row]:
        return [
            {
                "id": self.ids.new("place", span_key(p.span)),
                "article": self.id,
                **_span("span", p.span),
                "name": p.name,
                "kind": p.kind,
                "lat": p.lat,
                "lon": p.lon,
                "country": p.country,
                "geonameid": p.geonameid,
                "confidence": p.confidence,
            }
            for p in analysis.places
        ]

    def _times(self, analysis: Analysis) -> list[Row]:
        return [
            {
                "id": self.ids.new("time", span_key(t.span)),
                "article": self.id,
                **_span("span", t.span),
                "text": self._words(t.text),
                "type": t.type,
                "value": t.value,
                "first_day": t.start,
                "last_day": t.end,
                "modifier": t.mod,
                "anchored": t.anchored,
            }
            for t in analysis.times
        ]

    def _timeline(self) -> list[Row]:
        rows = []
        for number, entry in enumerate(self.record.timeline):
            when = {k: v for k, v in _when(entry.when).items() if "span" not in k}
            rows.append(
                {
                    "article": self.id,
                    "ordinal": number,
                    **when,
                    **_span("span", entry.span),
                    "text": self._words(entry.text),
                    "event": self.event_ids.get(entry.event) if entry.event else None,
                    "background": entry.background,
                }
            )
        return rows

    def _quantities(self) -> list[Row]:
        return [
            {
                "article": self.id,
                "ordinal": number,
                **_span("span", q.span),
                "text": self._words(q.text),
                "value": q.value,
                "unit": q.unit,
                "bound": q.bound,
            }
            for number, q in enumerate(self.record.quantities)
        ]

    def _discrepancies(self) -> list[Row]:
        return [
            {
                "article": self.id,
                "ordinal": number,
                "passage": side,
                "kind": found.kind,
                "summary": self._words(found.summary),
                "where_told": passage.where,
                **_span("span", passage.span),
                "text": self._words(passage.text),
            }
            for number, found in enumerate(self.record.discrepancies)
            for side, passage in enumerate(found.passages)
        ]


def page_result(
    raw: RawPage, page: Page, record: Record, analysis: Analysis | None, keep_text: bool
) -> PageResult:
    """Rows of a page that was read. ``analysis`` is None when it holds no story."""
    problem = record.article.problem
    outcome: Outcome = "article" if analysis is not None else "no_story"
    row = page_row(raw, outcome, version_id(record.version))
    row |= {"kind": page.kind, "encoding": page.encoding}
    if keep_text and page.problem is None:
        row["text"] = pack(page.text)
    if problem is not None:
        row |= {"reason": problem.code, "message": problem.message}
    rows: Rows = {"pages": [row], "versions": [version_row(record.version)]}
    rows["dropped"] = [
        _dropped(raw.id, number, d.stage, d.reason, d.message, d.span)
        for number, d in enumerate(record.dropped)
    ]
    if analysis is not None:
        rows |= RecordRows(raw.id, record, keep_text).all(analysis)
        source = source_of(record.article.url, record.article.outlet)
        if source is not None:
            rows["sources"] = [{"id": source[0], "name": source[1], "articles": 1}]
    return PageResult(raw.id, outcome, rows)


def failed_result(
    raw: RawPage, reason: str, message: str, version: Version, attempts: int = 1
) -> PageResult:
    """Rows of a page that could not be read: why."""
    row = page_row(raw, "failed", version_id(version))
    row |= {"reason": reason, "message": message, "attempts": attempts}
    dropped = _dropped(raw.id, 0, "page", reason, message, None)
    rows: Rows = {"pages": [row], "versions": [version_row(version)], "dropped": [dropped]}
    return PageResult(raw.id, "failed", rows)


def page_row(raw: RawPage, outcome: Outcome, version: str) -> Row:
    """What is known of a page before it is read."""
    return {
        "id": raw.id,
        "url": raw.url,
        "location": raw.location,
        "part": raw.part,
        "content_hash": raw.hash,
        "size": raw.size,
        "outcome": outcome,
        "attempts": 1,
        "version": version,
    }


def version_id(version: Version) -> str:
    return hash_of(version.code, version.model, version.codebook, version.schema_version)


def version_row(version: Version) -> Row:
    return {
        "id": version_id(version),
        "code": version.code,
        "model": version.model,
        "codebook": version.codebook,
        "record_schema": version.schema_version,
    }


def _dropped(
    page: str, number: int, stage: str, reason: str, message: str, span: Span | None
) -> Row:
    row = {"page": page, "ordinal": number, "stage": stage, "reason": reason, "message": message}
    return row | _span("span", span)


def _some(party: Party | None) -> list[Party]:
    return [] if party is None else [party]


def _actor(actor: Any) -> Row:
    row: Row = actor.model_dump(exclude={"id"})
    return row


def _span(name: str, span: Span | None) -> Row:
    start, end = span if span is not None else (None, None)
    return {f"{name}_start": start, f"{name}_end": end}


def _place(place: PlaceMention | None) -> Row:
    if place is None:
        return {}
    return {
        "place_name": place.name,
        **_span("place", place.span),
        "lat": place.lat,
        "lon": place.lon,
        "place_country": place.country,
        "geonameid": place.geonameid,
    }


def _when(when: When | None) -> Row:
    if when is None:
        return {}
    return {
        "when_start": when.start,
        "when_end": when.end,
        "when_granularity": when.granularity,
        "when_basis": when.basis,
        **_span("when_span", when.span),
    }


def _days(when: When | None) -> Row:
    if when is None:
        return {}
    return {"first_day": first_day(when.start), "last_day": last_day(when.end)}


def first_day(iso: str) -> date | None:
    """The first day of an ISO date of any granularity; None when it is none of the calendar."""
    padded = iso[:_DAY] + "-01-01"[len(iso[:_DAY]) - 4 :] if 4 <= len(iso) < _DAY else iso[:_DAY]
    try:
        return date.fromisoformat(padded)
    except ValueError:
        return None


def last_day(iso: str) -> date | None:
    """The last day of an ISO date of any granularity; None when it is none of the calendar."""
    first = first_day(iso)
    if first is None or len(iso) >= _DAY:
        return first
    if len(iso) == len("2025"):
        return date(first.year, 12, 31)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)
