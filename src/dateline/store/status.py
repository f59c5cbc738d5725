"""What a store holds and how its builds went."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dateline.store.lock import running_build
from dateline.store.schema import StoreError, check, version
from dateline.store.sql import fetch
from dateline.store.workspace import open_read_only, working_path

_COUNTED = ("stories", "acts", "events", "statements", "positions", "sources")
_RUNS = (
    "run",
    "started",
    "ended",
    "state",
    "arguments",
    "engine",
    "version",
    "pages",
    "articles",
    "failed",
    "seconds",
)


@dataclass(frozen=True, slots=True)
class FailedPage:
    """A page that could not be read: where it is, a code for why, and the same for people."""

    location: str
    part: str | None
    url: str | None
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Status:
    """The store as readers see it. ``pages`` counts by outcome, ``reasons`` the pages without an
    article by reason; ``running`` is what a build says of itself, None when there is none;
    ``interrupted`` tells that one was killed and the next will go on from where it was."""

    pages: dict[str, int]
    reasons: dict[str, int]
    rows: dict[str, int]
    runs: list[dict[str, Any]]
    failed: list[FailedPage]
    running: dict[str, Any] | None
    interrupted: bool


def read_status(store: Path, *, most_failed: int | None = None) -> Status:
    """The status of a store, with at most ``most_failed`` of the failed pages (None: all).

    Raises StoreError for a file that is missing or is no store.
    """
    running = running_build(store)
    with open_read_only(store) as connection:
        found = version(connection)
        check(found)
        if found == 0:
            raise StoreError(f"expected a dateline store; {store} is an empty database")
        return Status(
            pages=dict(_counts(connection, "outcome", "TRUE")),
            reasons=dict(_counts(connection, "reason", "outcome <> 'article'")),
            rows={t: fetch(connection, f"SELECT count(*) FROM {t}")[0][0] for t in _COUNTED},
            runs=[
                dict(zip(_RUNS, row, strict=True))
                for row in fetch(connection, f"SELECT {', '.join(_RUNS)} FROM runs ORDER BY run")
            ],
            failed=_failed(connection, most_failed),
            running=running,
            interrupted=running is None and working_path(store).exists(),
        )


def _counts(
    connection: duckdb.DuckDBPyConnection, column: str, condition: str
) -> list[tuple[Any, ...]]:
    return fetch(
        connection,
        f"SELECT {column}, count(*) AS n FROM pages WHERE {condition} GROUP BY ALL "
        f"ORDER BY n DESC, {column}",
    )


def _failed(connection: duckdb.DuckDBPyConnection, most: int | None) -> list[FailedPage]:
    limit = "" if most is None else f" LIMIT {most}"
    rows = fetch(
        connection,
        "SELECT location, part, url, reason, message FROM pages WHERE outcome = 'failed' "
        f"ORDER BY location, part{limit}",
    )
    return [FailedPage(*row) for row in rows]
