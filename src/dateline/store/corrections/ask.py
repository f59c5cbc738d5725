"""Asking a connection for rows by column name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dateline.store.corrections.targets import Ask
from dateline.store.model import Row

if TYPE_CHECKING:
    import duckdb


def asker(connection: duckdb.DuckDBPyConnection) -> Ask:
    """Asks ``connection``; each answer is taken whole."""

    def ask(sql: str, values: Mapping[str, Any]) -> list[Row]:
        found = connection.execute(sql, dict(values) or None)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return ask
