"""The file of corrections: SQLite, beside the store. A build puts a new store in the place of the old
one and leaves this file alone; ids in the store stay the same, so corrections find their records again.

Each use opens the file, and a change is one transaction of a rollback journal: any number of processes
may read and write, and between changes the corrections are this one file, to copy or keep safe.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateline.spans import Span
from dateline.store.corrections.fields import CorrectionError, Target, check_changes
from dateline.store.ids import hash_of
from dateline.store.schema import StoreError

# Seconds to wait for another process to end its change.
_WAIT = 10.0
_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS corrections (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- order in which they were made
    id TEXT NOT NULL UNIQUE,
    target_table TEXT NOT NULL,
    target TEXT NOT NULL,
    anchor TEXT NOT NULL,   -- of an act: the event that stood for it; else the target
    article TEXT NOT NULL,
    span_start INTEGER,
    span_end INTEGER,
    field TEXT NOT NULL,
    old TEXT NOT NULL,      -- JSON: the machine's value when it was made
    new TEXT NOT NULL,      -- JSON
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    made TEXT NOT NULL,     -- ISO 8601, UTC
    withdrawn TEXT,         -- when it was taken back; NULL while it is in force
    withdrawn_by TEXT
) STRICT
"""
_COLUMNS = (
    "id, target_table, target, anchor, article, span_start, span_end, field, old, new, reason,"
    " author, made, withdrawn, withdrawn_by"
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of one record, corrected by ``author`` at ``made`` (UTC). ``old`` is the machine's
    value at that time, ``new`` the person's. ``withdrawn`` is None while the correction is in force.
    Of several for one field the last holds."""

    id: str
    table: str
    target: str
    anchor: str
    article: str
    span: Span | None
    field: str
    old: Any
    new: Any
    reason: str
    author: str
    made: datetime
    withdrawn: datetime | None = None
    withdrawn_by: str | None = None


def corrections_path(store: Path) -> Path:
    """The file of the corrections of a store: 'corpus.corrections.sqlite' for 'corpus.duckdb'."""
    name = store.stem if store.suffix == ".duckdb" else store.name
    return store.with_name(f"{name}.corrections.sqlite")


class Corrections:
    """The corrections of the store at a path. The file is made with the first; reading does not need
    it. Methods raise StoreError when it cannot be used."""

    def __init__(self, store: Path) -> None:
        self.path = corrections_path(store)

    @property
    def stamp(self) -> tuple[int, int, int] | None:
        """Changes with every correction; None when there are none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def add(
        self,
        target: Target,
        changes: Mapping[str, Any],
        *,
        author: str,
        reason: str = "",
        now: datetime | None = None,
    ) -> list[Correction]:
        """Correct fields of a record (``FIELDS``), all or none; those that were new. ``now`` is the
        clock's unless given. Raises CorrectionError."""
        before = [c for c in self.of(target.table, target.anchor) if c.field == "type"]
        types = [c.new for c in before if c.withdrawn is None]
        checked = check_changes(target, changes, type=types[-1] if types else None)
        made = (now or datetime.now(UTC)).astimezone(UTC)
        who, why = _line("author", author, 80), _line("reason", reason, 500, empty=True)
        with self._connection(write=True) as connection:
            first = connection.execute("SELECT coalesce(max(number), 0) FROM corrections")
            number = int(first.fetchone()[0])
            found = [
                _correction(target, field, new, who, why, made, number + n)
                for n, (field, new) in enumerate(checked.items(), start=1)
            ]
            marks = ", ".join("?" * len(_COLUMNS.split(",")))
            connection.executemany(
                f"INSERT INTO corrections ({_COLUMNS}) VALUES ({marks})", map(_row, found)
            )
        return found

    def withdraw(self, id: str, *, author: str, now: datetime | None = None) -> Correction:
        """Take a correction back; it stays in the file. One already withdrawn stays as it is. Raises
        KeyError for an id that no correction has, CorrectionError without an author."""
        moment = (now or datetime.now(UTC)).astimezone(UTC).isoformat()
        who = _line("author", author, 80)
        if self.stamp is None:
            raise KeyError(id)
        with self._connection(write=True) as connection:
            connection.execute(
                "UPDATE corrections SET withdrawn = ?, withdrawn_by = ? "
                "WHERE id = ? AND withdrawn IS NULL",
                [moment, who, id],
            )
        return self.get(id)

    def get(self, id: str) -> Correction:
        """The correction with an id. Raises KeyError."""
        found = self._select("WHERE id = ?", [id])
        if not found:
            raise KeyError(id)
        return found[0]

    def all(self) -> list[Correction]:
        """Every correction, withdrawn ones too, in the order they were made."""
        return self._select()

    def in_force(self) -> list[Correction]:
        """The corrections that hold: of each field of each record the last that is not withdrawn."""
        found = self._select("WHERE withdrawn IS NULL")
        return list({(c.table, c.anchor, c.field): c for c in found}.values())

    def of(self, table: str, target: str) -> list[Correction]:
        """Every correction of a record, withdrawn ones too, in the order they were made."""
        return self._select("WHERE target_table = ? AND ? IN (target, anchor)", [table, target])

    def _select(self, where: str = "", values: Sequence[Any] = ()) -> list[Correction]:
        if self.stamp is None:
            return []
        with self._connection() as connection:
            # A file that another process is about to write its first correction to has no table.
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                return []
            query = f"SELECT {_COLUMNS} FROM corrections {where} ORDER BY number"
            return [_read(row) for row in connection.execute(query, list(values))]

    @contextmanager
    def _connection(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._open(write)) as connection:
                connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                if write:
                    _prepare(connection)
                yield connection
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"cannot use the corrections in {self.path}: {error}") from None

    def _open(self, write: bool) -> sqlite3.Connection:
        address = f"{self.path.absolute().as_uri()}?mode={'rwc' if write else 'ro'}"
        connection = sqlite3.connect(address, uri=True, timeout=_WAIT, isolation_level=None)
        try:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            if found > _VERSION:
                raise StoreError(
                    f"{self.path} is of version {found}; this dateline knows up to {_VERSION}."
                    " Use a newer dateline."
                )
        except BaseException:
            connection.close()
            raise
        return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute(_SCHEMA)
    connection.execute(f"PRAGMA user_version = {_VERSION}")


