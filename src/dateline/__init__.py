"""dateline reads news reports and keeps the record: who said and did what to whom, about what, where
and when, each line pointing at the words it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateline.api import (
    attributions,
    event_type,
    events,
    extract,
    open,
    places,
    read,
    resolve_actor,
    times,
)
from dateline.version import __version__

if TYPE_CHECKING:
    from dateline.analysis.model import Attribution, Place, TimeExpression
    from dateline.article.model import Article
    from dateline.record.model import Actor, Event, Record
    from dateline.store.corpus import Corpus

__all__ = [
    "Actor",
    "Article",
    "Attribution",
    "Corpus",
    "Event",
    "Place",
    "Record",
    "TimeExpression",
    "__version__",
    "attributions",
    "event_type",
    "events",
    "extract",
    "open",
    "places",
    "read",
    "resolve_actor",
    "times",
]
