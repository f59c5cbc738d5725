"""Corrections as training examples: the words, what the machine read in them, what a person did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dateline.spans import Span
from dateline.store.corrections import Correction, Corrections, find_target
from dateline.store.corrections.resolve import resolve
from dateline.store.packing import unpack
from dateline.store.queries import Query

if TYPE_CHECKING:
    from dateline.store.corpus import Corpus, Row

_ARTICLES = """
SELECT d.id, d.url, d.headline, d.outlet, d.published, d.text, v.code, v.model, v.codebook
FROM machine.articles d LEFT JOIN machine.pages p ON p.id = d.id
LEFT JOIN machine.versions v ON v.id = p.version WHERE d.id IN (SELECT unnest($ids))"""
_PARTIES = """
SELECT p.role, p.text, p.span_start, p.span_end, a.name, a.country, a.sector
FROM machine.parties p LEFT JOIN machine.actors a ON a.article = p.article AND a.actor = p.actor
WHERE p.owner = $owner ORDER BY p.role, p.ordinal"""


def examples(corpus: Corpus) -> Iterator[Row]:
    """One object for each correction in force, in the order they were made (docs/corrections.md).
    A correction whose record the store does not have gives none."""

    def ask(sql: str, values: Mapping[str, Any]) -> list[Row]:
        return list(corpus.stream(Query(sql, dict(values))))

    found = resolve(ask, Corrections(corpus.path).in_force()).corrections
    articles = ask(_ARTICLES, {"ids": sorted({c.article for c in found})}) if found else []
    by_id = {row["id"]: row for row in articles}
    for correction in found:
        article = by_id[correction.article]
        parties = ask(_PARTIES, {"owner": correction.anchor})
        target = find_target(ask, correction.table, correction.target)
        if target is not None:
            yield _example(correction, article, parties, target.values)


def _example(
    c: Correction, article: Row, parties: Sequence[Row], values: Mapping[str, Any]
) -> dict[str, Any]:
    text = unpack(article["text"]) if article["text"] else None
    start, end = _paragraphs(text, c.span) if text is not None else (0, 0)
    span = None if c.span is None or text is None else [c.span[0] - start, c.span[1] - start]
    return {
        "id": c.id,
        "table": c.table,
        "field": c.field,
        "text": None if text is None else text[start:end],
        "span": span,
        "machine": values[c.field],
        "person": c.new,
        "record": dict(values),
        "parties": [_party(p, start) for p in parties],
        "target": c.target,
        "offset": start,
        "article": {k: article[k] for k in ("id", "url", "headline", "outlet", "published")},
        "version": {k: article[k] for k in ("code", "model", "codebook")},
        "author": c.author,
        "made": c.made.isoformat(),
        "reason": c.reason,
    }


def _party(party: Row, offset: int) -> dict[str, Any]:
    span = [party["span_start"] - offset, party["span_end"] - offset]
    named = {name: party[name] for name in ("role", "text", "name", "country", "sector")}
    return named | {"span": span}


def _paragraphs(text: str, span: Span | None) -> Span:
    """The paragraphs that hold a span; the whole text for None."""
    if span is None:
        return 0, len(text)
    start = text.rfind("\n\n", 0, span[0])
    end = text.find("\n\n", max(span[0], span[1] - 1))
    return (0 if start < 0 else start + 2), (len(text) if end < 0 else end)
