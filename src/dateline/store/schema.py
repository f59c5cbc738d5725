"""Creating a store and bringing an older one up to date."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import duckdb
import pyarrow as pa

from dateline.store.sql import fetch, first

# Version -> the SQL that makes it from the version before. Never edit one that was released.
MIGRATIONS: Mapping[int, str] = {1: "schema.sql"}


class StoreError(Exception):
    """The store cannot be used; the message says what was expected, what was found, what to try."""


def migrate(connection: duckdb.DuckDBPyConnection, steps: Mapping[int, str] = MIGRATIONS) -> None:
    """Create the tables, or bring those of an older version up to date, in one transaction.

    Raises StoreError for a file that is no store or that a newer dateline made.
    """
    found = version(connection)
    check(found, max(steps))
    connection.begin()
    for number in sorted(n for n in steps if n > found):
        connection.execute(_script(steps[number]))
        connection.execute("DELETE FROM store WHERE key = 'schema'")
        connection.execute("INSERT INTO store VALUES ('schema', ?)", [str(number)])
    connection.commit()


def version(connection: duckdb.DuckDBPyConnection) -> int:
    """The schema version of a store; 0 for an empty database.

    Raises StoreError when the database holds other tables than a store's.
    """
    names = {row[0] for row in fetch(connection, "SHOW TABLES")}
    if not names:
        return 0
    if "store" not in names:
        raise StoreError(f"expected a dateline store; found a database with {_some(names)}")
    row = first(connection, "SELECT value FROM store WHERE key = 'schema'")
    return int(row[0]) if row else 0


def check(found: int, newest: int | None = None) -> None:
    """Raise StoreError when a store of version ``found`` is newer than this dateline."""
    newest = max(MIGRATIONS) if newest is None else newest
    if found > newest:
        raise StoreError(
            f"the store has schema version {found}; this dateline knows up to {newest}. "
            "Use the dateline that built it, or a newer one."
        )


def _script(name: str) -> str:
    return files("dateline.store").joinpath(name).read_text("utf-8")


def _some(names: set[str]) -> str:
    listed = sorted(names)
    more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
    return f"the tables {', '.join(listed[:3])}{more}"


@cache
def arrow_schemas() -> dict[str, pa.Schema]:
    """Arrow schema of each table, columns in the table's order."""
    with duckdb.connect() as connection:
        migrate(connection)
        names = [row[0] for row in fetch(connection, "SHOW TABLES")]
        return {
            name: connection.table(name).limit(0).to_arrow_table().schema for name in sorted(names)
        }
