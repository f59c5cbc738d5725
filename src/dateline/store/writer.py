"""Writing to the store: each batch of pages in one transaction with the mark that they are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain

import duckdb
import pyarrow as pa

from dateline.store.model import InputDone, PageResult, Row, Rows
from dateline.store.schema import arrow_schemas
from dateline.store.sql import fetch, first

# Whether stories and acts take every committed article into account.
_ACROSS = "across"
# Tables with one row for many pages.
_SHARED = ("versions", "sources")


class Writer:
    """Writes the batches of one run. ``connection`` is the working copy's; with ``again`` pages may
    be in it that failed before."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, run: int, *, again: bool) -> None:
        self._connection = connection
        self._run = run
        self._again = again

    def write(self, results: Sequence[PageResult], inputs: Sequence[InputDone]) -> None:
        """Commit pages and finished inputs: all of them or, if anything fails, none."""
        rows = _by_table(results)
        self.write_tables(
            {table: to_arrow(table, listed) for table, listed in rows.items()}, inputs
        )

    def write_tables(self, tables: Mapping[str, pa.Table], inputs: Sequence[InputDone]) -> None:
        """The same for rows that come as Arrow tables."""
        connection = self._connection
        pages = tables.get("pages")
        connection.begin()
        try:
            if self._again and pages is not None:
                _delete_pages(connection, pages["id"].to_pylist())
            for table, rows in tables.items():
                if table not in _SHARED:
                    insert_arrow(connection, table, rows)
            _add_versions(connection, _listed(tables.get("versions")))
            _add_sources(connection, _listed(tables.get("sources")))
            _note_inputs(connection, inputs)
            if pages is not None:
                set_across(connection, done=False)
                self._count(pages["outcome"].to_pylist())
            connection.commit()
        except BaseException:
            roll_back(connection)
            raise

    def _count(self, outcomes: Sequence[str]) -> None:
        self._connection.execute(
            "UPDATE runs SET pages = pages + ?, articles = articles + ?, failed = failed + ?, "
            "seconds = epoch(?::TIMESTAMPTZ - started) WHERE run = ?",
            [
                len(outcomes),
                outcomes.count("article"),
                outcomes.count("failed"),
                datetime.now(UTC),
                self._run,
            ],
        )


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Append rows (column -> value; what is left out is NULL) to a table."""
    if rows:
        insert_arrow(connection, table, to_arrow(table, rows))


def insert_arrow(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Append an Arrow table with the columns of ``table`` to it."""
    connection.register("new_rows", rows)
    try:
        connection.execute(f"INSERT INTO {table} SELECT * FROM new_rows")
    finally:
        with suppress(duckdb.Error):  # not possible after an error, and then of no importance
            connection.unregister("new_rows")


def to_arrow(table: str, rows: Sequence[Row]) -> pa.Table:
    """Rows as an Arrow table with the columns of ``table``."""
    return pa.Table.from_pylist(list(rows), schema=arrow_schemas()[table])


def begin_run(
    connection: duckdb.DuckDBPyConnection, arguments: str, engine: str, version: str
) -> int:
    """Note that a run has begun, and that one that never ended was interrupted; its number."""
    connection.execute("UPDATE runs SET state = 'interrupted' WHERE state = 'running'")
    run = int(fetch(connection, "SELECT coalesce(max(run), 0) + 1 FROM runs")[0][0])
    connection.execute(
        "INSERT INTO runs VALUES (?, ?, NULL, 'running', ?, ?, ?, 0, 0, 0, 0)",
        [run, datetime.now(UTC), arguments, engine, version],
    )
    return run


def end_run(connection: duckdb.DuckDBPyConnection, run: int, state: str) -> None:
    """Note how a run ended: done, interrupted or failed."""
    now = datetime.now(UTC)
    connection.execute(
        "UPDATE runs SET ended = ?, state = ?, seconds = epoch(?::TIMESTAMPTZ - started) "
        "WHERE run = ?",
        [now, state, now, run],
    )


def set_across(connection: duckdb.DuckDBPyConnection, *, done: bool) -> None:
    """Note whether stories and acts take every committed article into account."""
    connection.execute("DELETE FROM store WHERE key = ?", [_ACROSS])
    connection.execute("INSERT INTO store VALUES (?, ?)", [_ACROSS, "done" if done else "open"])


def is_across_done(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether stories and acts take every committed article into account."""
    row = first(connection, "SELECT value FROM store WHERE key = ?", [_ACROSS])
    return row is None or row[0] == "done"


def _by_table(results: Iterable[PageResult]) -> Rows:
    rows: Rows = {}
    for table, listed in chain.from_iterable(result.rows.items() for result in results):
        rows.setdefault(table, []).extend(listed)
    return rows


def _listed(table: pa.Table | None) -> list[Row]:
    return [] if table is None else table.to_pylist()


def _delete_pages(connection: duckdb.DuckDBPyConnection, pages: Sequence[str]) -> None:
    """Remove pages that failed before and are read again: they have rows in two tables only."""
    for table, column in (("pages", "id"), ("dropped", "page")):
        connection.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT unnest(?))", [pages])


def _add_versions(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    for row in {row["id"]: row for row in rows}.values():
        if first(connection, "SELECT 1 FROM versions WHERE id = ?", [row["id"]]) is None:
            insert(connection, "versions", [row])


def _add_sources(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Count articles of outlets; the name is the one met first."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["id"]] += row["articles"]
    for source, count in counts.items():
        update = "UPDATE sources SET articles = articles + ? WHERE id = ? RETURNING id"
        if first(connection, update, [count, source]) is None:
            row = next(row for row in rows if row["id"] == source)
            insert(connection, "sources", [row | {"articles": count}])


def _note_inputs(connection: duckdb.DuckDBPyConnection, inputs: Sequence[InputDone]) -> None:
    for done in inputs:
        connection.execute("DELETE FROM inputs WHERE location = ?", [done.location])
        connection.execute(
            "INSERT INTO inputs VALUES (?, ?, ?, ?, ?, ?)",
            [done.location, done.size, done.modified, done.settings, done.pages, done.skipped],
        )


def roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    """Give up a transaction, whatever state it is in."""
    with suppress(duckdb.Error):  # the disk is gone, or the transaction with it
        connection.rollback()
