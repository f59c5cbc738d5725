"""Writing exports. A file is there whole or not at all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, get_args

from dateline.export import corrections, gdelt, plover, polecat
from dateline.export.cells import cell, one_line
from dateline.store.aggregates import HAPPENED
from dateline.store.filters import Filters, QueryError
from dateline.store.queries import KINDS, What, select

if TYPE_CHECKING:
    from dateline.store.corpus import Corpus

Format = Literal["gdelt", "polecat", "plover", "parquet", "jsonl", "csv", "corrections"]
FORMATS: tuple[Format, ...] = get_args(Format)
# Formats with a file for each kind of row.
_BY_KIND = frozenset({"parquet", "jsonl", "csv"})


def export(
    corpus: Corpus,
    format: Format,
    folder: Path,
    filters: Filters | None = None,
    *,
    what: Sequence[What] = KINDS,
) -> list[Path]:
    """Write what meets ``filters`` to files in ``folder``, which is made; the paths written.

    ``what`` holds for parquet, jsonl and csv. GDELT and POLECAT have no column for status: without a
    condition on it they get what has happened or goes on. Corrections take no condition. Raises
    OSError, and QueryError for a condition that a kind does not have.
    """
    filters = filters or Filters()
    if format == "corrections" and filters.used():
        raise QueryError(f"{', '.join(filters.used())}: not a condition on corrections")
    if format in ("gdelt", "polecat") and not filters.status:
        filters = replace(filters, status=HAPPENED)
    queries = [(kind, select(kind, filters)) for kind in what] if format in _BY_KIND else []
    folder.mkdir(parents=True, exist_ok=True)
    if format in _BY_KIND:
        writer = _KIND_WRITERS[format]
        return [writer(corpus, query, folder / f"{kind}.{format}") for kind, query in queries]
    return _EVENT_WRITERS[format](corpus, filters, folder)


def _gdelt(corpus: Corpus, filters: Filters, folder: Path) -> list[Path]:
    events, mentions = folder / "dateline.export.CSV", folder / "dateline.mentions.CSV"
    _write_tabs(events, gdelt.event_rows(corpus, filters))
    _write_tabs(mentions, gdelt.mention_rows(corpus, filters))
    return [events, mentions]


def _polecat(corpus: Corpus, filters: Filters, folder: Path) -> list[Path]:
    path = folder / "dateline.polecat.tsv"
    _write_tabs(path, polecat.rows(corpus, filters), header=polecat.COLUMNS)
    return [path]


def _plover(corpus: Corpus, filters: Filters, folder: Path) -> list[Path]:
    path = folder / "dateline.plover.jsonl"
    _write_objects(path, plover.objects(corpus, filters))
    return [path]


def _corrections(corpus: Corpus, filters: Filters, folder: Path) -> list[Path]:
    path = folder / "dateline.corrections.jsonl"
    _write_objects(path, corrections.examples(corpus))
    return [path]


def _jsonl(corpus: Corpus, query: Any, path: Path) -> Path:
    _write_objects(path, corpus.stream(query))
    return path


def _csv(corpus: Corpus, query: Any, path: Path) -> Path:
    with _whole(path) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(corpus.columns(query))
        writer.writerows([cell(value) for value in row.values()] for row in corpus.stream(query))
    return path


def _parquet(corpus: Corpus, query: Any, path: Path) -> Path:
    part = _part(path)
    try:
        corpus.write_parquet(query, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


_KIND_WRITERS: dict[str, Callable[[Corpus, Any, Path], Path]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
}
_EVENT_WRITERS: dict[str, Callable[[Corpus, Filters, Path], list[Path]]] = {
    "gdelt": _gdelt,
    "polecat": _polecat,
    "plover": _plover,
    "corrections": _corrections,
}


def _write_tabs(path: Path, rows: Iterable[list[str]], header: Sequence[str] = ()) -> None:
    """Rows between tabs without quoting, which readers of these files do not expect: a cell holds no
    tab, line end or double quotation mark."""
    with _whole(path) as stream:
        if header:
            stream.write("\t".join(header) + "\n")
        for row in rows:
            stream.write("\t".join(one_line(value).replace('"', "'") for value in row) + "\n")


def _write_objects(path: Path, objects: Iterable[dict[str, Any]]) -> None:
    with _whole(path) as stream:
        for item in objects:
            stream.write(json.dumps(item, ensure_ascii=False, default=date.isoformat) + "\n")


@contextmanager
def _whole(path: Path) -> Iterator[IO[str]]:
    """A file to write to that takes its place when all is written."""
    part = _part(path)
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")
