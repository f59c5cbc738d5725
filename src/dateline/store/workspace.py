"""The files of a store while it is built.

DuckDB lets one process write a file or many read it, never both. So a build writes to a working copy
beside the store (``corpus.duckdb.building``) and now and then puts a finished copy in the store's
place by renaming: readers open the store at any moment and keep what they opened. A build that was
killed leaves its working copy, from which the next one goes on.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import duckdb

from dateline.store.lock import BuildLock
from dateline.store.schema import MIGRATIONS, StoreError, check, migrate, version

# A checkpoint writes changed row groups anew. Few checkpoints and small groups keep what is written
# close to what is added, also for the tables that hold packed pages of 20 kB a row.
_CHECKPOINT = "256MB"
_ROW_GROUP = 16384
_MEMORY = "1GB"
# Windows refuses to replace a file that is open; a reader there is given so long to close it.
_PATIENCE = 30.0


class Workspace:
    """The store at ``path`` and its working copy. ``close`` must be called.

    Raises StoreError where the files cannot be used, and OSError or duckdb.Error when the disk fails.
    """

    def __init__(self, path: Path) -> None:
        """Takes the build lock and makes an empty store when there is none."""
        if path.is_dir():
            raise StoreError(f"{path} is a folder; expected the name of a store's file")
        if not path.parent.is_dir():
            raise StoreError(f"no such folder: {path.parent}")
        self.path = path
        self.working = working_path(path)
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._writes = self._outdated = False
        self.lock = BuildLock(path)
        try:
            self.resumed = self._prepare()
        except BaseException:
            self.lock.release()
            raise

    def _prepare(self) -> bool:
        """Make sure that there is a store; whether a killed build left a working copy to go on from.

        A working copy without a store belongs to a store that somebody has taken away.
        """
        _remove(self._copying)
        if not self.path.exists():
            _remove(self.working)
            with _connect(self.working) as connection:
                migrate(connection)
                connection.execute("CHECKPOINT")
            self._put_in_place(self.working)
            return False
        with open_read_only(self.path) as connection:
            found = version(connection)
        check(found)
        self._outdated = found < max(MIGRATIONS)
        return self.working.exists()

    @property
    def _copying(self) -> Path:
        return self.path.with_name(self.path.name + ".copying")

    @property
    def has_changes(self) -> bool:
        """Whether there is a working copy, made by this build or left by one that was killed, or the
        store is of an older version, so that there has to be one."""
        return self._writes or self._outdated or self.working.exists()

    def reader(self) -> duckdb.DuckDBPyConnection:
        """A connection that sees everything committed so far."""
        if self.has_changes:
            return self.writer()
        if self._connection is None:
            self._connection = open_read_only(self.path)
        return self._connection

    def writer(self) -> duckdb.DuckDBPyConnection:
        """The connection to the working copy, which is made when there is none."""
        if self._connection is not None and self._writes:
            return self._connection
        self._close()
        if not self.working.exists():
            _copy(self.path, self._copying)
            os.replace(self._copying, self.working)
        self._connection = _connect(self.working)
        self._writes = True
        migrate(self._connection)
        self._outdated = False
        return self._connection

    def publish(self, *, last: bool) -> float:
        """Put all that is committed in the store's place; the seconds it took. After the ``last``
        there is no working copy any more."""
        start = time.monotonic()
        self.writer().execute("CHECKPOINT")
        self._close()
        if last:
            self._put_in_place(self.working)
        else:
            _copy(self.working, self._copying)
            self._put_in_place(self._copying)
        return time.monotonic() - start

    def close(self) -> None:
        """Let go of the files; a working copy that was not published stays for the next build."""
        self._close()
        self.lock.release()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._writes = None, False

    def _put_in_place(self, finished: Path) -> None:
        _sync(finished)
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                os.replace(finished, self.path)
                break
            except PermissionError:
                if os.name != "nt" or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        _sync(self.path.parent)


def working_path(store: Path) -> Path:
    """Where the working copy of a store is while it is built."""
    return store.with_name(store.name + ".building")


def open_read_only(store: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a store, as of the last time it was published; a build that goes on
    does not disturb it. Raises StoreError when the file is no DuckDB database or is not there."""
    if not store.is_file():
        raise StoreError(f"no such store: {store}; make one with `dateline build`")
    try:
        return duckdb.connect(str(store), read_only=True)
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise StoreError(f"cannot open {store}: expected a dateline store; {reason}") from None


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection to write ``path`` with, which is made when it is not there."""
    connection = duckdb.connect()
    try:
        connection.execute("SET threads = 1")
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        connection.execute(f"SET temp_directory = {_quoted(Path(f'{path}.tmp'))}")
        connection.execute(f"SET checkpoint_threshold = '{_CHECKPOINT}'")
        connection.execute(f"ATTACH {_quoted(path)} AS corpus (ROW_GROUP_SIZE {_ROW_GROUP})")
        connection.execute("USE corpus")
    except duckdb.Error as error:
        connection.close()
        raise StoreError(f"cannot write {path}: {str(error).partition(chr(10))[0]}") from None
    return connection


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError:
        _remove(target)
        raise


def _remove(path: Path) -> None:
    """Remove a database file and what DuckDB keeps beside it."""
    for name in (path, Path(f"{path}.wal")):
        name.unlink(missing_ok=True)
    shutil.rmtree(f"{path}.tmp", ignore_errors=True)


def _sync(path: Path) -> None:
    """Have the disk hold what was written (a folder: its names)."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
