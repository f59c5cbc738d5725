"""Read many pages and texts, and count what must never be.

``python benchmarks/sweep.py --pages DIR --texts FILE [--articles 30]``: DIR holds ``html/ID.html.gz``,
FILE one JSON object with ``text`` and ``date`` a line. Counts exceptions, records without evidence, and
spans outside the text; prints JSON and exits 1 when there is any.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import dateline
from dateline.evaluation.files import rows
from dateline.record.model import Record
from dateline.spans import Span


def spans_of(record: Record) -> Iterator[Span]:
    """Every span of a record that counts in the article's text."""
    for event in record.events:
        yield event.trigger
        yield from event.evidence
        yield from (p.span for p in [*event.actors, *event.recipients])
    for statement in record.statements:
        yield from [*statement.cue, *statement.content]
        yield from (p.span for p in (statement.speaker, statement.addressee) if p)
    yield from (p.content for p in record.positions)
    yield from (t.span for t in record.timeline)
    yield from (q.span for q in record.quantities)


def faults(record: Record) -> Iterator[str]:
    size = len(record.article.text)
    if any(not 0 <= a < b <= size for a, b in spans_of(record)):
        yield "span outside the text"
    if any(not e.evidence for e in record.events):
        yield "event without evidence"
    if any(not s.content for s in record.statements):
        yield "statement without content"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=30)
    args = parser.parse_args()
    sources = [(p.name, gzip.decompress(p.read_bytes()), None) for p in
               sorted((args.pages / "html").glob("*.gz"))]  # fmt: skip
    texts = islice(rows([args.texts]), args.articles)
    sources += [(row["id"], row["text"].encode(), row.get("date")) for row in texts]
    counts: Counter[str] = Counter()
    slowest = 0.0
    for name, page, published in sources:
        start = time.perf_counter()
        try:
            record = dateline.read(page, published=published)
        except Exception as error:
            counts[f"exception {type(error).__name__}"] += 1
            print(f"{name}: {error!r}", file=sys.stderr)
            continue
        slowest = max(slowest, time.perf_counter() - start)
        counts["read"] += 1
        counts["no story"] += record.article.problem is not None
        counts["events"] += len(record.events)
        counts["statements"] += len(record.statements)
        counts.update(faults(record))
    print(json.dumps({**counts, "slowest_seconds": round(slowest, 1)}, indent=1))
    allowed = {"read", "no story", "events", "statements"}
    sys.exit(bool(set(counts) - allowed))


if __name__ == "__main__":
    main()
