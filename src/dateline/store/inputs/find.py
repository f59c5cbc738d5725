"""Which files an input means: a file, a folder, a pattern or standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from dateline.store.inputs.model import Format, InputError, InputFile

STDIN = "-"
COMPRESSED = (".gz", ".zst")
_FORMATS: dict[str, Format] = {
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".shtml": "page",
    ".txt": "page",
    ".text": "page",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".warc": "warc",
}


def find_files(inputs: Iterable[str]) -> Iterator[InputFile]:
    """The files of the inputs, in the order of the inputs and by name inside a folder or pattern;
    a file meant twice is given once.

    From folders only files of a known kind are taken; hidden ones and links to folders are left.
    Raises InputError for an input that is not there.
    """
    seen: set[str] = set()
    for name in inputs:
        for file in _files_of(name):
            if file.location not in seen:
                seen.add(file.location)
                yield file


def check_inputs(inputs: Iterable[str]) -> None:
    """Raise InputError when an input is not there, before any is read."""
    for name in inputs:
        next(_files_of(name), None)


def _files_of(name: str) -> Iterator[InputFile]:
    if name == STDIN:
        yield InputFile(None)
        return
    if "://" in name:
        yield from _remote_files(name)
        return
    path = Path(name)
    try:
        if path.is_dir():
            yield from _folder(path)
            return
        if path.exists():
            yield InputFile(path, format_of(path))
            return
        matches = sorted(glob.glob(name, recursive=True))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {name}: {error}") from None
    if not matches:
        raise InputError(f"no such file, folder or pattern: {name}")
    yield from (InputFile(Path(m), format_of(Path(m))) for m in matches if not os.path.isdir(m))


def _remote_files(name: str) -> Iterator[InputFile]:
    """Files of an object store: an address, a folder or a pattern ('s3://bucket/news/*.warc.gz')."""
    if name.lower().startswith(("http://", "https://")):
        raise InputError(f"cannot build from {name}: save its pages with `dateline fetch` first")
    try:
        import fsspec

        system, path = fsspec.core.url_to_fs(name)
        folder = f"{path.rstrip('/')}/**" if system.isdir(path) else path
        found = sorted(p for p in system.glob(folder) if not system.isdir(p))
    except ImportError as error:
        raise InputError(
            f"cannot read {name}: {error}. Install dateline[scale] and what fsspec needs for it"
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {name}: {error}") from None
    if not found:
        raise InputError(f"no such file, folder or pattern: {name}")
    for path in found:
        yield InputFile(None, format_of(Path(path)), url=system.unstrip_protocol(path))


def _folder(folder: Path) -> Iterator[InputFile]:
    """Files of known kinds under a folder, in order of their paths; never more than the names of one
    folder in memory."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _folder(path)
        elif entry.is_file() and format_of(path) is not None:
            yield InputFile(path, format_of(path))


def format_of(path: Path) -> Format | None:
    """The format that a file's name tells, or None."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return _FORMATS.get(suffixes[-1]) if suffixes else None