def _line(name: str, text: str, longest: int, *, empty: bool = False) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not line and not empty:
        raise CorrectionError(f"{name}: expected a name, found none")
    if len(line) > longest:
        raise CorrectionError(f"{name}: expected at most {longest} characters, found {len(line)}")
    return line


def _correction(
    target: Target, field: str, new: Any, who: str, why: str, made: datetime, number: int
) -> Correction:
    return Correction(
        id=hash_of("correction", target.table, target.id, field, made.isoformat(), str(number)),
        table=target.table,
        target=target.id,
        anchor=target.anchor,
        article=target.article,
        span=target.span,
        field=field,
        old=target.values.get(field),
        new=new,
        reason=why,
        author=who,
        made=made,
    )


def _row(c: Correction) -> tuple[Any, ...]:
    start, end = c.span or (None, None)
    return (
        c.id,
        c.table,
        c.target,
        c.anchor,
        c.article,
        start,
        end,
        c.field,
        json.dumps(c.old, ensure_ascii=False),
        json.dumps(c.new, ensure_ascii=False),
        c.reason,
        c.author,
        c.made.isoformat(),
        c.withdrawn.isoformat() if c.withdrawn else None,
        c.withdrawn_by,
    )


def _read(row: Sequence[Any]) -> Correction:
    return Correction(
        id=row[0],
        table=row[1],
        target=row[2],
        anchor=row[3],
        article=row[4],
        span=None if row[5] is None else (row[5], row[6]),
        field=row[7],
        old=json.loads(row[8]),
        new=json.loads(row[9]),
        reason=row[10],
        author=row[11],
        made=datetime.fromisoformat(row[12]),
        withdrawn=datetime.fromisoformat(row[13]) if row[13] else None,
        withdrawn_by=row[14],
    )
