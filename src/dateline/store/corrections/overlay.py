"""Corrections laid over a store: views with the names of its tables that show corrected rows.

The rows that corrections reach are made anew in memory, few beside those of the store; a view is the
table without them, and these. What was marked wrong is in neither.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from dateline.store.corrections.acts import ActRows
from dateline.store.corrections.ask import asker
from dateline.store.corrections.changes import changed_row, timeline_row
from dateline.store.corrections.file import Correction
from dateline.store.corrections.parties import PartyRows
from dateline.store.corrections.resolve import resolve
from dateline.store.model import Row
from dateline.store.sql import fetch
from dateline.store.writer import insert_arrow

# Table -> the columns that name the rows which do not show as the store has them.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "articles": ("id",),
    "events": ("id",),
    "acts": ("id",),
    "statements": ("id",),
    "positions": ("id",),
    "parties": ("owner", "role"),
    "timeline": ("article", "ordinal"),
    "actors": (),
}
_SIMPLE = ("articles", "statements", "positions")


def lay_over(connection: duckdb.DuckDBPyConnection, corrections: Sequence[Correction]) -> None:
    """Make the views in ``connection``, which has the store attached as ``machine``. ``corrections``
    are those in force; what they are about and the store does not have is passed over."""
    tables = fetch(
        connection, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'machine'"
    )
    made = _Overlay(connection, corrections) if corrections else None
    for (table,) in tables:
        if made is not None and (table in made.rows or table in made.gone):
            _replace(connection, table, made.gone.get(table, set()), made.rows.get(table, []))
        else:
            connection.execute(f'CREATE VIEW "{table}" AS FROM machine.main."{table}"')


def _replace(
    connection: duckdb.DuckDBPyConnection, table: str, gone: set[tuple[Any, ...]], rows: list[Row]
) -> None:
    """The view of a table without the rows of the keys ``gone`` and with ``rows``."""
    keys = _KEYS.get(table, ())
    schema = connection.sql(f"FROM machine.main.{table} LIMIT 0").to_arrow_table().schema
    connection.execute(f"CREATE TABLE fixed_{table} AS FROM machine.main.{table} LIMIT 0")
    insert_arrow(connection, f"fixed_{table}", pa.Table.from_pylist(rows, schema=schema))
    kept = ""
    if gone:
        named = ", ".join(keys)
        connection.execute(
            f"CREATE TABLE gone_{table} AS SELECT {named} FROM machine.main.{table} LIMIT 0"
        )
        columns = pa.schema([schema.field(key) for key in keys])
        listed = [dict(zip(keys, key, strict=True)) for key in sorted(gone)]
        insert_arrow(connection, f"gone_{table}", pa.Table.from_pylist(listed, schema=columns))
        kept = f"ANTI JOIN gone_{table} USING ({named})"
    connection.execute(
        f"CREATE VIEW {table} AS SELECT t.* FROM machine.main.{table} t {kept}"
        f" UNION ALL FROM fixed_{table}"
    )


class _Overlay:
    """``rows`` to add and keys that are ``gone``, by table."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, corrections: Sequence[Correction]
    ) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.gone: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
        self._ask = asker(connection)
        self._found = resolve(self._ask, corrections)
        self._parties = PartyRows(self._ask, self._found)
        for table in _SIMPLE:
            self._change(table, self._found.by_target(table))
        self._events()
        self._take(self._parties.rows())
        self.gone["parties"] = self._parties.gone
        self.rows["corrections"] = [_as_row(c) for c in self._found.corrections]

    def _change(self, table: str, fixes: Mapping[str, Mapping[str, Any]]) -> list[Row]:
        """Make the rows of a table anew that have corrections; those that are left."""
        query = f"SELECT * FROM machine.{table} WHERE id IN (SELECT unnest($ids))"
        left = []
        for row in self._ask(query, {"ids": sorted(fixes)}):
            changes = fixes[row["id"]]
            self.gone[table].add((row["id"],))
            if not changes.get("wrong"):
                left.append(changed_row(table, row, changes, self._found.places))
        self.rows[table] += left
        return left

    def _events(self) -> None:
        """Events, then what depends on them: entries of timelines, and acts."""
        fixes = self._found.events
        events = {row["id"]: row for row in self._change("events", fixes)}
        wrong = {id for id, changes in fixes.items() if changes.get("wrong")}
        self._timeline(events, wrong)
        acts = ActRows(self._ask, self._found, events, wrong, self._parties)
        self.gone["acts"] = {(id,) for id in acts.touched}
        self.rows["acts"] = acts.rows()

    def _timeline(self, events: Mapping[str, Row], wrong: Iterable[str]) -> None:
        query = "SELECT * FROM machine.timeline WHERE event IN (SELECT unnest($ids))"
        for row in self._ask(query, {"ids": sorted({*events, *wrong})}):
            self.gone["timeline"].add((row["article"], row["ordinal"]))
            if row["event"] in events:
                self.rows["timeline"].append(timeline_row(row, events[row["event"]]))

    def _take(self, rows: Mapping[str, list[Row]]) -> None:
        for table, listed in rows.items():
            self.rows[table] += listed


def _as_row(c: Correction) -> Row:
    """The row of a correction in the store's reserved table."""
    return {
        "id": c.id,
        "target_table": c.table,
        "target": c.target,
        "field": c.field,
        "old": json.dumps(c.old, ensure_ascii=False),
        "new": json.dumps(c.new, ensure_ascii=False),
        "reason": c.reason,
        "author": c.author,
        "made": c.made,
    }

