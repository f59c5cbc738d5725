"""What nearly every visitor asks first, asked before they do."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

from dateline.store.filters import Filters
from dateline.views.web.actors import find_actors, page_of
from dateline.views.web.database import Database
from dateline.views.web.deps import Paging
from dateline.views.web.settings import Settings
from dateline.views.web.timeline import days_of, with_status
from dateline.views.web.word_index import word_index


def warm(db: Database, settings: Settings) -> Thread:
    """Begin to make, beside the server, what the first timeline, search and list of actors need and
    the store's cache keeps: a second's work for 100,000 events."""
    thread = Thread(target=_ask, args=(db, settings), daemon=True)
    thread.start()
    return thread


def _ask(db: Database, settings: Settings) -> None:
    # What goes wrong here goes wrong again, and is told, when somebody asks for it.
    with suppress(Exception):
        days_of(db, with_status(Filters()), "newest", Paging(1, settings.page_size, ()))
        word_index(db)
        find_actors(db, Filters(), page_of(Paging(1, settings.page_size, ())))
