"""Asking a connection. Results are taken whole: DuckDB allows no other work on a connection while
rows of one are left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb


def fetch(
    connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    return connection.execute(query, list(values)).fetchall()


def first(
    connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[Any] = ()
) -> tuple[Any, ...] | None:
    """The first row of a query, None when there is none."""
    rows = fetch(connection, query, values)
    return rows[0] if rows else None
