"""All pages of the inputs, one after the other; never more than one in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from dateline.page.decode import MAX_BYTES
from dateline.store.ids import hash_of
from dateline.store.inputs.model import Format, InputFile, Items, Options
from dateline.store.inputs.rows import csv_rows, json_lines
from dateline.store.inputs.streams import PEEK, BrokenStream, Source
from dateline.store.inputs.warc import warc_pages
from dateline.store.model import InputDone, RawPage

SIDECAR_SUFFIX = ".meta.json"
Pages = Iterator[RawPage | None]
# Whether a file with these contents (location, size, modified, settings) was read to its end before.
Known = Callable[[str, int, int, str], bool]


class Meter:
    """How far the reading has come: ``files`` and ``bytes``, as they are on the disk, that are done."""

    def __init__(self) -> None:
        self.files = self.bytes = 0
        self._source: Source | None = None

    def position(self) -> int:
        """Bytes read, those of the file at hand included."""
        return self.bytes + (self._source.position() if self._source else 0)

    @contextmanager
    def reading(self, source: Source, size: int) -> Iterator[None]:
        """Count ``source`` while it is read, and its whole size after."""
        self._source = source
        try:
            yield
        finally:
            self._source = None
            self.count(size)

    def count(self, size: int) -> None:
        """Count a file as done."""
        self.files += 1
        self.bytes += size


def read_inputs(
    files: Iterable[InputFile], options: Options, known: Known, meter: Meter | None = None
) -> Items:
    """Pages of the files in order; after the last page of a file that holds many, an InputDone.

    A file for which ``known`` is true is skipped. One that cannot be read is a failed page.
    """
    meter = meter or Meter()
    for file in files:
        try:
            yield from _read(file, options, known, meter)
        except OSError as error:
            yield _unreadable(file, error.strerror or str(error))


def _read(file: InputFile, options: Options, known: Known, meter: Meter) -> Items:
    size, modified = state_of(file)
    if not file.is_stdin and known(file.location, size, modified, options.key):
        meter.count(size)
        return
    with Source(file) as source, meter.reading(source, size):
        format = options.format or file.format or _format_inside(source.stream)
        if format == "page":
            yield from _one_page(source.stream, file)
            return
        pages = skipped = 0
        for page in _many(source.stream, file, format, options):
            pages += page is not None
            skipped += page is None
            if page is not None:
                yield page
    if not file.is_stdin:
        yield InputDone(file.location, size, modified, options.key, pages, skipped)


def state_of(file: InputFile) -> tuple[int, int]:
    """Bytes of a file, and a number that changes when it does: its time in nanoseconds, or what an
    object store tells instead. Zeros for standard input."""
    if file.path is not None:
        found = file.path.stat()
        return found.st_size, found.st_mtime_ns
    if file.url is None:
        return 0, 0
    import fsspec

    system, path = fsspec.core.url_to_fs(file.url)
    return int(system.info(path)["size"]), int(hash_of(str(system.ukey(path)))[:15], 16)


def _format_inside(stream: IO[bytes]) -> Format:
    """The format that the first bytes tell."""
    try:
        start: bytes = stream.peek(PEEK)[:PEEK]  # type: ignore[attr-defined]
    except BrokenStream:
        return "page"
    if start.startswith(b"WARC/"):
        return "warc"
    return "jsonl" if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b'{"') else "page"


def _one_page(stream: IO[bytes], file: InputFile) -> Iterator[RawPage]:
    try:
        content = stream.read(MAX_BYTES + 1)
    except BrokenStream as error:
        yield _unreadable(file, f"a damaged packed file ({error})")
        return
    yield RawPage(file.location, content, **_sidecar(file.path))


def _sidecar(path: Path | None) -> dict[str, Any]:
    """What `dateline fetch` wrote beside a page of where it came from; empty when there is none."""
    if path is None:
        return {}
    try:
        facts = json.loads(path.with_suffix(SIDECAR_SUFFIX).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(facts, dict):
        return {}
    named = {name: facts.get(name) for name in ("url", "published", "title")}
    return {n: v for n, v in named.items() if isinstance(v, str) and v} | {"hints": True}


def _many(stream: IO[bytes], file: InputFile, format: Format, options: Options) -> Pages:
    """Pages of a file that holds many; damage in a packed file is its last, failed page."""
    try:
        if format == "warc":
            yield from warc_pages(stream, file.location)
        elif format == "jsonl":
            yield from json_lines(stream, file.location, options)
        else:
            yield from csv_rows(stream, file.location, options, "\t" if format == "tsv" else ",")
    except BrokenStream as error:
        yield RawPage(
            file.location,
            None,
            "end",
            reason="broken_file",
            message=f"Expected a whole packed file at {file.location}; found damage ({error}). Fetch "
            "the file again; the pages before the damage were read.",
            mark=f"broken {state_of(file)}",
        )


def _unreadable(file: InputFile, found: str) -> RawPage:
    return RawPage(
        file.location,
        None,
        reason="unreadable",
        message=f"Expected a readable file at {file.location}; found: {found}.",
        mark=found,
    )
