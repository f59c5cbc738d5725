"""Shards: inputs in pieces that are read anywhere and come back as partitioned Parquet.

``FOLDER/events/SHARD.parquet`` holds a shard's rows of ``events``, and so for each table;
``FOLDER/done/SHARD.json``, written last, says that they are complete. A shard that was broken off is
read anew under the same name, so nothing is there twice. FOLDER is any address that fsspec opens.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from dateline.store.ids import hash_of
from dateline.store.inputs import InputFile, Options, read_inputs, state_of
from dateline.store.model import InputDone, PageResult, RawPage, Rows, Settings
from dateline.store.schema import arrow_schemas
from dateline.store.writer import to_arrow

# Files of one page each that are read together, and pages whose rows are written together.
_PAGES = 100

Read = Callable[[Iterator[RawPage]], Iterator[PageResult]]


@dataclass(frozen=True, slots=True)
class Shard:
    """Files that are read together. ``name`` changes when a file, the options or the settings do, and
    sorts as the shards stand in the inputs."""

    name: str
    files: tuple[InputFile, ...]


@dataclass(frozen=True, slots=True)
class ShardDone:
    """What a shard gave: pages, articles and failed pages, and the files of many pages in it."""

    shard: str
    pages: int
    articles: int
    failed: int
    inputs: tuple[InputDone, ...]


def plan(files: Iterable[InputFile], options: Options, settings: Settings) -> Iterator[Shard]:
    """The shards of files: one for a file of many pages, one for every hundred files of one page."""
    single: list[InputFile] = []
    number = 0
    for file in files:
        if (options.format or file.format) == "page":
            single.append(file)
            if len(single) < _PAGES:
                continue
            group, single = single, []
        else:
            group = [file]
        yield _shard(number, group, options, settings)
        number += 1
    if single:
        yield _shard(number, single, options, settings)


def _shard(number: int, files: Sequence[InputFile], options: Options, settings: Settings) -> Shard:
    about = [f"{file.location} {state_of(file)}" for file in files]
    key = hash_of(options.key, repr(asdict(settings)), *about)
    return Shard(f"{number:08}-{key}", tuple(files))


class ShardFolder:
    """The folder that the rows of shards are written to."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._system, self._root = fsspec.core.url_to_fs(address)

    def done(self, shard: Shard) -> ShardDone | None:
        """What a shard gave; None when it is not complete."""
        path = f"{self._root}/done/{shard.name}.json"
        if not self._system.exists(path):
            return None
        found = json.loads(self._system.cat_file(path))
        found["inputs"] = tuple(InputDone(**one) for one in found["inputs"])
        return ShardDone(**found)

    def write(self, shard: Shard, options: Options, read: Read) -> ShardDone:
        """Read a shard's pages and write their rows; never more than a hundred pages in memory."""
        inputs: list[InputDone] = []
        counts = {"article": 0, "no_story": 0, "failed": 0}
        with ExitStack() as stack:
            writers: dict[str, pq.ParquetWriter] = {}
            for results in _groups(read(_pages(shard, options, inputs))):
                for result in results:
                    counts[result.outcome] += 1
                for table, rows in _by_table(results).items():
                    if table not in writers:
                        writers[table] = stack.enter_context(self._writer(table, shard))
                    writers[table].write_table(to_arrow(table, rows))
        done = ShardDone(
            shard.name, sum(counts.values()), counts["article"], counts["failed"], tuple(inputs)
        )
        self._mark_done(done)
        return done

    def tables(self, shard: Shard) -> Iterator[tuple[str, pa.Table]]:
        """The rows of a complete shard by table."""
        for table in arrow_schemas():
            path = f"{self._root}/{table}/{shard.name}.parquet"
            if self._system.exists(path):
                with self._system.open(path, "rb") as stream:
                    yield table, pq.read_table(stream)

    def remove(self) -> None:
        """Delete the folder and all that is in it."""
        self._system.rm(self._root, recursive=True)

    def _writer(self, table: str, shard: Shard) -> pq.ParquetWriter:
        self._system.makedirs(f"{self._root}/{table}", exist_ok=True)
        path = f"{self._root}/{table}/{shard.name}.parquet"
        return pq.ParquetWriter(path, arrow_schemas()[table], filesystem=self._system)

    def _mark_done(self, done: ShardDone) -> None:
        self._system.makedirs(f"{self._root}/done", exist_ok=True)
        path = f"{self._root}/done/{done.shard}.json"
        self._system.pipe_file(f"{path}.part", json.dumps(asdict(done)).encode())
        self._system.mv(f"{path}.part", path)


def _pages(shard: Shard, options: Options, inputs: list[InputDone]) -> Iterator[RawPage]:
    """The pages of a shard, each once; its finished inputs are put into ``inputs``."""
    seen: set[str] = set()
    for item in read_inputs(shard.files, options, lambda *_: False):
        if isinstance(item, InputDone):
            inputs.append(item)
        elif item.id not in seen:
            seen.add(item.id)
            yield item


def _groups(results: Iterator[PageResult]) -> Iterator[list[PageResult]]:
    group: list[PageResult] = []
    for result in results:
        group.append(result)
        if len(group) >= _PAGES:
            yield group
            group = []
    if group:
        yield group


def _by_table(results: Sequence[PageResult]) -> Rows:
    rows: Rows = {}
    for result in results:
        for table, listed in result.rows.items():
            rows.setdefault(table, []).extend(listed)
    return {table: listed for table, listed in rows.items() if listed}
