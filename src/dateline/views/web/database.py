"""The store as the explorer reads it: many requests at a time, each with a limit on its time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline.store.corpus import Row, connect
from dateline.store.corrections import Corrections, mark
from dateline.store.queries import ACT_LINES, Query
from dateline.store.schema import StoreError

if TYPE_CHECKING:
    import duckdb

# Rows fetched at a time by ``stream``.
_BATCH = 2000
# Answers kept per version of the store (``cached``).
_KEPT = 512

Stamp = tuple[int, ...]


class QueryTimeout(Exception):
    """A question took longer than the server allows."""


class Database:
    """A store, read only and as corrected, for any number of threads.

    A build puts a new file in the place of the old one, and a correction changes the file beside it.
    The next question after that waits until the questions under way have ended, closes the old file
    and opens the new one: DuckDB keeps showing a process the old file for as long as any connection
    to it is left.
    """

    def __init__(self, path: Path, seconds: float = 10.0) -> None:
        self.path = path
        self.seconds = seconds
        self._state = threading.Condition()
        self._closed = False
        self._busy: list[duckdb.DuckDBPyConnection] = []
        # The first question on a cursor takes longer than the others, so they are used again.
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._cache: dict[Any, Any] = {}
        self._stamp, self._connection = _open(path)

    @property
    def version(self) -> Stamp:
        """Changes whenever the store does."""
        return self._stamp

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a SELECT; ``values`` are its named parameters (``$name``). Raises QueryTimeout,
        and StoreError when the file has gone."""
        return list(self.stream(Query(sql, dict(values or {}))))

    def query(self, query: Query) -> list[Row]:
        """All rows of a query of ``dateline.store.queries``. Those of records, which have an ``id``,
        get ``corrected``: what of them people corrected, by field (``corrections.mark``)."""
        rows = list(self.stream(query))
        if rows and "id" in rows[0]:
            if self.is_corrected:
                mark(self.rows, rows)
            for row in rows:
                row.setdefault("corrected", {})
        return rows

    @property
    def is_corrected(self) -> bool:
        """Whether any correction is in force."""
        sql = "SELECT count(*) AS n FROM corrections"
        return bool(self.cached("corrections", lambda: self.rows(sql))[0]["n"])

    def one(self, sql: str, values: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of a SELECT, None when it has none."""
        return next(iter(self.rows(sql, values)), None)

    def stream(self, query: Query, *, seconds: float | None = None) -> Iterator[Row]:
        """Rows of a query one by one. The time limit (``seconds``, else the database's own) counts
        until the last row is taken, and the file is held till then: take them or close the iterator."""
        with self._cursor() as cursor, _limit(cursor, seconds or self.seconds):
            cursor.execute(query.sql, query.values or None)
            names = [column[0] for column in cursor.description or ()]
            while batch := cursor.fetchmany(_BATCH):
                yield from (dict(zip(names, row, strict=True)) for row in batch)

    def cached(self, key: Any, make: Callable[[], Any]) -> Any:
        """``make()``, or what it gave for ``key`` before, as long as the store is the same."""
        self._refresh()
        full = (self._stamp, key)
        if full in self._cache:
            return self._cache[full]
        value = make()
        with self._state:
            if len(self._cache) >= _KEPT:
                self._cache.clear()
            self._cache[full] = value
        return value

    def close(self) -> None:
        """Let go of the file; questions under way are interrupted."""
        with self._state:
            self._closed = True
            for cursor in self._busy:
                cursor.interrupt()
            if self._state.wait_for(lambda: not self._busy, timeout=self.seconds):
                self._close()
                # A thread that outlives the interpreter must not keep a connection with it.
                del self._connection

    def _close(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self._connection.close()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        self._refresh()
        with self._state:
            if self._closed:
                raise StoreError(f"{self.path} was closed")
            cursor = self._idle.pop() if self._idle else self._connection.cursor()
            self._busy.append(cursor)
        try:
            yield cursor
        finally:
            with self._state:
                self._busy.remove(cursor)
                self._idle.append(cursor)
                self._state.notify_all()

    def _refresh(self) -> None:
        """Open the file anew when a build has replaced it."""
        if stamp_of(self.path) == self._stamp:
            return
        with self._state:
            # Questions end within their time limit, so this does too.
            self._state.wait_for(lambda: not self._busy, timeout=2 * self.seconds)
            if not (self._busy or self._closed) and stamp_of(self.path) != self._stamp:
                self._close()
                self._stamp, self._connection = _open(self.path)
                self._cache.clear()


def stamp_of(path: Path) -> Stamp:
    """What tells one file at a path, and the corrections beside it, from the next. Raises StoreError
    when there is no file."""
    try:
        found = path.stat()
    except OSError as error:
        raise StoreError(
            f"expected a store made by `dateline build`; there is no file {path}: {error.strerror}"
        ) from None
    corrections = Corrections(path).stamp or ()
    return found.st_ino, found.st_mtime_ns, found.st_size, *corrections


def _open(path: Path) -> tuple[Stamp, duckdb.DuckDBPyConnection]:
    stamp = stamp_of(path)
    connection = connect(path)
    # The acts with what they are asked for by, joined once: a fifth of a second for 100,000 events,
    # which is what every page of acts would take.
    connection.execute("DROP VIEW act_lines")
    connection.execute(f"CREATE TABLE act_lines AS FROM ({ACT_LINES}) ORDER BY first, id")
    # Defence in depth: no statement reads another file, loads an extension or sees our variables.
    connection.execute("SET enable_external_access = false")
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET lock_configuration = true")
    return stamp, connection


@contextmanager
def _limit(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what the cursor does after ``seconds``."""
    import duckdb

    lock, state = threading.Lock(), {"done": False, "over": False}

    def stop() -> None:
        # Under the lock: by then the cursor may answer another question.
        with lock:
            if not state["done"]:
                state["over"] = True
                cursor.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.Error:
        if state["over"]:
            raise QueryTimeout(
                f"the question took longer than {seconds:g} seconds; ask for less at a time"
            ) from None
        raise
    finally:
        timer.cancel()
        with lock:
            state["done"] = True
