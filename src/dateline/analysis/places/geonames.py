"""A full GeoNames dump in one SQLite file: making it, and looking names up in it.

SQLite because it comes with Python, and because what places need is the rows of one name at a time:
a lookup reads those and no others, takes no memory to speak of, and any number of processes can
read the file at once. (DuckDB, which the store uses, is made for reading many rows together.)
"""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from dateline.analysis.places.folding import fold_all

FORMAT = "1"
CLASSES = "PATHLS"
COLUMNS = 19
_BATCH = 20_000
_MOST_ROWS = 400  # of one name: 'San José' has thousands; the most populous are kept
_LONGEST_LINE = 1 << 20
_SCHEMA = """
CREATE TABLE place (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL,
    class TEXT NOT NULL, code TEXT NOT NULL, country TEXT NOT NULL, admin1 TEXT NOT NULL,
    admin2 TEXT NOT NULL, population INTEGER NOT NULL, fame INTEGER NOT NULL
);
CREATE TABLE name (key TEXT NOT NULL, place INTEGER NOT NULL, alternate INTEGER NOT NULL);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_FIND = """
SELECT p.id, p.name, p.lat, p.lon, p.class, p.code, p.country, p.admin1, p.admin2, p.population,
       p.fame, n.alternate
FROM name n JOIN place p ON p.id = n.place WHERE n.key = ?
ORDER BY n.alternate, p.population DESC, p.id LIMIT ?
"""


class GazetteerError(ValueError):
    """A dump or an imported gazetteer cannot be used; the message says which file, what was
    expected and what to try."""


class Feature(NamedTuple):
    """One row of GeoNames. ``feature_class`` and ``code`` are GeoNames' own ('P', 'PPLC');
    ``country`` is ISO 3166-1 alpha-2, '' for none; ``admin1`` and ``admin2`` are GeoNames' codes;
    ``fame`` counts the alternate names; ``alternate`` is True when the name looked up is one of
    them."""

    geonameid: int
    name: str
    lat: float
    lon: float
    feature_class: str
    code: str
    country: str
    admin1: str
    admin2: str
    population: int
    fame: int
    alternate: bool


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: ``places`` kept, ``names`` by which they are found, rows ``passed_over``
    for their feature class, and ``unreadable`` ones."""

    path: Path
    places: int
    names: int
    passed_over: int
    unreadable: int
    version: str


class _Row(NamedTuple):
    place: tuple[int, str, float, float, str, str, str, str, str, int, int]
    names: list[str]
    changed: str


def import_dump(
    source: Path, to: Path, *, progress: Callable[[int], None] | None = None
) -> Imported:
    """Read a GeoNames dump (``allCountries.txt``, a country's file, or the zip of one) into ``to``.

    The file appears complete or not at all: it is written beside its place under another name and
    moved there at the end. Memory stays flat. ``progress`` is called with the number of rows read,
    now and then. Raises GazetteerError when ``source`` is no such dump or ``to`` cannot be written.
    """
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=f"{to.name}.", suffix=".part")
        os.close(handle)
    except OSError as error:
        raise GazetteerError(f"{to}: cannot be written ({error.strerror}); choose --to") from None
    part = Path(name)
    try:
        done = _fill(part, source, to, progress)
        os.replace(part, to)
    except (sqlite3.Error, OSError) as error:
        raise GazetteerError(f"{to}: the import stopped ({error}); nothing was changed") from None
    finally:
        part.unlink(missing_ok=True)
    return done


def _fill(part: Path, source: Path, to: Path, progress: Callable[[int], None] | None) -> Imported:
    reader = _Reader(source)
    with closing(sqlite3.connect(part)) as store:
        store.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        for batch in _batches(reader.rows()):
            _insert(store, batch)
            if progress is not None:
                progress(reader.read)
        if not reader.kept:
            raise GazetteerError(f"{source}: no place in it; a GeoNames dump is expected")
        store.execute("CREATE INDEX name_key ON name (key, place, alternate)")
        version = f"{source.name} of {reader.newest or 'unknown date'}, {reader.digest()}"
        names = store.execute("SELECT count(*) FROM name").fetchone()[0]
        meta = {"format": FORMAT, "version": version, "places": str(reader.kept)}
        store.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        store.commit()
    return Imported(to, reader.kept, names, reader.passed_over, reader.unreadable, version)


