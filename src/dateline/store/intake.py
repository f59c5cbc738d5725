"""The new pages of the inputs: those that the store does not have yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import duckdb

from dateline.store.inputs import Meter, Options, find_files, read_inputs
from dateline.store.model import InputDone, RawPage
from dateline.store.sql import fetch, first

# Pages whose ids are looked up in the store together.
_LOOK_UP = 64

Connect = Callable[[], duckdb.DuckDBPyConnection]


class Intake:
    """Pages of ``inputs`` that are not in the store, each once. ``connect`` gives a connection that
    sees all that is committed; with ``again`` pages that failed before count as new."""

    def __init__(
        self, inputs: Sequence[str], options: Options, connect: Connect, *, again: bool
    ) -> None:
        self.meter = Meter()
        self.known = 0  # pages that the store had
        self._items = read_inputs(find_files(inputs), options, self._is_read, self.meter)
        self._connect = connect
        self._again = again
        self._given = 0
        self._open: set[str] = set()  # given and not committed
        self._ends: deque[tuple[int, InputDone]] = deque()

    def pages(self) -> Iterator[RawPage]:
        """The new pages, in the order of the inputs."""
        while items := list(islice(self._items, _LOOK_UP)):
            known = self._committed([i.id for i in items if isinstance(i, RawPage)])
            for item in items:
                if isinstance(item, InputDone):
                    self._ends.append((self._given, item))
                elif item.id in known or item.id in self._open:
                    self.known += 1
                else:
                    self._open.add(item.id)
                    self._given += 1
                    yield item

    def finished(self, returned: int) -> list[InputDone]:
        """Inputs all of whose pages are among the first ``returned`` that were given."""
        done = []
        while self._ends and self._ends[0][0] <= returned:
            done.append(self._ends.popleft()[1])
        return done

    def commit(self, pages: list[str]) -> None:
        """Take note that pages are in the store."""
        self._open.difference_update(pages)

    def _committed(self, pages: list[str]) -> set[str]:
        fine = " AND outcome <> 'failed'" if self._again else ""
        query = f"SELECT id FROM pages WHERE id IN (SELECT unnest(?)){fine}"
        return {row[0] for row in fetch(self._connect(), query, [pages])}

    def _is_read(self, location: str, size: int, modified: int, settings: str) -> bool:
        """Whether a file was read to its end before and has not changed since."""
        if self._again:
            return False
        query = (
            "SELECT 1 FROM inputs WHERE location = ? AND size = ? AND modified = ? AND settings = ?"
        )
        return first(self._connect(), query, [location, size, modified, settings]) is not None
