"""Fuzz target: the loader of the store: rows, archives and packed files. See README.md."""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
from pathlib import Path

import atheris
import zstandard

with atheris.instrument_imports(include=["dateline"]):
    from dateline.store.inputs import FORMATS, InputFile, Options, read_inputs
    from dateline.store.model import InputDone, RawPage

_MEMORY = Path("/dev/shm")
_FOLDER = tempfile.mkdtemp(dir=_MEMORY if _MEMORY.is_dir() else None)
_FILE = Path(_FOLDER) / "input"
# How the bytes are packed before they are read: as they are most often, so that damage is found.
_PACKS = (bytes, bytes, lambda data: gzip.compress(data, 1, mtime=0), zstandard.compress)
_MOST = 32 * 1024 * 1024


def one(data: bytes) -> None:
    """The first byte chooses the format (the last choice looks inside) and the packing."""
    if not data:
        return
    chosen = data[0] % (len(FORMATS) + 1)
    format = FORMATS[chosen] if chosen < len(FORMATS) else None
    _FILE.write_bytes(_PACKS[data[0] >> 6](data[1:]))
    items = list(read_inputs([InputFile(_FILE, format)], Options(), lambda *_: False))
    for item in items:
        if isinstance(item, RawPage):
            check(item)
    ended = [item for item in items if isinstance(item, InputDone)]
    assert len(ended) <= 1, "a file that ends twice"
    if ended:
        assert items[-1] is ended[0], "pages after the end"
        assert ended[0].pages == len(items) - 1, "pages that were not counted"


def check(page: RawPage) -> None:
    assert page.id, page
    assert page.hash, page
    assert page.size <= 4 * _MOST, "larger than a line"
    if page.content is None:
        assert page.reason in {"bad_row", "broken_file", "unreadable"}, page
        assert page.message, page


if __name__ == "__main__":
    try:
        atheris.Setup(sys.argv, one)
        atheris.Fuzz()
    finally:
        os.unlink(_FILE)
