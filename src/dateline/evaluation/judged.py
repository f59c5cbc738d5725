"""Articles whose events were judged by reading, and how a judged event is stored.

The corpora, PolNeAR (JSON Lines) and GeoWebNews (XML), are not in this repository; a judgement is ids,
offsets and labels (see ``benchmarks/judged/README.md``).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateline.article.model import Article
from dateline.evaluation.files import rows
from dateline.record.model import Event
from dateline.spans import Span

# GeoWebNews was collected at Easter 2018; an article whose link names no day gets this one.
GEOWEBNEWS_DAY = "2018-04-01"
# GeoVirus says no day; its articles are of about this year.
WIKINEWS_DAY = "2009-05-01"
_LINK_DAY = re.compile(r"/(20\d\d)[/-](\d\d)[/-](\d\d)\b")


@dataclass(frozen=True, slots=True)
class Source:
    """One article: an id that is unique over the corpora, its text and its day (ISO)."""

    id: str
    text: str
    published: str

    @property
    def day(self) -> datetime:
        """The day as an article's ``published``."""
        return datetime.fromisoformat(self.published).replace(tzinfo=UTC)


def sources(paths: list[Path]) -> Iterator[Source]:
    """Articles of all files, in file order. Raises ValueError for a file that is neither."""
    for path in paths:
        yield from _geowebnews(path) if path.suffix == ".xml" else _lines(path)


def _lines(path: Path) -> Iterator[Source]:
    """PolNeAR, or the place corpora LGL and GeoVirus, whose ids are numbers and whose dates are moments
    or missing."""
    name = path.name.split(".")[0].split("-")[0]
    for row in rows([path]):
        key = f"{name}{row['id']}" if row["id"].isdigit() else row["id"]
        yield Source(key, row["text"], (row.get("date") or WIKINEWS_DAY)[:10])


def _geowebnews(path: Path) -> Iterator[Source]:
    for article in ElementTree.parse(path).getroot().iter("article"):
        found = _LINK_DAY.search(article.findtext("link") or "")
        day = "-".join(found.groups()) if found else GEOWEBNEWS_DAY
        yield Source(f"gwn{article.get('file')}", article.findtext("text") or "", day)


def article_row(article_id: str, article: Article, event: Event) -> dict[str, Any]:
    """What is stored of an event: ids, page offsets and labels."""

    def page(span: Span) -> list[int]:
        found = article.page_spans(span)
        return [found[0][0], found[-1][1]] if found else []

    return {
        "article": article_id,
        "trigger": page(event.trigger),
        "type": event.type,
        "status": event.status,
        "actors": [page(p.span) for p in event.actors],
        "recipients": [page(p.span) for p in event.recipients],
        "place": page(event.place.span) if event.place else None,
    }


def key_of(row: dict[str, Any]) -> tuple[object, ...]:
    """What two rows of one event have in common: every label, the parties in any order."""
    return (
        *row["trigger"], row["type"], row["status"],
        tuple(sorted(map(tuple, row["actors"]))), tuple(sorted(map(tuple, row["recipients"]))),
        tuple(row["place"] or ()),
    )  # fmt: skip
