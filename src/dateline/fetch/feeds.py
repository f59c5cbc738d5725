"""Feeds (RSS, Atom, RDF): the pages they list."""

from __future__ import annotations

import calendar
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time

import feedparser  # type: ignore[import-untyped, unused-ignore]
import httpx

from dateline.fetch.client import Answer

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+xml"}
)
# The root element, after whatever declarations and comments stand before it.
_ROOT = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<(?:rss|feed|rdf:RDF)\b",
    re.DOTALL | re.IGNORECASE,
)
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """One page that a feed lists. ``published`` and ``updated`` are ISO 8601 in UTC, None when the
    feed gives none; ``title`` is '' when it gives none."""

    url: str
    title: str = ""
    published: str | None = None
    updated: str | None = None

    @property
    def stamp(self) -> str:
        """Changes when the feed says that the page has changed."""
        return self.updated or self.published or ""


def is_feed(answer: Answer) -> bool:
    """True when a server sent a feed: by its media type, or by its root element."""
    return answer.media_type in _FEED_TYPES or bool(_ROOT.match(answer.body[:_HEAD_BYTES]))


def entries(answer: Answer) -> list[Entry]:
    """The pages of a feed in its order, each once; entries without a link are passed over.

    A feed that breaks off gives the entries before the break.
    """
    # As a stream: feedparser would take a str for an address or a file name.
    headers = {"content-location": answer.url, **answer.headers}
    parsed = feedparser.parse(io.BytesIO(answer.body), response_headers=headers)
    found = [_entry(raw, answer.url) for raw in parsed.entries]
    return list({entry.url: entry for entry in reversed(found) if entry is not None}.values())[::-1]


def _entry(raw: dict[str, object], base: str) -> Entry | None:
    link = str(raw.get("link") or "").strip()
    if not link:
        return None
    try:
        url = str(httpx.URL(base).join(link))
    except (httpx.InvalidURL, ValueError):
        return None
    title = " ".join(str(raw.get("title") or "").split())
    return Entry(url, title, _moment(raw, "published_parsed"), _moment(raw, "updated_parsed"))


def _moment(raw: dict[str, object], key: str) -> str | None:
    # dict.get: feedparser's own answers a missing 'updated' with 'published' and warns about it.
    value = dict.get(raw, key)
    if not isinstance(value, struct_time):
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC).isoformat()
    except (ValueError, OverflowError, OSError):  # a year that no calendar has
        return None
