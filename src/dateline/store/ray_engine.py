"""The Ray engine: shards are read on a cluster, and the local store takes their Parquet in.

The stages are those of the local engine; Ray only runs them elsewhere. Workers open the inputs and write
the rows themselves, so nothing but file names and counts goes through this process.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dateline.record.build import record_version
from dateline.store.across import Across
from dateline.store.build import Progress, Watcher
from dateline.store.inputs import (
    InputFile,
    Options,
    check_inputs,
    find_files,
    read_inputs,
    state_of,
)
from dateline.store.local import EngineError, LocalEngine
from dateline.store.model import PageResult, RawPage, Settings
from dateline.store.rows import version_id
from dateline.store.shards import Shard, ShardDone, ShardFolder, plan
from dateline.store.sql import fetch, first
from dateline.store.workspace import Workspace
from dateline.store.writer import Writer, begin_run, end_run, is_across_done, to_arrow

# A shard whose task dies with its worker is given to another so often; then this process reads it,
# in worker processes of its own that single out the page to blame.
_RETRIES = 2


def build_on_ray(
    inputs: Sequence[str],
    store: Path,
    settings: Settings,
    watcher: Watcher,
    *,
    options: Options | None = None,
    jobs: int | None = None,
    parts: str | None = None,
) -> Progress:
    """``dateline.store.build.build`` with the pages read on Ray; the store gets the same rows.

    ``parts`` is the folder of the Parquet, which workers and this process must both reach; it stays.
    None takes a folder beside the store, which is removed when the store has its rows. Raises what
    ``build`` raises, and EngineError.
    """
    check_inputs(inputs)
    options = options or Options()
    workspace = Workspace(store)
    try:
        folder = ShardFolder(parts or str(store.resolve()) + ".parts")
        files = _new_files(workspace.reader(), inputs, options)
        shards = list(plan(files, options, settings))
        for done in read_on_ray(
            [s for s in shards if folder.done(s) is None], folder.address, options, settings, jobs
        ):
            watcher.phase(f"shard {done.shard}: {done.pages:,} pages, {done.failed:,} failed")
        progress = _take_in(workspace, folder, shards, options, settings, jobs)
        _finish(workspace, watcher)
        if parts is None and shards:
            folder.remove()
        return progress
    finally:
        workspace.close()


def _new_files(
    connection: duckdb.DuckDBPyConnection, inputs: Sequence[str], options: Options
) -> Iterator[InputFile]:
    """Files that the store does not have: of many pages, by their state; of one, by the page."""
    for file in find_files(inputs):
        if file.is_stdin:
            raise EngineError("--engine ray cannot read standard input; name files")
        if (options.format or file.format) != "page":
            known = (
                "SELECT 1 FROM inputs WHERE location = ? AND size = ? AND modified = ? "
                "AND settings = ?"
            )
            values: list[Any] = [file.location, *state_of(file), options.key]
        else:
            pages = read_inputs([file], options, lambda *_: False)
            page = next((p for p in pages if isinstance(p, RawPage)), None)
            known, values = "SELECT 1 FROM pages WHERE id = ?", [page.id if page else ""]
        if first(connection, known, values) is None:
            yield file


def _take_in(
    workspace: Workspace,
    folder: ShardFolder,
    shards: Sequence[Shard],
    options: Options,
    settings: Settings,
    jobs: int | None,
) -> Progress:
    """Commit the shards in order, each in one transaction; one that Ray could not read is read here."""
    progress = Progress()
    run: int | None = None
    for shard in shards:
        done = folder.done(shard) or folder.write(
            shard, options, LocalEngine(settings, jobs or 1).read
        )
        connection = workspace.writer()
        if run is None:
            about = f"{len(shards)} shards, {folder.address}"
            run = begin_run(connection, about, "ray", version_id(record_version()))
        tables = _new_rows(connection, dict(folder.tables(shard)))
        Writer(connection, run, again=False).write_tables(tables, done.inputs)
        _count(progress, done, tables.get("pages"))
    if run is not None:
        end_run(workspace.writer(), run, "done")
    return progress


def _count(progress: Progress, done: ShardDone, pages: pa.Table | None) -> None:
    outcomes = [] if pages is None else pages["outcome"].to_pylist()
    progress.pages += len(outcomes)
    progress.articles += outcomes.count("article")
    progress.failed += outcomes.count("failed")
    progress.known += done.pages - len(outcomes)


def _new_rows(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]
) -> dict[str, pa.Table]:
    """The rows of pages that the store does not have."""
    if "pages" not in tables:
        return {}
    query = "SELECT id FROM pages WHERE id IN (SELECT unnest(?))"
    known = pa.array([r[0] for r in fetch(connection, query, [tables["pages"]["id"].to_pylist()])])
    if not len(known):
        return dict(tables)
    new = {
        name: rows.filter(pc.invert(pc.is_in(rows[_page_column(name)], known.cast(pa.string()))))
        for name, rows in tables.items()
        if name not in ("versions", "sources")
    }
    if not new["pages"].num_rows:
        return {}
    return new | {"versions": tables["versions"], "sources": _recounted(tables, new)}


def _recounted(tables: Mapping[str, pa.Table], new: Mapping[str, pa.Table]) -> pa.Table:
    """Outlets of the new articles alone."""
    names: dict[str, str] = {}
    for row in tables["sources"].to_pylist() if "sources" in tables else []:
        names.setdefault(row["id"], row["name"])
    articles = new["articles"]["source"].to_pylist() if "articles" in new else []
    counts = Counter(source for source in articles if source)
    return to_arrow(
        "sources", [{"id": s, "name": names[s], "articles": n} for s, n in counts.items()]
    )


def _page_column(table: str) -> str:
    return {"pages": "id", "articles": "id", "dropped": "page"}.get(table, "article")


def _finish(workspace: Workspace, watcher: Watcher) -> None:
    """Stories and acts, then the finished store; nothing when nothing was new."""
    if not is_across_done(workspace.reader()):
        watcher.phase("grouping copies and merging reports")
        Across().update(workspace.writer())
    if workspace.has_changes:
        watcher.phase("writing the store")
        workspace.publish(last=True)


def read_on_ray(
    shards: Sequence[Shard],
    folder: str,
    options: Options,
    settings: Settings,
    jobs: int | None,
) -> Iterator[ShardDone]:
    """Read shards on the Ray cluster that RAY_ADDRESS names, else on one started here, and write their
    rows to ``folder``; what each gave, as they are done. A shard that Ray could not read is left out.

    ``jobs`` is the number of processes of a cluster started here. Raises EngineError without Ray.
    """
    if not shards:
        return
    ray = _started_ray(jobs)
    task = ray.remote(num_cpus=1, max_retries=_RETRIES)(_read_shard)
    waiting = [task.remote(shard, folder, options, settings) for shard in shards]
    while waiting:
        ready, waiting = ray.wait(waiting, num_returns=1)
        try:
            yield ray.get(ready[0])
        except ray.exceptions.RayError:
            continue


def _started_ray(jobs: int | None) -> Any:
    try:
        import ray
    except ImportError:
        raise EngineError("--engine ray needs Ray: pip install 'dateline[scale]'") from None
    if not ray.is_initialized():
        address = os.environ.get("RAY_ADDRESS")
        cores = None if address else jobs
        os.environ.setdefault("RAY_worker_niceness", "0")  # Ray's 15 starves on a busy machine
        ray.init(
            address=address,
            num_cpus=cores,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    return ray


def _read_shard(shard: Shard, folder: str, options: Options, settings: Settings) -> ShardDone:
    """The stage that Ray runs: a shard to its Parquet."""
    os.environ["DATELINE_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    return ShardFolder(folder).write(shard, options, _Here(settings))


class _Here:
    """Reads pages in this process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self, pages: Iterator[RawPage]) -> Iterator[PageResult]:
        from dateline.store.reading import read_page

        for page in pages:
            yield read_page(page, self._settings)
