"""Fetching feeds and pages into a folder."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from dateline.fetch import feeds
from dateline.fetch.client import TRANSIENT, Answer, Client, ReasonCode, Refused, checked_url
from dateline.fetch.folder import PageFolder, Wanted
from dateline.fetch.pace import Pace, host_of
from dateline.fetch.robots import Robots

DELAY = 1.0  # seconds between two requests to one host, where its robots.txt asks for no more
# A server that asks us to come back within this many seconds is asked once more in the same run.
_MAX_RETRY_AFTER = 60.0
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})

Outcome = Literal["saved", "unchanged", "feed", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one address. ``name`` is the file of a saved page; ``reason`` and ``message``
    are set when it was refused (it will not be asked for again) or failed (it will)."""

    url: str
    outcome: Outcome
    name: str | None = None
    reason: ReasonCode | None = None
    message: str = ""


class Fetcher:
    """Fetches one address at a time, turning to another host while one has to be left alone."""

    def __init__(
        self,
        folder: PageFolder,
        client: Client,
        *,
        pace: Pace | None = None,
        limit: int | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``limit`` is the most pages taken from one feed in this run, None for all."""
        self._folder = folder
        self._client = client
        self._pace = pace or Pace(DELAY)
        self._robots = Robots(client, self._pace.wait)
        self._limit = limit
        self._now = now
        self._queues: dict[str, deque[Wanted]] = {}
        self._queued: set[str] = set()
        self._deferred: set[str] = set()

    def fetch(self, addresses: Iterable[str]) -> Iterator[Fetched]:
        """Fetch feeds and pages, and the pages that the feeds list. Yields one result for each
        address, in the order they were had. Never raises on what a server does; raises OSError or
        sqlite3.Error when the folder cannot be written."""
        for address in addresses:
            try:
                self._queue(Wanted(checked_url(address)))
            except Refused as error:
                yield Fetched(address, "refused", reason=error.code, message=str(error))
        while wanted := self._next():
            result = self._one(wanted)
            if result is not None:
                yield result

    def _queue(self, wanted: Wanted) -> None:
        if wanted.url not in self._queued:
            self._queued.add(wanted.url)
            self._queues.setdefault(host_of(wanted.url), deque()).append(wanted)

    def _next(self) -> Wanted | None:
        """The next address of the host that may be asked soonest; None when none is left."""
        hosts = [host for host, queue in self._queues.items() if queue]
        return self._queues[min(hosts, key=self._pace.ready)].popleft() if hosts else None

    def _one(self, wanted: Wanted) -> Fetched | None:
        """The result for one address; None when it was put back to be asked again later."""
        known = self._folder.validators(wanted.url)
        try:
            answer = self._client.get(wanted.url, validators=known, before=self._before)
            return self._keep(wanted, answer)
        except Refused as error:
            return self._not_had(wanted, error)

    def _before(self, url: str) -> None:
        self._robots.check(url)
        self._pace.wait(url, self._robots.delay(url))

    def _keep(self, wanted: Wanted, answer: Answer) -> Fetched:
        if answer.status == 304:
            self._folder.unchanged(wanted)
            self._queue_pending(wanted.url)
            return Fetched(wanted.url, "unchanged")
        if wanted.entry is None and feeds.is_feed(answer):
            self._folder.save_feed(wanted.url, answer, feeds.entries(answer))
            self._queue_pending(wanted.url)
            return Fetched(wanted.url, "feed")
        if answer.media_type not in _PAGE_TYPES:
            raise Refused("not_a_page", f"not a page but {answer.media_type[:80]}")
        path, new = self._folder.save_page(wanted, answer, self._now())
        return Fetched(wanted.url, "saved" if new else "unchanged", path.name)

    def _queue_pending(self, feed: str) -> None:
        for wanted in self._folder.pending(feed)[: self._limit]:
            self._queue(wanted)

    def _not_had(self, wanted: Wanted, error: Refused) -> Fetched | None:
        """Put an address back when its server asks for a little patience; note it otherwise."""
        pause = error.retry_after
        if pause is not None and pause <= _MAX_RETRY_AFTER and wanted.url not in self._deferred:
            self._deferred.add(wanted.url)
            self._pace.put_off(wanted.url, pause)
            self._queues[host_of(wanted.url)].append(wanted)
            return None
        transient = error.code in TRANSIENT
        if transient:
            self._folder.try_again(wanted)
        else:
            self._folder.give_up(wanted)
        outcome: Outcome = "failed" if transient else "refused"
        return Fetched(wanted.url, outcome, reason=error.code, message=str(error))