def _batches(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _insert(store: sqlite3.Connection, batch: list[_Row]) -> None:
    places = ",".join("?" * len(batch[0].place))
    store.executemany(f"INSERT OR REPLACE INTO place VALUES ({places})", [r.place for r in batch])
    flat = [(name, row.place[0], i > 0) for row in batch for i, name in enumerate(row.names)]
    keys = fold_all([name for name, _, _ in flat])
    seen = dict[tuple[str, int], bool]()
    for key, (_, place, alternate) in zip(keys, flat, strict=True):
        if key:
            seen.setdefault((key, place), alternate)
    store.executemany(
        "INSERT INTO name VALUES (?, ?, ?)", [(k, place, a) for (k, place), a in seen.items()]
    )


class _Reader:
    """The rows of a dump, with counts of what was read and a digest of all of it."""

    def __init__(self, source: Path) -> None:
        self.read = self.kept = self.passed_over = self.unreadable = 0
        self.newest = ""
        self._source = source
        self._hash = hashlib.sha256()

    def digest(self) -> str:
        """The first twelve digits of the SHA-256 of the dump's text."""
        return f"sha256 {self._hash.hexdigest()[:12]}"

    def rows(self) -> Iterator[_Row]:
        """Rows of the classes kept. Raises GazetteerError when the file is no dump."""
        with _opened(self._source) as stream:
            while line := stream.readline(_LONGEST_LINE):
                self._hash.update(line)
                if line.strip():
                    yield from self._row(line)

    def _row(self, line: bytes) -> Iterator[_Row]:
        self.read += 1
        fields = line.decode("utf-8", errors="replace").rstrip("\r\n").split("\t")
        if len(fields) != COLUMNS and not self.kept + self.passed_over:
            raise GazetteerError(
                f"{self._source}: expected {COLUMNS} columns separated by tabs, as in GeoNames' "
                f"allCountries.txt, found {len(fields)} in row {self.read}"
            )
        if len(fields) == COLUMNS and fields[6] and fields[6] not in CLASSES:
            self.passed_over += 1
            return
        row = _parsed(fields)
        if row is None:
            self.unreadable += 1
            return
        self.kept += 1
        self.newest = max(self.newest, row.changed)
        yield row


def _parsed(fields: list[str]) -> _Row | None:
    """One row of the dump; None when it lacks a name, a class or a position on the globe."""
    try:
        number, lat, lon = int(fields[0]), float(fields[4]), float(fields[5])
        population = int(fields[14] or 0)
    except (ValueError, IndexError):
        return None
    on_globe = -90 <= lat <= 90 and -180 <= lon <= 180
    if len(fields) != COLUMNS or not fields[1] or not fields[6] or not on_globe:
        return None
    alternates = [name for name in fields[3].split(",") if name]
    place = (
        number, fields[1], lat, lon, fields[6], fields[7], fields[8], fields[10], fields[11],
        max(0, population), len(alternates),
    )  # fmt: skip
    # dateline reads English: names in other scripts would double the file and never be asked for.
    latin = [name for name in (fields[2], *alternates) if name and _is_latin(name)]
    return _Row(place, [fields[1], *latin], fields[18])


def _is_latin(name: str) -> bool:
    return name.isascii() or all(ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00 for char in name)


@contextmanager
def _opened(source: Path) -> Iterator[IO[bytes]]:
    """The dump's bytes, out of its zip if it is in one."""
    try:
        if not zipfile.is_zipfile(source):
            with source.open("rb") as stream:
                yield stream
            return
        with zipfile.ZipFile(source) as archive, archive.open(_member(archive, source)) as stream:
            yield io.BufferedReader(stream)  # type: ignore[type-var]
    except (OSError, zipfile.BadZipFile) as error:
        raise GazetteerError(
            f"{source}: cannot be read ({error}); a GeoNames dump is expected"
        ) from None


def _member(archive: zipfile.ZipFile, source: Path) -> str:
    tables = [n for n in archive.namelist() if n.endswith(".txt") and "readme" not in n.lower()]
    if len(tables) != 1:
        raise GazetteerError(
            f"{source}: expected one table (.txt) in the zip, found {len(tables)}; unpack it and "
            "give the table"
        )
    return tables[0]


class Gazetteer:
    """An imported dump. Raises GazetteerError when ``path`` holds none, or one of another format."""

    def __init__(self, path: Path) -> None:
        self.path = path
        rows = self._rows("SELECT key, value FROM meta", ())
        meta = {str(key): str(value) for key, value in rows}
        if meta.get("format") != FORMAT:
            raise GazetteerError(
                f"{path}: expected a gazetteer of format {FORMAT}, found {meta.get('format')}; "
                "import the dump again"
            )
        self.version, self.places = meta["version"], int(meta["places"])
        self.find = lru_cache(maxsize=1 << 14)(self._find)

    def _find(self, key: str) -> tuple[Feature, ...]:
        """The places called by the folded name ``key``: own names first, the most populous first."""
        seen = dict[int, Feature]()
        for row in self._rows(_FIND, (key, _MOST_ROWS)):
            seen.setdefault(int(str(row[0])), Feature._make((*row[:-1], bool(row[-1]))))
        return tuple(seen.values())

    def _rows(self, query: str, values: Iterable[object]) -> list[tuple[object, ...]]:
        try:
            return _connection(self.path, os.getpid()).execute(query, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise GazetteerError(
                f"{self.path}: cannot be read as a gazetteer ({error}); make it with "
                "'dateline gazetteer import'"
            ) from None


@lru_cache(maxsize=4)
def _connection(path: Path, process: int) -> sqlite3.Connection:
    """A connection of this process's own: SQLite's must not be carried across a fork."""
    uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)
